/**
 * Coinbase Exchange (formerly Pro; one object a message) and Advanced Trade (events in channels).
 *
 * "Channels" of the Exchange websocket feed; "WebSocket Channels" and the AsyncAPI document of
 * Advanced Trade (read 2026-11).
 */
import type { Side } from '../../../market/index.ts'
import { CoinbaseConnectionGate, UnnumberedGate } from '../../sequence/crypto-gates.ts'
import type { CaptureLine } from './capture-line.ts'
import { isObject, type Json, type JsonFields } from './json-fields.ts'
import { NO_IDS, WHOLE_BOOK, type MarketSink, type TextLevel } from './market-events.ts'
import type { SymbolFacts, VenueReader, VenueRules } from './venue-rules.ts'

const CONTROL = new Set(['subscriptions', 'heartbeat', 'heartbeats', 'status', 'error'])

/** Coinbase. */
export const COINBASE: VenueRules = {
  name: 'coinbase',
  ownsHost: (host) =>
    /^(?:ws-feed|ws-direct|api)\.(?:pro|exchange)\.coinbase\.com$/.test(host) ||
    /^(?:advanced-trade-ws|api)\.coinbase\.com$/.test(host),
  ownsMessage: (message) =>
    isObject(message) &&
    (('type' in message && ('product_id' in message || 'channels' in message)) ||
      ('sequence_num' in message && 'events' in message)),
  makeReader: (fields) => new CoinbaseReader(fields),
  makeGate: () => new UnnumberedGate(),
  waitsForSnapshot: false,
  breaksOnReconnect: true,
  hasDenseTradeIds: true,
  hasTickerIds: false,
}

class CoinbaseReader implements VenueReader {
  readonly #fields: JsonFields
  /** Advanced Trade numbers the messages of a connection. */
  readonly #gates = new Map<string, CoinbaseConnectionGate>()
  #repeated = 0

  constructor(fields: JsonFields) {
    this.#fields = fields
  }

  get warnings(): readonly string[] {
    if (this.#repeated === 0) return []
    return [`${this.#repeated} messages with a number that came before were left out`]
  }

  read({ kind, json }: CaptureLine, connection: string, sink: MarketSink): void {
    if (kind === 'connect') this.#gates.delete(connection)
    if (kind !== 'message') return
    const fields = this.#fields
    const message = fields.object(fields.parse(json), 'message')
    if (Array.isArray(message['events'])) {
      if (this.#follows(message, connection, sink)) this.#advanced(message, sink)
    } else this.#exchange(message, sink)
  }

  factsOf(symbol: string): SymbolFacts {
    const [base = '', quote = ''] = symbol.split('-')
    const facts = { base: base || symbol, quote: quote || symbol.slice(-3), multiplier: '1' }
    return { venue: 'coinbase', kind: 'spot', ...facts }
  }

  #exchange(message: Json, sink: MarketSink): void {
    const fields = this.#fields
    const type = fields.text(message['type'], 'type')
    switch (type) {
      case 'snapshot':
        this.#snapshot(message, sink)
        break
      case 'l2update':
        this.#update(message, sink)
        break
      case 'match':
      case 'last_match':
        this.#match(message, type === 'last_match', sink)
        break
      case 'ticker':
        this.#ticker(message, sink)
        break
      default:
        if (!CONTROL.has(type)) sink.leftOut(type)
    }
  }

  #snapshot(message: Json, sink: MarketSink): void {
    const fields = this.#fields
    const symbol = fields.text(message['product_id'], 'product_id')
    const bids = fields.levels(message['bids'], 'bids')
    const asks = fields.levels(message['asks'], 'asks')
    this.#book(symbol, true, [bids, asks], this.#timeOf(message), sink)
  }

