/** Applies rows as we saw them to a book that fuses depth and ticker by venue time. */
import { assert } from '../../core/index.ts'
import {
  BUY_BIT,
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  SELL_BIT,
  type EventColumns,
} from '../../market/index.ts'
import { applyBbo, movesPhase } from '../apply-events.kernel.ts'
import { BookPhase } from '../book-state.ts'
import type { FusedBookState } from './fused-book-state.ts'

/** Applies rows [from, to) in row order, without those that only the venue sees. */
export function applyFusedEvents(
  state: FusedBookState,
  events: EventColumns,
  from: number,
  to: number,
): void {
  assert(from >= 0 && from <= to && to <= events.length, '0 <= from <= to <= rows')
  const { code, localTime } = events
  let last = -1
  for (let i = from; i < to; i++) {
    const c = code[i]!
    if ((c & EXCH_ONLY_BIT) !== 0) continue
    last = i
    const kind = c & KIND_MASK
    if (kind === EventKind.Trade) continue
    if (kind === EventKind.DepthSet || kind === EventKind.Bbo) applyPrice(state, events, i)
    else applyRare(state, events, i)
  }
  if (last >= 0) state.time = localTime[last]!
}

/** A level, or the best price of one side. */
function applyPrice(state: FusedBookState, events: EventColumns, i: number): void {
  const code = events.code[i]!
  const tick = events.tick[i]!
  const lots = events.lots[i]!
  const time = events.exchTime[i]!
  const side = (code & BUY_BIT) !== 0 ? 0 : 1
  const key = tick ^ -side
  let isTaken: boolean
  if ((code & KIND_MASK) === EventKind.Bbo) {
    applyBbo(state, code, tick, lots)
    isTaken = state.levels.setBest(side, key, lots, time)
  } else {
    isTaken = state.levels.set(side, key, lots, time)
    // A source without snapshots is in step from its first level on.
    if (state.phase === BookPhase.Empty) state.phase = BookPhase.Live
    noteSequence(state, events, i)
  }
  if (isTaken) state.version++
  else state.outdated++
}

/** Clears, snapshots, gaps and halts, in the phases of `apply-events.kernel.ts`. */
function applyRare(state: FusedBookState, events: EventColumns, i: number): void {
  const code = events.code[i]!
  const time = events.exchTime[i]!
  switch (code & KIND_MASK) {
    case EventKind.DepthClear:
      if ((code & SELL_BIT) === 0) state.levels.clear(0, time)
      if ((code & BUY_BIT) === 0) state.levels.clear(1, time)
      state.version++
      noteSequence(state, events, i)
      break
    case EventKind.SnapshotBegin:
      state.pending.clear()
      state.isCollecting = true
      if (state.phase === BookPhase.Empty) state.phase = BookPhase.Syncing
      break
    case EventKind.SnapshotLevel:
      // Levels whose snapshot began before the first row we have would replace the book by a part.
      if (state.isCollecting) {
        state.pending.push((code & BUY_BIT) !== 0, events.tick[i]!, events.lots[i]!)
      }
      break
    case EventKind.SnapshotEnd:
      if (!state.isCollecting) break
      state.isCollecting = false
      state.levels.restore(state.pending, time)
      state.phase = BookPhase.Live
      state.version++
      noteSequence(state, events, i)
      break
    case EventKind.Gap:
      // What is missing may be a part of the snapshot under way.
      state.isCollecting = false
      state.phase = BookPhase.Stale
      break
    case EventKind.Status:
      state.isHalted = events.lots[i] === 0
      break
    default:
      break
  }
  if (state.watch !== undefined && movesPhase(code)) state.watch(i)
}

function noteSequence(state: FusedBookState, events: EventColumns, i: number): void {
  const seqNum = events.seq[i]!
  if (seqNum !== 0) state.seqNum = seqNum
}
