/** Collects the levels of a snapshot aside, so that the book changes at its end and at once. */
import type { Ladder } from '../book/index.ts'
import type { Side } from '../market/index.ts'

/** Levels between a snapshot's begin and end. */
export class SnapshotBuffer {
  readonly #sides: Side[] = []
  readonly #ticks: number[] = []
  readonly #lots: number[] = []

  clear(): void {
    this.#sides.length = 0
    this.#ticks.length = 0
    this.#lots.length = 0
  }

  push(side: Side, tick: number, lots: number): void {
    this.#sides.push(side)
    this.#ticks.push(tick)
    this.#lots.push(lots)
  }

  /** Replaces every level of `ladder` by the collected ones. */
  restoreInto(ladder: Ladder): void {
    ladder.clear()
    for (let i = 0; i < this.#sides.length; i++) {
      if (this.#sides[i]! > 0) ladder.setBid(this.#ticks[i]!, this.#lots[i]!)
      else ladder.setAsk(this.#ticks[i]!, this.#lots[i]!)
    }
    this.clear()
  }
}
