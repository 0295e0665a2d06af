/** Ratios of sampled PnL changes: what Sharpe and Sortino share. */
import type { Duration } from '../../time/index.ts'
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { equityChanges, samplingNs } from './equity-changes.ts'
import { mean } from './statistics.ts'

/** Options of ratios over sampled PnL. */
export interface SampledRatioOptions {
  /** Length of a step, default `'1s'`. */
  readonly every?: Duration
}

/** A ratio over sampled PnL, and how it was sampled and annualised. */
export interface SampledRatio {
  /** Annualised; null with fewer than two steps or without dispersion. */
  readonly value: number | null
  /** Steps used. */
  readonly count: number
  readonly everyNs: number
  /** Factor by which the ratio per step was multiplied: sqrt(365 x 86,400 s / step). */
  readonly annualisation: number
  /** Mean change a step, settlement currency. */
  readonly mean: number | null
  /** Standard deviation (Sharpe) or downside deviation (Sortino) a step, settlement currency. */
  readonly deviation: number | null
}

/** Mean change over a deviation that the ratio chooses, annualised. */
export abstract class SampledRatioAnalyzer extends Analyzer<SampledRatio> {
  override readonly sampleEveryNs: number

  /** @throws LobtraderError BAD_DURATION or BAD_ARGUMENT */
  constructor(options: SampledRatioOptions = {}) {
    super()
    this.sampleEveryNs = samplingNs(options.every)
  }

  analyze(run: RunRecord): SampledRatio {
    const { changes, everyNs, annualisation, noise } = equityChanges(run, this.sampleEveryNs)
    const average = mean(changes)
    const deviation = this.deviationOf(changes)
    const value =
      average === null || deviation === null || deviation <= noise
        ? null
        : (average / deviation) * annualisation
    return { value, count: changes.length, everyNs, annualisation, mean: average, deviation }
  }

  /** Returns the deviation of a step's change; null with fewer than two steps. */
  protected abstract deviationOf(changes: Float64Array): number | null
}
