/** Checks rows before they enter a store; what is on disk has passed here. */
import { assert } from '../core/index.ts'
import { EventKind, KIND_MASK, type EventColumns } from '../market/index.ts'

/** What {@link findBadRow} found wrong; `row` is -1 when nothing is. */
export interface RowFault {
  row: number
  field: 'localTime' | 'exchTime' | 'code' | 'lots' | 'orderRef' | 'seq'
}

/**
 * Looks in rows [from, to) for a time, size or sequence that is no safe integer, a size below
 * zero, an unknown kind or a reference below -1. `localTime` going back is found as well.
 *
 * @param shift added to times to move them to the partition's epoch
 * @param last  local time of the row before, on that epoch
 * @returns false when a row is bad; `fault` then says which
 */
export function rowsAreSound(
  rows: EventColumns,
  from: number,
  to: number,
  shift: number,
  last: number,
  fault: RowFault,
): boolean {
  fault.row = -1
  return (
    (timesAreSound(rows.localTime, rows.exchTime, from, to, shift, last) &&
      areSafe(rows.seq, from, to) &&
      restIsSound(rows, from, to)) ||
    findFault(rows, from, to, shift, last, fault)
  )
}

/** A column at a time, as nearly all rows are sound and each loop is short then. */
function timesAreSound(
  localTime: Float64Array,
  exchTime: Float64Array,
  from: number,
  to: number,
  shift: number,
  last: number,
): boolean {
  let previous = last
  for (let i = from; i < to; i++) {
    const local = localTime[i]! + shift
    if (!(local >= previous) || !isSafe(local)) return false
    previous = local
    const exch = exchTime[i]!
    if (!isSafe(exch) || !isSafe(exch + shift)) return false
  }
  return true
}

function areSafe(column: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isSafe(column[i]!)) return false
  return true
}

function restIsSound(rows: EventColumns, from: number, to: number): boolean {
  const { code, lots, orderRef } = rows
  for (let i = from; i < to; i++) {
    const kind = code[i]! & KIND_MASK
    const size = lots[i]!
    if (!isSafe(size) || (size < 0 && kind !== EventKind.Funding)) return false
    if (kind < EventKind.Trade || kind > EventKind.OrderFill || orderRef[i]! < -1) return false
  }
  return true
}

function isSafe(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value
}

/** Looks row by row for what is wrong; true when nothing is. */
function findFault(
  rows: EventColumns,
  from: number,
  to: number,
  shift: number,
  last: number,
  fault: RowFault,
): boolean {
  const { localTime, exchTime, code, lots, orderRef, seq } = rows
  let previous = last
  for (let i = from; i < to; i++) {
    fault.row = i
    const local = localTime[i]! + shift
    if (!(local >= previous) || !Number.isSafeInteger(local)) {
      fault.field = 'localTime'
      return false
    }
    previous = local
    if (!Number.isSafeInteger(exchTime[i]! + shift) || !Number.isSafeInteger(exchTime[i]!)) {
      fault.field = 'exchTime'
      return false
    }
    const kind = code[i]! & KIND_MASK
    if (kind < EventKind.Trade || kind > EventKind.OrderFill) {
      fault.field = 'code'
      return false
    }
    const size = lots[i]!
    if (!Number.isSafeInteger(size) || (size < 0 && kind !== EventKind.Funding)) {
      fault.field = 'lots'
      return false
    }
    if (orderRef[i]! < -1) {
      fault.field = 'orderRef'
      return false
    }
    if (!Number.isSafeInteger(seq[i]!)) {
      fault.field = 'seq'
      return false
    }
  }
  fault.row = -1
  return true
}

/** Adds `shift` to [from, to) of a column of times; a negative zero becomes 0 even by 0. */
export function shiftTimes(times: Float64Array, from: number, to: number, shift: number): void {
  for (let i = from; i < to; i++) times[i] = times[i]! + shift
}

/** Turns a negative zero, which encodings do not keep, into 0. */
export function dropNegativeZeros(column: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) column[i] = column[i]! + 0
}

/** Tells whether [from, to) of a column never goes back, nor begins below `last`. */
export function isOrdered(times: Float64Array, from: number, to: number, last: number): boolean {
  let previous = last
  for (let i = from; i < to; i++) {
    const time = times[i]!
    if (time < previous) return false
    previous = time
  }
  return true
}

/** What {@link spanOf} finds. */
export interface Span {
  min: number
  max: number
}

/** Notes the least and the greatest of `values[0, rows)`. */
export function spanOf(values: Float64Array, rows: number, span: Span): void {
  assert(rows > 0 && rows <= values.length, '0 < rows <= length')
  let min = values[0]!
  let max = min
  for (let i = 1; i < rows; i++) {
    const value = values[i]!
    if (value < min) min = value
    if (value > max) max = value
  }
  span.min = min
  span.max = max
}
