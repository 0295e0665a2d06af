/** An order book of depth and ticker together: of each price what was told last by venue time. */
import {
  BUY,
  type EventColumns,
  type Instrument,
  type OrderBookSnapshot,
} from '../../market/index.ts'
import { BookPhase } from '../book-state.ts'
import type { LadderOptions } from '../ladder.ts'
import { OrderBook, type BookUpdate } from '../order-book.ts'
import { SnapshotLevels } from '../snapshot-levels.ts'
import { applyFusedEvents } from './apply-fused.kernel.ts'
import { FusedBookState } from './fused-book-state.ts'

/**
 * One instrument's price levels, from every stream that tells of them: depth, and the ticker of the
 * best prices, which is often ahead of it.
 *
 * A row counts by its venue time: one of which something later is known changes nothing, whichever
 * stream brings it; see {@link FusedLevels} for what a row says. The book is never crossed. Times of
 * both streams must come from one clock of the venue.
 */
export class FusedBook extends OrderBook {
  readonly #given = new SnapshotLevels()

  constructor(instrument: Instrument, options: LadderOptions = {}) {
    super(instrument, {}, new FusedBookState(options))
  }

  protected override get state(): FusedBookState {
    return super.state as FusedBookState
  }

  /** Level and ticker rows so far of which something later was known; they changed nothing. */
  get outdatedRows(): number {
    return this.state.outdated
  }

  override apply(events: EventColumns, from: number, to: number): void {
    this.adopt(events)
    applyFusedEvents(this.state, events, from, to)
  }

  /** Applies one level as it was at its time, or a snapshot. @throws as {@link OrderBook.update} */
  override update(event: BookUpdate | OrderBookSnapshot): void {
    if ('bids' in event) this.restore(event)
    else this.#tell(event, false)
  }

  /**
   * Applies a best price as it was at its time, as tickers tell it; volume 0: the side was empty.
   *
   * @throws LobtraderError as {@link update}
   */
  updateBest(event: BookUpdate): void {
    this.#tell(event, true)
  }

  #tell(event: BookUpdate, isBest: boolean): void {
    const { state } = this
    const tick = this.ticksOf(event.side, event.price)
    const lots = this.instrument.lotsOf(event.volume)
    const side = event.side === BUY ? 0 : 1
    const time = this.#timeOf(event.timestampNs)
    const isTaken = isBest
      ? state.levels.setBest(side, tick ^ -side, lots, time)
      : state.levels.set(side, tick ^ -side, lots, time)
    if (!isBest && state.phase === BookPhase.Empty) state.phase = BookPhase.Live
    if (isTaken) this.stamp(event.timestampNs, isBest ? 0 : (event.seqNum ?? 0))
    else state.outdated++
  }

  /** Takes all levels away that were told of at `timestampNs` or before. */
  override clear(timestampNs: bigint): void {
    const time = this.#timeOf(timestampNs)
    this.state.levels.clear(0, time)
    this.state.levels.clear(1, time)
    this.stamp(timestampNs, 0)
  }

  /**
   * Replaces every level that was told of before the snapshot by those of it; the book is live again.
   *
   * @throws LobtraderError as {@link update}; the book is then as it was before
   */
  override restore(snapshot: OrderBookSnapshot): void {
    this.collect(snapshot, this.#given)
    const { state } = this
    state.levels.restore(this.#given, this.#timeOf(snapshot.timestampNs))
    state.phase = BookPhase.Live
    state.isCollecting = false
    this.stamp(snapshot.timestampNs, snapshot.seqNum)
  }

  protected override adopt(events: EventColumns): void {
    const before = this.epochNs
    super.adopt(events)
    if (before !== undefined && before !== events.epochNs) {
      this.state.levels.shift(Number(before - events.epochNs))
    }
  }

  /** Ns since the epoch of the book, which it has from here on. */
  #timeOf(timestampNs: bigint): number {
    return Number(timestampNs - this.beginAt(timestampNs))
  }
}
