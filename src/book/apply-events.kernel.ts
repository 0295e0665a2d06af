/**
 * Applies rows of event columns to one view of a book, local or exchange.
 *
 * Trades do not change a book; ticker rows change the local view's ticker fields only.
 */
import { assert } from '../core/index.ts'
import {
  BUY_BIT,
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  SELL_BIT,
  type EventColumns,
} from '../market/index.ts'
import { BookPhase, type BookState } from './book-state.ts'
import { NO_ASK, NO_BID } from './ladder.ts'
import type { CompiledBook } from './level-memory.ts'
import { countPlainLevels } from './plain-rows.ts'
import { countLevels, messageEnd, settleMessage, type RowView } from './settle-book.kernel.ts'

/** What a depth row looks like once side and the other view's bit are masked away. */
const LOCAL_MASK = KIND_MASK | EXCH_ONLY_BIT
const EXCH_MASK = KIND_MASK | LOCAL_ONLY_BIT

/** Rows below which a call of the compiled kernel costs more than it saves. */
const FEW = 4
/** The same where it would have to bring in a block of rows first. */
const FEW_FAR = 64

/** 0 for a bid, 1 for an ask: arithmetic, because no processor predicts the side of a row. */
function sideIndex(code: number): 0 | 1 {
  return (((code & BUY_BIT) >> 4) ^ 1) as 0 | 1
}

/** Applies rows [from, to) as we saw them: in row order, without those that only the venue sees. */
export function applyEvents(
  state: BookState,
  events: EventColumns,
  from: number,
  to: number,
): void {
  assert(from >= 0 && from <= to && to <= events.length, '0 <= from <= to <= rows')
  if (state.settles) {
    applyMessages(state, events, { hiddenBit: EXCH_ONLY_BIT, order: undefined }, from, to)
    return
  }
  if (to - from === 1 && (events.code[from]! & LOCAL_MASK) === EventKind.DepthSet) {
    applyLevel(state, events, from)
    return
  }
  const memory = kernelFor(state, events, undefined, from, to)
  if (memory === undefined) applyLocal(state, events, from, to)
  else {
    applyCompiled(state, memory, events, { hiddenBit: EXCH_ONLY_BIT, order: undefined }, from, to)
  }
  let last = to - 1
  while (last >= from && (events.code[last]! & EXCH_ONLY_BIT) !== 0) last--
  if (last >= from) state.time = events.localTime[last]!
}

/**
 * Moves all that rows [from, to) move but the levels, as {@link applyEvents} does, where both sides
 * see all of them. False, and nothing moved, where one of them is neither level, trade nor ticker, or
 * the book needs its levels for the rest.
 */
export function skipLevels(
  state: BookState,
  events: EventColumns,
  from: number,
  to: number,
): boolean {
  if (state.settles || state.isCollecting) return false
  if (!skipPlainRows(state, events, from, to) && !skipOtherRows(state, events, from, to))
    return false
  if (to > from) state.time = events.localTime[to - 1]!
  return true
}

/** {@link skipLevels} of levels and trades alone. */
function skipPlainRows(state: BookState, events: EventColumns, from: number, to: number): boolean {
  const { code } = events
  const levels = countPlainLevels(code, from, to)
  if (levels < 0) return false
  let last = levels > 0 ? to - 1 : -1
  while (last >= 0 && (code[last]! & KIND_MASK) !== EventKind.DepthSet) last--
  finishRows(state, events, last, levels)
  return true
}

/** {@link skipLevels} of levels, trades and tickers. */
function skipOtherRows(state: BookState, events: EventColumns, from: number, to: number): boolean {
  const { code, tick, lots } = events
  let applied = 0
  let bookRow = -1
  let bid = -1
  let ask = -1
  for (let i = from; i < to; i++) {
    const kind = code[i]! & KIND_MASK
    if (kind === EventKind.DepthSet) {
      applied++
      bookRow = i
    } else if (kind === EventKind.Bbo) {
      if ((code[i]! & BUY_BIT) !== 0) bid = i
      else ask = i
    } else if (kind > EventKind.DepthSet) return false
  }
  if (bid >= 0) applyBbo(state, code[bid]!, tick[bid]!, lots[bid]!)
  if (ask >= 0) applyBbo(state, code[ask]!, tick[ask]!, lots[ask]!)
  finishRows(state, events, bookRow, applied)
  return true
}

/** One level by itself, as strategies are woken that hear of every row. */
function applyLevel(state: BookState, events: EventColumns, row: number): void {
  const side = sideIndex(events.code[row]!)
  state.ladder.sides[side].set(events.tick[row]! ^ -side, events.lots[row]!)
  finishRows(state, events, row, 1)
  state.time = events.localTime[row]!
}

