/** Depth updates that wait for a snapshot, flat and bounded. */
import { LevelList, type BinanceMessage } from './message.ts'

/** Level changes to hold at most: minutes of a busy market. */
const CHANGES_MAX = 1 << 21

/** One update in a {@link DiffBuffer}. */
export interface BufferedDiff {
  readonly firstId: number
  readonly lastId: number
  readonly previousId: number
  readonly exchTime: number
  readonly bids: LevelList
  readonly asks: LevelList
}

/**
 * First in, first out. When it is full the oldest updates go: a snapshot that would have needed
 * them then fails to join, so nothing is lost in silence.
 */
export class DiffBuffer {
  #diffs: BufferedDiff[] = []
  #changes = 0
  readonly #changesMax: number

  constructor(changesMax = CHANGES_MAX) {
    this.#changesMax = changesMax
  }

  get length(): number {
    return this.#diffs.length
  }

  at(index: number): BufferedDiff | undefined {
    return this.#diffs[index]
  }

  /** Adds a copy of a depth message. */
  push(message: BinanceMessage, exchTime: number): void {
    this.#diffs.push({
      firstId: message.firstId,
      lastId: message.lastId,
      previousId: message.previousId,
      exchTime,
      bids: message.bids.copy(),
      asks: message.asks.copy(),
    })
    this.#changes += changesOf(message)
    let excess = 0
    while (this.#changes > this.#changesMax && excess < this.#diffs.length - 1) {
      this.#changes -= changesOf(this.#diffs[excess++]!)
    }
    if (excess > 0) this.#diffs.splice(0, excess)
  }

  /** Forgets the first `count` updates. */
  drop(count: number): void {
    for (let i = 0; i < count; i++) this.#changes -= changesOf(this.#diffs[i]!)
    this.#diffs.splice(0, count)
  }
}

/** An update without levels takes room too. */
function changesOf(diff: { readonly bids: LevelList; readonly asks: LevelList }): number {
  return diff.bids.count + diff.asks.count + 1
}
