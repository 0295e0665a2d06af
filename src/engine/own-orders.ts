/** The orders of one strategy, found among those of the exchanges at which it trades. */
import { objectList } from '../core/index.ts'
import type { Order, OrderTable } from '../order/index.ts'

/** They are looked for only when they are asked for. */
export class OwnOrders implements Iterable<Order> {
  readonly #rank: number = 0
  readonly #tables: readonly OrderTable[]
  readonly #all: Order[] = objectList()
  /** By table: up to where it was searched for those. */
  readonly #searched: number[]
  #count = 0

  /**
   * @param rank of the strategy: {@link Order.owner}
   * @param tables the orders of all strategies, by exchange
   */
  constructor(rank: number, tables: readonly OrderTable[]) {
    this.#rank = rank
    this.#tables = tables
    this.#searched = tables.map(() => 0)
  }

  /** Orders that were made so far. */
  get count(): number {
    return this.#count
  }

  /** Returns the id of the next order, 1, 2, ... in order of submission. */
  nextId(): number {
    return ++this.#count
  }

  /**
   * In order of submission; the same array at each call, brought up to now.
   *
   * An order that was over before the first call is given by another handle than the one its sender
   * had; from then on each order has one and the same.
   */
  all(): readonly Order[] {
    for (const table of this.#tables) table.keepAll()
    const found = this.#since(this.#all.length, this.#searched)
    for (const order of found) this.#all.push(order)
    for (const [at, table] of this.#tables.entries()) this.#searched[at] = table.length
    return this.#all
  }

  /** In order of submission, by handles that nobody need keep. */
  [Symbol.iterator](): IterableIterator<Order> {
    return this.#since(
      0,
      this.#tables.map(() => 0),
    )
  }

  /** Those after the first `known`, all of which stand before `begins` in their tables. */
  *#since(known: number, begins: readonly number[]): IterableIterator<Order> {
    const count = this.#count - known
    if (count === 0) return
    // Where each stands, by id: the tables have them in order of submission each, not together.
    const tableOf = new Int32Array(count)
    const indexOf = new Int32Array(count)
    for (const [at, table] of this.#tables.entries()) {
      for (let index = begins[at]!; index < table.length; index++) {
        if (table.ownerOf(index) !== this.#rank) continue
        const place = table.idOf(index) - 1 - known
        tableOf[place] = at
        indexOf[place] = index
      }
    }
    for (let place = 0; place < count; place++) {
      yield this.#tables[tableOf[place]!]!.at(indexOf[place]!)
    }
  }
}
