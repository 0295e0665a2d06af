/**
 * Reads any Binance message through `JSON.parse`, with every field checked.
 *
 * The slow twin of the scanner: it decides what is valid and says what is not. Field names are
 * those of the venue's documents.
 */
import { DataError, LobtraderError, type DataPlace } from '../../../core/index.ts'
import { placedError, shownText, shownValue } from '../field-error.ts'
import { FinerSize } from '../finer-size.ts'
import type { CaptureGrids } from './capture-grids.ts'
import { MessageKind, type BinanceMessage, type LevelList } from './message.ts'

type Json = Readonly<Record<string, unknown>>

/** `<symbol>@depth5`, `@depth20@100ms`: the best levels only, not the changes of a whole book. */
const PARTIAL_DEPTH = /@depth\d/

/**
 * Fills `message` from the text of one message.
 *
 * @param place file and line for errors
 * @throws DataError BAD_JSON, BAD_FIELD, BAD_DECIMAL, OFF_GRID (prices), NEGATIVE, OUT_OF_RANGE
 * @throws FinerSize where a size lies off the grid
 */
export function readMessage(
  text: string,
  grids: CaptureGrids,
  message: BinanceMessage,
  place: DataPlace,
): void {
  message.clear()
  const reader = new Reader(grids, place)
  const whole = reader.object(parseJson(text, place), 'message')
  const stream = typeof whole['stream'] === 'string' ? whole['stream'] : undefined
  const body = stream === undefined ? whole : reader.object(whole['data'], 'data')
  const type = typeof body['e'] === 'string' ? body['e'] : undefined
  if (typeof body['s'] === 'string') reader.symbol(body['s'], 's')
  const partial = stream !== undefined && PARTIAL_DEPTH.test(stream)
  if (type === 'depthUpdate' && !partial) reader.depth(body, message)
  else if (type === 'trade') reader.trade(body, message)
  else if (type === 'bookTicker' || (type === undefined && isTicker(body)))
    reader.ticker(body, message)
  else if (type === undefined && stream === undefined && 'lastUpdateId' in body) {
    reader.snapshot(body, message)
  } else message.otherName = (partial ? stream : (type ?? stream)) ?? 'other'
}

function parseJson(text: string, place: DataPlace): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    const at = /position (\d+)/.exec((error as Error).message)?.[1]
    const where = at === undefined ? '' : ` from character ${at} on`
    throw new DataError(
      'BAD_JSON',
      `the message is no valid JSON${where}: ${shownText(text)}`,
      place,
    )
  }
}

function isTicker(body: Json): boolean {
  return 'u' in body && 'b' in body && 'B' in body && 'a' in body && 'A' in body
}

class Reader {
  readonly #grids: CaptureGrids
  readonly #place: DataPlace

  constructor(grids: CaptureGrids, place: DataPlace) {
    this.#grids = grids
    this.#place = place
  }

  depth(body: Json, message: BinanceMessage): void {
    this.#times(body, message, true)
    message.firstId = this.#id(body, 'U')
    message.lastId = this.#id(body, 'u')
    message.previousId = 'pu' in body ? this.#id(body, 'pu') : -1
    this.#levels(body, 'b', message.bids)
    this.#levels(body, 'a', message.asks)
    message.kind = MessageKind.Depth
  }

  ticker(body: Json, message: BinanceMessage): void {
    this.#times(body, message, false)
    message.lastId = this.#id(body, 'u')
    message.bidTick = this.#ticks(body['b'], 'b')
    message.bidLots = this.#lots(body['B'], 'B')
    message.askTick = this.#ticks(body['a'], 'a')
    message.askLots = this.#lots(body['A'], 'A')
    message.kind = MessageKind.Ticker
  }

  trade(body: Json, message: BinanceMessage): void {
    this.#times(body, message, true)
    message.tradeId = this.#id(body, 't')
    message.tick = this.#ticks(body['p'], 'p')
    message.lots = this.#lots(body['q'], 'q')
    if (typeof body['m'] !== 'boolean') throw this.#bad('m', body['m'], 'true or false')
    message.buyerIsMaker = body['m']
    message.isMarketTrade = body['X'] === undefined || body['X'] === 'MARKET'
    if (message.isMarketTrade) {
      if (message.tick === 0) throw this.#bad('p', body['p'], 'a price above 0')
      if (message.lots === 0) throw this.#bad('q', body['q'], 'a size above 0')
    }
    message.kind = MessageKind.Trade
  }