  #update(message: Json, sink: MarketSink): void {
    const fields = this.#fields
    const sides: [TextLevel[], TextLevel[]] = [[], []]
    fields.array(message['changes'], 'changes').forEach((change, i) => {
      const field = `changes[${i}]`
      const [side, price, size] = fields.array(change, field)
      const isBid = fields.word(side, `${field} side`, ['buy', 'sell']) === 'buy'
      const level: TextLevel = [
        fields.text(price, `${field} price`),
        fields.text(size, `${field} size`),
      ]
      sides[isBid ? 0 : 1].push(level)
    })
    const symbol = fields.text(message['product_id'], 'product_id')
    this.#book(symbol, false, sides, this.#timeOf(message), sink)
  }

  #book(
    symbol: string,
    isSnapshot: boolean,
    [bids, asks]: readonly [readonly TextLevel[], readonly TextLevel[]],
    time: number,
    sink: MarketSink,
  ): void {
    const levels = { isSnapshot, bids, asks, time }
    sink.book({ symbol, channel: 'level2', ...WHOLE_BOOK, ...NO_IDS, ...levels })
  }

  /** `side` is that of the resting order. */
  #match(message: Json, isPast: boolean, sink: MarketSink): void {
    const fields = this.#fields
    const maker = fields.word(message['side'], 'side', ['buy', 'sell'])
    sink.trade({
      symbol: fields.text(message['product_id'], 'product_id'),
      channel: 'matches',
      rank: 1,
      price: fields.text(message['price'], 'price'),
      size: fields.text(message['size'], 'size'),
      side: maker === 'buy' ? -1 : 1,
      id: fields.id(message['trade_id'], 'trade_id'),
      time: this.#timeOf(message),
      isPast,
    })
  }

  /** Until 2022 tickers had no sizes: then they say nothing that a row could hold. */
  #ticker(message: Json, sink: MarketSink): void {
    const fields = this.#fields
    if (!('best_bid_size' in message)) {
      sink.leftOut('ticker without sizes')
      return
    }
    const best = (side: 'bid' | 'ask'): TextLevel => [
      fields.text(message[`best_${side}`], `best_${side}`),
      fields.text(message[`best_${side}_size`], `best_${side}_size`),
    ]
    sink.top({
      symbol: fields.text(message['product_id'], 'product_id'),
      channel: 'ticker',
      rank: 1,
      bid: best('bid'),
      ask: best('ask'),
      id: 0,
      time: this.#timeOf(message),
    })
  }

  /** Judges the number of a message; false for one that came before. */
  #follows(message: Json, connection: string, sink: MarketSink): boolean {
    const number = this.#fields.id(message['sequence_num'], 'sequence_num')
    const known = this.#gates.get(connection)
    const gate = known ?? new CoinbaseConnectionGate()
    this.#gates.set(connection, gate)
    // A capture may begin in the middle of a connection.
    if (known === undefined) gate.onSnapshot(number - 1)
    const before = gate.lastId
    const verdict = gate.onDelta(number, number)
    if (verdict === 'drop') this.#repeated++
    if (verdict !== 'gap') return verdict === 'apply'
    sink.lost(connection, `message ${number} does not follow ${before}`)
    gate.onSnapshot(number)
    return true
  }

  #advanced(message: Json, sink: MarketSink): void {
    const fields = this.#fields
    const channel = fields.text(message['channel'], 'channel')
    if (CONTROL.has(channel)) return
    if (channel !== 'l2_data' && channel !== 'market_trades') {
      sink.leftOut(channel)
      return
    }
    const time = fields.isoTime(message['timestamp'], 'timestamp')
    fields.array(message['events'], 'events').forEach((row, i) => {
      const event = fields.object(row, `events[${i}]`)
      const isSnapshot = fields.word(event['type'], 'type', ['snapshot', 'update']) === 'snapshot'
      if (channel === 'l2_data') this.#levels(event, isSnapshot, time, sink)
      else this.#marketTrades(event, isSnapshot, sink)
    })
  }

  #levels(event: Json, isSnapshot: boolean, time: number, sink: MarketSink): void {
    const fields = this.#fields
    const sides: [TextLevel[], TextLevel[]] = [[], []]
    fields.array(event['updates'], 'updates').forEach((row, i) => {
      const field = `updates[${i}]`
      const update = fields.object(row, field)
      const side = fields.word(update['side'], `${field} side`, ['bid', 'offer', 'ask'])
      const price = fields.text(update['price_level'], `${field} price_level`)
      const size = fields.text(update['new_quantity'], `${field} new_quantity`)
      sides[side === 'bid' ? 0 : 1].push([price, size])
    })
    this.#book(fields.text(event['product_id'], 'product_id'), isSnapshot, sides, time, sink)
  }

  /** The newest trade comes first in a message. */
  #marketTrades(event: Json, isPast: boolean, sink: MarketSink): void {
    const fields = this.#fields
    const trades = fields.array(event['trades'], 'trades').toReversed()
    trades.forEach((row, i) => {
      const trade = fields.object(row, `trades[${i}]`)
      const side: Side = fields.word(trade['side'], 'side', ['BUY', 'SELL']) === 'BUY' ? 1 : -1
      sink.trade({
        symbol: fields.text(trade['product_id'], 'product_id'),
        channel: 'market_trades',
        rank: 2,
        side,
        isPast,
        price: fields.text(trade['price'], 'price'),
        size: fields.text(trade['size'], 'size'),
        id: fields.id(trade['trade_id'], 'trade_id'),
        time: this.#timeOf(trade),
      })
    })
  }

  #timeOf(message: Json): number {
    return 'time' in message ? this.#fields.isoTime(message['time'], 'time') : Number.NaN
  }
}
