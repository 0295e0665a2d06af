/** How far the market moved against us after our fills. */
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import {
  byHorizon,
  parseHorizons,
  type Horizon,
  type HorizonOptions,
  type HorizonResult,
} from './markout.ts'
import { fillMid } from './mid-prices.ts'

/** Adverse selection by horizon. */
export interface AdverseSelectionResult {
  readonly horizons: readonly HorizonResult[]
}

/**
 * Move of the mid against us: -side x (mid at h - mid at the fill) / fill price, in bps; positive
 * is bad for us. Fill by fill, markout = spread captured - adverse selection.
 */
export class AdverseSelection extends Analyzer<AdverseSelectionResult> {
  static override readonly key = 'adverseSelection'
  readonly #horizons: readonly Horizon[]

  /** @throws LobtraderError BAD_DURATION or BAD_ARGUMENT */
  constructor(options: HorizonOptions = {}) {
    super()
    this.#horizons = parseHorizons(options.horizons)
  }

  analyze(run: RunRecord): AdverseSelectionResult {
    const { side, price } = run.fills
    return {
      horizons: this.#horizons.map((horizon) =>
        byHorizon(
          run,
          horizon,
          (row, mid) => ((-side[row]! * (mid - fillMid(run, row))) / price[row]!) * 1e4,
        ),
      ),
    }
  }
}
