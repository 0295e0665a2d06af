/**
 * Kraken spot, websocket v1 (arrays, decimals in quotes) and v2 (objects, decimals as numbers).
 *
 * "Book", "Trade", "Ticker" and "Spread" of websocket v1 and v2, Kraken API Center (read 2026-11).
 */
import type { Side } from '../../../market/index.ts'
import { quoteJsonNumbers } from '../../checksum/json-number-text.ts'
import { checkKraken } from '../../checksum/kraken-checksum.ts'
import { KrakenGate } from '../../sequence/crypto-gates.ts'
import type { CaptureLine } from './capture-line.ts'
import { isObject, type Json, type JsonFields } from './json-fields.ts'
import { NO_IDS, type MarketSink, type TextLevel } from './market-events.ts'
import type { SymbolFacts, VenueReader, VenueRules } from './venue-rules.ts'

/** Depth of a subscription of v2 that names none. */
const DEPTH_DEFAULT = 10
const V2_CONTROL = new Set(['status', 'heartbeat', 'instrument', 'pong'])
const V2_CHANNELS = new Set([...V2_CONTROL, 'book', 'trade', 'ticker', 'ohlc'])

/** Kraken. */
export const KRAKEN: VenueRules = {
  name: 'kraken',
  ownsHost: (host) => /^(?:beta-)?ws\.kraken\.com$/.test(host),
  ownsMessage: (message) =>
    Array.isArray(message)
      ? typeof message[0] === 'number' && typeof message.at(-2) === 'string'
      : isObject(message) &&
        ((V2_CHANNELS.has(String(message['channel'])) && 'data' in message) ||
          (message['event'] === 'subscriptionStatus' && 'pair' in message)),
  makeReader: (fields) => new KrakenReader(fields),
  makeGate: () => new KrakenGate(),
  check: (book, { checksum }) => checkKraken(book, checksum),
  waitsForSnapshot: false,
  breaksOnReconnect: true,
  hasDenseTradeIds: false,
  hasTickerIds: false,
}

class KrakenReader implements VenueReader {
  readonly #fields: JsonFields
  #isV2 = false
  /** Depth of the book of each symbol, v2. */
  readonly #depths = new Map<string, number>()

  constructor(fields: JsonFields) {
    this.#fields = fields
  }

  read({ kind, json }: CaptureLine, _connection: string, sink: MarketSink): void {
    if (kind === 'connect' || kind === 'rest') return
    const message = this.#parse(json)
    if (kind === 'sent') this.#noteDepth(message)
    else if (Array.isArray(message)) this.#readV1(message, sink)
    else if (isObject(message) && typeof message['channel'] === 'string') {
      this.#readV2(message['channel'], message, sink)
    } else this.#noteDepth(message)
  }

  factsOf(symbol: string): SymbolFacts {
    const [base = '', quote = ''] = symbol.split('/')
    const facts = { base: base || symbol, quote: quote || symbol.slice(-3), multiplier: '1' }
    return { venue: 'kraken', kind: 'spot', ...facts }
  }

