/** Orders that may still trade, the oldest first. */
import { objectList } from '../core/index.ts'
import type { Order } from '../order/index.ts'

/** Places to begin with. */
const FIRST_PLACES = 16

/**
 * Orders of one desk in order of submission.
 *
 * Orders come in ascending ids, so that one is found by halving. One that goes leaves its place
 * empty until the orders move together: when all places are taken, or somebody goes through them.
 */
export class OpenOrders implements Iterable<Order> {
  readonly #orders: (Order | undefined)[] = objectList()
  /** By place, also of orders that are gone. */
  #ids = new Int32Array(FIRST_PLACES)
  /** Places that are taken, or were since the orders last moved together. */
  #used = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Adds an order that is newer than all before. */
  add(order: Order): void {
    if (this.#used === this.#ids.length) this.#makeRoom()
    this.#ids[this.#used] = order.id
    this.#orders[this.#used++] = order
    this.#size++
  }

  /** Removes an order; nothing happens when it is not here. */
  delete(order: Order): void {
    const ids = this.#ids
    const { id } = order
    let low = 0
    let high = this.#used
    while (low < high) {
      const middle = (low + high) >>> 1
      if (ids[middle]! < id) low = middle + 1
      else high = middle
    }
    if (low === this.#used || this.#orders[low] !== order) return
    this.#orders[low] = undefined
    this.#size--
  }

  /** Not to be gone through while orders come or go. */
  [Symbol.iterator](): IterableIterator<Order> {
    if (this.#size < this.#used) this.#moveTogether()
    // No place is empty now.
    return (this.#orders as Order[]).values()
  }

  /** Moves the orders together, and doubles the places where more than half of them stay taken. */
  #makeRoom(): void {
    this.#moveTogether()
    if (this.#size * 2 <= this.#ids.length) return
    const ids = new Int32Array(this.#ids.length * 2)
    ids.set(this.#ids)
    this.#ids = ids
  }

  #moveTogether(): void {
    const orders = this.#orders
    const ids = this.#ids
    let kept = 0
    for (let place = 0; place < this.#used; place++) {
      const order = orders[place]
      if (order === undefined) continue
      orders[kept] = order
      ids[kept++] = ids[place]!
    }
    orders.length = kept
    this.#used = kept
  }
}
