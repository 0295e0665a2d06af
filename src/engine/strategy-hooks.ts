/**
 * Calls the hooks of a strategy, and knows which of them it has.
 *
 * Before the book has been live for the first time only `prenext` is called: a strategy may read
 * prices in every other hook.
 */
import type { BookQueries, BookStatus, OrderBook } from '../book/index.ts'
import type { Order } from '../order/index.ts'
import type { Data } from './data.ts'
import type { TradeRecord } from './run-record.ts'
import { overrides, type MarketTrade, type Strategy } from './strategy.ts'

/** The hooks of one strategy on a book feed. */
export class StrategyHooks {
  readonly strategy: Strategy
  readonly wantsBook: boolean
  readonly wantsTrades: boolean
  readonly wantsStatus: boolean
  readonly wantsRoundTrips: boolean
  readonly #wantsNext: boolean
  readonly #wantsOnBook: boolean
  #status: BookStatus
  /** Statuses since the last look, oldest first. */
  #unheard: BookStatus[] = []
  #hasBeenLive = false
  #hasStarted = false

  constructor(strategy: Strategy, book: OrderBook) {
    this.strategy = strategy
    this.#status = book.status
    this.#wantsOnBook = overrides(strategy, 'onBook')
    this.#wantsNext = overrides(strategy, 'next')
    this.wantsBook = this.#wantsOnBook || this.#wantsNext
    this.wantsTrades = overrides(strategy, 'onTrade')
    this.wantsStatus = overrides(strategy, 'onBookStatus')
    this.wantsRoundTrips = overrides(strategy, 'notifyTrade')
  }

  /** True once the book has been live. */
  get isLive(): boolean {
    return this.#hasBeenLive
  }

  start(data: Data): void {
    this.strategy.start()
    this.strategy.notifyData(data, 'live')
  }

  stop(data: Data): void {
    this.strategy.notifyData(data, 'ended')
    this.strategy.stop()
  }

  /** Hears of every status from here on, those too that are over before anybody looks. */
  listen(books: BookQueries): void {
    if (this.wantsStatus) books.onStatus(({ to }) => this.#unheard.push(to))
  }

  /** Takes note of the book's status and tells of each change since the last look, in order. */
  bookStatus(status: BookStatus): void {
    if (status === 'live') this.#hasBeenLive = true
    if (this.#unheard.length > 0) {
      const unheard = this.#unheard
      this.#unheard = []
      for (const each of unheard) this.#tellStatus(each)
    }
    this.#tellStatus(status)
  }

  #tellStatus(status: BookStatus): void {
    if (status === this.#status) return
    this.#status = status
    if (this.wantsStatus) this.strategy.onBookStatus(status)
  }

  book(): void {
    if (this.#wantsOnBook) this.strategy.onBook()
    if (!this.#wantsNext) return
    if (this.#hasStarted) {
      this.strategy.next()
    } else {
      this.#hasStarted = true
      this.strategy.nextstart()
    }
  }

  trade(trade: MarketTrade): void {
    this.strategy.onTrade(trade)
  }

  timer(callback: (() => void) | undefined): void {
    if (!this.#hasBeenLive) this.strategy.prenext()
    else if (callback === undefined) this.strategy.onTimer()
    else callback()
  }

  order(order: Order): void {
    this.strategy.notifyOrder(order)
  }

  roundTrip(trade: TradeRecord): void {
    if (this.wantsRoundTrips) this.strategy.notifyTrade(trade)
  }
}
