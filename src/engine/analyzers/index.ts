export { AdverseSelection, type AdverseSelectionResult } from './adverse-selection.ts'
export { analyzeRun, type RunAnalyses } from './analyze-run.ts'
export { Analyzer } from './analyzer.ts'
export { FillRatio, type FillRatioResult } from './fill-ratio.ts'
export { Inventory, type InventoryOptions, type InventoryResult } from './inventory.ts'
export { MakerShare, type MakerShareResult } from './maker-share.ts'
export {
  Markout,
  type HorizonOptions,
  type HorizonResult,
  type HorizonStats,
  type MarkoutResult,
} from './markout.ts'
export { MaxDrawdown, type MaxDrawdownResult } from './max-drawdown.ts'
export { OrderLatency, type LatencyQuantiles, type OrderLatencyResult } from './order-latency.ts'
export {
  PnLAttribution,
  type PnLAttributionOptions,
  type PnLAttributionResult,
} from './pnl-attribution.ts'
export { PnL, type EquityCurve, type PnLResult } from './pnl.ts'
export { SharpeRatio, type SampledRatio, type SampledRatioOptions } from './sharpe-ratio.ts'
export { SortinoRatio } from './sortino-ratio.ts'
export { SpreadCaptured, type SpreadCapturedResult, type SpreadGroup } from './spread-captured.ts'
export { TradeStats, type TradeStatsResult } from './trade-stats.ts'
export { Turnover, type TurnoverResult } from './turnover.ts'
