/** The L2 order book at the edge of the library: decimals outside, integer ticks and lots inside. */
import { LobtraderError, assert } from '../core/index.ts'
import {
  BUY,
  type EventColumns,
  type Instrument,
  type OrderBookLevel,
  type OrderBookSnapshot,
  type Side,
} from '../market/index.ts'
import { applyEvents } from './apply-events.kernel.ts'
import { BookPhase, BookState, type BookStatus } from './book-state.ts'
import { NO_KEY } from './far-levels.ts'
import type { LadderSide } from './ladder-side.ts'
import { NO_ASK, NO_BID, type Ladder, type LadderOptions } from './ladder.ts'
import { SnapshotLevels } from './snapshot-levels.ts'

const DAY_NS = 86_400_000_000_000n

/** One price level now holds `volume`; 0 removes it. */
export interface BookUpdate {
  readonly timestampNs: bigint
  readonly side: Side
  /** Quote units, on the instrument's data grid. */
  readonly price: number
  /** Base units or contracts, a multiple of the lot size, >= 0. */
  readonly volume: number
  /** Venue sequence number. */
  readonly seqNum?: number
}

/** The best levels of both sides, best first. */
export interface BookDepth {
  readonly bids: OrderBookLevel[]
  readonly asks: OrderBookLevel[]
}

/**
 * One instrument's price levels as we have seen them.
 *
 * Decimal fields are NaN where a side is empty, sizes 0; the `get...` methods return undefined
 * instead. Nothing is rounded: a price or size off the grid is an error.
 */
export class OrderBook {
  readonly instrument: Instrument
  readonly #state: BookState
  readonly #incoming = new SnapshotLevels()
  #epochNs: bigint | undefined

  constructor(instrument: Instrument, options: LadderOptions = {}) {
    this.instrument = instrument
    this.#state = new BookState(options)
  }

  /** The levels in ticks and lots, for engine code; do not write to it. */
  get ladder(): Ladder {
    return this.#state.ladder
  }

  /** How far the book can be trusted after the last applied row. */
  get status(): BookStatus {
    return this.#state.status
  }

  /** Best bid price, NaN without bids. */
  get bestBid(): number {
    const tick = this.#state.ladder.bestBidTick
    return tick === NO_BID ? Number.NaN : this.instrument.price(tick)
  }

  /** Best ask price, NaN without asks. */
  get bestAsk(): number {
    const tick = this.#state.ladder.bestAskTick
    return tick === NO_ASK ? Number.NaN : this.instrument.price(tick)
  }

  /** Best bid in data ticks, {@link NO_BID} without bids. */
  get bestBidTicks(): number {
    return this.#state.ladder.bestBidTick
  }

  /** Best ask in data ticks, {@link NO_ASK} without asks. */
  get bestAskTicks(): number {
    return this.#state.ladder.bestAskTick
  }

  /** Lots at the best bid, 0 without bids. */
  get bestBidLots(): number {
    return this.#state.ladder.bestBidLots
  }

  /** Lots at the best ask, 0 without asks. */
  get bestAskLots(): number {
    return this.#state.ladder.bestAskLots
  }

