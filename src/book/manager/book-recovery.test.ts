/** Books that lose messages and come back by snapshots that are fetched, late and old at times. */
import { describe, expect, it } from 'vitest'
import { campaignLength, tellCampaign } from '../../../test/campaign.ts'
import { LobtraderError, Prng } from '../../core/index.ts'
import {
  BinanceFuturesGate,
  BinanceSpotGate,
  BitstampGate,
  DeribitGate,
  KrakenGate,
  Mdp3Gate,
} from '../../feed/index.ts'
import { Instrument, type OrderBookSnapshot, type Side } from '../../market/index.ts'
import type { OrderBook } from '../order-book.ts'
import type { OrderUpdate, OrdersSnapshot } from '../order-book-l3.ts'
import type { BookStatusChange, LevelsMessage, SnapshotNeed } from './book-events.ts'
import type { ManagedBook, ManagedBookOptions } from './managed-book.ts'
import { OrderBookManager } from './order-book-manager.ts'
import type { SequenceRule } from './snapshot-recovery.ts'

const instrument = new Instrument({
  venue: 'test',
  symbol: 'XYZ',
  kind: 'spot',
  base: 'X',
  quote: 'Z',
  tickSize: '0.5',
  lotSize: '0.1',
})
const MIDNIGHT = 1_723_075_200_000_000_000n

type Levels = Map<number, number>

/** A venue that changes its book and sends messages with the numbers of its kind. */
class Venue {
  readonly #random: Prng
  readonly #bids: Levels = new Map()
  readonly #asks: Levels = new Map()
  #id = 100
  time = MIDNIGHT

  constructor(random: Prng) {
    this.#random = random
  }

  /** Changes some levels and returns the message that says so. */
  change(): LevelsMessage {
    const random = this.#random
    const previous = this.#id
    const levels: { side: Side; price: number; volume: number }[] = []
    for (let i = random.nextInt(4); i >= 0; i--) {
      const side = random.nextInt(2) === 0 ? 1 : -1
      const price = 50 - (side * (2 + random.nextInt(60))) / 2
      const volume = random.nextInt(3) === 0 ? 0 : (1 + random.nextInt(90)) / 10
      const of = side === 1 ? this.#bids : this.#asks
      if (volume === 0) of.delete(price)
      else of.set(price, volume)
      levels.push({ side, price, volume })
    }
    this.#id += levels.length
    this.time += 1_000_000n
    return {
      kind: 'levels',
      symbol: 'XYZ',
      timestampNs: this.time,
      first: previous + 1,
      last: this.#id,
      previous,
      checksum: this.checksum(),
      levels,
    }
  }

