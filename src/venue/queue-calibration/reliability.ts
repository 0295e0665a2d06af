/** Whether what is foretold at 30 % happens in 30 of 100 cases. */
import { LobtraderError, wilsonInterval } from '../../core/index.ts'

/** A probability that was given, and whether it came to pass. */
export interface Forecast {
  readonly probability: number
  readonly hasHappened: boolean
}

/** Forecasts of about the same probability. */
export interface ReliabilityBin {
  /** Probabilities from `from` up to, but for the last bin not at, `to`. */
  readonly from: number
  readonly to: number
  readonly count: number
  /** Mean of the probabilities; NaN in an empty bin, as are all below. */
  readonly foretold: number
  /** Share of those that happened, with its 95 % Wilson interval. */
  readonly happened: number
  readonly low: number
  readonly high: number
}

/** Scores and bins of some forecasts. */
export interface Reliability {
  readonly count: number
  /** Mean of (probability - outcome)^2: 0 is perfect, always saying the base rate gives its variance. */
  readonly brier: number
  readonly bins: readonly ReliabilityBin[]
}

/**
 * Sorts forecasts into bins of equal width and compares each with what happened.
 *
 * @param bins how many, default 10
 * @throws LobtraderError OUT_OF_RANGE when a probability is not within 0 and 1
 * @source Brier (1950), "Verification of Forecasts Expressed in Terms of Probability"; Wilson (1927),
 *   "Probable Inference, the Law of Succession, and Statistical Inference"
 */
export function reliability(forecasts: readonly Forecast[], bins = 10): Reliability {
  const counts = new Float64Array(bins)
  const sums = new Float64Array(bins)
  const hits = new Float64Array(bins)
  let squares = 0
  for (const { probability, hasHappened } of forecasts) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new LobtraderError(
        'OUT_OF_RANGE',
        `a forecast must be a probability from 0 to 1, was ${probability}`,
        { value: String(probability) },
      )
    }
    const bin = Math.min(bins - 1, Math.floor(probability * bins))
    counts[bin]!++
    sums[bin]! += probability
    if (hasHappened) hits[bin]!++
    squares += (probability - (hasHappened ? 1 : 0)) ** 2
  }
  return {
    count: forecasts.length,
    brier: squares / forecasts.length,
    bins: Array.from({ length: bins }, (_, i) => ({
      from: i / bins,
      to: (i + 1) / bins,
      count: counts[i]!,
      foretold: sums[i]! / counts[i]!,
      happened: hits[i]! / counts[i]!,
      ...wilsonInterval(hits[i]!, counts[i]!),
    })),
  }
}
