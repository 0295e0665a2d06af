/**
 * Binance spot, USD-M and COIN-M: depth, trades, best prices; snapshots by REST.
 *
 * "WebSocket Streams" and "General endpoints, Order book" of spot, "Websocket Market Streams" and
 * "Order Book" of USD-M and COIN-M futures, Binance developer documentation (read 2026-09).
 */
import { BinanceFuturesGate, BinanceSpotGate } from '../../sequence/sequence-gate.ts'
import { binanceFacts, marketOf, type BinanceMarket } from '../binance/market.ts'
import type { CaptureLine } from './capture-line.ts'
import { isObject, type Json, type JsonFields } from './json-fields.ts'
import { WHOLE_BOOK, type MarketSink } from './market-events.ts'
import type { SymbolFacts, VenueReader, VenueRules } from './venue-rules.ts'

/** `<symbol>@depth5`, `@depth20@100ms`: the best levels only, not the changes of a whole book. */
const PARTIAL_DEPTH = /@depth\d/

const HOSTS: Readonly<Record<BinanceMarket, RegExp>> = {
  spot: /^(?:stream\d?|data-stream|api\d?|api-gcp|data-api)\.binance\.(?:com|vision|us)$/,
  usdm: /^(?:fstream\d?|fstream-auth|fapi)\.binance\.com$/,
  coinm: /^(?:dstream\d?|dstream-auth|dapi)\.binance\.com$/,
}

function rulesOf(market: BinanceMarket): VenueRules {
  return {
    name: `binance-${market}`,
    ownsHost: (host) => HOSTS[market].test(host),
    ownsMessage: (message) => marketOf(message) === market,
    makeReader: (fields) => new BinanceReader(fields, market),
    makeGate: () => (market === 'spot' ? new BinanceSpotGate() : new BinanceFuturesGate()),
    waitsForSnapshot: true,
    breaksOnReconnect: false,
    hasDenseTradeIds: true,
    hasTickerIds: true,
  }
}

/** The three markets. */
export const BINANCE_MARKETS: readonly VenueRules[] = [
  rulesOf('spot'),
  rulesOf('usdm'),
  rulesOf('coinm'),
]

class BinanceReader implements VenueReader {
  readonly #fields: JsonFields
  readonly #market: BinanceMarket

  constructor(fields: JsonFields, market: BinanceMarket) {
    this.#fields = fields
    this.#market = market
  }

  read({ kind, url, json }: CaptureLine, _connection: string, sink: MarketSink): void {
    if (kind === 'connect' || kind === 'sent') return
    const fields = this.#fields
    const whole = fields.parse(json)
    // Lists of instruments and the like.
    if (kind === 'rest' && !(isObject(whole) && 'lastUpdateId' in whole)) return
    const message = fields.object(whole, 'message')
    const stream = typeof message['stream'] === 'string' ? message['stream'] : undefined
    const body = stream === undefined ? message : fields.object(message['data'], 'data')
    const event = typeof body['e'] === 'string' ? body['e'] : undefined
    if (stream !== undefined && PARTIAL_DEPTH.test(stream)) sink.leftOut('partial depth')
    else if (event === 'depthUpdate') this.#depth(body, sink)
    else if (event === 'trade' || event === 'aggTrade') this.#trade(body, event, sink)
    else if (event === 'bookTicker' || (event === undefined && 'B' in body)) this.#top(body, sink)
    else if ('lastUpdateId' in body) this.#snapshot(body, url, sink)
    else if (event !== undefined) sink.leftOut(event)
    // What is left are answers to requests: {"result":null,"id":1}.
  }

  factsOf(symbol: string): SymbolFacts {
    return binanceFacts(this.#market, symbol)
  }

  #depth(body: Json, sink: MarketSink): void {
    const fields = this.#fields
    sink.book({
      symbol: fields.text(body['s'], 's'),
      channel: 'depth',
      ...WHOLE_BOOK,
      isSnapshot: false,
      bids: fields.levels(body['b'], 'b'),
      asks: fields.levels(body['a'], 'a'),
      first: fields.id(body['U'], 'U'),
      last: fields.id(body['u'], 'u'),
      previous: this.#market === 'spot' ? -1 : fields.id(body['pu'], 'pu'),
      time: this.#time(body),
    })
  }

  /** Only answers about futures name their symbol; the address of the request always does. */
  #snapshot(body: Json, url: string, sink: MarketSink): void {
    const fields = this.#fields
    const asked = URL.canParse(url) ? new URL(url).searchParams.get('symbol') : null
    const last = fields.id(body['lastUpdateId'], 'lastUpdateId')
    sink.book({
      symbol: fields.text(body['symbol'] ?? asked, 'symbol'),
      channel: 'depth',
      ...WHOLE_BOOK,
      isSnapshot: true,
      first: last,
      last,
      previous: -1,
      bids: fields.levels(body['bids'], 'bids'),
      asks: fields.levels(body['asks'], 'asks'),
      time: this.#time(body),
    })
  }

  #trade(body: Json, event: 'trade' | 'aggTrade', sink: MarketSink): void {
    const fields = this.#fields
    const { m, X } = body
    if (X !== undefined && X !== 'MARKET') {
      sink.leftOut('trades that no order book made')
      return
    }
    if (typeof m !== 'boolean') throw fields.bad('m', m, 'true or false')
    const idField = event === 'trade' ? 't' : 'a'
    sink.trade({
      symbol: fields.text(body['s'], 's'),
      channel: event,
      rank: event === 'trade' ? 2 : 1,
      price: fields.text(body['p'], 'p'),
      size: fields.text(body['q'], 'q'),
      side: m ? -1 : 1,
      id: fields.id(body[idField], idField),
      time: this.#time(body),
      isPast: false,
    })
  }

  #top(body: Json, sink: MarketSink): void {
    const fields = this.#fields
    const text = (field: string): string => fields.text(body[field], field)
    sink.top({
      symbol: text('s'),
      channel: 'bookTicker',
      rank: 1,
      id: fields.id(body['u'], 'u'),
      bid: Number(text('B')) === 0 ? undefined : [text('b'), text('B')],
      ask: Number(text('A')) === 0 ? undefined : [text('a'), text('A')],
      time: this.#time(body),
    })
  }

  /** `T` where there is one, else `E`; spot snapshots and tickers have neither. */
  #time(body: Json): number {
    if ('T' in body) return this.#fields.unixTime(body['T'], 'T')
    return 'E' in body ? this.#fields.unixTime(body['E'], 'E') : Number.NaN
  }
}
