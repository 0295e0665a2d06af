/** Profit and loss, and the equity curve. */
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { finiteOrNull } from './statistics.ts'

/** Profit in the settlement currency. */
export interface PnLResult {
  /** Profit of what was closed, before fees. */
  readonly realized: number
  /** Profit of the open position at the last mark, before fees. */
  readonly unrealized: number
  /** Paid; negative is a rebate. */
  readonly fees: number
  /** Received; negative: paid. */
  readonly funding: number
  /** realized + unrealized - fees + funding. */
  readonly net: number
  readonly startingCash: number
  /** startingCash + net. */
  readonly finalEquity: number
  /** net / startingCash; null without starting cash. */
  readonly returnOnCash: number | null
  readonly equityCurve: EquityCurve
}

/** Equity at each sample: local time in ns since the epoch, settlement currency. */
export interface EquityCurve {
  readonly time: Float64Array
  readonly equity: Float64Array
}

/** Totals of profit, and the equity curve. */
export class PnL extends Analyzer<PnLResult> {
  static override readonly key = 'pnl'

  analyze(run: RunRecord): PnLResult {
    const { realized, unrealized, fees, funding, net, startingCash } = run.totals
    const known = finiteOrNull(net) ?? realized - fees + funding
    return {
      realized,
      // Flat runs without any mark have nothing open to value.
      unrealized: finiteOrNull(unrealized) ?? 0,
      fees,
      funding,
      net: known,
      startingCash,
      finalEquity: startingCash + known,
      returnOnCash: startingCash > 0 ? net / startingCash : null,
      equityCurve: {
        time: run.samples.time.subarray(0, run.samples.length),
        equity: run.samples.equity.subarray(0, run.samples.length),
      },
    }
  }
}
