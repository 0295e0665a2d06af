/** The account of a strategy as it sees it. */
import type { Position } from '../order/index.ts'

/** A position, and the price at which it is valued. */
export interface Holding {
  readonly position: Position
  mark(): number
}

/** Cash and value of the account in the settlement currency, which all its positions share. */
export class Broker {
  readonly startingCash: number
  readonly #holdings: readonly Holding[]

  constructor(startingCash: number, holdings: readonly Holding[]) {
    this.startingCash = startingCash
    this.#holdings = holdings
  }

  /** Cash after fills and fees. */
  get cash(): number {
    return this.startingCash + this.cashFlow - this.fees
  }

  /** Cash plus the value of the open positions at their marks. */
  get value(): number {
    return this.cash + this.positionValue
  }

  /** What fills paid in (+) and out (-), fees apart. */
  get cashFlow(): number {
    let sum = 0
    for (const { position } of this.#holdings) sum += position.cashFlow
    return sum
  }

  /** Fees paid (negative: rebates received). */
  get fees(): number {
    let sum = 0
    for (const { position } of this.#holdings) sum += position.fees
    return sum
  }

  /** Value of the open positions at their marks. */
  get positionValue(): number {
    let sum = 0
    for (const holding of this.#holdings) sum += holding.position.valueAt(holding.mark())
    return sum
  }

  getCash(): number {
    return this.cash
  }

  getValue(): number {
    return this.value
  }
}
