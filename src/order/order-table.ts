/**
 * The orders of one owner in one block of memory: a run has hundreds of thousands, and an object
 * with a field for each of their times costs the collector more than anything else in the run.
 *
 * All that is known of an order stands together, so that a step of its life touches two lines of the
 * processor's cache and not one for each field.
 */

/** Doubles that one order takes. */
const STRIDE = 16
/** log2 of the 32-bit words, and of the bytes, that it takes. */
const WORD_SHIFT = 5
const BYTE_SHIFT = 7

/** Places of the doubles of an order; times are ns since the epoch. */
export const OrderField = {
  PriceTicks: 0,
  SizeLots: 1,
  FilledLots: 2,
  FilledTickLots: 3,
  QueueAheadLots: 4,
  SubmitLocal: 5,
  AcceptExch: 6,
  AcceptLocal: 7,
  CancelLocal: 8,
  DoneExch: 9,
  DoneLocal: 10,
} as const

/** Places of its 32-bit words. */
export const OrderWord = { Id: 22, Index: 23, Reason: 24, Owner: 25 } as const

/** Places of its bytes: indices in the vocabularies of `order-types.ts`, 1 for a sell, and flags. */
export const OrderByte = {
  Status: 104,
  Type: 105,
  TimeInForce: 106,
  Side: 107,
  Flags: 108,
} as const

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

/** @see module comment */
export class OrderTable {
  length = 0
  /** Only rows that wait for a price, or have waited. */
  readonly triggers = new Map<number, OrderTrigger>()
  readonly #reasonTexts: string[] = ['']
  readonly #reasonCodes = new Map<string, number>([['', 0]])
  #doubles: Float64Array
  #words: Int32Array
  #bytes: Uint8Array

  /** @param capacity orders that it holds before it grows, 1 or more */
  constructor(capacity = 256) {
    this.#doubles = new Float64Array(capacity * STRIDE)
    this.#words = new Int32Array(this.#doubles.buffer)
    this.#bytes = new Uint8Array(this.#doubles.buffer)
  }

  /** Adds a row in which nothing is known yet and returns it. */
  add(): number {
    if ((this.length + 1) * STRIDE > this.#doubles.length) this.#grow()
    const row = this.length++
    const doubles = this.#doubles
    for (let field = OrderField.QueueAheadLots; field <= OrderField.DoneLocal; field++) {
      doubles[row * STRIDE + field] = Number.NaN
    }
    return row
  }

  double(row: number, field: number): number {
    return this.#doubles[row * STRIDE + field]!
  }

  setDouble(row: number, field: number, value: number): void {
    this.#doubles[row * STRIDE + field] = value
  }

  word(row: number, place: number): number {
    return this.#words[(row << WORD_SHIFT) + place]!
  }

  setWord(row: number, place: number, value: number): void {
    this.#words[(row << WORD_SHIFT) + place] = value
  }

  byte(row: number, place: number): number {
    return this.#bytes[row * (1 << BYTE_SHIFT) + place]!
  }

  setByte(row: number, place: number, value: number): void {
    this.#bytes[row * (1 << BYTE_SHIFT) + place] = value
  }

  reason(row: number): string {
    return this.#reasonTexts[this.word(row, OrderWord.Reason)]!
  }

  /** Gives a row its reason; most orders share a few. */
  setReason(row: number, text: string): void {
    let code = this.#reasonCodes.get(text)
    if (code === undefined) {
      code = this.#reasonTexts.push(text) - 1
      this.#reasonCodes.set(text, code)
    }
    this.setWord(row, OrderWord.Reason, code)
  }

  #grow(): void {
    const wider = new Float64Array(this.#doubles.length * 2)
    wider.set(this.#doubles)
    this.#doubles = wider
    this.#words = new Int32Array(wider.buffer)
    this.#bytes = new Uint8Array(wider.buffer)
  }
}
