/** What round trips brought. */
import { exactSum } from '../../core/index.ts'
import type { RunRecord, TradeRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { mean, ratio } from './statistics.ts'

/** Round trips, from flat to flat; money in the settlement currency, after fees. */
export interface TradeStatsResult {
  /** Closed round trips. */
  readonly count: number
  /** Round trips still open at the end: 0 or 1. */
  readonly open: number
  readonly wins: number
  readonly losses: number
  /** wins / count; null without closed trips. */
  readonly winRate: number | null
  readonly average: number | null
  readonly averageWin: number | null
  readonly averageLoss: number | null
  readonly best: number | null
  readonly worst: number | null
  /** What wins brought / what losses cost; null without losses. */
  readonly profitFactor: number | null
  readonly averageDurationNs: number | null
}

/** Judges closed round trips after fees; one that breaks even is neither a win nor a loss. */
export class TradeStats extends Analyzer<TradeStatsResult> {
  static override readonly key = 'trades'

  analyze(run: RunRecord): TradeStatsResult {
    const closed = run.trades.filter((trade) => !Number.isNaN(trade.closeTime))
    const results = closed.map((trade: TradeRecord) => trade.pnl - trade.fees + trade.funding)
    const wins = results.filter((result) => result > 0)
    const losses = results.filter((result) => result < 0)
    const sorted = results.toSorted((a, b) => a - b)
    return {
      count: closed.length,
      open: run.trades.length - closed.length,
      wins: wins.length,
      losses: losses.length,
      winRate: ratio(wins.length, closed.length),
      average: mean(results),
      averageWin: mean(wins),
      averageLoss: mean(losses),
      best: sorted.at(-1) ?? null,
      worst: sorted[0] ?? null,
      profitFactor: ratio(exactSum(wins), -exactSum(losses)),
      averageDurationNs: mean(closed.map((trade) => trade.closeTime - trade.openTime)),
    }
  }
}
