/**
 * Reads lines of Bybit's order-book archives.
 *
 * A line is a message of the topic `orderbook.{depth}.{symbol}` as the websocket sends it
 * ("Orderbook", Bybit v5 websocket public documentation, read 2026-11): `type` snapshot or delta,
 * `ts` ms when the system made it, `cts` ms of the matching engine (absent in older files), and
 * `data` with `s` symbol, `b` and `a` levels as [price, size], `u` update id.
 */
import { DataError, LobtraderError, parseDecimal, type Decimal } from '../../../core/index.ts'
import type { Side } from '../../../market/index.ts'
import { placedError, shownText, shownValue } from '../field-error.ts'
import type { LinePlace } from '../table/line-place.ts'
import type { TableSymbol } from '../table/table-symbol.ts'
import type { ValueGrid } from '../table/value-grid.ts'

type Json = Readonly<Record<string, unknown>>

const YEAR_2009_MS = 1_230_768_000_000
const YEAR_2100_MS = 4_102_444_800_000

/** Levels of one side as ticks and lots. */
class SideLevels {
  readonly side: Side
  count = 0
  ticks = new Int32Array(512)
  lots = new Float64Array(512)

  constructor(side: Side) {
    this.side = side
  }

  push(tick: number, lots: number): void {
    if (this.count === this.ticks.length) {
      const ticks = new Int32Array(this.count * 2)
      const sizes = new Float64Array(this.count * 2)
      ticks.set(this.ticks)
      sizes.set(this.lots)
      this.ticks = ticks
      this.lots = sizes
    }
    this.ticks[this.count] = tick
    this.lots[this.count++] = lots
  }
}

/** The message of one line. */
export class BookLine<S> {
  isSnapshot = false
  /** `ts` and `cts`, ms; the matching time is `ts` where there is none. */
  sentMs = 0
  matchedMs = 0
  updateId = 0
  readonly bids = new SideLevels(1)
  readonly asks = new SideLevels(-1)
  symbol: TableSymbol<S> | undefined
  readonly #place: LinePlace
  readonly #symbolOf: (name: string) => TableSymbol<S> | undefined

  constructor(place: LinePlace, symbolOf: (name: string) => TableSymbol<S> | undefined) {
    this.#place = place
    this.#symbolOf = symbolOf
  }

  /**
   * Reads a line; false when its symbol is not wanted.
   *
   * @throws DataError BAD_JSON, BAD_FIELD, BAD_DECIMAL, OFF_GRID, NEGATIVE; FinerSize
   */
  read(text: string): boolean {
    const message = this.#object(parseJson(text, this.#place), 'message')
    const data = this.#object(message['data'], 'data')
    const { s: name } = data
    if (typeof name !== 'string' || name === '') throw this.#bad('data.s', name, 'a symbol')
    this.symbol = this.#symbolOf(name)
    if (this.symbol === undefined) return false
    const { type } = message
    if (type !== 'snapshot' && type !== 'delta') throw this.#bad('type', type, 'snapshot or delta')
    this.isSnapshot = type === 'snapshot'
    this.sentMs = this.#time(message, 'ts')
    this.matchedMs = 'cts' in message ? this.#time(message, 'cts') : this.sentMs
    const { u } = data
    if (typeof u !== 'number' || !Number.isSafeInteger(u) || u < 1) {
      throw this.#bad('data.u', u, 'a whole number from 1 to 2^53 - 1')
    }
    this.updateId = u
    const { grid } = this.symbol
    this.#levels(data['b'], 'data.b', this.bids, grid)
    this.#levels(data['a'], 'data.a', this.asks, grid)
    return true
  }

  #levels(value: unknown, field: string, into: SideLevels, grid: ValueGrid): void {
    if (!Array.isArray(value)) throw this.#bad(field, value, 'an array of [price, size]')
    into.count = 0
    for (let i = 0; i < value.length; i++) {
      const level: unknown = value[i]
      if (!Array.isArray(level) || level.length !== 2) {
        throw this.#bad(`${field}[${i}]`, level, '[price, size]')
      }
      const [price, size] = level as readonly unknown[]
      into.push(
        this.#tick(price, `${field}[${i}] price`, grid),
        this.#lots(size, `${field}[${i}] size`, grid),
      )
    }
  }

  #tick(value: unknown, field: string, grid: ValueGrid): number {
    const { mantissa, scale } = this.#decimal(value, field)
    if (mantissa <= 0) throw this.#bad(field, value, 'a price above 0')
    const tick = grid.tickOf(mantissa, scale)
    if (!Number.isNaN(tick)) return tick
    throw grid.badPrice(String(value), this.#place.of(field, String(value)))
  }

  #lots(value: unknown, field: string, grid: ValueGrid): number {
    const { mantissa, scale } = this.#decimal(value, field)
    if (mantissa < 0 || (this.isSnapshot && mantissa === 0)) {
      throw this.#bad(field, value, this.isSnapshot ? 'a size above 0' : 'a size of 0 or more')
    }
    const lots = grid.lotsOf(mantissa, scale)
    if (!Number.isNaN(lots)) return lots
    throw grid.badSize(String(value), this.#place.of(field, String(value)))
  }

  #decimal(value: unknown, field: string): Decimal {
    if (typeof value !== 'string') throw this.#bad(field, value, 'a decimal in quotes')
    try {
      return parseDecimal(value)
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      throw placedError(error, this.#place.of(field, value))
    }
  }

  #time(message: Json, field: string): number {
    const value = message[field]
    const isTime =
      typeof value === 'number' &&
      Number.isSafeInteger(value) &&
      value >= YEAR_2009_MS &&
      value < YEAR_2100_MS
    if (isTime) return value
    throw this.#bad(field, value, 'Unix milliseconds between 2009 and 2100')
  }

  #object(value: unknown, field: string): Json {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
    throw this.#bad(field, value, 'a JSON object')
  }

  #bad(field: string, value: unknown, expected: string): DataError {
    const shown = shownValue(value)
    return new DataError('BAD_FIELD', `expected ${expected}, was ${shown}`, {
      ...this.#place.of(field),
      value: shown,
    })
  }
}

function parseJson(text: string, place: LinePlace): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new DataError('BAD_JSON', `the line is no valid JSON: ${shownText(text)}`, place.of())
  }
}
