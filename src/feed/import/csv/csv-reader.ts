/** Reads one CSV file of any source. */
import { basename } from 'node:path'
import { DataError } from '../../../core/index.ts'
import type { Side } from '../../../market/index.ts'
import { TimeScan } from '../../input/time-scan.ts'
import { OrdersTape } from '../orders-tape.ts'
import { CsvFields } from '../table/csv-fields.ts'
import type { LineReader } from '../table/line-reader.ts'
import { PartialSide } from '../table/partial-book.ts'
import type { TableRun } from '../table/table-format.ts'
import type { TableSymbol } from '../table/table-symbol.ts'
import type { CsvOptions } from './csv-options.ts'
import { csvTable, type CsvTable } from './csv-table.ts'
import type { CsvSymbol } from './csv-symbol.ts'
import { CsvTimes } from './csv-times.ts'
import { orderHalves, rowWord, type RowWord } from './row-words.ts'

const SEPARATORS = [44, 59, 9, 124]

/** A reader; what it has read of a row stands in its fields until the next. */
export class CsvReader implements LineReader {
  readonly time = new TimeScan()
  stream = ''
  readonly #path: string
  readonly #run: TableRun<CsvSymbol>
  readonly #options: CsvOptions
  readonly #times: CsvTimes
  readonly #exch = new TimeScan()
  #fields: CsvFields
  #table: CsvTable | undefined
  #bids = new PartialSide(1, 1)
  #asks = new PartialSide(-1, 1)
  #symbol: TableSymbol<CsvSymbol> | undefined
  #word: RowWord = 'trade'
  #side: Side | 0 = 0
  #tick = 0
  #lots = Number.NaN
  #seq = 0
  readonly #order = { high: 0, low: 0 }

  constructor(path: string, run: TableRun<CsvSymbol>, options: CsvOptions) {
    this.#path = path
    this.#run = run
    this.#options = options
    this.#times = new CsvTimes(options)
    this.#fields = new CsvFields(run.place)
  }

