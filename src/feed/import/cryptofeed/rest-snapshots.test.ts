import { describe, expect, it } from 'vitest'
import {
  answer,
  binanceDepth,
  binanceSnapshot,
  binanceTrade,
  bitstampDiff,
  bitstampSnapshot,
  capture,
  connect,
  line,
  type Levels,
} from '../../../../test/format-samples/cryptofeed.ts'
import { folder, importLines, instrumentOf, rowsOf } from '../../../../test/capture-import.ts'
import { importCapture } from '../import-capture.ts'

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

describe('Binance', () => {
  const SPOT = 'wss://stream.binance.com:9443/stream?streams=btcusdt@depth@100ms'
  const USDM = 'wss://fstream.binance.com/stream?streams=btcusdt@depth@100ms'

  it('spot joins the snapshot of the .http file: U may be one above the last id', async () => {
    const ws = folder.write(
      'BINANCE.ws.1.0',
      capture(
        connect(0, SPOT),
        binanceDepth(10, { U: 90, u: 95 }, [[['99.4', '7']], []]),
        binanceDepth(20, { U: 96, u: 101 }, [[['99.6', '1']], []]),
        binanceDepth(40, { U: 102, u: 103 }, [[], [['100.5', '0']]]),
        binanceTrade(50, 5, ['99.6', '0.5']),
        binanceTrade(60, 8, ['99.6', '0.5'], { m: false }),
      ),
    )
    const http = folder.write('BINANCE.http.0.0', capture(binanceSnapshot(30, 100, BOOK)))
    const store = folder.newStore()
    const result = await importCapture({ format: 'cryptofeed', files: [ws, http], store })
    expect(result).toMatchObject({ venue: 'binance-spot', symbol: 'BTCUSDT', gaps: 0 })
    expect(result.duplicates).toBe(0)
    expect(result.final).toMatchObject({ bestBid: [99.6, 1], bestAsk: [101, 2.5] })
    expect(result.trades).toMatchObject({ count: 2, volume: 1, buyVolume: 0.5 })
    expect(result.warnings).toContain('2 trade ids are missing (BTCUSDT)')
    expect(instrumentOf(store, 'BTCUSDT')).toMatchObject({ kind: 'spot', base: 'BTC' })
  })

  it('spot tells a hole where U lies beyond, and recovers with the next snapshot', async () => {
    const { result } = await importLines([
      connect(0, SPOT),
      binanceSnapshot(1, 100, BOOK),
      binanceDepth(2, { U: 101, u: 102 }, [[['99.6', '1']], []]),
      binanceDepth(3, { U: 104, u: 105 }, [[['99.7', '1']], []]),
      binanceDepth(4, { U: 103, u: 103 }, [[['99.8', '1']], []]),
      binanceSnapshot(5, 104, BOOK),
      binanceDepth(6, { U: 106, u: 106 }, [[['99.9', '1']], []]),
    ])
    // The late update 103 fills the hole; the snapshot holds it and the first part of 104 to 105.
    expect(result).toMatchObject({ gaps: 1, reordered: 1, duplicates: 0 })
    expect(result.final?.bestBid).toEqual([99.9, 1])
  })

  it('USD-M links pu to u', async () => {
    const { result, store } = await importLines([
      connect(0, USDM),
      binanceSnapshot(1, 100, BOOK, 'fapi.binance.com/fapi/v1'),
      binanceDepth(2, { U: 95, u: 105, pu: 90 }, [[['99.6', '1']], []]),
      binanceDepth(3, { U: 200, u: 205, pu: 105 }, [[['99.7', '1']], []]),
      binanceDepth(4, { U: 300, u: 305, pu: 299 }, [[['99.8', '1']], []]),
    ])
    expect(result).toMatchObject({ venue: 'binance-usdm', gaps: 1 })
    expect(result.final?.bestBid).toEqual([99.7, 1])
    expect(instrumentOf(store, 'BTCUSDT').kind).toBe('linear-perpetual')
  })

  it('is told from the messages where a file has no address', async () => {
    const coinm = { s: 'BTCUSD_PERP', ps: 'BTCUSD' }
    const url = 'https://dapi.binance.com/dapi/v1/depth?symbol=BTCUSD_PERP'
    const ids = { lastUpdateId: 4, bids: BOOK[0], asks: BOOK[1] }
    const ws = folder.write(
      'rotated.ws.1.1',
      capture(binanceDepth(2, { U: 3, u: 5, pu: 1 }, [[['99.6', '1']], []], coinm)),
    )
    const http = folder.write('rotated.http.0.0', capture(answer(1, url, ids)))
    const store = folder.newStore()
    const result = await importCapture({ format: 'cryptofeed', files: [ws, http], store })
    expect(result).toMatchObject({ venue: 'binance-coinm', symbol: 'BTCUSD_PERP', gaps: 0 })
    const { kind, multiplier, base, quote } = instrumentOf(store, 'BTCUSD_PERP')
    expect([kind, multiplier, base, quote]).toEqual(['inverse-perpetual', 100, 'BTC', 'USD'])
  })

  it('compares tickers of the same update id', async () => {
    const ticker = (ms: number, u: number, B: string): string =>
      line(ms, {
        stream: 'btcusdt@bookTicker',
        data: { u, s: 'BTCUSDT', b: '99.6', B, a: '100.5', A: '1.5' },
      })
    const { result, store } = await importLines(
      [
        connect(0, SPOT),
        binanceSnapshot(1, 100, BOOK),
        ticker(2, 102, '1'),
        binanceDepth(3, { U: 101, u: 102 }, [[['99.6', '1']], []]),
        binanceDepth(4, { U: 103, u: 103 }, [[['99.6', '2']], []]),
        ticker(5, 103, '3'),
      ],
      { verify: true },
    )
    expect(result.verify).toEqual({ compared: 2, equal: 1 })
    expect(rowsOf(store, 'BTCUSDT', 'bbo')[0]).toEqual(['Bbo+', 99.6, 1])
  })
})

describe('Bitstamp', () => {
  const url = 'wss://ws.bitstamp.net/'

  it('refuses a snapshot older than the first update, and joins the next', async () => {
    const { result } = await importLines([
      connect(0, url),
      bitstampDiff(1, 1000, [[['99.6', '1']], []]),
      bitstampSnapshot(2, 500, BOOK),
      bitstampDiff(3, 3000, [[['99.7', '1']], []]),
      bitstampSnapshot(4, 2000, BOOK),
    ])
    expect(result).toMatchObject({ gaps: 0, duplicates: 0 })
    expect(result.final).toMatchObject({ bestBid: [99.7, 1], bidLevels: 3 })
    expect(result.warnings).toContain(
      '1 snapshots were too old to be joined and were left out (btcusd)',
    )
  })

  it('breaks at an update that runs back, and at a connection made anew', async () => {
    const { result } = await importLines([
      connect(0, url),
      bitstampSnapshot(1, 1000, BOOK),
      bitstampDiff(2, 3000, [[['99.6', '1']], []]),
      bitstampDiff(3, 2000, [[['99.7', '1']], []]),
      bitstampSnapshot(4, 4000, BOOK),
      connect(5, url),
      bitstampDiff(6, 6000, [[['99.8', '1']], []]),
      bitstampSnapshot(7, 5000, BOOK),
    ])
    expect(result).toMatchObject({ gaps: 2, reordered: 1 })
    expect(result.final?.bestBid).toEqual([99.8, 1])
    expect(result.warnings).toContainEqual(expect.stringContaining('the collector connected anew'))
  })
})
