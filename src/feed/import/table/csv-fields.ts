/** The fields of the CSV row at hand as values, each fault told with its place and name. */
import { DataError } from '../../../core/index.ts'
import { CsvRow } from '../../input/csv-row.ts'
import { DecimalFault, DecimalScan } from '../../input/decimal-scan.ts'
import type { TimeScan, TimeUnit } from '../../input/time-scan.ts'
import { shownText } from '../field-error.ts'
import { plainDecimal } from './plain-decimal.ts'
import type { LinePlace } from './line-place.ts'
import type { ValueGrid } from './value-grid.ts'

const COMMA = 44

/** Ids beyond this are no safe integers: 10^15 < 2^53. */
const ID_DIGITS_MAX = 15

const YEAR_1980_S = 315_532_800
const YEAR_2100_S = 4_102_444_800

const EXPECTED: Readonly<Record<TimeUnit, string>> = {
  s: 'Unix seconds',
  ms: 'Unix milliseconds',
  us: 'Unix microseconds',
  ns: 'Unix nanoseconds',
  iso: 'a time such as 2024-08-08 23:55:00.123456',
}

/** Reads rows of one file; columns count from 0. */
export class CsvFields {
  readonly row = new CsvRow()
  readonly decimal = new DecimalScan()
  readonly place: LinePlace
  readonly separator: number
  /** Names of the columns for messages: those of the header, else `column 1` and so on. */
  names: readonly string[] = []
  /** Columns of every row; -1 while any number will do. */
  width = -1
  #header: Uint8Array | undefined

  constructor(place: LinePlace, separator = COMMA) {
    this.place = place
    this.separator = separator
  }

  /** Splits the first line and returns its fields. @throws DataError BAD_FIELD */
  first(bytes: Uint8Array, from: number, to: number): string[] {
    this.#split(bytes, from, to)
    return this.row.texts()
  }

  /** Takes the first line for a header: every row has as many fields, and the line may come again. */
  setHeader(bytes: Uint8Array, from: number, to: number): void {
    this.names = this.row.texts()
    this.width = this.names.length
    this.#header = bytes.slice(from, to)
  }

  /** Every row has this many fields, under these names for messages. */
  setNames(names: readonly string[]): void {
    this.names = names
    this.width = names.length
  }

