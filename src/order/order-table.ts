/**
 * The orders that were sent to one exchange, by their index there, and the handles by which they are
 * known outside.
 *
 * A run makes hundreds of thousands of orders, of which some dozens are open at a time. The handles
 * of those are kept; that of an order which is over is let go, since a collector that has to follow
 * all of them takes a tenth of a run. Who asks for it again is given another handle of the same row.
 */
import { objectList } from '../core/index.ts'
import type { Instrument } from '../market/index.ts'
import { NO_HANDLE, OrderPage, OrderWord, Reasons } from './order-page.ts'
import type { OrderRequest } from './order-request.ts'
import { Order } from './order.ts'

/** log2 of the orders in a page. */
const PAGE_BITS = 9
const PAGE = 1 << PAGE_BITS
const IN_PAGE = PAGE - 1

/** @see module comment */
export class OrderTable {
  readonly #instrument: Instrument
  readonly #reasons = new Reasons()
  readonly #pages: OrderPage[] = objectList()
  /** Handles that are kept, by the place that a row names; free places hold the last one let go. */
  readonly #handles: Order[] = objectList()
  readonly #free: number[] = []
  #length = 0
  #keepsAll = false

  constructor(instrument: Instrument) {
    this.#instrument = instrument
  }

  /** Orders that were ever sent. */
  get length(): number {
    return this.#length
  }

  /** Adds an order that is about to be sent; its index is the number of those before. */
  add(request: OrderRequest): Order {
    const index = this.#length++
    if ((index & IN_PAGE) === 0) {
      this.#pages.push(new OrderPage(this.#instrument, PAGE, this.#reasons))
    }
    const page = this.#pages[index >>> PAGE_BITS]!
    const order = new Order(page, page.add(request, index))
    this.#keep(page, index & IN_PAGE, order)
    return order
  }

  /** The handle of an order: that which is kept, or another. */
  at(index: number): Order {
    const page = this.#pages[index >>> PAGE_BITS]!
    const row = index & IN_PAGE
    const place = page.word(row, OrderWord.Handle)
    if (place !== NO_HANDLE) return this.#handles[place]!
    const order = new Order(page, row)
    if (this.#keepsAll) this.#keep(page, row, order)
    return order
  }

  /** Which of the strategies of the run sent an order. */
  ownerOf(index: number): number {
    return this.#pages[index >>> PAGE_BITS]!.word(index & IN_PAGE, OrderWord.Owner)
  }

  /** Its number among the orders of its owner. */
  idOf(index: number): number {
    return this.#pages[index >>> PAGE_BITS]!.word(index & IN_PAGE, OrderWord.Id)
  }

  /** Makes a handle the one that is kept, unless one is. */
  keep(order: Order): void {
    const { index } = order
    const page = this.#pages[index >>> PAGE_BITS]!
    const row = index & IN_PAGE
    if (page.word(row, OrderWord.Handle) === NO_HANDLE) this.#keep(page, row, order)
  }

  /** Lets go of the handle of an order that is over. */
  release(order: Order): void {
    if (this.#keepsAll) return
    const { index } = order
    const page = this.#pages[index >>> PAGE_BITS]!
    const row = index & IN_PAGE
    const place = page.word(row, OrderWord.Handle)
    if (place === NO_HANDLE) return
    page.setWord(row, OrderWord.Handle, NO_HANDLE)
    this.#free.push(place)
  }

  /** From now on every handle is kept that is given. */
  keepAll(): void {
    this.#keepsAll = true
  }

  #keep(page: OrderPage, row: number, order: Order): void {
    const place = this.#free.pop() ?? this.#handles.length
    this.#handles[place] = order
    page.setWord(row, OrderWord.Handle, place)
  }
}
