/** What a venue asks for to open a position in an instrument, and to keep it. */
import { LobtraderError } from '../../core/index.ts'
import type { Instrument } from '../../market/index.ts'
import { LeverageBrackets, type LeverageBracket } from './leverage-brackets.ts'

/** Margin of one instrument; what is left out comes from its description, see {@link MarginTerms}. */
export interface MarginOptions {
  /** Value of a position for 1 of initial margin. */
  readonly leverage?: number
  /** Maintenance margin as a share of the value, or in brackets. */
  readonly maintenance?: number | readonly LeverageBracket[]
  /** Amounts in the settlement currency for 1 of size, as futures exchanges state them. */
  readonly initialPerUnit?: number
  readonly maintenancePerUnit?: number
}

/**
 * The margin of one instrument.
 *
 * Initial margin: an amount per contract where given; else value / leverage, where the leverage is
 * the one asked for (default: what the instrument's `initialMargin` allows, else 1), cut to that of
 * the bracket. Maintenance: per contract; else by brackets or a rate (default: the instrument's
 * `maintenanceMargin`, else half the initial margin).
 */
export class MarginTerms {
  readonly leverage: number
  readonly #initialPerUnit: number | undefined
  readonly #maintenancePerUnit: number | undefined
  readonly #brackets: LeverageBrackets

  /** @throws LobtraderError BAD_ARGUMENT naming the instrument, the field and what was expected */
  constructor(instrument: Instrument, options: MarginOptions = {}) {
    const { symbol, spec } = instrument
    const { maintenance, initialPerUnit, maintenancePerUnit } = options
    const allowed = spec.initialMargin === undefined ? undefined : 1 / Number(spec.initialMargin)
    this.leverage = options.leverage ?? allowed ?? 1
    if (!(this.leverage >= 1 && this.leverage <= 1000)) {
      throw badTerms(symbol, `leverage must lie between 1 and 1000, was ${this.leverage}`)
    }
    if (allowed !== undefined && this.leverage > allowed * (1 + 1e-12)) {
      throw badTerms(
        symbol,
        `leverage ${this.leverage} is more than its initialMargin ${spec.initialMargin} allows (${allowed})`,
      )
    }
    for (const [name, amount] of Object.entries({ initialPerUnit, maintenancePerUnit })) {
      if (amount !== undefined && !(Number.isFinite(amount) && amount > 0)) {
        throw badTerms(symbol, `${name} must be a number above 0, was ${amount}`)
      }
    }
    if (initialPerUnit !== undefined && (maintenancePerUnit ?? 0) > initialPerUnit) {
      throw badTerms(symbol, 'maintenancePerUnit must not be more than initialPerUnit')
    }
    this.#initialPerUnit = initialPerUnit
    this.#maintenancePerUnit = maintenancePerUnit
    const rate =
      spec.maintenanceMargin === undefined ? 0.5 / this.leverage : Number(spec.maintenanceMargin)
    this.#brackets =
      typeof maintenance === 'object'
        ? new LeverageBrackets(maintenance)
        : LeverageBrackets.flat(maintenance ?? rate)
  }

  /** Initial margin of `size` (>= 0) worth `value`. */
  initial(size: number, value: number): number {
    if (this.#initialPerUnit !== undefined) return size * this.#initialPerUnit
    return value / Math.min(this.leverage, this.#brackets.maxLeverage(value))
  }

  /** Maintenance margin of a position of `size` (>= 0) worth `value`. */
  maintenance(size: number, value: number): number {
    if (this.#maintenancePerUnit !== undefined) return size * this.#maintenancePerUnit
    if (this.#initialPerUnit !== undefined) return (size * this.#initialPerUnit) / 2
    return this.#brackets.maintenance(value)
  }

  /** A bound on how fast maintenance grows with the value, up to `value`. */
  maintenanceSlope(value: number): number {
    return this.#initialPerUnit !== undefined || this.#maintenancePerUnit !== undefined
      ? 0
      : this.#brackets.rateAt(value)
  }
}

function badTerms(symbol: string, rule: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', `margin of ${symbol}: ${rule}`, { symbol })
}
