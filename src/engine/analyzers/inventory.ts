/** How much was held, and for how long. */
import { LobtraderError } from '../../core/index.ts'
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { finiteOrNull, ratio } from './statistics.ts'

/** Options of {@link Inventory}. */
export interface InventoryOptions {
  /** Position limit in base units or contracts; default: the largest position that was held. */
  readonly limit?: number
}

/**
 * Position over time, weighted by time; sizes in base units or contracts. Over several instruments
 * null: look at each of them.
 */
export interface InventoryResult {
  readonly mean: number | null
  readonly meanAbsolute: number | null
  readonly maxAbsolute: number | null
  readonly end: number | null
  /** The limit that `timeAtLimit` refers to. */
  readonly limit: number | null
  /** Share of time with |position| >= limit; 0 when nothing was ever held. */
  readonly timeAtLimit: number | null
  readonly timeLong: number | null
  readonly timeShort: number | null
  readonly timeFlat: number | null
  /** How often the mean inventory was turned over: traded size / 2 / mean |position|. */
  readonly turnover: number | null
  /** Mean time that a unit was held (Little's law): mean |position| x time / (traded size / 2). */
  readonly meanHoldingNs: number | null
}

/** Follows the position from fill to fill, at the times we learnt of them. */
export class Inventory extends Analyzer<InventoryResult> {
  static override readonly key = 'inventory'
  readonly #limit: number | undefined

  /** @throws LobtraderError BAD_ARGUMENT when the limit is not a positive number */
  constructor(options: InventoryOptions = {}) {
    super()
    const { limit } = options
    if (limit !== undefined && !(limit > 0 && Number.isFinite(limit))) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `option limit must be a positive number, was ${limit}`,
      )
    }
    this.#limit = limit
  }

  analyze(run: RunRecord): InventoryResult {
    if (run.byInstrument.length > 0) return inventoryOfMany(run)
    const { fills, fromTime, toTime } = run
    const maxAbsolute = largestPosition(run)
    const limit = this.#limit ?? maxAbsolute
    let signed = 0
    let absolute = 0
    let traded = 0
    const time = { atLimit: 0, long: 0, short: 0 }
    let now = fromTime
    for (let i = 0; i <= fills.length; i++) {
      const until = i < fills.length ? Math.min(Math.max(fills.localTime[i]!, now), toTime) : toTime
      const position = i === 0 ? 0 : fills.position[i - 1]!
      const span = Math.max(until - now, 0)
      signed += position * span
      absolute += Math.abs(position) * span
      if (limit > 0 && Math.abs(position) >= limit) time.atLimit += span
      if (position > 0) time.long += span
      if (position < 0) time.short += span
      if (i < fills.length) traded += fills.size[i]!
      now = until
    }
    const total = toTime - fromTime
    return {
      mean: ratio(signed, total),
      meanAbsolute: ratio(absolute, total),
      maxAbsolute,
      end: run.totals.position,
      limit,
      timeAtLimit: ratio(time.atLimit, total),
      timeLong: ratio(time.long, total),
      timeShort: ratio(time.short, total),
      timeFlat: finiteOrNull(1 - (time.long + time.short) / total),
      turnover: total > 0 ? ratio(traded / 2, absolute / total) : null,
      meanHoldingNs: traded > 0 ? absolute / (traded / 2) : null,
    }
  }
}

/** Positions in several instruments have an end, where they add up, and no path of their own. */
function inventoryOfMany(run: RunRecord): InventoryResult {
  return {
    mean: null,
    meanAbsolute: null,
    maxAbsolute: null,
    end: finiteOrNull(run.totals.position),
    limit: null,
    timeAtLimit: null,
    timeLong: null,
    timeShort: null,
    timeFlat: null,
    turnover: null,
    meanHoldingNs: null,
  }
}

function largestPosition(run: RunRecord): number {
  let largest = 0
  for (let i = 0; i < run.fills.length; i++) {
    largest = Math.max(largest, Math.abs(run.fills.position[i]!))
  }
  return largest
}
