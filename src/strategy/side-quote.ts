/** One side of a two-sided quote: keeps at most one order working and replaces it when it must. */
import type { Side } from '../market/index.ts'
import type { Order } from '../order/index.ts'

/** What a {@link SideQuote} needs done. */
export interface QuoteActions {
  /** Sends a post-only order at a price in data ticks. */
  place(side: Side, priceTicks: number): Order
  cancel(order: Order): void
}

/**
 * The quote of one side. An order at the wrong price is cancelled at once, and its successor sent in
 * the same breath, so that the side is never without a quote for a round trip; but no more than one
 * order may be on its way out then, so that two are the most that can be filled.
 */
export class SideQuote {
  readonly side: Side
  readonly #actions: QuoteActions
  #working: Order | undefined
  /** Orders before it whose cancellation is not known yet. */
  readonly #leaving: Order[] = []

  constructor(side: Side, actions: QuoteActions) {
    this.side = side
    this.#actions = actions
  }

  /** The order that is meant to stand, if any. */
  get working(): Order | undefined {
    return this.#working
  }

  /** Lots that may still be filled on this side, those of cancelled orders on their way out too. */
  get openLots(): number {
    let lots = 0
    for (const order of this.#leaving) lots += order.sizeLots - order.filledLots
    if (this.#working !== undefined) lots += this.#working.sizeLots - this.#working.filledLots
    return lots
  }

  /**
   * Cancels the order that stands, unless it stands at this price. Both sides retire before either
   * places, or a new bid could meet the maker's own old ask.
   *
   * @param priceTicks data ticks; undefined for no quote
   */
  retire(priceTicks: number | undefined): void {
    for (let i = this.#leaving.length - 1; i >= 0; i--) {
      if (this.#leaving[i]!.isDone) this.#leaving.splice(i, 1)
    }
    const working = this.#working
    if (working === undefined || (working.isOpen && working.priceTicks === priceTicks)) return
    // Filled, rejected, expired post-only: whatever ended it, the place is free.
    if (working.isOpen) {
      this.#actions.cancel(working)
      this.#leaving.push(working)
    }
    this.#working = undefined
  }

  /**
   * Sends an order unless one stands.
   *
   * @param priceTicks data ticks; undefined for no quote
   * @param lots lots of the order
   * @param roomLots lots that this side may still fill, orders on their way out included
   */
  place(priceTicks: number | undefined, lots: number, roomLots: number): void {
    if (priceTicks === undefined || this.#working !== undefined || this.#leaving.length > 1) return
    if (this.openLots + lots <= roomLots) this.#working = this.#actions.place(this.side, priceTicks)
  }
}
