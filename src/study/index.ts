export {
  crossDown,
  crossDownBatch,
  crossOver,
  crossOverBatch,
  crossUp,
  crossUpBatch,
} from './indicator/cross.ts'
export { highest, highestBatch, lowest, lowestBatch } from './indicator/extremes.ts'
export { ema, emaBatch, sma, smaBatch } from './indicator/moving-average.ts'
export { RollingMax, RollingMin, RollingSum } from './indicator/rolling.ts'
export { foldBatch, foldLine, type Fold } from './line/fold.ts'
export { DerivedLine, Line, LineClock, OperatorLine, SourceLine } from './line/line.ts'
export {
  add,
  delayed,
  div,
  eq,
  ge,
  gt,
  le,
  lt,
  mul,
  sub,
  type LineOperator,
} from './line/operators.ts'
export {
  BookResiliency,
  type BookResiliencyOptions,
  type Resiliency,
} from './depth/book-resiliency.ts'
export { bookSlope, type BookSlope } from './depth/book-slope.ts'
export { imbalanceByDistance, imbalanceByLevel } from './depth/decayed-imbalance.ts'
export { depthCurve, type DepthCurve, type DepthLimit } from './depth/depth-curve.ts'
export { sizeUntilPrice, vwapToFill, type DepthFill, type VwapFill } from './depth/fill-price.ts'
export { levelGaps } from './depth/level-gaps.ts'
export { liquidityWithinBps, type BookLiquidity, type StandingDepth } from './depth/liquidity.ts'
export type { Recovery } from './depth/recovery-times.ts'
export { sizeForCostBps, sweepCost, type SweepCost } from './depth/sweep-cost.ts'
export { depthWeightedSpread, weightedMid } from './depth/weighted-mid.ts'
export { IntensityFit, type Intensity, type IntensityFitOptions } from './estimate/intensity.ts'
export { RollingVolatility, type RollingVolatilityOptions } from './estimate/volatility.ts'
export {
  averageSpread,
  infiniteHorizonDiscount,
  infiniteHorizonReservationAsk,
  infiniteHorizonReservationBid,
  intensityMargin,
  optimalSpread,
  reservationAsk,
  reservationBid,
  reservationPrice,
} from './market-making/avellaneda-stoikov.ts'
