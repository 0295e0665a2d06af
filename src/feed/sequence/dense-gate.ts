/** The rule of numbers without holes: the next update begins one above the last. */
import { SequenceTally, type SequenceCounts } from './sequence-tally.ts'
import type { SequenceGate } from './sequence-gate.ts'
import type { Verdict } from './verdict.ts'

/** Judges updates that each cover the ids [first, last]; `last < first` is a message without any. */
export class DenseGate implements SequenceGate {
  lastId: number
  readonly resetKeepsBook: boolean = false
  protected readonly tally = new SequenceTally()
  protected live: boolean
  /** False from a snapshot to the first update that follows it. */
  #joined = true

  /**
   * @param firstId id with which the numbers begin on an empty book, where they do; without it the
   *   gate waits for a snapshot
   */
  constructor(firstId?: number) {
    this.live = firstId !== undefined
    this.lastId = firstId === undefined ? -1 : firstId - 1
  }

  get counts(): SequenceCounts {
    return this.tally
  }

  onSnapshot(lastUpdateId: number): Verdict {
    this.lastId = lastUpdateId
    this.live = true
    this.#joined = false
    this.tally.join()
    return 'apply'
  }

  onDelta(first: number, last: number): Verdict {
    if (!this.live) return this.tally.refuse(last)
    if (first > this.lastId + 1) {
      const lastId = this.lastId
      this.#leave()
      return this.tally.gap(lastId, first - 1)
    }
    if (last < first) return this.tally.keepAlive()
    if (last <= this.lastId) return this.#joined ? this.tally.duplicate() : this.tally.hold()
    this.lastId = last
    this.#joined = true
    return this.tally.apply()
  }

  invalidate(): void {
    this.tally.join()
    this.#leave()
  }

  /** Breaks the stream at an update whose number runs backwards. */
  protected breakBackwards(): Verdict {
    this.#leave()
    return this.tally.gap(-1, -1)
  }

  /** Begins anew: the update with `lastId` is the first of the new numbers, or none when below it. */
  protected restart(lastId: number): Verdict {
    this.lastId = lastId
    this.live = true
    return this.tally.reset()
  }

  #leave(): void {
    this.live = false
    this.lastId = -1
  }
}
