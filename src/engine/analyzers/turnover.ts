/** How much was traded. */
import { exactSum } from '../../core/index.ts'
import { DAY_NS } from '../../time/index.ts'
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { finiteOrNull } from './statistics.ts'

/** Traded amounts; value in the settlement currency, size in base units or contracts. */
export interface TurnoverResult {
  readonly value: number
  readonly buyValue: number
  readonly sellValue: number
  readonly size: number
  readonly buySize: number
  readonly sellSize: number
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
    const { fills, instrument, totals } = run
    const values: Record<'buy' | 'sell', number[]> = { buy: [], sell: [] }
    const sizes: Record<'buy' | 'sell', number[]> = { buy: [], sell: [] }
    for (let i = 0; i < fills.length; i++) {
      const side = fills.side[i]! > 0 ? 'buy' : 'sell'
      values[side].push(instrument.notional(fills.size[i]!, fills.price[i]!))
      sizes[side].push(fills.size[i]!)
    }
    const value = exactSum([...values.buy, ...values.sell])
    const span = run.toTime - run.fromTime
    return {
      value,
      buyValue: exactSum(values.buy),
      sellValue: exactSum(values.sell),
      size: exactSum([...sizes.buy, ...sizes.sell]),
      buySize: exactSum(sizes.buy),
      sellSize: exactSum(sizes.sell),
      valuePerDay: span > 0 ? (value / span) * DAY_NS : null,
      perCash: totals.startingCash > 0 ? value / totals.startingCash : null,
      netBps: value > 0 ? finiteOrNull((totals.net / value) * 1e4) : null,
    }
  }
}
