/**
 * The exchange that is honest about our own liquidity: fills in part, and no lot twice.
 *
 * Resting orders. Ours at one price stand in one queue in order of arrival, between lots of the
 * market whose number ahead of each the queue model estimates. A trade at the price eats through
 * that queue from the front; one that prints beyond the price would have met us first and fills us
 * at our own price. Either way all of us together get no more of a trade than its size. When the
 * opposite side reaches our price, we trade with what stands there. Filled or not, the venue's book
 * moves as history has it; a decrease by history's trades is explained by them, whoever met them in
 * our world, and no more lots of the market stand ahead of us than the venue shows.
 *
 * Takers walk the levels to their limit and take no more than the venue shows there, less what we
 * took and what others traded since the venue last sent the level. Trades that no row of the book
 * has followed come off the levels that they would have met. What is left of the order rests or
 * expires as its time in force says; a post-only order that would take is rejected. Orders of ours
 * on the other side are met in price and time like any other, whoever owns them: what is to be done
 * about trades with oneself is decided before an order gets here.
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
import type { ImpactKernel } from './impact/impact-kernel.ts'
import { NONE, sideIndexOf, turned, type OwnLevels } from './own-levels.ts'
import { PartialMatching, takerOf, type Taker } from './partial-matching.ts'
import type { QueueModel } from './queue-model.ts'
import { forgetReplaced, hearRows, noteTrade } from './taken-memory.ts'
import { UnshownTrades } from './unshown-trades.ts'

/** Turns the bit of a sell row into the index of its side. */
const SELL_SHIFT = 5

/** What a row looks like to the exchange once the side is masked away. */
const ROW_MASK = KIND_MASK | LOCAL_ONLY_BIT

/** @see module comment */
export class PartialExchange implements ExchangeModel {
  readonly name = 'partial'
  readonly ladder: Ladder
  readonly watch = new PriceWatch()
  readonly mark: TouchMark
  readonly #book: BookState
  readonly #windows: EventWindows
  /** The present window in the order of venue time; undefined where the tape has no rows. */
  #events: EventColumns | undefined
  readonly #reports: ExchangeReports
  readonly #matching: PartialMatching
  readonly #hasImpact: boolean
  readonly #levels: OwnLevels
  readonly #unshown = new UnshownTrades()
  readonly #bound = new TimeBound()
  #row = 0
  /** Rows of the windows before. */
  #rowsBefore = 0

