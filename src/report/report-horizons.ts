/** Markout and adverse selection at the horizons that suit a run. */
import {
  AdverseSelection,
  Markout,
  type HorizonResult,
  type RunAnalyses,
  type RunRecord,
} from '../engine/index.ts'
import type { Duration } from '../time/index.ts'
import { spanText } from './number-text.ts'

const CURVE = ['100ms', '250ms', '500ms', '1s', '2s', '5s', '10s', '30s', '60s'] as const
/** On bars: this many bars. */
const BAR_CURVE = [1, 2, 3, 5, 10, 20]
const BAR_TABLE = [1, 5, 20]

/** Results at the horizons that tables show. */
export interface ReportHorizons {
  readonly markout: readonly HorizonResult[]
  readonly adverseSelection: readonly HorizonResult[]
}

/** Returns the results of the analyzers; on bars, where a second says nothing, at whole bars. */
export function reportHorizons(record: RunRecord, analyses: RunAnalyses): ReportHorizons {
  if (record.source === 'book') {
    return {
      markout: analyses.markout.horizons,
      adverseSelection: analyses.adverseSelection.horizons,
    }
  }
  const horizons = barHorizons(record, BAR_TABLE)
  return {
    markout: new Markout({ horizons }).analyze(record).horizons,
    adverseSelection: new AdverseSelection({ horizons }).analyze(record).horizons,
  }
}

/** Returns the markout curve, labelled for people. */
export function markoutCurve(record: RunRecord): HorizonResult[] {
  const horizons = record.source === 'book' ? CURVE : barHorizons(record, BAR_CURVE)
  return new Markout({ horizons })
    .analyze(record)
    .horizons.map((horizon) => ({ ...horizon, label: spanText(horizon.horizonNs) }))
}

/** Returns the horizon at which single fills are judged, in ns. */
export function fillHorizonNs(record: RunRecord): number {
  return record.source === 'book' ? 5e9 : record.samples.intervalNs
}

function barHorizons(record: RunRecord, bars: readonly number[]): readonly Duration[] {
  return bars.map((count) => count * record.samples.intervalNs)
}
