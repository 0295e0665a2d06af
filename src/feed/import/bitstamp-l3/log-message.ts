/**
 * One message of a Bitstamp order feed, from a line of either form.
 *
 * Source: the websocket channels `live_orders`, `live_trades` and `order_book` of Bitstamp, as the
 * collector of ob-analytics (P. Stubbings) wrote them down in 2015, and the table that this package
 * makes of them. In 2015 a message of an order told when the order had been created, in seconds;
 * later ones tell the moment of the event in microseconds (`microtimestamp`).
 */
import { DataError, type DataPlace } from '../../../core/index.ts'
import { shownText, shownValue } from '../field-error.ts'

/** What happened. */
export type LogEvent = 'created' | 'changed' | 'deleted' | 'trade' | 'book' | 'other'

/** The message at hand; fields that its event does not have are left as they were. */
export interface LogMessage {
  event: LogEvent
  /** Name of an event of another kind. */
  name: string
  /** When it was received, Unix ms. */
  receivedMs: number
  /** Venue time in Unix microseconds, NaN without one. */
  venueUs: number
  /** Order or trade id. */
  id: number
  /** +1 buy, -1 sell, 0 not told. */
  side: 1 | -1 | 0
  /** Plain decimals. */
  price: string
  amount: string
  /** Best prices of an order book, empty for an empty side. */
  bestBid: string
  bestAsk: string
}

/** Returns a message to read into. */
export function blankMessage(): LogMessage {
  return {
    event: 'other',
    name: '',
    receivedMs: 0,
    venueUs: Number.NaN,
    id: 0,
    side: 0,
    price: '0',
    amount: '0',
    bestBid: '',
    bestAsk: '',
  }
}

const LINE = /^(\d{12,14}) ([a-z_]{1,40}) (\{.*\})\s*$/
const EVENTS: Readonly<Record<string, LogEvent>> = {
  order_created: 'created',
  order_changed: 'changed',
  order_deleted: 'deleted',
  trade: 'trade',
  order_book: 'book',
}
/** A plain decimal of at most 15 digits: what a double holds exactly. */
const DECIMAL = /^-?(?=(?:\.?\d){1,15}$)\d+(?:\.\d+)?$/

/** True for a decimal that can be a price or an amount. */
export function isPlainDecimal(text: string): boolean {
  return DECIMAL.test(text)
}

/** Tells whether a line looks like one of the log. */
export function isLogLine(text: string): boolean {
  return /^\d{12,14} (?:order_(?:created|changed|deleted|book)|trade) \{/.test(text)
}

/**
 * Reads `<receive time in ms> <event> <json>`.
 *
 * @throws DataError BAD_FIELD or BAD_JSON
 */
export function readLogLine(text: string, into: LogMessage, place: () => DataPlace): void {
  const match = LINE.exec(text)
  if (match === null) {
    throw new DataError(
      'BAD_FIELD',
      `expected "<receive time in ms> <event> {json}", was ${shownText(text)}`,
      place(),
    )
  }
  into.receivedMs = Number(match[1])
  into.name = match[2]!
  into.event = EVENTS[into.name] ?? 'other'
  if (into.event === 'other') return
  const json = parsed(match[3]!, place)
  const fields = new JsonFields(json, place)
  if (into.event === 'book') {
    into.bestBid = fields.bestOf('bids')
    into.bestAsk = fields.bestOf('asks')
    return
  }
  into.id = fields.id()
  into.price = fields.decimal('price')
  into.amount = fields.decimal('amount')
  into.venueUs = fields.venueUs()
  into.side = fields.side(into.event === 'trade' ? 'type' : 'order_type', into.event !== 'trade')
}

function parsed(text: string, place: () => DataPlace): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw new DataError('BAD_JSON', `the message is no JSON (${(error as Error).message})`, place())
  }
}

/** Reads the fields of a message, each checked. */
class JsonFields {
  readonly #json: Readonly<Record<string, unknown>>
  readonly #place: () => DataPlace

  constructor(json: Readonly<Record<string, unknown>>, place: () => DataPlace) {
    this.#json = json
    this.#place = place
  }

  id(): number {
    const id = Number(this.#json['id'])
    if (!Number.isSafeInteger(id) || id < 0) throw this.#bad('id', 'a whole number')
    return id
  }

  /** A decimal, as text or as a number whose shortest form it is. */
  decimal(field: string): string {
    const value = this.#json[field]
    const text = typeof value === 'number' ? plainNumber(value) : value
    if (typeof text !== 'string' || !isPlainDecimal(text))
      throw this.#bad(field, 'a decimal number')
    return text
  }

  /** `microtimestamp`, else `datetime` or `timestamp` in seconds; NaN without any. */
  venueUs(): number {
    const { microtimestamp, datetime, timestamp } = this.#json
    const field = microtimestamp !== undefined ? 'microtimestamp' : 'datetime'
    const value = microtimestamp ?? datetime ?? timestamp
    if (value === undefined) return Number.NaN
    const time = Number(value) * (microtimestamp === undefined ? 1e6 : 1)
    if (!Number.isSafeInteger(time) || time < 0) throw this.#bad(field, 'a Unix time')
    return time
  }

  side(field: string, isNeeded: boolean): 1 | -1 | 0 {
    const value = this.#json[field]
    if (value === 0) return 1
    if (value === 1) return -1
    if (value === undefined && !isNeeded) return 0
    throw this.#bad(field, '0 for a buy or 1 for a sale')
  }

  bestOf(field: string): string {
    const levels = this.#json[field]
    if (!Array.isArray(levels)) throw this.#bad(field, 'an array of levels')
    if (levels.length === 0) return ''
    const [best] = levels as unknown[]
    const price: unknown = Array.isArray(best) ? best[0] : undefined
    if (typeof price !== 'string' || !isPlainDecimal(price)) {
      throw this.#bad(field, 'levels that begin with a price')
    }
    return price
  }

  #bad(field: string, expected: string): DataError {
    return new DataError(
      'BAD_FIELD',
      `expected ${expected}, was ${shownValue(this.#json[field])}`,
      { ...this.#place(), field },
    )
  }
}

/** The shortest decimal of a number; amounts as small as 1e-8 have an exponent otherwise. */
function plainNumber(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(15).replace(/\.?0+$/, '') : text
}
