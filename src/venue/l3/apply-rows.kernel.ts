/** Applies rows of single orders to the exchange's own book, in the order of its clock. */
import { BookPhase, OrderOutcome, type OrderBookState, type OrderQueues } from '../../book/index.ts'
import {
  BUY_BIT,
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  SELL_BIT,
  type EventColumns,
} from '../../market/index.ts'
import { applyRareRow } from './rare-row.ts'

/** Turns the bit of a sell row into the index of its side. */
export const SELL_SHIFT = 5

/** Applies positions [from, to), to nobody's notice: for the time when nothing of ours rests. */
export function applyOrderRows(
  state: OrderBookState,
  events: EventColumns,
  from: number,
  to: number,
): void {
  const { code, tick, lots, orderRef, exchOrder } = events
  let queues = state.target
  let isInStep = false
  for (let position = from; position < to; position++) {
    const i = exchOrder === undefined ? position : exchOrder[position]!
    const c = code[i]!
    if ((c & LOCAL_ONLY_BIT) !== 0) continue
    const kind = c & KIND_MASK
    if (kind === EventKind.OrderAdd) {
      if ((c & (BUY_BIT | SELL_BIT)) === 0) continue
      const side = ((c & SELL_BIT) >> SELL_SHIFT) as 0 | 1
      const outcome = queues.add(orderRef[i]!, side, tick[i]!, lots[i]!)
      if (outcome === OrderOutcome.Applied) isInStep = true
    } else if (kind === EventKind.OrderCancel || kind === EventKind.OrderExecute) {
      queues.reduce(orderRef[i]!, lots[i]!)
    } else if (kind === EventKind.OrderModify) {
      if (keepsSide(queues, c, orderRef[i]!)) queues.modify(orderRef[i]!, tick[i]!, lots[i]!)
    } else if (isRare(kind)) {
      if (isInStep) noteOrders(state)
      applyRareRow(state, events, i)
      queues = state.target
    }
  }
  if (isInStep) noteOrders(state)
}

/** False where a row gives a live order another side than its own: no order changes that. */
export function keepsSide(queues: OrderQueues, code: number, ref: number): boolean {
  const bits = code & (BUY_BIT | SELL_BIT)
  if (bits === 0 || queues.levelOf(ref) === 0) return true
  return queues.sideOf(ref) === (code & SELL_BIT) >> SELL_SHIFT
}

/** True for rows that are neither of single orders nor of trades: clears, snapshots, halts, gaps. */
export function isRare(kind: number): boolean {
  const isOrder = kind >= EventKind.OrderAdd && kind <= EventKind.OrderExecute
  const isTrade = kind === EventKind.Trade || kind === EventKind.OrderFill
  return !isOrder && !isTrade && kind !== EventKind.Bbo
}

/** A source without snapshots is in step from its first order on. */
export function noteOrders(state: OrderBookState): void {
  if (state.phase === BookPhase.Empty) state.phase = BookPhase.Live
}

/** Returns the first row in [from, to) that is not an addition for both sides, `to` where there is none. */
export function firstButAddition({ code }: EventColumns, from: number, to: number): number {
  const mask = KIND_MASK | (EXCH_ONLY_BIT | LOCAL_ONLY_BIT)
  let row = from
  while (row < to && (code[row]! & mask) === EventKind.OrderAdd) row++
  return row
}
