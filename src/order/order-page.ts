/**
 * Orders in one block of memory: a run has hundreds of thousands, and an object with a field for
 * each of their times costs the collector more than anything else in the run.
 *
 * All that is known of an order stands together, so that a step of its life touches two lines of the
 * processor's cache and not one for each field.
 */
import type { Instrument } from '../market/index.ts'
import type { OrderRequest } from './order-request.ts'
import { ORDER_TYPES, TIMES_IN_FORCE } from './order-types.ts'

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
export const OrderWord = { Id: 22, Index: 23, Reason: 24, Owner: 25, Handle: 28 } as const

/** No handle of an order is kept. */
export const NO_HANDLE = -1

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
  /** No plain order of ours: there are {@link OrderExtra}s of it. */
  Extra: 4,
} as const

/** What the few ask for, or are, that are no plain orders of ours. */
export type OrderExtra = Pick<OrderRequest, 'special' | 'forced'>

/** What waits for a price knows of it. */
export interface OrderTrigger {
  /** Data ticks as last confirmed. */
  ticks: number
  /** When it was met, exchange clock and local clock; NaN before. */
  exch: number
  local: number
}

/** Why orders were refused, each text once: most orders share a few. */
export class Reasons {
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
  readonly instrument: Instrument
  /** Only of rows with {@link OrderFlag.Extra}. */
  readonly extras = new Map<number, OrderExtra>()
  /** Only rows that wait for a price, or have waited. */
  readonly triggers = new Map<number, OrderTrigger>()
  readonly #reasons: Reasons
  readonly #doubles: Float64Array
  readonly #words: Int32Array
  readonly #bytes: Uint8Array

  constructor(instrument: Instrument, capacity: number, reasons: Reasons) {
    this.instrument = instrument
    this.#reasons = reasons
    this.#doubles = new Float64Array(capacity * STRIDE)
    this.#words = new Int32Array(this.#doubles.buffer)
    this.#bytes = new Uint8Array(this.#doubles.buffer)
  }

  get isFull(): boolean {
    return this.length * STRIDE === this.#doubles.length
  }

  /** Adds the row of an order that was just made, of which nothing more is known, and returns it. */
  add(request: OrderRequest, index: number): number {
    const row = this.length++
    const doubles = this.#doubles
    const begin = row * STRIDE
    doubles[begin + OrderField.PriceTicks] = request.priceTicks
    doubles[begin + OrderField.SizeLots] = request.sizeLots
    doubles[begin + OrderField.QueueAheadLots] = Number.NaN
    doubles[begin + OrderField.SubmitLocal] = Number.NaN
    doubles[begin + OrderField.AcceptExch] = Number.NaN
    doubles[begin + OrderField.AcceptLocal] = Number.NaN
    doubles[begin + OrderField.CancelLocal] = Number.NaN
    doubles[begin + OrderField.DoneExch] = Number.NaN
    doubles[begin + OrderField.DoneLocal] = Number.NaN
    const words = this.#words
    const firstWord = row << WORD_SHIFT
    words[firstWord + OrderWord.Id] = request.id
    words[firstWord + OrderWord.Index] = index
    words[firstWord + OrderWord.Owner] = request.owner ?? 0
    words[firstWord + OrderWord.Handle] = NO_HANDLE
    const bytes = this.#bytes
    const firstByte = row << BYTE_SHIFT
    bytes[firstByte + OrderByte.Side] = request.side > 0 ? 0 : 1
    bytes[firstByte + OrderByte.Type] = placeOf(ORDER_TYPES, request.type)
    bytes[firstByte + OrderByte.TimeInForce] = placeOf(TIMES_IN_FORCE, request.timeInForce)
    const { special, forced } = request
    if (special !== undefined || forced !== undefined) this.#addExtra(row, special, forced)
    return row
  }

  #addExtra(row: number, special: OrderExtra['special'], forced: OrderExtra['forced']): void {
    this.setByte(row, OrderByte.Flags, OrderFlag.Extra)
    this.extras.set(row, { special, ...(forced !== undefined && { forced }) })
    if (forced !== undefined) this.setReason(row, forced)
    if (special?.triggerTicks !== undefined) this.trigger(row).ticks = special.triggerTicks
  }

  /** What an order that waits for a price knows of it; added where nothing was known yet. */
  trigger(row: number): OrderTrigger {
    let trigger = this.triggers.get(row)
    if (trigger === undefined) {
      trigger = { ticks: Number.NaN, exch: Number.NaN, local: Number.NaN }
      this.triggers.set(row, trigger)
    }
    return trigger
  }

  /** Notes the first answer to an order; later ones change nothing. */
  answer(row: number, exchTime: number, localTime: number): void {
    const doubles = this.#doubles
    const begin = row * STRIDE
    if (!Number.isNaN(doubles[begin + OrderField.AcceptExch]!)) return
    doubles[begin + OrderField.AcceptExch] = exchTime
    doubles[begin + OrderField.AcceptLocal] = localTime
  }

  /** Notes that the exchange has an order in its book, with so much ahead of it. */
  accept(row: number, exchTime: number, localTime: number, queueAheadLots: number): void {
    this.answer(row, exchTime, localTime)
    this.#doubles[row * STRIDE + OrderField.QueueAheadLots] = queueAheadLots
    this.#bytes[(row << BYTE_SHIFT) + OrderByte.Flags]! &= ~OrderFlag.Parked
  }

  /** Adds a fill; true where the order is whole now. */
  fill(row: number, ticks: number, lots: number): boolean {
    const doubles = this.#doubles
    const begin = row * STRIDE
    const filled = doubles[begin + OrderField.FilledLots]! + lots
    doubles[begin + OrderField.FilledLots] = filled
    doubles[begin + OrderField.FilledTickLots]! += ticks * lots
    return filled === doubles[begin + OrderField.SizeLots]
  }

  /** Notes the end of an order, by which it is answered, and neither parked nor amending. */
  end(row: number, exchTime: number, localTime: number, keepsReason: boolean): void {
    this.answer(row, exchTime, localTime)
    const doubles = this.#doubles
    const begin = row * STRIDE
    doubles[begin + OrderField.DoneExch] = exchTime
    doubles[begin + OrderField.DoneLocal] = localTime
    this.#bytes[(row << BYTE_SHIFT) + OrderByte.Flags]! &= OrderFlag.Extra
    if (!keepsReason) this.#words[(row << WORD_SHIFT) + OrderWord.Reason] = 0
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
    return this.#bytes[(row << BYTE_SHIFT) + place]!
  }

  setByte(row: number, place: number, value: number): void {
    this.#bytes[(row << BYTE_SHIFT) + place] = value
  }

  reason(row: number): string {
    return this.#reasons.texts[this.word(row, OrderWord.Reason)]!
  }

  setReason(row: number, text: string): void {
    this.setWord(row, OrderWord.Reason, this.#reasons.codeOf(text))
  }
}

/** The place of a word in its vocabulary: those that are asked for most stand first. */
function placeOf<T extends string>(words: readonly T[], word: T): number {
  let place = 0
  while (words[place] !== word) place++
  return place
}
