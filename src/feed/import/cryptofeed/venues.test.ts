import { describe, expect, it } from 'vitest'
import {
  CAPTURE_START,
  KrakenV1,
  advanced,
  bybitBook,
  bybitTrade,
  coinbase,
  connect,
  line,
  okxBook,
  sent,
  type Levels,
} from '../../../../test/format-samples/cryptofeed.ts'
import { importLines, instrumentOf, rowsOf } from '../../../../test/capture-import.ts'
import { loadRows, plainRows } from '../../../../test/import-support.ts'

const BOOK: readonly [Levels, Levels] = [
  [
    ['99.5', '1.0'],
    ['99.0', '2.0'],
  ],
  [
    ['100.5', '1.5'],
    ['101.0', '2.5'],
  ],
]

describe('Kraken v1', () => {
  it('has a book cut to its depth: a level that falls out is removed and does not come back', async () => {
    const bids = Array.from({ length: 10 }, (_, i): [string, string] => [`${99 - i}.0`, '1.0'])
    const kraken = new KrakenV1('XBT/USD', 10)
    const { result, store } = await importLines([
      connect(0, KrakenV1.url),
      kraken.snapshot(1, bids, [['100.5', '1.0']]),
      // The eleventh level pushes 90.0 out, for which no removal is sent.
      kraken.update(2, [['99.5', '1.0']], []),
      kraken.update(3, [['99.5', '0.0']], []),
    ])
    expect(result.checksums).toEqual({ compared: 2, equal: 2 })
    expect(result.final).toMatchObject({ bidLevels: 9, askLevels: 1 })
    expect(rowsOf(store, 'XBT-USD').slice(-3)).toEqual([
      ['DepthSet+', 99.5, 1],
      ['DepthSet+', 90, 0],
      ['DepthSet+', 99.5, 0],
    ])
  })

  it('makes a book stale whose checksum differs, until the next snapshot', async () => {
    const kraken = new KrakenV1()
    const { result, store } = await importLines([
      connect(0, KrakenV1.url),
      kraken.snapshot(1, ...BOOK),
      kraken.update(2, [['99.6', '1.0']], [], '1'),
      kraken.update(3, [['99.7', '1.0']], []),
      kraken.snapshot(4, ...BOOK),
      kraken.update(5, [['99.8', '1.0']], []),
    ])
    expect(result.gaps).toBe(1)
    expect(result.final?.bestBid).toEqual([99.8, 1])
    expect(rowsOf(store, 'XBT-USD').map(([name]) => name)).toContain('Gap')
    // The update that came while the book was stale is no row.
    expect(rowsOf(store, 'XBT-USD').some(([, price]) => price === 99.7)).toBe(false)
    expect(result.warnings).toContainEqual(
      expect.stringMatching(
        /line 3: XBT-USD: the checksum of the book differs from that of the venue; the book is stale from here until the next snapshot$/,
      ),
    )
  })

  it('has trades with the aggressor, best prices of spread, and venue times of levels', async () => {
    const kraken = new KrakenV1()
    const time = `${CAPTURE_START}.001234`
    const { result, store } = await importLines([
      connect(0, KrakenV1.url),
      kraken.snapshot(1, ...BOOK),
      kraken.trade(10, '99.5', '0.25', 's'),
      line(11, [3, ['99.5', '100.5', time, '1.0', '1.5'], 'spread', 'XBT/USD']),
      line(12, [4, ['1', '2', '3'], 'ohlc-1', 'XBT/USD']),
    ])
    expect(result.trades).toMatchObject({ count: 1, volume: 0.25, buyVolume: 0 })
    expect(plainRows(loadRows(store, 'XBT-USD')).at(-1)).toMatchObject({
      local: 10_000_000,
      exch: 5_000_000,
    })
    expect(plainRows(loadRows(store, 'XBT-USD', 'bbo'))[0]).toMatchObject({ exch: 1_234_000 })
    expect(result.warnings).toContain('messages of other kinds were left out: 1 of ohlc-1')
  })
})

