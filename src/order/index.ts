export { Order, mayBecome, type ForcedReason, type OrderRequest } from './order.ts'
export {
  ORDER_STATUSES,
  ORDER_TYPES,
  TIMES_IN_FORCE,
  type OrderStatus,
  type OrderType,
  type TimeInForce,
} from './order-types.ts'
export { Position } from './position.ts'
export { Account, MARGIN_MODES, type MarginMode } from './account/account.ts'
export { CurrencyMarks } from './account/currency-marks.ts'
export {
  fundingPayment,
  fundingSchedule,
  parseFundingCsv,
  type FundingPoint,
  type FundingTime,
} from './account/funding.ts'
export type { AccountHolding, OrderChange, WorkingOrder } from './account/holding.ts'
export { LeverageBrackets, type LeverageBracket } from './account/leverage-brackets.ts'
export {
  MarginPool,
  bankruptcyTicks,
  marginPools,
  nextLiquidation,
  watchPrice,
  type Liquidation,
} from './account/liquidation.ts'
export { MarginTerms, type MarginOptions } from './account/margin-terms.ts'
