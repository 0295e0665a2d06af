/** The last links of a stream, to tell a repeated update from one that runs backwards. */

const LINKS = 64

/**
 * Remembers the last 64 pairs of ids.
 *
 * An id below the last one proves nothing by itself: where a venue may begin its numbers anew, a
 * lost restart would have every later update taken for a duplicate, silently. Only an update that
 * was seen is a duplicate.
 */
export class RecentLinks {
  readonly #last = new Float64Array(LINKS).fill(-1)
  readonly #previous = new Float64Array(LINKS).fill(-1)
  #next = 0

  add(last: number, previous: number): void {
    this.#last[this.#next] = last
    this.#previous[this.#next] = previous
    this.#next = (this.#next + 1) % LINKS
  }

  has(last: number, previous: number): boolean {
    for (let i = 0; i < LINKS; i++) {
      if (this.#last[i] === last && this.#previous[i] === previous) return true
    }
    return false
  }
}
