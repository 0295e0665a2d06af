/** How far the market moved against us after our fills. */
import type { RunRecord } from '../run-record.ts'
import { FillHorizonsAnalyzer } from './fill-horizons.ts'
import { fillMid } from './mid-prices.ts'

/**
 * Move of the mid against us: -side x (mid at h - mid at the fill) / fill price, in bps; positive
 * is bad for us. Fill by fill, markout = spread captured - adverse selection.
 */
export class AdverseSelection extends FillHorizonsAnalyzer {
  static override readonly key = 'adverseSelection'

  protected override measure(run: RunRecord, row: number, midLater: number): number {
    const { side, price } = run.fills
    return ((-side[row]! * (midLater - fillMid(run, row))) / price[row]!) * 1e4
  }
}
