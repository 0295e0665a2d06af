/**
 * The exchange that never fills in part: hftbacktest's default rules, for comparison with it.
 *
 * A resting order fills whole, at its own price, when a trade at its price exhausts the queue ahead
 * of it, when a trade prints through its price, or when the opposite best reaches its price. A
 * taker fills whole at the best price whatever stands there. The book is never changed by us.
 */
import {
  BookPhase,
  BookState,
  NO_ASK,
  NO_BID,
  applyExchangeEvents,
  LevelMemory,
  TouchMark,
  type CompiledBook,
  type Ladder,
} from '../book/index.ts'
import {
  BUY_BIT,
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  SELL_BIT,
  TimeBound,
  type EventColumns,
  type EventWindows,
  type Side,
} from '../market/index.ts'
import {
  meetsWatch,
  PriceWatch,
  watchesTouch,
  watchesTrades,
  type ExchangeModel,
  type ExchangeOrder,
  type ExchangeReports,
  type OwnResting,
} from './exchange.ts'
import type { QueueModel } from './queue-model.ts'
import { NO_ROW, RestingOrders, SLOT_BITS, SLOT_MASK } from './resting-orders.ts'

/** Turns the bit of a sell row into the index of its side. */
const SELL_SHIFT = 5

/** What a row looks like to the exchange once the side is masked away. */
const ROW_MASK = KIND_MASK | LOCAL_ONLY_BIT

/** @see module comment */
export class NoPartialExchange implements ExchangeModel {
  readonly name = 'no-partial'
  readonly ladder: Ladder
  readonly watch = new PriceWatch()
  readonly mark: TouchMark
  readonly #book: BookState
  readonly #windows: EventWindows
  /** The present window in the order of venue time; undefined where the tape has no rows. */
  #events: EventColumns | undefined
  readonly #queue: QueueModel
  readonly #reports: ExchangeReports
  readonly #memory: CompiledBook | undefined
  readonly #resting: RestingOrders
  readonly #bound = new TimeBound()
  #row = 0