  #parse(json: string): unknown {
    if (!this.#isV2) {
      const message = this.#fields.parse(json)
      if (!isObject(message) || !('channel' in message || 'method' in message)) return message
      this.#isV2 = true
    }
    return this.#fields.parse(quoteJsonNumbers(json))
  }

  /** A request or its acknowledgement: v2 names the depth of a book nowhere else. */
  #noteDepth(message: unknown): void {
    if (!isObject(message)) return
    const { params, result } = message
    for (const told of [params, result]) {
      if (!isObject(told) || told['channel'] !== 'book') continue
      const depth = Number(told['depth'] ?? DEPTH_DEFAULT)
      const symbols = Array.isArray(told['symbol']) ? told['symbol'] : [told['symbol']]
      if (!Number.isSafeInteger(depth) || depth < 1) {
        throw this.#fields.bad('depth', told['depth'], 'a number of levels')
      }
      for (const symbol of symbols) this.#depths.set(String(symbol), depth)
    }
  }

  #readV1(message: readonly unknown[], sink: MarketSink): void {
    const fields = this.#fields
    const symbol = fields.text(message.at(-1), 'pair')
    const channel = fields.text(message.at(-2), 'channel name')
    const parts = message.slice(1, -2)
    if (channel.startsWith('book')) this.#bookV1(symbol, channel, parts, sink)
    else if (channel === 'trade') this.#tradesV1(symbol, parts[0], sink)
    else if (channel === 'spread') this.#spreadV1(symbol, parts[0], sink)
    else if (channel === 'ticker') this.#tickerV1(symbol, parts[0], sink)
    else sink.leftOut(channel)
  }

  #bookV1(symbol: string, channel: string, parts: readonly unknown[], sink: MarketSink): void {
    const fields = this.#fields
    const depth = Number(channel.slice('book-'.length))
    if (!Number.isSafeInteger(depth) || depth < 1) {
      throw fields.bad('channel name', channel, '"book-" and a number of levels')
    }
    let isSnapshot = false
    let checksum: string | undefined
    let time = Number.NaN
    const sides: Record<'a' | 'b', readonly TextLevel[]> = { a: [], b: [] }
    for (const part of parts) {
      const body = fields.object(part, 'book')
      for (const side of ['a', 'b'] as const) {
        const field = side in body ? side : `${side}s`
        if (!(field in body)) continue
        if (field !== side) isSnapshot = true
        sides[side] = fields.levels(body[field], field)
        for (const level of sides[side]) time = later(time, fields.secondsTime(level[2], field))
      }
      if ('c' in body) checksum = fields.text(body['c'], 'c')
    }
    const { a: asks, b: bids } = sides
    const levels = { depth, isCut: true, isSnapshot, bids, asks }
    sink.book({ symbol, channel, ...NO_IDS, ...levels, time, checksum })
  }

  #tradesV1(symbol: string, part: unknown, sink: MarketSink): void {
    const fields = this.#fields
    fields.array(part, 'trades').forEach((row, i) => {
      const field = `trades[${i}]`
      const [price, size, time, side] = fields.array(row, field)
      sink.trade({
        symbol,
        channel: 'trade',
        rank: 1,
        id: -1,
        isPast: false,
        price: fields.text(price, `${field} price`),
        size: fields.text(size, `${field} volume`),
        side: fields.word(side, `${field} side`, ['b', 's']) === 'b' ? 1 : -1,
        time: fields.secondsTime(time, `${field} time`),
      })
    })
  }

  #spreadV1(symbol: string, part: unknown, sink: MarketSink): void {
    const fields = this.#fields
    const [bid, ask, time, bidSize, askSize] = fields.array(part, 'spread')
    sink.top({
      symbol,
      channel: 'spread',
      rank: 2,
      id: 0,
      bid: [fields.text(bid, 'bid'), fields.text(bidSize, 'bidVolume')],
      ask: [fields.text(ask, 'ask'), fields.text(askSize, 'askVolume')],
      time: fields.secondsTime(time, 'timestamp'),
    })
  }

  #tickerV1(symbol: string, part: unknown, sink: MarketSink): void {
    const fields = this.#fields
    const body = fields.object(part, 'ticker')
    const best = (field: 'a' | 'b'): TextLevel => {
      const [price, , size] = fields.array(body[field], field)
      return [fields.text(price, `${field} price`), fields.text(size, `${field} lot volume`)]
    }
    const [bid, ask] = [best('b'), best('a')]
    sink.top({ symbol, channel: 'ticker', rank: 1, id: 0, bid, ask, time: Number.NaN })
  }

  #readV2(channel: string, message: Json, sink: MarketSink): void {
    if (V2_CONTROL.has(channel)) return
    if (!['book', 'trade', 'ticker'].includes(channel)) {
      sink.leftOut(channel)
      return
    }
    const fields = this.#fields
    const isSnapshot = fields.word(message['type'], 'type', ['snapshot', 'update']) === 'snapshot'
    fields.array(message['data'], 'data').forEach((row, i) => {
      const body = fields.object(row, `data[${i}]`)
      if (channel === 'book') this.#bookV2(body, isSnapshot, sink)
      else if (channel === 'trade') this.#tradeV2(body, isSnapshot, sink)
      else this.#tickerV2(body, sink)
    })
  }

  #bookV2(body: Json, isSnapshot: boolean, sink: MarketSink): void {
    const fields = this.#fields
    const symbol = fields.text(body['symbol'], 'symbol')
    const side = (field: 'bids' | 'asks'): TextLevel[] =>
      fields.array(body[field] ?? [], field).map((row, i): TextLevel => {
        const { price, qty } = fields.object(row, `${field}[${i}]`)
        return [fields.text(price, `${field}[${i}] price`), fields.text(qty, `${field}[${i}] qty`)]
      })
    sink.book({
      symbol,
      channel: 'book',
      isCut: true,
      isSnapshot,
      ...NO_IDS,
      depth: this.#depths.get(symbol) ?? DEPTH_DEFAULT,
      bids: side('bids'),
      asks: side('asks'),
      time: this.#timeV2(body),
      checksum: 'checksum' in body ? fields.text(body['checksum'], 'checksum') : undefined,
    })
  }

  #tradeV2(body: Json, isPast: boolean, sink: MarketSink): void {
    const fields = this.#fields
    const side: Side = fields.word(body['side'], 'side', ['buy', 'sell']) === 'buy' ? 1 : -1
    sink.trade({
      symbol: fields.text(body['symbol'], 'symbol'),
      channel: 'trade',
      rank: 1,
      side,
      isPast,
      price: fields.text(body['price'], 'price'),
      size: fields.text(body['qty'], 'qty'),
      id: fields.optionalId(body['trade_id'], 'trade_id'),
      time: this.#timeV2(body),
    })
  }

  #tickerV2(body: Json, sink: MarketSink): void {
    const fields = this.#fields
    const best = (price: 'bid' | 'ask'): TextLevel => [
      fields.text(body[price], price),
      fields.text(body[`${price}_qty`], `${price}_qty`),
    ]
    sink.top({
      symbol: fields.text(body['symbol'], 'symbol'),
      channel: 'ticker',
      rank: 1,
      id: 0,
      bid: best('bid'),
      ask: best('ask'),
      time: this.#timeV2(body),
    })
  }

  #timeV2(body: Json): number {
    return 'timestamp' in body ? this.#fields.isoTime(body['timestamp'], 'timestamp') : Number.NaN
  }
}

/** The greater of two times, either of which may be absent (NaN). */
function later(a: number, b: number): number {
  return a > b ? a : Number.isNaN(b) ? a : b
}