  /**
   * Splits a line; false for a blank one and for a header that comes again, as in an archive of
   * several days.
   *
   * @throws DataError BAD_FIELD for broken quotes or another number of fields
   */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    this.#split(bytes, from, to)
    const { count } = this.row
    if (count === 0 || (this.#header !== undefined && this.#isHeader(bytes, from, to))) return false
    if (this.width >= 0 && count !== this.width) {
      throw new DataError('BAD_FIELD', `the row has ${count} fields, expected ${this.width}`, {
        ...this.place.of(),
        value: shownText(textOf(bytes, from, to)),
      })
    }
    return true
  }

  /** Returns the tick of a price. @throws DataError BAD_DECIMAL, OFF_GRID or OUT_OF_RANGE */
  tick(i: number, grid: ValueGrid): number {
    this.decimalOf(i)
    const { mantissa, scale } = this.decimal
    const tick = grid.tickOf(mantissa, scale)
    if (!Number.isNaN(tick)) return tick
    throw grid.badPrice(plainDecimal(mantissa, scale), this.placeOf(i))
  }

  /** Returns the lots of a size. @throws DataError BAD_DECIMAL, NEGATIVE or OUT_OF_RANGE, FinerSize */
  lots(i: number, grid: ValueGrid): number {
    this.decimalOf(i)
    const { mantissa, scale } = this.decimal
    if (mantissa < 0) {
      throw new DataError(
        'NEGATIVE',
        `a size is 0 or more, was ${this.row.text(i)}`,
        this.placeOf(i),
      )
    }
    const lots = grid.lotsOf(mantissa, scale)
    if (!Number.isNaN(lots)) return lots
    throw grid.badSize(plainDecimal(mantissa, scale), this.placeOf(i))
  }

  /** Returns the lots of a size above 0. @throws DataError as {@link lots}, BAD_FIELD for 0 */
  lotsAbove0(i: number, grid: ValueGrid): number {
    const lots = this.lots(i, grid)
    if (this.decimal.mantissa === 0) throw this.bad(i, 'a size above 0')
    return lots
  }

  /** Returns the tick of a price above 0. @throws DataError as {@link tick}, NEGATIVE, BAD_FIELD */
  tickAbove0(i: number, grid: ValueGrid): number {
    const tick = this.tick(i, grid)
    if (this.decimal.mantissa > 0) return tick
    throw new DataError(
      this.decimal.mantissa < 0 ? 'NEGATIVE' : 'BAD_FIELD',
      `expected a price above 0, was ${this.row.text(i)}`,
      this.placeOf(i),
    )
  }

  /**
   * Reads a moment into `into`; one far from now is of another unit.
   *
   * @throws DataError BAD_INSTANT
   */
  time(i: number, unit: TimeUnit, into: TimeScan): void {
    if (this.anyTime(i, unit, into)) {
      if (into.seconds >= YEAR_1980_S && into.seconds < YEAR_2100_S) return
    }
    throw this.badTime(i, unit)
  }

  /** Reads a moment of any year into `into`; false when it is none. */
  anyTime(i: number, unit: TimeUnit, into: TimeScan): boolean {
    const { row } = this
    return i < row.count && into.read(row.bytes, row.from[i]!, row.to[i]!, unit)
  }

  /** Returns the error of a field that is no moment. */
  badTime(i: number, unit: TimeUnit): DataError {
    const { row } = this
    return new DataError(
      'BAD_INSTANT',
      `expected ${EXPECTED[unit]} between 1980 and 2100, was ${shownText(row.text(i))}`,
      this.placeOf(i),
    )
  }

  /** Returns a whole number from 0 to 10^15. @throws DataError BAD_FIELD */
  id(i: number): number {
    const id = this.idOr0(i)
    if (id > 0 || this.row.text(i) === '0') return id
    throw this.bad(i, 'a whole number from 0 to 10^15')
  }

  /** Returns a whole number as {@link id}, 0 for anything else, such as ids with letters. */
  idOr0(i: number): number {
    const { row } = this
    if (i < 0 || i >= row.count) return 0
    const from = row.from[i]!
    const to = row.to[i]!
    if (to - from > ID_DIGITS_MAX) return 0
    let value = 0
    for (let at = from; at < to; at++) {
      const digit = row.bytes[at]! - 48
      if (!(digit >= 0 && digit <= 9)) return 0
      value = value * 10 + digit
    }
    return value
  }

  /** Returns the error of a field that holds something else than `expected`. */
  bad(i: number, expected: string): DataError {
    return new DataError(
      'BAD_FIELD',
      `expected ${expected}, was ${i < this.row.count ? shownText(this.row.text(i)) : 'absent'}`,
      this.placeOf(i),
    )
  }

  /** Place of a field of the row at hand. */
  placeOf(i: number): ReturnType<LinePlace['of']> {
    return this.place.of(this.names[i] ?? `column ${i + 1}`, this.row.text(i))
  }

  /** Reads field `i` into {@link decimal}; false for a decimal that 2^53 cannot hold. */
  isShortDecimal(i: number): boolean {
    const { row } = this
    const fault = this.decimal.read(row.bytes, row.from[i]!, row.to[i]!)
    if (fault === DecimalFault.NotDecimal) throw this.bad(i, 'a decimal number')
    return fault === DecimalFault.None
  }

  /** Reads field `i` into {@link decimal}. @throws DataError BAD_DECIMAL */
  decimalOf(i: number): void {
    const { row } = this
    const fault =
      i < row.count
        ? this.decimal.read(row.bytes, row.from[i]!, row.to[i]!)
        : DecimalFault.NotDecimal
    if (fault === DecimalFault.None) return
    const text = shownText(row.text(i))
    throw new DataError(
      'BAD_DECIMAL',
      fault === DecimalFault.NotDecimal
        ? `expected a decimal number, was ${text}`
        : `${text} has more digits than 2^53 holds, or more than 15 decimal places`,
      this.placeOf(i),
    )
  }

  #split(bytes: Uint8Array, from: number, to: number): void {
    const fault = this.row.split(bytes, from, to, this.separator)
    if (fault === '') return
    throw new DataError('BAD_FIELD', `the row has ${fault}`, {
      ...this.place.of(),
      value: shownText(textOf(bytes, from, to)),
    })
  }

  #isHeader(bytes: Uint8Array, from: number, to: number): boolean {
    const header = this.#header!
    if (to - from !== header.length) return false
    for (let i = 0; i < header.length; i++) {
      if (bytes[from + i] !== header[i]) return false
    }
    return true
  }
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  const length = Math.min(to - from, 100)
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString('latin1')
}