/** As {@link applyEvents}, but for the time. */
function applyLocal(state: BookState, events: EventColumns, from: number, to: number): void {
  const { code, tick, lots } = events
  const { sides } = state.ladder
  let applied = 0
  let bookRow = -1
  for (let i = from; i < to; i++) {
    const c = code[i]!
    if ((c & LOCAL_MASK) === EventKind.DepthSet) {
      const side = sideIndex(c)
      sides[side].set(tick[i]! ^ -side, lots[i]!)
      applied++
      bookRow = i
    } else if ((c & LOCAL_MASK) > EventKind.DepthSet && (c & EXCH_ONLY_BIT) === 0) {
      if (applied > 0) noteLevels(state)
      if ((c & KIND_MASK) === EventKind.Bbo) applyBbo(state, c, tick[i]!, lots[i]!)
      else if (applyRare(state, events, i)) bookRow = i
    }
  }
  finishRows(state, events, bookRow, applied)
}

/** What applies positions [from, to) faster than JavaScript; undefined where nothing does. */
function kernelFor(
  { memory }: BookState,
  events: EventColumns,
  order: Int32Array | undefined,
  from: number,
  to: number,
): CompiledBook | undefined {
  const rows = to - from
  if (memory === undefined || rows < FEW) return undefined
  return rows >= FEW_FAR || memory.holds(events, order, from) ? memory : undefined
}

/** Has the compiled kernel apply positions [from, to), and applies those that it leaves. */
function applyCompiled(
  state: BookState,
  memory: CompiledBook,
  events: EventColumns,
  view: RowView,
  from: number,
  to: number,
): void {
  const { hiddenBit, order } = view
  for (let at = from; at < to;) {
    at = memory.applyLevels(events, order, hiddenBit, at, to)
    const { applied, lastApplied } = memory
    const last = order === undefined || lastApplied < 0 ? lastApplied : order[lastApplied]!
    finishRows(state, events, last, applied)
    if (hiddenBit === EXCH_ONLY_BIT) applyTickers(state, memory, events)
    if (at === to || at === memory.end) continue
    if (hiddenBit === EXCH_ONLY_BIT) applyLocal(state, events, at, at + 1)
    else applyAtExchange(state, events, at, at + 1)
    at++
  }
}

/** Notes the last ticker of each side that the kernel has passed over. */
function applyTickers(state: BookState, memory: CompiledBook, events: EventColumns): void {
  const { code, tick, lots } = events
  const bid = memory.lastTicker(0)
  const ask = memory.lastTicker(1)
  if (bid >= 0) applyBbo(state, code[bid]!, tick[bid]!, lots[bid]!)
  if (ask >= 0) applyBbo(state, code[ask]!, tick[ask]!, lots[ask]!)
}

/**
 * Applies positions [from, to) of the exchange order as the venue saw them: without rows that only
 * we see and without ticker rows.
 */
export function applyExchangeEvents(
  state: BookState,
  events: EventColumns,
  from: number,
  to: number,
): void {
  assert(from >= 0 && from <= to && to <= events.length, '0 <= from <= to <= rows')
  const { code, exchTime, exchOrder } = events
  if (state.settles) {
    applyMessages(state, events, { hiddenBit: LOCAL_ONLY_BIT, order: exchOrder }, from, to)
    return
  }
  const memory = kernelFor(state, events, exchOrder, from, to)
  if (memory === undefined) applyAtExchange(state, events, from, to)
  else {
    const view = { hiddenBit: LOCAL_ONLY_BIT, order: exchOrder } as const
    applyCompiled(state, memory, events, view, from, to)
  }
  for (let position = to - 1; position >= from; position--) {
    const i = exchOrder === undefined ? position : exchOrder[position]!
    if ((code[i]! & LOCAL_ONLY_BIT) !== 0) continue
    state.time = exchTime[i]!
    return
  }
}

/** As {@link applyExchangeEvents}, but for the time. */
function applyAtExchange(state: BookState, events: EventColumns, from: number, to: number): void {
  const { code, tick, lots, exchOrder } = events
  const { sides } = state.ladder
  let applied = 0
  let bookRow = -1
  for (let position = from; position < to; position++) {
    const i = exchOrder === undefined ? position : exchOrder[position]!
    const c = code[i]!
    if ((c & LOCAL_ONLY_BIT) !== 0) continue
    if ((c & EXCH_MASK) === EventKind.DepthSet) {
      const side = sideIndex(c)
      sides[side].set(tick[i]! ^ -side, lots[i]!)
      applied++
      bookRow = i
    } else if ((c & KIND_MASK) > EventKind.DepthSet && (c & KIND_MASK) !== EventKind.Bbo) {
      if (applied > 0) noteLevels(state)
      if (applyRare(state, events, i)) bookRow = i
    }
  }
  finishRows(state, events, bookRow, applied)
}

