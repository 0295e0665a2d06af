/**
 * Sums and extremes over the last n values, without drift and without holding on to a NaN.
 *
 * The series is cut into blocks of n. A window is the tail of the last block plus the head of the
 * present one; tails are computed once per block, from its end, and the head grows by one value a
 * step. Nothing is ever subtracted, so no rounding error outlives its window.
 *
 * Source: van Herk (1992), "A fast algorithm for local minimum and maximum filters on rectangular
 * and octagonal kernels", applied to sums as well. Cost: amortised O(1), memory O(n).
 */
import type { Fold } from '../line/fold.ts'

/** The sum of the last n values, compensated (Neumaier 1974); NaN until n values were seen. */
export class RollingSum implements Fold {
  readonly #n: number
  readonly #block: Float64Array
  readonly #tail: Float64Array
  readonly #tailError: Float64Array
  #head = 0
  #headError = 0
  #filled = 0

  /** @param n window in values, a whole number, 1 or more */
  constructor(n: number) {
    this.#n = n
    this.#block = new Float64Array(n)
    this.#tail = new Float64Array(n + 1)
    this.#tailError = new Float64Array(n + 1)
    this.reset()
  }

  /** Forgets everything seen so far. */
  reset(): void {
    this.#tail.fill(Number.NaN, 0, this.#n)
    this.#head = 0
    this.#headError = 0
    this.#filled = 0
  }

  next(value: number): number {
    this.#block[this.#filled++] = value
    const head = this.#head + value
    this.#headError += sumError(this.#head, value, head)
    this.#head = head
    const tail = this.#tail[this.#filled]!
    const sum = tail + head
    const error = this.#headError + this.#tailError[this.#filled]!
    const result = sum + (error + sumError(tail, head, sum))
    if (this.#filled === this.#n) this.#closeBlock()
    return result
  }

  #closeBlock(): void {
    let sum = 0
    let error = 0
    for (let i = this.#n - 1; i >= 0; i--) {
      const value = this.#block[i]!
      const next = sum + value
      error += sumError(sum, value, next)
      sum = next
      this.#tail[i] = sum
      this.#tailError[i] = error
    }
    this.#head = 0
    this.#headError = 0
    this.#filled = 0
  }
}

/** What `a + b` lost when it was rounded to `sum`. */
function sumError(a: number, b: number, sum: number): number {
  return Math.abs(a) >= Math.abs(b) ? a - sum + b : b - sum + a
}

/** The largest of the last n values; NaN until n values were seen. */
export class RollingMax implements Fold {
  readonly #n: number
  readonly #block: Float64Array
  readonly #tail: Float64Array
  #head = Number.NEGATIVE_INFINITY
  #filled = 0

  /** @param n window in values, a whole number, 1 or more */
  constructor(n: number) {
    this.#n = n
    this.#block = new Float64Array(n)
    this.#tail = new Float64Array(n + 1).fill(Number.NaN)
    this.#tail[n] = Number.NEGATIVE_INFINITY
  }

  next(value: number): number {
    const x = Number.isFinite(value) ? value : Number.NaN
    this.#block[this.#filled++] = x
    this.#head = Math.max(this.#head, x)
    const result = Math.max(this.#head, this.#tail[this.#filled]!)
    if (this.#filled === this.#n) this.#closeBlock()
    return result
  }

  #closeBlock(): void {
    let max = Number.NEGATIVE_INFINITY
    for (let i = this.#n - 1; i >= 0; i--) {
      max = Math.max(max, this.#block[i]!)
      this.#tail[i] = max
    }
    this.#head = Number.NEGATIVE_INFINITY
    this.#filled = 0
  }
}

/** The smallest of the last n values; NaN until n values were seen. */
export class RollingMin implements Fold {
  readonly #max: RollingMax

  /** @param n window in values, a whole number, 1 or more */
  constructor(n: number) {
    this.#max = new RollingMax(n)
  }

  next(value: number): number {
    return -this.#max.next(-value)
  }
}
