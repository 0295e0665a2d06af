/** Sortino ratio of PnL changes. */
import { SampledRatioAnalyzer } from './sampled-ratio.ts'
import { mean } from './statistics.ts'

/**
 * Mean over downside deviation of PnL changes, annualised; the target is 0.
 *
 * @source Sortino & Price (1994), "Performance Measurement in a Downside Risk Framework": the
 *   downside deviation is the root of the mean of squared shortfalls over all steps
 */
export class SortinoRatio extends SampledRatioAnalyzer {
  static override readonly key = 'sortino'

  protected override deviationOf(changes: Float64Array): number | null {
    const variance =
      changes.length < 2 ? null : mean(changes.map((change) => Math.min(change, 0) ** 2))
    return variance === null ? null : Math.sqrt(variance)
  }
}
