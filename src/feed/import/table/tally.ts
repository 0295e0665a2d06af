/** Counts things by what they are, for the report. */

/** Names to keep apart; a hostile input could bring any number. */
const NAMES_MAX = 10_000

/** Counts by name, in the order in which the names came. */
export class Tally {
  #counts = new Map<string, number>()

  get size(): number {
    return this.#counts.size
  }

  /** Each name with its count. */
  entries(): readonly (readonly [string, number])[] {
    return [...this.#counts]
  }

  add(name: string): void {
    const counts = this.#counts
    const key = counts.size < NAMES_MAX || counts.has(name) ? name : 'others'
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }

  /** Returns what brings the counts back to where they stand now. */
  mark(): () => void {
    const counts = new Map(this.#counts)
    return () => {
      this.#counts = counts
    }
  }
}
