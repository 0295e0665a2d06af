export { BarExchange, type BarFill, type BarOrder, type BarPrices } from './bar-exchange.ts'
export type {
  AmendedTerms,
  ExchangeFill,
  ExchangeModel,
  ExchangeOrder,
  ExchangeReports,
  PriceWatch,
} from './exchange.ts'
export {
  EXCHANGE_NAMES,
  parseExchange,
  type ExchangeName,
  type ExchangeSetup,
} from './exchange-models.ts'
export { makerTakerFees, parseFees, type FeeModel, type MakerTakerRates } from './fee-model.ts'
export { constantLatency, parseLatency, type LatencyModel } from './latency-model.ts'
export { recordedLatency, type RoundTrip } from './recorded-latency.ts'
export { NoPartialExchange } from './no-partial-exchange.ts'
export {
  QUEUE_MODEL_NAMES,
  parseQueueModel,
  powerProbQueue,
  riskAverseQueue,
  type QueueModel,
} from './queue-model.ts'
