/**
 * Looks at every row of a stream once: what it says, when it came, what the book was then.
 *
 * Rows of one receive time are one moment: trades in it are held against the book before it, and
 * what the book is worth is looked at when the next moment begins, so that a message which crosses
 * the book on its way to a sound one is no crossing.
 */
import { BookPhase, NO_ASK, NO_BID, applyEvents, applyOrderEvents } from '../../book/index.ts'
import { assert } from '../../core/index.ts'
import { EXCH_ONLY_BIT, EventKind, KIND_MASK, type EventColumns } from '../../market/index.ts'
import { LEVELS_EVERY_NS, PAUSE_MIN_NS, Standing, type StreamState } from './stream-state.ts'

/** A trade is outside the book when it lies beyond the best price by more than this and the spread. */
const OUTSIDE_SHARE = 0.001

/**
 * Measures rows [from, to), which are sound.
 *
 * @param shift added to the times of the rows, to move them to the epoch of the state
 */
export function measureRows(
  state: StreamState,
  rows: EventColumns,
  from: number,
  to: number,
  shift: number,
): void {
  assert(from >= 0 && from <= to && to <= rows.length, '0 <= from <= to <= rows')
  const { localTime, code } = rows
  for (let i = from; i < to;) {
    const local = localTime[i]!
    let end = i + 1
    while (end < to && localTime[end] === local) end++
    enterMoment(state, local + shift)
    for (let row = i; row < end; row++) {
      if ((code[row]! & EXCH_ONLY_BIT) === 0) noteRow(state, rows, row, shift)
      else notePrice(state, code[row]! & KIND_MASK, rows.tick[row]!, rows.lots[row]!)
    }
    applyRows(state, rows, i, end)
    i = end
  }
  state.events += to - from
}

/** Brings the book forward over rows that are not to be measured. */
export function applyRows(state: StreamState, rows: EventColumns, from: number, to: number): void {
  if (state.orders === undefined) applyEvents(state.book, rows, from, to)
  else applyOrderEvents(state.orders, rows, from, to)
}

/** Ends the moment before, if time has moved on. */
function enterMoment(state: StreamState, time: number): void {
  if (!(time > state.time)) {
    if (Number.isNaN(state.time)) {
      state.time = time
      if (Number.isNaN(state.firstTime)) state.firstTime = time
    }
    return
  }
  const pause = time - state.time
  closeMoment(state)
  state.coveredNs += pause
  state.statusNs[state.standing]! += pause
  state.pauses.note(pause)
  if (pause >= PAUSE_MIN_NS) state.longPauses.add(state.time, time)
  state.time = time
}

/** Looks at what the book is worth after all rows of the moment at hand. */
export function closeMoment(state: StreamState): void {
  const { time } = state
  const before = state.standing
  const now = standingOf(state)
  if (state.hasBookRows) {
    if (now === Standing.Crossed) state.crossedMoments++
    if (state.pendingTrades > 0) judgePending(state)
    state.hasBookRows = false
  }
  if (now !== before) {
    changeStanding(state, before, time)
    state.standing = now
    if (now === Standing.Crossed) state.crossed.begin(time)
    else if (now === Standing.Locked) state.locked.begin(time)
    else if (now === Standing.Stale) state.stale.begin(time)
    else if (now === Standing.Halted) state.halted.begin(time)
  }
  if (time >= state.nextLevels) noteLevels(state, time)
}

function changeStanding(state: StreamState, before: number, time: number): void {
  if (before === Standing.Crossed) state.crossed.end(time)
  else if (before === Standing.Locked) state.locked.end(time)
  else if (before === Standing.Stale) state.stale.end(time)
  else if (before === Standing.Halted) state.halted.end(time)
}

function standingOf({ form, book }: StreamState): number {
  if (book.isHalted) return Standing.Halted
  if (book.phase === BookPhase.Stale) return Standing.Stale
  if (book.phase === BookPhase.Syncing) return Standing.Syncing
  const isTicker = form === 'ticker'
  const bid = isTicker ? book.bboBidTick : book.ladder.bestBidTick
  const ask = isTicker ? book.bboAskTick : book.ladder.bestAskTick
  if (bid === NO_BID || ask === NO_ASK) return Standing.Partial
  if (bid < ask) return Standing.Live
  return bid > ask ? Standing.Crossed : Standing.Locked
}

function noteLevels(state: StreamState, time: number): void {
  state.nextLevels = time + LEVELS_EVERY_NS
  if (state.standing !== Standing.Live || state.form === 'ticker') return
  const { ladder } = state.book
  state.levelSamples++
  state.bidLevelsSum += ladder.bidLevels
  state.askLevelsSum += ladder.askLevels
  state.spreadTicksSum += ladder.bestAskTick - ladder.bestBidTick
}

