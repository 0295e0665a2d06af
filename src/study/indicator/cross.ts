/**
 * Crossings of two series.
 *
 * `a` crosses over `b` when the last difference a - b that was not zero was negative and the
 * present one is positive: a bar on which both are equal keeps the older sign.
 */
import { assertSameLength, foldBatch, foldLine, type Fold } from '../line/fold.ts'
import type { Line } from '../line/line.ts'

/** Answers a difference with +1 (turned positive), -1 (turned negative) or 0. */
class SignChange implements Fold {
  readonly #up: number
  readonly #down: number
  #last = Number.NaN

  /** The values to answer with for a turn up and for a turn down. */
  constructor(up: number, down: number) {
    this.#up = up
    this.#down = down
  }

  next(difference: number): number {
    const last = this.#last
    if (Number.isFinite(difference)) {
      if (difference !== 0 || Number.isNaN(last)) this.#last = difference
    } else {
      this.#last = Number.NaN
    }
    if (Number.isNaN(last) || Number.isNaN(this.#last)) return Number.NaN
    if (last < 0 && difference > 0) return this.#up
    if (last > 0 && difference < 0) return this.#down
    return 0
  }
}

function crossLine(name: string, a: Line, b: Line | number, fold: Fold): Line {
  const other = typeof b === 'number' ? String(b) : b.name
  return foldLine(`${name}(${a.name}, ${other})`, a.minus(b), 1, fold)
}

function crossBatch(
  a: Float64Array,
  b: Float64Array,
  fold: Fold,
  out?: Float64Array,
): Float64Array {
  assertSameLength(a, b)
  const result = out ?? new Float64Array(a.length)
  assertSameLength(a, result)
  for (let i = 0; i < a.length; i++) result[i] = a[i]! - b[i]!
  return foldBatch(result, fold, result)
}

/** Returns +1 where `a` crosses up over `b`, -1 where it crosses down, else 0. */
export function crossOver(a: Line, b: Line | number): Line {
  return crossLine('crossOver', a, b, new SignChange(1, -1))
}

/** Returns 1 where `a` crosses up over `b`, else 0. */
export function crossUp(a: Line, b: Line | number): Line {
  return crossLine('crossUp', a, b, new SignChange(1, 0))
}

/** Returns 1 where `a` crosses down under `b`, else 0. */
export function crossDown(a: Line, b: Line | number): Line {
  return crossLine('crossDown', a, b, new SignChange(0, 1))
}

/**
 * The whole column of {@link crossOver}: NaN on the first row on which both have a value.
 *
 * @param a   shape [rows]
 * @param b   shape [rows]
 * @param out shape [rows]; may be `a` or `b`
 * @throws LobtraderError BAD_ARGUMENT when lengths differ
 */
export function crossOverBatch(a: Float64Array, b: Float64Array, out?: Float64Array): Float64Array {
  return crossBatch(a, b, new SignChange(1, -1), out)
}

/** The whole column of {@link crossUp}; as {@link crossOverBatch}. */
export function crossUpBatch(a: Float64Array, b: Float64Array, out?: Float64Array): Float64Array {
  return crossBatch(a, b, new SignChange(1, 0), out)
}

/** The whole column of {@link crossDown}; as {@link crossOverBatch}. */
export function crossDownBatch(a: Float64Array, b: Float64Array, out?: Float64Array): Float64Array {
  return crossBatch(a, b, new SignChange(0, 1), out)
}
