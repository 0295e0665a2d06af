/** Converts money between currencies at the marks of a run, or at given rates. */
import { LobtraderError, decimalText } from '../../core/index.ts'
import type { Instrument } from '../../market/index.ts'

/** What one unit of `base` is worth in `quote`, now; NaN while nobody knows. */
interface Rate {
  readonly base: string
  readonly quote: string
  readonly rate: () => number
}

/** One step of a conversion: multiply by the rate, or divide. */
interface Step {
  readonly rate: () => number
  readonly isInverse: boolean
}

/** Spot prices convert; derivatives stand in for them, perpetuals before futures. */
const RANKS = ['spot', 'perpetual', 'future'] as const

/**
 * Conversion by marks: given rates first, then the fewest steps, then spot before perpetuals before
 * futures, then the order in which the marks were added. Nothing is ever taken to be 1.
 */
export class CurrencyMarks {
  readonly #rates: Rate[][] = [[], ...RANKS.map(() => [])]
  readonly #routes = new Map<string, readonly Step[] | undefined>()

  /**
   * @param given fixed rates by pair: `{ 'EUR/USD': 1.08 }`
   * @throws LobtraderError BAD_ARGUMENT when a pair or a rate cannot be read
   */
  constructor(given: Readonly<Record<string, number>> = {}) {
    for (const [pair, rate] of Object.entries(given)) {
      const [base, quote, ...more] = pair.split('/')
      const isPair = base !== undefined && base !== '' && quote !== undefined && quote !== ''
      if (!isPair || more.length > 0 || base === quote) {
        throw new LobtraderError(
          'BAD_ARGUMENT',
          `"${pair}" is not a pair of currencies; expected such as "EUR/USD": 1.08`,
          { value: pair },
        )
      }
      if (!Number.isFinite(rate) || rate <= 0) {
        throw new LobtraderError(
          'BAD_ARGUMENT',
          `the rate of ${pair} must be a number above 0, was ${rate}`,
          { value: String(rate) },
        )
      }
      this.#rates[0]!.push({ base, quote, rate: () => rate })
    }
  }

  /** Adds the mark of an instrument as the price of its base in its quote. */
  add(instrument: Instrument, mark: () => number): void {
    const { kind, base, quote } = instrument
    const rank = RANKS.findIndex((each) => kind.endsWith(each))
    // A share is no currency, and nothing is paid in it.
    if (rank < 0) return
    this.#rates[rank + 1]!.push({ base, quote, rate: mark })
    this.#routes.clear()
  }

  /** @throws LobtraderError BAD_ARGUMENT when nothing converts `from` to `to` */
  check(from: string, to: string): void {
    this.#route(from, to)
  }

  /**
   * Returns `amount` of `from` in `to`; NaN while a mark on the way is unknown, 0 for nothing.
   *
   * @throws LobtraderError BAD_ARGUMENT when nothing converts `from` to `to`
   */
  convert(amount: number, from: string, to: string): number {
    if (from === to || amount === 0) return amount
    let value = amount
    for (const { rate, isInverse } of this.#route(from, to)) {
      value = isInverse ? value / rate() : value * rate()
    }
    return value
  }

  #route(from: string, to: string): readonly Step[] {
    const key = `${from}/${to}`
    if (!this.#routes.has(key)) this.#routes.set(key, this.#search(from, to))
    const route = this.#routes.get(key)
    if (route !== undefined) return route
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `nothing converts ${from} to ${to}: add the data of an instrument of ${from} in ${to}, or give the rate: rates: { '${from}/${to}': ... }`,
      { from, to },
    )
  }

  /** Breadth first, so that the first route found has the fewest steps. */
  #search(from: string, to: string): readonly Step[] | undefined {
    const reached = new Map<string, readonly Step[]>([[from, []]])
    for (const [currency, steps] of reached) {
      if (currency === to) return steps
      for (const { base, quote, rate } of this.#rates.flat()) {
        const isInverse = quote === currency
        if (!isInverse && base !== currency) continue
        const other = isInverse ? base : quote
        if (!reached.has(other)) reached.set(other, [...steps, { rate, isInverse }])
      }
    }
    return undefined
  }
}

/** Returns an amount for a message: at most 8 significant digits, with its currency. */
export function amountText(amount: number, currency: string): string {
  return `${decimalText(Number(amount.toPrecision(8)))} ${currency}`
}
