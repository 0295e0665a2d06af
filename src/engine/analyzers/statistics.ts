/** Small descriptive statistics that analyzers share. */
import { assert, exactSum } from '../../core/index.ts'

/** Returns the mean; null without values. */
export function mean(values: ArrayLike<number>): number | null {
  return values.length === 0 ? null : exactSum(Array.from(values)) / values.length
}

/** Returns the sample standard deviation (divisor n - 1); null below two values. */
export function standardDeviation(values: ArrayLike<number>): number | null {
  const center = mean(values)
  if (center === null || values.length < 2) return null
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (values[i]! - center) ** 2
  return Math.sqrt(squares / (values.length - 1))
}

/**
 * Returns a quantile of ascending values, interpolated linearly between order statistics
 * (Hyndman & Fan 1996, type 7).
 *
 * @param q 0 <= q <= 1
 */
export function quantile(ascending: ArrayLike<number>, q: number): number | null {
  assert(q >= 0 && q <= 1, '0 <= q <= 1')
  if (ascending.length === 0) return null
  const place = (ascending.length - 1) * q
  const below = Math.floor(place)
  const low = ascending[below]!
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!
  return low + (high - low) * (place - below)
}

/** Returns `a / b`, or null when that is not a finite number. */
export function ratio(a: number, b: number): number | null {
  return finiteOrNull(a / b)
}

/** Returns `value`, or null when it is NaN or infinite. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
