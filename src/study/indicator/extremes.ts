/** The highest and the lowest value of a window. */
import { assertPeriod, foldBatch, foldLine } from '../line/fold.ts'
import type { Line } from '../line/line.ts'
import { RollingMax, RollingMin } from './rolling.ts'

/**
 * Returns the largest of the last `n` values (backtrader: Highest, MaxN).
 *
 * @throws LobtraderError BAD_PARAMETER unless `n` is a whole number, 1 or more
 */
export function highest(line: Line, n: number): Line {
  assertPeriod('highest', n)
  return foldLine(`highest(${line.name}, ${n})`, line, n - 1, new RollingMax(n))
}

/**
 * The whole column of {@link highest}: NaN for the first n - 1 values and around holes.
 *
 * @param values shape [rows]
 * @param out    shape [rows]; may be `values` itself
 */
export function highestBatch(values: Float64Array, n: number, out?: Float64Array): Float64Array {
  assertPeriod('highest', n)
  return foldBatch(values, new RollingMax(n), out)
}

/**
 * Returns the smallest of the last `n` values (backtrader: Lowest, MinN).
 *
 * @throws LobtraderError BAD_PARAMETER unless `n` is a whole number, 1 or more
 */
export function lowest(line: Line, n: number): Line {
  assertPeriod('lowest', n)
  return foldLine(`lowest(${line.name}, ${n})`, line, n - 1, new RollingMin(n))
}

/**
 * The whole column of {@link lowest}: NaN for the first n - 1 values and around holes.
 *
 * @param values shape [rows]
 * @param out    shape [rows]; may be `values` itself
 */
export function lowestBatch(values: Float64Array, n: number, out?: Float64Array): Float64Array {
  assertPeriod('lowest', n)
  return foldBatch(values, new RollingMin(n), out)
}
