/**
 * Calls the hooks of a strategy, and knows which of them it has.
 *
 * Before each book has been live for the first time only `prenext` is called: a strategy may read
 * the prices of all its books in every other hook.
 */
import type { BookQueries, BookStatus } from '../book/index.ts'
import type { Order } from '../order/index.ts'
import type { Data } from './data.ts'
import type { TradeRecord } from './run-record.ts'
import { overrides, type MarketTrade, type Strategy } from './strategy.ts'

/** What is known of one book's status. */
interface HeardStatus {
  status: BookStatus
  /** Statuses since the last look, oldest first. */
  unheard: BookStatus[]
  hasBeenLive: boolean
}

/** The hooks of one strategy on book feeds. */
export class StrategyHooks {
  readonly strategy: Strategy
  readonly wantsBook: boolean
  readonly wantsTrades: boolean
  readonly wantsStatus: boolean
  readonly wantsRoundTrips: boolean
  /** True when it may do something as it hears of one of its orders. */
  readonly reacts: boolean
  readonly #wantsNext: boolean
  readonly #wantsOnBook: boolean
  readonly #datas: readonly Data[]
  /** By data. */
  readonly #heard: readonly HeardStatus[]
  /** Books that have not been live yet. */
  #waiting = 0
  #hasStarted = false

  /** @param statuses of the book of each data, as they are now */
  constructor(strategy: Strategy, datas: readonly Data[], statuses: readonly BookStatus[]) {
    this.strategy = strategy
    this.#datas = datas
    this.#heard = statuses.map((status) => ({ status, unheard: [], hasBeenLive: false }))
    this.#waiting = statuses.length
    this.#wantsOnBook = overrides(strategy, 'onBook')
    this.#wantsNext = overrides(strategy, 'next')
    this.wantsBook = this.#wantsOnBook || this.#wantsNext
    this.wantsTrades = overrides(strategy, 'onTrade')
    this.wantsStatus = overrides(strategy, 'onBookStatus')
    this.wantsRoundTrips = overrides(strategy, 'notifyTrade')
    this.reacts = this.wantsRoundTrips || overrides(strategy, 'notifyOrder')
  }

  /** True once every book has been live. */
  get isLive(): boolean {
    return this.#waiting === 0
  }

  /** True where {@link bookStatus} makes a difference. */
  get hearsStatus(): boolean {
    return this.wantsStatus || this.#waiting > 0
  }

  start(): void {
    this.strategy.start()
    for (const data of this.#datas) this.strategy.notifyData(data, 'live')
  }

  stop(): void {
    for (const data of this.#datas) this.strategy.notifyData(data, 'ended')
    this.strategy.stop()
  }

  /** Hears of every status from here on, those too that are over before anybody looks. */
  listen(books: BookQueries): void {
    if (!this.wantsStatus) return
    books.onStatus(({ symbol, venue, to }) => {
      const index = this.#datas.findIndex(
        ({ instrument }) => instrument.symbol === symbol && instrument.venue === venue,
      )
      this.#heard[index]?.unheard.push(to)
    })
  }

  /** Takes note of a book's status and tells of each change since the last look, in order. */
  bookStatus(data: Data, status: BookStatus): void {
    const heard = this.#heard[data.index]!
    if (!heard.hasBeenLive && status === 'live') {
      heard.hasBeenLive = true
      this.#waiting--
    }
    if (heard.unheard.length > 0) {
      const { unheard } = heard
      heard.unheard = []
      for (const each of unheard) this.#tellStatus(data, each)
    }
    this.#tellStatus(data, status)
  }

  #tellStatus(data: Data, status: BookStatus): void {
    const heard = this.#heard[data.index]!
    if (status === heard.status) return
    heard.status = status
    if (this.wantsStatus) this.strategy.onBookStatus(status, data)
  }

  book(data: Data): void {
    if (this.#wantsOnBook) this.strategy.onBook(data)
    if (!this.#wantsNext || data.index !== 0) return
    if (this.#hasStarted) {
      this.strategy.next()
    } else {
      this.#hasStarted = true
      this.strategy.nextstart()
    }
  }

  trade(trade: MarketTrade, data: Data): void {
    this.strategy.onTrade(trade, data)
  }

  timer(callback: (() => void) | undefined): void {
    if (!this.isLive) this.strategy.prenext()
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
