/** The account of a run as a strategy sees it. */
import type { Position } from '../order/index.ts'

/** Cash and value of the account in the settlement currency. */
export class Broker {
  readonly startingCash: number
  readonly #position: Position
  readonly #mark: () => number

  /** @param mark gives the price at which the open position is valued */
  constructor(startingCash: number, position: Position, mark: () => number) {
    this.startingCash = startingCash
    this.#position = position
    this.#mark = mark
  }

  /** Cash after fills and fees. */
  get cash(): number {
    return this.startingCash + this.#position.cashFlow - this.#position.fees
  }

  /** Cash plus the value of the open position at the mark. */
  get value(): number {
    return this.cash + this.#position.valueAt(this.#mark())
  }

  getCash(): number {
    return this.cash
  }

  getValue(): number {
    return this.value
  }
}
