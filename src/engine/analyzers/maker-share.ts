/** How much was traded by resting orders. */
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { haveCommonCurrency, haveCommonUnit, partOf } from './instrument-parts.ts'
import { ratio } from './statistics.ts'

/** Shares of 0 to 1; null without fills, and where instruments do not add up. */
export interface MakerShareResult {
  /** Share of traded size. */
  readonly bySize: number | null
  /** Share of traded value. */
  readonly byValue: number | null
  /** Share of fills. */
  readonly byFills: number | null
}

/** Compares what our resting orders traded with all that we traded. */
export class MakerShare extends Analyzer<MakerShareResult> {
  static override readonly key = 'makerShare'

  analyze(run: RunRecord): MakerShareResult {
    const { fills, instruments } = run
    const all = { size: 0, value: 0 }
    const made = { size: 0, value: 0, fills: 0 }
    for (let i = 0; i < fills.length; i++) {
      const size = fills.size[i]!
      const value = partOf(run, fills.instrument[i]!).instrument.notional(size, fills.price[i]!)
      all.size += size
      all.value += value
      if (fills.maker[i] === 0) continue
      made.size += size
      made.value += value
      made.fills++
    }
    return {
      bySize: haveCommonUnit(instruments) ? ratio(made.size, all.size) : null,
      byValue: haveCommonCurrency(instruments) ? ratio(made.value, all.value) : null,
      byFills: ratio(made.fills, fills.length),
    }
  }
}
