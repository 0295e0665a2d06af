/** Thins long tables out without losing what an eye would see. */

/**
 * Returns ascending rows of a table, at most about `limit`: all of them when they are few, else the
 * rows at which each column is lowest and highest in each of equal stretches, and both ends.
 *
 * @param limit at least two rows for each column
 */
export function thinRows(columns: readonly Float64Array[], limit: number): Uint32Array {
  const length = columns[0]?.length ?? 0
  if (length <= limit) return Uint32Array.from({ length }, (_, i) => i)
  const stretches = Math.max(1, Math.floor(limit / (2 * columns.length)))
  const kept = new Set<number>([0, length - 1])
  for (let s = 0; s < stretches; s++) {
    const from = Math.floor((s * length) / stretches)
    const to = Math.floor(((s + 1) * length) / stretches)
    for (const column of columns) {
      const { low, high } = extremes(column, from, to)
      kept.add(low)
      kept.add(high)
    }
  }
  return Uint32Array.from(kept).sort()
}

function extremes(
  column: Float64Array,
  from: number,
  to: number,
): { readonly low: number; readonly high: number } {
  let low = from
  let high = from
  for (let i = from + 1; i < to; i++) {
    // A comparison with NaN is false, so a row without a value never displaces one with.
    if (column[i]! < column[low]! || Number.isNaN(column[low]!)) low = i
    if (column[i]! > column[high]! || Number.isNaN(column[high]!)) high = i
  }
  return { low, high }
}
