/** The grid of the bench jobs: ten post-only orders on each side, one every other tick from the touch. */
import type { Data, Order, Strategy } from 'lobtrader'

const LEVELS = 10
/** Slots of one side's orders by even tick; more than the levels, a power of two. */
const SLOTS = 16

/** Our working orders of one side, by price. */
class SideOrders {
  readonly ticks = new Int32Array(SLOTS)
  readonly orders = new Array<Order | undefined>(SLOTS).fill(undefined)
}

/** Keeps the grid of one strategy on one instrument. */
export class GridQuotes {
  readonly #strategy: Strategy
  readonly #data: Data
  readonly #size: number
  readonly #maxPosition: number
  readonly #bids = new SideOrders()
  readonly #asks = new SideOrders()

  constructor(
    strategy: Strategy,
    data: Data,
    { size, maxPosition }: { readonly size: number; readonly maxPosition: number },
  ) {
    this.#strategy = strategy
    this.#data = data
    this.#size = size
    this.#maxPosition = maxPosition
  }

  /** Cancels what stands too far from the touch, and sends what is missing. */
  requote(): void {
    const { bestBidTicks, bestAskTicks } = this.#strategy.bookOf(this.#data)
    const position = this.#strategy.positionOf(this.#data).size
    // Prices on even ticks, so that a touch that moves by one tick leaves most orders in place.
    this.#quote(this.#bids, 1, bestBidTicks & ~1, position < this.#maxPosition)
    this.#quote(this.#asks, -1, (bestAskTicks + 1) & ~1, position > -this.#maxPosition)
  }

  #quote({ ticks, orders }: SideOrders, side: 1 | -1, first: number, mayAdd: boolean): void {
    const strategy = this.#strategy
    const last = first - side * 2 * (LEVELS - 1)
    for (let slot = 0; slot < SLOTS; slot++) {
      const order = orders[slot]
      if (order === undefined) continue
      const tick = ticks[slot]!
      const isWanted = mayAdd && side * (first - tick) >= 0 && side * (tick - last) >= 0
      if (isWanted && order.isOpen) continue
      if (order.isOpen) strategy.cancel(order)
      orders[slot] = undefined
    }
    if (!mayAdd) return
    const data = this.#data
    const size = this.#size
    for (let level = 0; level < LEVELS; level++) {
      const tick = first - side * 2 * level
      const slot = (tick >> 1) & (SLOTS - 1)
      if (orders[slot] !== undefined) continue
      const terms = { data, price: data.instrument.price(tick), size, tif: 'GTX' } as const
      orders[slot] = side > 0 ? strategy.buy(terms) : strategy.sell(terms)
      ticks[slot] = tick
    }
  }
}
