/** Hands what an exchange says of an order to the desk of its owner. */
import type { OrderTable } from '../order/index.ts'
import type { AmendedTerms, ExchangeFill, TriggeredTerms, VenueReports } from '../venue/index.ts'

/** The reports of an exchange at which several strategies trade. */
export class ReportRouter implements VenueReports {
  readonly #orders: OrderTable
  readonly #desks: readonly VenueReports[]

  /**
   * @param orders every order that was sent to the exchange
   * @param desks by owner
   */
  constructor(orders: OrderTable, desks: readonly VenueReports[]) {
    this.#orders = orders
    this.#desks = desks
  }

  accepted(index: number, exchTime: number, queueAheadLots: number): void {
    this.#deskOf(index).accepted(index, exchTime, queueAheadLots)
  }

  filled(index: number, exchTime: number, fill: ExchangeFill): void {
    this.#deskOf(index).filled(index, exchTime, fill)
  }

  cancelled(index: number, exchTime: number, reason?: string): void {
    this.#deskOf(index).cancelled(index, exchTime, reason)
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

  parked(index: number, exchTime: number): void {
    this.#deskOf(index).parked(index, exchTime)
  }

  triggerMoved(index: number, exchTime: number, triggerTicks: number): void {
    this.#deskOf(index).triggerMoved(index, exchTime, triggerTicks)
  }

  triggered(index: number, exchTime: number, terms: TriggeredTerms): void {
    this.#deskOf(index).triggered(index, exchTime, terms)
  }

  #deskOf(index: number): VenueReports {
    return this.#desks[this.#orders.ownerOf(index)]!
  }
}
