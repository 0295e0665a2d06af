/** The books of many instruments of many venues, in one place for all who read them. */
import { LobtraderError, didYouMean } from '../../core/index.ts'
import type {
  EventColumns,
  Instrument,
  OrderBookLevel,
  OrderBookSnapshot,
} from '../../market/index.ts'
import type { BookOptions } from '../book-state.ts'
import type { BookDepth, BookView } from '../book-view.ts'
import { FusedBook } from '../fused/fused-book.ts'
import type { LadderOptions } from '../ladder.ts'
import { OrderBookL3, type OrderBookL3Options } from '../order-book-l3.ts'
import { OrderBook } from '../order-book.ts'
import { Bell } from './bell.ts'
import type { BookEvent, BookStatusChange, SnapshotNeed, TradeTotals } from './book-events.ts'
import { ManagedBook, type ManagedBookOptions } from './managed-book.ts'

type AnyBook = ManagedBook<OrderBook> | ManagedBook<OrderBookL3>

/** What can be asked of the books of a manager, and heard of them. */
export type BookQueries = Pick<
  OrderBookManager,
  | 'symbols'
  | 'has'
  | 'get'
  | 'getOrders'
  | 'getTrades'
  | 'getBestBid'
  | 'getBestAsk'
  | 'getMidPrice'
  | 'getSpread'
  | 'getSpreadBps'
  | 'getDepth'
  | 'getImbalance'
  | 'snapshot'
  | 'onStatus'
>

/**
 * Routes updates to the book of their instrument, answers questions by symbol, tells of each change
 * of a book's status, and brings books back by snapshots.
 *
 * A book is named by its symbol, or by `venue:symbol` where several venues have the symbol.
 */