  /**
   * @param windows the tape in order of venue time
   * @param memory where its book is kept; default: of its own
   */
  constructor(
    windows: EventWindows,
    queue: QueueModel,
    reports: ExchangeReports,
    memory: CompiledBook = new LevelMemory().exchange,
  ) {
    this.#book = new BookState({ compiled: memory })
    this.mark = new TouchMark(this.#book)
    this.#memory = this.#book.memory
    this.#resting = new RestingOrders(this.#memory?.resting(queue), queue.kernelCode)
    this.#windows = windows
    this.#events = windows.next()
    this.#queue = queue
    this.#reports = reports
    this.ladder = this.#book.ladder
  }

  get restingCount(): number {
    return this.#resting.count
  }

  get row(): number {
    return this.#row
  }

  get isHalted(): boolean {
    return this.#book.isHalted
  }

  get hasBook(): boolean {
    return this.#book.phase === BookPhase.Live
  }

  get restingBidMax(): number {
    return this.#resting.bidMax
  }

  get restingAskMin(): number {
    return this.#resting.askMin
  }

  advance(until: number): boolean {
    let events = this.#events
    while (events !== undefined) {
      if (this.#resting.count === 0 && !this.watch.isSet) this.#advanceIdle(events, until)
      else if (this.#advanceResting(events, until)) return true
      if (this.#row < events.length) return false
      events = this.#nextWindow(events)
    }
    return false
  }

  /** Goes on to the next window; stays at the end of the last. */
  #nextWindow(present: EventColumns): EventColumns | undefined {
    const next = this.#windows.isLast ? undefined : this.#windows.next()
    this.#events = next ?? present
    if (next !== undefined) this.#row = 0
    return next
  }

  /** Nothing of ours rests: only the book moves. */
  #advanceIdle(events: EventColumns, until: number): void {
    const from = this.#row
    const to = this.#bound.find(events, from, until)
    applyExchangeEvents(this.#book, events, from, to)
    this.#row = to
  }

  /** Orders of ours rest: the kernel goes from one row that may fill one to the next. */
  #advanceResting(events: EventColumns, until: number): boolean {
    const { exchOrder } = events
    const resting = this.#resting
    const { ladder, mark, watch } = this
    const isEachRow =
      !resting.isShared || watchesTouch(watch) || this.#book.phase === BookPhase.Empty
    const memory = isEachRow ? undefined : this.#memory
    memory?.watchResting(resting.concernsWith(watchesTrades(watch)))
    const bound = this.#bound.find(events, this.#row, until)
    let row = this.#row
    let hasStopped = false
    while (row < bound && !hasStopped) {
      const end = Math.min(bound, mark.pass(events, row))
      if (memory !== undefined) {
        row = memory.passResting(events, row, end)
        if (row === memory.end || row === end) continue
      }
      const i = exchOrder === undefined ? row : exchOrder[row]!
      hasStopped = this.#applyRow(events, row, i)
      row++
      if (watch.isSet && meetsWatch(watch, ladder, events, i)) hasStopped = true
    }
    mark.pass(events, row)
    this.#row = row
    return hasStopped
  }

  /** Applies row `i`, the next in the venue's order; true when an order of ours filled. */
  #applyRow(events: EventColumns, row: number, i: number): boolean {
    const c = events.code[i]!
    const t = events.tick[i]!
    const kind = c & ROW_MASK
    const { askMin, bidMax } = this.#resting
    // The first level of a source without snapshots makes its book live, which only the book sees to.
    if (kind === EventKind.DepthSet && this.#book.phase !== BookPhase.Empty) {
      const index = (c & SELL_BIT) >> SELL_SHIFT
      const after = events.lots[i]!
      const side = this.ladder.sides[index]!
      const before = side.set(t ^ -index, after)
      const own = this.#resting.slots[(index << SLOT_BITS) | (t & SLOT_MASK)]!
      if (own !== NO_ROW) this.#levelChanged(own, t, before, after)
      // No order of ours rests within the other side: only a level that is new there can meet it.
      const isMet =
        index === 0 ? t >= askMin && side.best >= askMin : t <= bidMax && ~side.best <= bidMax
      return isMet && this.#fillCrossed(index === 0 ? -1 : 1, events.exchTime[i]!)
    }
    if (kind === EventKind.Trade) {
      // A trade whose aggressor the venue does not tell may have met either side.
      const filledAsks = (c & SELL_BIT) === 0 && t >= askMin && this.#traded(-1, events, i)
      const filledBids = (c & BUY_BIT) === 0 && t <= bidMax && this.#traded(1, events, i)
      return filledAsks || filledBids
    }
    return (c & LOCAL_ONLY_BIT) === 0 && this.#applyRare(events, row, events.exchTime[i]!)
  }

  submit(order: ExchangeOrder, exchTime: number): void {
    const refusal = this.#refusal
    if (refusal !== undefined) {
      this.#reports.rejected(order.index, exchTime, refusal)
      return
    }
    const { index, side, priceTicks, timeInForce } = order
    const best = side > 0 ? this.ladder.bestAskTick : this.ladder.bestBidTick
    const hasOpposite = side > 0 ? best !== NO_ASK : best !== NO_BID
    if (order.type === 'market') {
      if (hasOpposite) this.#take(order, best, exchTime)
      else this.#reports.expired(order.index, exchTime, 'nothing stands on the opposite side')
      return
    }
    const crosses = hasOpposite && side * (priceTicks - best) >= 0
    if (crosses && timeInForce === 'GTX') {
      this.#reports.expired(index, exchTime, 'a post-only order would have taken')
    } else if (crosses) {
      this.#take(order, best, exchTime)
    } else if (timeInForce === 'IOC' || timeInForce === 'FOK') {
      this.#reports.expired(index, exchTime, 'nothing to take within the limit')
    } else {
      const { sizeLots: lots, owner } = order
      const front = side > 0 ? this.ladder.bidLotsAt(priceTicks) : this.ladder.askLotsAt(priceTicks)
      this.#resting.add(index, side, priceTicks, { lots, front, owner })
      this.#reports.accepted(index, exchTime, front)
    }
  }

  /** Why no order may arrive now; undefined when it may. */
  get #refusal(): string | undefined {
    const { isHalted, phase } = this.#book
    if (isHalted) return 'trading is halted'
    return phase === BookPhase.Live ? undefined : 'the exchange has no book yet, or a gap in it'
  }

  cancel(index: number, exchTime: number): void {
    const row = this.#resting.find(index)
    if (row === NO_ROW) {
      this.#reports.cancelRejected(index, exchTime, 'the order no longer rests')
      return
    }
    this.#resting.remove(row)
    this.#reports.cancelled(index, exchTime)
  }

  amend(order: ExchangeOrder, exchTime: number): void {
    const { index, priceTicks, sizeLots } = order
    const resting = this.#resting
    const row = resting.find(index)
    if (row === NO_ROW) {
      this.#reports.amendRejected(index, exchTime, 'the order no longer rests')
      return
    }
    if (resting.tick[row] === priceTicks && sizeLots <= resting.lots[row]!) {
      resting.lots[row] = sizeLots
      const queueAheadLots = Math.max(0, resting.front[row]!)
      this.#reports.amended(index, exchTime, { priceTicks, sizeLots, queueAheadLots })
      return
    }
    const refusal = this.#refusal
    if (refusal !== undefined) {
      this.#reports.amendRejected(index, exchTime, refusal)
      return
    }
    resting.remove(row)
    this.#reports.amended(index, exchTime, { priceTicks, sizeLots, queueAheadLots: Number.NaN })
    this.submit(order, exchTime)
  }

  eachResting(visit: (resting: OwnResting) => void): void {
    const { first, next, order, side, tick, lots, front, owner } = this.#resting
    for (let row = first; row !== NO_ROW; row = next[row]!) {
      visit({
        index: order[row]!,
        side: side[row]! > 0 ? 1 : -1,
        priceTicks: tick[row]!,
        openLots: lots[row]!,
        owner: owner[row]!,
        aheadLots: Math.max(0, front[row]!),
      })
    }
  }

