/** Random order sizes in whole lots. */
import type { Prng } from '../../core/index.ts'

/** Draws log-normal sizes of a given mean; at least one lot. */
export class LogNormalLots {
  readonly #location: number
  readonly #deviation: number

  /** @param meanLots mean before rounding @param logDeviation standard deviation of the logarithm */
  constructor(meanLots: number, logDeviation: number) {
    this.#location = Math.log(meanLots) - (logDeviation * logDeviation) / 2
    this.#deviation = logDeviation
  }

  draw(prng: Prng): number {
    return Math.max(1, Math.round(Math.exp(this.#location + this.#deviation * prng.nextNormal())))
  }
}

/** Draws sizes with a power-law tail, P(size > x) = (least / x)^tail; at least one lot. */
export class ParetoLots {
  readonly #least: number
  readonly #power: number

  /** @param meanLots mean before rounding @param tail exponent of the tail, > 1 */
  constructor(meanLots: number, tail: number) {
    this.#least = (meanLots * (tail - 1)) / tail
    this.#power = -1 / tail
  }

  draw(prng: Prng): number {
    // The tail has no end; a million means bounds it far beyond what any book holds.
    const lots = this.#least * Math.max(1e-9, 1 - prng.next()) ** this.#power
    return Math.max(1, Math.round(lots))
  }
}
