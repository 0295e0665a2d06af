/**
 * The exchange for market-by-order tapes: orders of ours stand between real orders, in one queue.
 *
 * Nothing about the queue is estimated. A resting order fills, in part or whole and at its own price,
 * by what real orders behind it got, by what trades had left, and by orders that come to its price
 * (see {@link QueueMatching}). A taker walks through real orders, and what we took stays taken until
 * those are gone or have new terms. Orders of ours on the other side are met in price and time like any
 * other, whoever owns them.
 */
import {
  BookPhase,
  NO_BID,
  OrderBookState,
  applyOrderEvents,
  type Ladder,
  type ModifyPriority,
} from '../book/index.ts'
import {
  BUY_BIT,
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  SELL_BIT,
  firstRowAfter,
  type EventColumns,
  type EventWindows,
} from '../market/index.ts'
import {
  meetsWatch,
  PriceWatch,
  type ExchangeModel,
  type ExchangeOrder,
  type ExchangeReports,
  type OwnResting,
} from './exchange.ts'
import { applyOrderRows, isRare } from './l3/apply-rows.kernel.ts'
import { QueueMatching } from './l3/queue-matching.ts'
import { firstButAddition } from './l3/apply-rows.kernel.ts'
import { applyRareRow } from './l3/rare-row.ts'
import { notePassedFills } from './l3/told-fills.ts'
import { NO_ROW } from './resting-orders.ts'

/** References that the books of imports may need. */
const ORDERS_MAX = 2 ** 26

/** How an {@link L3Exchange} behaves. */
export interface L3ExchangeOptions {
  /** What a change at the same price costs a real order; default `decrease-keeps`. */
  readonly modifyPriority?: ModifyPriority
}

/** @see module comment */
export class L3Exchange implements ExchangeModel {
  readonly name = 'l3'
  readonly ladder: Ladder
  readonly watch = new PriceWatch()
  readonly #book: OrderBookState
  readonly #matching: QueueMatching
  readonly #windows: EventWindows
  /** The present window in the order of venue time; undefined where the tape has no rows. */
  #events: EventColumns | undefined
  readonly #reports: ExchangeReports
  #row = 0
  /** Before this position, fills that rows told are noted. */
  #toldTo = 0
  /** Sides of a clear that was the last row of its window; 0 where there was none. */
  #heldClear = 0
  #heldTime = 0

  /** @param windows the tape in order of venue time */
  constructor(windows: EventWindows, reports: ExchangeReports, options: L3ExchangeOptions = {}) {
    const { modifyPriority = 'decrease-keeps' } = options
    this.#book = new OrderBookState({ ordersMax: ORDERS_MAX, modifyPriority, rowsAreFinal: true })
    this.ladder = this.#book.ladder
    this.#matching = new QueueMatching(this.#book, modifyPriority, reports)
    this.#windows = windows
    this.#events = windows.next()
    this.#reports = reports
  }

  get restingCount(): number {
    return this.#matching.own.resting.count
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
    return this.#matching.own.resting.bidMax
  }

  get restingAskMin(): number {
    return this.#matching.own.resting.askMin
  }

