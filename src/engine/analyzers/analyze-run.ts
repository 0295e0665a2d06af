/** All built-in analyzers at once, as the report and run.json show them. */
import type { RunRecord } from '../run-record.ts'
import { AdverseSelection } from './adverse-selection.ts'
import type { FillHorizonsResult } from './fill-horizons.ts'
import { FillRatio, type FillRatioResult } from './fill-ratio.ts'
import { Inventory, type InventoryResult } from './inventory.ts'
import { MakerShare, type MakerShareResult } from './maker-share.ts'
import { Markout } from './markout.ts'
import { MaxDrawdown, type MaxDrawdownResult } from './max-drawdown.ts'
import { OrderLatency, type OrderLatencyResult } from './order-latency.ts'
import { PnLAttribution, type PnLAttributionResult } from './pnl-attribution.ts'
import { PnL, type PnLResult } from './pnl.ts'
import type { SampledRatio } from './sampled-ratio.ts'
import { SharpeRatio } from './sharpe-ratio.ts'
import { SortinoRatio } from './sortino-ratio.ts'
import { SpreadCaptured, type SpreadCapturedResult } from './spread-captured.ts'
import { TradeStats, type TradeStatsResult } from './trade-stats.ts'
import { Turnover, type TurnoverResult } from './turnover.ts'

/** Results of the built-in analyzers with their default options, by their keys. */
export interface RunAnalyses {
  readonly pnl: PnLResult
  readonly sharpe: SampledRatio
  readonly sortino: SampledRatio
  readonly maxDrawdown: MaxDrawdownResult
  readonly inventory: InventoryResult
  readonly fillRatio: FillRatioResult
  readonly makerShare: MakerShareResult
  readonly spreadCaptured: SpreadCapturedResult
  readonly markout: FillHorizonsResult
  readonly adverseSelection: FillHorizonsResult
  readonly turnover: TurnoverResult
  readonly orderLatency: OrderLatencyResult
  readonly pnlAttribution: PnLAttributionResult
  readonly trades: TradeStatsResult
}

/** Runs the built-in analyzers with their default options. */
export function analyzeRun(run: RunRecord): RunAnalyses {
  return {
    pnl: new PnL().analyze(run),
    sharpe: new SharpeRatio().analyze(run),
    sortino: new SortinoRatio().analyze(run),
    maxDrawdown: new MaxDrawdown().analyze(run),
    inventory: new Inventory().analyze(run),
    fillRatio: new FillRatio().analyze(run),
    makerShare: new MakerShare().analyze(run),
    spreadCaptured: new SpreadCaptured().analyze(run),
    markout: new Markout().analyze(run),
    adverseSelection: new AdverseSelection().analyze(run),
    turnover: new Turnover().analyze(run),
    orderLatency: new OrderLatency().analyze(run),
    pnlAttribution: new PnLAttribution().analyze(run),
    trades: new TradeStats().analyze(run),
  }
}
