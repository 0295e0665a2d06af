/** Reads the rows of one Tardis.dev file. */
import { basename } from 'node:path'
import { DataError } from '../../../core/index.ts'
import type { Side } from '../../../market/index.ts'
import { TimeScan } from '../../input/time-scan.ts'
import { CsvFields } from '../table/csv-fields.ts'
import type { TableRun } from '../table/table-format.ts'
import type { LineReader } from '../table/line-reader.ts'
import { PartialSide } from '../table/partial-book.ts'
import type { TableSymbol } from '../table/table-symbol.ts'
import type { TardisBook } from './tardis-book.ts'
import { tardisTable, type TardisTable } from './tardis-table.ts'

const word = (text: string): Uint8Array => Buffer.from(text)
const TRUE = word('true')
const FALSE = word('false')
const BID = word('bid')
const ASK = word('ask')
const BUY = word('buy')
const SELL = word('sell')
const UNKNOWN = word('unknown')

interface Columns {
  readonly exchange: number
  readonly symbol: number
  readonly timestamp: number
  readonly localTimestamp: number
  readonly id: number
  readonly isSnapshot: number
  readonly side: number
  readonly price: number
  readonly amount: number
  readonly bidPrice: number
  readonly bidAmount: number
  readonly askPrice: number
  readonly askAmount: number
}

/** A reader; what it has read of a row stands in its fields until the next. */
export class TardisReader implements LineReader {
  readonly time = new TimeScan()
  stream = ''
  readonly #run: TableRun<TardisBook>
  readonly #fields: CsvFields
  readonly #venueTime = new TimeScan()
  readonly #isLiquidations: boolean
  #table: TardisTable | undefined
  #columns: Columns | undefined
  #levelColumns = new Int32Array(0)
  #symbol: TableSymbol<TardisBook> | undefined
  readonly #level = { isSnapshot: false, side: 1 as Side, tick: 0, lots: 0 }
  #tradeSide: Side | 0 = 0
  #tradeId = 0
  #bids = new PartialSide(1, 1)
  #asks = new PartialSide(-1, 1)

  constructor(path: string, run: TableRun<TardisBook>) {
    this.#run = run
    this.#fields = new CsvFields(run.place)
    // The table of liquidations has the columns of trades; only its name tells.
    this.#isLiquidations = /liquidations/i.test(basename(path))
  }

