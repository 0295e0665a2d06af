/**
 * Small captures in the line form of cryptofeed, messages by the venues' published documents (named
 * at each function; read 2026-11).
 */
import { krakenChecksum, TextBook } from '../../src/feed/index.ts'

/** Unix seconds of the first line: 2024-03-01T00:00:00Z. */
export const CAPTURE_START = 1_709_251_200
const START_MS = CAPTURE_START * 1000

/** Levels as venues write them. */
export type Levels = readonly (readonly [price: string, size: string])[]

const stamp = (ms: number): string => (CAPTURE_START + ms / 1000).toFixed(4)

/** A message received `ms` after the start; text is taken as it is. */
export const line = (ms: number, message: unknown): string =>
  `${stamp(ms)}: ${typeof message === 'string' ? message : JSON.stringify(message)}`

/** The answer to a request. */
export const answer = (ms: number, url: string, message: unknown): string =>
  `${url} -> ${line(ms, message)}`

/** The collector connects. */
export const connect = (ms: number, url: string): string => `${url} <-> ${stamp(ms)}`

/** The collector asks. */
export const sent = (ms: number, url: string, message: unknown): string =>
  `${url} <- ${line(ms, message)}`

/** Text of a file. */
export const capture = (...lines: readonly string[]): string => `${lines.join('\n')}\n`

/** Kraken v1: "Book", "Trade", Kraken API Center. */
export class KrakenV1 {
  static readonly url = 'wss://ws.kraken.com'
  readonly pair: string
  readonly depth: number
  #book: TextBook

  constructor(pair = 'XBT/USD', depth = 10) {
    this.pair = pair
    this.depth = depth
    this.#book = new TextBook(depth)
  }

