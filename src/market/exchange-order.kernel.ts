/** Puts rows that nearly stand in order of venue time into that order. */
import { assert } from '../core/index.ts'

/** Returns the first row whose time is before that of the row above it; `length` where none is. */
export function firstLateRow(times: Float64Array, length: number): number {
  assert(length <= times.length, 'length <= rows')
  for (let row = 1; row < length; row++) if (!(times[row]! >= times[row - 1]!)) return row
  return length
}

/**
 * Writes the rows of `times[0, length)` in stable order of their times to `order`, by insertion.
 *
 * @param movesMax places by which rows may be moved in all
 * @returns false, with `order` of no use, where there are more
 */
export function orderByInsertion(
  times: Float64Array,
  length: number,
  order: Int32Array,
  movesMax: number,
): boolean {
  assert(length <= times.length && length <= order.length, 'every row has a time and a place')
  let moves = 0
  let latest = Number.NEGATIVE_INFINITY
  let row = 0
  while (row < length) {
    // Nearly all rows stand in order: four of them take one turn.
    while (row + 4 <= length) {
      const a = times[row]!
      const b = times[row + 1]!
      const c = times[row + 2]!
      const d = times[row + 3]!
      if (!(a >= latest && b >= a && c >= b && d >= c)) break
      order[row] = row
      order[row + 1] = row + 1
      order[row + 2] = row + 2
      order[row + 3] = row + 3
      latest = d
      row += 4
    }
    if (row === length) break
    const time = times[row]!
    if (time >= latest) {
      order[row] = row
      latest = time
      row++
      continue
    }
    // The rows of a message have one venue time and move together.
    let end = row + 1
    while (end < length && times[end] === time) end++
    let place = placeBehind(times, order, row, time)
    moves += row - place
    if (moves > movesMax) return false
    order.copyWithin(place + end - row, place, row)
    while (row < end) order[place++] = row++
  }
  return true
}

/**
 * Returns the place in `order[0, length)` behind all rows up to `time`, when the last row is later.
 * The place is near the end: steps back double until they reach too far.
 */
function placeBehind(times: Float64Array, order: Int32Array, length: number, time: number): number {
  let later = length - 1
  let step = 1
  while (later - step >= 0 && times[order[later - step]!]! > time) {
    later -= step
    step *= 2
  }
  let earlier = later - step < 0 ? -1 : later - step
  while (later - earlier > 1) {
    const middle = (earlier + later) >> 1
    if (times[order[middle]!]! > time) later = middle
    else earlier = middle
  }
  return later
}
