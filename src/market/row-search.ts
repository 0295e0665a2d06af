/** Finds rows by time in columns whose times never decrease. */

/** Returns the first row with time >= `time`, `length` when there is none. */
export function firstRowAtOrAfter(times: Float64Array, length: number, time: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Returns the first position at or behind `from` with time > `time`, `length` when there is none.
 * Gallops, because the answer is mostly near.
 *
 * @param order rows in order of `times`; undefined when rows stand in it
 */
export function firstRowAfter(
  times: Float64Array,
  order: Int32Array | undefined,
  range: { readonly from: number; readonly length: number },
  time: number,
): number {
  const { from, length } = range
  if (from >= length || timeAt(times, order, from) > time) return from
  // Invariant: the position `low` is not behind the time.
  let step = 1
  let low = from
  while (low + step < length && timeAt(times, order, low + step) <= time) {
    low += step
    step *= 2
  }
  let high = Math.min(length, low + step)
  low++
  while (low < high) {
    const middle = (low + high) >>> 1
    if (timeAt(times, order, middle) <= time) low = middle + 1
    else high = middle
  }
  return low
}

function timeAt(times: Float64Array, order: Int32Array | undefined, position: number): number {
  return times[order === undefined ? position : order[position]!]!
}
