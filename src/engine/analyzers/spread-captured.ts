/** What fills earned against the mid at which they happened. */
import { exactSum } from '../../core/index.ts'
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { haveCommonCurrency, partOf } from './instrument-parts.ts'
import { fillMid } from './mid-prices.ts'
import { mean } from './statistics.ts'

/** Spread captured by a group of fills; positive is good for us. */
export interface SpreadGroup {
  readonly count: number
  /** Mean of side x (mid - price) in quote units. */
  readonly meanPrice: number | null
  /** Mean of side x (mid - price) / price in bps. */
  readonly meanBps: number | null
  /** Sum of side x size x (value of the mid - value of the price), settlement currency; null
   * where instruments settle in several. */
  readonly total: number | null
}

/** Spread captured, all and by group. */
export interface SpreadCapturedResult {
  readonly all: SpreadGroup
  readonly buy: SpreadGroup
  readonly sell: SpreadGroup
  readonly maker: SpreadGroup
  readonly taker: SpreadGroup
}

/** Judges each fill against the mid of the exchange's touch at that moment. */
export class SpreadCaptured extends Analyzer<SpreadCapturedResult> {
  static override readonly key = 'spreadCaptured'

  analyze(run: RunRecord): SpreadCapturedResult {
    const { side, maker, length } = run.fills
    const rows = Array.from({ length }, (_, i) => i)
    return {
      all: group(run, rows),
      buy: group(
        run,
        rows.filter((i) => side[i]! > 0),
      ),
      sell: group(
        run,
        rows.filter((i) => side[i]! < 0),
      ),
      maker: group(
        run,
        rows.filter((i) => maker[i] === 1),
      ),
      taker: group(
        run,
        rows.filter((i) => maker[i] === 0),
      ),
    }
  }
}

function group(run: RunRecord, rows: readonly number[]): SpreadGroup {
  const { fills } = run
  const prices: number[] = []
  const bps: number[] = []
  const totals: number[] = []
  for (const i of rows) {
    const { instrument } = partOf(run, fills.instrument[i]!)
    const side = fills.side[i]!
    const price = fills.price[i]!
    const mid = fillMid(run, i)
    prices.push(side * (mid - price))
    bps.push(((side * (mid - price)) / price) * 1e4)
    totals.push(side * fills.size[i]! * (instrument.unitValue(mid) - instrument.unitValue(price)))
  }
  return {
    count: rows.length,
    meanPrice: mean(prices),
    meanBps: mean(bps),
    total: haveCommonCurrency(run.instruments) ? exactSum(totals) : null,
  }
}
