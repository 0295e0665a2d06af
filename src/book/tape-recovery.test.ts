/**
 * Books that lose updates and recover by snapshots, at random points of random streams: updates
 * lost before and after a gap is noticed, snapshots that break off, begin anew, or are seen from
 * their middle on. What a live book holds is what the venue holds, to the last level and order.
 */
import { describe, expect, it } from 'vitest'
import { campaignLength, tellCampaign } from '../../test/campaign.ts'
import { ListBook } from '../../test/list-book.ts'
import { Prng } from '../core/index.ts'
import { EventKind, EventWriter, eventCode, type EventColumns, type Side } from '../market/index.ts'
import { applyEvents } from './apply-events.kernel.ts'
import { applyOrderEvents } from './apply-orders.kernel.ts'
import { BookState, type BookStatus } from './book-state.ts'
import { OrderBookState } from './order-book-state.ts'
import type { Ladder } from './ladder.ts'

/** What the reader of the stream can know: written by the venue's side, beside each row. */
interface Expected {
  readonly events: EventColumns
  /** Status after each row. */
  readonly status: BookStatus[]
  /** Rows behind which the reader's book is the venue's, with a picture of it. */
  readonly whole: Map<number, string>
}

/** Mean changes between two moments at which the books are compared whole. */
const PICTURE_EVERY = 40

/** A venue's side: a market of its own that writes what it sends, and what of it is lost. */
abstract class Venue {
  protected readonly random: Prng
  readonly #writer = new EventWriter(0n)
  readonly #status: BookStatus[] = []
  readonly #whole = new Map<number, string>()
  /** True while rows do not reach the reader. */
  #isLost = false
  /** True from then on until a snapshot has come. */
  #isBehind = false
  #phase: BookStatus = 'empty'
  #hasBegun = false

  constructor(random: Prng) {
    this.random = random
  }

  /** Picture of the venue's book. */
  protected abstract picture(): string
  protected abstract isEmpty(): boolean
  protected abstract change(): void
  /** Sends the levels or orders of the book, or the first `share` of them. */
  protected abstract sendBook(share: number): void

  protected send(kind: EventKind, side: Side | 0, tick: number, lots: number, ref = -1): void {
    if (this.#isLost) return
    const row = this.#writer.length
    this.#writer.push(row, row, eventCode(kind, side), tick, lots, ref)
    if (kind === EventKind.SnapshotBegin) {
      this.#hasBegun = true
      if (this.#phase === 'empty') this.#phase = 'syncing'
    } else if (kind === EventKind.SnapshotEnd) {
      if (this.#hasBegun) this.#phase = 'live'
      this.#hasBegun = false
    } else if (kind === EventKind.Gap) {
      this.#phase = 'stale'
      this.#hasBegun = false
    } else if (kind !== EventKind.Trade && !this.#hasBegun && this.#phase === 'empty') {
      // Without a snapshot, a stream is whole from its first row on.
      this.#phase = 'live'
    }
    const shown = this.#phase === 'live' && this.isEmpty() ? 'empty' : this.#phase
    this.#status.push(shown)
  }

  run(rows: number): Expected {
    while (this.#writer.length < rows) {
      const dice = this.random.nextInt(400)
      if (dice === 0) this.#lose()
      else if (dice === 1) this.#snapshot()
      else if (dice === 2) this.#brokenSnapshot()
      else if (dice === 3) this.send(EventKind.Trade, 1, 5, 5)
      else this.change()
      if (!this.#isBehind && this.random.nextInt(PICTURE_EVERY) === 0) {
        this.#whole.set(this.#writer.length, this.picture())
      }
    }
    return { events: this.#writer.finish(), status: this.#status, whole: this.#whole }
  }

  /** Loses some changes; the reader notices, and now and then only after more have come. */
  #lose(): void {
    this.#isLost = true
    this.#isBehind = true
    for (let left = 1 + this.random.nextInt(60); left > 0; left--) this.change()
    this.#isLost = false
    this.send(EventKind.Gap, 0, 0, 0)
  }

  #snapshot(): void {
    // What a reader that joined late sees first.
    if (this.random.nextInt(8) === 0) {
      this.#isBehind = true
      this.#isLost = true
      for (let left = this.random.nextInt(3); left > 0; left--) this.change()
      this.#isLost = false
      this.send(EventKind.Gap, 0, 0, 0)
      this.sendBook(this.random.next())
      this.send(EventKind.SnapshotEnd, 0, 0, 0)
    }
    this.#begin()
    this.sendBook(1)
    this.send(EventKind.SnapshotEnd, 0, 0, 0)
    this.#isBehind = false
  }

  /** Breaks off in the middle: a gap, or a new beginning, says so. */
  #brokenSnapshot(): void {
    this.#begin()
    this.sendBook(this.random.next())
    if (this.random.nextInt(2) === 0) {
      this.#isBehind = true
      this.send(EventKind.Gap, 0, 0, 0)
      if (this.random.nextInt(2) === 0) this.send(EventKind.SnapshotEnd, 0, 0, 0)
    } else {
      this.#snapshot()
    }
  }

  #begin(): void {
    this.onSnapshot()
    this.send(EventKind.SnapshotBegin, 0, 0, 0)
  }