  /**
   * @param windows the tape in order of venue time
   * @param impact how what we take moves the market; undefined where it does not
   * @param memory where its book is kept; default: of its own
   */
  constructor(
    windows: EventWindows,
    queue: QueueModel,
    reports: ExchangeReports,
    impact?: ImpactKernel,
    memory: CompiledBook = new LevelMemory().exchange,
  ) {
    this.#book = new BookState({ compiled: memory })
    this.mark = new TouchMark(this.#book)
    this.#windows = windows
    this.#events = windows.next()
    this.#reports = reports
    this.ladder = this.#book.ladder
    const resting = this.#book.memory?.resting(queue)
    this.#matching = new PartialMatching(this.ladder.sides, queue, { impact, resting })
    this.#levels = this.#matching.levels
    this.#hasImpact = impact !== undefined
  }

  get restingCount(): number {
    return this.#levels.restingCount
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

  // While our impact fades, any row may let an order trade that the other side has reached.
  get restingBidMax(): number {
    return this.#hasImpact ? NO_ASK : this.#levels.bestKey[0]!
  }

  get restingAskMin(): number {
    return this.#hasImpact ? NO_BID : ~this.#levels.bestKey[1]!
  }

  advance(until: number): boolean {
    let events = this.#events
    while (events !== undefined) {
      if (this.#levels.restingCount === 0 && !this.watch.isSet) this.#advanceIdle(events, until)
      else if (this.#advanceResting(events, until)) return true
      if (this.#row < events.length) return false
      events = this.#nextWindow(events)
    }
    return false
  }

  /** Goes on to the next window; stays at the end of the last. */
  #nextWindow(present: EventColumns): EventColumns | undefined {
    if (this.#windows.isLast) return undefined
    this.#unshown.leave(present, this.#rowsBefore)
    const next = this.#windows.next()
    if (next === undefined) return undefined
    this.#events = next
    this.#rowsBefore += present.length
    this.#row = 0
    return next
  }

  /** Nothing of ours rests: only the book moves, and what we took may be refreshed. */
  #advanceIdle(events: EventColumns, until: number): void {
    const from = this.#row
    const to = this.#bound.find(events, from, until)
    applyExchangeEvents(this.#book, events, from, to)
    if (this.#levels.markedCount > 0) hearRows(this.#matching, events, from, to)
    this.#row = to
  }

  /** Orders of ours rest: the kernel goes from one row that may concern one to the next. */
  #advanceResting(events: EventColumns, until: number): boolean {
    const { exchTime, exchOrder } = events
    const { ladder, mark, watch } = this
    const memory = this.#kernel()
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
      this.#applyRow(events, row, i)
      row++
      if (this.#matching.fills.length > 0) {
        this.#tellFills(exchTime[i]!)
        hasStopped = true
      }
      if (watch.isSet && meetsWatch(watch, ladder, events, i)) hasStopped = true
    }
    mark.pass(events, row)
    this.#row = row
    return hasStopped
  }

  /** What passes the rows that do not concern us; undefined where each may. */
  #kernel(): CompiledBook | undefined {
    const { memory, phase } = this.#book
    // Impact fades with time, and the first rows of a source without snapshots make its book live.
    const isEachRow = this.#hasImpact || watchesTouch(this.watch) || phase === BookPhase.Empty
    if (memory === undefined || isEachRow) return undefined
    memory.watchResting(this.#levels.concernsWith(watchesTrades(this.watch)))
    return memory
  }

  /** Applies row `i`, the next in the venue's order. */
  #applyRow(events: EventColumns, row: number, i: number): void {
    const c = events.code[i]!
    const t = events.tick[i]!
    const lots = events.lots[i]!
    const kind = c & ROW_MASK
    const levels = this.#levels
    const matching = this.#matching
    if (kind === EventKind.DepthSet && this.#book.phase !== BookPhase.Empty) {
      // Keys grow towards the better price on both sides.
      const index = (c & SELL_BIT) >> SELL_SHIFT
      const key = t ^ -index
      const side = this.ladder.sides[index]!
      const before = side.set(key, lots)
      if (levels.mayConcern(t)) matching.levelSet(index, key, before, lots)
      if (side.best >= ~levels.bestKey[index ^ 1]!) {
        matching.nextRow = this.#rowsBefore + row + 1
        matching.crossed(index === 0 ? 1 : 0, events.exchTime[i]!)
      }
    } else if (kind === EventKind.Trade) {
      if (levels.markedCount > 0) noteTrade(matching, c, t, lots)
      if (t >= ~levels.bestKey[1]! || t <= levels.bestKey[0]!) matching.traded(c, t, lots)
    } else if ((c & LOCAL_ONLY_BIT) === 0) {
      this.#applyRare(events, row, kind)
    }
  }

  /**
   * Applies a row that is neither level nor trade. To our queues a new snapshot is one change of
   * each of their levels.
   */
  #applyRare(events: EventColumns, row: number, kind: number): void {
    if (kind === EventKind.Bbo) return
    if (kind !== EventKind.DepthClear && kind !== EventKind.SnapshotEnd) {
      applyExchangeEvents(this.#book, events, row, row + 1)
      return
    }
    const levels = this.#levels
    const matching = this.#matching
    const own = levels.withOrders()
    const before = own.map((level) => matching.shownAt(level))
    applyExchangeEvents(this.#book, events, row, row + 1)
    own.forEach((level, n) => {
      const after = matching.shownAt(level)
      if (after !== before[n]) matching.moveQueue(level, before[n]!, after)
    })
    const i = events.exchOrder === undefined ? row : events.exchOrder[row]!
    const time = events.exchTime[i]!
    forgetReplaced(levels, events.code[i]!)
    const { bids, asks } = this.ladder
    matching.nextRow = this.#rowsBefore + row + 1
    if (bids.best >= ~levels.bestKey[1]!) matching.crossed(1, time)
    if (asks.best >= ~levels.bestKey[0]!) matching.crossed(0, time)
  }

  submit(order: ExchangeOrder, exchTime: number): void {
    const refusal = this.#refusal()
    if (refusal !== undefined) this.#reports.rejected(order.index, exchTime, refusal)
    else if (this.#wouldTakeInVain(order, exchTime)) {
      this.#reports.rejected(order.index, exchTime, 'a post-only order would have taken')
    } else this.#arrive(order, exchTime, 0)
  }

  cancel(index: number, exchTime: number): void {
    const row = this.#levels.find(index)
    if (row === NONE) {
      this.#reports.cancelRejected(index, exchTime, 'the order no longer rests')
      return
    }
    this.#levels.remove(row)
    this.#reports.cancelled(index, exchTime)
  }

  /** As {@link ExchangeModel.amend}; what would be refused as a new order changes nothing here. */
  amend(order: ExchangeOrder, exchTime: number): void {
    const { index, priceTicks, sizeLots } = order
    const levels = this.#levels
    const row = levels.find(index)
    if (row === NONE) {
      this.#reports.amendRejected(index, exchTime, 'the order no longer rests')
      return
    }
    const filled = levels.filled[row]!
    const lots = sizeLots - filled
    if (lots <= 0) {
      this.#reports.amendRejected(index, exchTime, 'the order has filled that much already')
      return
    }
    const key = turned(priceTicks, sideIndexOf(order.side))
    if (levels.key[levels.level[row]!] === key && lots <= levels.lots[row]!) {
      levels.lots[row] = lots
      const queueAheadLots = this.#matching.placeOf(row)
      this.#reports.amended(index, exchTime, { priceTicks, sizeLots, queueAheadLots })
      return
    }
    const refusal = this.#wouldTakeInVain(order, exchTime)
      ? 'a post-only order would have taken'
      : this.#refusal()
    if (refusal !== undefined) {
      this.#reports.amendRejected(index, exchTime, refusal)
      return
    }
    levels.remove(row)
    this.#reports.amended(index, exchTime, { priceTicks, sizeLots, queueAheadLots: Number.NaN })
    this.#arrive(order, exchTime, filled)
  }

  eachResting(visit: (resting: OwnResting) => void): void {
    const levels = this.#levels
    for (const row of levels.rows()) {
      const level = levels.level[row]!
      const side = levels.side[level]!
      visit({
        index: levels.order[row]!,
        side: side === 0 ? 1 : -1,
        priceTicks: turned(levels.key[level]!, side),
        openLots: levels.lots[row]!,
        owner: levels.owner[row]!,
        aheadLots: levels.front[row]!,
      })
    }
  }

  /** Why no order is taken on now; undefined when orders are. */
  #refusal(): string | undefined {
    const { isHalted, phase } = this.#book
    if (isHalted) return 'trading is halted'
    return phase === BookPhase.Live ? undefined : 'the exchange has no book yet, or a gap in it'
  }

  #wouldTakeInVain(order: ExchangeOrder, exchTime: number): boolean {
    if (order.type === 'market' || order.timeInForce !== 'GTX') return false
    const taker = takerOf(order, exchTime)
    return this.#reaches(taker) && this.#matching.takeable(taker, 1) > 0
  }

  /** True when something is shown, or rests, within the limit of a taker. */
  #reaches({ from, limitKey }: Taker): boolean {
    const best = Math.max(this.ladder.sides[from].best, this.#levels.bestKey[from]!)
    if (best < limitKey) return false
    const events = this.#events
    const matching = this.#matching
    matching.nextRow = this.#rowsBefore + this.#row
    if (events !== undefined) {
      this.#unshown.tell(events, this.#row, this.#rowsBefore, (code, tick, lots, row) => {
        if ((code & SELL_BIT) === 0) matching.seed(1, ~tick, lots, row)
        if ((code & BUY_BIT) === 0) matching.seed(0, tick, lots, row)
      })
    }
    return true
  }