/**
 * Applies positions [from, to) message by message, and settles the book behind each. A message that
 * goes on behind `to` counts as ended there.
 */
function applyMessages(
  state: BookState,
  events: EventColumns,
  view: RowView,
  from: number,
  to: number,
): void {
  const { code, tick, lots } = events
  const { hiddenBit, order } = view
  const isLocal = hiddenBit === EXCH_ONLY_BIT
  const { sides } = state.ladder
  let lastRow = -1
  for (let begin = from; begin < to;) {
    const end = messageEnd(events, order, begin, to)
    let applied = 0
    let bookRow = -1
    for (let position = begin; position < end; position++) {
      const i = order === undefined ? position : order[position]!
      const c = code[i]!
      if ((c & hiddenBit) !== 0) continue
      lastRow = i
      const kind = c & KIND_MASK
      if (kind === EventKind.DepthSet) {
        const side = sideIndex(c)
        const before = sides[side].set(tick[i]! ^ -side, lots[i]!)
        state.counts[side] += (lots[i]! > 0 ? 1 : 0) - (before > 0 ? 1 : 0)
        applied++
        bookRow = i
      } else if (kind === EventKind.Bbo) {
        if (isLocal) applyBbo(state, c, tick[i]!, lots[i]!)
      } else if (kind > EventKind.DepthSet) {
        if (applied > 0) noteLevels(state)
        if (!applyRare(state, events, i)) continue
        bookRow = i
        countLevels(state)
      }
    }
    finishRows(state, events, bookRow, applied)
    if (bookRow >= 0) settleMessage(state, events, view, begin, end)
    begin = end
  }
  if (lastRow < 0) return
  state.time = isLocal ? events.localTime[lastRow]! : events.exchTime[lastRow]!
}

function finishRows(
  state: BookState,
  events: EventColumns,
  bookRow: number,
  applied: number,
): void {
  state.version += applied
  if (applied > 0) noteLevels(state)
  if (bookRow < 0) return
  const seqNum = events.seq[bookRow]!
  if (seqNum !== 0) state.seqNum = seqNum
}

/**
 * A source without snapshots is in step from its first level on. Noted before a row of another kind
 * as well, so that rows applied in one call or in many leave the same book.
 */
function noteLevels(state: BookState): void {
  if (state.phase === BookPhase.Empty) state.phase = BookPhase.Live
}

/** Notes the ticker's best price of one side. */
export function applyBbo(state: BookState, code: number, tick: number, lots: number): void {
  if ((code & BUY_BIT) !== 0) {
    state.bboBidTick = lots > 0 ? tick : NO_BID
    state.bboBidLots = lots
  } else {
    state.bboAskTick = lots > 0 ? tick : NO_ASK
    state.bboAskLots = lots
  }
}

/** Clears, snapshots, gaps and halts. Returns true when the row belongs to the book's sequence. */
function applyRare(state: BookState, events: EventColumns, row: number): boolean {
  const code = events.code[row]!
  const isOfBook = applyRareRow(state, code, events.tick[row]!, events.lots[row]!)
  if (state.watch !== undefined && movesPhase(code)) state.watch(row)
  return isOfBook
}

/** True for rows after which the phase of a book, or the halt of its trading, may be another. */
export function movesPhase(code: number): boolean {
  const kind = code & KIND_MASK
  const isSnapshot = kind === EventKind.SnapshotBegin || kind === EventKind.SnapshotEnd
  return isSnapshot || kind === EventKind.Gap || kind === EventKind.Status
}

function applyRareRow(state: BookState, code: number, tick: number, lots: number): boolean {
  const { ladder } = state
  switch (code & KIND_MASK) {
    case EventKind.DepthClear:
      if ((code & SELL_BIT) === 0) ladder.clearBids()
      if ((code & BUY_BIT) === 0) ladder.clearAsks()
      state.version++
      return true
    case EventKind.SnapshotBegin:
      state.pending.clear()
      state.isCollecting = true
      if (state.phase === BookPhase.Empty && ladder.bidLevels + ladder.askLevels === 0) {
        state.phase = BookPhase.Syncing
      }
      return false
    case EventKind.SnapshotLevel:
      // Levels whose snapshot began before the first row we have would replace the book by a part.
      if (state.isCollecting) state.pending.push((code & BUY_BIT) !== 0, tick, lots)
      return false
    case EventKind.SnapshotEnd:
      if (!state.isCollecting) return false
      state.pending.replace(ladder)
      state.isCollecting = false
      state.phase = BookPhase.Live
      state.version++
      return true
    case EventKind.Gap:
      // What is missing may be a part of the snapshot under way.
      state.isCollecting = false
      state.phase = BookPhase.Stale
      return false
    case EventKind.Status:
      state.isHalted = lots === 0
      return false
    default:
      return false
  }
}
