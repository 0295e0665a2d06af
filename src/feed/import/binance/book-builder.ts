/**
 * Builds the local book from snapshots and updates by the venue's documented procedure, and writes
 * what it does to the tape.
 *
 * Updates wait for a snapshot; those that it holds are dropped, the others follow it at its local
 * time. After a gap the book is stale, and updates wait for the next snapshot again. Venue times
 * before the snapshot's are raised to it: the exchange side of a run starts from the snapshot.
 */
import { DataError, type DataPlace } from '../../../core/index.ts'
import { Ladder, NO_ASK, NO_BID } from '../../../book/index.ts'
import { EventKind, eventCode, type EventWriter } from '../../../market/index.ts'
import { DAY_NS } from '../../../time/index.ts'
import type { SequenceGate } from '../../sequence/sequence-gate.ts'
import type { SequenceCounts } from '../../sequence/sequence-tally.ts'
import type { Verdict } from '../../sequence/verdict.ts'
import { DiffBuffer } from './diff-buffer.ts'
import type { BinanceMessage, LevelList } from './message.ts'
import type { TickerCheck } from './ticker-check.ts'

const BID_SET = eventCode(EventKind.DepthSet, 1)
const ASK_SET = eventCode(EventKind.DepthSet, -1)
const BID_LEVEL = eventCode(EventKind.SnapshotLevel, 1)
const ASK_LEVEL = eventCode(EventKind.SnapshotLevel, -1)
const SNAPSHOT_BEGIN = eventCode(EventKind.SnapshotBegin, 0)
const SNAPSHOT_END = eventCode(EventKind.SnapshotEnd, 0)
const GAP = eventCode(EventKind.Gap, 0)

/** Breaks to keep for the report. */
const BREAKS_MAX = 20

interface Snapshot {
  readonly id: number
  readonly exchTime: number
  readonly bids: LevelList
  readonly asks: LevelList
}

/** Where the chain of updates broke. */
export interface SequenceBreak {
  readonly place: DataPlace
  /** `U` and `pu` of the update that does not follow; `pu` is -1 on spot. */
  readonly firstId: number
  readonly previousId: number
  /** Id that the book stood at. */
  readonly bookId: number
}

/** The local book of one capture. */
export class BookBuilder {
  readonly ladder = new Ladder()
  /** Depth messages after which the best bid stood above the best ask. */
  crossed = 0
  gaps = 0
  /** The first gaps. */
  readonly breaks: SequenceBreak[] = []
  snapshots = 0
  /** Snapshots older than the updates that waited for them. */
  unjoined = 0
  /** True while a snapshot has been joined and nothing has been missed since. */
  isLive = false
  /** True once the book has been live. */
  hasBegun = false
  readonly #makeGate: () => SequenceGate
  readonly #gate: SequenceGate
  readonly #rows: EventWriter
  readonly #check: TickerCheck | undefined
  readonly #place: () => DataPlace
  readonly #waiting = new DiffBuffer()
  /** A snapshot that came while the book was live. */
  #held: Snapshot | undefined
  #bookId = -1
  /** Updates that waited, counted when they came and again by the snapshot that holds them. */
  #countedTwice = 0
  /** Venue time of the snapshot that the book began from. */
  #snapshotTime = Number.NEGATIVE_INFINITY
  /** Latest venue time in the book. */
  #bookTime = Number.NEGATIVE_INFINITY
  /** Venue times of depth rows are raised to this. */
  #depthTimeMin = Number.NEGATIVE_INFINITY
  #nextDay = Number.NEGATIVE_INFINITY

  /**
   * @param makeGate makes the gate of the market, anew for each snapshot that is tried
   * @param rows  where depth rows go
   * @param check told of the best prices after each update
   * @param place file and line of the message at hand
   */
  constructor(
    makeGate: () => SequenceGate,
    rows: EventWriter,
    check: TickerCheck | undefined,
    place: () => DataPlace,
  ) {
    this.#makeGate = makeGate
    this.#gate = makeGate()
    this.#rows = rows
    this.#check = check
    this.#place = place
  }

