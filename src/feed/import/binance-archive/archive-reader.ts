/** Reads the rows of one file of Binance's archives. */
import { basename } from 'node:path'
import { DataError } from '../../../core/index.ts'
import { TimeScan } from '../../input/time-scan.ts'
import { CsvFields } from '../table/csv-fields.ts'
import type { LineReader } from '../table/line-reader.ts'
import type { TableRun } from '../table/table-format.ts'
import type { TableSymbol } from '../table/table-symbol.ts'
import type { ArchiveBook } from './archive-book.ts'
import { archiveSymbol, archiveTable, type ArchiveTable } from './archive-table.ts'

const US_DIGITS = 16

/** A reader; what it has read of a row stands in its fields until the next. */
export class ArchiveReader implements LineReader {
  readonly time = new TimeScan()
  stream = ''
  readonly #path: string
  readonly #run: TableRun<ArchiveBook>
  readonly #fields: CsvFields
  #table: ArchiveTable | undefined
  #columns: Columns | undefined
  #symbol: TableSymbol<ArchiveBook> | undefined
  #id = 0
  #isSale = false
  #tick = 0
  #lots = 0
  #askTick = 0
  #askLots = 0
  readonly #depth = {
    isSnapshot: false,
    firstId: 0,
    lastId: 0,
    previousId: -1,
    isBid: false,
    tick: 0,
    lots: 0,
  }

  constructor(path: string, run: TableRun<ArchiveBook>) {
    this.#path = path
    this.#run = run
    this.#fields = new CsvFields(run.place)
  }

  begin(bytes: Uint8Array, from: number, to: number): boolean {
    const fields = this.#fields
    const table = archiveTable(fields.first(bytes, from, to), this.#run.place)
    if (table.hasHeader) fields.setHeader(bytes, from, to)
    else fields.setNames(table.names)
    this.#table = table
    this.#columns = columnsOf(table)
    return !table.hasHeader
  }

  read(bytes: Uint8Array, from: number, to: number): boolean {
    const fields = this.#fields
    if (!fields.read(bytes, from, to)) return false
    const { kind, market } = this.#table!
    const columns = this.#columns!
    const symbol = this.#symbolOf(columns)
    if (symbol === undefined) return false
    if (symbol !== this.#symbol) {
      this.#symbol = symbol
      symbol.state.market ??= market
      // A file of depth holds snapshots or updates, and one of each belong together.
      const isSnapshots = fields.row.text(columns.type) === 'snap'
      const part = kind === 'depth' ? (isSnapshots ? ' snapshots' : ' updates') : ''
      this.stream = `${kind}${part} of ${symbol.name}`
    }
    const { row } = fields
    const isUs = row.to[columns.time]! - row.from[columns.time]! >= US_DIGITS
    fields.time(columns.time, isUs ? 'us' : 'ms', this.time)
    if (kind === 'depth') this.#readDepth(columns)
    else if (kind === 'bookTicker') this.#readTicker(columns)
    else this.#readTrade(columns)
    return true
  }

  take(localTime: number): void {
    const symbol = this.#symbol!
    const { state } = symbol
    const tape = symbol.tape!
    const exchTime = this.#run.clock.timeOf(this.time)
    const { kind } = this.#table!
    symbol.messages++
    if (kind === 'depth') {
      const place = this.#run.place.of()
      state.depth(tape, this.#depth, { localTime, exchTime, place })
      return
    }
    state.close()
    state.enter(localTime)
    if (kind === 'bookTicker') {
      tape.at(localTime, exchTime, this.#id)
      tape.top(1, this.#tick, this.#lots)
      tape.top(-1, this.#askTick, this.#askLots)
      return
    }
    state.tradedBy(kind, symbol.name)
    if (this.#id <= state.lastTradeId) {
      symbol.repeated++
      return
    }
    if (state.lastTradeId >= 0) state.missingTrades += this.#id - state.lastTradeId - 1
    state.lastTradeId = this.#id
    tape.at(localTime, state.builder?.tradeTime(exchTime) ?? exchTime, this.#id)
    tape.trade(this.#isSale ? -1 : 1, this.#tick, this.#lots)
  }

  #symbolOf({ symbol }: Columns): TableSymbol<ArchiveBook> | undefined {
    const { symbols, soleName } = this.#run
    if (symbol >= 0) return symbols.ofRow(this.#fields.row, symbol)
    const name = archiveSymbol(basename(this.#path)) ?? soleName
    if (name !== undefined) return symbols.named(name)
    throw new DataError(
      'BAD_FIELD',
      'the rows name no symbol, so the name of the file must begin with it, such as BTCUSDT-trades-2024-01-01.zip, or --symbol name it',
      { file: this.#path },
    )
  }

  #readTrade({ id, price, size, flag }: Columns): void {
    const fields = this.#fields
    const { grid } = this.#symbol!
    this.#id = fields.id(id)
    this.#tick = fields.tickAbove0(price, grid)
    this.#lots = fields.lotsAbove0(size, grid)
    const word = fields.row.text(flag).toLowerCase()
    // The buyer's order was resting, so the seller is the aggressor.
    this.#isSale = word === 'true'
    if (!this.#isSale && word !== 'false') throw fields.bad(flag, 'true or false')
  }

  #readTicker({ id, price, size, askPrice, askSize }: Columns): void {
    const fields = this.#fields
    const { grid } = this.#symbol!
    this.#id = fields.id(id)
    this.#tick = fields.tick(price, grid)
    this.#lots = fields.lots(size, grid)
    this.#askTick = fields.tick(askPrice, grid)
    this.#askLots = fields.lots(askSize, grid)
  }

  #readDepth(columns: Columns): void {
    const fields = this.#fields
    const { row } = fields
    const { grid } = this.#symbol!
    const depth = this.#depth
    const type = row.text(columns.type)
    if (type !== 'snap' && type !== 'set') throw fields.bad(columns.type, 'snap or set')
    const side = row.text(columns.side)
    if (side !== 'b' && side !== 'a') throw fields.bad(columns.side, 'b or a')
    depth.isSnapshot = type === 'snap'
    depth.isBid = side === 'b'
    depth.firstId = fields.id(columns.firstId)
    depth.lastId = fields.id(columns.id)
    const hasPrevious = columns.previousId >= 0 && row.text(columns.previousId) !== '-1'
    depth.previousId = hasPrevious ? fields.id(columns.previousId) : -1
    depth.tick = fields.tickAbove0(columns.price, grid)
    depth.lots = depth.isSnapshot
      ? fields.lotsAbove0(columns.size, grid)
      : fields.lots(columns.size, grid)
  }
}

/** Places of the values in a row, -1 where the table has no such column. */
interface Columns {
  readonly symbol: number
  readonly time: number
  readonly id: number
  readonly firstId: number
  readonly previousId: number
  readonly side: number
  readonly type: number
  readonly price: number
  readonly size: number
  readonly askPrice: number
  readonly askSize: number
  readonly flag: number
}

function columnsOf({ at }: ArchiveTable): Columns {
  const first = (...names: readonly string[]): number =>
    names.map(at).find((place) => place >= 0) ?? -1
  return {
    symbol: at('symbol'),
    time: first('transact_time', 'transaction_time', 'time', 'timestamp'),
    id: first('agg_trade_id', 'update_id', 'last_update_id', 'id'),
    firstId: at('first_update_id'),
    previousId: at('pu'),
    side: at('side'),
    type: at('update_type'),
    price: first('price', 'best_bid_price'),
    size: first('quantity', 'qty', 'best_bid_qty'),
    askPrice: at('best_ask_price'),
    askSize: at('best_ask_qty'),
    flag: at('is_buyer_maker'),
  }
}
