export { BarExchange, type BarFill, type BarOrder, type BarPrices } from './bar-exchange.ts'
export type {
  AmendedTerms,
  CoreOrderType,
  CoreTimeInForce,
  ExchangeFill,
  ExchangeModel,
  ExchangeOrder,
  ExchangeReports,
  OwnResting,
  PriceWatch,
} from './exchange.ts'
export {
  DEFAULT_EXCHANGE,
  EXCHANGE_NAMES,
  parseExchange,
  type ExchangeName,
} from './exchange-models.ts'
export type { ExchangeSetup } from './exchange-setup.ts'
export {
  makerTakerFees,
  sumOfFees,
  type FeeFill,
  type FeeMeter,
  type FeeModel,
  type MakerTakerRates,
} from './fees/fee-model.ts'
export { ruleFees, type FeeRule, type OrderBounds } from './fees/fee-rules.ts'
export { parseFees } from './fees/fee-text.ts'
export { tieredFees, type FeeTier, type FeeTierTable } from './fees/fee-tiers.ts'
export {
  REQUEST_KINDS,
  constantLatency,
  type LatencyModel,
  type LatencyRun,
  type RequestKind,
} from './latency-model.ts'
export { type Delay, type DelayAt } from './latency/delay.ts'
export {
  perRequestLatency,
  sampledLatency,
  type DelayLike,
  type PerRequestLatencyOptions,
  type SampledLatencyOptions,
} from './latency/delay-latency.ts'
export { EventRate, eventRate } from './latency/event-rate.ts'
export { loadDelay, type LoadOptions } from './latency/load-delay.ts'
export { LATENCY_FORMS, parseDelay, parseLatency } from './latency/parse-latency.ts'
export { recordedLatencyCsv } from './latency/recorded-csv.ts'
export {
  gammaDelay,
  lognormalDelay,
  quantileDelay,
  type DelayBounds,
  type DelayQuantile,
  type GammaOptions,
  type LognormalOptions,
} from './latency/sampled-delay.ts'
export { parseRateLimit } from './rate-limit/parse-rate-limit.ts'
export {
  RateGate,
  rateLimit,
  type RateLimit,
  type RateLimitOptions,
  type RateRule,
} from './rate-limit/rate-limit.ts'
export { recordedLatency, type RoundTrip } from './recorded-latency.ts'
export { L3Exchange, type L3ExchangeOptions } from './l3-exchange.ts'
export { NoPartialExchange } from './no-partial-exchange.ts'
export { exponentialImpact, powerImpact, type ImpactKernel } from './impact/impact-kernel.ts'
export { PARTIAL_FORM, partialExchange, type PartialOptions } from './partial-setup.ts'
export { firstLoudRow } from './quiet-rows.kernel.ts'
export {
  DEFAULT_QUEUE,
  QUEUE_MODEL_NAMES,
  fairPowerProbQueue,
  parseQueueModel,
  powerProbQueue,
  riskAverseQueue,
  type QueueModel,
} from './queue-model.ts'
export {
  fitQueueExponent,
  type QueueFit,
  type QueueFitOptions,
} from './queue-calibration/fit-exponent.ts'
export { fitExponentToSplits, type QueueSplit } from './queue-calibration/fit-splits.ts'
export {
  PathStep,
  endSteps,
  type EndSteps,
  type LevelPath,
  type QueueObservation,
} from './queue-calibration/level-path.ts'
export {
  observeOrders,
  type ObserveOptions,
  type RestingOrderFate,
} from './queue-calibration/observe-orders.ts'
export {
  observeQueue,
  type NewQueueOrder,
  type QueueObserveOptions,
} from './queue-calibration/observe-queue.ts'
export { observeSplits, type SplitOptions } from './queue-calibration/observe-splits.ts'
export {
  POWER_FAMILIES,
  type ExponentFit,
  type PowerFamily,
} from './queue-calibration/power-exponent.ts'
export {
  NO_STEP,
  forecastFill,
  predictFill,
  type FillForecast,
  type FilterOptions,
} from './queue-calibration/predict-fill.ts'
export {
  reliability,
  type Forecast,
  type Reliability,
  type ReliabilityBin,
} from './queue-calibration/reliability.ts'
export { ClearedCore, type Clearer, type FundingRow } from './clearing/cleared-core.ts'
export { ClearingHouse } from './clearing/clearing-house.ts'
export type {
  ClearedDesk,
  ClearedLane,
  ClearingOptions,
  ForcedOrder,
  FundingPaid,
  LaneTerms,
  LiquidationRecord,
} from './clearing/clearing-types.ts'
export type { LaneFunding } from './clearing/lane-calendar.ts'
export { Gateway, type GatewayParts } from './gateway/gateway.ts'
export { TickTable } from './gateway/tick-table.ts'
export type {
  TriggeredTerms,
  VenueAmendment,
  VenueOrder,
  VenueReports,
} from './gateway/venue-order.ts'
export { parseVenueRules, rulesText, type VenueRules } from './gateway/venue-rules.ts'
