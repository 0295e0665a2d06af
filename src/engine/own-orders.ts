/** The orders of one strategy, found among those of the exchanges at which it trades. */
import { objectList, type PagedList } from '../core/index.ts'
import type { Order } from '../order/index.ts'

/**
 * The exchanges' lists are the only ones that hold each order for good: another one here would be
 * followed by the collector as often.
 */
export class OwnOrders {
  readonly #rank: number
  readonly #lists: readonly PagedList<Order>[]
  /** By list: up to where it was searched. */
  readonly #searched: number[]
  readonly #all: Order[] = objectList()
  #count = 0

  /**
   * @param rank of the strategy: {@link Order.owner}
   * @param lists the orders of all strategies, by exchange
   */
  constructor(rank: number, lists: readonly PagedList<Order>[]) {
    this.#rank = rank
    this.#lists = lists
    this.#searched = lists.map(() => 0)
  }

  /** Returns the id of the next order, 1, 2, ... in order of submission. */
  nextId(): number {
    return ++this.#count
  }

  /** In order of submission; the same array at each call, brought up to now. */
  all(): readonly Order[] {
    const found: Order[] = []
    for (const [at, list] of this.#lists.entries()) {
      for (let index = this.#searched[at]!; index < list.length; index++) {
        const order = list.at(index)!
        if (order.owner === this.#rank) found.push(order)
      }
      this.#searched[at] = list.length
    }
    if (this.#lists.length > 1) found.sort((a, b) => a.id - b.id)
    for (const order of found) this.#all.push(order)
    return this.#all
  }
}
