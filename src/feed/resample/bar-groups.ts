/** Bars that become one bar. */
import type { BarColumns } from '../../market/index.ts'
import { QUOTE_COLUMNS } from '../bars/touch.ts'

/** Rows that become one bar, and the time at which it stands. */
export interface BarGroup {
  /** At least one, in order. */
  readonly rows: number[]
  time: number
  /** False while more rows may belong to it. */
  isWhole: boolean
}

/**
 * Returns one bar for each group: first open, highest high, lowest low, last close, sum of volume,
 * last open interest and quotes.
 */
export function joinBars(bars: BarColumns, groups: readonly BarGroup[]): BarColumns {
  const firstOf = (column: Float64Array): Float64Array =>
    Float64Array.from(groups, ({ rows }) => column[rows[0]!]!)
  const lastOf = (column: Float64Array): Float64Array =>
    Float64Array.from(groups, ({ rows }) => column[rows.at(-1)!]!)
  const fold = (column: Float64Array, join: (a: number, b: number) => number): Float64Array =>
    Float64Array.from(groups, ({ rows }) =>
      rows.slice(1).reduce((a, row) => join(a, column[row]!), column[rows[0]!]!),
    )
  const { symbol, epochNs, quotes } = bars
  const joined = {
    length: groups.length,
    symbol,
    epochNs,
    time: Float64Array.from(groups, ({ time }) => time),
    open: firstOf(bars.open),
    high: fold(bars.high, Math.max),
    low: fold(bars.low, Math.min),
    close: lastOf(bars.close),
    volume: fold(bars.volume, (a, b) => a + b),
    openInterest: lastOf(bars.openInterest),
  }
  if (quotes === undefined) return joined
  const touch = Object.fromEntries(
    QUOTE_COLUMNS.map((name) => [name, lastOf(quotes[name])]),
  ) as Record<(typeof QUOTE_COLUMNS)[number], Float64Array>
  return { ...joined, quotes: touch }
}
