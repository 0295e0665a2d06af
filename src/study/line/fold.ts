/** Folds: the running state of an indicator over one series, for lines and for whole columns. */
import { LobtraderError } from '../../core/index.ts'
import { DerivedLine, type Line } from './line.ts'

/**
 * Takes the values of a series in turn and answers each with the indicator's value.
 *
 * NaN policy of every fold in this library: a value that is not finite is a hole. The answer is NaN
 * at a hole and until the fold has seen as many values since as it needs to warm up; it then
 * recovers. Leading NaNs, such as another indicator's warm-up, are holes like any other.
 */
export interface Fold {
  next(value: number): number
}

class FoldLine extends DerivedLine {
  readonly #input: Line
  readonly #fold: Fold

  constructor(name: string, input: Line, moreBars: number, fold: Fold) {
    super(name, [input], moreBars)
    this.#input = input
    this.#fold = fold
  }

  protected override compute(): number {
    return this.#fold.next(this.#input.at(0))
  }
}

/**
 * Returns the line of `fold` over `input`: how one makes an indicator of one's own.
 *
 * @param moreBars bars that the fold needs beyond the first before it has a value, 0 or more
 */
export function foldLine(name: string, input: Line, moreBars: number, fold: Fold): Line {
  return new FoldLine(name, input, moreBars, fold)
}

/**
 * Runs `fold` over a whole column.
 *
 * @param values shape [n]
 * @param out    shape [n]; may be `values` itself
 * @throws LobtraderError BAD_ARGUMENT when `out` has another length
 */
export function foldBatch(
  values: Float64Array,
  fold: Fold,
  out: Float64Array = new Float64Array(values.length),
): Float64Array {
  assertSameLength(values, out)
  for (let i = 0; i < values.length; i++) out[i] = fold.next(values[i]!)
  return out
}

/** @throws LobtraderError BAD_ARGUMENT when two columns differ in length */
export function assertSameLength(a: Float64Array, b: Float64Array): void {
  if (a.length !== b.length) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `columns of ${a.length} and ${b.length} values were given; equal lengths were expected`,
      { first: a.length, second: b.length },
    )
  }
}

/** @throws LobtraderError BAD_PARAMETER unless `bars` is a whole number, 1 or more */
export function assertPeriod(indicator: string, bars: number): void {
  if (!Number.isSafeInteger(bars) || bars < 1) {
    throw new LobtraderError(
      'BAD_PARAMETER',
      `the period of ${indicator} cannot be ${bars}; expected a whole number of bars, 1 or more`,
      { indicator, period: bars },
    )
  }
}
