/** Hands what an exchange says of an order to the desk of its owner. */
import type { Order } from '../order/index.ts'
import type { AmendedTerms, ExchangeFill, ExchangeReports } from '../venue/index.ts'

/** The reports of an exchange at which several strategies trade. */
export class ReportRouter implements ExchangeReports {
  readonly #orders: readonly Order[]
  readonly #desks: readonly ExchangeReports[]

  /**
   * @param orders every order that was sent to the exchange, by its index there
   * @param desks by owner
   */
  constructor(orders: readonly Order[], desks: readonly ExchangeReports[]) {
    this.#orders = orders
    this.#desks = desks
  }

  accepted(index: number, exchTime: number, queueAheadLots: number): void {
    this.#deskOf(index).accepted(index, exchTime, queueAheadLots)
  }

  filled(index: number, exchTime: number, fill: ExchangeFill): void {
    this.#deskOf(index).filled(index, exchTime, fill)
  }

  cancelled(index: number, exchTime: number): void {
    this.#deskOf(index).cancelled(index, exchTime)
  }

  expired(index: number, exchTime: number, reason: string): void {
    this.#deskOf(index).expired(index, exchTime, reason)
  }

  rejected(index: number, exchTime: number, reason: string): void {
    this.#deskOf(index).rejected(index, exchTime, reason)
  }

  cancelRejected(index: number, exchTime: number, reason: string): void {
    this.#deskOf(index).cancelRejected(index, exchTime, reason)
  }

  amended(index: number, exchTime: number, terms: AmendedTerms): void {
    this.#deskOf(index).amended(index, exchTime, terms)
  }

  amendRejected(index: number, exchTime: number, reason: string): void {
    this.#deskOf(index).amendRejected(index, exchTime, reason)
  }

  #deskOf(index: number): ExchangeReports {
    return this.#desks[this.#orders[index]!.owner]!
  }
}
