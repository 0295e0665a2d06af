/** Finds the price step that nearly all prices keep to, so that the few that do not stand out. */

const POWER_MAX = 8
const SIZE = POWER_MAX + 1
/** Fewer prices than these do not tell a step. */
const PRICES_MIN = 200
/** Largest share of prices that may lie off the step. */
const OFF_SHARE_MAX = 0.005

/**
 * Counts prices by the powers of 2 and 5 in them: real steps are 1, 2, 2.5 or 5 times a power of
 * ten of the decimals in which prices are written.
 */
export class PriceSteps {
  count = 0
  readonly #counts = new Float64Array(SIZE * SIZE)

  /** Notes a price in ticks; 0 divides by everything and tells nothing. */
  note(tick: number): void {
    if (tick === 0) return
    this.count++
    const twos = Math.min(POWER_MAX, 31 - Math.clz32(tick & -tick))
    let fives = 0
    for (let rest = tick; fives < POWER_MAX && rest % 5 === 0; rest /= 5) fives++
    this.#counts[twos * SIZE + fives]!++
  }

  /** Returns the coarsest step that all prices but a few keep to, and how many do not. */
  dominant(): { readonly step: number; readonly off: number } {
    let found = { step: 1, off: 0 }
    if (this.count < PRICES_MIN) return found
    for (let twos = 0; twos <= POWER_MAX; twos++) {
      for (let fives = 0; fives <= POWER_MAX; fives++) {
        const step = 2 ** twos * 5 ** fives
        const off = this.count - this.#multiplesOf(twos, fives)
        if (step > found.step && off <= this.count * OFF_SHARE_MAX) found = { step, off }
      }
    }
    return found
  }

  #multiplesOf(twos: number, fives: number): number {
    let sum = 0
    for (let i = twos; i < SIZE; i++) {
      for (let j = fives; j < SIZE; j++) sum += this.#counts[i * SIZE + j]!
    }
    return sum
  }
}
