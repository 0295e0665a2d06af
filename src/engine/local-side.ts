/**
 * What has reached us of one instrument: the tape in order of receipt, and the book that it makes.
 *
 * The book is brought forward when somebody looks, in one loop over the rows that have arrived.
 */
import type {
  BookView,
  CompiledBook,
  ManagedBook,
  OrderBook,
  OrderBookL3,
  OrderBookManager,
  TouchMark,
} from '../book/index.ts'
import { LobtraderError } from '../core/index.ts'
import type { LocalBookKind } from '../feed/index.ts'
import {
  firstRowAfter,
  rowContent,
  type EventColumns,
  type EventTape,
  type EventWindows,
  type Instrument,
  type RowContent,
} from '../market/index.ts'
import type { RunClock } from './run-clock.ts'

const NEVER = Number.POSITIVE_INFINITY

/** What a {@link LocalSide} is made of. */
export interface LocalSideOptions {
  readonly tape: EventTape
  readonly instrument: Instrument
  readonly books: OrderBookManager
  readonly clock: RunClock
  /** The exchange that reads the same tape: it tells what rows the tape must have. */
  readonly exchange: { readonly name: string; readonly reads: RowContent }
  readonly localBook: LocalBookKind
  /** Where a book of levels is kept. */
  readonly compiled: CompiledBook | undefined
}

/** @see module comment */
export class LocalSide {
  readonly #windows: EventWindows
  readonly #clock: RunClock
  readonly #kept: ManagedBook<OrderBook> | ManagedBook<OrderBookL3>
  /** Where the exchange leaves the touch that our book will have; undefined where it sees others. */
  #mark: TouchMark | undefined
  /** A time to come, and the first row that will not have arrived by then. */
  #expectedAt = Number.NaN
  #expectedRow = 0
  /** True where rows of the ticker move the book. */
  readonly readsTicker: boolean
  /** The present window. */
  #events: EventColumns
  /** Once this time has come, the present window is done; {@link NEVER} for the last one. */
  #windowEnd = Number.NaN
  /** Rows of the windows before, and the first of this one that the book has not seen. */
  #rowsBefore = 0
  #row = 0
  /** Rows that the last look brought: timers come at even distances. */
  #rowsLast = 0
  /** When all rows that had arrived were seen; NaN before the first look. */
  #lookedAt = Number.NaN
  /** Told when another window has begun. */
  onWindow: (() => void) | undefined

  /** @param options.tape has rows; its book is added to `options.books` */
  constructor(options: LocalSideOptions) {
    const { tape, instrument, books, clock, exchange, localBook, compiled } = options
    this.#clock = clock
    this.readsTicker = localBook === 'fused'
    this.#windows = tape.local()
    this.#events = this.#windows.next()!
    this.#windowEnd = this.#endOfWindow()
    checkContent(this.#events, instrument, exchange)
    if (localBook === 'fused' && exchange.reads === 'orders') throw notFused(instrument, exchange)
    const kept = { countsTrades: false, beforeLook: () => this.look() }
    if (exchange.reads === 'orders') {
      this.#kept = books.addL3(instrument, { ...kept, rowsAreFinal: true })
    } else if (localBook === 'fused') this.#kept = books.addFused(instrument, kept)
    else this.#kept = books.add(instrument, { ...kept, compiled })
  }

  /** The rows of the present window, in local order. */
  get events(): EventColumns {
    return this.#events
  }

  get windowEnd(): number {
    return this.#windowEnd
  }

  /** The book as it was when somebody last looked. */
  get book(): BookView {
    return this.#kept.book
  }

  /** Rows of the tape that the book has seen. */
  get rowsSeen(): number {
    return this.#rowsBefore + this.#row
  }

  /** Lets the book go without rows whose touch the exchange of the same tape has taken. */
  follow(mark: TouchMark): void {
    this.#mark = mark
  }

  /** Has the exchange take the touch that our book will have at `time`, if it is not there yet. */
  expect(time: number): void {
    const mark = this.#mark
    if (mark === undefined || time === this.#expectedAt) return
    this.#expectedAt = time
    this.#expectedRow = this.#arrivedBy(time)
    mark.want(this.#events, this.#expectedRow)
  }

  /**
   * Brings the book to the end of the run, so that it needs the tape no longer.
   *
   * @param exchangeRow rows of the present window that the exchange has seen; it sees no more
   */
  finish(exchangeRow: number): void {
    const { book } = this.#kept
    const mark = this.#mark
    if (mark !== undefined && exchangeRow <= this.#arrivedBy(this.#clock.now)) {
      if (book.catchUp(mark.ladder, exchangeRow)) this.#row = Math.max(this.#row, exchangeRow)
    }
    this.look()
    book.settle()
  }

  /** Brings the book forward to now and returns it. */
  look(): BookView {
    const { now } = this.#clock
    if (now === this.#lookedAt) return this.#kept.book
    this.#lookedAt = now
    while (now >= this.#windowEnd) this.nextWindow()
    this.#seeUpTo(now === this.#expectedAt ? this.#expectedRow : this.#arrivedBy(now))
    return this.#kept.book
  }

  /** The first row of the present window that arrives after `time`. */
  #arrivedBy(time: number): number {
    const { localTime, length } = this.#events
    const from = this.#row
    if (from >= length || localTime[from]! > time) return from
    const guess = this.#rowsLast
    const to = firstRowAfter(localTime, undefined, { from, length, guess }, time)
    this.#rowsLast = to - from
    return to
  }

  /** Lets the book see the rows of the present window before `row`: all that have arrived by now. */
  wakeAt(row: number): void {
    this.#lookedAt = this.#clock.now
    this.#seeUpTo(row)
  }

  #seeUpTo(row: number): void {
    const from = this.#row
    if (row <= from) return
    const events = this.#events
    const mark = this.#mark
    if (mark?.isAt(events, row) === true) this.#kept.defer(events, from, row, mark)
    else this.#kept.apply(events, from, row)
    this.#row = row
  }

  /** Lets the book see the rest of the present window and goes on to the next. */
  nextWindow(): void {
    const { length } = this.#events
    this.#seeUpTo(length)
    this.#rowsBefore += length
    this.#events = this.#windows.next()!
    this.#row = 0
    this.#windowEnd = this.#endOfWindow()
    this.onWindow?.()
  }

  close(): void {
    this.#windows.close()
  }

  /** The nanosecond behind the last row: no window parts rows of one time. */
  #endOfWindow(): number {
    const { localTime, length } = this.#events
    return this.#windows.isLast ? NEVER : localTime[length - 1]! + 1
  }
}

function notFused({ symbol }: Instrument, { name }: LocalSideOptions['exchange']): LobtraderError {
  return new LobtraderError(
    'UNSUPPORTED',
    `exchange "${name}" reads single orders, and a fused local book of ${symbol} is made of price levels and their ticker: use exchange "partial", or local book "depth"`,
    { symbol, value: name },
  )
}

function checkContent(
  events: EventColumns,
  { symbol }: Instrument,
  { name, reads }: LocalSideOptions['exchange'],
): void {
  const content = rowContent(events, 0, events.length) ?? reads
  if (content === reads) return
  throw new LobtraderError(
    'UNSUPPORTED',
    reads === 'orders'
      ? `exchange "${name}" needs rows of single orders, and the data of ${symbol} are price levels: use exchange "partial"`
      : `exchange "${name}" reads price levels, and the data of ${symbol} are rows of single orders: use exchange "l3"`,
    { symbol, value: name },
  )
}
