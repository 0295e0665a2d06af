/** Simple and exponential moving averages. */
import { assertPeriod, foldBatch, foldLine, type Fold } from '../line/fold.ts'
import type { Line } from '../line/line.ts'
import { RollingSum } from './rolling.ts'

class SimpleMean implements Fold {
  readonly #n: number
  readonly #sum: RollingSum

  constructor(n: number) {
    assertPeriod('sma', n)
    this.#n = n
    this.#sum = new RollingSum(n)
  }

  next(value: number): number {
    return this.#sum.next(value) / this.#n
  }
}

class ExponentialMean implements Fold {
  readonly #n: number
  readonly #seed: RollingSum
  readonly #factor: number
  #mean = Number.NaN

  constructor(n: number) {
    assertPeriod('ema', n)
    this.#n = n
    this.#seed = new RollingSum(n)
    this.#factor = 2 / (n + 1)
  }

  next(value: number): number {
    if (!Number.isFinite(value)) {
      this.#seed.reset()
      this.#mean = Number.NaN
    } else if (Number.isNaN(this.#mean)) {
      this.#mean = this.#seed.next(value) / this.#n
    } else {
      this.#mean += this.#factor * (value - this.#mean)
    }
    return this.#mean
  }
}

/**
 * Returns the plain mean of the last `n` values (backtrader: SMA).
 *
 * @throws LobtraderError BAD_PARAMETER unless `n` is a whole number, 1 or more
 */
export function sma(line: Line, n: number): Line {
  return foldLine(`sma(${line.name}, ${n})`, line, n - 1, new SimpleMean(n))
}

/**
 * The whole column of {@link sma}: NaN for the first n - 1 values and around holes.
 *
 * @param values shape [rows]
 * @param out    shape [rows]; may be `values` itself
 * @example      smaBatch(Float64Array.of(1, 2, 3, 5), 2)   // NaN, 1.5, 2.5, 4
 */
export function smaBatch(values: Float64Array, n: number, out?: Float64Array): Float64Array {
  return foldBatch(values, new SimpleMean(n), out)
}

/**
 * Returns the exponential mean with factor 2 / (n + 1), seeded by the plain mean of the first `n`
 * values (backtrader: EMA).
 *
 * @throws LobtraderError BAD_PARAMETER unless `n` is a whole number, 1 or more
 */
export function ema(line: Line, n: number): Line {
  return foldLine(`ema(${line.name}, ${n})`, line, n - 1, new ExponentialMean(n))
}

/**
 * The whole column of {@link ema}: NaN for the first n - 1 values; seeded anew after a hole.
 *
 * @param values shape [rows]
 * @param out    shape [rows]; may be `values` itself
 * @example      emaBatch(Float64Array.of(1, 2, 3, 5), 2)   // NaN, 1.5, 2.5, 4.166...
 */
export function emaBatch(values: Float64Array, n: number, out?: Float64Array): Float64Array {
  return foldBatch(values, new ExponentialMean(n), out)
}
