/**
 * OKX v5, public channels: order books, trades, tickers.
 *
 * "Order book channel", "Trades channel", "All trades channel", "Tickers channel", OKX API v5
 * documentation (read 2026-11).
 */
import { OKX_CHECKSUM_ENDS_MS, checkOkx } from '../../checksum/okx-checksum.ts'
import { OkxGate, UnnumberedGate } from '../../sequence/crypto-gates.ts'
import type { CaptureLine } from './capture-line.ts'
import { isObject, type Json, type JsonFields } from './json-fields.ts'
import type { MarketSink, TextLevel } from './market-events.ts'
import type { SymbolFacts, VenueReader, VenueRules } from './venue-rules.ts'

/** Levels a side of the book channels. */
const DEPTHS: Readonly<Record<string, number>> = {
  books: 400,
  'books-l2-tbt': 400,
  'books50-l2-tbt': 50,
  books5: 5,
}
/** The channel with each trade on its own is above the one that joins them. */
const TRADE_RANKS: Readonly<Record<string, number>> = { trades: 1, 'trades-all': 2 }

/** OKX. */
export const OKX: VenueRules = {
  name: 'okx',
  ownsHost: (host) => /^ws\w*\.ok(?:x|ex)\.com$/.test(host),
  ownsMessage: (message) => isObject(message) && isObject(message['arg']),
  makeReader: (fields) => new OkxReader(fields),
  // Captures from before the numbers existed have the checksum alone.
  makeGate: ({ last }) => (last < 0 ? new UnnumberedGate() : new OkxGate()),
  check: (book, { checksum }, unixMs) =>
    checksum === undefined ? 'none' : checkOkx(book, Number(checksum), unixMs),
  waitsForSnapshot: false,
  breaksOnReconnect: true,
  hasDenseTradeIds: false,
  hasTickerIds: false,
}

class OkxReader implements VenueReader {
  readonly #fields: JsonFields
  #zeroChecksums = 0

  constructor(fields: JsonFields) {
    this.#fields = fields
  }

  get warnings(): readonly string[] {
    if (this.#zeroChecksums === 0) return []
    const since = new Date(OKX_CHECKSUM_ENDS_MS.production).toISOString().slice(0, 10)
    return [
      `${this.#zeroChecksums} book messages have the checksum 0, which OKX sends since ${since} and which says nothing; their sequence numbers are judged all the same`,
    ]
  }

  read({ kind, json }: CaptureLine, _connection: string, sink: MarketSink): void {
    if (kind !== 'message' || json === 'pong') return
    const fields = this.#fields
    const message = fields.object(fields.parse(json), 'message')
    if (typeof message['event'] === 'string') return
    const arg = fields.object(message['arg'], 'arg')
    const channel = fields.text(arg['channel'], 'channel')
    const rows = fields.array(message['data'], 'data')
    if (channel in DEPTHS) {
      const isSnapshot = message['action'] !== 'update'
      const symbol = fields.text(arg['instId'], 'instId')
      for (const row of rows) this.#book(symbol, channel, row, isSnapshot, sink)
    } else if (channel in TRADE_RANKS) {
      for (const row of rows) this.#trade(channel, row, sink)
    } else if (channel === 'bbo-tbt') {
      const symbol = fields.text(arg['instId'], 'instId')
      for (const row of rows) this.#bbo(symbol, row, sink)
    } else if (channel === 'tickers') {
      for (const row of rows) this.#ticker(row, sink)
    } else sink.leftOut(channel)
  }

  factsOf(symbol: string): SymbolFacts {
    const [base = '', quote = '', last] = symbol.split('-')
    const names = { venue: 'okx', base: base || symbol, quote: quote || symbol.slice(-3) }
    if (last === undefined) return { ...names, kind: 'spot', multiplier: '1' }
    const value = quote === 'USD' ? 'inverse' : 'linear'
    const kind = last === 'SWAP' ? (`${value}-perpetual` as const) : (`${value}-future` as const)
    // Contracts against USD are of 100 USD (BTC) or 10 USD; the others are of any size.
    const multiplier = value === 'linear' ? undefined : base === 'BTC' ? '100' : '10'
    return { ...names, kind, multiplier }
  }

  #book(
    symbol: string,
    channel: string,
    row: unknown,
    isSnapshot: boolean,
    sink: MarketSink,
  ): void {
    const fields = this.#fields
    const body = fields.object(row, 'data')
    const { checksum } = body
    if (checksum !== undefined && !Number.isSafeInteger(checksum)) {
      throw fields.bad('checksum', checksum, 'a whole number')
    }
    const ms = fields.id(body['ts'], 'ts')
    if (checksum === 0 && ms >= OKX_CHECKSUM_ENDS_MS.production) this.#zeroChecksums++
    const last = fields.optionalId(body['seqId'], 'seqId')
    sink.book({
      symbol,
      channel,
      depth: DEPTHS[channel]!,
      isCut: false,
      isSnapshot,
      first: last,
      last,
      previous: isSnapshot ? -1 : fields.optionalId(body['prevSeqId'], 'prevSeqId'),
      bids: fields.levels(body['bids'], 'bids'),
      asks: fields.levels(body['asks'], 'asks'),
      time: fields.unixTime(body['ts'], 'ts'),
      checksum: checksum as number | undefined,
    })
  }

  #trade(channel: string, row: unknown, sink: MarketSink): void {
    const fields = this.#fields
    const body = fields.object(row, 'data')
    sink.trade({
      symbol: fields.text(body['instId'], 'instId'),
      channel,
      isPast: false,
      rank: TRADE_RANKS[channel]!,
      price: fields.text(body['px'], 'px'),
      size: fields.text(body['sz'], 'sz'),
      side: fields.word(body['side'], 'side', ['buy', 'sell']) === 'buy' ? 1 : -1,
      id: fields.id(body['tradeId'], 'tradeId'),
      time: fields.unixTime(body['ts'], 'ts'),
    })
  }

  #bbo(symbol: string, row: unknown, sink: MarketSink): void {
    const fields = this.#fields
    const body = fields.object(row, 'data')
    sink.top({
      symbol,
      channel: 'bbo-tbt',
      rank: 2,
      bid: fields.levels(body['bids'], 'bids')[0],
      ask: fields.levels(body['asks'], 'asks')[0],
      id: Math.max(0, fields.optionalId(body['seqId'], 'seqId')),
      time: fields.unixTime(body['ts'], 'ts'),
    })
  }

  #ticker(row: unknown, sink: MarketSink): void {
    const fields = this.#fields
    const body = fields.object(row, 'data')
    sink.top({
      symbol: fields.text(body['instId'], 'instId'),
      channel: 'tickers',
      rank: 1,
      id: 0,
      bid: this.#best(body, 'bid'),
      ask: this.#best(body, 'ask'),
      time: fields.unixTime(body['ts'], 'ts'),
    })
  }

  /** An empty side has an empty price. */
  #best(body: Json, side: 'bid' | 'ask'): TextLevel | undefined {
    if (body[`${side}Px`] === '') return undefined
    const price = this.#fields.text(body[`${side}Px`], `${side}Px`)
    return [price, this.#fields.text(body[`${side}Sz`], `${side}Sz`)]
  }
}
