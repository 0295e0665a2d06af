import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  ARCHIVE_START_MS,
  archiveDepth,
  archiveTicker,
  futuresAggTrades,
  sampleFiles,
  spotTrades,
  type DepthCells,
} from '../../../../test/format-samples/binance-archive.ts'
import { PERPETUAL, TestFolder } from '../../../../test/import-support.ts'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import { bookMoments, refusal, rowTexts, survivesDamage } from '../../../../test/table-import.ts'
import { openStore } from '../../../store/index.ts'
import { detectFormat } from '../detect-format.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportResult } from '../import-result.ts'

const folder = new TestFolder()
const START_NS = BigInt(ARCHIVE_START_MS) * 1_000_000n
const ONE_TIME =
  'the files have the time of the venue alone: local time is equal to it, so feed latency is yours to model'

async function imported(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<Parameters<typeof importCapture>[0]> = {},
): Promise<{ readonly result: ImportResult; readonly store: string }> {
  const store = folder.newStore()
  const paths = Object.entries(files).map(([name, text]) => folder.write(name, text))
  const given = { format: 'binance-archive', files: paths, store, instrument: PERPETUAL }
  return { result: await importCapture({ ...given, ...options }), store }
}

const samples = (): Record<string, Uint8Array> =>
  Object.fromEntries(sampleFiles().map(({ name, bytes }) => [name, bytes]))

