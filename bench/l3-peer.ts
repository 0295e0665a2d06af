/** The same L3 operations on nodejs-order-book, an order book of objects in JavaScript. */
import { OrderBookState } from 'lobtrader/book'
import { BUY_BIT, EventKind, KIND_MASK, type EventColumns } from 'lobtrader/market'
import { HighPrecisionClock } from 'lobtrader/time'
import type { BenchCase } from './bench-case.ts'
import { missingPeer, nodePeer } from './peer.ts'

const PACKAGE = 'nodejs-order-book'

/** Messages of one run: the peer looks at every order of a level when one goes, and takes seconds. */
const MESSAGES_MAX = 60_000

interface PeerBook {
  limit(order: {
    readonly id: string
    readonly side: 'buy' | 'sell'
    readonly size: number
    readonly price: number
  }): { readonly err: Error | null }
  modify(
    id: string,
    to: { readonly size: number; readonly price: number },
  ): { readonly err: Error | null }
  cancel(id: string): unknown
}

interface PeerModule {
  readonly OrderBook: new () => PeerBook
}

/** What the peer is told of a row. */
const Op = { Nothing: 0, Limit: 1, Modify: 2, Cancel: 3, Clear: 4 } as const

/** The operations of a replay, made before the clock runs. */
interface Operations {
  readonly op: Uint8Array
  readonly isBuy: Uint8Array
  readonly id: readonly string[]
  /** What the operation leaves of its order. */
  readonly lots: Float64Array
  readonly tick: Int32Array
  /** Rows that are an operation. */
  readonly count: number
}

/** Returns the peer of an L3 replay over the first messages of `events`. */
export function l3Peer(events: EventColumns): Pick<BenchCase, 'against' | 'peerMissing'> {
  const found = nodePeer<PeerModule>(PACKAGE)
  if (found === undefined) return missingPeer(PACKAGE)
  const operations = operationsOf(events, Math.min(events.length, MESSAGES_MAX))
  return {
    against: {
      name: `${PACKAGE} ${found.version}, the first ${operations.count} of these messages`,
      run: () => replay(() => new found.module.OrderBook(), operations),
    },
  }
}

function replay(newBook: () => PeerBook, operations: Operations): number {
  const { op, isBuy, id, lots, tick, count } = operations
  let book = newBook()
  let failures = 0
  const begin = HighPrecisionClock.monotonicNs()
  for (let i = 0; i < op.length; i++) {
    if (op[i] === Op.Limit) {
      const side = isBuy[i] === 1 ? 'buy' : 'sell'
      if (book.limit({ id: id[i]!, side, size: lots[i]!, price: tick[i]! }).err !== null) failures++
    } else if (op[i] === Op.Modify) {
      if (book.modify(id[i]!, { size: lots[i]!, price: tick[i]! }).err !== null) failures++
    } else if (op[i] === Op.Cancel) {
      if (book.cancel(id[i]!) === undefined) failures++
    } else if (op[i] === Op.Clear) {
      book = newBook()
    }
  }
  const seconds = Number(HighPrecisionClock.monotonicNs() - begin) / 1e9
  if (failures > 0) throw new Error(`${PACKAGE} refused ${failures} of ${count} operations`)
  return count / seconds
}

/**
 * Makes operations of rows. The peer matches what crosses, a market before its opening does not:
 * the few orders that would stand across the other side are kept from it.
 */
function operationsOf(events: EventColumns, rows: number): Operations {
  const { code, orderRef, tick, lots } = events
  const { queues, ladder } = new OrderBookState()
  const made = {
    op: new Uint8Array(rows),
    isBuy: new Uint8Array(rows),
    id: Array.from(orderRef.subarray(0, rows), String),
    lots: new Float64Array(rows),
    tick: new Int32Array(rows),
  }
  const crosses = (side: number, at: number): boolean =>
    side === 0 ? at >= ladder.bestAskTick : at <= ladder.bestBidTick
  let count = 0
  for (let i = 0; i < rows; i++) {
    const kind = code[i]! & KIND_MASK
    const ref = orderRef[i]!
    if (kind === EventKind.DepthClear) {
      queues.clear()
      made.op[i] = Op.Clear
    }
    if (ref < 0) continue
    if (kind === EventKind.OrderAdd) {
      const side = (code[i]! & BUY_BIT) === 0 ? 1 : 0
      if (crosses(side, tick[i]!)) continue
      queues.add(ref, side, tick[i]!, lots[i]!)
      made.op[i] = Op.Limit
      made.isBuy[i] = side === 0 ? 1 : 0
    } else if (kind < EventKind.OrderAdd || kind > EventKind.OrderExecute) {
      continue
    } else {
      if (queues.levelOf(ref) === 0) continue
      const isModify = kind === EventKind.OrderModify
      if (!isModify) queues.reduce(ref, lots[i]!)
      else if (crosses(queues.sideOf(ref), tick[i]!)) queues.reduce(ref, queues.lotsOf(ref))
      else queues.modify(ref, tick[i]!, lots[i]!)
      made.op[i] = queues.levelOf(ref) === 0 ? Op.Cancel : Op.Modify
    }
    made.lots[i] = queues.lotsOf(ref)
    made.tick[i] = queues.tickOf(ref)
    count++
  }
  return { ...made, count }
}
