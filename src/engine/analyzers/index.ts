export { AdverseSelection } from './adverse-selection.ts'
export { analyzeRun, type RunAnalyses } from './analyze-run.ts'
export { Analyzer } from './analyzer.ts'
export type {
  FillHorizonsResult,
  HorizonOptions,
  HorizonResult,
  HorizonStats,
} from './fill-horizons.ts'
export { FillRatio, type FillRatioResult } from './fill-ratio.ts'
export { Inventory, type InventoryOptions, type InventoryResult } from './inventory.ts'
export { MakerShare, type MakerShareResult } from './maker-share.ts'
export { Markout } from './markout.ts'
export { MaxDrawdown, type MaxDrawdownResult } from './max-drawdown.ts'
export { OrderLatency, type LatencyQuantiles, type OrderLatencyResult } from './order-latency.ts'
export {
  PnLAttribution,
  type PnLAttributionOptions,
  type PnLAttributionResult,
} from './pnl-attribution.ts'
export { PnL, type EquityCurve, type PnLResult } from './pnl.ts'
export type { SampledRatio, SampledRatioOptions } from './sampled-ratio.ts'
export { SharpeRatio } from './sharpe-ratio.ts'
export { SortinoRatio } from './sortino-ratio.ts'
export { SpreadCaptured, type SpreadCapturedResult, type SpreadGroup } from './spread-captured.ts'
export { TradeStats, type TradeStatsResult } from './trade-stats.ts'
export { Turnover, type TurnoverResult } from './turnover.ts'
