/** What the exchange knows of every order: whose it is, what of it has filled, whether it is over. */
import { PagedList, objectList } from '../../core/index.ts'
import type { Side } from '../../market/index.ts'
import type { VenueOrder } from './venue-order.ts'

interface Account {
  lots: number
  openOrders: number
}

/** Orders by index, positions by owner. */
export class OrderLedger {
  readonly #orders = new PagedList<VenueOrder>()
  #sizeLots = new Float64Array(256)
  #filledLots = new Float64Array(256)
  readonly #accounts: Account[] = objectList()

  add(order: VenueOrder): void {
    const { index } = order
    this.#orders.set(index, order)
    if (index >= this.#sizeLots.length) this.#grow(index + 1)
    this.#sizeLots[index] = order.sizeLots
    this.#filledLots[index] = 0
    this.#account(order.owner).openOrders++
  }

  /** The order as it arrived; undefined when it is over or never came. */
  find(index: number): VenueOrder | undefined {
    return this.#orders.at(index)
  }

  /** What of an order has filled, also when it is over; 0 when it never came. */
  filledLots(index: number): number {
    return this.#filledLots[index] ?? 0
  }

  /** The whole size of an order by now. */
  sizeLots(index: number): number {
    return this.#sizeLots[index] ?? 0
  }

  /** Orders of an owner that are not over. */
  openOrders(owner: number): number {
    return this.#account(owner).openOrders
  }

  /** Lots that an order of `side` can trade before the owner's position is flat. */
  reducibleLots(owner: number, side: Side): number {
    return Math.max(0, -side * this.#account(owner).lots)
  }

  resize(index: number, sizeLots: number): void {
    this.#sizeLots[index] = sizeLots
  }

  /** Notes a fill. Returns true when the order is whole now. */
  fill(index: number, lots: number): boolean {
    const order = this.#orders.at(index)!
    this.#filledLots[index]! += lots
    this.#account(order.owner).lots += order.side * lots
    return this.#filledLots[index]! >= this.#sizeLots[index]!
  }

  /** Moves a position by `lots`, signed, by other means than an order. */
  move(owner: number, lots: number): void {
    this.#account(owner).lots += lots
  }

  /** Notes that an order is over. */
  end(index: number): void {
    const order = this.#orders.at(index)
    if (order === undefined) return
    this.#account(order.owner).openOrders--
    this.#orders.set(index, undefined)
  }

  #grow(length: number): void {
    const wider = Math.max(length, this.#sizeLots.length * 2)
    const grown = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const copy = new Float64Array(wider)
      copy.set(column)
      return copy
    }
    this.#sizeLots = grown(this.#sizeLots)
    this.#filledLots = grown(this.#filledLots)
  }

  #account(owner: number): Account {
    return (this.#accounts[owner] ??= { lots: 0, openOrders: 0 })
  }
}
