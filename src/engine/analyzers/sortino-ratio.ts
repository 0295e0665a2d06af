/** Sortino ratio of PnL changes. */
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { equityChanges, samplingNs } from './equity-changes.ts'
import type { SampledRatio, SampledRatioOptions } from './sharpe-ratio.ts'
import { mean } from './statistics.ts'

/**
 * Mean over downside deviation of PnL changes, annualised; the target is 0.
 *
 * @source Sortino & Price (1994), "Performance Measurement in a Downside Risk Framework": the
 *   downside deviation is the root of the mean of squared shortfalls over all steps
 */
export class SortinoRatio extends Analyzer<SampledRatio> {
  static override readonly key = 'sortino'
  override readonly sampleEveryNs: number

  /** @throws LobtraderError BAD_DURATION or BAD_ARGUMENT */
  constructor(options: SampledRatioOptions = {}) {
    super()
    this.sampleEveryNs = samplingNs(options.every)
  }

  analyze(run: RunRecord): SampledRatio {
    const { changes, everyNs, annualisation, noise } = equityChanges(run, this.sampleEveryNs)
    const average = mean(changes)
    const shortfalls = changes.map((change) => Math.min(change, 0) ** 2)
    const variance = changes.length < 2 ? null : mean(shortfalls)
    const deviation = variance === null ? null : Math.sqrt(variance)
    const value =
      average === null || deviation === null || deviation <= noise
        ? null
        : (average / deviation) * annualisation
    return { value, count: changes.length, everyNs, annualisation, mean: average, deviation }
  }
}