  snapshot(body: Json, message: BinanceMessage): void {
    if (typeof body['symbol'] === 'string') this.symbol(body['symbol'], 'symbol')
    this.#times(body, message, false)
    message.lastId = this.#id(body, 'lastUpdateId')
    this.#levels(body, 'bids', message.bids)
    this.#levels(body, 'asks', message.asks)
    message.kind = MessageKind.Snapshot
  }

  object(value: unknown, field: string): Json {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.#bad(field, value, 'a JSON object')
    }
    return value as Json
  }

  symbol(symbol: string, field: string): void {
    if (symbol === this.#grids.symbol) return
    throw new DataError(
      'BAD_FIELD',
      `the message is of ${shownText(symbol)}, the capture is read for ${this.#grids.symbol}; a capture to import holds one symbol`,
      { ...this.#place, field, value: symbol },
    )
  }

  #times(body: Json, message: BinanceMessage, needed: boolean): void {
    message.eventTime = 'E' in body || needed ? this.#time(body, 'E') : -1
    message.transactionTime = 'T' in body ? this.#time(body, 'T') : -1
  }

  #time(body: Json, field: string): number {
    const value = body[field]
    if (typeof value === 'number' && isVenueTime(value)) return value
    throw this.#bad(field, value, 'Unix milliseconds or microseconds between 2009 and 2100')
  }

  #id(body: Json, field: string): number {
    const value = body[field]
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    throw this.#bad(field, value, 'a whole number from 0 to 2^53 - 1')
  }

  #levels(body: Json, field: string, into: LevelList): void {
    const levels = body[field]
    if (!Array.isArray(levels)) throw this.#bad(field, levels, 'an array of [price, size]')
    levels.forEach((level: unknown, i) => {
      const at = `${field}[${i}]`
      if (!Array.isArray(level) || level.length < 2) throw this.#bad(at, level, '[price, size]')
      const tick = this.#ticks(level[0], `${at} price`)
      if (tick === 0) throw this.#bad(`${at} price`, level[0], 'a price above 0')
      into.push(tick, this.#lots(level[1], `${at} size`))
    })
  }

  #ticks(value: unknown, field: string): number {
    const text = this.#text(value, field)
    try {
      const ticks = this.#grids.ticksOf(text)
      if (ticks >= 0) return ticks + 0
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      throw placedError(error, { ...this.#place, field, value: text })
    }
    throw new DataError('NEGATIVE', `price ${text} of ${this.#grids.symbol} is negative`, {
      ...this.#place,
      field,
      value: text,
    })
  }

  #lots(value: unknown, field: string): number {
    const text = this.#text(value, field)
    try {
      return this.#grids.lotsOf(text) + 0
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      const place = { ...this.#place, field, value: text }
      if (error.code === 'OFF_GRID') throw new FinerSize(text, place)
      throw placedError(error, place)
    }
  }

  #text(value: unknown, field: string): string {
    if (typeof value === 'string') return value
    throw this.#bad(field, value, 'a decimal in quotes')
  }

  #bad(field: string, value: unknown, expected: string): DataError {
    const shown = shownValue(value)
    return new DataError('BAD_FIELD', `expected ${expected}, was ${shown}`, {
      ...this.#place,
      field,
      value: shown,
    })
  }
}

const YEAR_2009_MS = 1_230_768_000_000
const YEAR_2100_MS = 4_102_444_800_000

/** True for a Unix time of 2009 to 2100 in ms or in microseconds. */
export function isVenueTime(value: number): boolean {
  if (!Number.isSafeInteger(value)) return false
  return (
    (value >= YEAR_2009_MS && value < YEAR_2100_MS) ||
    (value >= YEAR_2009_MS * 1000 && value < YEAR_2100_MS * 1000)
  )
}