function noteRow(state: StreamState, rows: EventColumns, row: number, shift: number): void {
  const code = rows.code[row]!
  const kind = code & KIND_MASK
  const tick = rows.tick[row]!
  const lots = rows.lots[row]!
  const exch = rows.exchTime[row]! + shift
  const seq = rows.seq[row]!
  if (exch !== state.lastExchTime || seq !== state.lastSeq || state.time !== state.messageTime) {
    state.messages++
    noteMessage(state, kind, exch, seq)
  }
  if (kind === EventKind.Trade) {
    noteTrade(state, tick, lots)
    state.ids.note(seq, exch, code, tick, lots)
  } else if (kind === EventKind.Gap) {
    state.gaps++
    state.openGaps++
  } else if (kind === EventKind.SnapshotEnd) {
    state.openGaps = 0
    state.snapshotTime = state.time
  } else if (kind === EventKind.DepthSet || (kind >= 8 && kind <= 11)) {
    state.hasBookRows = true
  } else if (kind === EventKind.SnapshotLevel && lots === 0) {
    state.zeroSizes++
  }
  if (kind === EventKind.OrderAdd && lots === 0) state.zeroSizes++
  if (kind === EventKind.Bbo && state.form === 'ticker') state.hasBookRows = true
  notePrice(state, kind, tick, lots)
}

function noteMessage(state: StreamState, kind: number, exch: number, seq: number): void {
  const isOfSnapshot = kind >= EventKind.SnapshotBegin && kind <= EventKind.SnapshotEnd
  // A snapshot, and what waited for it, is dated with the time of the book, not of a message.
  if (!isOfSnapshot && kind !== EventKind.Gap && state.time !== state.snapshotTime) {
    const latency = state.time - exch
    state.latency.note(latency)
    if (latency < 0) state.earlyMessages++
    state.clock.note(state.time, latency)
    const back = state.lastExchTime - exch
    if (back > 0) {
      state.disorders++
      if (back > state.disorderNsMax) state.disorderNsMax = back
    }
    if (kind === EventKind.DepthSet && seq > 0) {
      if (seq < state.bookSeq) state.sequenceBack++
      state.bookSeq = seq
    }
  }
  state.lastExchTime = exch
  state.lastSeq = seq
  state.messageTime = state.time
}

function noteTrade(state: StreamState, tick: number, lots: number): void {
  state.trades++
  if (lots === 0) state.zeroSizes++
  if (state.standing !== Standing.Live || state.form === 'ticker') return
  state.judgedTrades++
  if (ticksOutside(state, tick) === 0) return
  if (state.pendingTrades < state.pendingTicks.length) {
    state.pendingTicks[state.pendingTrades++] = tick
  }
}

/**
 * Returns how far a price lies beyond the best price of its side when that is farther than the
 * spread and {@link OUTSIDE_SHARE}, else 0; also 0 while the book has no spread.
 */
function ticksOutside({ book }: StreamState, tick: number): number {
  const { bestBidTick: bid, bestAskTick: ask } = book.ladder
  if (bid === NO_BID || ask === NO_ASK || bid >= ask) return 0
  const beyond = tick > ask ? tick - ask : bid - tick
  return beyond > ask - bid && beyond > OUTSIDE_SHARE * Math.abs(ask) ? beyond : 0
}

/**
 * Judges trades that lay outside the book once more when it has moved: an order that sweeps many
 * levels trades beyond the best price before the levels are told to be gone.
 */
function judgePending(state: StreamState): void {
  for (let i = 0; i < state.pendingTrades; i++) {
    const beyond = ticksOutside(state, state.pendingTicks[i]!)
    if (beyond === 0) continue
    state.outsideTrades++
    if (beyond > state.outsideTicksMax) state.outsideTicksMax = beyond
  }
  state.pendingTrades = 0
}

/** Holds a price against the step that it must keep to. */
function notePrice(state: StreamState, kind: number, tick: number, lots: number): void {
  // Removals name a level that was there; clears and snapshots' ends name none.
  if (lots === 0) return
  const isTrade = kind === EventKind.Trade || kind >= EventKind.OrderExecute
  const hasPrice =
    kind === EventKind.DepthSet ||
    kind === EventKind.SnapshotLevel ||
    (kind >= EventKind.Bbo && kind <= EventKind.OrderModify) ||
    kind === EventKind.Trade ||
    kind === EventKind.OrderExecute ||
    kind === EventKind.OrderFill
  if (!hasPrice) return
  const step = isTrade ? state.tradeStepTicks : state.bookStepTicks
  if (step > 1) {
    if (tick % step !== 0 && tick >= state.coarseFromTicks) state.offTick++
  } else if (state.bookStepTicks === 1) state.steps.note(tick)
}
