/** Reads one file of Bybit's archives: messages of an order book, or a table of trades. */
import { basename } from 'node:path'
import { DataError } from '../../../core/index.ts'
import type { Side } from '../../../market/index.ts'
import { TimeScan } from '../../input/time-scan.ts'
import { CsvFields } from '../table/csv-fields.ts'
import type { LineReader } from '../table/line-reader.ts'
import type { TableRun } from '../table/table-format.ts'
import type { TableSymbol } from '../table/table-symbol.ts'
import { BookLine } from './book-line.ts'
import type { BybitBook } from './bybit-book.ts'
import { symbolInName, tradeTable, type TradeTable } from './trade-table.ts'

const OPEN_BRACE = 123
const SIDES: ReadonlyMap<string, Side> = new Map([
  ['Buy', 1],
  ['buy', 1],
  ['Sell', -1],
  ['sell', -1],
])

/** A reader of either kind of file. */
export class BybitReader implements LineReader {
  readonly time = new TimeScan()
  stream = ''
  readonly #path: string
  readonly #run: TableRun<BybitBook>
  readonly #fields: CsvFields
  readonly #book: BookLine<BybitBook>
  readonly #matched = new TimeScan()
  #table: TradeTable | undefined
  #symbol: TableSymbol<BybitBook> | undefined
  #side: Side = 1
  #tick = 0
  #lots = 0
  #tradeId = 0

  constructor(path: string, run: TableRun<BybitBook>) {
    this.#path = path
    this.#run = run
    this.#fields = new CsvFields(run.place)
    this.#book = new BookLine(run.place, (name) => run.symbols.named(name))
  }

  begin(bytes: Uint8Array, from: number, to: number): boolean {
    if (bytes[from] === OPEN_BRACE) return true
    this.#table = tradeTable(this.#fields.first(bytes, from, to), this.#run.place)
    this.#fields.setHeader(bytes, from, to)
    return false
  }

  read(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#table !== undefined) return this.#readTrade(this.#table, bytes, from, to)
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString()
    if (text.trim() === '' || !this.#book.read(text)) return false
    this.#symbol = this.#book.symbol!
    setMs(this.time, this.#book.sentMs)
    setMs(this.#matched, this.#book.matchedMs)
    this.stream = `the order book of ${this.#symbol.name}`
    return true
  }

  take(localTime: number): void {
    const { clock, place } = this.#run
    const symbol = this.#symbol!
    const tape = symbol.tape!
    symbol.messages++
    if (this.#table === undefined) {
      tape.at(localTime, clock.timeOf(this.#matched), this.#book.updateId)
      symbol.state.apply(tape, this.#book, place.text())
      symbol.repeated = symbol.state.gate.counts.duplicates
      symbol.reordered = symbol.state.gate.counts.reordered
      return
    }
    tape.at(localTime, clock.timeOf(this.time), this.#tradeId)
    tape.trade(this.#side, this.#tick, this.#lots)
  }

  #readTrade(table: TradeTable, bytes: Uint8Array, from: number, to: number): boolean {
    const fields = this.#fields
    if (!fields.read(bytes, from, to)) return false
    const symbol = this.#symbolOf(table)
    if (symbol === undefined) return false
    if (symbol !== this.#symbol) {
      this.#symbol = symbol
      this.stream = `the trades of ${symbol.name}`
    }
    fields.time(table.time, table.unit, this.time)
    const side = SIDES.get(fields.row.text(table.side))
    if (side === undefined) throw fields.bad(table.side, 'Buy or Sell')
    this.#side = side
    this.#tick = fields.tickAbove0(table.price, symbol.grid)
    this.#lots = fields.lotsAbove0(table.size, symbol.grid)
    this.#tradeId = fields.idOr0(table.id)
    return true
  }

  #symbolOf({ symbol }: TradeTable): TableSymbol<BybitBook> | undefined {
    const { symbols, soleName } = this.#run
    if (symbol >= 0) return symbols.ofRow(this.#fields.row, symbol)
    const name = symbolInName(basename(this.#path)) ?? soleName
    if (name !== undefined) return symbols.named(name)
    throw new DataError(
      'BAD_FIELD',
      'the rows name no symbol, so the name of the file must begin with it, such as BTCUSDT_2025-05-19.csv.gz, or --symbol name it',
      { file: this.#path },
    )
  }
}

function setMs(time: TimeScan, ms: number): void {
  time.seconds = Math.floor(ms / 1000)
  time.nanos = (ms % 1000) * 1e6
}
