/**
 * A tape of a book with the ticker of the same instrument in it, as both reached us. Rows of one
 * local time: those of the book first. The exchange's side is that of the book alone.
 */
import { assert } from '../core/index.ts'
import { memoryTape, type EventTape, type EventWindows } from './event-tape.ts'
import { EventWriter, LOCAL_ONLY_BIT, type EventColumns } from './events.ts'

/**
 * Returns the tape of a book with a ticker in it.
 *
 * @param book   rows of levels
 * @param ticker best prices, on the same epoch
 */
export function tickerTape(book: EventTape, ticker: EventTape): EventTape {
  assert(book.epochNs === ticker.epochNs, 'both tapes count from one epoch')
  const isTicked = ticker.length > 0
  return {
    epochNs: book.epochNs,
    length: book.length + ticker.length,
    firstTime: isTicked ? Math.min(book.firstTime, ticker.firstTime) : book.firstTime,
    lastTime: isTicked ? Math.max(book.lastTime, ticker.lastTime) : book.lastTime,
    get hasFunding() {
      return book.hasFunding
    },
    local: () => new TickerWindows(book, ticker, 4096),
    exchange: () => book.exchange(),
  }
}

/** Returns the rows of a book with those of a ticker among them, as one piece in memory. */
export function withTicker(book: EventColumns, ticker: EventColumns): EventColumns {
  const tapes = [memoryTape(book), memoryTape(ticker)] as const
  const windows = new TickerWindows(...tapes, book.length + ticker.length + 1)
  windows.next()
  return windows.finish()
}

/** Rows of one of the two tapes that have not been given. */
class Rest {
  readonly #windows: EventWindows
  rows: EventColumns | undefined
  row = 0

  constructor(windows: EventWindows) {
    this.#windows = windows
  }

  /** True when no row is left. */
  get isDone(): boolean {
    return (this.rows === undefined || this.row === this.rows.length) && this.#windows.isLast
  }

  /** Goes on to the next window where the present one has been given. */
  fill(): void {
    if (this.rows !== undefined && this.row < this.rows.length) return
    this.rows = this.#windows.next()
    this.row = 0
  }

  /** No row that is still to come stands at or before this local time. */
  get untilTime(): number {
    const { rows } = this
    if (rows === undefined || this.#windows.isLast) return Number.POSITIVE_INFINITY
    return rows.localTime[rows.length - 1]!
  }

  close(): void {
    this.#windows.close()
    this.rows = undefined
  }
}

/** Copies of the rows of both up to where the window of one of them ends. */
class TickerWindows implements EventWindows {
  readonly #book: Rest
  readonly #ticker: Rest
  readonly #out: EventWriter

  constructor(book: EventTape, ticker: EventTape, capacity: number) {
    this.#book = new Rest(book.local())
    this.#ticker = new Rest(ticker.local())
    this.#out = new EventWriter(book.epochNs, capacity)
  }

  get isLast(): boolean {
    return this.#book.isDone && this.#ticker.isDone
  }

  next(): EventColumns | undefined {
    const book = this.#book
    const ticker = this.#ticker
    this.#out.clear()
    book.fill()
    ticker.fill()
    if (book.rows === undefined && ticker.rows === undefined) return undefined
    // No window parts rows of one time, so that both have all their rows up to there.
    const until = Math.min(book.untilTime, ticker.untilTime)
    while (hasRow(ticker, until)) {
      this.#copy(book, ticker.rows.localTime[ticker.row]!, 0)
      this.#copy(ticker, ticker.rows.localTime[ticker.row]!, LOCAL_ONLY_BIT)
    }
    this.#copy(book, until, 0)
    return this.#out.rows
  }

  /** Copies rows up to `until`. */
  #copy(rest: Rest, until: number, bits: number): void {
    const { rows } = rest
    if (rows === undefined) return
    const { localTime, exchTime, code, tick, lots, orderRef, seq, length } = rows
    const out = this.#out
    let row = rest.row
    for (; row < length && localTime[row]! <= until; row++) {
      out.push(
        localTime[row]!,
        exchTime[row]!,
        code[row]! | bits,
        tick[row]!,
        lots[row]!,
        orderRef[row]!,
        seq[row]!,
      )
    }
    rest.row = row
  }

  /** The rows of the present window with their exchange order; nothing may be read afterwards. */
  finish(): EventColumns {
    return this.#out.finish()
  }

  close(): void {
    this.#book.close()
    this.#ticker.close()
  }
}

function hasRow(rest: Rest, until: number): rest is Rest & { rows: EventColumns } {
  const { rows, row } = rest
  return rows !== undefined && row < rows.length && rows.localTime[row]! <= until
}
