/** Checks rows before they enter a store; what is on disk has passed here. */
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
