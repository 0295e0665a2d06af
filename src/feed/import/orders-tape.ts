/**
 * Rows of a market-by-order import on their way to the store, and the book that they make.
 *
 * What every importer of single orders needs: ids of the venue become dense references, rows that
 * name an order which is not there are counted and left out, and the book is written anew where a
 * UTC day begins, so that a run may start at any partition. References are used again, so the rows
 * of the exchange side must stand in the order of ours: venue times never go back here, one that
 * does is raised to the one before.
 */
import {
  NO_ASK,
  NO_BID,
  OrderBookState,
  OrderOutcome,
  type Ladder,
  type ModifyPriority,
} from '../../book/index.ts'
import { EventKind, eventCode, type Side } from '../../market/index.ts'
import type { RowSink } from '../../store/index.ts'
import { DAY_NS } from '../../time/index.ts'
import type { OrderCounts } from './import-result.ts'
import { OrderRefs } from './order-refs.kernel.ts'
import { SMALL_TAPE, Tape } from './tape.ts'
import { TradeTotals } from './trade-totals.ts'

/** References a book may need at once: 64 times the orders of the busiest future. */
const ORDERS_MAX = 2 ** 26

/** How an {@link OrdersTape} behaves. */
export interface OrdersTapeOptions {
  /** The venue's rule; default `decrease-keeps`, see `OrderQueues`. */
  readonly modifyPriority?: ModifyPriority
  /** One of thousands: as little memory as can be, and rows go to the store before they are many. */
  readonly isSmall?: boolean
}

/** The L3 tape of one instrument: call {@link at} for each message, then what it says. */
export class OrdersTape {
  readonly totals = new TradeTotals()
  /** Moments at which the best bid stood above the best ask; see {@link countCrossed}. */
  crossed = 0
  gaps = 0
  /** Additions of a live id, and modifications and cancellations of one that is not live. */
  unknown = 0
  /** Executions and fills of an id that is not live. */
  unknownFills = 0
  /** Cancellations and executions of more than the order had; they take it away. */
  excess = 0
  readonly #refs = new OrderRefs()
  readonly #book: OrderBookState
  readonly #tape: Tape
  readonly #isSmall: boolean
  #localTime = 0
  #exchTime = Number.NEGATIVE_INFINITY
  #seq = 0
  #nextDay = Number.NEGATIVE_INFINITY

