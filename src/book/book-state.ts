/** One view of one instrument's market: levels, ticker, and how far they can be trusted. */
import { NO_ASK, NO_BID, Ladder, type LadderOptions } from './ladder.ts'
import { SnapshotLevels } from './snapshot-levels.ts'

/** How far a book can be trusted: only `live` books may cause orders. */
export type BookStatus = 'empty' | 'syncing' | 'live' | 'stale' | 'crossed' | 'halted'

/** Where a book stands between its snapshots, halts and crossings apart. */
export const BookPhase = {
  /** Nothing has been heard. */
  Empty: 0,
  /** The first snapshot has begun. */
  Syncing: 1,
  Live: 2,
  /** Updates are missing since the last snapshot. */
  Stale: 3,
} as const

/** One of {@link BookPhase}. */
export type BookPhase = (typeof BookPhase)[keyof typeof BookPhase]

/** What the kernels of `apply-events.kernel.ts` move; plain fields, written by them alone. */
export class BookState {
  readonly ladder: Ladder
  /** Levels of the snapshot that is under way. */
  readonly pending = new SnapshotLevels()
  isCollecting = false
  isHalted = false
  phase: BookPhase = BookPhase.Empty
  /** Time of the last applied row, ns since the epoch; NaN before the first one. */
  time = Number.NaN
  /** Venue sequence number of the last book row that had one, 0 before. */
  seqNum = 0
  /** Book rows applied so far. */
  version = 0
  /** The ticker's best bid; {@link NO_BID} and 0 before the first. */
  bboBidTick = NO_BID
  bboBidLots = 0
  /** The ticker's best ask; {@link NO_ASK} and 0 before the first. */
  bboAskTick = NO_ASK
  bboAskLots = 0

  constructor(options: LadderOptions = {}) {
    this.ladder = new Ladder(options)
  }

  /** The status as of the last applied row; a locked book (bid = ask) counts as crossed. */
  get status(): BookStatus {
    if (this.isHalted) return 'halted'
    if (this.phase === BookPhase.Stale) return 'stale'
    if (this.phase === BookPhase.Syncing) return 'syncing'
    const { bestBidTick, bestAskTick } = this.ladder
    if (bestBidTick === NO_BID && bestAskTick === NO_ASK) return 'empty'
    if (bestBidTick === NO_BID || bestAskTick === NO_ASK) return 'live'
    return bestBidTick >= bestAskTick ? 'crossed' : 'live'
  }
}
