/**
 * What a book with a limit of depth or a policy for crossings does behind each message.
 *
 * A message is a run of rows with the same two times and the same sequence number. Within it a book
 * may be crossed, or hold a level too many, and nothing is meant by it.
 */
import { BUY_BIT, EventKind, KIND_MASK, type EventColumns } from '../market/index.ts'
import { BookPhase, type BookState } from './book-state.ts'
import { NO_KEY } from './far-levels.ts'
import { NO_ASK, NO_BID } from './ladder.ts'

/** The bit of rows that a view does not see, and the order in which it reads them. */
export interface RowView {
  readonly hiddenBit: number
  /** Rows by position; undefined where both are the same. */
  readonly order: Int32Array | undefined
}

/** Returns the position behind the message that begins at `from`, at most `to`. */
export function messageEnd(
  events: EventColumns,
  order: Int32Array | undefined,
  from: number,
  to: number,
): number {
  const { localTime, exchTime, seq } = events
  const first = order === undefined ? from : order[from]!
  let position = from + 1
  for (; position < to; position++) {
    const i = order === undefined ? position : order[position]!
    if (exchTime[i] !== exchTime[first] || localTime[i] !== localTime[first]) break
    if (seq[i] !== seq[first]) break
  }
  return position
}

/** True when the best bid is not below the best ask. */
export function isCrossed(state: BookState): boolean {
  const { bestBidTick, bestAskTick } = state.ladder
  return bestBidTick !== NO_BID && bestAskTick !== NO_ASK && bestBidTick >= bestAskTick
}

/** Settles the book behind the message at positions [from, to). */
export function settleMessage(
  state: BookState,
  events: EventColumns,
  view: RowView,
  from: number,
  to: number,
): void {
  if (state.crossing !== 'keep' && isCrossed(state)) {
    state.crossings++
    if (state.crossing === 'trust-newer') uncrossByRows(state, events, view, from, to)
    else markStale(state)
  }
  cutDepth(state)
}

/** Settles the book behind a message that was one level, or behind a whole snapshot. */
export function settleLevel(state: BookState, side: 0 | 1 | -1, key: number): void {
  if (state.crossing !== 'keep' && isCrossed(state)) {
    state.crossings++
    if (state.crossing === 'mark-stale') markStale(state)
    else if (side >= 0) uncrossBy(state, side as 0 | 1, key)
  }
  cutDepth(state)
}

/** Counts the levels anew. */
export function countLevels(state: BookState): void {
  if (state.depth === Number.POSITIVE_INFINITY) return
  state.counts[0] = state.ladder.bids.count
  state.counts[1] = state.ladder.asks.count
}

/** Goes back from the last row: a later level outlives every earlier one that it crosses. */
function uncrossByRows(
  state: BookState,
  events: EventColumns,
  view: RowView,
  from: number,
  to: number,
): void {
  const { code, tick, lots } = events
  const { hiddenBit, order } = view
  for (let position = to - 1; position >= from && isCrossed(state); position--) {
    const i = order === undefined ? position : order[position]!
    const c = code[i]!
    if ((c & hiddenBit) !== 0) continue
    const kind = c & KIND_MASK
    // What came before a snapshot is not in the book.
    if (kind === EventKind.SnapshotEnd) return
    if (kind !== EventKind.DepthSet || !(lots[i]! > 0)) continue
    const side = (c & BUY_BIT) === 0 ? 1 : 0
    uncrossBy(state, side, tick[i]! ^ -side)
  }
}

/** Takes the levels away that the level at `key` of `side` crosses, where it still stands. */
function uncrossBy(state: BookState, side: 0 | 1, key: number): void {
  const { sides } = state.ladder
  if (!(sides[side].lotsAt(key) > 0)) return
  const other = sides[1 - side]!
  // A level of the other side crosses when its tick is at or beyond this one's.
  const reach = ~key
  while (other.best !== NO_KEY && other.best >= reach) {
    other.set(other.best, 0)
    state.counts[1 - side]!--
  }
}

function markStale(state: BookState): void {
  if (state.phase === BookPhase.Live) state.phase = BookPhase.Stale
}

/** Cuts the levels that lie furthest from the touch down to the depth. */
function cutDepth(state: BookState): void {
  const { counts, depth, ladder } = state
  for (let side = 0; side < 2; side++) {
    const levels = ladder.sides[side as 0 | 1]
    while (counts[side]! > depth) {
      levels.set(levels.worst, 0)
      counts[side]!--
    }
  }
}