  begin(bytes: Uint8Array, from: number, to: number): boolean {
    const header = this.#fields.first(bytes, from, to)
    const table = tardisTable(header, this.#run.place)
    const { at, levels } = table
    this.#fields.setHeader(bytes, from, to)
    this.#table = table
    this.#columns = {
      exchange: at('exchange'),
      symbol: at('symbol'),
      timestamp: at('timestamp'),
      localTimestamp: at('local_timestamp'),
      id: at('id'),
      isSnapshot: at('is_snapshot'),
      side: at('side'),
      price: at('price'),
      amount: at('amount'),
      bidPrice: at('bid_price'),
      bidAmount: at('bid_amount'),
      askPrice: at('ask_price'),
      askAmount: at('ask_amount'),
    }
    this.#levelColumns = Int32Array.from(
      Array.from({ length: levels }, (_, i) =>
        [`bids[${i}].price`, `bids[${i}].amount`, `asks[${i}].price`, `asks[${i}].amount`].map(at),
      ).flat(),
    )
    this.#bids = new PartialSide(1, Math.max(1, levels))
    this.#asks = new PartialSide(-1, Math.max(1, levels))
    return false
  }

  read(bytes: Uint8Array, from: number, to: number): boolean {
    const fields = this.#fields
    if (!fields.read(bytes, from, to)) return false
    const { type } = this.#table!
    const columns = this.#columns!
    const symbol = this.#run.symbols.ofRow(fields.row, columns.symbol, columns.exchange)
    if (symbol === undefined) return false
    if (this.#isLiquidations) {
      this.#run.notes.add('rows of liquidations were left out')
      return false
    }
    if (symbol !== this.#symbol) {
      this.#symbol = symbol
      const { levels } = this.#table!
      this.stream = `${type}${levels === 0 ? '' : `_${levels}`} of ${symbol.name}`
    }
    fields.time(columns.localTimestamp, 'us', this.time)
    fields.time(columns.timestamp, 'us', this.#venueTime)
    if (type === 'incremental_book_L2') this.#readLevel(columns)
    else if (type === 'trades') this.#readTrade(columns)
    else if (type === 'quotes') this.#readQuote(columns)
    else this.#readLevels()
    const { clock, meter } = this.#run
    const isQuoted = type === 'incremental_book_L2' && this.#level.isSnapshot
    // A snapshot and a ticker may tell of a state that is older than their message.
    if (!isQuoted && type !== 'quotes') {
      meter.note(clock.timeOf(this.time), clock.timeOf(this.#venueTime))
    }
    return true
  }

  take(time: number): void {
    const symbol = this.#symbol!
    const { state } = symbol
    const tape = symbol.tape!
    const localTime = time + this.#run.shiftNs
    const exchTime = this.#run.clock.timeOf(this.#venueTime)
    const { type, levels } = this.#table!
    symbol.messages++
    if (type === 'incremental_book_L2') {
      state.fedBy(type, symbol.name)
      state.update(tape, { localTime, exchTime }, this.#level)
      return
    }
    state.close(tape)
    tape.at(localTime, exchTime, type === 'trades' ? this.#tradeId : 0)
    if (type === 'trades') tape.trade(this.#tradeSide, this.#level.tick, this.#level.lots)
    else if (type === 'quotes') {
      this.#top(this.#bids, symbol)
      this.#top(this.#asks, symbol)
    } else {
      state.fedBy(`${type}_${levels}`, symbol.name)
      state.replace(tape, this.#bids, this.#asks)
    }
  }

  #readLevel({ isSnapshot, side, price, amount }: Columns): void {
    const fields = this.#fields
    const { row } = fields
    const { grid } = this.#symbol!
    const level = this.#level
    level.isSnapshot = row.equals(isSnapshot, TRUE)
    if (!level.isSnapshot && !row.equals(isSnapshot, FALSE)) {
      throw fields.bad(isSnapshot, 'true or false')
    }
    const isBid = row.equals(side, BID)
    if (!isBid && !row.equals(side, ASK)) throw fields.bad(side, 'bid or ask')
    level.side = isBid ? 1 : -1
    level.tick = fields.tick(price, grid)
    level.lots = fields.lots(amount, grid)
  }

  #readTrade({ id, side, price, amount }: Columns): void {
    const fields = this.#fields
    const { row } = fields
    const { grid } = this.#symbol!
    this.#tradeSide = row.equals(side, BUY) ? 1 : row.equals(side, SELL) ? -1 : 0
    if (this.#tradeSide === 0 && !row.equals(side, UNKNOWN)) {
      throw fields.bad(side, 'buy, sell or unknown')
    }
    this.#level.tick = fields.tick(price, grid)
    this.#level.lots = fields.lotsAbove0(amount, grid)
    this.#tradeId = fields.idOr0(id)
  }

  #readQuote(columns: Columns): void {
    this.#readTop(this.#bids, columns.bidPrice, columns.bidAmount)
    this.#readTop(this.#asks, columns.askPrice, columns.askAmount)
  }

  /** The best of a side; both fields are empty where it has no orders. */
  #readTop(side: PartialSide, price: number, amount: number): void {
    const fields = this.#fields
    const { grid } = this.#symbol!
    side.count = 0
    if (fields.row.isEmpty(price) && fields.row.isEmpty(amount)) return
    side.push(fields.tick(price, grid), fields.lots(amount, grid))
  }

  /** Levels that a thin book lacks are empty, behind those that there are. */
  #readLevels(): void {
    const columns = this.#levelColumns
    for (const [side, shift] of [
      [this.#bids, 0],
      [this.#asks, 2],
    ] as const) {
      side.count = 0
      let hasEnded = false
      for (let at = shift; at < columns.length; at += 4) {
        hasEnded = this.#readPartial(side, columns[at]!, columns[at + 1]!, hasEnded)
      }
    }
  }

  #readPartial(side: PartialSide, price: number, amount: number, hasEnded: boolean): boolean {
    const fields = this.#fields
    const { grid } = this.#symbol!
    if (fields.row.isEmpty(price) && fields.row.isEmpty(amount)) return true
    if (hasEnded) throw fields.bad(price, 'nothing behind an empty level')
    const tick = fields.tick(price, grid)
    const lots = fields.lotsAbove0(amount, grid)
    if (side.push(tick, lots)) return false
    throw new DataError('BAD_FIELD', 'the levels do not go away from the best price', {
      ...fields.placeOf(price),
    })
  }

  #top(side: PartialSide, symbol: TableSymbol<TardisBook>): void {
    const isThere = side.count > 0
    symbol.tape!.top(side.side, isThere ? side.ticks[0]! : 0, isThere ? side.lots[0]! : 0)
  }
}
