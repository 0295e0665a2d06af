/** Maintenance margin in brackets: the larger a position, the larger the share it must keep. */
import { LobtraderError } from '../../core/index.ts'

/** The rules for the part of a position's value from `from` up to the next bracket. */
export interface LeverageBracket {
  /** Value of the position, in the settlement currency, from which on this holds. */
  readonly from: number
  /** Maintenance margin as a share of that part. */
  readonly maintenanceRate: number
  /** Most leverage of a position whose value lies in this bracket; default none. */
  readonly maxLeverage?: number
}

/**
 * Brackets as in a table of taxes: each rate holds for the part of the value in its bracket.
 *
 * maintenance(value) = value x rate - amount, with amount(n) = amount(n - 1) + from(n) x (rate(n) -
 * rate(n - 1)). Binance, "Leverage and Margin of USDⓈ-M Futures": "Maintenance Margin = Notional
 * Position Value x Maintenance Margin Rate - Maintenance Amount".
 */
export class LeverageBrackets {
  readonly #brackets: readonly LeverageBracket[]
  readonly #amounts: number[] = []

  /** @throws LobtraderError BAD_ARGUMENT naming the bracket, its field and what was expected */
  constructor(brackets: readonly LeverageBracket[]) {
    if (brackets.length === 0) throw badBracket('there must be at least one', {})
    for (const [i, { from, maintenanceRate, maxLeverage = 1 }] of brackets.entries()) {
      const before = brackets[i - 1]
      const isLater = before === undefined ? from === 0 : from > before.from
      if (!isLater) {
        const rule = before === undefined ? 'begin at 0' : `begin above ${before.from}`
        throw badBracket(`bracket ${i + 1} must ${rule}, was ${from}`, { from })
      }
      const least = before?.maintenanceRate ?? 0
      if (!(maintenanceRate >= least && maintenanceRate <= 1)) {
        throw badBracket(
          `the maintenance rate of bracket ${i + 1} must lie between ${least} and 1, was ${maintenanceRate}`,
          { maintenanceRate },
        )
      }
      if (!(maxLeverage >= 1)) {
        throw badBracket(`the leverage of bracket ${i + 1} must be 1 or more, was ${maxLeverage}`, {
          maxLeverage,
        })
      }
      this.#amounts.push((this.#amounts[i - 1] ?? 0) + from * (maintenanceRate - least))
    }
    this.#brackets = brackets
  }

  /** One rate whatever the size. */
  static flat(maintenanceRate: number): LeverageBrackets {
    return new LeverageBrackets([{ from: 0, maintenanceRate }])
  }

  /** Maintenance margin of a position worth `value` (>= 0). */
  maintenance(value: number): number {
    const i = this.#indexOf(value)
    return value * this.#brackets[i]!.maintenanceRate - this.#amounts[i]!
  }

  /** The largest rate that holds for any part of `value`: how fast maintenance grows there. */
  rateAt(value: number): number {
    return this.#brackets[this.#indexOf(value)]!.maintenanceRate
  }

  /** Most leverage of a position worth `value`; Infinity where there is no limit. */
  maxLeverage(value: number): number {
    return this.#brackets[this.#indexOf(value)]!.maxLeverage ?? Number.POSITIVE_INFINITY
  }

  #indexOf(value: number): number {
    let i = this.#brackets.length - 1
    while (i > 0 && this.#brackets[i]!.from > value) i--
    return i
  }
}

function badBracket(rule: string, context: Readonly<Record<string, number>>): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', `leverage brackets: ${rule}`, context)
}
