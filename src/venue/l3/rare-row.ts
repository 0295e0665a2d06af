/** Rows that are neither of single orders nor of trades, applied to the exchange's own book. */
import { applyOrderEvents, type OrderBookState } from '../../book/index.ts'
import { EXCH_ONLY_BIT, type EventColumns } from '../../market/index.ts'

/** The book's own kernel reads rows as we saw them: one that only the venue sees goes to it unmarked. */
export function applyRareRow(state: OrderBookState, events: EventColumns, row: number): void {
  if ((events.code[row]! & EXCH_ONLY_BIT) === 0) {
    applyOrderEvents(state, events, row, row + 1)
    return
  }
  const code = Uint8Array.of(events.code[row]! & ~EXCH_ONLY_BIT)
  const of = <T extends { subarray(from: number, to: number): T }>(column: T): T =>
    column.subarray(row, row + 1)
  const unmarked = {
    ...events,
    length: 1,
    code,
    localTime: of(events.localTime),
    exchTime: of(events.exchTime),
    tick: of(events.tick),
    lots: of(events.lots),
    orderRef: of(events.orderRef),
    seq: of(events.seq),
    exchOrder: undefined,
  }
  applyOrderEvents(state, unmarked, 0, 1)
}
