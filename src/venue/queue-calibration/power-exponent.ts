/** What fits of the exponent of a power queue model have in common. */
import { LobtraderError } from '../../core/index.ts'
import type { ProfileInterval } from './profile-interval.ts'

/** Families that have an exponent. */
export const POWER_FAMILIES = [
  'power-prob',
  'power-prob2',
  'power-prob3',
  'fair-power-prob',
  'fair-power-prob2',
  'fair-power-prob3',
] as const
/** One of {@link POWER_FAMILIES}. */
export type PowerFamily = (typeof POWER_FAMILIES)[number]

/** A fitted exponent. */
export interface ExponentFit {
  readonly family: PowerFamily
  readonly exponent: number
  /** 95 % profile likelihood interval. */
  readonly low: number
  readonly high: number
  /** True when the data allow exponents below `low`, or above `high`, as far as was looked. */
  readonly isOpenBelow: boolean
  readonly isOpenAbove: boolean
  readonly logLikelihood: number
  /** Observations behind the fit. */
  readonly observations: number
}

const WIDEST: readonly [number, number] = [0.05, 50]

/** Puts what the search found into words. */
export function exponentFit(
  family: PowerFamily,
  { best, low, high, isOpenBelow, isOpenAbove, logLikelihood }: ProfileInterval,
  observations: number,
): ExponentFit {
  return {
    family,
    exponent: Math.exp(best),
    low: Math.exp(low),
    high: Math.exp(high),
    isOpenBelow,
    isOpenAbove,
    logLikelihood,
    observations,
  }
}

/**
 * Returns the logarithms of the bounds of an exponent.
 *
 * @throws LobtraderError BAD_ARGUMENT when they are none
 */
export function searchBounds(
  bounds: readonly [number, number] = WIDEST,
): readonly [number, number] {
  const [from, to] = bounds
  if (!(from > 0 && to > from && Number.isFinite(to))) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `bounds of the exponent must be two numbers, 0 < from < to, were ${from} and ${to}`,
      { value: `${from},${to}` },
    )
  }
  return [Math.log(from), Math.log(to)]
}

/** @throws LobtraderError TOO_FEW_ROWS when nothing tells anything of the exponent */
export function requireSome(told: number, all: number): void {
  if (told > 0) return
  throw new LobtraderError(
    'TOO_FEW_ROWS',
    `none of the ${all} observations tells anything of the exponent; needed are orders at whose price something traded while they rested`,
    { rows: all },
  )
}