  /** Size at the best bid, 0 without bids. */
  get bestBidSize(): number {
    return this.instrument.size(this.#state.ladder.bestBidLots)
  }

  /** Size at the best ask, 0 without asks. */
  get bestAskSize(): number {
    return this.instrument.size(this.#state.ladder.bestAskLots)
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
    const { bestBidLots, bestAskLots } = this.#state.ladder
    return (this.bestBid * bestAskLots + this.bestAsk * bestBidLots) / (bestBidLots + bestAskLots)
  }

  /** Best ask less best bid; NaN unless both sides have levels, negative while crossed. */
  get spread(): number {
    const { bestBidTick, bestAskTick } = this.#state.ladder
    if (bestBidTick === NO_BID || bestAskTick === NO_ASK) return Number.NaN
    return this.instrument.price(bestAskTick - bestBidTick)
  }

  /** Local time of the last applied row in ns since the epoch, NaN before the first. */
  get time(): number {
    return this.#state.time
  }

  /** Unix ns of time 0, undefined before the first row. */
  get epochNs(): bigint | undefined {
    return this.#epochNs
  }

  /** Local time of the last applied row in Unix ns, 0 before the first. */
  get timeNs(): bigint {
    return this.#epochNs === undefined || Number.isNaN(this.#state.time)
      ? 0n
      : this.#epochNs + BigInt(this.#state.time)
  }

  /** Venue sequence number of the last book row that had one, 0 before. */
  get seqNum(): number {
    return this.#state.seqNum
  }

  /** Increments with each applied book row: level, clear or whole snapshot. */
  get version(): number {
    return this.#state.version
  }

  /** The ticker's last best bid in ticks, {@link NO_BID} before the first; not part of the book. */
  get bboBidTicks(): number {
    return this.#state.bboBidTick
  }

  /** The ticker's last best ask in ticks, {@link NO_ASK} before the first; not part of the book. */
  get bboAskTicks(): number {
    return this.#state.bboAskTick
  }

  /** Lots at the ticker's best bid. */
  get bboBidLots(): number {
    return this.#state.bboBidLots
  }

  /** Lots at the ticker's best ask. */
  get bboAskLots(): number {
    return this.#state.bboAskLots
  }

  /** Applies rows [from, to) as we saw them: without those that only the venue sees. */
  apply(events: EventColumns, from: number, to: number): void {
    // Another epoch, another count of the same nanoseconds.
    if (this.#epochNs !== undefined && this.#epochNs !== events.epochNs) {
      this.#state.time += Number(this.#epochNs - events.epochNs)
    }
    this.#epochNs = events.epochNs
    applyEvents(this.#state, events, from, to)
  }

  /**
   * Applies one level, or replaces the book by a snapshot.
   *
   * @throws LobtraderError NOT_FINITE, NEGATIVE, OFF_GRID, BAD_DECIMAL, OUT_OF_RANGE or
   *   BAD_ARGUMENT (a snapshot of another symbol, a side that is neither 1 nor -1); the book is
   *   then as it was before
   */
  update(event: BookUpdate | OrderBookSnapshot): void {
    if ('bids' in event) {
      this.restore(event)
      return
    }
    const state = this.#state
    const ticks = this.#ticksOf(event.side, event.price)
    const lots = this.instrument.lotsOf(event.volume)
    if (event.side === BUY) state.ladder.setBid(ticks, lots)
    else state.ladder.setAsk(ticks, lots)
    if (state.phase === BookPhase.Empty) state.phase = BookPhase.Live
    this.#stamp(event.timestampNs, event.seqNum ?? 0)
  }

  /**
   * Replaces every level by those of a snapshot, at once; the book is live again.
   *
   * @throws LobtraderError as {@link update}; the book is then as it was before
   */
  restore(snapshot: OrderBookSnapshot): void {
    if (snapshot.symbol !== this.instrument.symbol) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `a snapshot of ${snapshot.symbol} does not fit the book of ${this.instrument.symbol}`,
        { field: 'symbol', value: snapshot.symbol },
      )
    }
    const incoming = this.#incoming
    incoming.clear()
    for (const level of snapshot.bids) {
      incoming.push(true, this.#ticksOf(1, level.price), this.instrument.lotsOf(level.volume))
    }
    for (const level of snapshot.asks) {
      incoming.push(false, this.#ticksOf(-1, level.price), this.instrument.lotsOf(level.volume))
    }
    incoming.replace(this.#state.ladder)
    this.#state.phase = BookPhase.Live
    this.#state.isCollecting = false
    this.#stamp(snapshot.timestampNs, snapshot.seqNum)
  }

  /** Returns the best bid, undefined without bids. */
  getBestBid(): OrderBookLevel | undefined {
    const { bestBidTick, bestBidLots } = this.#state.ladder
    return bestBidTick === NO_BID ? undefined : this.#level(bestBidTick, bestBidLots)
  }

  /** Returns the best ask, undefined without asks. */
  getBestAsk(): OrderBookLevel | undefined {
    const { bestAskTick, bestAskLots } = this.#state.ladder
    return bestAskTick === NO_ASK ? undefined : this.#level(bestAskTick, bestAskLots)
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

  /** Returns up to `levels` levels of each side, best first. */
  getDepth(levels: number): BookDepth {
    return { bids: this.#side(0, levels), asks: this.#side(1, levels) }
  }

  /** Returns `(bids - asks) / (bids + asks)` over the sizes of `levels` levels; 0 without any. */
  getImbalance(levels = 1): number {
    const bids = topLots(this.#state.ladder.bids, levels)
    const asks = topLots(this.#state.ladder.asks, levels)
    return bids + asks === 0 ? 0 : (bids - asks) / (bids + asks)
  }

  /** Returns up to `levels` levels of each side (all by default) as a snapshot. */
  snapshot(levels = Number.POSITIVE_INFINITY): OrderBookSnapshot {
    return {
      timestampNs: this.timeNs,
      symbol: this.instrument.symbol,
      ...this.getDepth(levels),
      seqNum: this.seqNum,
    }
  }

  /**
   * Writes up to `n` levels of one side, best first, and returns how many there were.
   *
   * @cost no allocation
   */
  levels(side: Side, n: number, outTicks: Int32Array, outLots: Float64Array): number {
    assert(n <= outTicks.length && n <= outLots.length, 'n <= room for levels')
    const index = side === BUY ? 0 : 1
    const levels = this.#state.ladder.sides[index]
    let count = 0
    for (let key = levels.best; count < n && key !== NO_KEY; key = levels.nextBelow(key)) {
      outTicks[count] = key ^ -index
      outLots[count++] = levels.lotsAt(key)
    }
    return count
  }

  /**
   * Returns the size at a price on one side, or on both together; 0 when there is no level.
   *
   * @throws LobtraderError NOT_FINITE, OFF_GRID or OUT_OF_RANGE
   */
  sizeAt(price: number, side?: Side): number {
    const { ladder } = this.#state
    const ticks = this.instrument.ticksOf(price)
    const bids = side === -1 ? 0 : ladder.bidLotsAt(ticks)
    const asks = side === 1 ? 0 : ladder.askLotsAt(ticks)
    return this.instrument.size(bids + asks)
  }

  #ticksOf(side: Side, price: number): number {
    if (side !== 1 && side !== -1) {
      throw new LobtraderError('BAD_ARGUMENT', `side is 1 (bid) or -1 (ask), was ${String(side)}`, {
        field: 'side',
        value: String(side),
      })
    }
    const ticks = this.instrument.ticksOf(price)
    if (ticks === (side === 1 ? NO_BID : NO_ASK)) {
      throw new LobtraderError(
        'OUT_OF_RANGE',
        `price ${price} of ${this.instrument.symbol} lies at the end of the 32-bit ticks`,
        { value: price },
      )
    }
    return ticks
  }

  #stamp(timestampNs: bigint, seqNum: number): void {
    const state = this.#state
    this.#epochNs ??= timestampNs - (timestampNs % DAY_NS)
    state.time = Number(timestampNs - this.#epochNs)
    if (seqNum !== 0) state.seqNum = seqNum
    state.version++
  }

  #side(index: 0 | 1, count: number): OrderBookLevel[] {
    const levels = this.#state.ladder.sides[index]
    const out: OrderBookLevel[] = []
    for (let key = levels.best; out.length < count && key !== NO_KEY; key = levels.nextBelow(key)) {
      out.push(this.#level(key ^ -index, levels.lotsAt(key)))
    }
    return out
  }

  #level(tick: number, lots: number): OrderBookLevel {
    return { price: this.instrument.price(tick), volume: this.instrument.size(lots), numOrders: 0 }
  }
}

/** Sum of lots over the best `count` levels of a side. */
function topLots(levels: LadderSide, count: number): number {
  let lots = 0
  let key = levels.best
  for (let i = 0; i < count && key !== NO_KEY; i++, key = levels.nextBelow(key)) {
    lots += levels.lotsAt(key)
  }
  return lots
}

function definedNumber(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value
}
