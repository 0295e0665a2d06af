/** Depth updates that wait for a snapshot, flat and bounded. */
import type { BinanceMessage, LevelList } from './message.ts'

/** Level changes to hold at most, and how many of them the bookkeeping of one update weighs. */
const CHANGES_MAX = 1 << 21
const DIFF_WEIGHT = 32

/** One update in a {@link DiffBuffer}. */
export interface BufferedDiff {
  readonly firstId: number
  readonly lastId: number
  readonly previousId: number
  readonly exchTime: number
  /** True when the gate counted it under a heading of its own as it came. */
  readonly isCounted: boolean
  readonly bids: LevelList
  readonly asks: LevelList
}

/**
 * First in, first out. When it is full the oldest updates go: a snapshot that would have needed
 * them then fails to join, so nothing is lost in silence.
 */
export class DiffBuffer {
  readonly #diffs: BufferedDiff[] = []
  readonly #weightMax: number
  /** Index of the oldest update in `#diffs`; those before it are gone. */
  #head = 0
  #weight = 0

  /** @param changesMax level changes to hold, each update counting as 32 more */
  constructor(changesMax = CHANGES_MAX) {
    this.#weightMax = changesMax
  }

  get length(): number {
    return this.#diffs.length - this.#head
  }

  at(index: number): BufferedDiff | undefined {
    return this.#diffs[this.#head + index]
  }

  /** Adds a copy of a depth message. */
  push(message: BinanceMessage, exchTime: number, isCounted: boolean): void {
    this.#diffs.push({
      firstId: message.firstId,
      lastId: message.lastId,
      previousId: message.previousId,
      exchTime,
      isCounted,
      bids: message.bids.copy(),
      asks: message.asks.copy(),
    })
    this.#weight += weightOf(message)
    while (this.#weight > this.#weightMax && this.length > 1) this.drop(1)
  }

  /** Forgets the oldest `count` updates. */
  drop(count: number): void {
    for (let i = 0; i < count; i++) this.#weight -= weightOf(this.at(i)!)
    this.#head += count
    if (this.#head * 2 >= this.#diffs.length) {
      this.#diffs.splice(0, this.#head)
      this.#head = 0
    }
  }
}

function weightOf(diff: { readonly bids: LevelList; readonly asks: LevelList }): number {
  return diff.bids.count + diff.asks.count + DIFF_WEIGHT
}
