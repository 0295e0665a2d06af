/**
 * Rows of an L2 import on their way to the store, and the book that they make.
 *
 * What every importer of price levels needs: snapshots that replace the book at once, levels,
 * gaps, trades, tickers, the count of crossings, and the book written anew where a UTC day begins,
 * so that a run may start at any partition.
 */
import { Ladder, NO_ASK, NO_BID } from '../../book/index.ts'
import { EventKind, eventCode, type EventWriter, type Side } from '../../market/index.ts'
import type { RowSink } from '../../store/index.ts'
import { DAY_NS } from '../../time/index.ts'
import { SMALL_TAPE, Tape } from './tape.ts'
import { TradeTotals } from './trade-totals.ts'

const SNAPSHOT_BEGIN = eventCode(EventKind.SnapshotBegin, 0)
const SNAPSHOT_END = eventCode(EventKind.SnapshotEnd, 0)

/** The L2 tape of one instrument: call {@link at} for each message, then what it says. */
export class LevelTape {
  readonly ladder: Ladder
  readonly totals = new TradeTotals()
  /** Messages after which the best bid stood above the best ask. */
  crossed = 0
  gaps = 0
  /** True while a snapshot has been joined, or levels came, and nothing has been missed since. */
  isLive = false
  /** True once any level came. */
  hasBook = false
  readonly #tape: Tape
  readonly #isSmall: boolean
  #localTime = 0
  #exchTime = 0
  #seq = 0
  /**
   * Latest venue time in the book. Levels follow one another by their sequence, so that one with an
   * earlier time is raised to this; a snapshot at a day's beginning is dated with it.
   */
  #bookTime = Number.NEGATIVE_INFINITY
  #bookSeq = 0
  /** A snapshot from the venue holds whatever was traded before it: trades are raised to its time. */
  #tradeTimeMin = Number.NEGATIVE_INFINITY
  #nextDay = Number.NEGATIVE_INFINITY
  #hasLevels = false

  /**
   * @param epochNs Unix ns of time 0 of the rows
   * @param isSmall one of thousands: as little memory as can be
   */
  constructor(sink: RowSink, epochNs: bigint, isSmall = false) {
    this.#tape = new Tape(sink, epochNs, isSmall ? SMALL_TAPE.appendRows : undefined)
    this.#isSmall = isSmall
    this.ladder = new Ladder(isSmall ? { windowTicks: SMALL_TAPE.windowTicks } : {})
  }

  /** Rows written so far. */
  get events(): number {
    return this.#tape.events
  }

  /**
   * Where a format that keeps its own book writes the rows of it, in the order of this tape; their
   * day boundaries are its own affair then.
   */
  get rows(): EventWriter {
    return this.#tape.l2
  }

