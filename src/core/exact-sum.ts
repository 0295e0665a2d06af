/** Correctly rounded sums, so that a total never depends on the order of its parts. */

/**
 * Accumulates doubles without rounding error (Shewchuk 1997, "Adaptive Precision Floating-Point
 * Arithmetic", the growing expansion used by Python's fsum).
 */
export class ExactSum {
  /** Ascending in magnitude, none overlapping the next: `#partials[0 ... #count)`. */
  #partials = new Float64Array(8)
  #count = 0

  /** Adds one finite value. */
  add(value: number): void {
    let x = value
    let kept = 0
    const partials = this.#partials
    for (let i = 0; i < this.#count; i++) {
      let y = partials[i]!
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x]
      const high = x + y
      const low = y - (high - x)
      if (low !== 0) partials[kept++] = low
      x = high
    }
    if (kept === partials.length) this.#grow()
    this.#partials[kept] = x
    this.#count = kept + 1
  }

  /** The sum so far, rounded once. */
  get value(): number {
    const partials = this.#partials
    let n = this.#count
    if (n === 0) return 0
    let high = partials[--n]!
    let low = 0
    while (n > 0) {
      const x = high
      const y = partials[--n]!
      high = x + y
      low = y - (high - x)
      if (low !== 0) break
    }
    // Half-way cases round to even only if the next partial agrees in sign.
    if (n > 0 && ((low < 0 && partials[n - 1]! < 0) || (low > 0 && partials[n - 1]! > 0))) {
      const y = low * 2
      const x = high + y
      if (y === x - high) high = x
    }
    return high
  }

  #grow(): void {
    const wider = new Float64Array(this.#partials.length * 2)
    wider.set(this.#partials)
    this.#partials = wider
  }
}

/** Returns the correctly rounded sum of `values`. */
export function exactSum(values: Iterable<number>): number {
  const sum = new ExactSum()
  for (const value of values) sum.add(value)
  return sum.value
}
