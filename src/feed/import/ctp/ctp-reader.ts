/** Reads the rows of one file of CTP snapshots. */
import { basename } from 'node:path'
import { DataError } from '../../../core/index.ts'
import { TimeZone } from '../../../time/index.ts'
import { TimeScan } from '../../input/time-scan.ts'
import { CsvFields } from '../table/csv-fields.ts'
import type { LineReader } from '../table/line-reader.ts'
import { PartialSide } from '../table/partial-book.ts'
import type { TableRun } from '../table/table-format.ts'
import type { TableSymbol } from '../table/table-symbol.ts'
import { InstrumentGrid, type ValueGrid } from '../table/value-grid.ts'
import { ctpColumns, type CtpColumns } from './ctp-columns.ts'
import type { CtpSymbol } from './ctp-symbol.ts'
import { WallTimes } from './wall-time.ts'

const LEVELS_MAX = 5
const TURNOVER = /^(\d{1,18})(?:\.(\d+))?$/
/** CTP writes the greatest double where it has no value. */
const NO_VALUE = '1.7976931348623'

/** Where the clocks of the exchanges stand that send CTP. */
export const CTP_TIME_ZONE = 'Asia/Shanghai'

/** A reader; what it has read of a row stands in its fields until the next. */
export class CtpReader implements LineReader {
  readonly time = new TimeScan()
  stream = ''
  readonly #path: string
  readonly #run: TableRun<CtpSymbol>
  readonly #wall: WallTimes
  readonly #fields: CsvFields
  readonly #bids = new PartialSide(1, LEVELS_MAX)
  readonly #asks = new PartialSide(-1, LEVELS_MAX)
  #columns: CtpColumns | undefined
  #symbol: TableSymbol<CtpSymbol> | undefined
  #tradingDate = ''
  #cumLots = 0
  #cumValue = 0
  #lots = Number.NaN
  #value = Number.NaN
  #lowTick = Number.NaN
  #highTick = Number.NaN
  #isSettled = false

  constructor(path: string, run: TableRun<CtpSymbol>, timeZone: string) {
    this.#path = path
    this.#run = run
    this.#wall = new WallTimes(new TimeZone(timeZone))
    this.#fields = new CsvFields(run.place)
  }

  begin(bytes: Uint8Array, from: number, to: number): boolean {
    this.#columns = ctpColumns(this.#fields.first(bytes, from, to), this.#run.place)
    this.#fields.setHeader(bytes, from, to)
    return false
  }

  read(bytes: Uint8Array, from: number, to: number): boolean {
    const fields = this.#fields
    if (!fields.read(bytes, from, to)) return false
    const columns = this.#columns!
    const symbol = this.#symbolOf(columns)
    if (symbol === undefined) return false
    if (symbol !== this.#symbol) {
      this.#symbol = symbol
      this.stream = `snapshots of ${symbol.name}`
    }
    this.#readTime(columns)
    const { grid } = symbol
    this.#readSide(this.#bids, columns.bids, grid)
    this.#readSide(this.#asks, columns.asks, grid)
    this.#lowTick = this.#price(columns.low, grid)
    this.#highTick = this.#price(columns.high, grid)
    this.#isSettled = !Number.isNaN(this.#price(columns.settle, grid))
    this.#tradingDate = fields.row.text(columns.tradingDate)
    this.#cumLots = fields.lots(columns.cumVolume, grid)
    this.#lots = columns.volume < 0 ? Number.NaN : fields.lots(columns.volume, grid)
    this.#readTurnover(columns, grid, symbol.state)
    return true
  }

  take(localTime: number): void {
    const symbol = this.#symbol!
    symbol.messages++
    symbol.state.write(symbol.tape!, {
      localTime,
      place: this.#run.place.of(),
      tradingDate: this.#tradingDate,
      cumLots: this.#cumLots,
      cumValue: this.#cumValue,
      lots: this.#lots,
      value: this.#value,
      lowTick: this.#lowTick,
      highTick: this.#highTick,
      isSettled: this.#isSettled,
      bids: this.#bids,
      asks: this.#asks,
    })
  }

  #symbolOf({ code, exchange }: CtpColumns): TableSymbol<CtpSymbol> | undefined {
    const { symbols, soleName } = this.#run
    if (code >= 0) return symbols.ofRow(this.#fields.row, code, exchange)
    const [name = 'ctp'] = basename(this.#path).split('.')
    return symbols.named(soleName ?? name)
  }

  #readTime({ epochMs, date, clock, millisecond }: CtpColumns): void {
    const fields = this.#fields
    if (epochMs >= 0) fields.time(epochMs, 'ms', this.time)
    else this.#wall.read(fields, { date, clock, millisecond }, this.time)
  }

  #readSide(
    side: PartialSide,
    columns: readonly (readonly [number, number])[],
    grid: ValueGrid,
  ): void {
    const fields = this.#fields
    side.count = 0
    for (const [price, size] of columns) {
      const tick = this.#price(price, grid)
      const lots = Number.isNaN(tick) ? 0 : fields.lots(size, grid)
      // Levels that a thin book lacks are zeros.
      if (lots === 0) continue
      if (side.push(tick, lots)) continue
      throw new DataError(
        'BAD_FIELD',
        'the levels do not go away from the best price',
        fields.placeOf(price),
      )
    }
  }

  /** Returns the tick of a price, NaN where there is none: an empty field, 0, the greatest double. */
  #price(column: number, grid: ValueGrid): number {
    const fields = this.#fields
    if (column < 0 || fields.row.isEmpty(column)) return Number.NaN
    if (fields.row.text(column).startsWith(NO_VALUE)) return Number.NaN
    fields.decimalOf(column)
    return fields.decimal.mantissa === 0 ? Number.NaN : fields.tick(column, grid)
  }

  /** Turnover as tick-lots; while the grids are measured, what gives the multiplier. */
  #readTurnover(
    { cumTurnover, turnover, last }: CtpColumns,
    grid: ValueGrid,
    state: CtpSymbol,
  ): void {
    const fields = this.#fields
    if (grid instanceof InstrumentGrid) {
      this.#cumValue = this.#valueOf(cumTurnover, grid)
      this.#value = turnover < 0 ? Number.NaN : this.#valueOf(turnover, grid)
      return
    }
    this.#price(last, grid)
    const { row } = fields
    state.note(this.#cumLots, Number(row.text(cumTurnover)), Number(row.text(last)))
  }

  #valueOf(column: number, { instrument }: InstrumentGrid): number {
    const fields = this.#fields
    const [, whole, fraction = ''] = TURNOVER.exec(fields.row.text(column)) ?? []
    if (whole === undefined) throw fields.bad(column, 'a turnover of 0 or more')
    const { priceGrid, sizeGrid, spec } = instrument
    const [multiplier, decimals = ''] = spec.multiplier.split('.')
    // turnover / (multiplier x tick x lot), rounded to whole tick-lots, all in integers.
    const digits = fraction.slice(0, 9)
    const scale = priceGrid.scale + sizeGrid.scale + decimals.length
    const top = BigInt(whole + digits) * 10n ** BigInt(scale)
    const step = BigInt(priceGrid.step) * BigInt(sizeGrid.step) * BigInt(`${multiplier}${decimals}`)
    const bottom = step * 10n ** BigInt(digits.length)
    const value = Number((2n * top + bottom) / (2n * bottom))
    if (Number.isSafeInteger(value)) return value
    throw fields.bad(column, 'a turnover below 2^53 tick-lots')
  }
}