describe('a Binance archive', () => {
  it('of trades, a book, its updates and a ticker becomes one tape in order of time', async () => {
    const { result, store } = await imported(samples())
    expect(rowTexts(store, 'BTCUSDT', START_NS)).toEqual([
      '0 0 SnapshotBegin 0x0 #100',
      '0 0 SnapshotLevel + 203770x1770 #100',
      '0 0 SnapshotLevel + 203769x1 #100',
      '0 0 SnapshotLevel - 203771x2000 #100',
      '0 0 SnapshotEnd 0x0 #100',
      '5 5 Trade + 203771x4 #7',
      '10 10 DepthSet + 203770x0 #101',
      '10 10 DepthSet - 203771x1000 #101',
      '15 15 Trade - 203770x2 #8',
      '20 20 DepthSet + 203768x500 #103',
    ])
    expect(rowTexts(store, 'BTCUSDT', START_NS, 'bbo')).toEqual([
      '6 6 Bbo + 203769x1 #101',
      '6 6 Bbo - 203771x1000 #101',
    ])
    expect(result).toMatchObject({
      messages: 9,
      gaps: 0,
      warnings: [ONE_TIME],
      final: { bestBid: [20376.9, 0.001], bestAsk: [20377.1, 1], bidLevels: 2 },
      trades: { count: 2, volume: 0.006, buyVolume: 0.004 },
    })
  })

  const kinds = [
    [
      'spot trades',
      { 'BTCUSDT-trades-2022-11.csv': spotTrades([[1, 5, '2.5', '0.5', true]]) },
      'binance-spot',
      'spot',
      '1',
    ],
    [
      'spot trades in microseconds',
      { 'BTCUSDT-trades-2025-01-01.csv': spotTrades([[1, 5, '2.5', '0.5', true]], 'us') },
      'binance-spot',
      'spot',
      '1',
    ],
    [
      'spot aggTrades',
      { 'BTCUSDT-aggTrades-2022-11.csv': `5,2.5,0.5,9,9,${ARCHIVE_START_MS + 1},True,True\n` },
      'binance-spot',
      'spot',
      '1',
    ],
    [
      'futures aggTrades',
      { 'BTCUSDT-aggTrades-2022-11.csv': futuresAggTrades([[1, 5, '2.5', '0.5', true]]) },
      'binance-usdm',
      'linear-perpetual',
      '1',
    ],
    [
      'futures aggTrades without a header',
      { 'BTCUSDT-aggTrades-2020-01.csv': `5,2.5,0.5,9,9,${ARCHIVE_START_MS + 1},true\n` },
      'binance-usdm',
      'linear-perpetual',
      '1',
    ],
    [
      'futures trades without a header',
      { 'BTCUSDT_221230-trades-2022-11.csv': `5,2.5,0.5,1.25,${ARCHIVE_START_MS + 1},true\n` },
      'binance-usdm',
      'linear-future',
      '1',
    ],
    [
      'COIN-M trades',
      {
        'BTCUSD_PERP-trades-2022-11.csv': `id,price,qty,base_qty,time,is_buyer_maker\n5,2.5,0.5,1,${ARCHIVE_START_MS + 1},true\n`,
      },
      'binance-coinm',
      'inverse-perpetual',
      '100',
    ],
    [
      'COIN-M trades of a delivery',
      {
        'ETHUSD_221230-trades-2022-11.csv': `id,price,qty,base_qty,time,is_buyer_maker\n5,2.5,0.5,1,${ARCHIVE_START_MS + 1},true\n`,
      },
      'binance-coinm',
      'inverse-future',
      '10',
    ],
  ] as const

  it.each(kinds)(
    'of %s tells market and symbol by its shape and name',
    async (_, files, venue, kind, multiplier) => {
      const { result, store } = await imported(files, { instrument: undefined })
      const symbol = Object.keys(files)[0]!.split('-')[0]!
      expect(result).toMatchObject({
        venue,
        symbol,
        trades: { count: 1, volume: 0.5, buyVolume: 0, vwap: 2.5 },
      })
      expect(rowTexts(store, symbol, START_NS)).toEqual(['1 1 Trade - 25x5 #5'])
      expect(openStore(store).partitions()[0]!.instrument).toMatchObject({ kind, multiplier })
    },
  )

  it('of bookTicker without a header is told from aggTrades by its last column', async () => {
    const row = `101,2.5,1,2.75,3,${ARCHIVE_START_MS},${ARCHIVE_START_MS + 1}\n`
    const { store } = await imported(
      { 'BTCUSDT-bookTicker-2022.csv': row },
      { instrument: undefined },
    )
    expect(rowTexts(store, 'BTCUSDT', START_NS, 'bbo')).toHaveLength(2)
  })

  it('leaves out repeated trades and counts missing ones', async () => {
    const { result } = await imported({
      'BTCUSDT-aggTrades-2022.csv': futuresAggTrades([
        [0, 5, '100', '1', true],
        [1, 5, '100', '1', true],
        [2, 9, '100', '1', false],
      ]),
    })
    expect(result).toMatchObject({ duplicates: 1, trades: { count: 2 } })
    expect(result.warnings.slice(1)).toEqual([
      '1 repeated messages were left out',
      '3 trade ids are missing',
    ])
  })

  it('joins updates that came before their snapshot, and is stale behind a hole until the next', async () => {
    const { result, store } = await imported({
      'depth-update.csv': archiveDepth([
        [0, 'set', 99, 101, 98, 'b', '90.0', '1'],
        [1, 'set', 102, 103, 101, 'b', '91.0', '2'],
        [9, 'set', 110, 111, 109, 'b', '92.0', '3'],
        [12, 'set', 112, 113, 111, 'b', '93.0', '4'],
      ]),
      'depth-snap.csv': archiveDepth([
        [5, 'snap', 100, 100, -1, 'b', '89.0', '1'],
        [10, 'snap', 111, 111, -1, 'b', '92.0', '5'],
      ]),
    })
    expect(rowTexts(store, 'BTCUSDT', START_NS)).toEqual([
      '5 5 SnapshotBegin 0x0 #100',
      '5 5 SnapshotLevel + 890x1000 #100',
      '5 5 SnapshotEnd 0x0 #100',
      '5 5 DepthSet + 900x1000 #101',
      '5 5 DepthSet + 910x2000 #103',
      '9 9 Gap 0x0 #110',
      '10 10 SnapshotBegin 0x0 #111',
      '10 10 SnapshotLevel + 920x5000 #111',
      '10 10 SnapshotEnd 0x0 #111',
      // The venue's rule: the first update to apply has U <= lastUpdateId <= u.
      '10 10 DepthSet + 920x3000 #111',
      '12 12 DepthSet + 930x4000 #113',
    ])
    expect(result.gaps).toBe(1)
    expect(result.warnings[1]).toMatch(
      /depth-update\.csv line 4: depth update 110 does not follow 103 \(pu=109\); the book is stale/,
    )
  })

  it('gives back any book that is written as a snapshot and updates', async () => {
    const change = fc.record({
      isBid: fc.boolean(),
      levels: fc.array(
        fc.record({ tick: fc.integer({ min: 1, max: 30 }), lots: fc.nat({ max: 3 }) }),
        { minLength: 1, maxLength: 4 },
      ),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 25 }), async (changes) => {
        const bids = new Map([[500, 5]])
        const asks = new Map([[900, 6]])
        const expected = [{ bids: new Map(bids), asks: new Map(asks) }]
        const rows = changes.flatMap(({ isBid, levels }, i) => {
          const cells = levels.map(({ tick, lots }): DepthCells => {
            const price = isBid ? tick : tick + 1000
            const side = isBid ? bids : asks
            if (lots === 0) side.delete(price)
            else side.set(price, lots)
            const text = [(price / 10).toFixed(2), (lots / 1000).toFixed(3)] as const
            return [i + 1, 'set', 101 + i, 101 + i, 100 + i, isBid ? 'b' : 'a', ...text]
          })
          expected.push({ bids: new Map(bids), asks: new Map(asks) })
          return cells
        })
        const { store, result } = await imported({
          'depth-snap.csv': archiveDepth([
            [0, 'snap', 100, 100, -1, 'b', '50.0', '0.005'],
            [0, 'snap', 100, 100, -1, 'a', '90.0', '0.006'],
          ]),
          'depth-update.csv': archiveDepth(rows),
        })
        expect(result.gaps).toBe(0)
        const moments = bookMoments(store, 'BTCUSDT')
        expect(moments.map((moment) => ({ bids: moment.bids, asks: moment.asks }))).toEqual(
          expected,
        )
      }),
      { numRuns: 25, seed: 6 },
    )
  })

  const trades = futuresAggTrades([[0, 5, '100', '1', true]])
  const snap = archiveDepth([[0, 'snap', 9, 9, -1, 'b', '89.0', '1']])
  it.each([
    [
      { 'BTCUSDT-trades-1.csv': 'timestamp,percentage,depth,notional\n' },
      /UNSUPPORTED: .*line 1: bookDepth holds the size within some percent/,
    ],
    [
      { 'BTCUSDT-klines.csv': '1,2,3\n' },
      /UNKNOWN_FORMAT: .*line 1: neither a header nor a row of aggTrades/,
    ],
    [
      { 'BTCUSDT-aggTrades-1.csv': trades.replace('true', 'yes') },
      /BAD_FIELD: .*line 2 field is_buyer_maker: expected true or false, was "yes"/,
    ],
    [
      { 'BTCUSDT-aggTrades-1.csv': trades.replace(',100,', ',100.05,') },
      /OFF_GRID: .*line 2 field price/,
    ],
    [
      { 'BTCUSDT-aggTrades-1.csv': trades.replace(',100,', ',0,') },
      /BAD_FIELD: .*line 2 field price: expected a price above 0, was 0/,
    ],
    [
      { 'BTCUSDT-aggTrades-1.csv': trades.replace('\n5,', '\n-5,') },
      /BAD_FIELD: .*line 2 field agg_trade_id: expected a whole number/,
    ],
    [
      { 'BTCUSDT-aggTrades-1.csv': trades.replace('16673', '1667') },
      /BAD_INSTANT: .*line 2 field transact_time: expected Unix milliseconds/,
    ],
    [
      {
        'BTCUSDT-aggTrades-1.csv': trades,
        'BTCUSDT-trades-1.csv': spotTrades([[0, 5, '100', '1', true]]),
      },
      /BAD_ARGUMENT: the files tell of the trades of BTCUSDT twice, by aggTrades and by trades/,
    ],
    [
      { 'depth-update.csv': archiveDepth([[0, 'set', 9, 9, 8, 'b', '89.0', '1']]) },
      /ABSENT_SNAPSHOT: there is no depth snapshot of BTCUSDT/,
    ],
    [
      { 'depth-snap.csv': snap.replace(',b,', ',bid,') },
      /BAD_FIELD: .*line 2 field side: expected b or a, was "bid"/,
    ],
    [
      { 'depth-snap.csv': snap.replace('snap,', 'full,') },
      /BAD_FIELD: .*line 2 field update_type: expected snap or set, was "full"/,
    ],
    [
      {
        'depth-snap.csv': archiveDepth([
          [0, 'snap', 9, 9, -1, 'b', '89.0', '1'],
          [0, 'snap', 9, 9, -1, 'a', '88.0', '1'],
        ]),
      },
      /BAD_FIELD: .*the snapshot is crossed/,
    ],
    [
      { 'BTCUSDT-bookTicker-1.csv': archiveTicker([[0, 1, '1', '-1', '2', '1']]) },
      /NEGATIVE: .*line 2 field best_bid_qty/,
    ],
  ])('is refused in one sentence: %#', async (files, message) => {
    const options = { format: 'binance-archive', instrument: PERPETUAL }
    expect(await refusal(folder, options, files as Record<string, string>)).toMatch(message)
  })

  it('needs a name where neither rows nor the name of the file tell the symbol', async () => {
    const files = { 'day.csv': spotTrades([[0, 5, '2', '1', true]]) }
    expect(await refusal(folder, { format: 'binance-archive' }, files)).toMatch(
      /^BAD_FIELD: day\.csv: the rows name no symbol, .* or --symbol name it$/,
    )
    const { result } = await imported(files, { instrument: undefined, symbols: ['ETHUSDT'] })
    expect(result).toMatchObject({ venue: 'binance-spot', symbol: 'ETHUSDT', messages: 1 })
  })

  it('ends in an import or in an error of ours, whatever bytes change', async () => {
    const { imported: kept, refused } = await survivesDamage(
      folder,
      { format: 'binance-archive' },
      samples(),
    )
    expect(Math.min(kept, refused)).toBeGreaterThan(0)
  }, 30_000)
})

