/** One view of one instrument's market: levels, ticker, and how far they can be trusted. */
import { LobtraderError } from '../core/index.ts'
import { NO_ASK, NO_BID, Ladder, type LadderOptions } from './ladder.ts'
import type { CompiledBook } from './level-memory.ts'
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

const CROSSINGS: readonly string[] = ['keep', 'trust-newer', 'mark-stale']

/**
 * What becomes of a book that is crossed or locked after a message.
 *
 * `keep`: nothing; its status says so until the levels go. `trust-newer`: each level that the message
 * has set takes the levels away that it crosses, the level of the later row first. `mark-stale`: the
 * book is stale until its next snapshot.
 */
export type CrossingPolicy = 'keep' | 'trust-newer' | 'mark-stale'

/** How a book of levels is laid out and what it does behind each message. */
export interface BookOptions extends LadderOptions {
  /**
   * Levels a side that the venue speaks of, a whole number >= 1: those further from the touch are
   * cut behind each message, as venues of limited depth ask (Kraken). Default: all are kept.
   */
  readonly depth?: number
  /** Default `keep`. */
  readonly crossing?: CrossingPolicy
  /**
   * Memory in which a compiled kernel applies rows, twice as fast: for a book that sees long
   * stretches of them. Not used with a window, a depth or a policy.
   */
  readonly compiled?: CompiledBook | undefined
}

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
  /** Levels a side that are kept behind each message. */
  readonly depth: number
  readonly crossing: CrossingPolicy
  /** True where something is to be done behind each message. */
  readonly settles: boolean
  /** Messages so far that left the book crossed, where the policy is not `keep`. */
  crossings = 0
  /** Levels of each side; kept up to date only where the depth is limited. */
  readonly counts: [number, number] = [0, 0]
  /** Where the levels are, and what applies rows to them; undefined for a book that is not compiled. */
  readonly memory: CompiledBook | undefined
  /** Told of each row that may move the phase or halt trading, before the rows behind it. */
  watch: ((row: number) => void) | undefined

  /** @throws LobtraderError BAD_ARGUMENT */
  constructor(options: BookOptions = {}) {
    const { depth = Number.POSITIVE_INFINITY, crossing = 'keep' } = options
    if (!(depth >= 1) || (depth < Number.POSITIVE_INFINITY && !Number.isInteger(depth))) {
      throw refused('depth', 'a whole number of levels, 1 or more', depth)
    }
    if (!CROSSINGS.includes(crossing)) throw refused('crossing', CROSSINGS.join(', '), crossing)
    this.depth = depth
    this.crossing = crossing
    this.settles = depth < Number.POSITIVE_INFINITY || crossing !== 'keep'
    const mayCompile = !this.settles && options.windowTicks === undefined
    this.memory = mayCompile ? options.compiled : undefined
    this.ladder = new Ladder(options, this.memory)
  }

  /** The status as of the last applied row; a locked book (bid = ask) counts as crossed. */
  get status(): BookStatus {
    return bookStatus(this, this.ladder)
  }
}

/** The status of a book by its phase and its touch. */
export function bookStatus(
  { isHalted, phase }: { readonly isHalted: boolean; readonly phase: BookPhase },
  { bestBidTick, bestAskTick }: { readonly bestBidTick: number; readonly bestAskTick: number },
): BookStatus {
  if (isHalted) return 'halted'
  if (phase === BookPhase.Stale) return 'stale'
  if (phase === BookPhase.Syncing) return 'syncing'
  if (bestBidTick === NO_BID && bestAskTick === NO_ASK) return 'empty'
  if (bestBidTick === NO_BID || bestAskTick === NO_ASK) return 'live'
  return bestBidTick >= bestAskTick ? 'crossed' : 'live'
}

function refused(field: string, expected: string, value: number | string): LobtraderError {
  const message = `book option ${field} is ${expected}; was ${value}`
  return new LobtraderError('BAD_ARGUMENT', message, { field, value: String(value) })
}
