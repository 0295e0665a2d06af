/**
 * Decides fills of orders on bars, where nothing but open, high, low and close is known.
 *
 * An order is looked at from the bar after its submission on. A market order fills at that bar's
 * open. A limit buy (sells mirrored) fills at the open when the bar opens at or below the limit,
 * else at the limit when the bar's low reaches it. Fills are whole; volume is not looked at.
 */
import { InvariantError, LobtraderError } from '../core/index.ts'
import type { Side } from '../market/index.ts'

/** An order as it stands at a bar exchange; prices and sizes are decimals. */
export interface BarOrder {
  readonly id: number
  readonly side: Side
  readonly type: 'limit' | 'market'
  /** Limit price in quote units; not looked at for a market order. */
  readonly price: number
  /** Base units or contracts, > 0. */
  readonly size: number
}

/** One bar, prices in quote units. */
export interface BarPrices {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
}

/** Told of a fill: order id, price in quote units, size in base units or contracts. */
export type BarFill = (id: number, price: number, size: number) => void

/** The orders of one instrument that wait for a bar, in order of submission. */
export class BarExchange {
  #orders: BarOrder[] = []
  #isMatching = false

  /** Orders that can still fill. */
  get openCount(): number {
    return this.#orders.length
  }

  /**
   * Takes an order on; the next bar is the first that can fill it.
   *
   * @throws LobtraderError NOT_FINITE for a limit price that is no number, OUT_OF_RANGE for a size
   *   that is not positive and finite, BAD_ARGUMENT for an id that is open already
   */
  submit(order: BarOrder): void {
    const { id, type, price, size } = order
    if (type === 'limit' && !Number.isFinite(price)) {
      throw new LobtraderError('NOT_FINITE', `order ${id} has the limit price ${price}`, {
        id,
        price,
      })
    }
    if (!(size > 0 && size < Number.POSITIVE_INFINITY)) {
      throw new LobtraderError(
        'OUT_OF_RANGE',
        `order ${id} has the size ${size}; expected a finite size above 0`,
        { id, size },
      )
    }
    if (this.#orders.some((open) => open.id === id)) {
      throw new LobtraderError('BAD_ARGUMENT', `order id ${id} is open already`, { id })
    }
    this.#orders.push(order)
  }

  /** Takes an order off; returns false when it is not open (filled, cancelled, or never seen). */
  cancel(id: number): boolean {
    const index = this.#orders.findIndex((open) => open.id === id)
    if (index < 0) return false
    this.#orders = this.#orders.toSpliced(index, 1)
    return true
  }

  /**
   * Tries every open order on one bar, in order of submission. The callback may submit orders, for
   * the next bar, and cancel others, which then do not fill on this one.
   *
   * @throws LobtraderError OUT_OF_RANGE unless low <= open <= high and low <= close <= high
   */
  onBar(bar: BarPrices, fill: BarFill): void {
    const { open, high, low, close } = bar
    if (this.#isMatching) throw new InvariantError('a fill must not bring the next bar')
    if (!(low <= open && open <= high && low <= close && close <= high)) {
      throw new LobtraderError(
        'OUT_OF_RANGE',
        `bar o=${open} h=${high} l=${low} c=${close} does not hold low <= open, close <= high`,
        { open, high, low, close },
      )
    }
    this.#isMatching = true
    try {
      // Taking a filled order off makes a new list: what the callback then submits is not in this
      // one and does not meet this bar.
      const waiting = this.#orders
      for (const order of waiting) {
        const price = fillPrice(order, bar)
        if (Number.isNaN(price) || !this.cancel(order.id)) continue
        fill(order.id, price, order.size)
      }
    } finally {
      this.#isMatching = false
    }
  }
}

/** The price at which a bar fills an order; NaN when it does not. */
function fillPrice(order: BarOrder, { open, high, low }: BarPrices): number {
  if (order.type === 'market') return open
  const { price } = order
  if (order.side > 0) {
    if (open <= price) return open
    return low <= price ? price : Number.NaN
  }
  if (open >= price) return open
  return high >= price ? price : Number.NaN
}
