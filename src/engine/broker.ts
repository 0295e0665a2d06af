/** The account of a strategy as it sees it. */
import type { Account, CurrencyMarks, Position } from '../order/index.ts'

/** A position, and the price at which it is valued. */
export interface Holding {
  readonly position: Position
  mark(): number
}

/** What a {@link Broker} knows beside positions. */
export interface BrokerMoney {
  /** In which all is counted. */
  readonly currency: string
  readonly marks: CurrencyMarks
  /** What the account began with in currencies other than its base. */
  readonly others: Readonly<Record<string, number>>
  /** Balances and margin, as far as has been heard; its orders at work are brought up to date. */
  readonly account: () => Account
}

/**
 * Cash and value of the account in its base currency, at the marks of the moment.
 *
 * All of it is what we have heard: what the venue has done since, it knows only later.
 */
export class Broker {
  readonly startingCash: number
  readonly #holdings: readonly Holding[]
  readonly #money: BrokerMoney

  constructor(startingCash: number, holdings: readonly Holding[], money: BrokerMoney) {
    this.startingCash = startingCash
    this.#holdings = holdings
    this.#money = money
  }

  /** Cash after fills, fees and funding. */
  get cash(): number {
    return this.startingCash + this.cashFlow - this.fees + this.funding
  }

  /** Cash, the value of the open positions, and what the account began with in other currencies. */
  get value(): number {
    const { marks, currency, others } = this.#money
    let value = this.cash + this.positionValue
    for (const [each, amount] of Object.entries(others)) {
      value += marks.convert(amount, each, currency)
    }
    return value
  }

  /** What fills paid in (+) and out (-), fees apart. */
  get cashFlow(): number {
    return this.#sum(({ position }) => position.cashFlow)
  }

  /** Fees paid (negative: rebates received). */
  get fees(): number {
    return this.#sum(({ position }) => position.fees)
  }

  /** Funding received (negative: paid). */
  get funding(): number {
    return this.#sum(({ position }) => position.funding)
  }

  /** Value of the open positions at their marks. */
  get positionValue(): number {
    return this.#sum((holding) => holding.position.valueAt(holding.mark()))
  }

  /** What each currency of the account holds, profit of open positions apart. */
  get balances(): Readonly<Record<string, number>> {
    const account = this.#money.account()
    return Object.fromEntries(
      account.currencies.map((currency) => [currency, account.balance(currency)]),
    )
  }

  /** Value of all positions, long or short, for 1 of the account's value; NaN without value. */
  get leverage(): number {
    return this.#sum((holding) => Math.abs(holding.position.valueAt(holding.mark()))) / this.value
  }

  /** What positions and orders at work bind, in the base currency. */
  get margin(): number {
    return this.#ofAccount((account, currency) => account.bound(currency))
  }

  /** What new orders may bind, in the base currency. */
  get free(): number {
    return this.#ofAccount((account, currency) => account.free(currency))
  }

  getCash(): number {
    return this.cash
  }

  getValue(): number {
    return this.value
  }

  /** Adds up what each position has, in the base currency. */
  #sum(of: (holding: Holding) => number): number {
    const { marks, currency } = this.#money
    let sum = 0
    for (const holding of this.#holdings) {
      sum += marks.convert(of(holding), holding.position.instrument.settlement, currency)
    }
    return sum
  }

  #ofAccount(of: (account: Account, currency: string) => number): number {
    const { marks, currency, account } = this.#money
    const held = account()
    let sum = 0
    for (const each of held.currencies) {
      sum += marks.convert(of(held, each), each, currency)
    }
    return sum
  }
}
