/** The same L3 operations on nodejs-order-book, an order book of objects in JavaScript. */
import { EventKind, KIND_MASK, codeSide, type EventColumns } from 'lobtrader/market'
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

/** Returns the peer of an L3 replay over the first messages of `events`. */
export function l3Peer(events: EventColumns): Pick<BenchCase, 'against' | 'peerMissing'> {
  const found = nodePeer<PeerModule>(PACKAGE)
  if (found === undefined) return missingPeer(PACKAGE)
  const rows = Math.min(events.length, MESSAGES_MAX)
  // What each operation leaves of its order, so that the peer is not timed on our bookkeeping.
  const left = leftOver(events, rows)
  const ids = Array.from(
    { length: 1 + events.orderRef.reduce((a, b) => Math.max(a, b), 0) },
    (_, i) => String(i),
  )
  return {
    against: {
      name: `${PACKAGE} ${found.version}, the first ${rows} messages`,
      run: () => replay(new found.module.OrderBook(), events, { rows, left, ids }),
    },
  }
}

interface Prepared {
  readonly rows: number
  readonly left: { readonly lots: Float64Array; readonly tick: Int32Array }
  readonly ids: readonly string[]
}

function replay(book: PeerBook, events: EventColumns, { rows, left, ids }: Prepared): number {
  const { code, orderRef, tick, lots } = events
  let failures = 0
  const begin = HighPrecisionClock.monotonicNs()
  for (let i = 0; i < rows; i++) {
    if (!isOfOrder(code[i]!)) continue
    const id = ids[orderRef[i]!]!
    if ((code[i]! & KIND_MASK) === EventKind.OrderAdd) {
      const side = codeSide(code[i]!) > 0 ? 'buy' : 'sell'
      if (book.limit({ id, side, size: lots[i]!, price: tick[i]! }).err !== null) failures++
    } else if (left.lots[i] === 0) {
      if (book.cancel(id) === undefined) failures++
    } else if (book.modify(id, { size: left.lots[i]!, price: left.tick[i]! }).err !== null) {
      failures++
    }
  }
  const seconds = Number(HighPrecisionClock.monotonicNs() - begin) / 1e9
  if (failures > 0) throw new Error(`${PACKAGE} refused ${failures} of ${rows} operations`)
  return rows / seconds
}

/** True for rows that change an order; the peer has nothing to do for the others. */
function isOfOrder(code: number): boolean {
  const kind = code & KIND_MASK
  return kind >= EventKind.OrderAdd && kind <= EventKind.OrderExecute
}

function leftOver(events: EventColumns, rows: number): Prepared['left'] {
  const { code, orderRef, tick, lots } = events
  const left = { lots: new Float64Array(rows), tick: new Int32Array(rows) }
  const live = new Map<number, { lots: number; tick: number }>()
  for (let i = 0; i < rows; i++) {
    const kind = code[i]! & KIND_MASK
    if (!isOfOrder(code[i]!)) continue
    const ref = orderRef[i]!
    if (kind === EventKind.OrderAdd || kind === EventKind.OrderModify) {
      live.set(ref, { lots: lots[i]!, tick: tick[i]! })
    } else {
      live.get(ref)!.lots -= lots[i]!
    }
    const order = live.get(ref)!
    left.lots[i] = order.lots
    left.tick[i] = order.tick
  }
  return left
}
