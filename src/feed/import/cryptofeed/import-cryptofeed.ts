/** The second pass over a capture: books, trades and tickers of the chosen symbols to their tapes. */
import type { DataError } from '../../../core/index.ts'
import type { RowSink } from '../../../store/index.ts'
import type { ImportJob } from '../import-job.ts'
import type { CaptureLine } from './capture-line.ts'
import type { CapturePass } from './capture-stream.ts'
import type { JsonFields } from './json-fields.ts'
import type { MarketSink, VenueBook, VenueTop, VenueTrade } from './market-events.ts'
import type { SurveyedSymbol } from './survey.ts'
import { SymbolBook } from './symbol-book.ts'
import type { VenueReader, VenueRules } from './venue-rules.ts'

/** Rows that may wait in memory over all symbols, before all are given to the store. */
const PENDING_ROWS_MAX = 1 << 20
/** Names of left-out messages to count apart. */
const LEFT_OUT_NAMES_MAX = 32

/** What the pass needs. */
export interface ImportPassOptions {
  readonly job: ImportJob
  readonly rules: VenueRules
  readonly reader: VenueReader
  readonly fields: JsonFields
  readonly place: () => { readonly file?: string; readonly line?: number }
  readonly chosen: readonly SurveyedSymbol[]
  readonly sinks: readonly RowSink[]
  readonly shiftNs: number
}

/** Writes a capture to the tapes of its symbols. */
export class ImportPass implements CapturePass, MarketSink {
  readonly books = new Map<string, SymbolBook>()
  readonly leftOutCounts = new Map<string, number>()
  firstTime = Number.NaN
  lastTime = Number.NaN
  readonly #options: ImportPassOptions
  readonly #surveyed: ReadonlyMap<string, SurveyedSymbol>
  readonly #connections = new Set<string>()
  #localTime = 0
  #connection = ''
  /** The symbol that the message at hand named last, to count each message once. */
  #named: SymbolBook | undefined
  #drainedAt = 0

  constructor(options: ImportPassOptions) {
    this.#options = options
    this.#surveyed = new Map(options.chosen.map((one) => [one.symbol, one]))
  }

  /** Rows so far. */
  get events(): number {
    let events = 0
    for (const { tape } of this.books.values()) events += tape.events
    return events
  }

  begin(epochNs: bigint): void {
    const { fields, rules, job, place, chosen, sinks } = this.#options
    fields.epochNs = epochNs
    chosen.forEach(({ symbol }, i) => {
      const options = { rules, epochNs, verify: job.verify, place }
      this.books.set(symbol, new SymbolBook(sinks[i]!, options))
    })
  }

  line(line: CaptureLine, receiveTime: number, connection: string): void {
    this.#localTime = receiveTime + this.#options.shiftNs
    this.#connection = connection
    this.#named = undefined
    if (line.kind === 'connect') this.#connect(connection)
    else if (line.kind !== 'sent') {
      if (Number.isNaN(this.firstTime)) this.firstTime = this.#localTime
      this.lastTime = this.#localTime
    }
    this.#options.reader.read(line, connection, this)
  }

  refuse(error: DataError): void {
    this.#options.job.refuse(error)
  }

  rest(): void {
    const isMuch = this.events - this.#drainedAt > PENDING_ROWS_MAX
    for (const { tape } of this.books.values()) {
      if (isMuch) tape.finish()
      else tape.drain()
    }
    if (isMuch) this.#drainedAt = this.events
  }

  book(book: VenueBook): void {
    const target = this.#target(book.symbol, book.channel, 'bookChannel')
    target?.book(book, this.#localTime, this.#connection)
  }

  trade(trade: VenueTrade): void {
    this.#target(trade.symbol, trade.channel, 'tradeChannel')?.trade(trade, this.#localTime)
  }

  top(top: VenueTop): void {
    this.#target(top.symbol, top.channel, 'topChannel')?.top(top, this.#localTime)
  }

  lost(connection: string, reason: string): void {
    for (const book of this.books.values()) {
      if (book.connection === connection) book.lose(this.#localTime, reason)
    }
  }

  leftOut(name: string): void {
    const counts = this.leftOutCounts
    const key = counts.size < LEFT_OUT_NAMES_MAX || counts.has(name) ? name : 'others'
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }

  #connect(connection: string): void {
    const isAgain = this.#connections.has(connection)
    this.#connections.add(connection)
    if (isAgain && this.#options.rules.breaksOnReconnect) {
      this.lost(connection, 'the collector connected anew, what came between is missing')
    }
  }

  #target(
    symbol: string,
    channel: string,
    role: 'bookChannel' | 'tradeChannel' | 'topChannel',
  ): SymbolBook | undefined {
    const surveyed = this.#surveyed.get(symbol)
    if (surveyed === undefined) return undefined
    const book = this.books.get(symbol)!
    if (book !== this.#named) {
      this.#named = book
      book.messages++
    }
    if (surveyed[role] === channel) return book
    this.leftOut(`${channel} beside ${surveyed[role]}`)
    return undefined
  }
}
