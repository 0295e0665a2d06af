/** Counts what a sequence gate saw, each judged update under exactly one heading. */
import type { Verdict } from './verdict.ts'

/** What became of the updates of one stream; the sum is the number of updates judged. */
export interface SequenceCounts {
  /** Updates that continued the book. */
  readonly applied: number
  /** Updates that a snapshot held already, as some always do where the two meet. */
  readonly held: number
  /** Updates that came again. */
  readonly duplicates: number
  /** Updates that came behind one that they precede: late, not lost. */
  readonly reordered: number
  /** Times the stream broke: the updates that revealed missing ones. */
  readonly gaps: number
  /** Other updates that came while the book waited for a snapshot. */
  readonly refused: number
  /** Messages without news that prove the stream alive and complete. */
  readonly keepAlives: number
  /** Times the venue began its numbers anew. */
  readonly resets: number
}

/** The counts of a gate; each method notes one update and returns its verdict. */
export class SequenceTally implements SequenceCounts {
  applied = 0
  held = 0
  duplicates = 0
  reordered = 0
  gaps = 0
  refused = 0
  keepAlives = 0
  resets = 0
  #holeAfter = -1
  #holeTo = -1

  apply(): Verdict {
    this.applied++
    return 'apply'
  }

  hold(): Verdict {
    this.held++
    return 'drop'
  }

  duplicate(): Verdict {
    this.duplicates++
    return 'drop'
  }

  keepAlive(): Verdict {
    this.keepAlives++
    return 'drop'
  }

  reset(): Verdict {
    this.resets++
    this.join()
    return 'reset'
  }

  /** Notes that the updates with ids in (holeAfter, holeTo] are missing. */
  gap(holeAfter: number, holeTo: number): Verdict {
    this.gaps++
    this.#holeAfter = holeAfter
    this.#holeTo = holeTo
    return 'gap'
  }

  /** Notes an update that came too late to be applied, without a hole that it would fill. */
  late(): Verdict {
    this.reordered++
    return 'gap'
  }

  /** Notes an update, up to id `last`, that came while the book waits for a snapshot. */
  refuse(last: number): Verdict {
    if (last > this.#holeTo) this.refused++
    else if (last > this.#holeAfter) this.reordered++
    else this.duplicates++
    return 'gap'
  }

  /** Forgets the last hole: a snapshot fills it. */
  join(): void {
    this.#holeAfter = -1
    this.#holeTo = -1
  }
}
