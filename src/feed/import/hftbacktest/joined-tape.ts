/**
 * Writes joined rows of an array to the tape and follows the local book.
 *
 * The snapshot that opens the file is written as a snapshot, and so is one whose message begins
 * with a clear of both sides. Any other, and any that one side alone sees, is written level by
 * level: in hftbacktest a snapshot row sets its level and nothing else, what it replaces is cleared
 * by rows of its own.
 */
import { NO_ASK, NO_BID, Ladder } from '../../../book/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  codeSide,
  eventCode,
  type Side,
} from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import { Tape } from '../tape.ts'
import { TradeTotals } from '../trade-totals.ts'
import type { TapeRow } from './side-join.ts'

/** Tick of a clear row that clears its whole side. */
export const CLEAR_ALL = -1

const CLEAR_BOTH = eventCode(EventKind.DepthClear, 0)

const VISIBILITY_BITS = EXCH_ONLY_BIT | LOCAL_ONLY_BIT

/** The rows of one import of arrays. */
export class JoinedTape {
  readonly ladder = new Ladder()
  readonly totals = new TradeTotals()
  /** Local times after which the best bid stood above the best ask. */
  crossed = 0
  /** True when the input has snapshot rows. */
  hasSnapshot = false
  readonly #transaction: RowSink
  #tape: Tape | undefined
  /** True once a row of levels has come. */
  #hasBegun = false
  /** The snapshot that is being written: the one that opens the file, or one behind a clear. */
  #snapshot: 'none' | 'opening' | 'later' = 'none'
  /** True while a clear of both sides is held back. */
  #isCleared = false
  #localTime = 0
  #exchTime = 0
  #seq = 0
  #bookTime = Number.NEGATIVE_INFINITY

  constructor(transaction: RowSink) {
    this.#transaction = transaction
  }

  get events(): number {
    return this.#tape?.events ?? 0
  }

  begin(epochNs: bigint): void {
    this.#tape = new Tape(this.#transaction, epochNs)
  }

  drain(): void {
    this.#tape?.drain()
  }

  finish(): void {
    if (this.#isCleared) this.#afterClear(false)
    this.#endSnapshot()
    this.#countCrossed()
    this.#tape?.finish()
  }

  /** Takes a row in local order. */
  row({ localTime, exchTime, code, tick, lots, seq }: TapeRow): void {
    const kind = code & KIND_MASK
    const visibility = code & VISIBILITY_BITS
    const isLevel = kind === EventKind.SnapshotLevel
    const continues = localTime === this.#localTime
    const isSnapshotLevel = isLevel && visibility === 0
    if (this.#isCleared) this.#afterClear(isSnapshotLevel && continues)
    if (this.#snapshot === 'opening' && !isSnapshotLevel) this.#endSnapshot()
    if (this.#snapshot === 'later' && !(isSnapshotLevel && continues)) this.#endSnapshot()
    if (localTime > this.#bookTime) this.#countCrossed()
    this.#localTime = localTime
    this.#exchTime = exchTime
    this.#seq = seq
    switch (kind) {
      case EventKind.Trade:
        this.#write(code, tick, lots)
        if (visibility !== EXCH_ONLY_BIT) this.totals.add(tick, lots, codeSide(code) > 0)
        break
      case EventKind.Bbo:
        if (visibility !== EXCH_ONLY_BIT) {
          this.#tape!.bbo.push(localTime, exchTime, code & ~LOCAL_ONLY_BIT, tick, lots, -1, seq)
        }
        break
      case EventKind.DepthClear:
        // A clear without a side reaches to no price.
        if (code === CLEAR_BOTH) this.#isCleared = true
        else this.#clear(codeSide(code), tick, visibility)
        break
      default:
        this.#level(codeSide(code), tick, lots, visibility, isLevel)
    }
  }

  /**
   * A clear of both sides was held back: with snapshot levels of its message behind it, it is the
   * beginning of a snapshot.
   */
  #afterClear(isSnapshot: boolean): void {
    this.#isCleared = false
    if (!isSnapshot) {
      this.#clear(0, CLEAR_ALL, 0)
      return
    }
    this.#hasBegun = true
    this.#snapshot = 'later'
    this.ladder.clear()
    this.#write(eventCode(EventKind.SnapshotBegin, 0), 0, 0)
  }

  #level(side: Side | 0, tick: number, lots: number, visibility: number, isLevel: boolean): void {
    if (isLevel) this.hasSnapshot = true
    if (!this.#hasBegun) {
      this.#hasBegun = true
      this.#snapshot = 'opening'
      this.#write(eventCode(EventKind.SnapshotBegin, 0), 0, 0)
      if (!isLevel || visibility !== 0) this.#endSnapshot()
    }
    const kind = this.#snapshot === 'none' ? EventKind.DepthSet : EventKind.SnapshotLevel
    this.#write(eventCode(kind, side, visibility), tick, lots)
    if (visibility === EXCH_ONLY_BIT) return
    if (side > 0) this.ladder.setBid(tick, lots)
    else this.ladder.setAsk(tick, lots)
    this.#bookTime = this.#localTime
  }

  /** A clear that leaves levels behind is written as the removal of the others. */
  #clear(side: Side | 0, toTick: number, visibility: number): void {
    const { ladder } = this
    if (side === 0) {
      this.#write(eventCode(EventKind.DepthClear, 0, visibility), 0, 0)
      if (visibility !== EXCH_ONLY_BIT) ladder.clear()
      return
    }
    const gone = this.#levelsTo(side, toTick)
    const total = side > 0 ? ladder.bidLevels : ladder.askLevels
    if (toTick !== CLEAR_ALL && gone.length < total) {
      for (const tick of gone) this.#level(side, tick, 0, visibility, false)
      return
    }
    this.#write(eventCode(EventKind.DepthClear, side, visibility), 0, 0)
    if (visibility === EXCH_ONLY_BIT) return
    if (side > 0) ladder.clearBids()
    else ladder.clearAsks()
  }

  /** Returns the levels from the best price to a tick. */
  #levelsTo(side: Side, toTick: number): readonly number[] {
    const { ladder } = this
    const ticks: number[] = []
    if (side > 0) {
      for (let tick = ladder.bestBidTick; tick >= toTick && tick !== NO_BID;) {
        ticks.push(tick)
        tick = ladder.nextBidBelow(tick)
      }
    } else {
      for (let tick = ladder.bestAskTick; tick <= toTick && tick !== NO_ASK;) {
        ticks.push(tick)
        tick = ladder.nextAskAbove(tick)
      }
    }
    return ticks
  }

  #endSnapshot(): void {
    if (this.#snapshot === 'none') return
    this.#snapshot = 'none'
    this.#write(eventCode(EventKind.SnapshotEnd, 0), 0, 0)
  }

  #countCrossed(): void {
    if (this.#bookTime === Number.NEGATIVE_INFINITY) return
    this.#bookTime = Number.NEGATIVE_INFINITY
    if (this.ladder.bestBidTick > this.ladder.bestAskTick) this.crossed++
  }

  #write(code: number, tick: number, lots: number): void {
    this.#tape!.l2.push(this.#localTime, this.#exchTime, code, tick, lots, -1, this.#seq)
  }
}
