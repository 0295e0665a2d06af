/** Writes the fills and samples of a run into the columns of its record. */
import type { Instrument } from '../market/index.ts'
import type { FillColumns, SampleColumns } from './run-record.ts'

/**
 * One fill as the engine hands it over, in data ticks and lots: what they are in decimals is said
 * when all are there, see {@link FillColumns}.
 */
export interface FillRow {
  readonly instrument: number
  readonly orderId: number
  readonly side: number
  readonly price: number
  readonly size: number
  readonly maker: boolean
  readonly fee: number
  readonly exchTime: number
  readonly localTime: number
  readonly position: number
  readonly queueAhead: number
  readonly bidPrice: number
  readonly bidSize: number
  readonly askPrice: number
  readonly askSize: number
}

const FILL_FIELDS = [
  'instrument',
  'orderId',
  'side',
  'price',
  'size',
  'maker',
  'fee',
  'exchTime',
  'localTime',
  'position',
  'queueAhead',
  'bidPrice',
  'bidSize',
  'askPrice',
  'askSize',
] as const satisfies readonly (keyof FillRow)[]
const IN_TICKS = ['price', 'bidPrice', 'askPrice'] as const satisfies readonly (keyof FillRow)[]
const IN_LOTS = [
  'size',
  'position',
  'queueAhead',
  'bidSize',
  'askSize',
] as const satisfies readonly (keyof FillRow)[]

/** Rows in a page; the first holds fewer. */
const PAGE = 4096
const FIRST_PAGE = 256

/**
 * Rows of doubles that stand together until all are there: each is written at once. They stand in
 * pages, which never move.
 */
class DoubleRows {
  length = 0
  /** The page of the row that was added last. */
  page: Float64Array
  readonly #pages: Float64Array[]
  readonly #width: number = 0
  #end = 0

  constructor(width: number) {
    this.#width = width
    this.page = new Float64Array(FIRST_PAGE * width)
    this.#pages = [this.page]
  }

  /** Adds a row and returns where in {@link page} it begins. */
  add(): number {
    if (this.#end === this.page.length) {
      this.page = new Float64Array(PAGE * this.#width)
      this.#pages.push(this.page)
      this.#end = 0
    }
    const at = this.#end
    this.#end = at + this.#width
    this.length++
    return at
  }

  /** Returns a field of all rows, in this order of rows or in that of their coming. */
  column(field: number, order?: Float64Array): Float64Array {
    const column = new Float64Array(this.length)
    let row = 0
    for (const page of this.#pages) {
      for (let at = field; at < page.length && row < column.length; at += this.#width) {
        column[row++] = page[at]!
      }
    }
    return order === undefined ? column : column.map((_, i) => column[order[i]!]!)
  }
}

/** Fills in order of exchange time. */
export class FillRecorder {
  readonly #rows = new DoubleRows(FILL_FIELDS.length)

  get length(): number {
    return this.#rows.length
  }

  push(row: FillRow): void {
    let at = this.#rows.add()
    const { page } = this.#rows
    // In the order of the fields, which a loop over their names would look up anew at each fill.
    page[at++] = row.instrument
    page[at++] = row.orderId
    page[at++] = row.side
    page[at++] = row.price
    page[at++] = row.size
    page[at++] = row.maker ? 1 : 0
    page[at++] = row.fee
    page[at++] = row.exchTime
    page[at++] = row.localTime
    page[at++] = row.position
    page[at++] = row.queueAhead
    page[at++] = row.bidPrice
    page[at++] = row.bidSize
    page[at++] = row.askPrice
    page[at] = row.askSize
  }

  /**
   * Returns the fills in order of exchange time, then of instrument.
   *
   * @param instruments by their number in the rows
   */
  finish(instruments: readonly Instrument[]): FillColumns {
    const order = this.#order()
    const fields = FILL_FIELDS.map((name, field) => [name, this.#rows.column(field, order)])
    const columns = Object.fromEntries(fields) as Record<(typeof FILL_FIELDS)[number], Float64Array>
    const { instrument } = columns
    for (const name of IN_TICKS) {
      columns[name].forEach((ticks, i, column) => {
        column[i] = instruments[instrument[i]!]!.price(ticks)
      })
    }
    for (const name of IN_LOTS) {
      columns[name].forEach((lots, i, column) => {
        column[i] = instruments[instrument[i]!]!.size(lots)
      })
    }
    return {
      ...columns,
      length: this.length,
      instrument: new Uint16Array(columns.instrument),
      side: new Int8Array(columns.side),
      maker: new Uint8Array(columns.maker),
    }
  }

  /** Rows in order; undefined where they stand in it, as those of one instrument always do. */
  #order(): Float64Array | undefined {
    const instrument = this.#rows.column(FILL_FIELDS.indexOf('instrument'))
    if (instrument.every((each) => each === instrument[0])) return undefined
    const time = this.#rows.column(FILL_FIELDS.indexOf('exchTime'))
    const rows = Float64Array.from(instrument, (_, row) => row)
    return rows.sort((a, b) => time[a]! - time[b]! || instrument[a]! - instrument[b]! || a - b)
  }
}

/** One sample as the engine hands it over; see {@link SampleColumns}. */
export type SampleRow = {
  readonly [K in Exclude<keyof SampleColumns, 'length' | 'intervalNs'>]: number
}

const SAMPLE_FIELDS = [
  'time',
  'bidPrice',
  'askPrice',
  'bidSize',
  'askSize',
  'mark',
  'position',
  'cash',
  'fees',
  'funding',
  'equity',
  'ownBid',
  'ownAsk',
] as const satisfies readonly (keyof SampleRow)[]

/** Samples at a regular interval. */
export class SampleRecorder {
  readonly intervalNs: number
  readonly #rows = new DoubleRows(SAMPLE_FIELDS.length)
  #lastTime = Number.NaN

  constructor(intervalNs: number) {
    this.intervalNs = intervalNs
  }

  /** Time of the last sample, NaN before the first. */
  get lastTime(): number {
    return this.#lastTime
  }

  push(row: SampleRow): void {
    let at = this.#rows.add()
    const { page } = this.#rows
    // In the order of the fields, as fills are.
    page[at++] = row.time
    page[at++] = row.bidPrice
    page[at++] = row.askPrice
    page[at++] = row.bidSize
    page[at++] = row.askSize
    page[at++] = row.mark
    page[at++] = row.position
    page[at++] = row.cash
    page[at++] = row.fees
    page[at++] = row.funding
    page[at++] = row.equity
    page[at++] = row.ownBid
    page[at] = row.ownAsk
    this.#lastTime = row.time
  }

  finish(): SampleColumns {
    const columns = Object.fromEntries(
      SAMPLE_FIELDS.map((name, field) => [name, this.#rows.column(field)]),
    ) as Record<(typeof SAMPLE_FIELDS)[number], Float64Array>
    return { length: columns.time.length, intervalNs: this.intervalNs, ...columns }
  }
}
