/** Trades and quotes of a tape as columns. */
import type { Ladder } from '../../book/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  codeSide,
  type BarQuoteColumns,
  type EventColumns,
  type Instrument,
  type QuoteColumns,
  type TradeColumns,
} from '../../market/index.ts'
import type { TickTape } from '../bars/trade-bars.ts'
import { QUOTE_COLUMNS, writeTouch } from '../bars/touch.ts'
import { LocalBook } from '../local-book.ts'
import type { TickSieve } from '../tick-filter.ts'

/** Columns of doubles that grow together. */
class GrowingTable<Name extends string> {
  length = 0
  columns: Record<Name, Float64Array>
  readonly #names: readonly Name[]

  constructor(names: readonly Name[]) {
    this.#names = names
    this.columns = this.#allocate(1024, undefined)
  }

  /** Makes room for one more row and returns its number. */
  reserve(): number {
    const rows = this.columns[this.#names[0]!].length
    if (this.length === rows) this.columns = this.#allocate(rows * 2, this.columns)
    return this.length
  }

  finish(): Record<Name, Float64Array> {
    return Object.fromEntries(
      this.#names.map((name) => [name, this.columns[name].slice(0, this.length)]),
    ) as Record<Name, Float64Array>
  }

  #allocate(
    rows: number,
    from: Record<Name, Float64Array> | undefined,
  ): Record<Name, Float64Array> {
    const column = (name: Name): Float64Array => {
      const made = new Float64Array(rows)
      if (from !== undefined) made.set(from[name])
      return made
    }
    return Object.fromEntries(this.#names.map((name) => [name, column(name)])) as Record<
      Name,
      Float64Array
    >
  }
}

/** Returns the trades in the window of a tape that pass a sieve. */
export function tradesOf(
  { instrument, tape, fromTime, toTime }: TickTape,
  sieve: TickSieve,
): TradeColumns {
  const out = new GrowingTable(['time', 'price', 'size', 'side'])
  const windows = tape.local()
  for (let events = windows.next(); events !== undefined; events = windows.next()) {
    const { localTime, code, tick, lots, length } = events
    for (let i = 0; i < length && localTime[i]! <= toTime; i++) {
      const c = code[i]!
      if ((c & (KIND_MASK | EXCH_ONLY_BIT)) !== EventKind.Trade || localTime[i]! < fromTime)
        continue
      const side = codeSide(c)
      const price = instrument.price(tick[i]!)
      const size = instrument.size(lots[i]!)
      if (!sieve.passes(localTime[i]!, side, price, size)) continue
      const row = out.reserve()
      out.columns.time[row] = localTime[i]!
      out.columns.price[row] = price
      out.columns.size[row] = size
      out.columns.side[row] = side
      out.length++
    }
  }
  windows.close()
  const { side, ...rest } = out.finish()
  return { length: out.length, epochNs: tape.epochNs, ...rest, side: Int8Array.from(side) }
}

/**
 * Returns the touch of a tape's local book each time that it has changed, from the start of the
 * window on; rows of one moment count together.
 */
export function quotesOf(given: TickTape): QuoteColumns {
  const { tape } = given
  const table = new QuoteTable(given.instrument)
  const book = new LocalBook(given.localBook)
  const windows = tape.local()
  for (let events = windows.next(); events !== undefined; events = windows.next())
    addQuotes(table, book, given, events)
  windows.close()
  return table.finish(tape.epochNs)
}

function addQuotes(
  table: QuoteTable,
  book: LocalBook,
  { fromTime, toTime }: TickTape,
  events: EventColumns,
): void {
  const { localTime, length } = events
  for (let from = 0; from < length && localTime[from]! <= toTime;) {
    const time = localTime[from]!
    let to = from + 1
    while (to < length && localTime[to] === time) to++
    // What the window begins with is the touch of the moment before.
    if (table.isEmpty && time > fromTime && book.state.version > 0)
      table.add(fromTime, book.state.ladder)
    book.apply(events, from, to)
    if (time >= fromTime && book.state.version > 0) table.add(time, book.state.ladder)
    from = to
  }
}

/** Quotes that differ from the one before. */
class QuoteTable {
  readonly #instrument: Instrument
  readonly #out = new GrowingTable(['time', ...QUOTE_COLUMNS])

  constructor(instrument: Instrument) {
    this.#instrument = instrument
  }

  get isEmpty(): boolean {
    return this.#out.length === 0
  }

  add(time: number, ladder: Ladder): void {
    const out = this.#out
    const row = out.reserve()
    writeTouch(out.columns, row, ladder, this.#instrument)
    if (row > 0 && isSameTouch(out.columns, row)) return
    out.columns.time[row] = time
    out.length++
  }

  finish(epochNs: bigint): QuoteColumns {
    const { time, bidPrice, askPrice, bidVolume, askVolume } = this.#out.finish()
    return { length: time.length, epochNs, time, bidPrice, askPrice, bidVolume, askVolume }
  }
}

/** True when a row equals the one above it; an empty side is NaN in both. */
function isSameTouch(quotes: BarQuoteColumns, row: number): boolean {
  return (
    Object.is(quotes.bidPrice[row], quotes.bidPrice[row - 1]) &&
    Object.is(quotes.askPrice[row], quotes.askPrice[row - 1]) &&
    Object.is(quotes.bidVolume[row], quotes.bidVolume[row - 1]) &&
    Object.is(quotes.askVolume[row], quotes.askVolume[row - 1])
  )
}
