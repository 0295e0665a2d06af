/** What can be asked of the touch of any order book, and how far it can be trusted. */
import { type EventColumns, type Instrument, type OrderBookLevel } from '../market/index.ts'
import { skipLevels } from './apply-events.kernel.ts'
import { BookPhase, bookStatus, type BookState, type BookStatus } from './book-state.ts'
import { NO_ASK, NO_BID, type Ladder } from './ladder.ts'
import { HeldTouch, type Touch, type TouchMark } from './touch-mark.ts'

const DAY_NS = 86_400_000_000_000n

/**
 * One instrument's best prices, to be read.
 *
 * Decimal fields are NaN where a side is empty, sizes 0; the `get...` methods return undefined
 * instead.
 */
export abstract class BookTouch {
  readonly instrument: Instrument
  readonly #state: BookState
  /** Where the best prices are to be read: in the levels, or in {@link #held} while rows wait. */
  #touch: Touch
  /** The touch behind the rows that wait. */
  #held: HeldTouch | undefined
  /** Rows [from, to) of these are still to be applied; undefined while none wait. */
  #waiting: EventColumns | undefined
  #waitFrom = 0
  #waitTo = 0
  /** The rows whose epoch it has last looked at. */
  #adopted: EventColumns | undefined
  #epochNs: bigint | undefined

  protected constructor(instrument: Instrument, state: BookState) {
    this.instrument = instrument
    this.#state = state
    this.#touch = state.ladder
  }

  /** Applies rows [from, to) as we saw them: without those that only the venue sees. */
  abstract apply(events: EventColumns, from: number, to: number): void

  /** Everything that rows move, with all rows applied that have waited. */
  protected get state(): BookState {
    this.settle()
    return this.#state
  }

  /**
   * As {@link apply}, but rows wait until more is asked for than the touch and the status, which
   * `mark` has: those of a book that has seen the same rows up to `to`.
   */
  defer(events: EventColumns, from: number, to: number, mark: TouchMark): void {
    if (this.#waiting !== events || this.#waitTo !== from) {
      this.settle()
      this.adopt(events)
      this.#waiting = events
      this.#waitFrom = from
    }
    this.#waitTo = to
    this.#held ??= new HeldTouch()
    this.#held.note(mark, mark)
    this.#touch = this.#held
  }

