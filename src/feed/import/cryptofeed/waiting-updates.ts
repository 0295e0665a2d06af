/** Updates that wait for a snapshot, bounded. */
import type { SequenceGate } from '../../sequence/sequence-gate.ts'
import type { LevelList } from '../binance/message.ts'

/** Level changes to hold at most, and how many of them the bookkeeping of one update weighs. */
const CHANGES_MAX = 1 << 18
const UPDATE_WEIGHT = 32

/** A snapshot or an update on the grids of its instrument. */
export interface NumberedBook {
  readonly first: number
  readonly last: number
  readonly previous: number
  readonly bids: LevelList
  readonly asks: LevelList
  /** Venue time in ns since the epoch. */
  readonly time: number
}

/**
 * First in, first out. When it is full the oldest updates go: a snapshot that would have needed
 * them then fails to join, so nothing is lost in silence.
 */
export class WaitingUpdates {
  readonly #updates: NumberedBook[] = []
  readonly #judged: boolean[] = []
  #head = 0
  #weight = 0

  at(index: number): NumberedBook | undefined {
    return this.#updates[this.#head + index]
  }

  /** Whether the gate counted the update when it came. */
  wasJudged(index: number): boolean {
    return this.#judged[this.#head + index] === true
  }

  push(update: NumberedBook, isJudged: boolean): void {
    this.#updates.push(update)
    this.#judged.push(isJudged)
    this.#weight += weightOf(update)
    while (this.#weight > CHANGES_MAX && this.#updates.length - this.#head > 1) this.drop(1)
  }

  /** Forgets the oldest `count` updates. */
  drop(count: number): void {
    for (let i = 0; i < count; i++) this.#weight -= weightOf(this.at(i)!)
    this.#head += count
    if (this.#head * 2 < this.#updates.length) return
    this.#updates.splice(0, this.#head)
    this.#judged.splice(0, this.#head)
    this.#head = 0
  }

  /** Tells whether the first update that a snapshot does not hold follows it, if there is one. */
  joins(gate: SequenceGate, snapshotId: number): boolean {
    gate.onSnapshot(snapshotId)
    for (let i = 0; ; i++) {
      const update = this.at(i)
      if (update === undefined) return true
      const verdict = gate.onDelta(update.first, update.last, update.previous)
      if (verdict !== 'drop') return verdict !== 'gap'
    }
  }
}

function weightOf({ bids, asks }: NumberedBook): number {
  return bids.count + asks.count + UPDATE_WEIGHT
}
