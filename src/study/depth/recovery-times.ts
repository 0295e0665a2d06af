/** How long recoveries took, some of which were not waited for. */

/** How one figure of the book comes back after a shock. */
export interface Recovery {
  /** Shocks behind the figures. */
  readonly shocks: number
  /** Share of the shocks of which half was made good within the horizon, 0..1. */
  readonly recoveredShare: number
  /** Median time, ns, until half of a shock was made good; undefined unless more than half of the
   * shocks were within the horizon, as the median then lies beyond it. */
  readonly halfLifeNs: number | undefined
}

/** The times of the last shocks, in a ring; infinity for those that the horizon cut off. */
export class RecoveryTimes {
  readonly #times: Float64Array
  #count = 0

  /** @param window shocks that are remembered, a whole number >= 1 */
  constructor(window: number) {
    this.#times = new Float64Array(window)
  }

  /** Takes the outcome of one shock: ns, or infinity when it was not made good in time. */
  add(time: number): void {
    this.#times[this.#count++ % this.#times.length] = time
  }

  /** Returns the figures over the remembered shocks; undefined while fewer than `least`. */
  recovery(least: number): Recovery | undefined {
    const shocks = Math.min(this.#count, this.#times.length)
    if (shocks < least) return undefined
    const sorted = this.#times.slice(0, shocks).sort()
    let recovered = 0
    while (recovered < shocks && Number.isFinite(sorted[recovered])) recovered++
    const middle = (sorted[(shocks - 1) >> 1]! + sorted[shocks >> 1]!) / 2
    return {
      shocks,
      recoveredShare: recovered / shocks,
      halfLifeNs: Number.isFinite(middle) ? middle : undefined,
    }
  }
}
