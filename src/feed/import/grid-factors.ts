/** Exact conversion of a scanned decimal to a grid index, without objects. */
import { POWERS_OF_TEN } from '../../core/index.ts'

/** Most digits of a decimal on the fast path; 2^53 has 16. */
export const DIGITS_MAX = 16

/** Factors that bring a decimal of any scale onto one grid. */
export class GridFactors {
  /** By decimal places: what to multiply a mantissa with, and then to divide it by. */
  readonly multiply = new Float64Array(DIGITS_MAX + 1)
  readonly divide = new Float64Array(DIGITS_MAX + 1)

  constructor(grid: { readonly step: number; readonly scale: number }) {
    for (let scale = 0; scale <= DIGITS_MAX; scale++) {
      const finer = scale > grid.scale
      this.multiply[scale] = finer ? 1 : POWERS_OF_TEN[grid.scale - scale]!
      this.divide[scale] = finer ? POWERS_OF_TEN[scale - grid.scale]! * grid.step : grid.step
    }
  }

  /**
   * Returns the index of `mantissa / 10^scale`, -1 when it lies off the grid or beyond 2^53.
   *
   * @param mantissa an integer, 0 <= mantissa < 2^53
   * @param scale    decimal places, 0 <= scale <= 16
   */
  indexOf(mantissa: number, scale: number): number {
    const scaled = mantissa * this.multiply[scale]!
    if (scaled > Number.MAX_SAFE_INTEGER) return -1
    const divisor = this.divide[scale]!
    const index = scaled / divisor
    return index === Math.floor(index) && index * divisor === scaled ? index : -1
  }
}