  /** @param epochNs Unix ns of time 0 of the rows */
  constructor(sink: RowSink, epochNs: bigint, options: OrdersTapeOptions = {}) {
    const { modifyPriority = 'decrease-keeps', isSmall = false } = options
    const layout = { modifyPriority, ordersMax: ORDERS_MAX }
    this.#tape = new Tape(sink, epochNs, isSmall ? SMALL_TAPE.appendRows : undefined)
    this.#book = new OrderBookState(
      isSmall ? { ...layout, windowTicks: SMALL_TAPE.windowTicks } : layout,
    )
    this.#isSmall = isSmall
  }

  /** Rows written so far. */
  get events(): number {
    return this.#tape.events
  }

  /** The levels that the orders make. */
  get ladder(): Ladder {
    return this.#book.ladder
  }

  get orders(): OrderCounts {
    return { open: this.#book.queues.count, unknown: this.unknown }
  }

  /**
   * Begins a message: the rows that follow carry these times and this number.
   *
   * @param localTime ns since the epoch, not below that of the message before
   * @param exchTime  ns since the epoch
   * @param seq       venue sequence number or trade id, 0 where there is none
   */
  at(localTime: number, exchTime: number, seq = 0): void {
    if (this.#isSmall) this.#tape.drain()
    if (localTime >= this.#nextDay) this.#enterDay(localTime)
    this.#localTime = localTime
    if (exchTime > this.#exchTime) this.#exchTime = exchTime
    this.#seq = seq
  }

  /** True when an order of this id is in the book. */
  has(high: number, low: number): boolean {
    return this.#refs.get(high, low) >= 0
  }

  /** Lots that an order has left, 0 when it is not in the book. */
  lotsOf(high: number, low: number): number {
    return this.#book.queues.lotsOf(this.#refs.get(high, low))
  }

  /** Tick of a live order. */
  tickOf(high: number, low: number): number {
    return this.#book.queues.tickOf(this.#refs.get(high, low))
  }

  /** Side of a live order. */
  sideOf(high: number, low: number): Side {
    return this.#book.queues.sideOf(this.#refs.get(high, low)) === 0 ? 1 : -1
  }

  /** A new order, last at its price; the id is given as two unsigned 32-bit halves. */
  add(high: number, low: number, side: Side, tick: number, lots: number): void {
    if (this.#refs.get(high, low) >= 0) {
      this.unknown++
      return
    }
    const ref = this.#refs.add(high, low)
    this.#book.queues.add(ref, side > 0 ? 0 : 1, tick, lots)
    this.#push(eventCode(EventKind.OrderAdd, side), tick, lots, ref)
  }

  /** An order has a new price or size; the venue's rule says whether it keeps its place. */
  modify(high: number, low: number, tick: number, lots: number): void {
    const ref = this.#refs.get(high, low)
    if (ref < 0) {
      this.unknown++
      return
    }
    const { queues } = this.#book
    const side = queues.sideOf(ref) === 0 ? 1 : -1
    queues.modify(ref, tick, lots)
    if (lots === 0) this.#refs.remove(high, low)
    this.#push(eventCode(EventKind.OrderModify, side), tick, lots, ref)
  }

  /** An order loses lots by cancellation; all that it has where `lots` is left out. */
  cancel(high: number, low: number, lots?: number): void {
    const ref = this.#refs.get(high, low)
    if (ref < 0) {
      this.unknown++
      return
    }
    const { queues } = this.#book
    const side = queues.sideOf(ref) === 0 ? 1 : -1
    const tick = queues.tickOf(ref)
    const taken = lots ?? queues.lotsOf(ref)
    this.#reduce(high, low, ref, taken)
    this.#push(eventCode(EventKind.OrderCancel, side), tick, taken, ref)
  }

  /**
   * A resting order loses lots by execution.
   *
   * @param tick what was paid, where it is not the order's price
   */
  execute(high: number, low: number, lots: number, tick?: number): void {
    const ref = this.#refs.get(high, low)
    if (ref < 0) {
      this.unknownFills++
      return
    }
    const { queues } = this.#book
    const side = queues.sideOf(ref) === 0 ? 1 : -1
    const paid = tick ?? queues.tickOf(ref)
    this.#reduce(high, low, ref, lots)
    this.#push(eventCode(EventKind.OrderExecute, side), paid, lots, ref)
  }

  /** A resting order was filled; the venue changes the book by a message of its own. */
  fill(high: number, low: number, side: Side | 0, tick: number, lots: number): void {
    const ref = this.#refs.get(high, low)
    if (ref < 0) this.unknownFills++
    this.#push(eventCode(EventKind.OrderFill, side), tick, lots, ref)
  }

  /** A trade, side of the aggressor, 0 where the venue does not tell. */
  trade(side: Side | 0, tick: number, lots: number): void {
    this.totals.add(tick, lots, side > 0)
    this.#push(eventCode(EventKind.Trade, side), tick, lots, -1)
  }

  /** The orders up to {@link endSnapshot} replace the book, and their ids are given anew. */
  beginSnapshot(): void {
    this.#forget()
    this.#push(eventCode(EventKind.SnapshotBegin, 0), 0, 0, -1)
  }

  endSnapshot(): void {
    this.#push(eventCode(EventKind.SnapshotEnd, 0), 0, 0, -1)
  }

  /** Every order is gone: a channel reset, the end of a session. */
  clear(): void {
    this.#forget()
    this.#push(eventCode(EventKind.DepthClear, 0), 0, 0, -1)
  }

  /** Messages are missing here: the book is stale until the next snapshot. */
  gap(): void {
    this.gaps++
    this.#push(eventCode(EventKind.Gap, 0), 0, 0, -1)
  }

  /** Trading is open or halted. */
  status(isOpen: boolean): void {
    this.#push(eventCode(EventKind.Status, 0), 0, isOpen ? 1 : 0, -1)
  }

  /** Best price of one side from a ticker channel; 0 lots: the side is empty. */
  top(side: Side, tick: number, lots: number): void {
    const code = eventCode(EventKind.Bbo, side)
    this.#tape.bbo.push(this.#localTime, this.#exchTime, code, tick, lots, -1, this.#seq)
  }

  /** Counts a crossed book; call it where the venue's message or event is complete. */
  countCrossed(): void {
    const { bestBidTick, bestAskTick } = this.#book.ladder
    if (bestBidTick > bestAskTick) this.crossed++
  }

  /** Appends to the store what is worth it; call it between blocks of input. */
  drain(): void {
    this.#tape.drain()
  }

  /** Appends all that is left. */
  finish(): void {
    this.#tape.finish()
  }

  #forget(): void {
    this.#refs.clear()
    this.#book.queues.clear()
  }

  #reduce(high: number, low: number, ref: number, lots: number): void {
    const { queues } = this.#book
    if (queues.reduce(ref, lots) === OrderOutcome.Excess) this.excess++
    if (queues.levelOf(ref) === 0) this.#refs.remove(high, low)
  }

  /** Writes the book as it stands, orders of one price in the order of their queue. */
  #enterDay(localTime: number): void {
    const isFirst = this.#nextDay === Number.NEGATIVE_INFINITY
    this.#nextDay = (Math.floor(localTime / DAY_NS) + 1) * DAY_NS
    if (isFirst) return
    const { ladder } = this.#book
    this.#localTime = localTime
    this.#push(eventCode(EventKind.SnapshotBegin, 0), 0, 0, -1)
    for (let tick = ladder.bestBidTick; tick !== NO_BID; tick = ladder.nextBidBelow(tick)) {
      this.#writeQueue(1, tick)
    }
    for (let tick = ladder.bestAskTick; tick !== NO_ASK; tick = ladder.nextAskAbove(tick)) {
      this.#writeQueue(-1, tick)
    }
    this.#push(eventCode(EventKind.SnapshotEnd, 0), 0, 0, -1)
  }

  #writeQueue(side: Side, tick: number): void {
    const { queues } = this.#book
    const code = eventCode(EventKind.OrderAdd, side)
    for (let ref = queues.firstAt(side > 0 ? 0 : 1, tick); ref >= 0; ref = queues.nextOf(ref)) {
      this.#push(code, tick, queues.lotsOf(ref), ref)
    }
  }

  #push(code: number, tick: number, lots: number, ref: number): void {
    this.#tape.l3.push(this.#localTime, this.#exchTime, code, tick, lots, ref, this.#seq)
  }
}
