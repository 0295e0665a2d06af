/** Turns the rows of a CSV file into columns of bars, checking each. */
import { DataError, LobtraderError, type DataPlace } from '../core/index.ts'
import type { BarColumns } from '../market/index.ts'
import { formatInstant, instantNs, midnightBefore } from '../time/index.ts'
import { checkBar, type BarValues } from './bar-rules.ts'
import {
  BAR_FIELDS,
  backtraderLayout,
  genericLayout,
  type BarField,
  type CsvColumns,
  type CsvLayout,
} from './csv-columns.ts'

/** What a time column counts: ISO 8601 text, or a decimal count of a unit since 1970. */
export type CsvTimeUnit = 'iso' | 's' | 'ms' | 'us' | 'ns'

const UNIT_EXPONENT: Readonly<Record<Exclude<CsvTimeUnit, 'iso'>, number>> = {
  s: 9,
  ms: 6,
  us: 3,
  ns: 0,
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const NOT_A_NUMBER = /^[+-]?(?:nan|inf|infinity)$/i

/** How the rows are laid out and which are wanted. */
export interface BarRowsOptions {
  readonly file: string
  readonly format: 'backtrader' | 'generic'
  readonly columns: CsvColumns
  readonly timeUnit: CsvTimeUnit
  readonly separator: string
  readonly hasHeader: boolean
  /** Unix ns, inclusive. */
  readonly from: bigint | undefined
  readonly to: bigint | undefined
}

/** Takes the lines of one file in order. */
export class BarRows {
  readonly #options: BarRowsOptions
  readonly #time: number[] = []
  readonly #columns: Readonly<Record<BarField, number[]>> = {
    open: [],
    high: [],
    low: [],
    close: [],
    volume: [],
    openInterest: [],
  }
  readonly #bar: BarValues = { open: 0, high: 0, low: 0, close: 0, volume: 0, openInterest: 0 }
  #header: readonly string[] | undefined
  #layout: CsvLayout | undefined
  #epochNs = 0n
  #firstNs: bigint | undefined
  #lastNs: bigint | undefined

  constructor(options: BarRowsOptions) {
    this.#options = options
  }

  /** Bars kept so far. */
  get count(): number {
    return this.#time.length
  }

  /** Time of the first row, kept or not, Unix ns. */
  get firstNs(): bigint | undefined {
    return this.#firstNs
  }

  /** Time of the last row, kept or not, Unix ns. */
  get lastNs(): bigint | undefined {
    return this.#lastNs
  }

  /** @throws DataError at `line`, as CsvBars.open */
  take(text: string, line: number): void {
    const { file, separator, hasHeader, from, to } = this.#options
    const fields = text.split(separator)
    if (fields.length === 1 && fields[0]!.trim() === '') return
    if (hasHeader && this.#header === undefined) {
      this.#header = fields.map((field) => field.trim())
      return
    }
    this.#layout ??= this.#makeLayout(fields.length)
    const layout = this.#layout
    if (fields.length !== layout.width) {
      throw new DataError(
        'BAD_FIELD',
        `the row has ${fields.length} fields, expected ${layout.width}`,
        { file, line, value: text.slice(0, 120) },
      )
    }
    const ns = this.#readTime(fields, line)
    if ((from !== undefined && ns < from) || (to !== undefined && ns > to)) return
    const bar = this.#bar
    for (const name of BAR_FIELDS) {
      const place = layout.fields[name]
      bar[name] = place < 0 ? 0 : this.#readNumber(fields[place]!.trim(), name, line)
    }
    checkBar(bar, { file, line })
    this.#time.push(this.#offset(ns, line))
    for (const name of BAR_FIELDS) this.#columns[name].push(bar[name])
  }

  /** Returns the columns; at least one bar must have been kept. */
  finish(symbol: string): BarColumns {
    const columns = this.#columns
    return {
      length: this.#time.length,
      symbol,
      epochNs: this.#epochNs,
      time: Float64Array.from(this.#time),
      open: Float64Array.from(columns.open),
      high: Float64Array.from(columns.high),
      low: Float64Array.from(columns.low),
      close: Float64Array.from(columns.close),
      volume: Float64Array.from(columns.volume),
      openInterest: Float64Array.from(columns.openInterest),
    }
  }

  #makeLayout(rowWidth: number): CsvLayout {
    const { file, format, columns } = this.#options
    return format === 'backtrader'
      ? backtraderLayout(this.#header ?? [], rowWidth, file)
      : genericLayout(columns, this.#header, rowWidth, file)
  }

  #readTime(fields: readonly string[], line: number): bigint {
    const { time, timeOfDay } = this.#layout!
    const date = fields[time]!.trim()
    const text = timeOfDay < 0 ? date : `${date}T${fields[timeOfDay]!.trim()}`
    const place = { file: this.#options.file, line, field: 'time', value: text.slice(0, 64) }
    const ns = this.#parseTime(text, place)
    if (this.#lastNs !== undefined && ns <= this.#lastNs) {
      throw new DataError(
        'TIME_BACKWARDS',
        `"${place.value}" does not come after the row before it, ${formatInstant(this.#lastNs)}`,
        place,
      )
    }
    this.#firstNs ??= ns
    this.#lastNs = ns
    return ns
  }

  #parseTime(text: string, place: DataPlace): bigint {
    const { timeUnit } = this.#options
    try {
      return timeUnit === 'iso' ? instantNs(text) : countNs(text, UNIT_EXPONENT[timeUnit])
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      const expected =
        timeUnit === 'iso'
          ? 'ISO 8601 such as 2006-01-02 or 2006-01-02 09:01:00 (timeUnit reads counts since 1970)'
          : `a count of ${timeUnit} since 1970`
      throw new DataError(
        'BAD_INSTANT',
        `"${place.value}" is not a time; expected ${expected}`,
        place,
      )
    }
  }

  #readNumber(text: string, field: BarField, line: number): number {
    if (NUMBER.test(text)) return Number(text)
    const value = text.slice(0, 64)
    const place = { file: this.#options.file, line, field, value }
    if (NOT_A_NUMBER.test(text)) {
      throw new DataError('NOT_FINITE', `"${value}" is not a finite number`, place)
    }
    throw new DataError('BAD_FIELD', `"${value}" is not a number`, place)
  }

  /** Time since the run's epoch, exact or refused. */
  #offset(ns: bigint, line: number): number {
    if (this.#time.length === 0) this.#epochNs = midnightBefore(ns)
    const offset = Number(ns - this.#epochNs)
    if (BigInt(offset) !== ns - this.#epochNs) {
      throw new DataError(
        'OUT_OF_RANGE',
        'the time is too fine for a file this long: a double holds whole nanoseconds for 104 ' +
          'days, milliseconds for 18 years; read it in parts with from and to',
        { file: this.#options.file, line, field: 'time', value: formatInstant(ns) },
      )
    }
    return offset
  }
}

/** Nanoseconds of a decimal count of units of 10^exponent ns; exact, hence no number type. */
function countNs(text: string, exponent: number): bigint {
  const [, whole = '', fraction = ''] = /^(-?\d{1,19})(?:\.(\d+))?$/.exec(text) ?? []
  const digits = fraction.replace(/0+$/, '')
  if (whole === '' || digits.length > exponent) {
    throw new LobtraderError('BAD_INSTANT', `"${text}" is not a count of whole nanoseconds`)
  }
  return BigInt(whole + digits.padEnd(exponent, '0'))
}
