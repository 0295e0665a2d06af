/**
 * An account at a venue: balances by currency, positions, what they and the orders at work bind.
 *
 * A position in a contract moves its settlement currency: realised profit - fees + funding. What is
 * paid for in full (spot and shares without leverage) moves two: the quote pays, the base comes.
 * Either way cash + position value - fees + funding is what the account is worth.
 */
import { ExactSum, LobtraderError } from '../../core/index.ts'
import type { Instrument } from '../../market/index.ts'
import { amountText } from './currency-marks.ts'
import { AccountHolding, type OrderChange } from './holding.ts'
import type { MarginTerms } from './margin-terms.ts'

/**
 * `cross`: all positions that settle in a currency stand on the whole balance of that currency;
 * `isolated`: each position stands on what was set aside for it.
 */
export const MARGIN_MODES = ['cross', 'isolated'] as const

/** One of {@link MARGIN_MODES}. */
export type MarginMode = (typeof MARGIN_MODES)[number]

/** @see module comment */
export class Account {
  readonly mode: MarginMode
  readonly holdings: AccountHolding[] = []
  readonly #start: ReadonlyMap<string, number>

  /**
   * @param balances by currency, at the start
   * @throws LobtraderError NOT_FINITE naming the currency
   */
  constructor(mode: MarginMode, balances: Readonly<Record<string, number>>) {
    for (const [currency, amount] of Object.entries(balances)) {
      if (!Number.isFinite(amount)) {
        throw new LobtraderError(
          'NOT_FINITE',
          `the balance of ${currency} must be a finite number, was ${amount}`,
          { currency },
        )
      }
    }
    this.mode = mode
    this.#start = new Map(Object.entries(balances))
  }

  /**
   * Adds an instrument.
   *
   * @param terms undefined where no margin is asked for: spot and shares are then paid for in full
   * @param mark gives the price at which the venue values a position; NaN while there is none
   */
  open(instrument: Instrument, terms: MarginTerms | undefined, mark: () => number): AccountHolding {
    const holding = new AccountHolding(instrument, terms, mark, this.mode === 'isolated')
    this.holdings.push(holding)
    return holding
  }

  /** The currencies of the account: those that it began with, and those that its trades move. */
  get currencies(): readonly string[] {
    const all = new Set(this.#start.keys())
    for (const { instrument, isPaidInFull } of this.holdings) {
      all.add(instrument.settlement)
      if (isPaidInFull) all.add(instrument.base)
    }
    return [...all]
  }

  /** What the account has of a currency, bound or free. */
  balance(currency: string): number {
    const sum = new ExactSum()
    sum.add(this.#start.get(currency) ?? 0)
    for (const { instrument, position, isPaidInFull } of this.holdings) {
      if (!isPaidInFull) {
        if (instrument.settlement !== currency) continue
        sum.add(position.realized)
        sum.add(-position.fees)
        sum.add(position.funding)
      } else {
        if (instrument.base === currency) sum.add(position.size)
        if (instrument.quote !== currency) continue
        sum.add(position.cashFlow)
        sum.add(-position.fees)
      }
    }
    return sum.value
  }

  /** Profit of the open positions that settle in a currency and are not held in it, at the marks. */
  unrealized(currency: string): number {
    let sum = 0
    for (const holding of this.holdings) {
      if (!holding.isPaidInFull && holding.instrument.settlement === currency) {
        sum += holding.unrealized
      }
    }
    return sum
  }

  /** What positions and orders at work bind of a currency. */
  bound(currency: string): number {
    let sum = 0
    for (const holding of this.holdings) sum += this.#boundBy(holding, currency)
    return sum
  }

  /** What new orders may bind of a currency; below 0 where losses have eaten into what is bound. */
  free(currency: string): number {
    const profit = this.mode === 'cross' ? this.unrealized(currency) : 0
    return this.balance(currency) + profit - this.bound(currency)
  }

  /**
   * Returns why the venue refuses an order, or new terms of one; undefined when it takes it. What
   * binds no more than before is never refused: positions can always be reduced.
   */
  refusal(holding: AccountHolding, change: OrderChange): string | undefined {
    const { instrument, isPaidInFull } = holding
    const isSale = isPaidInFull && change.order.side < 0
    const currency = isSale ? instrument.base : instrument.settlement
    const more = this.#boundBy(holding, currency, change) - this.#boundBy(holding, currency)
    if (!(more > 0)) return undefined
    const free = this.free(currency)
    // Sums of money carry the noise of a few roundings.
    if (more <= free + Math.abs(free) * 1e-12) return undefined
    const what = isPaidInFull ? 'balance' : 'margin'
    const left = amountText(Math.max(0, free), currency)
    return `insufficient ${what}: the order needs ${amountText(more, currency)}, ${left} are free`
  }

  #boundBy(holding: AccountHolding, currency: string, change?: OrderChange): number {
    const { instrument, terms, isPaidInFull } = holding
    if (isPaidInFull) {
      const bought = instrument.quote === currency ? holding.boughtWith(change) : 0
      return bought + (instrument.base === currency ? holding.soldWith(change) : 0)
    }
    if (terms === undefined || instrument.settlement !== currency) return 0
    const withOrders = holding.initialWith(change)
    if (this.mode === 'cross') return withOrders
    return holding.isolatedMargin + Math.max(0, withOrders - holding.positionInitial)
  }
}
