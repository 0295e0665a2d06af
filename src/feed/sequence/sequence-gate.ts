/** What a venue's sequence rule says about one update of an order book. */

/**
 * `apply`: it continues the book. `drop`: the book has it already. `gap`: updates are missing
 * before it, the book is stale until the next snapshot.
 */
export type Verdict = 'apply' | 'drop' | 'gap'

/** A venue's rule for joining a book snapshot and its updates. Pure: no clock, no socket, no file. */
export interface SequenceGate {
  /** Id of the last update in the book, -1 while the book is not synchronised. */
  readonly lastId: number
  /** Begins again from a snapshot with this id; what follows must join it. */
  onSnapshot(lastUpdateId: number): void
  /**
   * Judges an update; after a `gap` every update is a `gap` until the next snapshot.
   *
   * @param first    id of the first change in the update (Binance `U`)
   * @param last     id of the last change in the update (`u`)
   * @param previous id of the last change in the update before (`pu`), -1 where the venue has none
   */
  onDelta(first: number, last: number, previous: number): Verdict
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

  onSnapshot(lastUpdateId: number): void {
    this.lastId = lastUpdateId
  }

  onDelta(first: number, last: number): Verdict {
    if (this.lastId < 0) return 'gap'
    if (last <= this.lastId) return 'drop'
    if (first > this.lastId + 1) {
      this.lastId = -1
      return 'gap'
    }
    this.lastId = last
    return 'apply'
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
  #joined = false

  onSnapshot(lastUpdateId: number): void {
    this.lastId = lastUpdateId
    this.#joined = false
  }

  onDelta(first: number, last: number, previous: number): Verdict {
    if (this.lastId < 0) return 'gap'
    if (this.#joined ? last <= this.lastId : last < this.lastId) return 'drop'
    const continues =
      previous === this.lastId || (!this.#joined && first <= this.lastId && this.lastId <= last)
    this.#joined = continues
    this.lastId = continues ? last : -1
    return continues ? 'apply' : 'gap'
  }
}