  /** What became of the updates, each under one heading. */
  get counts(): SequenceCounts {
    const { counts } = this.#gate
    return { ...counts, duplicates: counts.duplicates - this.#countedTwice }
  }

  /** Takes a depth update. */
  depth(message: BinanceMessage, localTime: number, exchTime: number): void {
    if (!this.isLive) {
      this.#wait(message, exchTime)
      return
    }
    const { firstId, lastId, previousId } = message
    const verdict = this.#gate.onDelta(firstId, lastId, previousId)
    if (verdict === 'apply') {
      this.#apply(lastId, message.bids, message.asks, localTime, exchTime)
    } else if (verdict === 'gap') {
      this.#break(firstId, previousId, localTime, exchTime)
      this.#waiting.push(message, exchTime, true)
      if (this.#held !== undefined) this.#join(this.#held, localTime)
    }
  }

  /**
   * Takes a depth snapshot. While the book is live its chain is proven and the snapshot is only
   * kept: when the chain breaks, the next update may join it.
   *
   * @throws DataError BAD_FIELD when its levels are out of order, empty or crossed
   */
  snapshot(message: BinanceMessage, localTime: number, exchTime: number): void {
    checkSnapshot(message, this.#place)
    this.snapshots++
    const { lastId: id, bids, asks } = message
    if (!this.isLive) this.#join({ id, exchTime, bids, asks }, localTime)
    else if (id > this.#bookId) this.#held = { id, exchTime, bids: bids.copy(), asks: asks.copy() }
  }

  /** Returns the venue time that a trade is written with. */
  tradeTime(exchTime: number): number {
    return exchTime < this.#snapshotTime ? this.#snapshotTime : exchTime
  }

  /**
   * Tells that rows at `localTime` follow. Where they begin a new UTC day, and so a new partition,
   * a live book is written as it stands, so that a run may start there.
   */
  enter(localTime: number): void {
    if (localTime < this.#nextDay) return
    const isFirst = this.#nextDay === Number.NEGATIVE_INFINITY
    this.#nextDay = (Math.floor(localTime / DAY_NS) + 1) * DAY_NS
    if (isFirst || !this.isLive) return
    const { ladder } = this
    const rows = this.#rows
    const time = this.#bookTime
    // Whatever the exchange side orders before this snapshot must be in it already.
    this.#depthTimeMin = time
    const id = this.#bookId
    rows.push(localTime, time, SNAPSHOT_BEGIN, 0, 0, -1, id)
    for (let tick = ladder.bestBidTick; tick !== NO_BID; tick = ladder.nextBidBelow(tick)) {
      rows.push(localTime, time, BID_LEVEL, tick, ladder.bidLotsAt(tick), -1, id)
    }
    for (let tick = ladder.bestAskTick; tick !== NO_ASK; tick = ladder.nextAskAbove(tick)) {
      rows.push(localTime, time, ASK_LEVEL, tick, ladder.askLotsAt(tick), -1, id)
    }
    rows.push(localTime, time, SNAPSHOT_END, 0, 0, -1, id)
  }

  /** Keeps an update for the next snapshot; behind a hole the gate counts what fills or repeats. */
  #wait(message: BinanceMessage, exchTime: number): void {
    const { counts } = this.#gate
    const before = counts.duplicates + counts.reordered
    if (this.hasBegun) this.#gate.onDelta(message.firstId, message.lastId, message.previousId)
    const isCounted = counts.duplicates + counts.reordered > before
    this.#waiting.push(message, exchTime, isCounted)
  }

  /** Starts the book from a snapshot and the updates that waited, if they join it. */
  #join(snapshot: Snapshot, localTime: number): void {
    this.#held = undefined
    if (!this.#joins(snapshot.id)) {
      this.unjoined++
      return
    }
    this.#gate.onSnapshot(snapshot.id)
    this.#restore(snapshot, localTime)
    let next = 0
    let repeats = this.#gate.counts.duplicates
    let verdict = this.#judgeWaiting(next)
    while (verdict === 'apply' || verdict === 'drop') {
      const diff = this.#waiting.at(next)!
      if (verdict === 'apply') {
        this.#apply(diff.lastId, diff.bids, diff.asks, localTime, diff.exchTime)
      } else if (diff.isCounted && this.#gate.counts.duplicates > repeats) this.#countedTwice++
      repeats = this.#gate.counts.duplicates
      verdict = this.#judgeWaiting(++next)
    }
    if (verdict === 'gap') {
      const diff = this.#waiting.at(next)!
      this.#break(diff.firstId, diff.previousId, localTime, diff.exchTime)
    }
    this.#waiting.drop(next)
  }

  /** Tells whether the first update that a snapshot does not hold follows it, if there is one. */
  #joins(snapshotId: number): boolean {
    const gate = this.#makeGate()
    gate.onSnapshot(snapshotId)
    let next = 0
    let verdict = this.#judgeWaiting(next, gate)
    while (verdict === 'drop') verdict = this.#judgeWaiting(++next, gate)
    return verdict !== 'gap'
  }

  #judgeWaiting(index: number, gate = this.#gate): Verdict | 'end' {
    const diff = this.#waiting.at(index)
    if (diff === undefined) return 'end'
    return gate.onDelta(diff.firstId, diff.lastId, diff.previousId)
  }

  #restore({ id, exchTime, bids, asks }: Snapshot, localTime: number): void {
    const rows = this.#rows
    const time = Math.max(exchTime, this.#depthTimeMin)
    this.isLive = true
    this.hasBegun = true
    this.#bookId = id
    this.#snapshotTime = time
    this.#depthTimeMin = time
    this.#bookTime = time
    this.ladder.clear()
    rows.push(localTime, time, SNAPSHOT_BEGIN, 0, 0, -1, id)
    for (let i = 0; i < bids.count; i++) {
      this.ladder.setBid(bids.ticks[i]!, bids.lots[i]!)
    }
    rows.pushLevels(localTime, time, BID_LEVEL, bids.ticks, bids.lots, bids.count, id)
    for (let i = 0; i < asks.count; i++) {
      this.ladder.setAsk(asks.ticks[i]!, asks.lots[i]!)
    }
    rows.pushLevels(localTime, time, ASK_LEVEL, asks.ticks, asks.lots, asks.count, id)
    rows.push(localTime, time, SNAPSHOT_END, 0, 0, -1, id)
  }

  #apply(id: number, bids: LevelList, asks: LevelList, localTime: number, exchTime: number): void {
    const { ladder } = this
    const rows = this.#rows
    const time = exchTime < this.#depthTimeMin ? this.#depthTimeMin : exchTime
    if (time > this.#bookTime) this.#bookTime = time
    this.#bookId = id
    for (let i = 0; i < bids.count; i++) ladder.setBid(bids.ticks[i]!, bids.lots[i]!)
    rows.pushLevels(localTime, time, BID_SET, bids.ticks, bids.lots, bids.count, id)
    for (let i = 0; i < asks.count; i++) ladder.setAsk(asks.ticks[i]!, asks.lots[i]!)
    rows.pushLevels(localTime, time, ASK_SET, asks.ticks, asks.lots, asks.count, id)
    const bid = ladder.bestBidTick
    const ask = ladder.bestAskTick
    if (bid > ask) this.crossed++
    if (this.#check !== undefined) {
      this.#check.book(id, bid, ladder.bestBidLots, ask, ladder.bestAskLots)
    }
  }

  #break(firstId: number, previousId: number, localTime: number, exchTime: number): void {
    this.isLive = false
    this.gaps++
    if (this.breaks.length < BREAKS_MAX) {
      this.breaks.push({ place: this.#place(), firstId, previousId, bookId: this.#bookId })
    }
    this.#rows.push(localTime, Math.max(exchTime, this.#depthTimeMin), GAP, 0, 0, -1, firstId)
  }
}

function checkSnapshot(message: BinanceMessage, place: () => DataPlace): void {
  const { bids, asks } = message
  checkSide(bids, -1, 'bids', place)
  checkSide(asks, 1, 'asks', place)
  if (bids.count > 0 && asks.count > 0 && bids.ticks[0]! >= asks.ticks[0]!) {
    throw new DataError(
      'BAD_FIELD',
      'the snapshot is crossed: its best bid is not below its best ask',
      {
        ...place(),
        field: 'bids[0]',
      },
    )
  }
}

function checkSide(
  levels: LevelList,
  direction: 1 | -1,
  name: string,
  place: () => DataPlace,
): void {
  for (let i = 0; i < levels.count; i++) {
    const field = `${name}[${i}]`
    if (levels.lots[i] === 0) {
      throw new DataError('BAD_FIELD', 'a snapshot level has size 0', { ...place(), field })
    }
    if (i > 0 && (levels.ticks[i]! - levels.ticks[i - 1]!) * direction <= 0) {
      throw new DataError('BAD_FIELD', 'the snapshot levels do not go away from the best price', {
        ...place(),
        field,
      })
    }
  }
}
