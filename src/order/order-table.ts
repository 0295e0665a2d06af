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

/** Orders in a page. */
const PAGE = 2048

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

/** Why orders were refused, each text once: most orders share a few. */
class Reasons {
  readonly texts: string[] = ['']
  readonly #codes = new Map<string, number>([['', 0]])

  codeOf(text: string): number {
    let code = this.#codes.get(text)
    if (code === undefined) {
      code = this.texts.push(text) - 1
      this.#codes.set(text, code)
    }
    return code
  }
}

/** Rows of a table that stand in one block of memory, which never moves. */
export class OrderPage {
  length = 0
  /** Only rows that wait for a price, or have waited. */
  readonly triggers = new Map<number, OrderTrigger>()
  readonly #reasons: Reasons
  readonly #doubles: Float64Array
  readonly #words: Int32Array
  readonly #bytes: Uint8Array

  constructor(capacity: number, reasons: Reasons) {
    this.#reasons = reasons
    this.#doubles = new Float64Array(capacity * STRIDE)
    this.#words = new Int32Array(this.#doubles.buffer)
    this.#bytes = new Uint8Array(this.#doubles.buffer)
  }

  get isFull(): boolean {
    return this.length * STRIDE === this.#doubles.length
  }

  /** Adds a row in which nothing is known yet and returns it. */
  add(): number {
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
    return this.#reasons.texts[this.word(row, OrderWord.Reason)]!
  }

  setReason(row: number, text: string): void {
    this.setWord(row, OrderWord.Reason, this.#reasons.codeOf(text))
  }
}

/** @see module comment */
export class OrderTable {
  readonly #reasons = new Reasons()
  #page: OrderPage

  /** @param first orders in its first page, 1 or more */
  constructor(first = 256) {
    this.#page = new OrderPage(first, this.#reasons)
  }

  /** A page that has room for one more order. */
  get page(): OrderPage {
    if (this.#page.isFull) this.#page = new OrderPage(PAGE, this.#reasons)
    return this.#page
  }
}