export class OrderBookManager {
  readonly #books = new Map<string, AnyBook>()
  readonly #bySymbol = new Map<string, AnyBook[]>()
  readonly #reports = {
    status: new Bell<BookStatusChange>(),
    snapshots: new Bell<SnapshotNeed>(),
  }

  /** The names of the books in order of addition: symbols, with their venue where they need it. */
  get symbols(): string[] {
    return [...this.#books.values()].map(({ instrument: { symbol, venue } }) =>
      this.#bySymbol.get(symbol)!.length === 1 ? symbol : keyOf(venue, symbol),
    )
  }

  /**
   * Makes an empty book of levels and returns it with its keeper.
   *
   * @throws LobtraderError AMBIGUOUS_SYMBOL when the venue's book of that symbol is there already,
   *   BAD_ARGUMENT (options)
   */
  add(
    instrument: Instrument,
    options: BookOptions & ManagedBookOptions<OrderBook> = {},
  ): ManagedBook<OrderBook> {
    this.#requireNew(instrument)
    const managed = new ManagedBook(new OrderBook(instrument, options), options, this.#reports)
    this.#keep(managed)
    return managed
  }

  /** Makes an empty book of depth and ticker and returns it with its keeper. @throws as {@link add} */
  addFused(
    instrument: Instrument,
    options: LadderOptions & ManagedBookOptions<OrderBook> = {},
  ): ManagedBook<OrderBook> {
    this.#requireNew(instrument)
    const book: OrderBook = new FusedBook(instrument, options)
    const managed = new ManagedBook(book, options, this.#reports)
    this.#keep(managed)
    return managed
  }

  /** Makes an empty book of orders and returns it with its keeper. @throws as {@link add} */
  addL3(
    instrument: Instrument,
    options: OrderBookL3Options & ManagedBookOptions<OrderBookL3> = {},
  ): ManagedBook<OrderBookL3> {
    this.#requireNew(instrument)
    const managed = new ManagedBook(new OrderBookL3(instrument, options), options, this.#reports)
    this.#keep(managed)
    return managed
  }

  /** True when there is a book of that name, whether or not the name tells which. */
  has(symbol: string): boolean {
    return this.#find(symbol).length > 0
  }

  /**
   * Returns the book of `symbol`.
   *
   * @throws LobtraderError ABSENT_SYMBOL, with the nearest name that there is, or AMBIGUOUS_SYMBOL
   */
  get(symbol: string, venue?: string): BookView {
    return this.#look(symbol, venue).book
  }

  /**
   * Returns the book of `symbol` with its orders.
   *
   * @throws LobtraderError as {@link get}, UNSUPPORTED where the book is one of levels
   */
  getOrders(symbol: string, venue?: string): OrderBookL3 {
    const { book } = this.#look(symbol, venue)
    if (book instanceof OrderBookL3) return book
    throw new LobtraderError('UNSUPPORTED', `the book of ${symbol} has levels, no orders`, {
      symbol,
    })
  }

  /**
   * Applies what happened to its book, or counts a trade, which changes no book.
   *
   * Messages (`levels`, `orders`) go through the rule of the book's venue. One that shows that updates
   * are missing, or whose checksum is not the book's, makes the book stale and asks for a snapshot;
   * from there on messages wait, and go through the rule when the snapshot is there.
   *
   * @throws LobtraderError ABSENT_SYMBOL or AMBIGUOUS_SYMBOL, and what {@link OrderBook.update},
   *   {@link OrderBookL3.update} or `restore` throw; the book has not changed then, unless it is
   *   stale
   */
  update(event: BookEvent, venue?: string): void {
    this.#entry(event.symbol, venue).update(event)
  }

  /**
   * Applies rows [from, to) of a tape to the book of `symbol` as we saw them.
   *
   * @throws LobtraderError as {@link get}
   */
  apply(symbol: string, events: EventColumns, from = 0, to = events.length): void {
    this.#entry(symbol).apply(events, from, to)
  }

  /** Has `listener` told of each change of a book's status, in order; returns what ends that. */
  onStatus(listener: (change: BookStatusChange) => void): () => void {
    return this.#reports.status.listen(listener)
  }

  /**
   * Has `listener` told when a book needs a snapshot: once for each loss, and again when a snapshot
   * did not help. Hand the snapshot to {@link update}. Returns what ends that.
   */
  onSnapshotNeeded(listener: (need: SnapshotNeed) => void): () => void {
    return this.#reports.snapshots.listen(listener)
  }

  /** True while a book waits for a snapshot. @throws LobtraderError as {@link get} */
  needsSnapshot(symbol: string, venue?: string): boolean {
    return this.#entry(symbol, venue).needsSnapshot
  }

  /**
   * Returns what was traded in `symbol`, undefined before its first trade.
   *
   * @throws LobtraderError as {@link get}, UNSUPPORTED where trades are not counted
   */
  getTrades(symbol: string, venue?: string): TradeTotals | undefined {
    return this.#look(symbol, venue).trades
  }

  getBestBid(symbol: string): OrderBookLevel | undefined {
    return this.get(symbol).getBestBid()
  }

  getBestAsk(symbol: string): OrderBookLevel | undefined {
    return this.get(symbol).getBestAsk()
  }

  getMidPrice(symbol: string): number | undefined {
    return this.get(symbol).getMidPrice()
  }

  getSpread(symbol: string): number | undefined {
    return this.get(symbol).getSpread()
  }

  getSpreadBps(symbol: string): number | undefined {
    return this.get(symbol).getSpreadBps()
  }

  getDepth(symbol: string, levels: number): BookDepth {
    return this.get(symbol).getDepth(levels)
  }

  getImbalance(symbol: string, levels = 1): number {
    return this.get(symbol).getImbalance(levels)
  }

  snapshot(symbol: string, levels?: number): OrderBookSnapshot {
    return this.get(symbol).snapshot(levels)
  }

  /** The book of a name, brought forward where somebody does that only when asked. */
  #look(symbol: string, venue?: string): AnyBook {
    const entry = this.#entry(symbol, venue)
    entry.options.beforeLook?.()
    return entry
  }

  #entry(symbol: string, venue?: string): AnyBook {
    const found = venue === undefined ? this.#find(symbol) : this.#find(keyOf(venue, symbol))
    if (found.length === 1) return found[0]!
    const name = venue === undefined ? symbol : keyOf(venue, symbol)
    if (found.length === 0) {
      throw new LobtraderError(
        'ABSENT_SYMBOL',
        `no book of ${name} was added${didYouMean(name, this.symbols)}`,
        { symbol: name },
      )
    }
    const names = found.map((entry) => keyOf(entry.instrument.venue, symbol)).join(' or ')
    throw new LobtraderError('AMBIGUOUS_SYMBOL', `several venues have ${symbol}: say ${names}`, {
      symbol,
    })
  }

  #find(name: string): readonly AnyBook[] {
    const bySymbol = this.#bySymbol.get(name)
    if (bySymbol !== undefined) return bySymbol
    const exact = this.#books.get(name)
    return exact === undefined ? [] : [exact]
  }

  #requireNew({ symbol, venue }: Instrument): void {
    if (!this.#books.has(keyOf(venue, symbol))) return
    throw new LobtraderError(
      'AMBIGUOUS_SYMBOL',
      `there is a book of ${keyOf(venue, symbol)} already`,
      {
        symbol,
        venue,
      },
    )
  }

  #keep(managed: AnyBook): void {
    const { symbol, venue } = managed.instrument
    this.#books.set(keyOf(venue, symbol), managed)
    const same = this.#bySymbol.get(symbol)
    if (same === undefined) this.#bySymbol.set(symbol, [managed])
    else same.push(managed)
  }
}

function keyOf(venue: string, symbol: string): string {
  return `${venue}:${symbol}`
}