  advance(until: number): boolean {
    const matching = this.#matching
    let events = this.#events
    matching.hasReported = false
    while (events !== undefined) {
      if (this.#advanceIn(events, until)) return true
      if (this.#row < events.length) break
      events = this.#nextWindow(events)
    }
    if (matching.trades.count > 0) matching.settleTrades()
    return matching.hasReported
  }

  /** Goes on to the next window; stays at the end of the last. */
  #nextWindow(present: EventColumns): EventColumns | undefined {
    const next = this.#windows.isLast ? undefined : this.#windows.next()
    this.#events = next ?? present
    if (next !== undefined) {
      this.#row = 0
      this.#toldTo = 0
    }
    if (this.#heldClear !== 0) this.#expireCleared(this.#heldClear, this.#heldTime, next, 0)
    return next
  }

  /** The book's own kernel applies all rows but those that may concern orders of ours. */
  #advanceIn(events: EventColumns, until: number): boolean {
    const { exchTime, code, exchOrder, length } = events
    const { watch, ladder } = this
    const matching = this.#matching
    const { trades } = matching
    const mayPass = !watch.isSet
    while (this.#row < length) {
      if (mayPass && !matching.isCrossed && trades.count === 0) this.#pass(events, until)
      const row = this.#row
      if (row === length) return false
      const i = exchOrder === undefined ? row : exchOrder[row]!
      const time = exchTime[i]!
      if (time > until) return false
      if (trades.count > 0 && time !== trades.time) {
        matching.settleTrades()
        if (matching.hasReported) return true
        continue
      }
      this.#row = row + 1
      if ((code[i]! & LOCAL_ONLY_BIT) !== 0) continue
      if (row > this.#toldTo)
        notePassedFills(matching.told, events, { from: this.#toldTo, to: row }, time)
      this.#toldTo = row + 1
      this.#applyRow(events, row, i)
      if (watch.isSet && meetsWatch(watch, ladder, events, i)) return true
      if (matching.hasReported) return true
    }
    return false
  }

  /** Passes rows up to `until` that mean nothing to ours but another place in the queue. */
  #pass(events: EventColumns, until: number): void {
    const { own } = this.#matching
    const book = this.#book
    const from = this.#row
    const { length, exchTime, exchOrder } = events
    if (book.isCollecting) {
      if (exchOrder !== undefined) return
      const to = firstRowAfter(exchTime, exchOrder, { from, length }, until)
      const end = firstButAddition(events, from, to)
      if (end > from) applyOrderEvents(book, events, from, end)
      this.#row = end
    } else if (own.places.canPass) {
      const { askMin, bidMax } = own.resting
      this.#row = own.places.pass({ events, from, to: length, until, askMin, bidMax })
    }
  }

  /** Applies the row at a position. */
  #applyRow(events: EventColumns, position: number, i: number): void {
    const { exchTime, code, tick, lots, orderRef } = events
    const matching = this.#matching
    const c = code[i]!
    const kind = c & KIND_MASK
    const time = exchTime[i]!
    const ref = orderRef[i]!
    if (kind === EventKind.Trade) matching.trade(time, c, tick[i]!, lots[i]!)
    else if (kind === EventKind.OrderFill) {
      matching.orderFilled(time, c, ref, tick[i]!, lots[i]!)
    } else if (isRare(kind)) this.#applyRare(events, position, i)
    else if (this.#book.isCollecting) {
      applyOrderRows(this.#book, events, position, position + 1)
    } else if (kind === EventKind.OrderAdd) {
      matching.orderAdded(time, c, ref, tick[i]!, lots[i]!)
    } else if (kind === EventKind.OrderCancel) {
      matching.orderReduced(time, ref, lots[i]!)
    } else if (kind === EventKind.OrderModify) {
      matching.orderModified(time, c, ref, tick[i]!, lots[i]!)
    } else if (kind === EventKind.OrderExecute) {
      matching.orderExecuted(time, c, ref, tick[i]!, lots[i]!)
    }
  }
  /** Applies a clear, a row of a snapshot, a halt or a gap. */
  #applyRare(events: EventColumns, position: number, i: number): void {
    const book = this.#book
    const matching = this.#matching
    const kind = events.code[i]! & KIND_MASK
    const marks = matching.taken.marks()
    const replaces = kind === EventKind.SnapshotEnd && book.isCollecting
    applyRareRow(book, events, i)
    if (kind === EventKind.DepthClear) {
      matching.taken.keepOnly(marks)
      matching.noteAnew()
      this.#cleared(events, position, i)
    }
    if (!replaces) return
    matching.taken.keepOnly(marks)
    matching.own.replace(matching.taken)
    matching.noteAnew()
    matching.cross(events.exchTime[i]!)
  }

  /** A session that ends takes our orders with it; a snapshot that follows at once says the same anew. */
  #cleared(events: EventColumns, position: number, i: number): void {
    const sides = events.code[i]! & (BUY_BIT | SELL_BIT) || BUY_BIT | SELL_BIT
    const isLastOfWindow = position + 1 === events.length
    if (isLastOfWindow && !this.#windows.isLast) {
      this.#heldClear = sides
      this.#heldTime = events.exchTime[i]!
    } else {
      this.#expireCleared(
        sides,
        events.exchTime[i]!,
        isLastOfWindow ? undefined : events,
        position + 1,
      )
    }
  }

