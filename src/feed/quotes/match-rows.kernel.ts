/** Finds the quote that prevailed at each trade. */
import { assert } from '../../core/index.ts'

/**
 * Writes for each trade the last row of `quoteTime` at or before the trade's time less `lagNs`, -1
 * where there is none. Both are non-decreasing; of quotes of one time the last counts.
 *
 * @param isStrict true when a quote of exactly that moment does not count
 */
export function matchRows(
  tradeTime: Float64Array,
  quoteTime: Float64Array,
  lagNs: number,
  isStrict: boolean,
  outRow: Int32Array,
): void {
  assert(outRow.length === tradeTime.length, 'a row for each trade')
  let quote = -1
  for (let trade = 0; trade < tradeTime.length; trade++) {
    const time = tradeTime[trade]! - lagNs
    while (
      quote + 1 < quoteTime.length &&
      (isStrict ? quoteTime[quote + 1]! < time : quoteTime[quote + 1]! <= time)
    ) {
      quote++
    }
    outRow[trade] = quote
  }
}
