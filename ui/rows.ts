/** Finding rows by time. */

/** Numbers that can be read by index. */
export interface Numbers {
  readonly length: number
  readonly [row: number]: number
}

/** Returns the first row with `times[row] >= time`, over ascending times. */
export function firstRowFrom(times: Numbers, time: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}

/** Returns the last row with `times[row] <= time`; -1 before the first. */
export function lastRowUntil(times: Numbers, time: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}