  #expireCleared(
    sides: number,
    time: number,
    events: EventColumns | undefined,
    position: number,
  ): void {
    this.#heldClear = 0
    if (events !== undefined) {
      const i = events.exchOrder === undefined ? position : events.exchOrder[position]!
      const isSnapshot = (events.code[i]! & KIND_MASK) === EventKind.SnapshotBegin
      if (isSnapshot && events.exchTime[i] === time) return
    }
    const { resting } = this.#matching.own
    for (let row = resting.first; row !== NO_ROW;) {
      const next = resting.next[row]!
      if ((sides & (resting.side[row]! > 0 ? BUY_BIT : SELL_BIT)) !== 0) {
        const index = resting.order[row]!
        this.#matching.own.remove(row)
        this.#matching.hasReported = true
        this.#reports.expired(index, time, 'the venue cleared its book')
      }
      row = next
    }
  }

  /** Notes what rows that have passed told of fills at the moment of a request. */
  #tellPassed(exchTime: number): void {
    const range = { from: this.#toldTo, to: this.#row }
    if (this.#events === undefined || range.to <= range.from) return
    notePassedFills(this.#matching.told, this.#events, range, exchTime)
    this.#toldTo = range.to
  }

  submit(order: ExchangeOrder, exchTime: number): void {
    this.#tellPassed(exchTime)
    const refusal = this.#refusal(order, exchTime)
    if (refusal === undefined) this.#arrive(order, 0, exchTime)
    else this.#reports.rejected(order.index, exchTime, refusal)
  }

  cancel(index: number, exchTime: number): void {
    const { own } = this.#matching
    const row = own.resting.find(index)
    if (row === NO_ROW) {
      this.#reports.cancelRejected(index, exchTime, 'the order no longer rests')
      return
    }
    own.remove(row)
    this.#reports.cancelled(index, exchTime)
  }

  /** As {@link ExchangeModel.amend}; what would be refused as a new order changes nothing here. */
  amend(order: ExchangeOrder, exchTime: number): void {
    this.#tellPassed(exchTime)
    const { index, priceTicks, sizeLots } = order
    const { own } = this.#matching
    const row = own.resting.find(index)
    const filled = row === NO_ROW ? 0 : own.filledOf(row)
    const left = sizeLots - filled
    const keepsPlace =
      row !== NO_ROW && own.resting.tick[row] === priceTicks && left <= own.resting.lots[row]!
    const why =
      row === NO_ROW
        ? 'the order no longer rests'
        : left <= 0
          ? 'the order has filled that much already'
          : keepsPlace
            ? undefined
            : this.#refusal(order, exchTime)
    if (why !== undefined) {
      this.#reports.amendRejected(index, exchTime, why)
    } else if (keepsPlace) {
      own.resting.lots[row] = left
      const queueAheadLots = own.aheadOf(row)
      this.#reports.amended(index, exchTime, { priceTicks, sizeLots, queueAheadLots })
    } else {
      own.remove(row)
      const queueAheadLots = Number.NaN
      this.#reports.amended(index, exchTime, { priceTicks, sizeLots, queueAheadLots })
      this.#arrive(order, filled, exchTime)
    }
  }

  eachResting(visit: (resting: OwnResting) => void): void {
    const { places, resting } = this.#matching.own
    const { first, next, order, side, tick, lots, owner } = resting
    for (let row = first; row !== NO_ROW; row = next[row]!) {
      visit({
        index: order[row]!,
        side: side[row]! > 0 ? 1 : -1,
        priceTicks: tick[row]!,
        openLots: lots[row]!,
        owner: owner[row]!,
        aheadLots: Math.max(0, places.aheadOf(row)),
      })
    }
  }

  /** Why an order is not taken on now; undefined when it is. */
  #refusal(order: ExchangeOrder, exchTime: number): string | undefined {
    if (this.isHalted) return 'trading is halted'
    if (!this.hasBook) return 'the exchange has no book yet, or a gap in it'
    const isPostOnly = order.type === 'limit' && order.timeInForce === 'GTX'
    return isPostOnly && this.#takeable(order, 1, exchTime) > 0
      ? 'a post-only order would have taken'
      : undefined
  }

  /** What an order finds within its limit, up to `lots`. */
  #takeable(order: ExchangeOrder, lots: number, exchTime: number): number {
    const matching = this.#matching
    // In a crossed market the venue is not matching: before an opening, or between two messages.
    if (matching.isMarketCrossed) return 0
    return matching.takeable(order.side > 0 ? 1 : 0, limitKey(order), lots, exchTime)
  }

  /** Lets an order take what it may, and what is left rest or expire. */
  #arrive(order: ExchangeOrder, filled: number, exchTime: number): void {
    const { index, type, timeInForce, side, priceTicks } = order
    const matching = this.#matching
    const lots = order.sizeLots - filled
    const there = this.#takeable(order, lots, exchTime)
    if (timeInForce === 'FOK' && there < lots) {
      this.#reports.expired(index, exchTime, 'not all of it can be had within the limit')
      return
    }
    if (there > 0) {
      const taking = { limit: limitKey(order), lots: there, time: exchTime }
      matching.take(side > 0 ? 1 : 0, taking, (level, sizeLots) => {
        const fill = { priceTicks: level, sizeLots, isMaker: false, queueAheadLots: Number.NaN }
        this.#reports.filled(index, exchTime, fill)
      })
    }
    if (there === lots) return
    if (type === 'market' || timeInForce === 'IOC') {
      this.#reports.expired(index, exchTime, whyExpired(type, there))
      return
    }
    const ahead = matching.leftAt(side > 0 ? 0 : 1, priceTicks)
    const terms = { lots: lots - there, filled: filled + there, ahead, owner: order.owner }
    matching.own.add(index, side, priceTicks, terms)
    matching.noteCrossed()
    this.#reports.accepted(index, exchTime, matching.own.aheadOf(matching.own.resting.find(index)))
  }
}

/** The limit of a taker as a key of the side that it takes from, see `LadderSide`. */
function limitKey({ type, side, priceTicks }: ExchangeOrder): number {
  if (type === 'market') return NO_BID + 1
  return side > 0 ? ~priceTicks : priceTicks
}

function whyExpired(type: ExchangeOrder['type'], there: number): string {
  const what = there > 0 ? 'nothing more' : 'nothing'
  return type === 'market'
    ? `${what} stands on the opposite side`
    : `${what} to take within the limit`
}
