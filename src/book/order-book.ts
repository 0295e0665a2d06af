/** The L2 order book at the edge of the library: decimals outside, integer ticks and lots inside. */
import { LobtraderError } from '../core/index.ts'
import {
  BUY,
  type EventColumns,
  type Instrument,
  type OrderBookSnapshot,
  type Side,
} from '../market/index.ts'
import { applyEvents } from './apply-events.kernel.ts'
import { BookPhase, BookState, type BookOptions } from './book-state.ts'
import { BookView } from './book-view.ts'
import { countLevels, settleLevel } from './settle-book.kernel.ts'
import { SnapshotLevels } from './snapshot-levels.ts'

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

/**
 * One instrument's price levels as we have seen them.
 *
 * Decimal fields are NaN where a side is empty, sizes 0; the `get...` methods return undefined
 * instead. Nothing is rounded: a price or size off the grid is an error.
 */
export class OrderBook extends BookView {
  readonly #incoming = new SnapshotLevels()

  /** @param state what a book that keeps more of its levels hands in */
  constructor(
    instrument: Instrument,
    options: BookOptions = {},
    state: BookState = new BookState(options),
  ) {
    super(instrument, state)
  }

  /** Applies rows [from, to) as we saw them: without those that only the venue sees. */
  override apply(events: EventColumns, from: number, to: number): void {
    this.adopt(events)
    applyEvents(this.state, events, from, to)
  }

  /**
   * Applies one level, or replaces the book by a snapshot. A level counts as a whole message: where
   * the depth is limited, or crossings are not kept, apply messages of many levels as columns.
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
    const state = this.state
    const ticks = this.ticksOf(event.side, event.price)
    const lots = this.instrument.lotsOf(event.volume)
    const side = event.side === BUY ? 0 : 1
    const before = state.ladder.sides[side].set(ticks ^ -side, lots)
    if (state.phase === BookPhase.Empty) state.phase = BookPhase.Live
    if (state.settles) {
      state.counts[side] += (lots > 0 ? 1 : 0) - (before > 0 ? 1 : 0)
      settleLevel(state, side, ticks ^ -side)
    }
    this.stamp(event.timestampNs, event.seqNum ?? 0)
  }

  /** Makes the book stale until its next snapshot; one that has had none yet waits for its first. */
  markStale(timestampNs: bigint): void {
    this.state.isCollecting = false
    this.lose(timestampNs)
  }

  /** Empties both sides. */
  clear(timestampNs: bigint): void {
    this.state.ladder.clear()
    countLevels(this.state)
    this.stamp(timestampNs, 0)
  }

  /**
   * Replaces every level by those of a snapshot, at once; the book is live again.
   *
   * @throws LobtraderError as {@link update}; the book is then as it was before
   */
  restore(snapshot: OrderBookSnapshot): void {
    const incoming = this.#incoming
    this.collect(snapshot, incoming)
    incoming.replace(this.state.ladder)
    this.state.phase = BookPhase.Live
    this.state.isCollecting = false
    if (this.state.settles) {
      countLevels(this.state)
      settleLevel(this.state, -1, 0)
    }
    this.stamp(snapshot.timestampNs, snapshot.seqNum)
  }

  /** Writes the levels of a snapshot to `into`; throws as {@link restore}. */
  protected collect(snapshot: OrderBookSnapshot, into: SnapshotLevels): void {
    if (snapshot.symbol !== this.instrument.symbol) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `a snapshot of ${snapshot.symbol} does not fit the book of ${this.instrument.symbol}`,
        { field: 'symbol', value: snapshot.symbol },
      )
    }
    into.clear()
    for (const level of snapshot.bids) {
      into.push(true, this.ticksOf(1, level.price), this.instrument.lotsOf(level.volume))
    }
    for (const level of snapshot.asks) {
      into.push(false, this.ticksOf(-1, level.price), this.instrument.lotsOf(level.volume))
    }
  }
}
