/** Confidence intervals of shares and of means. */
import { assert } from './errors.ts'
import { exactSum } from './exact-sum.ts'
import { normalQuantile } from './normal-quantile.ts'
import { Prng } from './prng.ts'

/** The two ends of an interval. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * Returns the interval of a share: Wilson (1927), "Probable Inference, the Law of Succession, and
 * Statistical Inference", Journal of the American Statistical Association 22(158).
 *
 * @param hits       how many of `count` have the property, 0 <= hits <= count
 * @param confidence probability that the interval holds the share, default 0.95
 * @returns 0 and 1 where there is nothing to count
 */
export function wilsonInterval(hits: number, count: number, confidence = 0.95): Interval {
  assert(hits >= 0 && hits <= count, '0 <= hits <= count')
  if (count === 0) return { low: 0, high: 1 }
  const z = normalQuantile((1 + confidence) / 2)
  const share = hits / count
  const centre = share + (z * z) / (2 * count)
  const width = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count))
  const scale = 1 + (z * z) / count
  return {
    low: hits === 0 ? 0 : (centre - width) / scale,
    high: hits === count ? 1 : (centre + width) / scale,
  }
}

/** Resamples of a bootstrap: the ends of a 95 % interval are the 25th from each side. */
const RESAMPLES = 1000

/**
 * Returns the interval of a mean by the percentile bootstrap: Efron (1979), "Bootstrap Methods:
 * Another Look at the Jackknife", The Annals of Statistics 7(1).
 *
 * @param seed       decides the resamples
 * @param confidence probability that the interval holds the mean, default 0.95
 * @returns NaN twice without values
 * @cost O(1000 n)
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  seed: number,
  confidence = 0.95,
): Interval {
  const { length } = values
  if (length === 0) return { low: Number.NaN, high: Number.NaN }
  // Sums of what lies around the mean: those of values that are all alike are exactly 0.
  const mean = exactSum(Array.from(values)) / length
  const prng = Prng.keyed([seed, length])
  const means = new Float64Array(RESAMPLES)
  for (let sample = 0; sample < RESAMPLES; sample++) {
    let sum = 0
    for (let i = 0; i < length; i++) sum += values[prng.nextInt(length)]! - mean
    means[sample] = mean + sum / length
  }
  return percentiles(means.sort(), confidence)
}

/** Returns the ends between which `confidence` of the ascending values lie. */
export function percentiles(ascending: Float64Array, confidence = 0.95): Interval {
  const outside = Math.floor(((1 - confidence) / 2) * ascending.length)
  return { low: ascending[outside]!, high: ascending[ascending.length - 1 - outside]! }
}
