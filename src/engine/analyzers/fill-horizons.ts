/** Analyzers that look past each fill: what they share. */
import { LobtraderError } from '../../core/index.ts'
import { durationNs, formatDuration, type Duration } from '../../time/index.ts'
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { partOf } from './instrument-parts.ts'
import { midAt } from './mid-prices.ts'
import { mean, quantile, standardDeviation } from './statistics.ts'

/** Options of analyzers that look past each fill. */
export interface HorizonOptions {
  /** Times after the fill, ascending or not; default `['1s', '5s', '30s']`. */
  readonly horizons?: readonly Duration[]
}

/** Distribution of one group of fills at one horizon, in bps. */
export interface HorizonStats {
  readonly count: number
  readonly mean: number | null
  readonly median: number | null
  /** Standard error of the mean; null below two fills. */
  readonly standardError: number | null
}

/** One horizon, all fills and by group. */
export interface HorizonResult {
  /** As it was asked, such as `1s`. */
  readonly label: string
  readonly horizonNs: number
  readonly all: HorizonStats
  readonly buy: HorizonStats
  readonly sell: HorizonStats
  readonly maker: HorizonStats
  readonly taker: HorizonStats
  /** Fills left out because their horizon lies beyond the end of the run. */
  readonly beyondEnd: number
}

/** What an analyzer that looks past each fill found. */
export interface FillHorizonsResult {
  readonly horizons: readonly HorizonResult[]
}

/** A horizon with the text that names it. */
interface Horizon {
  readonly label: string
  readonly ns: number
}

/**
 * Returns horizons in ns.
 *
 * @throws LobtraderError BAD_DURATION, or BAD_ARGUMENT without any
 */
function parseHorizons(horizons: readonly Duration[] = ['1s', '5s', '30s']): Horizon[] {
  if (horizons.length === 0) {
    throw new LobtraderError('BAD_ARGUMENT', 'option horizons needs one duration or more')
  }
  return horizons.map((horizon) => ({
    label: typeof horizon === 'number' ? formatDuration(horizon) : horizon,
    ns: durationNs(horizon),
  }))
}

/**
 * Groups what `measure` says of each fill (bps), given the local mid a horizon after we learnt of
 * the fill.
 */
function byHorizon(
  run: RunRecord,
  horizon: Horizon,
  measure: (row: number, midLater: number) => number,
): HorizonResult {
  const { side, maker, localTime, length, instrument } = run.fills
  const groups = {
    all: [] as number[],
    buy: [] as number[],
    sell: [] as number[],
    maker: [] as number[],
    taker: [] as number[],
  }
  let beyondEnd = 0
  for (let i = 0; i < length; i++) {
    const time = localTime[i]! + horizon.ns
    const mid = time > run.toTime ? Number.NaN : midAt(partOf(run, instrument[i]!).mids, time)
    if (Number.isNaN(mid)) {
      beyondEnd++
      continue
    }
    const value = measure(i, mid)
    groups.all.push(value)
    groups[side[i]! > 0 ? 'buy' : 'sell'].push(value)
    groups[maker[i] === 1 ? 'maker' : 'taker'].push(value)
  }
  return {
    label: horizon.label,
    horizonNs: horizon.ns,
    all: statsOf(groups.all),
    buy: statsOf(groups.buy),
    sell: statsOf(groups.sell),
    maker: statsOf(groups.maker),
    taker: statsOf(groups.taker),
    beyondEnd,
  }
}

function statsOf(values: readonly number[]): HorizonStats {
  const sorted = Float64Array.from(values).sort()
  const deviation = standardDeviation(sorted)
  return {
    count: values.length,
    mean: mean(sorted),
    median: quantile(sorted, 0.5),
    standardError: deviation === null ? null : deviation / Math.sqrt(values.length),
  }
}

/** Measures every fill against the local mid some time after we learnt of it. */
export abstract class FillHorizonsAnalyzer extends Analyzer<FillHorizonsResult> {
  readonly #horizons: readonly Horizon[]

  /** @throws LobtraderError BAD_DURATION or BAD_ARGUMENT */
  constructor(options: HorizonOptions = {}) {
    super()
    this.#horizons = parseHorizons(options.horizons)
  }

  analyze(run: RunRecord): FillHorizonsResult {
    return {
      horizons: this.#horizons.map((horizon) =>
        byHorizon(run, horizon, (row, mid) => this.measure(run, row, mid)),
      ),
    }
  }

  /** Returns the measure of fill `row` in bps, given the mid at the horizon. */
  protected abstract measure(run: RunRecord, row: number, midLater: number): number
}