  snapshot(): OrderBookSnapshot {
    const levels = (of: Levels, side: Side): OrderBookSnapshot['bids'] =>
      [...of]
        .sort((a, b) => side * (b[0] - a[0]))
        .map(([price, volume]) => ({ price, volume, numOrders: 0 }))
    return {
      timestampNs: this.time,
      symbol: 'XYZ',
      bids: levels(this.#bids, 1),
      asks: levels(this.#asks, -1),
      seqNum: this.#id,
    }
  }

  checksum(): number {
    return checksumOf(this.snapshot())
  }
}

/** Any function of the levels will do here: the real ones have tests of their own. */
function checksumOf({ bids, asks }: Pick<OrderBookSnapshot, 'bids' | 'asks'>): number {
  let sum = 7
  for (const { price, volume } of [...bids, ...asks]) {
    sum = (Math.imul(sum, 31) + price * 2 + Math.round(volume * 10)) | 0
  }
  return sum
}

interface World {
  readonly books: OrderBookManager
  readonly managed: ManagedBook<OrderBook>
  readonly needs: SnapshotNeed[]
  readonly changes: BookStatusChange[]
}

function worldOf(options: ManagedBookOptions<OrderBook>): World {
  const books = new OrderBookManager()
  const managed = books.add(instrument, options)
  const needs: SnapshotNeed[] = []
  const changes: BookStatusChange[] = []
  books.onSnapshotNeeded((need) => needs.push(need))
  books.onStatus((change) => changes.push(change))
  return { books, managed, needs, changes }
}

const GATES: Readonly<Record<string, () => SequenceRule>> = {
  'Binance spot': () => new BinanceSpotGate(),
  'Binance futures': () => new BinanceFuturesGate(),
  Bitstamp: () => new BitstampGate(),
  Deribit: () => new DeribitGate(),
}

describe('a managed book behind the sequence rule of its venue', () => {
  const steps = campaignLength(24_000)
  it.each(Object.entries(GATES))(
    'is the book of %s whenever it is live, through losses, late and old snapshots',
    (name, gate) => {
      const share = Math.ceil(steps / 4)
      for (let done = 0; done < share; done += 3000) {
        const random = new Prng(done + 11)
        const venue = new Venue(random)
        const { books, managed, needs, changes } = worldOf({ rule: gate(), bufferMax: 40 })
        let fetched: OrderBookSnapshot | undefined
        let asked = 0
        let live = 0
        for (let step = 0; step < 3000; step++) {
          const message = venue.change()
          const isLost = random.nextInt(60) === 0
          // What no number shows is lost unseen: such a venue loses its connection instead.
          if (isLost && name === 'Bitstamp') {
            books.update({ kind: 'gap', symbol: 'XYZ', timestampNs: venue.time })
          } else if (!isLost) books.update(message)
          if (random.nextInt(50) === 0 && !isLost) books.update(message)
          if (needs.length > asked) {
            asked = needs.length
            fetched = undefined
          }
          // The answer is as old as it is; now and then so long on its way that messages go.
          if (managed.needsSnapshot) {
            if (fetched === undefined) fetched = venue.snapshot()
            else if (random.nextInt(12) === 0) {
              const answer = fetched
              fetched = undefined
              books.update(answer)
            } else if (random.nextInt(30) === 0) fetched = venue.snapshot()
          }
          if (managed.book.status !== 'live' || isLost) continue
          live++
          const { bids, asks } = managed.book.snapshot()
          const truth = venue.snapshot()
          if (checksumOf({ bids, asks }) !== venue.checksum()) {
            expect({ step, bids, asks }).toEqual({ step, bids: truth.bids, asks: truth.asks })
          }
        }
        expect(live).toBeGreaterThan(500)
        expect(needs.length).toBeGreaterThan(20)
        for (const [i, change] of changes.entries()) {
          expect(change.from).toBe(i === 0 ? 'empty' : changes[i - 1]!.to)
        }
        expect(changes.filter(({ to }) => to === 'stale').length).toBeGreaterThan(10)
      }
      tellCampaign(`recovery of a managed book of ${name}`, Math.ceil(share / 3000) * 3000)
    },
    3_600_000,
  )

  it('waits for its first snapshot, and takes what came meanwhile', () => {
    const venue = new Venue(new Prng(1))
    const { books, managed, needs, changes } = worldOf({ rule: new BinanceSpotGate() })
    for (let i = 0; i < 5; i++) books.update(venue.change())
    expect(needs).toEqual([{ symbol: 'XYZ', venue: 'test', reason: 'start', lastId: -1 }])
    expect([managed.book.status, managed.buffered, managed.needsSnapshot]).toEqual([
      'syncing',
      5,
      true,
    ])
    const snapshot = venue.snapshot()
    for (let i = 0; i < 5; i++) books.update(venue.change())
    books.update(snapshot)
    expect(managed.book.snapshot()).toEqual(venue.snapshot())
    expect([managed.buffered, managed.needsSnapshot]).toEqual([0, false])
    expect(changes.map(({ to }) => to)).toEqual(['syncing', 'live'])
  })

  it('is stale from a checksum on that is not its own, and mended by a snapshot in the stream', () => {
    const venue = new Venue(new Prng(2))
    const { books, managed, needs, changes } = worldOf({
      rule: new KrakenGate(),
      checksum: (book) => checksumOf(book.snapshot()),
      bufferMax: 0,
    })
    books.update(venue.snapshot())
    for (let i = 0; i < 9; i++) books.update(venue.change())
    expect(managed.book.snapshot().bids).toEqual(venue.snapshot().bids)
    venue.change()
    books.update(venue.change())
    expect(needs.map(({ reason }) => reason)).toEqual(['checksum'])
    books.update(venue.change())
    expect([managed.book.status, managed.buffered]).toEqual(['stale', 0])
    books.update(venue.snapshot())
    books.update(venue.change())
    expect(managed.book.snapshot().asks).toEqual(venue.snapshot().asks)
    expect(changes.map(({ to }) => to)).toEqual(['live', 'stale', 'live'])
    expect(needs).toHaveLength(1)
  })

  it('asks again when the snapshot is older than what had to go', () => {
    const venue = new Venue(new Prng(3))
    const { books, managed, needs } = worldOf({ rule: new BitstampGate(), bufferMax: 8 })
    books.update(venue.change())
    const old = venue.snapshot()
    for (let i = 0; i < 30; i++) books.update(venue.change())
    expect([managed.buffered, managed.overflow]).toEqual([8, 23])
    books.update(old)
    expect(needs.map(({ reason }) => reason)).toEqual(['start', 'old-snapshot'])
    books.update(venue.snapshot())
    expect(managed.book.snapshot().bids).toEqual(venue.snapshot().bids)
    expect(managed.needsSnapshot).toBe(false)
  })

  it('takes a message whole or not at all, and is stale when it cannot be taken', () => {
    const venue = new Venue(new Prng(4))
    const { books, managed, needs } = worldOf({ rule: new BinanceSpotGate() })
    books.update(venue.snapshot())
    books.update(venue.change())
    const before = managed.book.snapshot()
    const next = venue.change()
    const broken = { ...next, levels: [...next.levels, { side: 1 as Side, price: 0.3, volume: 1 }] }
    expect(() => books.update(broken)).toThrow('OFF_GRID')
    expect(managed.book.snapshot().bids).toEqual(before.bids)
    expect([managed.book.status, needs.at(-1)?.reason]).toEqual(['stale', 'misfit'])
    // A snapshot that cannot be taken is asked for again, and the book stays as it is.
    const bad = { ...venue.snapshot(), bids: [{ price: 0.3, volume: 1, numOrders: 0 }] }
    expect(() => books.update(bad)).toThrow('OFF_GRID')
    expect([managed.book.status, needs.length]).toEqual(['stale', 2])
    books.update(venue.snapshot())
    expect(managed.book.snapshot().bids).toEqual(venue.snapshot().bids)
  })

  it('empties a book whose numbers begin anew', () => {
    const { books, managed } = worldOf({ rule: restarting() })
    const level = { side: 1 as Side, price: 5, volume: 1 }
    const message = { kind: 'levels', symbol: 'XYZ', timestampNs: MIDNIGHT } as const
    books.update({ ...message, first: 7, last: 7, levels: [level] })
    books.update({ ...message, first: 1, last: 1, levels: [{ ...level, price: 6 }] })
    expect(managed.book.getDepth(9).bids.map(({ price }) => price)).toEqual([6])
  })

  it('refuses a buffer that is none', () => {
    const options = { rule: new KrakenGate(), bufferMax: -1 }
    expect(() => new OrderBookManager().add(instrument, options)).toThrow(LobtraderError)
  })
})

/** A rule under which a lower number begins the book anew. */
function restarting(): SequenceRule {
  let lastId = 0
  return {
    get lastId() {
      return lastId
    },
    resetKeepsBook: false,
    onSnapshot: () => 'apply',
    onDelta(first, last) {
      const verdict = first > lastId ? 'apply' : 'reset'
      lastId = last
      return verdict
    },
    invalidate() {},
  }
}

describe('a managed book of orders', () => {
  const at = { timestampNs: MIDNIGHT }
  const add = (orderRef: number, price: number): OrderUpdate => ({
    ...at,
    kind: 'add',
    orderRef,
    side: 1,
    price,
    volume: 1,
  })
  const message = (first: number, orders: OrderUpdate[]) =>
    ({
      kind: 'orders',
      symbol: 'XYZ',
      ...at,
      first,
      last: first + orders.length - 1,
      orders,
    }) as const

  it('recovers by a snapshot of orders', () => {
    const books = new OrderBookManager()
    const managed = books.addL3(instrument, { rule: new Mdp3Gate() })
    const needs: SnapshotNeed[] = []
    books.onSnapshotNeeded((need) => needs.push(need))
    books.update(message(1, [add(1, 5), add(2, 5)]))
    expect(managed.book.status).toBe('live')
    books.update(message(5, [add(5, 6)]))
    expect([managed.book.status, needs[0]?.reason, needs[0]?.lastId]).toEqual(['stale', 'gap', -1])
    books.update(message(6, [add(6, 7)]))
    const orders = [1, 2, 3, 4, 5].map((orderRef) => ({
      orderRef,
      side: 1 as Side,
      price: 5,
      volume: 1,
    }))
    const snapshot: OrdersSnapshot = { ...at, symbol: 'XYZ', orders, seqNum: 5 }
    books.update(snapshot)
    expect([managed.book.status, managed.book.openOrders]).toEqual(['live', 6])
    expect(books.getOrders('XYZ').getQueuePosition(4)?.ordersAhead).toBe(3)
    expect(books.getBestBid('XYZ')).toEqual({ price: 7, volume: 1, numOrders: 1 })
  })

  it('is stale when a message names an order that is not there', () => {
    const books = new OrderBookManager()
    const managed = books.addL3(instrument, { rule: new Mdp3Gate() })
    const reasons: string[] = []
    books.onSnapshotNeeded(({ reason }) => reasons.push(reason))
    books.update(message(1, [add(1, 5)]))
    const cancel: OrderUpdate = { ...at, kind: 'cancel', orderRef: 9 }
    expect(() => books.update(message(2, [cancel]))).toThrow('names no order')
    expect([managed.book.status, reasons]).toEqual(['stale', ['misfit']])
  })
})
