/** What can be asked of any order book: decimals outside, integer ticks and lots inside. */
import { LobtraderError, assert } from '../core/index.ts'
import {
  BUY,
  type EventColumns,
  type OrderBookLevel,
  type OrderBookSnapshot,
  type Side,
} from '../market/index.ts'
import type { BookStatus } from './book-state.ts'
import { BookTouch } from './book-touch.ts'
import { NO_KEY } from './far-levels.ts'
import type { LadderSide } from './ladder-side.ts'
import { NO_ASK, NO_BID } from './ladder.ts'
import { messageEnd } from './settle-book.kernel.ts'

/** The best levels of both sides, best first. */
export interface BookDepth {
  readonly bids: OrderBookLevel[]
  readonly asks: OrderBookLevel[]
}

/**
 * One instrument's price levels, to be read.
 *
 * Decimal fields are NaN where a side is empty, sizes 0; the `get...` methods return undefined
 * instead. Of what takes a side, 1 are the bids and -1 the asks.
 */
export abstract class BookView extends BookTouch {
  /**
   * Applies rows [from, to) message by message, and tells the status behind each message and behind
   * each row between that may move it, with its local time in ns since the epoch of `events`.
   */
  applyWatched(
    events: EventColumns,
    from: number,
    to: number,
    tell: (status: BookStatus, time: number) => void,
  ): void {
    const { state } = this
    state.watch = (row) => tell(state.status, events.localTime[row]!)
    try {
      for (let begin = from; begin < to;) {
        const end = messageEnd(events, undefined, begin, to)
        this.apply(events, begin, end)
        tell(state.status, state.time)
        begin = end
      }
    } finally {
      state.watch = undefined
    }
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

  /** Returns the number of levels of a side. @cost O(levels) */
  levelCount(side: Side): number {
    return this.#sideOf(side).count
  }

  /**
   * Goes through all levels of a side, best first, as long as they are asked for.
   *
   * @throws LobtraderError BAD_ARGUMENT when the book changes in the meantime
   */
  *eachLevel(side: Side): Generator<OrderBookLevel, void, undefined> {
    const levels = this.#sideOf(side)
    const index = side === BUY ? 0 : 1
    const { version } = this
    for (let key = levels.best; key !== NO_KEY; key = levels.nextBelow(key)) {
      yield this.level(index, key ^ -index, levels.lotsAt(key))
      if (this.version === version) continue
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `the book of ${this.instrument.symbol} has changed while its levels were gone through`,
        { symbol: this.instrument.symbol },
      )
    }
  }

  /**
   * Returns the level at a price, undefined when there is none.
   *
   * @throws LobtraderError NOT_FINITE, OFF_GRID, OUT_OF_RANGE or BAD_ARGUMENT (side)
   */
  levelAt(side: Side, price: number): OrderBookLevel | undefined {
    const index = side === BUY ? 0 : 1
    const tick = this.ticksOf(side, price)
    const lots = this.#sideOf(side).lotsAt(tick ^ -index)
    return lots === 0 ? undefined : this.level(index, tick, lots)
  }

  /**
   * Returns the levels of a side from one price to another, both included, best first; the prices in
   * either order.
   *
   * @throws LobtraderError as {@link levelAt}
   */
  levelsBetween(side: Side, price: number, otherPrice: number): OrderBookLevel[] {
    const index = side === BUY ? 0 : 1
    const levels = this.#sideOf(side)
    const one = this.ticksOf(side, price) ^ -index
    const two = this.ticksOf(side, otherPrice) ^ -index
    const low = Math.min(one, two)
    const high = Math.max(one, two)
    const out: OrderBookLevel[] = []
    let key = levels.lotsAt(high) > 0 ? high : levels.nextBelow(high)
    for (; key !== NO_KEY && key >= low; key = levels.nextBelow(key)) {
      out.push(this.level(index, key ^ -index, levels.lotsAt(key)))
    }
    return out
  }

  /**
   * Returns what stands on a side at a price and better, in base units or contracts.
   *
   * @throws LobtraderError as {@link levelAt}
   */
  volumeUntil(side: Side, price: number): number {
    const index = side === BUY ? 0 : 1
    const levels = this.#sideOf(side)
    const last = this.ticksOf(side, price) ^ -index
    let lots = 0
    for (let key = levels.best; key !== NO_KEY && key >= last; key = levels.nextBelow(key)) {
      lots += levels.lotsAt(key)
    }
    return this.instrument.size(lots)
  }

  /**
   * Returns the ticks of a price at which a level of that side can stand.
   *
   * @throws LobtraderError NOT_FINITE, OFF_GRID, OUT_OF_RANGE or BAD_ARGUMENT (side)
   */
  ticksOf(side: Side, price: number): number {
    this.#sideOf(side)
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

  #sideOf(side: Side): LadderSide {
    if (side === 1) return this.state.ladder.bids
    if (side === -1) return this.state.ladder.asks
    throw new LobtraderError('BAD_ARGUMENT', `side is 1 (bid) or -1 (ask), was ${String(side)}`, {
      field: 'side',
      value: String(side),
    })
  }

  #side(index: 0 | 1, count: number): OrderBookLevel[] {
    const levels = this.state.ladder.sides[index]
    const out: OrderBookLevel[] = []
    for (let key = levels.best; out.length < count && key !== NO_KEY; key = levels.nextBelow(key)) {
      out.push(this.level(index, key ^ -index, levels.lotsAt(key)))
    }
    return out
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
