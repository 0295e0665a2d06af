/** Sharpe ratio of PnL changes. */
import { SampledRatioAnalyzer } from './sampled-ratio.ts'
import { standardDeviation } from './statistics.ts'

/**
 * Mean over sample standard deviation of PnL changes, annualised. Changes are in money, not in
 * returns, and the riskless rate is 0: a market maker has no natural capital.
 */
export class SharpeRatio extends SampledRatioAnalyzer {
  static override readonly key = 'sharpe'

  protected override deviationOf(changes: Float64Array): number | null {
    return standardDeviation(changes)
  }
}