  /**
   * Begins a message: the rows that follow carry these times and this number.
   *
   * @param localTime ns since the epoch, not below that of the message before
   * @param exchTime  ns since the epoch
   * @param seq       venue sequence number or trade id, 0 where there is none
   */
  at(localTime: number, exchTime: number, seq = 0): void {
    if (this.#isSmall) this.#tape.drain()
    if (localTime >= this.#nextDay) this.#enterDay(localTime)
    this.#localTime = localTime
    this.#exchTime = exchTime
    this.#seq = seq
  }

  /** A snapshot begins: the levels up to {@link endSnapshot} replace the book. */
  beginSnapshot(): void {
    this.ladder.clear()
    this.#push(SNAPSHOT_BEGIN, 0, 0)
    this.#tradeTimeMin = this.#bookTime
  }

  snapshotLevel(side: Side, tick: number, lots: number): void {
    this.#set(side, tick, lots)
    this.#push(eventCode(EventKind.SnapshotLevel, side), tick, lots)
  }

  endSnapshot(): void {
    this.isLive = true
    this.#push(SNAPSHOT_END, 0, 0)
  }

  /** A level now holds `lots`, 0 removes it. */
  level(side: Side, tick: number, lots: number): void {
    this.#set(side, tick, lots)
    this.#hasLevels = true
    this.#push(eventCode(EventKind.DepthSet, side), tick, lots)
  }

  /** All levels of one side, or of both, are gone. */
  clear(side: Side | 0): void {
    if (side >= 0) this.ladder.clearBids()
    if (side <= 0) this.ladder.clearAsks()
    this.#push(eventCode(EventKind.DepthClear, side), 0, 0)
  }

  /** Ends a message that told of levels: counts a crossed book. */
  endLevels(): void {
    if (this.#hasLevels) {
      this.#hasLevels = false
      this.isLive = true
    }
    if (this.ladder.bestBidTick > this.ladder.bestAskTick) this.crossed++
  }

  /** Updates are missing here: the book is stale until the next snapshot. */
  gap(): void {
    this.gaps++
    this.isLive = false
    this.#push(eventCode(EventKind.Gap, 0), 0, 0)
  }

  /** @param side of the aggressor, 0 where the venue does not tell */
  trade(side: Side | 0, tick: number, lots: number): void {
    this.totals.add(tick, lots, side > 0)
    const time = Math.max(this.#exchTime, this.#tradeTimeMin)
    const code = eventCode(EventKind.Trade, side)
    this.#tape.l2.push(this.#localTime, time, code, tick, lots, -1, this.#seq)
  }

  /** Best price of one side from a ticker channel; 0 lots: the side is empty. */
  top(side: Side, tick: number, lots: number): void {
    const code = eventCode(EventKind.Bbo, side)
    this.#tape.bbo.push(this.#localTime, this.#exchTime, code, tick, lots, -1, this.#seq)
  }

  /** Trading is open or halted. */
  status(isOpen: boolean): void {
    this.#push(eventCode(EventKind.Status, 0), 0, isOpen ? 1 : 0)
  }

  /** Funding rate in 1e-9, mark price in ticks. */
  funding(rate: number, markTick: number): void {
    this.#push(eventCode(EventKind.Funding, 0), markTick, rate)
  }

  /** Appends to the store what is worth it; call it between blocks of input. */
  drain(): void {
    this.#tape.drain()
  }

  /** Appends all that is left. */
  finish(): void {
    this.#tape.finish()
  }

  #enterDay(localTime: number): void {
    const isFirst = this.#nextDay === Number.NEGATIVE_INFINITY
    this.#nextDay = (Math.floor(localTime / DAY_NS) + 1) * DAY_NS
    if (isFirst || !this.isLive) return
    const { ladder } = this
    this.#localTime = localTime
    this.#exchTime = this.#bookTime
    this.#seq = this.#bookSeq
    this.#push(SNAPSHOT_BEGIN, 0, 0)
    const bid = eventCode(EventKind.SnapshotLevel, 1)
    for (let tick = ladder.bestBidTick; tick !== NO_BID; tick = ladder.nextBidBelow(tick)) {
      this.#push(bid, tick, ladder.bidLotsAt(tick))
    }
    const ask = eventCode(EventKind.SnapshotLevel, -1)
    for (let tick = ladder.bestAskTick; tick !== NO_ASK; tick = ladder.nextAskAbove(tick)) {
      this.#push(ask, tick, ladder.askLotsAt(tick))
    }
    this.#push(SNAPSHOT_END, 0, 0)
  }

  #set(side: Side, tick: number, lots: number): void {
    this.hasBook = true
    if (side > 0) this.ladder.setBid(tick, lots)
    else this.ladder.setAsk(tick, lots)
  }

  #push(code: number, tick: number, lots: number): void {
    if (this.#exchTime > this.#bookTime) this.#bookTime = this.#exchTime
    this.#bookSeq = this.#seq
    this.#tape.l2.push(this.#localTime, this.#bookTime, code, tick, lots, -1, this.#seq)
  }
}