  /** Lets an order take what it can and rest or expire with the rest, `filled` lots being done. */
  #arrive(order: ExchangeOrder, exchTime: number, filled: number): void {
    const { index, type, timeInForce } = order
    const matching = this.#matching
    const taker = takerOf(order, exchTime)
    const lots = order.sizeLots - filled
    const mayTake = this.#reaches(taker)
    if (timeInForce === 'FOK' && (!mayTake || matching.takeable(taker, lots) < lots)) {
      this.#reports.expired(index, exchTime, 'not all of it can be had within the limit')
      return
    }
    const rest = mayTake ? matching.take(taker, lots) : lots
    const rests = type === 'limit' && timeInForce !== 'IOC' && timeInForce !== 'FOK'
    if (rest > 0 && rests) {
      this.#rest(order, exchTime, rest, filled + lots - rest)
      return
    }
    this.#tellFills(exchTime)
    if (rest === 0) return
    const what = rest < lots ? 'nothing more' : 'nothing'
    const why = type === 'market' ? 'stands on the opposite side' : 'to take within the limit'
    this.#reports.expired(index, exchTime, `${what} ${why}`)
  }

  #rest(order: ExchangeOrder, exchTime: number, lots: number, filled: number): void {
    const { index, side, priceTicks, owner } = order
    const levels = this.#levels
    const sideIndex = sideIndexOf(side)
    const key = turned(priceTicks, sideIndex)
    const front = this.#matching.frontFor(sideIndex, key)
    const row = levels.add(index, sideIndex, key, lots)
    levels.front[row] = front
    levels.filled[row] = filled
    levels.owner[row] = owner
    const queueAheadLots = this.#matching.placeOf(row)
    this.#tellFills(exchTime)
    this.#reports.accepted(index, exchTime, queueAheadLots)
  }

  /** Reports what has filled; the state that it left is complete before the first is told. */
  #tellFills(exchTime: number): void {
    const { fills } = this.#matching
    if (fills.length === 0) return
    for (const fill of fills.splice(0)) this.#reports.filled(fill.index, exchTime, fill)
  }
}
