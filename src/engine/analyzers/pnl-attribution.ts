/** Splits profit into its causes. */
import { ExactSum, exactSum } from '../../core/index.ts'
import { durationNs, type Duration } from '../../time/index.ts'
import type { RunRecord } from '../run-record.ts'
import { Analyzer } from './analyzer.ts'
import { haveCommonCurrency } from './instrument-parts.ts'
import { fillMid, midAt } from './mid-prices.ts'
import { finiteOrNull } from './statistics.ts'

/** Options of {@link PnLAttribution}. */
export interface PnLAttributionOptions {
  /** How long after a fill the move of the mid counts as adverse selection; default `'5s'`. */
  readonly adverseHorizon?: Duration
}

/** Profit by cause in the settlement currency: spread + inventory - fees + funding = total. */
export interface PnLAttributionResult {
  /** Fills against the mid of their moment; null like the three that follow in several currencies. */
  readonly spread: number | null
  /** Moves of the mid while a position was held. */
  readonly inventory: number | null
  /** Part of `inventory`: moves within the horizon after each fill, on its size; mostly < 0. */
  readonly inventoryAfterFills: number | null
  /** Part of `inventory`: the rest. */
  readonly inventoryHeld: number | null
  readonly adverseHorizonNs: number
  /** Paid; negative is a rebate. */
  readonly fees: number
  /** Received; negative: paid; 0 where the run has no funding. */
  readonly funding: number
  readonly total: number
  /** Net profit of the account - total: float noise. */
  readonly residual: number
}

/**
 * Splits net profit at the mid of each fill (see `fillMid`).
 *
 * The position is worth its size times the value of a mid that moves from fill to fill and ends at
 * the mark; what a fill gains against its mid is spread, what the mid does to the position is
 * inventory. The mids cancel out of the sum, so that it equals net profit for any choice of mid.
 */
export class PnLAttribution extends Analyzer<PnLAttributionResult> {
  static override readonly key = 'pnlAttribution'
  readonly #horizonNs: number

  /** @throws LobtraderError BAD_DURATION */
  constructor(options: PnLAttributionOptions = {}) {
    super()
    this.#horizonNs = durationNs(options.adverseHorizon ?? '5s')
  }

  analyze(run: RunRecord): PnLAttributionResult {
    return run.byInstrument.length === 0 ? this.#analyzeOne(run) : this.#analyzeMany(run)
  }

  /** The sum over instruments; none is known of the causes where they settle in several currencies. */
  #analyzeMany(run: RunRecord): PnLAttributionResult {
    const { fees, funding, net } = run.totals
    const parts = run.byInstrument.map((part) => this.#analyzeOne(part))
    const isKnown = haveCommonCurrency(run.instruments)
    const sum = (of: (part: PnLAttributionResult) => number | null): number | null =>
      isKnown ? exactSum(parts.map((part) => of(part)!)) : null
    const spread = sum((part) => part.spread)
    const inventory = sum((part) => part.inventory)
    const total =
      spread === null || inventory === null ? net : exactSum([spread, inventory, -fees, funding])
    return {
      spread,
      inventory,
      inventoryAfterFills: sum((part) => part.inventoryAfterFills),
      inventoryHeld: sum((part) => part.inventoryHeld),
      adverseHorizonNs: this.#horizonNs,
      fees,
      funding,
      total,
      residual: finiteOrNull(net - total) ?? 0,
    }
  }

  #analyzeOne(run: RunRecord): PnLAttributionResult {
    const { fills, instrument, mids, totals } = run
    const spread = new ExactSum()
    const inventory = new ExactSum()
    const afterFills = new ExactSum()
    // Whole lots keep the position exact, so that mids cancel exactly.
    const { lotSize } = instrument
    let position = 0
    let midValue = 0
    for (let i = 0; i < fills.length; i++) {
      const lots = fills.side[i]! * Math.round(fills.size[i]! / lotSize)
      const value = instrument.unitValue(fillMid(run, i))
      if (position !== 0) inventory.add(position * (value - midValue))
      spread.add(lots * (value - instrument.unitValue(fills.price[i]!)))
      const later = Math.min(fills.localTime[i]! + this.#horizonNs, run.toTime)
      const laterMid = midAt(mids, later)
      if (!Number.isNaN(laterMid)) afterFills.add(lots * (instrument.unitValue(laterMid) - value))
      position += lots
      midValue = value
    }
    if (position !== 0) inventory.add(position * (instrument.unitValue(totals.mark) - midValue))
    const money = (lotSum: ExactSum): number => lotSum.value * lotSize
    const { fees, funding } = totals
    const total = exactSum([money(spread), money(inventory), -fees, funding])
    return {
      spread: money(spread),
      inventory: money(inventory),
      inventoryAfterFills: money(afterFills),
      inventoryHeld: money(inventory) - money(afterFills),
      adverseHorizonNs: this.#horizonNs,
      fees,
      funding,
      total,
      residual: finiteOrNull(totals.net - total) ?? 0,
    }
  }
}
