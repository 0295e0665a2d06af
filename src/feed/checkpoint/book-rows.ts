/** A book as the rows that make it: applied to an empty book, they leave the same one. */
import {
  BookPhase,
  NO_ASK,
  NO_BID,
  OrderBookState,
  type BookState,
  type Ladder,
  type OrderQueues,
} from '../../book/index.ts'
import { EventKind, LOCAL_ONLY_BIT, eventCode, type Side } from '../../market/index.ts'

/** One row of a book: what the columns of an event say, times apart. */
export interface BookRow {
  readonly code: number
  readonly tick: number
  readonly lots: number
  readonly orderRef: number
  readonly seq: number
}

/** Returns the rows; none for a book that has heard nothing. Counts of versions and faults go. */
export function bookRows(state: BookState): BookRow[] {
  const rows: BookRow[] = []
  const push = (kind: EventKind, side: Side | 0, tick = 0, lots = 0, orderRef = -1): void => {
    rows.push({ code: eventCode(kind, side), tick, lots, orderRef, seq: 0 })
  }
  if (state instanceof OrderBookState) pushOrders(state, push)
  else pushLevels(state, push)
  if (state.seqNum !== 0) tellSequence(rows, state.seqNum)
  if (state.isHalted) push(EventKind.Status, 0)
  return rows
}

/** Returns the ticker's rows, which the local side alone has. */
export function tickerRows(state: BookState): BookRow[] {
  const { bboBidTick, bboBidLots, bboAskTick, bboAskLots } = state
  const row = (side: Side, tick: number, lots: number): BookRow => ({
    code: eventCode(EventKind.Bbo, side, LOCAL_ONLY_BIT),
    tick,
    lots,
    orderRef: -1,
    seq: 0,
  })
  return [
    ...(bboBidTick === NO_BID ? [] : [row(1, bboBidTick, bboBidLots)]),
    ...(bboAskTick === NO_ASK ? [] : [row(-1, bboAskTick, bboAskLots)]),
  ]
}

type Push = (kind: EventKind, side: Side | 0, tick?: number, lots?: number, ref?: number) => void

function pushLevels(state: BookState, push: Push): void {
  if (state.phase === BookPhase.Empty) return
  const isSyncing = state.phase === BookPhase.Syncing
  // Levels that were set while the first snapshot is under way are in the book already.
  const kind = isSyncing ? EventKind.DepthSet : EventKind.SnapshotLevel
  push(EventKind.SnapshotBegin, 0)
  for (const [side, tick, lots] of levels(state.ladder)) push(kind, side, tick, lots)
  if (!isSyncing) push(EventKind.SnapshotEnd, 0)
  if (state.phase === BookPhase.Stale) push(EventKind.Gap, 0)
  if (!state.isCollecting) return
  if (!isSyncing) push(EventKind.SnapshotBegin, 0)
  state.pending.forEach((isBid, tick, lots) =>
    push(EventKind.SnapshotLevel, isBid ? 1 : -1, tick, lots),
  )
}

function pushOrders(state: OrderBookState, push: Push): void {
  if (state.phase === BookPhase.Empty) return
  push(EventKind.SnapshotBegin, 0)
  if (state.phase !== BookPhase.Syncing) {
    pushQueues(state.queues, push)
    push(EventKind.SnapshotEnd, 0)
    if (state.phase === BookPhase.Stale) push(EventKind.Gap, 0)
    if (!state.isCollecting) return
    push(EventKind.SnapshotBegin, 0)
  }
  pushQueues(state.target, push)
}

function pushQueues(queues: OrderQueues, push: Push): void {
  for (const [side, tick] of levels(queues.ladder)) {
    const index = side > 0 ? 0 : 1
    for (let ref = queues.firstAt(index, tick); ref >= 0; ref = queues.nextOf(ref)) {
      push(EventKind.OrderAdd, side, tick, queues.lotsOf(ref), ref)
    }
  }
}

/** The levels of both sides, best first. */
function* levels(ladder: Ladder): Generator<readonly [Side, number, number]> {
  for (let tick = ladder.bestBidTick; tick !== NO_BID; tick = ladder.nextBidBelow(tick)) {
    yield [1, tick, ladder.bidLotsAt(tick)]
  }
  for (let tick = ladder.bestAskTick; tick !== NO_ASK; tick = ladder.nextAskAbove(tick)) {
    yield [-1, tick, ladder.askLotsAt(tick)]
  }
}

/** Gives the sequence number to the last row that counts for it, or to a clear of no levels. */
function tellSequence(rows: BookRow[], seq: number): void {
  const isBookRow = ({ code }: BookRow): boolean => {
    const kind = code & 0x0f
    return (
      kind === EventKind.SnapshotEnd || kind === EventKind.DepthSet || kind === EventKind.OrderAdd
    )
  }
  const at = rows.findLastIndex(isBookRow)
  if (at >= 0) rows[at] = { ...rows[at]!, seq }
  else rows.unshift({ code: EventKind.DepthClear, tick: 0, lots: 0, orderRef: -1, seq })
}
