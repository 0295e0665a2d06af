/** The rule of linked updates: each names the id of the one before it. */
import { RecentLinks } from './recent-links.ts'
import { SequenceTally, type SequenceCounts } from './sequence-tally.ts'
import type { SequenceGate } from './sequence-gate.ts'
import type { Verdict } from './verdict.ts'

/** Judges updates by the id that each says it follows. */
export class ChainGate implements SequenceGate {
  lastId = -1
  readonly resetKeepsBook: boolean = true
  protected readonly tally = new SequenceTally()
  readonly #recent = new RecentLinks()

  get counts(): SequenceCounts {
    return this.tally
  }

  onSnapshot(lastUpdateId: number): Verdict {
    this.lastId = lastUpdateId
    this.tally.join()
    return 'apply'
  }

  onDelta(_first: number, last: number, previous: number): Verdict {
    if (this.lastId < 0) return this.tally.refuse(last)
    if (previous !== this.lastId) {
      return this.#recent.has(last, previous) ? this.tally.duplicate() : this.breakAt(previous)
    }
    if (last === previous) return this.tally.keepAlive()
    if (last < previous) return this.onBackwards(last, previous)
    return this.#link(last, previous, this.tally.apply())
  }

  invalidate(): void {
    this.tally.join()
    this.lastId = -1
  }

  /** Judges an update that follows the last one under a lower id: a break where no rule allows it. */
  protected onBackwards(_last: number, previous: number): Verdict {
    return this.breakAt(previous)
  }

  /** Goes on under lower numbers. */
  protected restart(last: number, previous: number): Verdict {
    return this.#link(last, previous, this.tally.reset())
  }

  protected breakAt(previous: number): Verdict {
    const lastId = this.lastId
    this.lastId = -1
    return this.tally.gap(lastId, Math.max(lastId, previous))
  }

  #link(last: number, previous: number, verdict: Verdict): Verdict {
    this.lastId = last
    this.#recent.add(last, previous)
    return verdict
  }
}