  snapshot(ms: number, bids: Levels, asks: Levels): string {
    this.#book = new TextBook(this.depth)
    return line(ms, [1, { as: timed(ms, asks), bs: timed(ms, bids) }, ...this.#tail(bids, asks)])
  }

  /** Both sides in one part each, the checksum in the last one. */
  update(ms: number, b: Levels, a: Levels, checksum?: string): string {
    const tail = this.#tail(b, a)
    const c = checksum ?? String(krakenChecksum(this.#book))
    const parts =
      b.length > 0 && a.length > 0
        ? [{ a: timed(ms, a) }, { b: timed(ms, b), c }]
        : [b.length > 0 ? { b: timed(ms, b), c } : { a: timed(ms, a), c }]
    return line(ms, [1, ...parts, ...tail])
  }

  trade(ms: number, price: string, size: string, side: 'b' | 's'): string {
    const time = (CAPTURE_START + (ms - 5) / 1000).toFixed(6)
    return line(ms, [2, [[price, size, time, side, 'm', '']], 'trade', this.pair])
  }

  #tail(bids: Levels, asks: Levels): [string, string] {
    for (const [price, size] of bids) this.#book.bids.set(price, size)
    for (const [price, size] of asks) this.#book.asks.set(price, size)
    this.#book.truncate()
    return [`book-${this.depth}`, this.pair]
  }
}

function timed(ms: number, levels: Levels): string[][] {
  return levels.map(([price, size]) => [price, size, (CAPTURE_START + ms / 1000).toFixed(6)])
}

/** Binance: depth, trades and tickers of spot (no `pu`), USD-M (`pu`) and COIN-M (`ps` too). */
export const binanceDepth = (
  ms: number,
  ids: { readonly U: number; readonly u: number; readonly pu?: number },
  [b, a]: readonly [Levels, Levels],
  more: object = {},
): string => {
  const time = ids.pu === undefined ? {} : { T: START_MS + ms - 6 }
  const data = { e: 'depthUpdate', E: START_MS + ms - 5, ...time, s: 'BTCUSDT', ...ids, b, a }
  return line(ms, { stream: 'btcusdt@depth@100ms', data: { ...data, ...more } })
}

/** `GET /api/v3/depth` and `/fapi/v1/depth`. */
export const binanceSnapshot = (
  ms: number,
  lastUpdateId: number,
  [bids, asks]: readonly [Levels, Levels],
  host = 'api.binance.com/api/v3',
): string => {
  const url = `https://${host}/depth?symbol=BTCUSDT&limit=1000`
  const times = host.startsWith('api') ? {} : { E: START_MS + ms - 5, T: START_MS + ms - 6 }
  return answer(ms, url, { lastUpdateId, ...times, bids, asks })
}

/** Binance `aggTrade` and `trade`. */
export const binanceTrade = (
  ms: number,
  id: number,
  [p, q]: readonly [string, string],
  more: object = {},
): string => {
  const data = { e: 'aggTrade', E: START_MS + ms - 4, s: 'BTCUSDT', a: id, p, q, f: id, l: id }
  const rest = { T: START_MS + ms - 5, m: true, ...more }
  return line(ms, { stream: 'btcusdt@aggTrade', data: { ...data, ...rest } })
}

/** Bybit v5 "Orderbook". */
export const bybitBook = (
  ms: number,
  type: 'snapshot' | 'delta',
  u: number,
  [b, a]: readonly [Levels, Levels],
  depth = 50,
): string =>
  line(ms, {
    topic: `orderbook.${depth}.BTCUSDT`,
    type,
    ts: START_MS + ms - 3,
    data: { s: 'BTCUSDT', b, a, u, seq: 7961638724 + u },
    cts: START_MS + ms - 5,
  })

/** Bybit v5 "Trade". */
export const bybitTrade = (ms: number, p: string, v: string, more: object = {}): string => {
  const trade = { T: START_MS + ms - 5, s: 'BTCUSDT', S: 'Buy', v, p, L: 'PlusTick' }
  const data = [{ ...trade, i: '20f43950-d8dd-5b31-9112-a178eb6023af', BT: false, ...more }]
  return line(ms, { topic: 'publicTrade.BTCUSDT', type: 'snapshot', ts: START_MS + ms - 3, data })
}

/** OKX v5 "Order book channel". */
export const okxBook = (
  ms: number,
  action: 'snapshot' | 'update',
  [prevSeqId, seqId]: readonly [number, number],
  [bids, asks]: readonly [Levels, Levels],
  more: object = {},
): string => {
  const four = (levels: Levels): string[][] => levels.map(([p, q]) => [p, q, '0', '1'])
  const ts = String(START_MS + ms - 5)
  const data = [{ asks: four(asks), bids: four(bids), ts, checksum: 0, prevSeqId, seqId, ...more }]
  return line(ms, { arg: { channel: 'books', instId: 'BTC-USDT-SWAP' }, action, data })
}

/** Coinbase Exchange "Level2 Channel", "Match". */
export const coinbase = (ms: number, type: string, more: object): string => {
  const time = new Date(START_MS + ms - 5).toISOString()
  return line(ms, { type, product_id: 'BTC-USD', ...more, time })
}

/** Coinbase Advanced Trade "Level2 Channel", "Market Trades Channel". */
export const advanced = (
  ms: number,
  sequence_num: number,
  channel: string,
  events: readonly object[],
): string => {
  const timestamp = new Date(START_MS + ms - 5).toISOString()
  return line(ms, { channel, client_id: '', timestamp, sequence_num, events })
}

/** Bitstamp "Live full order book" and the REST book. */
export const bitstampDiff = (
  ms: number,
  us: number,
  [bids, asks]: readonly [Levels, Levels],
): string =>
  line(ms, {
    data: { ...bitstampTimes(us), bids, asks },
    channel: 'diff_order_book_btcusd',
    event: 'data',
  })

/** `GET /api/v2/order_book/{pair}`. */
export const bitstampSnapshot = (
  ms: number,
  us: number,
  [bids, asks]: readonly [Levels, Levels],
): string => {
  const url = 'https://www.bitstamp.net/api/v2/order_book/btcusd'
  return answer(ms, url, { ...bitstampTimes(us), bids, asks })
}

function bitstampTimes(us: number): { timestamp: string; microtimestamp: string } {
  return { timestamp: String(CAPTURE_START), microtimestamp: String(START_MS * 1000 + us) }
}

/** One small file of each venue, for fuzzing. */
export function sampleFiles(): readonly { readonly name: string; readonly bytes: Buffer }[] {
  const kraken = new KrakenV1()
  const books = [[['99.5', '1.0']], [['100.5', '2.0']]] as const
  const files: [string, string][] = [
    [
      'KRAKEN.ws.1.0',
      capture(
        connect(0, KrakenV1.url),
        kraken.snapshot(1, books[0], books[1]),
        kraken.update(2, [['99.6', '1.5']], [['100.5', '0.0']]),
        kraken.trade(3, '99.6', '0.5', 's'),
      ),
    ],
    [
      'BINANCE.ws.1.0',
      capture(
        connect(0, 'wss://stream.binance.com:9443/stream?streams=btcusdt@depth'),
        binanceDepth(1, { U: 1, u: 5 }, books),
        binanceSnapshot(2, 4, books),
        binanceDepth(3, { U: 6, u: 7 }, [[['99.4', '1']], []]),
        binanceTrade(4, 9, ['99.5', '0.1']),
      ),
    ],
    [
      'OKX.ws.1.0',
      capture(
        connect(0, 'wss://ws.okx.com:8443/ws/v5/public'),
        okxBook(1, 'snapshot', [-1, 10], books, { checksum: undefined }),
        okxBook(2, 'update', [10, 11], [[['99', '3']], []], { checksum: undefined }),
      ),
    ],
    [
      'BYBIT.ws.1.0',
      capture(
        connect(0, 'wss://stream.bybit.com/v5/public/linear'),
        bybitBook(1, 'snapshot', 10, books),
        bybitBook(2, 'delta', 11, [[], [['100.5', '0']]]),
        bybitTrade(3, '99.5', '0.2'),
      ),
    ],
    [
      'COINBASE.ws.1.0',
      capture(
        connect(0, 'wss://ws-feed.exchange.coinbase.com'),
        coinbase(1, 'snapshot', { bids: books[0], asks: books[1] }),
        coinbase(2, 'l2update', { changes: [['buy', '99.7', '1.25']] }),
        coinbase(3, 'match', { trade_id: 5, side: 'sell', size: '0.5', price: '100.5' }),
      ),
    ],
    [
      'BITSTAMP.ws.1.0',
      capture(
        connect(0, 'wss://ws.bitstamp.net/'),
        bitstampDiff(1, 500, books),
        bitstampSnapshot(2, 1000, books),
        bitstampDiff(3, 2000, [[['99.4', '1']], []]),
      ),
    ],
  ]
  return files.map(([name, text]) => ({ name, bytes: Buffer.from(text) }))
}
