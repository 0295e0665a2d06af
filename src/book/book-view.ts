/** What can be asked of any order book: decimals outside, integer ticks and lots inside. */
import { LobtraderError, assert } from '../core/index.ts'
import {
  BUY,
  type EventColumns,
  type Instrument,
  type OrderBookLevel,
  type OrderBookSnapshot,
  type Side,
} from '../market/index.ts'
import type { BookState, BookStatus } from './book-state.ts'
import { NO_KEY } from './far-levels.ts'
import type { LadderSide } from './ladder-side.ts'
import { NO_ASK, NO_BID, type Ladder } from './ladder.ts'

const DAY_NS = 86_400_000_000_000n

/** The best levels of both sides, best first. */
export interface BookDepth {
  readonly bids: OrderBookLevel[]
  readonly asks: OrderBookLevel[]
}

/**
 * One instrument's price levels, to be read.
 *
 * Decimal fields are NaN where a side is empty, sizes 0; the `get...` methods return undefined
 * instead.
 */
export abstract class BookView {
  readonly instrument: Instrument
  protected readonly state: BookState
  #epochNs: bigint | undefined

  protected constructor(instrument: Instrument, state: BookState) {
    this.instrument = instrument
    this.state = state
  }

  /** The levels in ticks and lots, for engine code; do not write to it. */
  get ladder(): Ladder {
    return this.state.ladder
  }

  /** How far the book can be trusted after the last applied row. */
  get status(): BookStatus {
    return this.state.status
  }

  /** Best bid price, NaN without bids. */
  get bestBid(): number {
    const tick = this.state.ladder.bestBidTick
    return tick === NO_BID ? Number.NaN : this.instrument.price(tick)
  }

  /** Best ask price, NaN without asks. */
  get bestAsk(): number {
    const tick = this.state.ladder.bestAskTick
    return tick === NO_ASK ? Number.NaN : this.instrument.price(tick)
  }

  /** Best bid in data ticks, {@link NO_BID} without bids. */
  get bestBidTicks(): number {
    return this.state.ladder.bestBidTick
  }

  /** Best ask in data ticks, {@link NO_ASK} without asks. */
  get bestAskTicks(): number {
    return this.state.ladder.bestAskTick
  }

  /** Lots at the best bid, 0 without bids. */
  get bestBidLots(): number {
    return this.state.ladder.bestBidLots
  }

  /** Lots at the best ask, 0 without asks. */
  get bestAskLots(): number {
    return this.state.ladder.bestAskLots
  }

  /** Size at the best bid, 0 without bids. */
  get bestBidSize(): number {
    return this.instrument.size(this.state.ladder.bestBidLots)
  }

  /** Size at the best ask, 0 without asks. */
  get bestAskSize(): number {
    return this.instrument.size(this.state.ladder.bestAskLots)
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
    const { bestBidLots, bestAskLots } = this.state.ladder
    return (this.bestBid * bestAskLots + this.bestAsk * bestBidLots) / (bestBidLots + bestAskLots)
  }

  /** Best ask less best bid; NaN unless both sides have levels, negative while crossed. */
  get spread(): number {
    const { bestBidTick, bestAskTick } = this.state.ladder
    if (bestBidTick === NO_BID || bestAskTick === NO_ASK) return Number.NaN
    return this.instrument.price(bestAskTick - bestBidTick)
  }

  /** Local time of the last applied row in ns since the epoch, NaN before the first. */
  get time(): number {
    return this.state.time
  }

  /** Unix ns of time 0, undefined before the first row. */
  get epochNs(): bigint | undefined {
    return this.#epochNs
  }

  /** Local time of the last applied row in Unix ns, 0 before the first. */
  get timeNs(): bigint {
    return this.#epochNs === undefined || Number.isNaN(this.state.time)
      ? 0n
      : this.#epochNs + BigInt(this.state.time)
  }

  /** Venue sequence number of the last book row that had one, 0 before. */
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
    const { bestBidTick, bestBidLots } = this.state.ladder
    return bestBidTick === NO_BID ? undefined : this.#level(0, bestBidTick, bestBidLots)
  }

  /** Returns the best ask, undefined without asks. */
  getBestAsk(): OrderBookLevel | undefined {
    const { bestAskTick, bestAskLots } = this.state.ladder
    return bestAskTick === NO_ASK ? undefined : this.#level(1, bestAskTick, bestAskLots)
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
    const bids = topLots(this.state.ladder.bids, levels)
    const asks = topLots(this.state.ladder.asks, levels)
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
    const levels = this.state.ladder.sides[index]
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
    const { ladder } = this.state
    const ticks = this.instrument.ticksOf(price)
    const bids = side === -1 ? 0 : ladder.bidLotsAt(ticks)
    const asks = side === 1 ? 0 : ladder.askLotsAt(ticks)
    return this.instrument.size(bids + asks)
  }

  /** Returns the ticks of a price, once side and price are found to be such. */
  protected ticksOf(side: Side, price: number): number {
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

  /** Counts times from the epoch of `events` from here on. */
  protected adopt(events: EventColumns): void {
    // Another epoch, another count of the same nanoseconds.
    if (this.#epochNs !== undefined && this.#epochNs !== events.epochNs) {
      this.state.time += Number(this.#epochNs - events.epochNs)
    }
    this.#epochNs = events.epochNs
  }

  /** Notes one change at a time in Unix ns. */
  protected stamp(timestampNs: bigint, seqNum: number): void {
    const state = this.state
    this.#epochNs ??= timestampNs - (timestampNs % DAY_NS)
    state.time = Number(timestampNs - this.#epochNs)
    if (seqNum !== 0) state.seqNum = seqNum
    state.version++
  }

  /** Orders at a level; 0 where the feed does not tell. */
  protected ordersAt(_side: 0 | 1, _tick: number): number {
    return 0
  }

  #side(index: 0 | 1, count: number): OrderBookLevel[] {
    const levels = this.state.ladder.sides[index]
    const out: OrderBookLevel[] = []
    for (let key = levels.best; out.length < count && key !== NO_KEY; key = levels.nextBelow(key)) {
      out.push(this.#level(index, key ^ -index, levels.lotsAt(key)))
    }
    return out
  }

  #level(side: 0 | 1, tick: number, lots: number): OrderBookLevel {
    return {
      price: this.instrument.price(tick),
      volume: this.instrument.size(lots),
      numOrders: this.ordersAt(side, tick),
    }
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
