/** The exponent of a power queue model from decreases whose place in the queue was seen. */
import { queueShare } from '../queue-model.ts'
import { exponentFit, requireSome, searchBounds, type ExponentFit } from './power-exponent.ts'
import { profileInterval } from './profile-interval.ts'
import type { QueueFitOptions } from './fit-exponent.ts'

/** One decrease of a level, seen from an order whose place was known. */
export interface QueueSplit {
  /** Lots ahead of the order and behind it, just before. */
  readonly frontLots: number
  readonly backLots: number
  /** True when the lots that went stood ahead. */
  readonly isAhead: boolean
}

/**
 * Fits the exponent to decreases whose place was seen, as market-by-order data show them: each is one
 * trial with chance p of having stood behind. Those from the head and from the tail of a queue, of
 * which every model says the same, are left out.
 *
 * @throws LobtraderError BAD_ARGUMENT when the bounds are none
 * @throws LobtraderError TOO_FEW_ROWS when no decrease tells anything
 */
export function fitExponentToSplits(
  splits: readonly QueueSplit[],
  options: Pick<QueueFitOptions, 'family' | 'bounds'> = {},
): ExponentFit {
  const { family = 'fair-power-prob' } = options
  const [from, to] = searchBounds(options.bounds)
  const told = splits.filter(({ frontLots, backLots }) => frontLots > 0 && backLots > 0)
  requireSome(told.length, splits.length)
  const logLikelihood = (logExponent: number): number => {
    const { behind } = queueShare(`${family}:${Math.exp(logExponent)}`)
    let sum = 0
    for (const { frontLots, backLots, isAhead } of told) {
      const total = frontLots + backLots
      const share = behind(frontLots / total, backLots / total)
      sum += Math.log(Math.max(isAhead ? 1 - share : share, Number.MIN_VALUE))
    }
    return sum
  }
  return exponentFit(family, profileInterval(logLikelihood, { from, to }), told.length)
}
