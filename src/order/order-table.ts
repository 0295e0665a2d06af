/**
 * The orders of one owner as columns: a run has hundreds of thousands, and an object with a field
 * for each of their times costs the collector more than the run costs anything else.
 */

/** Columns that grow by doubling; a row for each order. Times are ns since the epoch. */
export class OrderTable {
  length = 0
  /** Indices in the vocabularies of `order-types.ts`, and +1 or -1. */
  status: Uint8Array
  type: Uint8Array
  timeInForce: Uint8Array
  side: Int8Array
  /** Bits of {@link OrderFlag}. */
  flags: Uint8Array
  id: Int32Array
  /** Name at the exchange. */
  index: Int32Array
  owner: Uint16Array
  priceTicks: Float64Array
  sizeLots: Float64Array
  filledLots: Float64Array
  filledTickLots: Float64Array
  queueAheadLots: Float64Array
  submitLocal: Float64Array
  acceptExch: Float64Array
  acceptLocal: Float64Array
  cancelLocal: Float64Array
  doneExch: Float64Array
  doneLocal: Float64Array
  /** Places in {@link OrderTable.reasonTexts}; most orders share a few. */
  reason: Int32Array
  readonly reasonTexts: string[] = ['']
  /** Only rows that wait for a price, or have waited. */
  readonly triggers = new Map<number, OrderTrigger>()
  readonly #reasonCodes = new Map<string, number>([['', 0]])
  #capacity: number

  /** @param capacity orders that it holds before it grows, 1 or more */
  constructor(capacity = 256) {
    this.#capacity = capacity
    this.status = new Uint8Array(capacity)
    this.type = new Uint8Array(capacity)
    this.timeInForce = new Uint8Array(capacity)
    this.side = new Int8Array(capacity)
    this.flags = new Uint8Array(capacity)
    this.reason = new Int32Array(capacity)
    this.id = new Int32Array(capacity)
    this.index = new Int32Array(capacity)
    this.owner = new Uint16Array(capacity)
    this.priceTicks = new Float64Array(capacity)
    this.sizeLots = new Float64Array(capacity)
    this.filledLots = new Float64Array(capacity)
    this.filledTickLots = new Float64Array(capacity)
    this.queueAheadLots = new Float64Array(capacity)
    this.submitLocal = new Float64Array(capacity)
    this.acceptExch = new Float64Array(capacity)
    this.acceptLocal = new Float64Array(capacity)
    this.cancelLocal = new Float64Array(capacity)
    this.doneExch = new Float64Array(capacity)
    this.doneLocal = new Float64Array(capacity)
  }

  /** Adds a row in which nothing is known yet and returns it. */
  add(): number {
    if (this.length === this.#capacity) this.#grow()
    const row = this.length++
    this.queueAheadLots[row] = Number.NaN
    this.submitLocal[row] = Number.NaN
    this.acceptExch[row] = Number.NaN
    this.acceptLocal[row] = Number.NaN
    this.cancelLocal[row] = Number.NaN
    this.doneExch[row] = Number.NaN
    this.doneLocal[row] = Number.NaN
    return row
  }

  /** Gives a row its reason. */
  setReason(row: number, text: string): void {
    let code = this.#reasonCodes.get(text)
    if (code === undefined) {
      code = this.reasonTexts.push(text) - 1
      this.#reasonCodes.set(text, code)
    }
    this.reason[row] = code
  }

  #grow(): void {
    this.#capacity *= 2
    this.status = grown(this.status)
    this.type = grown(this.type)
    this.timeInForce = grown(this.timeInForce)
    this.side = grown(this.side)
    this.flags = grown(this.flags)
    this.reason = grown(this.reason)
    this.id = grown(this.id)
    this.index = grown(this.index)
    this.owner = grown(this.owner)
    this.priceTicks = grown(this.priceTicks)
    this.sizeLots = grown(this.sizeLots)
    this.filledLots = grown(this.filledLots)
    this.filledTickLots = grown(this.filledTickLots)
    this.queueAheadLots = grown(this.queueAheadLots)
    this.submitLocal = grown(this.submitLocal)
    this.acceptExch = grown(this.acceptExch)
    this.acceptLocal = grown(this.acceptLocal)
    this.cancelLocal = grown(this.cancelLocal)
    this.doneExch = grown(this.doneExch)
    this.doneLocal = grown(this.doneLocal)
  }
}

/** What is either so or not of an order. */
export const OrderFlag = {
  /** Waits at the exchange outside the book. */
  Parked: 1,
  /** An amendment of it is on its way. */
  Amending: 2,
} as const

/** What waits for a price knows of it. */
export interface OrderTrigger {
  /** Data ticks as last confirmed. */
  ticks: number
  /** When it was met, exchange clock and local clock; NaN before. */
  exch: number
  local: number
}

type Grown = Uint8Array | Int8Array | Uint16Array | Int32Array | Float64Array

function grown<T extends Grown>(column: T): T {
  const wider = new (column.constructor as new (length: number) => T)(column.length * 2)
  wider.set(column)
  return wider
}
