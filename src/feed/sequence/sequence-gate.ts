/** What a venue's sequence rule says about one update of an order book. */
import type { ChecksumVerdict } from '../checksum/checksum-verdict.ts'
import { SequenceTally, type SequenceCounts } from './sequence-tally.ts'
import type { Verdict } from './verdict.ts'

/** A venue's rule for joining a book snapshot and its updates. Pure: no clock, no socket, no file. */
export interface SequenceGate {
  /** Id of the last update in the book, -1 while the book is not synchronised. */
  readonly lastId: number
  /** What became of the updates so far. */
  readonly counts: SequenceCounts
  /** True when an update that is a `reset` continues the book, false when it replaces it. */
  readonly resetKeepsBook: boolean
  /**
   * Begins again from a snapshot with this id; what follows must join it.
   *
   * @returns `apply` or `reset` when the snapshot is to replace the book, `drop` when it repeats the
   *   book at hand, `gap` when it is too old to be joined: fetch another
   */
  onSnapshot(lastUpdateId: number): Verdict
  /**
   * Judges an update; after a `gap` every update is a `gap` until the next snapshot.
   *
   * @param first    id of the first change in the update (Binance `U`)
   * @param last     id of the last change in the update (`u`)
   * @param previous id of the last change in the update before (`pu`), -1 where the venue has none
   */
  onDelta(first: number, last: number, previous: number): Verdict
  /** Makes the book stale for a reason outside the numbers, such as a checksum that differs. */
  invalidate(): void
  /** Where the checksum is the venue's only proof: judges the book after an update was applied. */
  readonly onChecksum?: (verdict: ChecksumVerdict) => Verdict
}

/**
 * Binance spot.
 *
 * "How to manage a local order book correctly", binance-spot-api-docs web-socket-streams, in the
 * wording after its correction #383 (read 2026-09):
 * 4. while `lastUpdateId < U` of the first event, fetch the snapshot again;
 * 5. discard events with `u <= lastUpdateId`; the first one left has `lastUpdateId` in `[U; u]`;
 * update procedure 1. "If the event u is <= the update ID of your local order book, ignore the
 * event. If the event U is > (the update ID of your local order book + 1), something went wrong.
 * Discard your local order book and restart"; 3. set the book's id to `u`.
 */
export class BinanceSpotGate implements SequenceGate {
  lastId = -1
  readonly resetKeepsBook = false
  readonly #tally = new SequenceTally()
  #joined = false

  get counts(): SequenceCounts {
    return this.#tally
  }

  onSnapshot(lastUpdateId: number): Verdict {
    this.lastId = lastUpdateId
    this.#joined = false
    this.#tally.join()
    return 'apply'
  }

  onDelta(first: number, last: number): Verdict {
    if (this.lastId < 0) return this.#tally.refuse(last)
    if (last <= this.lastId) return this.#joined ? this.#tally.duplicate() : this.#tally.hold()
    if (first > this.lastId + 1) {
      const lastId = this.lastId
      this.lastId = -1
      return this.#tally.gap(lastId, first - 1)
    }
    this.lastId = last
    this.#joined = true
    return this.#tally.apply()
  }

  invalidate(): void {
    this.#tally.join()
    this.lastId = -1
  }
}

/**
 * Binance USD-M and COIN-M futures.
 *
 * "How to manage a local order book correctly", USDⓈ-M and COIN-M futures websocket market streams
 * (read 2026-09):
 * 4. "Drop any event where u is < lastUpdateId in the snapshot";
 * 5. "The first processed event should have U <= lastUpdateId AND u >= lastUpdateId";
 * 6. "each new event's pu should be equal to the previous event's u, otherwise initialize the
 * process from step 3".
 * Streams may also join with `pu == lastUpdateId`, without an event around the snapshot's id; both
 * prove that nothing is missing, so both are accepted.
 */
export class BinanceFuturesGate implements SequenceGate {
  lastId = -1
  readonly resetKeepsBook = false
  readonly #tally = new SequenceTally()
  #joined = false

  get counts(): SequenceCounts {
    return this.#tally
  }

  onSnapshot(lastUpdateId: number): Verdict {
    this.lastId = lastUpdateId
    this.#joined = false
    this.#tally.join()
    return 'apply'
  }

  onDelta(first: number, last: number, previous: number): Verdict {
    if (this.lastId < 0) return this.#tally.refuse(last)
    if (this.#joined && last <= this.lastId) return this.#tally.duplicate()
    if (last < this.lastId) return this.#tally.hold()
    const continues =
      previous === this.lastId || (!this.#joined && first <= this.lastId && this.lastId <= last)
    const lastId = this.lastId
    this.#joined = continues
    this.lastId = continues ? last : -1
    return continues ? this.#tally.apply() : this.#tally.gap(lastId, previous)
  }

  invalidate(): void {
    this.#tally.join()
    this.lastId = -1
  }
}
