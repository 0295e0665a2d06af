export {
  DataError,
  ERROR_CODES,
  InvariantError,
  LobtraderError,
  assert,
  ensureNever,
  type DataPlace,
  type ErrorCode,
  type ErrorContext,
} from './errors.ts'
export { readCall, splitOutside, type CallText } from './call-text.ts'
export {
  POWERS_OF_TEN,
  decimalText,
  decimalToNumber,
  mantissaAt,
  parseDecimal,
  type Decimal,
} from './decimal.ts'
export { ExactSum, exactSum } from './exact-sum.ts'
export { bootstrapMean, percentiles, wilsonInterval, type Interval } from './intervals.ts'
export { objectList } from './object-list.ts'
export { Kernel, type GrowingKernel, type LinearMemory, type RunningKernel } from './kernel.ts'
export { didYouMean, editDistance, nearestName } from './nearest-name.ts'
export { normalQuantile } from './normal-quantile.ts'
export { PagedList } from './paged-list.ts'
export { Prng } from './prng.ts'
export { RingBuffer } from './ring-buffer.ts'
export type { Lots, Ticks, TimeNs, Unit } from './units.ts'
