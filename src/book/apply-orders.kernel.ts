/**
 * Applies rows of event columns to a market-by-order book.
 *
 * An execution without a reference took a hidden order: it changes no book, as a trade does not.
 * The tick of an execution is the price that was paid, which need not be the order's. A row that
 * does not fit is counted in `state.faults` and changes nothing. Rows of orders between the ends of a
 * snapshot make the new book, which replaces the old one at its end and at once.
 */
import { assert } from '../core/index.ts'
import {
  BUY_BIT,
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  SELL_BIT,
  type EventColumns,
} from '../market/index.ts'
import { applyBbo, movesPhase } from './apply-events.kernel.ts'
import { BookPhase } from './book-state.ts'
import type { OrderBookState } from './order-book-state.ts'
import { OrderOutcome } from './order-queues.ts'
import { applyOrderRows } from './order-rows.kernel.ts'

/** Rows below which the compiled kernel costs more than it saves: as they are, and brought in before. */
const FEW = 16
const FEW_FINAL = 4

/** Applies rows [from, to) as we saw them: in row order, without those that only the venue sees. */
export function applyOrderEvents(
  state: OrderBookState,
  events: EventColumns,
  from: number,
  to: number,
): void {
  assert(from >= 0 && from <= to && to <= events.length, '0 <= from <= to <= rows')
  const { code, tick, lots, orderRef } = events
  const run = state.run
  const isFew = to - from < (state.rowsAreFinal ? FEW_FINAL : FEW)
  if (!isFew) state.openRows(events, to - from)
  run.applied = 0
  run.bookRow = -1
  let last = -1
  for (let i = from; i < to; i++) {
    const { pool } = state.target
    const usual =
      isFew || pool.memory === undefined
        ? applyOrderRows(pool, events, i, to, run)
        : pool.memory.apply(pool, i, to, run)
    if (usual > i) last = usual - 1
    if (usual === to) break
    i = usual
    const c = code[i]!
    if ((c & EXCH_ONLY_BIT) !== 0) continue
    last = i
    const kind = c & KIND_MASK
    if (kind >= EventKind.OrderAdd && kind <= EventKind.OrderExecute) {
      const ref = orderRef[i]!
      // What a hidden order loses, no book shows.
      if (ref < 0 && kind === EventKind.OrderExecute) continue
      const outcome = applyOrder(state, c, ref, tick[i]!, lots[i]!)
      if (outcome !== OrderOutcome.Applied) noteFault(state, kind, outcome)
      if (outcome === OrderOutcome.Applied || outcome === OrderOutcome.Excess) {
        run.applied++
        run.bookRow = i
      }
    } else if (kind === EventKind.Bbo) {
      applyBbo(state, c, tick[i]!, lots[i]!)
    } else {
      // Noted before a row of another kind as well: rows in one call or in many, one book.
      if (run.applied > 0 && state.phase === BookPhase.Empty) state.phase = BookPhase.Live
      if (applyRare(state, c, lots[i]!)) run.bookRow = i
      if (state.watch !== undefined && movesPhase(c)) state.watch(i)
    }
  }
  const { applied, bookRow } = run
  state.version += applied
  if (applied > 0 && state.phase === BookPhase.Empty) state.phase = BookPhase.Live
  if (bookRow >= 0 && events.seq[bookRow]! !== 0) state.seqNum = events.seq[bookRow]!
  if (last >= 0) state.time = events.localTime[last]!
}

function applyOrder(
  state: OrderBookState,
  code: number,
  ref: number,
  tick: number,
  lots: number,
): OrderOutcome {
  const queues = state.target
  switch (code & KIND_MASK) {
    case EventKind.OrderAdd:
      if ((code & (BUY_BIT | SELL_BIT)) === 0) return OrderOutcome.Invalid
      return queues.add(ref, (code & BUY_BIT) === 0 ? 1 : 0, tick, lots)
    case EventKind.OrderCancel:
    case EventKind.OrderExecute:
      return queues.reduce(ref, lots)
    default:
      // An order keeps its side for life.
      if ((code & (BUY_BIT | SELL_BIT)) !== 0 && queues.levelOf(ref) !== 0) {
        if (((code & BUY_BIT) === 0 ? 1 : 0) !== queues.sideOf(ref)) return OrderOutcome.Invalid
      }
      return queues.modify(ref, tick, lots)
  }
}

/** Counts a row that did not fit. */
export function noteFault(state: OrderBookState, kind: number, outcome: OrderOutcome): void {
  const { faults } = state
  if (outcome === OrderOutcome.Duplicate) faults.duplicateAdds++
  else if (outcome === OrderOutcome.Excess) faults.excess++
  else if (outcome === OrderOutcome.Invalid) faults.invalid++
  else if (kind === EventKind.OrderModify) faults.unknownModifies++
  else if (kind === EventKind.OrderCancel) faults.unknownCancels++
  else if (kind === EventKind.OrderExecute) faults.unknownExecutes++
  else faults.unknownAdds++
}

/** Clears, snapshots, gaps and halts. Returns true when the row belongs to the book's sequence. */
function applyRare(state: OrderBookState, code: number, lots: number): boolean {
  switch (code & KIND_MASK) {
    case EventKind.DepthClear:
      if ((code & SELL_BIT) === 0) state.queues.clear(0)
      if ((code & BUY_BIT) === 0) state.queues.clear(1)
      state.version++
      return true
    case EventKind.SnapshotBegin:
      // References may be given anew from here on: the new orders have a pool of their own.
      state.beginSnapshot()
      if (state.phase === BookPhase.Empty && state.queues.count === 0) {
        state.phase = BookPhase.Syncing
      }
      return false
    case EventKind.SnapshotEnd:
      if (!state.isCollecting) return false
      state.endSnapshot()
      state.phase = BookPhase.Live
      state.version++
      return true
    case EventKind.DepthSet:
    case EventKind.SnapshotLevel:
      state.faults.levelRows++
      return false
    case EventKind.Gap:
      // What is missing may be a part of the snapshot under way.
      state.dropSnapshot()
      state.phase = BookPhase.Stale
      return false
    case EventKind.Status:
      state.isHalted = lots === 0
      return false
    default:
      return false
  }
}
