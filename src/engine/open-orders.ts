/** Orders that may still trade, the oldest first. */
import { objectList } from '../core/index.ts'
import type { Order } from '../order/index.ts'

/**
 * Orders of one desk in order of submission.
 *
 * A dense array: orders come in ascending ids, so that one is found by halving, and unlike a set it
 * leaves nothing behind for the collector.
 */
export class OpenOrders implements Iterable<Order> {
  readonly #orders: Order[] = objectList()

  get size(): number {
    return this.#orders.length
  }

  /** Adds an order that is newer than all before. */
  add(order: Order): void {
    this.#orders.push(order)
  }

  /** Removes an order; nothing happens when it is not here. */
  delete(order: Order): void {
    const orders = this.#orders
    const { id } = order
    let low = 0
    let high = orders.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (orders[middle]!.id < id) low = middle + 1
      else high = middle
    }
    if (orders[low] !== order) return
    for (let i = low + 1; i < orders.length; i++) orders[i - 1] = orders[i]!
    orders.pop()
  }

  [Symbol.iterator](): IterableIterator<Order> {
    return this.#orders.values()
  }
}
