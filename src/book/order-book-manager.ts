/** The books of many instruments, kept by symbol. */
import { LobtraderError, didYouMean } from '../core/index.ts'
import type { Instrument, OrderBookLevel, OrderBookSnapshot, Tick } from '../market/index.ts'
import type { BookDepth } from './book-view.ts'
import type { LadderOptions } from './ladder.ts'
import { OrderBook, type BookUpdate } from './order-book.ts'

/** A level of one of the managed books; `kind` tells it from a trade. */
export interface SymbolBookUpdate extends BookUpdate {
  readonly kind: 'level'
  readonly symbol: string
}

/** What a manager takes: a level, a whole book or a trade. */
export type BookEvent = SymbolBookUpdate | OrderBookSnapshot | (Tick & { readonly kind?: 'trade' })

/** Traded so far in one instrument, as far as its manager was told. */
export interface TradeTotals {
  readonly count: number
  /** Base units or contracts. */
  readonly volume: number
  readonly last: Tick
}

interface Entry {
  readonly book: OrderBook
  trades: TradeTotals | undefined
}

/** Routes updates to the book of their symbol and answers queries by symbol. */
export class OrderBookManager {
  readonly #entries = new Map<string, Entry>()

  /** The symbols in order of addition. */
  get symbols(): string[] {
    return [...this.#entries.keys()]
  }

  /**
   * Makes an empty book for `instrument` and returns it.
   *
   * @throws LobtraderError AMBIGUOUS_SYMBOL when a book of that symbol is there already
   */
  add(instrument: Instrument, options: LadderOptions = {}): OrderBook {
    const { symbol, venue } = instrument
    const present = this.#entries.get(symbol)
    if (present !== undefined) {
      throw new LobtraderError(
        'AMBIGUOUS_SYMBOL',
        `there is a book of ${symbol} (${present.book.instrument.venue}) already; keep the books of ${venue} in a manager of their own`,
        { symbol, venue },
      )
    }
    const book = new OrderBook(instrument, options)
    this.#entries.set(symbol, { book, trades: undefined })
    return book
  }

  has(symbol: string): boolean {
    return this.#entries.has(symbol)
  }

  /**
   * Returns the book of `symbol`.
   *
   * @throws LobtraderError ABSENT_SYMBOL, with the nearest symbol that there is
   */
  get(symbol: string): OrderBook {
    return this.#entry(symbol).book
  }

  /**
   * Applies a level or a snapshot to its book; counts a trade, which changes no book.
   *
   * @throws LobtraderError ABSENT_SYMBOL, or what {@link OrderBook.update} throws; nothing has
   *   changed then
   */
  update(event: BookEvent): void {
    const entry = this.#entry(event.symbol)
    if ('bids' in event || event.kind === 'level') {
      entry.book.update(event)
      return
    }
    if (event.kind !== undefined && event.kind !== 'trade') {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `kind of an event is 'level' or 'trade', was "${String(event.kind)}"`,
        { field: 'kind' },
      )
    }
    const { instrument } = entry.book
    instrument.ticksOf(event.price)
    const lots = instrument.lotsOf(event.volume)
    const before = entry.trades
    const lotsBefore = before === undefined ? 0 : instrument.lotsOf(before.volume)
    entry.trades = {
      count: (before?.count ?? 0) + 1,
      volume: instrument.size(lotsBefore + lots),
      last: event,
    }
  }

  /** Returns what was traded in `symbol`, undefined before its first trade. */
  getTrades(symbol: string): TradeTotals | undefined {
    return this.#entry(symbol).trades
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

  #entry(symbol: string): Entry {
    const entry = this.#entries.get(symbol)
    if (entry === undefined) {
      throw new LobtraderError(
        'ABSENT_SYMBOL',
        `no book of ${symbol} was added${didYouMean(symbol, this.symbols)}`,
        { symbol },
      )
    }
    return entry
  }
}
