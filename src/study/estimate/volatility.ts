/** Volatility of the mid price from samples at a fixed spacing, for models with sigma dW. */
import { LobtraderError } from '../../core/index.ts'
import { durationNs, type Duration } from '../../time/index.ts'
import { RollingSum } from '../indicator/rolling.ts'

/** How {@link RollingVolatility} samples and what it says before it knows. */
export interface RollingVolatilityOptions {
  /** Spacing of the samples. */
  readonly interval: Duration | string
  /** Changes that the estimate looks back on. */
  readonly window: number
  /** Value until `leastChanges` are in, quote units per sqrt(second). */
  readonly initial: number
  /** Changes to wait for; default: 20, or the window where that is shorter. */
  readonly leastChanges?: number
}

/**
 * Estimates sigma of an arithmetic Brownian motion, in quote units per sqrt(second): the root of
 * the mean squared change over the last `window` changes, per second. The mean change is not taken
 * off: over windows of minutes its own error is larger than any drift.
 *
 * {@link RollingSum} keeps the sum, so a jump leaves no rounding residue behind when it leaves the
 * window. O(1) per sample on average.
 *
 * @source Andersen, Bollerslev, Diebold & Labys (2003), "Modeling and Forecasting Realized
 *   Volatility", Econometrica 71(2): realised variance as the sum of squared changes
 */
export class RollingVolatility {
  readonly #intervalSeconds: number
  readonly #initial: number
  readonly #leastChanges: number
  readonly #window: number
  readonly #squares: RollingSum
  #sum = 0
  #changes = 0
  #last = Number.NaN

  /** @throws LobtraderError BAD_ARGUMENT or BAD_DURATION */
  constructor(options: RollingVolatilityOptions) {
    const { window, initial } = options
    const leastChanges = options.leastChanges ?? Math.min(20, window)
    const intervalNs = durationNs(options.interval)
    requireThat(intervalNs > 0, 'interval', options.interval, 'longer than 0')
    requireThat(
      Number.isInteger(window) && window >= 1,
      'window',
      window,
      'a whole number, 1 or more',
    )
    requireThat(
      Number.isFinite(initial) && initial >= 0,
      'initial',
      initial,
      'a finite number, 0 or more',
    )
    requireThat(
      Number.isInteger(leastChanges) && leastChanges >= 1 && leastChanges <= window,
      'leastChanges',
      leastChanges,
      `a whole number from 1 to the window ${window}`,
    )
    this.#intervalSeconds = intervalNs / 1e9
    this.#initial = initial
    this.#leastChanges = leastChanges
    this.#window = window
    this.#squares = new RollingSum(window)
    // It has no value before it is full; zeros make it so without changing any sum.
    for (let i = 0; i < window; i++) this.#squares.next(0)
  }

  /** True when the value comes from data. */
  get isReady(): boolean {
    return this.#changes >= this.#leastChanges
  }

  /** Sigma in quote units per sqrt(second), finite, 0 or more. */
  get value(): number {
    if (!this.isReady) return this.#initial
    return Math.sqrt(this.#sum / (this.#changes * this.#intervalSeconds))
  }

  /**
   * Takes the next sample. A sample that is not finite (a side of the book was empty) breaks the
   * chain: no change is counted across it.
   */
  add(mid: number): void {
    const change = mid - this.#last
    this.#last = Number.isFinite(mid) ? mid : Number.NaN
    if (!Number.isFinite(change)) return
    this.#sum = this.#squares.next(change * change)
    if (this.#changes < this.#window) this.#changes++
  }
}

function requireThat(
  isTrue: boolean,
  name: string,
  value: number | string,
  expected: string,
): void {
  if (isTrue) return
  throw new LobtraderError('BAD_ARGUMENT', `volatility ${name} must be ${expected}, was ${value}`, {
    field: name,
    value,
  })
}
