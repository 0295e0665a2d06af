/**
 * Writes joined rows of an array to the tape and follows the local book.
 *
 * The snapshot that opens the file is written as a snapshot. A later one, and any that one side
 * alone sees, is written level by level: in hftbacktest a snapshot row sets its level and nothing
 * else, what it replaces is cleared by rows of its own.
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

/** Tick of a clear row that clears its whole side. */
export const CLEAR_ALL = -1

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
  /** Where the opening snapshot stands. */
  #opening: 'before' | 'inside' | 'behind' = 'before'
  #localTime = 0
  #exchTime = 0
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
    this.#endOpening()
    this.#countCrossed()
    this.#tape?.finish()
  }

  /** Takes a row in local order. */
  row(localTime: number, exchTime: number, code: number, tick: number, lots: number): void {
    const kind = code & KIND_MASK
    const visibility = code & VISIBILITY_BITS
    const isLevel = kind === EventKind.SnapshotLevel
    if (this.#opening === 'inside' && !(isLevel && visibility === 0)) this.#endOpening()
    if (localTime > this.#bookTime) this.#countCrossed()
    this.#localTime = localTime
    this.#exchTime = exchTime
    switch (kind) {
      case EventKind.Trade:
        this.#write(code, tick, lots)
        if (visibility !== EXCH_ONLY_BIT) this.totals.add(tick, lots, codeSide(code) > 0)
        break
      case EventKind.Bbo:
        if (visibility !== EXCH_ONLY_BIT) {
          this.#tape!.bbo.push(localTime, exchTime, code & ~LOCAL_ONLY_BIT, tick, lots, -1, 0)
        }
        break
      case EventKind.DepthClear:
        this.#clear(codeSide(code), tick, visibility)
        break
      default:
        this.#level(codeSide(code), tick, lots, visibility, isLevel)
    }
  }

  #level(side: Side | 0, tick: number, lots: number, visibility: number, isLevel: boolean): void {
    if (isLevel) this.hasSnapshot = true
    if (this.#opening === 'before') {
      this.#opening = 'inside'
      this.#write(eventCode(EventKind.SnapshotBegin, 0), 0, 0)
      if (!isLevel || visibility !== 0) this.#endOpening()
    }
    const kind = this.#opening === 'inside' ? EventKind.SnapshotLevel : EventKind.DepthSet
    this.#write(eventCode(kind, side, visibility), tick, lots)
    if (visibility === EXCH_ONLY_BIT) return
    if (side > 0) this.ladder.setBid(tick, lots)
    else this.ladder.setAsk(tick, lots)
    this.#bookTime = this.#localTime
  }

  /** A clear that leaves levels behind is written as the removal of the others. */
  #clear(side: Side | 0, toTick: number, visibility: number): void {
    const { ladder } = this
    const sides: readonly Side[] = side === 0 ? [1, -1] : [side]
    for (const one of sides) {
      const gone = this.#levelsTo(one, toTick)
      const total = one > 0 ? ladder.bidLevels : ladder.askLevels
      if (toTick === CLEAR_ALL || gone.length === total) {
        this.#write(eventCode(EventKind.DepthClear, one, visibility), 0, 0)
        if (visibility === EXCH_ONLY_BIT) continue
        if (one > 0) ladder.clearBids()
        else ladder.clearAsks()
        continue
      }
      for (const tick of gone) this.#level(one, tick, 0, visibility, false)
    }
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

  #endOpening(): void {
    if (this.#opening !== 'inside') return
    this.#opening = 'behind'
    this.#write(eventCode(EventKind.SnapshotEnd, 0), 0, 0)
  }

  #countCrossed(): void {
    if (this.#bookTime === Number.NEGATIVE_INFINITY) return
    this.#bookTime = Number.NEGATIVE_INFINITY
    if (this.ladder.bestBidTick > this.ladder.bestAskTick) this.crossed++
  }

  #write(code: number, tick: number, lots: number): void {
    this.#tape!.l2.push(this.#localTime, this.#exchTime, code, tick, lots, -1, 0)
  }
}