  /** Names may be given anew with a snapshot. */
  protected onSnapshot(): void {}
}

class LevelVenue extends Venue {
  readonly #bids = new Map<number, number>()
  readonly #asks = new Map<number, number>()
  #middle = 1000

  protected isEmpty(): boolean {
    return this.#bids.size + this.#asks.size === 0
  }

  protected picture(): string {
    const bids = [...this.#bids].sort((a, b) => b[0] - a[0])
    const asks = [...this.#asks].sort((a, b) => a[0] - b[0])
    return JSON.stringify([bids, asks])
  }

  protected change(): void {
    const { random } = this
    if (random.nextInt(50) === 0) this.#middle += random.nextInt(2001) - 1000
    const side = random.nextInt(2) === 0 ? 1 : -1
    const levels = side === 1 ? this.#bids : this.#asks
    // Never crossed: the status would tell of that first.
    const tick = side * -(1 + Math.abs(Math.round(random.nextNormal() * 300))) + this.#middle
    const other = side === 1 ? this.#asks : this.#bids
    for (const met of other.keys()) {
      if (side * (met - tick) > 0) continue
      other.delete(met)
      this.send(EventKind.DepthSet, side === 1 ? -1 : 1, met, 0)
    }
    const lots = levels.has(tick) && random.nextInt(2) === 0 ? 0 : 1 + random.nextInt(99)
    if (lots === 0) levels.delete(tick)
    else levels.set(tick, lots)
    this.send(EventKind.DepthSet, side, tick, lots)
  }

  protected sendBook(share: number): void {
    for (const [side, levels] of [
      [1, this.#bids],
      [-1, this.#asks],
    ] as const) {
      let left = Math.ceil(levels.size * share)
      for (const [tick, lots] of levels) {
        if (left-- === 0) break
        this.send(EventKind.SnapshotLevel, side, tick, lots)
      }
    }
  }
}

class OrderVenue extends Venue {
  readonly #book = new ListBook('decrease-keeps')
  /** Reference of each order under which the reader knows it. */
  #refs = new Map<number, number>()
  #named = 0

  protected isEmpty(): boolean {
    return this.#book.levels.length === 0
  }

  protected picture(): string {
    return picture(
      [0, 1].map((side) =>
        this.#book.levels
          .filter((level) => level.side === side)
          .sort((a, b) => (side === 0 ? b.tick - a.tick : a.tick - b.tick))
          .map(({ tick, orders }) => ({
            tick,
            orders: orders.map(({ ref, lots }) => [this.#refs.get(ref)!, lots] as const),
          })),
      ),
    )
  }

  protected override onSnapshot(): void {
    const shift = this.random.nextInt(50)
    const refs = [...this.#refs.keys()]
    this.#refs = new Map(refs.map((id, i) => [id, i + shift]))
  }

  protected change(): void {
    const { random } = this
    const book = this.#book
    const side = random.nextInt(2) as 0 | 1
    const tick = side === 0 ? 100 - random.nextInt(20) : 101 + random.nextInt(20)
    const level = book.levels[random.nextInt(Math.max(1, book.levels.length))]
    const order = level?.orders[random.nextInt(level.orders.length)]
    const dice = random.nextInt(10)
    // About as many come as go once there are some, so that the venue's own lists stay short.
    const isAdded = dice < (this.#refs.size > 150 ? 3 : 5)
    if (level === undefined || order === undefined || isAdded) {
      const id = this.#named++
      const lots = 1 + random.nextInt(9)
      book.add(id, side, tick, lots)
      this.#send(EventKind.OrderAdd, { side, tick, lots, ref: this.#take(id) })
      return
    }
    const ref = this.#refs.get(order.ref)!
    const at = { side: level.side, tick: level.tick, ref }
    if (dice < 8) {
      const lots = random.nextInt(3) === 0 ? 1 : order.lots
      book.reduce(order.ref, lots)
      this.#send(dice === 3 ? EventKind.OrderExecute : EventKind.OrderCancel, { ...at, lots })
    } else {
      const lots = 1 + random.nextInt(9)
      const to = random.nextInt(2) === 0 || side !== level.side ? level.tick : tick
      book.modify(order.ref, to, lots)
      this.#send(EventKind.OrderModify, { ...at, tick: to, lots })
    }
    if (book.find(order.ref) === undefined) this.#refs.delete(order.ref)
  }

  protected sendBook(share: number): void {
    for (const { side, tick, orders } of this.#book.levels) {
      for (const { ref, lots } of orders) {
        if (share < 1 && this.random.next() >= share) return
        this.#send(EventKind.OrderAdd, { side, tick, lots, ref: this.#refs.get(ref)! })
      }
    }
  }

  #take(id: number): number {
    const used = new Set(this.#refs.values())
    let ref = 0
    while (used.has(ref)) ref++
    this.#refs.set(id, ref)
    return ref
  }

  #send(
    kind: EventKind,
    row: { readonly side: 0 | 1; tick: number; lots: number; ref: number },
  ): void {
    this.send(kind, row.side === 0 ? 1 : -1, row.tick, row.lots, row.ref)
  }
}

type OrdersOfLevel = { readonly tick: number; readonly orders: readonly (readonly number[])[] }

const picture = (sides: readonly (readonly OrdersOfLevel[])[]): string => JSON.stringify(sides)

function levelsOf(ladder: Ladder): string {
  const sides = ladder.sides.map((levels, side) => {
    const out: [number, number][] = []
    for (let key = levels.best; key !== -2147483648; key = levels.nextBelow(key)) {
      out.push([key ^ -side, levels.lotsAt(key)])
    }
    return out
  })
  return JSON.stringify(sides)
}

function ordersOf({ queues, ladder }: OrderBookState): string {
  const sides = ([0, 1] as const).map((side) => {
    const levels: OrdersOfLevel[] = []
    const keys = ladder.sides[side]
    for (let key = keys.best; key !== -2147483648; key = keys.nextBelow(key)) {
      const tick = key ^ -side
      const orders: number[][] = []
      for (let ref = queues.firstAt(side, tick); ref >= 0; ref = queues.nextOf(ref)) {
        orders.push([ref, queues.lotsOf(ref)])
      }
      levels.push({ tick, orders })
    }
    return levels
  })
  return picture(sides)
}

/** Reads the stream in random pieces; returns at how many of their ends the book was the venue's. */
function read<State extends BookState>(
  stream: Expected,
  random: Prng,
  reader: {
    readonly state: State
    apply(state: State, events: EventColumns, from: number, to: number): void
    picture(state: State): string
  },
): number {
  const { events, status, whole } = stream
  let compared = 0
  const pictured = [...whole.keys(), events.length]
  let next = 0
  for (let from = 0; from < events.length;) {
    while (pictured[next]! <= from) next++
    const to = Math.min(pictured[next]!, from + 1 + random.nextInt(40))
    reader.apply(reader.state, events, from, to)
    from = to
    const { state } = reader
    if (state.status !== status[to - 1]) {
      expect({ row: to, status: state.status }).toEqual({ row: to, status: status[to - 1] })
    }
    const wanted = whole.get(to)
    if (wanted === undefined) continue
    compared++
    if (reader.picture(state) !== wanted) {
      expect({ row: to, book: reader.picture(state) }).toEqual({ row: to, book: wanted })
    }
  }
  return compared
}

describe('recovery by snapshots', () => {
  const rowsPerStream = 20_000
  const rows = campaignLength(60_000)

  it("gives a book of levels that is the venue's whenever it is live", () => {
    let compared = 0
    for (let done = 0; done < rows; done += rowsPerStream) {
      const random = new Prng(done + 1)
      const stream = new LevelVenue(random).run(rowsPerStream)
      const state = new BookState({ windowTicks: 256 })
      const view = (book: BookState): string => levelsOf(book.ladder)
      compared += read(stream, random, { state, apply: applyEvents, picture: view })
    }
    expect(compared).toBeGreaterThan(rows / 1000)
    tellCampaign('recovery of books of levels', Math.ceil(rows / rowsPerStream) * rowsPerStream)
  }, 3_600_000)

  it("gives a book of orders that is the venue's whenever it is live", () => {
    let compared = 0
    for (let done = 0; done < rows; done += rowsPerStream) {
      const random = new Prng(done + 2)
      const stream = new OrderVenue(random).run(rowsPerStream)
      const state = new OrderBookState({ windowTicks: 256 })
      compared += read(stream, random, { state, apply: applyOrderEvents, picture: ordersOf })
    }
    expect(compared).toBeGreaterThan(rows / 1000)
    tellCampaign('recovery of books of orders', Math.ceil(rows / rowsPerStream) * rowsPerStream)
  }, 3_600_000)
})
