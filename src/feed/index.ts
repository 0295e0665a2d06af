export { CsvBars, type BarFeed, type CsvBarsFormat, type CsvBarsOptions } from './csv-bars.ts'
export type { CsvTimeUnit } from './csv-bar-rows.ts'
export type { CsvColumn, CsvColumns } from './csv-columns.ts'
export {
  SIMULATED_INSTRUMENT,
  SIMULATED_MARKET_DEFAULTS,
  type SimulatedMarketOptions,
} from './simulated-market/options.ts'
export { simulateMarket, type SimulatedSession } from './simulated-market/simulated-market.ts'
export { readLocalBook, type LocalBookKind } from './stored-tape.ts'
export { LobFeed, type LobFeedOptions, type LobFeedWindow, type SharedFeed } from './lob-feed.ts'
export {
  exportHftbacktest,
  type HftbacktestExport,
  type HftbacktestExportOptions,
} from './export/export-hftbacktest.ts'
export { IMPORT_FORMATS, importCapture } from './import/import-capture.ts'
export type { ImportCaptureOptions } from './import/import-options.ts'
export {
  importResultJson,
  importResultText,
  type Comparison,
  type FinalBook,
  type ImportProgress,
  type ImportResult,
  type ImportResultJson,
  type OrderCounts,
  type SymbolResult,
  type TradeSummary,
} from './import/import-result.ts'
export { BinanceFuturesGate, BinanceSpotGate, type SequenceGate } from './sequence/sequence-gate.ts'
export type { Verdict } from './sequence/verdict.ts'
export { TickFeed } from './tick-feed.ts'
export type { HoursFilter, SessionFilter, TickFacts, TickFilter } from './tick-filter.ts'
export type { AdaptiveImbalanceRule, BarRule, ImbalanceMeasure } from './bars/bar-rule.ts'
export { tradeBars, type BarOptions, type TickTape } from './bars/trade-bars.ts'
export {
  BitstampGate,
  BybitGate,
  CoinbaseConnectionGate,
  CoinbaseProductGate,
  DeribitGate,
  KrakenGate,
  OkxGate,
  UnnumberedGate,
} from './sequence/crypto-gates.ts'
export { Mdp3Gate, MoldUdp64Gate } from './sequence/exchange-gates.ts'
export type { SequenceCounts } from './sequence/sequence-tally.ts'
export type { ChecksumVerdict } from './checksum/checksum-verdict.ts'
export { quoteJsonNumbers } from './checksum/json-number-text.ts'
export { checkKraken, krakenChecksum } from './checksum/kraken-checksum.ts'
export { OKX_CHECKSUM_ENDS_MS, checkOkx, okxChecksum } from './checksum/okx-checksum.ts'
export { TextBook, TextSide, comparePriceText } from './checksum/text-book.ts'
export {
  mergeFeeds,
  type MergeBatch,
  type MergedFeed,
  type MergeOptions,
} from './merge/merge-feeds.ts'
export {
  ReplayFeed,
  type ReplayBatch,
  type ReplayOptions,
  type ReplayState,
  type ReplayStep,
} from './replay/replay-feed.ts'
export type { ReplaySpeed } from './replay/replay-pace.ts'
export {
  qualityJson,
  type LatencyJson,
  type QualityJson,
  type SymbolQualityJson,
} from './quality/quality-json.ts'
export { verifyFiles, type VerifyFilesOptions } from './quality/verify-files.ts'
export { verifyStore, type VerifyStoreOptions } from './quality/verify-store.ts'
export type {
  QualityFigures,
  QualityReport,
  QualitySource,
  SymbolQuality,
} from './quality/quality-report.ts'
export type {
  Coverage,
  LatencyQuality,
  SymbolFacts,
  TimeSpan,
  TimeSpans,
} from './quality/symbol-quality.ts'
export {
  matchTradesQuotes,
  type MatchOptions,
  type QuotedTrades,
} from './quotes/match-trades-quotes.ts'
export { leeReady, tickRule, tradeSides, type LeeReadyOptions } from './quotes/trade-direction.ts'
export { businessTimeBars, type BusinessTimeOptions } from './resample/business-time.ts'
export { resample } from './resample/resample.ts'
export { resampleBars, type ResampleOptions } from './resample/resample-bars.ts'
export type { Timeframe } from './resample/timeframe.ts'
export {
  allocateDbnColumns,
  decodeDbnRecords,
  type DbnColumns,
} from './import/dbn/decode.kernel.ts'
export {
  allocateItchColumns,
  decodeItchMessages,
  type ItchColumns,
} from './import/itch50/decode.kernel.ts'
