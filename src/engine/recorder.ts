/** Writes the orders, fills and samples of a run into the columns of its record. */
import type { Instrument } from '../market/index.ts'
import {
  ORDER_STATUSES,
  ORDER_TYPES,
  TIMES_IN_FORCE,
  TRIGGER_SOURCES,
  type Order,
  type OrderRef,
} from '../order/index.ts'
import { Column } from './column.ts'
import type { FillColumns, OrderColumns, SampleColumns, SpecialOrderColumns } from './run-record.ts'

/** One fill as the engine hands it over, in decimals; see {@link FillColumns}. */
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

/** Fills in order of exchange time; each stands together until all are there. */
export class FillRecorder {
  #rows = new Float64Array(256 * FILL_FIELDS.length)
  length = 0

  push(row: FillRow): void {
    let at = this.length * FILL_FIELDS.length
    if (at === this.#rows.length) this.#grow()
    const rows = this.#rows
    // In the order of the fields, which a loop over their names would look up anew at each fill.
    rows[at++] = row.instrument
    rows[at++] = row.orderId
    rows[at++] = row.side
    rows[at++] = row.price
    rows[at++] = row.size
    rows[at++] = row.maker ? 1 : 0
    rows[at++] = row.fee
    rows[at++] = row.exchTime
    rows[at++] = row.localTime
    rows[at++] = row.position
    rows[at++] = row.queueAhead
    rows[at++] = row.bidPrice
    rows[at++] = row.bidSize
    rows[at++] = row.askPrice
    rows[at] = row.askSize
    this.length++
  }

  /** Returns the fills in order of exchange time, then of instrument. */
  finish(): FillColumns {
    const rows = this.#order()
    const fields = FILL_FIELDS.map((name) => [name, this.#column(name, rows)])
    const columns = Object.fromEntries(fields) as Record<(typeof FILL_FIELDS)[number], Float64Array>
    return {
      ...columns,
      length: this.length,
      instrument: new Uint16Array(columns.instrument),
      side: new Int8Array(columns.side),
      maker: new Uint8Array(columns.maker),
    }
  }

  #column(name: (typeof FILL_FIELDS)[number], order?: Float64Array): Float64Array {
    const column = new Float64Array(this.length)
    const field = FILL_FIELDS.indexOf(name)
    for (let i = 0; i < column.length; i++) {
      column[i] = this.#rows[(order === undefined ? i : order[i]!) * FILL_FIELDS.length + field]!
    }
    return column
  }

  /** Rows in order; undefined where they stand in it, as those of one instrument always do. */
  #order(): Float64Array | undefined {
    const instrument = this.#column('instrument')
    if (instrument.every((each) => each === instrument[0])) return undefined
    const time = this.#column('exchTime')
    const rows = Float64Array.from(instrument, (_, row) => row)
    return rows.sort((a, b) => time[a]! - time[b]! || instrument[a]! - instrument[b]! || a - b)
  }

  #grow(): void {
    const wider = new Float64Array(this.#rows.length * 2)
    wider.set(this.#rows)
    this.#rows = wider
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
  readonly #columns = Object.fromEntries(
    SAMPLE_FIELDS.map((name) => [name, new Column()]),
  ) as Record<(typeof SAMPLE_FIELDS)[number], Column>
  #lastTime = Number.NaN

  constructor(intervalNs: number) {
    this.intervalNs = intervalNs
  }

  /** Time of the last sample, NaN before the first. */
  get lastTime(): number {
    return this.#lastTime
  }

  push(row: SampleRow): void {
    for (const name of SAMPLE_FIELDS) this.#columns[name].push(row[name])
    this.#lastTime = row.time
  }

  finish(): SampleColumns {
    const columns = Object.fromEntries(
      SAMPLE_FIELDS.map((name) => [name, this.#columns[name].values]),
    ) as Record<(typeof SAMPLE_FIELDS)[number], Float64Array>
    return { length: columns.time.length, intervalNs: this.intervalNs, ...columns }
  }
}

type Numbers = (of: (order: Order) => number) => Float64Array

const POST_ONLY = [undefined, 'reject', 'slide'] as const

/** Returns the columns of what only some orders ask for; none where none does. */
function specialColumns(orders: readonly Order[], numbers: Numbers): Partial<SpecialOrderColumns> {
  if (orders.every(({ special }) => special === undefined)) return {}
  const flags = (of: (order: Order) => number): Uint8Array => Uint8Array.from(numbers(of))
  const idOf = (other: OrderRef | undefined): number => other?.id ?? Number.NaN
  return {
    trigger: numbers((order) => order.trigger),
    triggerBy: flags(({ special }) =>
      special?.triggerBy === undefined ? 0 : 1 + TRIGGER_SOURCES.indexOf(special.triggerBy),
    ),
    triggerExch: numbers((order) => order.triggerExch),
    triggerLocal: numbers((order) => order.triggerLocal),
    displaySize: numbers((order) => order.displaySize),
    reduceOnly: flags((order) => (order.isReduceOnly ? 1 : 0)),
    postOnly: flags(({ special }) => POST_ONLY.indexOf(special?.postOnly)),
    expireExch: numbers((order) => order.expireTime),
    parent: numbers(({ special }) => idOf(special?.parent)),
    oco: numbers(({ special }) => idOf(special?.oco)),
    ouo: numbers(({ special }) => idOf(special?.ouo)),
  }
}

/** Returns the order table of a run over these instruments. */
export function orderColumns(
  orders: readonly Order[],
  instruments: readonly Instrument[],
): OrderColumns {
  // A plain loop: Float64Array.from walks an iterator and is several times slower.
  const numbers = (of: (order: Order) => number): Float64Array => {
    const column = new Float64Array(orders.length)
    for (let i = 0; i < orders.length; i++) column[i] = of(orders[i]!)
    return column
  }
  return {
    ...specialColumns(orders, numbers),
    length: orders.length,
    instrument: Uint16Array.from(numbers((order) => instruments.indexOf(order.instrument))),
    id: numbers((order) => order.id),
    side: Int8Array.from(numbers((order) => order.side)),
    type: Uint8Array.from(numbers((order) => ORDER_TYPES.indexOf(order.type))),
    tif: Uint8Array.from(numbers((order) => TIMES_IN_FORCE.indexOf(order.timeInForce))),
    price: numbers((order) => order.price),
    size: numbers((order) => order.size),
    filled: numbers((order) => order.filled),
    averagePrice: numbers((order) => order.averagePrice),
    status: Uint8Array.from(numbers((order) => ORDER_STATUSES.indexOf(order.status))),
    submitLocal: numbers((order) => order.submitLocal),
    acceptExch: numbers((order) => order.acceptExch),
    acceptLocal: numbers((order) => order.acceptLocal),
    cancelLocal: numbers((order) => order.cancelLocal),
    doneExch: numbers((order) => order.doneExch),
    doneLocal: numbers((order) => order.doneLocal),
    queueAhead: numbers((order) => order.instrument.size(order.queueAheadLots)),
  }
}