  /**
   * Takes the levels of a book that has seen the same rows before `row`, instead of applying those
   * that wait and others up to `row`. False, and nothing done, where no rows wait, or one of them
   * does more than set a level.
   */
  catchUp(ladder: Ladder, row: number): boolean {
    const events = this.#waiting
    if (events === undefined || row <= this.#waitFrom) return false
    if (!skipLevels(this.#state, events, this.#waitFrom, row)) return false
    this.#state.ladder.copyFrom(ladder)
    this.#waitFrom = row
    if (row < this.#waitTo) return true
    this.#waiting = undefined
    this.#touch = this.#state.ladder
    return true
  }

  /** Applies the rows that wait. */
  settle(): void {
    const events = this.#waiting
    if (events === undefined) return
    this.#waiting = undefined
    this.#touch = this.#state.ladder
    this.apply(events, this.#waitFrom, this.#waitTo)
  }

  /**
   * The levels in ticks and lots, for engine code; do not write to it, and ask for it at each look:
   * rows that wait are applied when it is asked for.
   */
  get ladder(): Ladder {
    return this.state.ladder
  }

  /** How far the book can be trusted after the last applied row. */
  get status(): BookStatus {
    return this.#waiting === undefined ? this.#state.status : bookStatus(this.#held!, this.#touch)
  }

  /** True while updates are missing since the last snapshot, crossed and halted books included. */
  get isStale(): boolean {
    const { phase } = this.#waiting === undefined ? this.#state : this.#held!
    return phase === BookPhase.Stale
  }

  /** Best bid price, NaN without bids. */
  get bestBid(): number {
    const tick = this.#touch.bestBidTick
    return tick === NO_BID ? Number.NaN : this.instrument.price(tick)
  }

  /** Best ask price, NaN without asks. */
  get bestAsk(): number {
    const tick = this.#touch.bestAskTick
    return tick === NO_ASK ? Number.NaN : this.instrument.price(tick)
  }

  /** Best bid in data ticks, {@link NO_BID} without bids. */
  get bestBidTicks(): number {
    return this.#touch.bestBidTick
  }

  /** Best ask in data ticks, {@link NO_ASK} without asks. */
  get bestAskTicks(): number {
    return this.#touch.bestAskTick
  }

  /** Lots at the best bid, 0 without bids. */
  get bestBidLots(): number {
    return this.#touch.bestBidLots
  }

  /** Lots at the best ask, 0 without asks. */
  get bestAskLots(): number {
    return this.#touch.bestAskLots
  }

  /** Size at the best bid, 0 without bids. */
  get bestBidSize(): number {
    return this.instrument.size(this.#touch.bestBidLots)
  }

  /** Size at the best ask, 0 without asks. */
  get bestAskSize(): number {
    return this.instrument.size(this.#touch.bestAskLots)
  }

  /** Mean of the best prices, NaN unless both sides have levels. */
  get mid(): number {
    return (this.bestBid + this.bestAsk) / 2
  }

  /**
   * Size-weighted mid `(bid x askSize + ask x bidSize) / (bidSize + askSize)`, NaN unless both
   * sides have levels.
   */
  get microprice(): number {
    const { bestBidLots, bestAskLots } = this.#touch
    return (this.bestBid * bestAskLots + this.bestAsk * bestBidLots) / (bestBidLots + bestAskLots)
  }

  /** Best ask less best bid; NaN unless both sides have levels, negative while crossed. */
  get spread(): number {
    const { bestBidTick, bestAskTick } = this.#touch
    if (bestBidTick === NO_BID || bestAskTick === NO_ASK) return Number.NaN
    return this.instrument.price(bestAskTick - bestBidTick)
  }

  /** Local time of the last applied row in ns since the epoch, NaN before the first. */
  get time(): number {
    const waiting = this.#waiting
    return waiting === undefined ? this.#state.time : waiting.localTime[this.#waitTo - 1]!
  }

  /** Unix ns of time 0, undefined before the first row. */
  get epochNs(): bigint | undefined {
    return this.#epochNs
  }

  /** Local time of the last applied row in Unix ns, 0 before the first. */
  get timeNs(): bigint {
    const { time } = this
    return this.#epochNs === undefined || Number.isNaN(time) ? 0n : this.#epochNs + BigInt(time)
  }

  /**
   * Venue sequence number of the last book row, where that row has one, else of the one before it
   * that ended a call of {@link apply} and had; 0 before.
   */
  get seqNum(): number {
    return this.state.seqNum
  }

  /** Increments with each applied book row: level, clear or whole snapshot. */
  get version(): number {
    return this.state.version
  }

  /** The ticker's last best bid in ticks, {@link NO_BID} before the first; not part of the book. */
  get bboBidTicks(): number {
    return this.state.bboBidTick
  }

  /** The ticker's last best ask in ticks, {@link NO_ASK} before the first; not part of the book. */
  get bboAskTicks(): number {
    return this.state.bboAskTick
  }

  /** Lots at the ticker's best bid. */
  get bboBidLots(): number {
    return this.state.bboBidLots
  }

  /** Lots at the ticker's best ask. */
  get bboAskLots(): number {
    return this.state.bboAskLots
  }

  /** Returns the best bid, undefined without bids. */
  getBestBid(): OrderBookLevel | undefined {
    const { bestBidTick, bestBidLots } = this.#touch
    return bestBidTick === NO_BID ? undefined : this.level(0, bestBidTick, bestBidLots)
  }

  /** Returns the best ask, undefined without asks. */
  getBestAsk(): OrderBookLevel | undefined {
    const { bestAskTick, bestAskLots } = this.#touch
    return bestAskTick === NO_ASK ? undefined : this.level(1, bestAskTick, bestAskLots)
  }

  /** Returns the mean of the best prices, undefined unless both sides have levels. */
  getMidPrice(): number | undefined {
    return definedNumber(this.mid)
  }

  /** Returns best ask less best bid, undefined unless both sides have levels. */
  getSpread(): number | undefined {
    return definedNumber(this.spread)
  }

  /** Returns the spread in 1/10,000 of the mid, undefined unless both sides have levels. */
  getSpreadBps(): number | undefined {
    return definedNumber((this.spread / this.mid) * 10_000)
  }

  /** Counts times from the epoch of `events` from here on. */
  protected adopt(events: EventColumns): void {
    if (events === this.#adopted) return
    this.#adopted = events
    // Another epoch, another count of the same nanoseconds.
    if (this.#epochNs !== undefined && this.#epochNs !== events.epochNs) {
      this.state.time += Number(this.#epochNs - events.epochNs)
    }
    this.#epochNs = events.epochNs
  }

  /** Notes that updates are missing: stale, or still waiting for the first snapshot. */
  protected lose(timestampNs: bigint): void {
    const { state } = this
    const isNew = state.phase === BookPhase.Empty || state.phase === BookPhase.Syncing
    state.phase = isNew ? BookPhase.Syncing : BookPhase.Stale
    this.#moveTime(timestampNs)
  }

  /** Notes one change at a time in Unix ns. */
  protected stamp(timestampNs: bigint, seqNum: number): void {
    const { state } = this
    this.#moveTime(timestampNs)
    if (seqNum !== 0) state.seqNum = seqNum
    state.version++
  }

  /** Orders at a level; 0 where the feed does not tell. */
  protected ordersAt(_side: 0 | 1, _tick: number): number {
    return 0
  }

  /** Returns the epoch, Unix ns; where there is none yet, it is that of the day of `timestampNs`. */
  protected beginAt(timestampNs: bigint): bigint {
    this.#epochNs ??= timestampNs - (timestampNs % DAY_NS)
    return this.#epochNs
  }

  #moveTime(timestampNs: bigint): void {
    this.state.time = Number(timestampNs - this.beginAt(timestampNs))
  }

  /** Returns a level in decimals. */
  protected level(side: 0 | 1, tick: number, lots: number): OrderBookLevel {
    return {
      price: this.instrument.price(tick),
      volume: this.instrument.size(lots),
      numOrders: this.ordersAt(side, tick),
    }
  }
}

function definedNumber(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value
}
