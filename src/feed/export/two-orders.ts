/**
 * The one order of an array that two sides read: the exchange its records by venue time, we ours
 * by local time.
 *
 * Where the two orders agree a record stands once, for both; where they differ it stands twice,
 * once in each. This is what `correct_event_order` of hftbacktest does, and what
 * `validate_event_order` asks for.
 */
import { exchangeOrder } from '../../market/index.ts'
import { RecordFlag } from '../import/hftbacktest/event-record.ts'
import type { RecordColumns } from './record-columns.ts'

const BOTH = RecordFlag.Exchange + RecordFlag.Local

/**
 * Calls `put` for each record of the array in its order.
 *
 * @param put gets the index of the record and the flags of the sides that see it here
 */
export function inBothOrders(
  records: RecordColumns,
  put: (record: number, seen: number) => void,
): void {
  const { length, seen, exchTime } = records
  const order = exchangeOrder(exchTime, length)
  /** Flags under which a record has been written. */
  const written = new Uint32Array(length)
  const write = (record: number, flags: number): void => {
    written[record]! += flags
    put(record, flags)
  }
  let exchange = 0
  let local = 0
  const exchangeRecord = (): number => order?.[exchange] ?? exchange
  for (;;) {
    while (exchange < length && !seesExchange(seen[exchangeRecord()]!)) exchange++
    while (local < length && !seesLocal(seen[local]!)) local++
    if (exchange >= length && local >= length) return
    const e = exchange < length ? exchangeRecord() : -1
    const l = local < length ? local : -1
    if (e === l) {
      write(e, BOTH)
      exchange++
      local++
    } else if (e >= 0 && (l < 0 || comesFirst(records, written, e, l))) {
      write(e, RecordFlag.Exchange)
      exchange++
    } else {
      write(l, RecordFlag.Local)
      local++
    }
  }
}

/** True when the exchange's next record is written before our next one. */
function comesFirst({ seen }: RecordColumns, written: Uint32Array, e: number, l: number): boolean {
  // One that has been written for the exchange already waits for nothing.
  if (written[l]! !== 0) return false
  if (written[e]! !== 0) return true
  // What one side alone sees stands where it stood.
  return seesExchange(seen[l]!) || e < l
}

function seesExchange(seen: number): boolean {
  return seen >= RecordFlag.Exchange
}

function seesLocal(seen: number): boolean {
  return seen === RecordFlag.Local || seen === BOTH
}
