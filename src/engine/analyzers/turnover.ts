/** How much was traded. */
import { exactSum } from '../../core/index.ts'
import { DAY_NS } from '../../time/index.ts'
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { haveCommonCurrency, haveCommonUnit, partOf } from './instrument-parts.ts'
import { finiteOrNull } from './statistics.ts'

/**
 * Traded amounts; value in the settlement currency, size in base units or contracts; null where
 * those of several instruments do not add up.
 */
export interface TurnoverResult {
  readonly value: number | null
  readonly buyValue: number | null
  readonly sellValue: number | null
  readonly size: number | null
  readonly buySize: number | null
  readonly sellSize: number | null
  /** Value at this pace over 24 hours; null for a run of no length. */
  readonly valuePerDay: number | null
  /** Value / starting cash; null without starting cash. */
  readonly perCash: number | null
  /** Net profit / value in bps; null without trading. */
  readonly netBps: number | null
}

/** Adds up what was traded. */
export class Turnover extends Analyzer<TurnoverResult> {
  static override readonly key = 'turnover'

  analyze(run: RunRecord): TurnoverResult {
    const { fills, instruments, totals } = run
    const values: Record<'buy' | 'sell', number[]> = { buy: [], sell: [] }
    const sizes: Record<'buy' | 'sell', number[]> = { buy: [], sell: [] }
    for (let i = 0; i < fills.length; i++) {
      const side = fills.side[i]! > 0 ? 'buy' : 'sell'
      const { instrument } = partOf(run, fills.instrument[i]!)
      values[side].push(instrument.notional(fills.size[i]!, fills.price[i]!))
      sizes[side].push(fills.size[i]!)
    }
    const valueOf = (some: readonly number[]): number | null =>
      haveCommonCurrency(instruments) ? exactSum(some) : null
    const sizeOf = (some: readonly number[]): number | null =>
      haveCommonUnit(instruments) ? exactSum(some) : null
    const value = valueOf([...values.buy, ...values.sell])
    const traded = value ?? Number.NaN
    const span = run.toTime - run.fromTime
    return {
      value,
      buyValue: valueOf(values.buy),
      sellValue: valueOf(values.sell),
      size: sizeOf([...sizes.buy, ...sizes.sell]),
      buySize: sizeOf(sizes.buy),
      sellSize: sizeOf(sizes.sell),
      valuePerDay: span > 0 ? finiteOrNull((traded / span) * DAY_NS) : null,
      perCash: totals.startingCash > 0 ? finiteOrNull(traded / totals.startingCash) : null,
      netBps: traded > 0 ? finiteOrNull((totals.net / traded) * 1e4) : null,
    }
  }
}
