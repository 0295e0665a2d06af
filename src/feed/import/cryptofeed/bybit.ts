/**
 * Bybit v5, public topics: `orderbook`, `publicTrade`.
 *
 * "Orderbook" and "Trade", websocket public, Bybit v5 API (read 2026-11).
 */
import type { InstrumentKind } from '../../../market/index.ts'
import { BybitGate } from '../../sequence/crypto-gates.ts'
import { pairOf } from '../symbol-names.ts'
import type { CaptureLine } from './capture-line.ts'
import { isObject, type Json, type JsonFields } from './json-fields.ts'
import type { MarketSink } from './market-events.ts'
import type { SymbolFacts, VenueReader, VenueRules } from './venue-rules.ts'

const TOPIC = /^(?:orderbook\.(?:rpi\.)?\w+|publicTrade|tickers|kline\.\w+|allLiquidation)\.(\S+)$/
const BOOK_TOPIC = /^orderbook\.(\d+)\.(\S+)$/
const CATEGORY = /\/v5\/public\/(\w+)/
/** `BTCUSDT-29AUG25`, `BTC-29AUG25` (linear) and `BTCUSDZ25` (inverse) end at a date. */
const DATED = /-\d{1,2}[A-Z]{3}\d{2}$|[FGHJKMNQUVXZ]\d{2}$/

/** Bybit. */
export const BYBIT: VenueRules = {
  name: 'bybit',
  ownsHost: (host) => /^stream(?:-testnet)?\.(?:bybit|bytick)\.com$/.test(host),
  ownsMessage: (message) => isObject(message) && TOPIC.test(String(message['topic'])),
  makeReader: (fields) => new BybitReader(fields),
  makeGate: () => new BybitGate(),
  waitsForSnapshot: false,
  breaksOnReconnect: true,
  hasDenseTradeIds: false,
  hasTickerIds: false,
}

class BybitReader implements VenueReader {
  readonly #fields: JsonFields
  /** `spot`, `linear` or `inverse`, as the address of the stream says. */
  #category: string | undefined

  constructor(fields: JsonFields) {
    this.#fields = fields
  }

  get warnings(): readonly string[] {
    if (this.#category !== undefined) return []
    return [
      'no address in the capture tells whether it is of Bybit spot or of contracts: taken for linear contracts, inverse ones where the quote is USD; give --kind spot for spot',
    ]
  }

  read({ kind, url, json }: CaptureLine, _connection: string, sink: MarketSink): void {
    if (kind === 'connect') this.#category = CATEGORY.exec(url)?.[1] ?? this.#category
    if (kind !== 'message') return
    const fields = this.#fields
    const message = fields.object(fields.parse(json), 'message')
    // Acknowledgements and pongs have no topic.
    if (!('topic' in message)) return
    const topic = fields.text(message['topic'], 'topic')
    const [, depth, symbol = ''] = BOOK_TOPIC.exec(topic) ?? []
    if (depth !== undefined) this.#book(message, symbol, Number(depth), sink)
    else if (topic.startsWith('publicTrade.')) this.#trades(message, sink)
    else sink.leftOut(topic.slice(0, topic.lastIndexOf('.')))
  }

  factsOf(symbol: string): SymbolFacts {
    const isFuture = DATED.test(symbol)
    const { base, quote } = partsOf(symbol)
    const category = this.#category ?? (quote === 'USD' ? 'inverse' : 'linear')
    const names = { venue: `bybit-${category}`, base, quote, multiplier: '1' }
    if (category === 'spot') return { ...names, kind: 'spot' }
    const value = category === 'inverse' ? 'inverse' : 'linear'
    const kind: InstrumentKind = `${value}-${isFuture ? 'future' : 'perpetual'}`
    return { ...names, kind }
  }

  #book(message: Json, symbol: string, depth: number, sink: MarketSink): void {
    const fields = this.#fields
    const isSnapshot = fields.word(message['type'], 'type', ['snapshot', 'delta']) === 'snapshot'
    const data = fields.object(message['data'], 'data')
    const last = fields.id(data['u'], 'u')
    sink.book({
      symbol,
      channel: `orderbook.${depth}`,
      depth,
      isCut: false,
      isSnapshot,
      first: last,
      last,
      previous: -1,
      bids: fields.levels(data['b'], 'b'),
      asks: fields.levels(data['a'], 'a'),
      // `cts` is of the matching engine, `ts` of the service that sends.
      time: fields.unixTime(message['cts'] ?? message['ts'], 'cts' in message ? 'cts' : 'ts'),
    })
  }

  #trades(message: Json, sink: MarketSink): void {
    const fields = this.#fields
    fields.array(message['data'], 'data').forEach((row, i) => {
      const trade = fields.object(row, `data[${i}]`)
      if (trade['BT'] === true) {
        sink.leftOut('block trades, which no order book made')
        return
      }
      const id = fields.text(trade['i'], `data[${i}] i`)
      sink.trade({
        symbol: fields.text(trade['s'], `data[${i}] s`),
        channel: 'publicTrade',
        rank: 1,
        price: fields.text(trade['p'], `data[${i}] p`),
        size: fields.text(trade['v'], `data[${i}] v`),
        side: fields.word(trade['S'], `data[${i}] S`, ['Buy', 'Sell']) === 'Buy' ? 1 : -1,
        // Spot ids are numbers, those of contracts are random.
        id: /^\d{1,15}$/.test(id) ? Number(id) : -1,
        time: fields.unixTime(trade['T'], `data[${i}] T`),
        isPast: false,
      })
    })
  }
}

/** `BTCPERP` and `BTC-29AUG25` are against USDC. */
function partsOf(symbol: string): { readonly base: string; readonly quote: string } {
  const name = symbol.replace(DATED, '')
  if (name.endsWith('PERP')) return { base: name.slice(0, -4), quote: 'USDC' }
  if (name !== symbol && symbol.includes('-') && !/USD[TC]?$/.test(name)) {
    return { base: name, quote: 'USDC' }
  }
  return pairOf(name)
}
