/** The public API of lobtrader. */
export {
  DataError,
  ERROR_CODES,
  LobtraderError,
  Prng,
  RingBuffer,
  type ErrorCode,
} from './core/index.ts'
export {
  HighPrecisionClock,
  ManualClock,
  TimeZone,
  type Duration,
  type Instant,
  type PacingClock,
} from './time/index.ts'
export {
  EventKind,
  Instrument,
  TradingCalendar,
  alwaysOpenCalendar,
  cffexCalendar,
  globexCalendar,
  haltsOf,
  nasdaqCalendar,
  type BarColumns,
  type CalendarSpec,
  type EventColumns,
  type Halt,
  type InstrumentSpec,
  type MarketPhase,
  type OrderBookLevel,
  type OrderBookSnapshot,
  type QuoteColumns,
  type Side,
  type Tick,
  type TradeColumns,
  type TradingSession,
} from './market/index.ts'
export { OrderBook, OrderBookL3, OrderBookManager, type BookStatus } from './book/index.ts'
export { openStore, type PartitionInfo, type Store } from './store/index.ts'
export {
  CsvBars,
  LobFeed,
  ReplayFeed,
  TickFeed,
  businessTimeBars,
  importCapture,
  leeReady,
  matchTradesQuotes,
  mergeFeeds,
  resample,
  resampleBars,
  simulateMarket,
  tickRule,
  tradeSides,
  type BarFeed,
  type BarOptions,
  type BarRule,
  type MergeBatch,
  type MergedFeed,
  type ReplayBatch,
  type ReplayOptions,
  type ResampleOptions,
  type TickFilter,
  type Timeframe,
} from './feed/index.ts'
export * from './study/index.ts'
export {
  Order,
  Position,
  type OrderStatus,
  type OrderType,
  type TimeInForce,
} from './order/index.ts'
export {
  constantLatency,
  makerTakerFees,
  parseQueueModel,
  powerProbQueue,
  recordedLatency,
  riskAverseQueue,
  type FeeModel,
  type LatencyModel,
  type QueueModel,
  type RoundTrip,
} from './venue/index.ts'
export * from './engine/analyzers/index.ts'
export {
  Broker,
  Data,
  FixedSize,
  RunResult,
  Strategy,
  type BarDataOptions,
  type BookDataOptions,
  type CerebroOptions,
  type MarketTrade,
  type OrderOptions,
  type Progress,
  type RunOptions,
  type RunRecord,
  type Sizer,
  type StrategyClass,
  type TradeRecord,
} from './engine/index.ts'
export { AvellanedaStoikov, MarketMakingStrategy } from './strategy/index.ts'
export { Cerebro } from './report/index.ts'