  begin(bytes: Uint8Array, from: number, to: number): boolean {
    const { hasHeader, separator } = this.#options
    const fields = new CsvFields(this.#run.place, separator ?? separatorOf(bytes, from, to))
    const cells = fields.first(bytes, from, to)
    const table = csvTable(
      this.#options,
      hasHeader ? cells : undefined,
      cells.length,
      this.#run.place,
    )
    if (hasHeader) fields.setHeader(bytes, from, to)
    else fields.setNames(cells.map((_, i) => `column ${i}`))
    const levels = Math.max(1, table.bids.length, table.asks.length)
    this.#bids = new PartialSide(1, levels)
    this.#asks = new PartialSide(-1, levels)
    this.#fields = fields
    this.#table = table
    return !hasHeader
  }

  read(bytes: Uint8Array, from: number, to: number): boolean {
    const fields = this.#fields
    if (!fields.read(bytes, from, to)) return false
    const table = this.#table!
    const symbol = this.#symbolOf(table)
    if (symbol === undefined) return false
    if (symbol !== this.#symbol) {
      this.#symbol = symbol
      symbol.state.told = table.sentence
      this.stream = `${table.rows} of ${symbol.name}`
    }
    this.#times.read(fields, table, this.time, this.#exch)
    this.#seq = Math.max(fields.idOr0(table.at('seq')), fields.idOr0(table.at('trade_id')))
    if (table.rows === 'quotes' || table.rows === 'snapshots') {
      this.#readSide(this.#bids, table.bids)
      this.#readSide(this.#asks, table.asks)
    } else this.#readOne(table)
    if (table.at('exch_time') >= 0 && table.rows !== 'quotes') {
      const { clock, meter } = this.#run
      meter.note(clock.timeOf(this.time), clock.timeOf(this.#exch))
    }
    return true
  }

  take(time: number): void {
    const symbol = this.#symbol!
    const { state } = symbol
    const tape = symbol.tape!
    const { rows } = this.#table!
    const localTime = time + this.#run.shiftNs
    const exchTime = this.#run.clock.timeOf(this.#exch)
    symbol.messages++
    if (rows === 'orders') {
      this.#takeOrder(symbol, localTime, exchTime)
      return
    }
    if (this.#word === 'snapshot' || this.#word === 'level') {
      const isSnapshot = this.#word === 'snapshot'
      const level = { isSnapshot, side: this.#side as Side, tick: this.#tick, lots: this.#lots }
      if (rows === 'levels') {
        state.level(tape, { localTime, exchTime, seq: this.#seq }, level)
        return
      }
    }
    state.close(tape)
    tape.at(localTime, exchTime, this.#seq)
    if (rows === 'snapshots') state.replace(tape, this.#bids, this.#asks)
    else if (rows === 'quotes') {
      for (const { side, count, ticks, lots } of [this.#bids, this.#asks]) {
        tape.top(side, count > 0 ? ticks[0]! : 0, count > 0 ? lots[0]! : 0)
      }
    } else tape.trade(this.#side, this.#tick, this.#lots)
  }

  #takeOrder(symbol: TableSymbol<CsvSymbol>, localTime: number, exchTime: number): void {
    symbol.state.orders ??= new OrdersTape(symbol.sink!, this.#run.clock.epochNs)
    const { orders } = symbol.state
    const { high, low } = this.#order
    const lots = this.#lots
    orders.at(localTime, exchTime, this.#seq)
    if (this.#word === 'trade') orders.trade(this.#side, this.#tick, lots)
    else if (this.#word === 'add') orders.add(high, low, this.#side as Side, this.#tick, lots)
    else if (this.#word === 'modify') orders.modify(high, low, this.#tick, lots)
    else if (this.#word === 'execute') orders.execute(high, low, lots, this.#tick)
    else orders.cancel(high, low, Number.isNaN(lots) ? undefined : lots)
    orders.countCrossed()
  }

  #symbolOf({ at }: CsvTable): TableSymbol<CsvSymbol> | undefined {
    const { symbols, soleName } = this.#run
    if (at('symbol') >= 0) return symbols.ofRow(this.#fields.row, at('symbol'))
    const [name = 'csv'] = basename(this.#path).split('.')
    return symbols.named(soleName ?? name)
  }

  /** A trade, a level or an event of an order. */
  #readOne({ rows, at }: CsvTable): void {
    const fields = this.#fields
    const { grid } = this.#symbol!
    this.#word = rowWord(fields, at('kind'), rows)
    const sideColumn = at('side')
    const side =
      sideColumn < 0 ? 0 : this.#options.sides.get(fields.row.text(sideColumn).toLowerCase())
    const needsSide = this.#word === 'add' || this.#word === 'level' || this.#word === 'snapshot'
    if (side === undefined || (needsSide && side === 0)) {
      throw fields.bad(sideColumn, 'a word of a side (others are given with --side buy=B,sell=S)')
    }
    this.#side = side
    const isCancel = this.#word === 'cancel'
    this.#tick = isCancel ? 0 : fields.tick(at('price'), grid)
    const isWhole =
      isCancel &&
      (fields.row.isEmpty(at('size')) || /^0(?:\.0*)?$/.test(fields.row.text(at('size'))))
    const mayBe0 = this.#word === 'level' || this.#word === 'snapshot' || this.#word === 'modify'
    if (isWhole) this.#lots = Number.NaN
    else this.#lots = mayBe0 ? fields.lots(at('size'), grid) : fields.lotsAbove0(at('size'), grid)
    if (rows === 'orders' && this.#word !== 'trade')
      orderHalves(fields, at('order_id'), this.#order)
  }

  /** Levels from the best on; an empty price or a size of 0 is no level, no size is one lot. */
  #readSide(side: PartialSide, columns: readonly (readonly [number, number])[]): void {
    const fields = this.#fields
    const { grid } = this.#symbol!
    side.count = 0
    for (const [price, size] of columns) {
      if (fields.row.isEmpty(price)) continue
      fields.decimalOf(price)
      if (fields.decimal.mantissa === 0) continue
      const tick = fields.tick(price, grid)
      const lots = size < 0 ? 1 : fields.lots(size, grid)
      if (lots === 0 || side.push(tick, lots)) continue
      throw new DataError(
        'BAD_FIELD',
        'the levels do not go away from the best price',
        fields.placeOf(price),
      )
    }
  }
}

/** The sign that most often stands in the first line, of comma, semicolon, tab and bar. */
function separatorOf(bytes: Uint8Array, from: number, to: number): number {
  const line = bytes.subarray(from, to)
  const count = (sign: number): number => line.reduce((sum, byte) => sum + Number(byte === sign), 0)
  return SEPARATORS.toSorted((a, b) => count(b) - count(a))[0]!
}