/** "Book checksum (WebSocket v2)", Kraken API Center: the example snapshot. */
const KRAKEN_V2 = `{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[{"price":45283.5,"qty":0.10000000},{"price":45283.4,"qty":1.54582015},{"price":45282.1,"qty":0.10000000},{"price":45281.0,"qty":0.10000000},{"price":45280.3,"qty":1.54592586},{"price":45279.0,"qty":0.07990000},{"price":45277.6,"qty":0.03310103},{"price":45277.5,"qty":0.30000000},{"price":45277.3,"qty":1.54602737},{"price":45276.6,"qty":0.15445238}],"asks":[{"price":45285.2,"qty":0.00100000},{"price":45286.4,"qty":1.54571953},{"price":45286.6,"qty":1.54571109},{"price":45289.6,"qty":1.54560911},{"price":45290.2,"qty":0.15890660},{"price":45291.8,"qty":1.54553491},{"price":45294.7,"qty":0.04454749},{"price":45296.1,"qty":0.35380000},{"price":45297.5,"qty":0.09945542},{"price":45299.5,"qty":0.18772827}],"checksum":3310070434}]}`

describe('Kraken v2', () => {
  const url = 'wss://ws.kraken.com/v2'

  it('reproduces the checksum of the published example, whose numbers keep their zeros', async () => {
    const { result } = await importLines([connect(0, url), line(1, KRAKEN_V2)])
    expect(result.symbol).toBe('BTC-USD')
    expect(result.checksums).toEqual({ compared: 1, equal: 1 })
    expect(result.final).toMatchObject({ bestBid: [45283.5, 0.1], bestAsk: [45285.2, 0.001] })
  })

  it('is cut to the depth that the subscription names, which stands in no message', async () => {
    const request = {
      method: 'subscribe',
      params: { channel: 'book', symbol: ['BTC/USD'], depth: 2 },
    }
    const update =
      '{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[],"asks":[],"timestamp":"2024-03-01T00:00:00.001Z"}]}'
    const { result } = await importLines([
      connect(0, url),
      sent(0, url, request),
      line(1, KRAKEN_V2.replace(/,"checksum":\d+/, '')),
      line(2, update),
    ])
    expect(result.final).toMatchObject({ bidLevels: 2, askLevels: 2 })
  })

  it('leaves trades from before the subscription out', async () => {
    const trade = (type: string, id: number): string =>
      `{"channel":"trade","type":"${type}","data":[{"symbol":"BTC/USD","side":"sell","price":45283.5,"qty":0.02500000,"ord_type":"market","trade_id":${id},"timestamp":"2024-03-01T00:00:00.000001Z"}]}`
    const { result } = await importLines([
      connect(0, url),
      line(1, KRAKEN_V2),
      line(2, trade('snapshot', 7)),
      line(3, trade('update', 8)),
    ])
    expect(result.trades).toMatchObject({ count: 1, volume: 0.025, buyVolume: 0 })
    expect(result.warnings).toContain(
      '1 trades from before the subscription were left out (BTC-USD)',
    )
  })
})

