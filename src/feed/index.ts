export { CsvBars, type CsvBarsFormat, type CsvBarsOptions } from './csv-bars.ts'
export type { CsvTimeUnit } from './csv-bar-rows.ts'
export type { CsvColumn, CsvColumns } from './csv-columns.ts'
export {
  SIMULATED_INSTRUMENT,
  SIMULATED_MARKET_DEFAULTS,
  type SimulatedMarketOptions,
} from './simulated-market/options.ts'
export { simulateMarket, type SimulatedSession } from './simulated-market/simulated-market.ts'
export { LobFeed, type LobFeedOptions, type LobFeedWindow } from './lob-feed.ts'
export {
  IMPORT_FORMATS,
  importCapture,
  type ImportCaptureOptions,
  type ImportFormat,
} from './import/import-capture.ts'
export {
  importResultJson,
  importResultText,
  type Comparison,
  type FinalBook,
  type ImportProgress,
  type ImportResult,
  type ImportResultJson,
  type TradeSummary,
} from './import/import-result.ts'
export {
  BinanceFuturesGate,
  BinanceSpotGate,
  type SequenceGate,
  type Verdict,
} from './sequence/sequence-gate.ts'
