/**
 * Bitstamp websocket v2: `diff_order_book`, `order_book`, `live_trades`; snapshots by REST.
 *
 * "Live full order book", "Live order book", "Live ticker" of the websocket API v2 and "Order
 * book" of the HTTP API, Bitstamp (read 2026-11).
 */
import { BitstampGate } from '../../sequence/crypto-gates.ts'
import { pairOf } from '../symbol-names.ts'
import type { CaptureLine } from './capture-line.ts'
import { isObject, type JsonFields } from './json-fields.ts'
import { WHOLE_BOOK, type MarketSink } from './market-events.ts'
import type { SymbolFacts, VenueReader, VenueRules } from './venue-rules.ts'

const CHANNEL = /^(diff_order_book|detail_order_book|order_book|live_trades|live_orders)_(\w+)$/
const REST_BOOK = /\/api\/v2\/order_book\/(\w+)/

/** Bitstamp. */
export const BITSTAMP: VenueRules = {
  name: 'bitstamp',
  ownsHost: (host) => /^(?:ws|www)\.bitstamp\.net$/.test(host),
  ownsMessage: (message) => isObject(message) && CHANNEL.test(String(message['channel'])),
  makeReader: (fields) => new BitstampReader(fields),
  makeGate: () => new BitstampGate(),
  waitsForSnapshot: true,
  breaksOnReconnect: true,
  hasDenseTradeIds: false,
  hasTickerIds: false,
}

class BitstampReader implements VenueReader {
  readonly #fields: JsonFields

  constructor(fields: JsonFields) {
    this.#fields = fields
  }

  read({ kind, url, json }: CaptureLine, _connection: string, sink: MarketSink): void {
    if (kind === 'rest') {
      const symbol = REST_BOOK.exec(url)?.[1]
      const answer = symbol === undefined ? undefined : this.#fields.parse(json)
      if (symbol === undefined || !isObject(answer)) return
      if ('microtimestamp' in answer) this.#book(symbol, answer, true, sink)
      else sink.leftOut('answers that are no book')
    } else if (kind === 'message') this.#message(json, sink)
  }

  factsOf(symbol: string): SymbolFacts {
    return { venue: 'bitstamp', kind: 'spot', ...pairOf(symbol), multiplier: '1' }
  }

  #message(json: string, sink: MarketSink): void {
    const fields = this.#fields
    const message = fields.object(fields.parse(json), 'message')
    const event = fields.text(message['event'], 'event')
    // Acknowledgements, heartbeats, requests to reconnect.
    if (event.startsWith('bts:')) return
    const channel = fields.text(message['channel'], 'channel')
    const [, stream = channel, symbol = ''] = CHANNEL.exec(channel) ?? []
    if (stream === 'diff_order_book') this.#book(symbol, message['data'], false, sink)
    else if (stream === 'live_trades' && event === 'trade') {
      this.#trade(symbol, message['data'], sink)
    } else sink.leftOut(stream)
  }

  #book(symbol: string, data: unknown, isSnapshot: boolean, sink: MarketSink): void {
    const fields = this.#fields
    const body = fields.object(data, 'data')
    const last = fields.id(body['microtimestamp'], 'microtimestamp')
    sink.book({
      symbol,
      channel: 'diff_order_book',
      ...WHOLE_BOOK,
      isSnapshot,
      first: last,
      last,
      previous: -1,
      bids: fields.levels(body['bids'], 'bids'),
      asks: fields.levels(body['asks'], 'asks'),
      time: fields.unixTime(body['microtimestamp'], 'microtimestamp'),
    })
  }

  #trade(symbol: string, data: unknown, sink: MarketSink): void {
    const fields = this.#fields
    const body = fields.object(data, 'data')
    const type = body['type']
    if (type !== 0 && type !== 1) throw fields.bad('type', type, '0 (buy) or 1 (sell)')
    sink.trade({
      symbol,
      channel: 'live_trades',
      rank: 1,
      isPast: false,
      // The fields without _str are numbers, which have lost their text.
      price: fields.text(body['price_str'], 'price_str'),
      size: fields.text(body['amount_str'], 'amount_str'),
      side: type === 0 ? 1 : -1,
      id: fields.id(body['id'], 'id'),
      time: fields.unixTime(body['microtimestamp'], 'microtimestamp'),
    })
  }
}