describe('OKX', () => {
  const url = 'wss://ws.okx.com:8443/ws/v5/public'
  const none = { checksum: undefined }

  it('links prevSeqId to seqId: a hole makes the book stale, a keep-alive and a reset do not', async () => {
    const { result, store } = await importLines([
      connect(0, url),
      okxBook(1, 'snapshot', [-1, 10], BOOK, none),
      okxBook(2, 'update', [10, 10], [[], []], none),
      okxBook(3, 'update', [10, 3], [[['99.6', '1']], []], none),
      okxBook(4, 'update', [3, 4], [[['99.7', '1']], []], none),
      okxBook(5, 'update', [5, 6], [[['99.8', '1']], []], none),
      okxBook(6, 'snapshot', [-1, 7], BOOK, none),
    ])
    expect(result.gaps).toBe(1)
    expect(result.checksums).toEqual({ compared: 0, equal: 0 })
    const snapshot = 'SnapshotBegin SnapshotLevel+ SnapshotLevel+ SnapshotLevel- SnapshotLevel-'
    expect(
      rowsOf(store, 'BTC-USDT-SWAP')
        .map(([name]) => name)
        .join(' '),
    ).toBe(`${snapshot} SnapshotEnd DepthSet+ DepthSet+ Gap ${snapshot} SnapshotEnd`)
    expect(result.warnings).toContainEqual(
      expect.stringContaining('update 6 does not follow 4 (it follows 5)'),
    )
    expect(result.warnings).toContainEqual(
      expect.stringContaining('the size of a contract of BTC-USDT-SWAP is not in the capture'),
    )
  })

  it('takes a checksum of 0 for a fault before 2026-06-23 and for a fact since', async () => {
    const day = (iso: string): object => ({ ts: String(Date.parse(iso)), checksum: 0 })
    const lines = (iso: string): string[] =>
      [
        connect(0, url),
        okxBook(1, 'snapshot', [-1, 10], BOOK, day(iso)),
        okxBook(2, 'update', [10, 11], [[['99.6', '1']], []], day(iso)),
      ].map((text) => text.replace(/\d{10}\.\d+/, String(Date.parse(iso) / 1000)))
    const before = await importLines(lines('2026-06-22T23:59:59Z'))
    expect(before.result.gaps).toBe(1)
    const since = await importLines(lines('2026-06-23T00:00:00Z'))
    expect(since.result.gaps).toBe(0)
    expect(since.result.checksums).toEqual({ compared: 0, equal: 0 })
    expect(since.result.warnings).toContainEqual(
      expect.stringMatching(
        /^2 book messages have the checksum 0, which OKX sends since 2026-06-23/,
      ),
    )
  })

  it('takes the deepest book channel, and single trades before joined ones', async () => {
    const trade = (channel: string, sz: string): string =>
      line(5, {
        arg: { channel, instId: 'BTC-USDT-SWAP' },
        data: [
          {
            instId: 'BTC-USDT-SWAP',
            tradeId: '1',
            px: '99.5',
            sz,
            side: 'buy',
            ts: '1709251200000',
          },
        ],
      })
    const five = okxBook(2, 'snapshot', [-1, 11], [[['50', '1']], []], none)
    const { result } = await importLines([
      connect(0, url),
      okxBook(1, 'snapshot', [-1, 10], BOOK, none),
      five.replace('"channel":"books"', '"channel":"books5"').replace('"action":"snapshot",', ''),
      trade('trades', '3'),
      trade('trades-all', '1'),
    ])
    expect(result.final?.bestBid).toEqual([99.5, 1])
    expect(result.trades?.volume).toBe(1)
    expect(result.warnings).toContain(
      'messages of other kinds were left out: 1 of books5 beside books, 1 of trades beside trades-all',
    )
  })
})

