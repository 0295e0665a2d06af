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
