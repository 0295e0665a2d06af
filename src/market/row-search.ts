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

/** Where {@link firstRowAfter} looks. */
export interface SearchRange {
  readonly from: number
  readonly length: number
  /** How far behind `from` the answer may be, such as where it was the last time; default 0. */
  readonly guess?: number
}

/**
 * Returns the first position at or behind `from` with time > `time`, `length` when there is none.
 * Gallops from a guess in either direction, because the answer is mostly near it.
 *
 * @param order rows in order of `times`; undefined when rows stand in it
 */
export function firstRowAfter(
  times: Float64Array,
  order: Int32Array | undefined,
  { from, length, guess = 0 }: SearchRange,
  time: number,
): number {
  if (from >= length || timeAt(times, order, from) > time) return from
  // Invariant: the position `low` is not behind the time, `high` is, or is the end.
  let low = from
  let high = length
  const near = Math.min(from + guess, length - 1)
  let step = 1
  if (timeAt(times, order, near) <= time) {
    low = near
    while (low + step < length && timeAt(times, order, low + step) <= time) {
      low += step
      step *= 2
    }
    high = Math.min(length, low + step)
  } else {
    high = near
    while (high - step > low && timeAt(times, order, high - step) > time) {
      high -= step
      step *= 2
    }
    low = Math.max(low, high - step)
  }
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