  #take(order: ExchangeOrder, priceTicks: number, exchTime: number): void {
    this.#reports.filled(order.index, exchTime, {
      priceTicks,
      sizeLots: order.sizeLots,
      isMaker: false,
      queueAheadLots: Number.NaN,
    })
  }

  /** Moves the orders at `tick` in their queue; `first` is the first whose slot is that price's. */
  #levelChanged(first: number, tick: number, before: number, after: number): void {
    const { tick: ticks, front, traded, nextInSlot } = this.#resting
    for (let row = first; row !== NO_ROW; row = nextInSlot[row]!) {
      if (ticks[row] !== tick) continue
      const ahead = front[row]!
      const trades = traded[row]!
      // A level that grows does so behind us, and the head of the queue has nobody before it.
      const isKept = after > before ? ahead <= after : ahead === 0
      if (trades === 0 && isKept) continue
      front[row] = this.#queue.frontAfterChange(ahead, trades, before, after)
      traded[row] = 0
    }
  }

  #moveInQueue(row: number, before: number, after: number): void {
    const { front, traded } = this.#resting
    front[row] = this.#queue.frontAfterChange(front[row]!, traded[row]!, before, after)
    traded[row] = 0
  }

  /** Fills the orders of `side` that the opposite best has reached. */
  #fillCrossed(side: Side, exchTime: number): boolean {
    const opposite = side > 0 ? this.ladder.bestAskTick : this.ladder.bestBidTick
    const resting = this.#resting
    const only = resting.onlyUpTo(side, opposite)
    if (only !== NO_ROW) {
      this.#fillMaker(only, exchTime, Math.max(0, resting.front[only]!))
      return true
    }
    let hasFilled = false
    for (let row = resting.first; row !== NO_ROW; row = resting.next[row]!) {
      if (resting.side[row] === side && side * (resting.tick[row]! - opposite) >= 0) {
        this.#fillMaker(row, exchTime, Math.max(0, resting.front[row]!))
        hasFilled = true
      }
    }
    return hasFilled
  }

  /** Lets a trade meet our orders of `side`: through their price, or in their queue. */
  #traded(side: Side, events: EventColumns, i: number): boolean {
    const { exchTime, tick, lots } = events
    const resting = this.#resting
    const only = resting.onlyAt(side, tick[i]!)
    if (only !== NO_ROW) {
      const ahead = Math.max(0, resting.front[only]!)
      resting.front[only]! -= lots[i]!
      resting.traded[only]! += lots[i]!
      if (Math.round(-resting.front[only]!) <= 0) return false
      this.#fillMaker(only, exchTime[i]!, ahead)
      return true
    }
    let hasFilled = false
    for (let row = resting.first; row !== NO_ROW; row = resting.next[row]!) {
      const beyond = side * (resting.tick[row]! - tick[i]!)
      if (resting.side[row] !== side || beyond < 0) continue
      const ahead = Math.max(0, resting.front[row]!)
      if (beyond === 0) {
        resting.front[row]! -= lots[i]!
        resting.traded[row]! += lots[i]!
        // The place is an estimate between whole lots: beyond half a lot counts as passed.
        if (Math.round(-resting.front[row]!) <= 0) continue
      }
      this.#fillMaker(row, exchTime[i]!, ahead)
      hasFilled = true
    }
    return hasFilled
  }

  #fillMaker(row: number, exchTime: number, queueAheadLots: number): void {
    const resting = this.#resting
    const index = resting.order[row]!
    const priceTicks = resting.tick[row]!
    const sizeLots = resting.lots[row]!
    resting.remove(row)
    this.#reports.filled(index, exchTime, { priceTicks, sizeLots, isMaker: true, queueAheadLots })
  }

  /**
   * Applies a row that is neither level nor trade. To our queues a new snapshot is one change of
   * each of their levels. Returns true when one of our orders filled.
   */
  #applyRare(events: EventColumns, row: number, exchTime: number): boolean {
    const { ladder } = this
    const resting = this.#resting
    const before = this.#ownLevels()
    applyExchangeEvents(this.#book, events, row, row + 1)
    const after = this.#ownLevels()
    for (let own = resting.first, n = 0; own !== NO_ROW; own = resting.next[own]!, n++) {
      if (after[n] !== before[n]) this.#moveInQueue(own, before[n]!, after[n]!)
    }
    const filledAsks = ladder.bestBidTick >= resting.askMin && this.#fillCrossed(-1, exchTime)
    const filledBids = ladder.bestAskTick <= resting.bidMax && this.#fillCrossed(1, exchTime)
    return filledAsks || filledBids
  }

  /** Lots of the levels at which our orders rest, in order of arrival. */
  #ownLevels(): Float64Array {
    const { ladder } = this
    const { count, first, next, side, tick } = this.#resting
    const levels = new Float64Array(count)
    for (let own = first, n = 0; own !== NO_ROW; own = next[own]!, n++) {
      levels[n] = side[own]! > 0 ? ladder.bidLotsAt(tick[own]!) : ladder.askLotsAt(tick[own]!)
    }
    return levels
  }
}
