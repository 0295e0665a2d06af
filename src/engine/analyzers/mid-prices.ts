/** The mid of the market around fills. */
import type { FillColumns, MidColumns, RunRecord } from '../run-record.ts'
import { partOf } from './instrument-parts.ts'

/** Returns the last row with `times[row] <= time` over non-decreasing times; -1 before the first. */
export function rowAtOrBefore(times: Float64Array, length: number, time: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Returns the local mid that stood at a local time; NaN before the first. */
export function midAt(mids: MidColumns, time: number): number {
  const row = rowAtOrBefore(mids.time, mids.length, time)
  return row < 0 ? Number.NaN : mids.mid[row]!
}

/**
 * Returns the mid against which a fill is judged: the middle of the exchange's touch at the fill;
 * where one side was empty, the local mid when we learnt of the fill; else the fill price.
 *
 * A bar has no touch, and its close would look ahead: there it is always the fill price.
 */
export function fillMid(run: RunRecord, row: number): number {
  const { bidPrice, askPrice, localTime, price, instrument }: FillColumns = run.fills
  const touch = (bidPrice[row]! + askPrice[row]!) / 2
  if (!Number.isNaN(touch)) return touch
  if (run.source === 'bars') return price[row]!
  const local = midAt(partOf(run, instrument[row]!).mids, localTime[row]!)
  return Number.isNaN(local) ? price[row]! : local
}
