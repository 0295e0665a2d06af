/** Where the market went after our fills. */
import type { RunRecord } from '../run-record.ts'
import { FillHorizonsAnalyzer } from './fill-horizons.ts'

/**
 * Markout at h: side x (local mid at the fill's local time + h - fill price) / fill price, in bps;
 * positive is good for us.
 */
export class Markout extends FillHorizonsAnalyzer {
  static override readonly key = 'markout'

  protected override measure(run: RunRecord, row: number, midLater: number): number {
    const { side, price } = run.fills
    return ((side[row]! * (midLater - price[row]!)) / price[row]!) * 1e4
  }
}