describeWithData('the samples of a Binance archive', () => {
  const paths = ['snap', 'update'].map((part) =>
    sharedPath(`data/format_samples/binance_btcusdt-depth-${part}.csv`),
  )

  it('hold a snapshot of bids and an update ten minutes later, with a hole between them', async () => {
    for (const path of paths) expect((await detectFormat([path])).name).toBe('binance-archive')
    const store = folder.newStore()
    const result = await importCapture({ format: 'binance-archive', files: paths, store })
    const bids = readFileSync(paths[0]!, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => {
        const cells = line.split(',')
        return [Number(cells[6]), Number(cells[7])] as const
      })
    const best = bids.reduce((a, b) => (b[0] > a[0] ? b : a))
    expect(result).toMatchObject({
      venue: 'binance-usdm',
      symbol: 'BTCUSDT',
      messages: 200,
      gaps: 1,
      crossed: 0,
      final: { bestBid: best, bestAsk: null, bidLevels: 100, askLevels: 0 },
    })
    expect(result.final!.bidSize).toBeCloseTo(
      bids.reduce((sum, [, size]) => sum + size, 0),
      9,
    )
    expect(result.warnings.at(-1)).toMatch(
      /depth-update\.csv line 2: depth update 2098041693435 does not follow 2098021528332 \(pu=2098041693400\)/,
    )
  })
})