describe('Coinbase', () => {
  const url = 'wss://ws-feed.exchange.coinbase.com'

  it('has trades on the side of the aggressor, from the one after last_match on', async () => {
    const match = (ms: number, trade_id: number, side: string, type = 'match'): string =>
      coinbase(ms, type, { trade_id, side, size: '0.5', price: '99.5', sequence: trade_id * 7 })
    const { result } = await importLines([
      connect(0, url),
      coinbase(1, 'snapshot', { bids: BOOK[0], asks: BOOK[1] }),
      match(2, 10, 'buy', 'last_match'),
      match(3, 11, 'buy'),
      match(4, 11, 'buy'),
      match(5, 14, 'sell'),
      coinbase(6, 'l2update', {
        changes: [
          ['buy', '99.5', '0.0'],
          ['sell', '100.5', '9.0'],
        ],
      }),
      line(7, { type: 'heartbeat', sequence: 90, last_trade_id: 14, product_id: 'BTC-USD' }),
    ])
    expect(result.trades).toMatchObject({ count: 2, volume: 1, buyVolume: 0.5 })
    expect(result).toMatchObject({ duplicates: 1, gaps: 0 })
    expect(result.final).toMatchObject({ bestBid: [99, 2], bestAsk: [100.5, 9] })
    expect(result.warnings).toContain('2 trade ids are missing (BTC-USD)')
  })

  it('is stale from a connection made anew until its snapshot', async () => {
    const { result, store } = await importLines([
      connect(0, url),
      coinbase(1, 'snapshot', { bids: BOOK[0], asks: BOOK[1] }),
      connect(2, url),
      coinbase(3, 'l2update', { changes: [['buy', '99.9', '1.0']] }),
      coinbase(4, 'snapshot', { bids: BOOK[0], asks: BOOK[1] }),
    ])
    expect(result.gaps).toBe(1)
    expect(rowsOf(store, 'BTC-USD').some(([, price]) => price === 99.9)).toBe(false)
  })

  it('Advanced Trade: a hole in sequence_num makes every book of the connection stale', async () => {
    const levels = (type: string, price: string): object[] => [
      {
        type,
        product_id: 'BTC-USD',
        updates: [
          {
            side: 'bid',
            event_time: '1970-01-01T00:00:00Z',
            price_level: price,
            new_quantity: '1',
          },
          { side: 'offer', event_time: '', price_level: '101', new_quantity: '2' },
        ],
      },
    ]
    const trade = { trade_id: '12', product_id: 'BTC-USD', price: '99', size: '0.3', side: 'BUY' }
    const trades = [{ type: 'update', trades: [{ ...trade, time: '2024-03-01T00:00:00Z' }] }]
    const { result } = await importLines([
      connect(0, 'wss://advanced-trade-ws.coinbase.com'),
      advanced(1, 0, 'l2_data', levels('snapshot', '99')),
      advanced(2, 1, 'market_trades', trades),
      advanced(3, 2, 'l2_data', levels('update', '99.1')),
      advanced(4, 2, 'l2_data', levels('update', '99.2')),
      advanced(5, 4, 'l2_data', levels('update', '99.3')),
      advanced(6, 5, 'l2_data', levels('snapshot', '99.4')),
    ])
    expect(result.gaps).toBe(1)
    expect(result.trades).toMatchObject({ count: 1, buyVolume: 0.3 })
    expect(result.final).toMatchObject({ bestBid: [99.4, 1], bidLevels: 1 })
    expect(result.warnings).toContainEqual(
      expect.stringContaining('BTC-USD: message 4 does not follow 2'),
    )
    expect(result.warnings).toContain('1 messages with a number that came before were left out')
  })
})

describe('Bybit', () => {
  const url = 'wss://stream.bybit.com/v5/public/linear'

  it('counts u up by one, begins anew with u = 1, and repeats snapshots as signs of life', async () => {
    const { result } = await importLines([
      connect(0, url),
      bybitBook(1, 'snapshot', 10, BOOK),
      bybitBook(2, 'delta', 11, [[['99.6', '1']], []]),
      bybitBook(3, 'snapshot', 11, BOOK),
      bybitBook(4, 'delta', 13, [[['99.7', '1']], []]),
      bybitBook(5, 'snapshot', 20, BOOK),
      bybitBook(6, 'delta', 1, [[['98', '1']], [['102', '0']]]),
      bybitBook(7, 'delta', 2, [[['98.5', '1']], []]),
      bybitTrade(8, '98.5', '0.2'),
      bybitTrade(9, '98.5', '0.2', { BT: true }),
    ])
    expect(result).toMatchObject({ venue: 'bybit-linear', symbol: 'BTCUSDT', gaps: 1 })
    expect(result.final).toEqual({
      bestBid: [98.5, 1],
      bestAsk: null,
      bidLevels: 2,
      askLevels: 0,
      bidSize: 2,
      askSize: 0,
    })
    expect(result.trades).toMatchObject({ count: 1, buyVolume: 0.2 })
    expect(result.warnings).toContainEqual(expect.stringContaining('update 13 does not follow 11'))
    expect(result.warnings).toContain(
      'messages of other kinds were left out: 1 of block trades, which no order book made',
    )
  })

  it('has the kind that its address tells, or says that none does', async () => {
    const lines = [bybitBook(1, 'snapshot', 10, BOOK)]
    const spot = await importLines([connect(0, 'wss://stream.bybit.com/v5/public/spot'), ...lines])
    expect(instrumentOf(spot.store, 'BTCUSDT').kind).toBe('spot')
    const untold = await importLines(lines)
    expect(instrumentOf(untold.store, 'BTCUSDT').kind).toBe('linear-perpetual')
    expect(untold.result.warnings).toContainEqual(
      expect.stringMatching(/^no address in the capture tells whether it is of Bybit spot/),
    )
  })
})
