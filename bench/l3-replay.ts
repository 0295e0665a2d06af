/**
 * How fast a market-by-order book is replayed: event columns in, queues and levels maintained,
 * looked at after every 200 rows as a strategy that wakes up does.
 */
import { OrderBookState, applyOrderEvents } from 'lobtrader/book'
import { HighPrecisionClock } from 'lobtrader/time'
import type { BenchCase } from './bench-case.ts'
import { l3Peer } from './l3-peer.ts'
import { replayLists } from './list-book.ts'
import { orderTape, type OrderTape } from './order-tapes.ts'

const ROWS_BETWEEN_LOOKS = 200

/** Replays every row into a new book and returns messages per second. */
function replay({ events, openOrders, touch }: OrderTape, rows: number): number {
  const state = new OrderBookState({ rowsAreFinal: true })
  let looks = 0
  const begin = HighPrecisionClock.monotonicNs()
  for (let from = 0; from < rows; from += ROWS_BETWEEN_LOOKS) {
    applyOrderEvents(state, events, from, Math.min(rows, from + ROWS_BETWEEN_LOOKS))
    if (state.ladder.bestBidTick < state.ladder.bestAskTick) looks++
  }
  const seconds = Number(HighPrecisionClock.monotonicNs() - begin) / 1e9
  const { queues, ladder } = state
  const isWhole = rows === events.length
  const isSame = ladder.bestBidTick === touch[0] && ladder.bestAskTick === touch[1]
  if (looks === 0 || (isWhole && (queues.count !== openOrders || !isSame))) {
    throw new Error(
      `${rows} messages left ${queues.count} orders, ${ladder.bestBidTick} to ${ladder.bestAskTick}`,
    )
  }
  return rows / seconds
}

/** Measures L3 messages per second of one book, from columns through the kernel. */
export async function l3Replay(): Promise<BenchCase> {
  const tape = await orderTape()
  const { events, what, openOrders } = tape
  const rows = events.length
  for (let i = 0; i < 3; i++) replay(tape, Math.floor(rows / 6))
  const plain = {
    name: 'a Map of orders and a list of orders a level',
    run: () => replayLists(tape),
  }
  const peer = l3Peer(events)
  return {
    name: 'l3-replay',
    unit: 'messages/s',
    note: `${rows} ${what}, ${openOrders} orders at rest at the end, one book`,
    run: () => replay(tape, rows),
    ...peer,
    ...(peer.against === undefined
      ? { against: plain }
      : { details: [`${plain.name}: ${(replayLists(tape) / 1e6).toFixed(2)} M messages/s`] }),
  }
}
