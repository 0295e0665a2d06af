import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  TARDIS_START_US,
  sampleFiles,
  tardisBook,
  tardisLevels,
  tardisQuotes,
  tardisTrades,
} from '../../../../test/format-samples/tardis.ts'
import { TestFolder, loadRows } from '../../../../test/import-support.ts'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import { bookMoments, refusal, rowTexts, survivesDamage } from '../../../../test/table-import.ts'
import { Instrument } from '../../../market/index.ts'
import { openStore } from '../../../store/index.ts'
import { FORMATS } from '../formats.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportResult } from '../import-result.ts'

const folder = new TestFolder()
const START_NS = BigInt(TARDIS_START_US) * 1000n
const FUTURE = new Instrument({
  venue: 'deribit',
  symbol: 'BTC-PERPETUAL',
  kind: 'inverse-perpetual',
  base: 'BTC',
  quote: 'USD',
  tickSize: '0.5',
  lotSize: '0.00001',
})

async function imported(
  files: Readonly<Record<string, string>>,
  options: Partial<Parameters<typeof importCapture>[0]> = {},
): Promise<{ readonly result: ImportResult; readonly store: string }> {
  const store = folder.newStore()
  const paths = Object.entries(files).map(([name, text]) => folder.write(name, text))
  const result = await importCapture({
    format: 'tardis',
    files: paths,
    store,
    instrument: FUTURE,
    ...options,
  })
  return { result, store }
}

const texts = ({ store }: { readonly store: string }, kind = 'l2'): string[] =>
  rowTexts(store, 'BTC-PERPETUAL', START_NS, kind)

describe('Tardis.dev files', () => {
  it('of several types become one tape by local time, the first file first', async () => {
    const done = await imported({
      'trades.csv': tardisTrades([
        [5, '7', 'buy', '100.5', '10'],
        [10, 'a-b', 'unknown', '100', '2.5'],
      ]),
      'book.csv': tardisBook([
        [0, true, 'ask', '100.5', '10'],
        [0, true, 'bid', '100', '20'],
        [10, false, 'ask', '100.5', '0'],
        [10, false, 'ask', '101', '1e-05'],
      ]),
      'quotes.csv': tardisQuotes([
        [5, '10', '100.5', '100', '20'],
        [15, '', '', '100', '30'],
      ]),
    })
    expect(texts(done)).toEqual([
      '0 -5 SnapshotBegin 0x0',
      '0 -5 SnapshotLevel - 201x1000000',
      '0 -5 SnapshotLevel + 200x2000000',
      '0 -5 SnapshotEnd 0x0',
      '5 0 Trade + 201x1000000 #7',
      '10 5 Trade 200x250000',
      '10 5 DepthSet - 201x0',
      '10 5 DepthSet - 202x1',
    ])
    expect(texts(done, 'bbo')).toEqual([
      '5 0 Bbo + 200x2000000',
      '5 0 Bbo - 201x1000000',
      '15 10 Bbo + 200x3000000',
      '15 10 Bbo - 0x0',
    ])
    expect(done.result).toMatchObject({
      messages: 8,
      events: 12,
      clockOffsetNs: -4_500_000,
      warnings: [],
      final: { bestBid: [100, 20], bestAsk: [101, 0.00001], bidLevels: 1, askLevels: 1 },
      trades: { count: 2, volume: 12.5, buyVolume: 10 },
      symbols: [{ symbol: 'BTC-PERPETUAL', messages: 8 }],
    })
  })

  it('begin a snapshot where a run of snapshot rows begins, and nowhere else', async () => {
    const done = await imported({
      'book.csv': tardisBook([
        [0, false, 'bid', '90', '1'],
        [1, true, 'ask', '101', '1'],
        [2, true, 'bid', '100', '1'],
        [3, false, 'bid', '99', '1'],
        [4, true, 'bid', '98', '1'],
      ]),
    })
    expect(texts(done)).toEqual([
      '1 -4 SnapshotBegin 0x0',
      '1 -4 SnapshotLevel - 202x100000',
      '1 -4 SnapshotEnd 0x0',
      '2 -3 DepthSet + 200x100000',
      '3 -2 DepthSet + 198x100000',
      '4 -1 SnapshotBegin 0x0',
      '4 -1 SnapshotLevel + 196x100000',
      '4 -1 SnapshotEnd 0x0',
    ])
    expect(done.result.warnings).toEqual([
      '1 rows of updates before the first snapshot were left out',
      'snapshots replaced the book 1 times: the recorder had lost the stream',
    ])
  })

  it('of book snapshots become one snapshot and what changes from row to row', async () => {
    const done = await imported({
      'levels.csv': tardisLevels([
        [0, '101', '1', '100', '2', '102', '3', '99', '4'],
        [30, '101', '1', '100.5', '2', '', '', '100', '2'],
      ]),
    })
    expect(texts(done).slice(6)).toEqual([
      '30 25 DepthSet + 198x0',
      '30 25 DepthSet - 204x0',
      '30 25 DepthSet + 201x200000',
    ])
    expect(done.result.final).toMatchObject({ bidLevels: 2, askLevels: 1 })
  })

  it('of many symbols are imported whole or by name, each on its own grid', async () => {
    const trades = tardisTrades([
      [0, '1', 'buy', '100.5', '10'],
      [1, '2', 'buy', '101', '20'],
      [2, '1', 'sell', '0.012', '1e-05'],
      [3, '2', 'sell', '0.014', '0.002'],
    ]).replaceAll(/BTC-PERPETUAL(.*sell)/g, 'ETH/BTC$1')
    const all = await imported({ 'trades.csv': trades }, { instrument: undefined, kind: 'spot' })
    expect(all.result.symbols?.map(({ symbol, messages }) => [symbol, messages])).toEqual([
      ['BTC-PERPETUAL', 2],
      ['ETH-BTC', 2],
    ])
    const stored = openStore(all.store).partitions()
    expect(stored.map(({ venue, symbol }) => `${venue} ${symbol}`)).toEqual([
      'deribit BTC-PERPETUAL',
      'deribit ETH-BTC',
    ])
    expect(all.result.warnings).toEqual([
      expect.stringMatching(/^BTC-PERPETUAL: tick size 0\.5 and lot size 10 are the greatest/),
      expect.stringMatching(/^ETH-BTC: tick size 0\.002 and lot size 0\.00001 are the greatest/),
    ])
    const one = await imported(
      { 'trades.csv': trades },
      { instrument: undefined, symbols: ['ETH/BTC'], kind: 'spot', venue: 'mine' },
    )
    expect(one.result).toMatchObject({ venue: 'mine', symbol: 'ETH-BTC', messages: 2 })
    expect(one.result.warnings.at(-1)).toBe(
      'rows of other symbols were left out: 2 of BTC-PERPETUAL',
    )
    const message = await refusal(
      folder,
      { format: 'tardis', symbols: ['ETHBTC'] },
      { 'trades.csv': trades },
    )
    expect(message).toBe(
      'ABSENT_SYMBOL: no symbol "ETHBTC" in the input; did you mean "ETH/BTC"? (there: BTC-PERPETUAL, ETH/BTC)',
    )
  })

  it('refuse an instrument of which there is no row, and options without a meaning', async () => {
    const files = { 't.csv': tardisTrades([[0, '1', 'buy', '100', '1']]) }
    const other = new Instrument({ ...FUTURE.spec, symbol: 'BTC-PERP' })
    expect(await refusal(folder, { format: 'tardis', instrument: other }, files)).toBe(
      'ABSENT_SYMBOL: no symbol "BTC-PERP" in the input (there: BTC-PERPETUAL)',
    )
    for (const option of [{ verify: true }, { date: '2020-01-01' }, { timeZone: 'Asia/Tokyo' }]) {
      expect(await refusal(folder, { format: 'tardis', ...option }, files)).toMatch(
        /^BAD_ARGUMENT: --(?:verify|date|tz) means nothing to format tardis: its /,
      )
    }
  })

  it('of liquidations are told by their name, left out and counted', async () => {
    const done = await imported({
      'trades.csv': tardisTrades([[0, '1', 'buy', '100', '1']]),
      'deribit_liquidations_2020.csv': tardisTrades([[1, '9', 'buy', '100', '1']]),
    })
    expect(texts(done)).toHaveLength(1)
    expect(done.result.warnings[0]).toBe('1 rows of liquidations were left out')
  })

  it('have their clock fixed by the fastest message', async () => {
    const sent = tardisTrades([[0, '1', 'buy', '100', '1']])
    const received = sent.replace(`,${TARDIS_START_US},`, `,${TARDIS_START_US - 8000},`)
    const done = await imported({ 'trades.csv': received }, { fixClock: true })
    expect(texts(done)).toEqual(['-4.5 -5 Trade + 200x100000 #1'])
    expect(done.result).toMatchObject({ clockFixed: true, clockOffsetNs: 3_500_000 })
  })

  it('give back any book that is written as rows of updates', async () => {
    const change = fc.record({
      wait: fc.integer({ min: 0, max: 3 }),
      isBid: fc.boolean(),
      tick: fc.integer({ min: 1, max: 40 }),
      lots: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9_000_000 })),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 40, size: 'max' }),
        async (changes) => {
          const bids = new Map<number, number>([[200, 5]])
          const asks = new Map<number, number>()
          const expected = new Map<bigint, [Map<number, number>, Map<number, number>]>()
          let ms = 1
          const rows = changes.map(({ wait, isBid, tick, lots }) => {
            ms += wait
            const price = isBid ? tick : tick + 100
            const side = isBid ? bids : asks
            if (lots === 0) side.delete(price)
            else side.set(price, lots)
            expected.set(START_NS + BigInt(ms) * 1_000_000n, [new Map(bids), new Map(asks)])
            const size = lots % 2 === 0 ? String(lots / 1e5) : `${lots}e-5`
            return [ms, false, isBid ? 'bid' : 'ask', String(price / 2), size] as const
          })
          const { store } = await imported({
            'book.csv': tardisBook([[0, true, 'bid', '100', '5e-05'], ...rows]),
          })
          const moments = bookMoments(store, 'BTC-PERPETUAL').slice(1)
          expect(moments.map(({ localNs }) => localNs)).toEqual([...expected.keys()])
          for (const { localNs, bids: foundBids, asks: foundAsks } of moments) {
            expect([foundBids, foundAsks]).toEqual(expected.get(localNs))
          }
        },
      ),
      { numRuns: 30, seed: 4 },
    )
  })
})

describe('a Tardis.dev file that is not sound', () => {
  const good = [0, true, 'bid', '100', '1'] as const
  const book = (row: readonly [number, boolean, string, string, string]): string =>
    tardisBook([good, row])

  it.each([
    [
      { 'b.csv': book([1, false, 'bid', '100.3', '1']) },
      /OFF_GRID: b\.csv line 3 field price: .*100\.3/,
    ],
    [
      { 'b.csv': book([1, false, 'bid', 'abc', '1']) },
      /BAD_DECIMAL: b\.csv line 3 field price: expected a decimal number, was "abc"/,
    ],
    [
      { 'b.csv': book([1, false, 'bid', '100', '-1']) },
      /NEGATIVE: b\.csv line 3 field amount: a size is 0 or more, was -1/,
    ],
    [
      { 'b.csv': book([1, false, 'buy', '100', '1']) },
      /BAD_FIELD: b\.csv line 3 field side: expected bid or ask, was "buy"/,
    ],
    [
      { 'b.csv': book([-1, false, 'bid', '100', '1']) },
      /TIME_BACKWARDS: b\.csv line 3 field time: time goes back/,
    ],
    [
      { 'b.csv': book(good).replace(/true/, 'yes') },
      /BAD_FIELD: b\.csv line 2 field is_snapshot: expected true or false, was "yes"/,
    ],
    [
      { 'b.csv': book(good).replace(/(\n[^\n]*)\n$/, '$1,9\n') },
      /BAD_FIELD: b\.csv line 3: the row has 9 fields, expected 8/,
    ],
    [
      { 'b.csv': book(good).slice(0, -12) },
      /TRUNCATED_FILE: b\.csv line 3: the last line is cut off; line 2 is the last good one/,
    ],
    [
      { 'b.csv': book(good).replaceAll(`${TARDIS_START_US},true`, 'soon,true') },
      /BAD_INSTANT: b\.csv line 2 field local_timestamp: expected Unix microseconds between 1980 and 2100, was "soon"/,
    ],
    [
      { 'b.csv': tardisBook([[0, false, 'bid', '100', '1']]) },
      /ABSENT_SNAPSHOT: no row of BTC-PERPETUAL is of a snapshot/,
    ],
    [
      { 'b.csv': 'exchange,symbol,timestamp,local_timestamp,open_interest\n' },
      /UNKNOWN_FORMAT: b\.csv line 1: the header is none of incremental_book_L2/,
    ],
    [{ 'b.csv': tardisBook([]) }, /TOO_FEW_ROWS: b\.csv: there is no row that could be read/],
    [
      { 't.csv': tardisTrades([[0, '1', 'buy', '100', '0']]) },
      /BAD_FIELD: t\.csv line 2 field amount: expected a size above 0/,
    ],
    [
      { 't.csv': tardisTrades([[0, '1', 'long', '100', '1']]) },
      /BAD_FIELD: t\.csv line 2 field side: expected buy, sell or unknown/,
    ],
    [
      { 'l.csv': tardisLevels([[0, '101', '1', '100', '2', '101', '3', '99', '4']]) },
      /BAD_FIELD: l\.csv line 2 field asks\[1\]\.price: the levels do not go away/,
    ],
    [
      { 'l.csv': tardisLevels([[0, '', '', '100', '2', '101', '3', '99', '4']]) },
      /BAD_FIELD: l\.csv line 2 field asks\[1\]\.price: expected nothing behind an empty level/,
    ],
    [
      {
        'b.csv': book(good),
        'l.csv': tardisLevels([[0, '101', '1', '100', '2', '102', '3', '99', '4']]),
      },
      /BAD_ARGUMENT: the files tell of the book of BTC-PERPETUAL twice/,
    ],
    [
      { 'b.csv': book(good), 'copy.csv': book(good) },
      /TIME_BACKWARDS: .*\.csv line 2: the file begins at .* holds incremental_book_L2 of BTC-PERPETUAL too/,
    ],
  ])('is refused in one sentence: %#', async (files, message) => {
    expect(
      await refusal(
        folder,
        { format: 'tardis', instrument: FUTURE },
        files as Record<string, string>,
      ),
    ).toMatch(message)
  })

  it('ends in an import or in an error of ours, whatever bytes change', async () => {
    const files = Object.fromEntries(
      sampleFiles()
        .slice(0, 3)
        .map(({ name, bytes }) => [name, bytes]),
    )
    const { imported: kept, refused } = await survivesDamage(folder, { format: 'tardis' }, files)
    expect(kept).toBeGreaterThan(0)
    expect(refused).toBeGreaterThan(0)
  }, 30_000)
})

describeWithData('the samples of Tardis.dev', () => {
  const sample = (name: string): string => sharedPath(`data/format_samples/tardis_${name}.csv`)
  const cells = (name: string): Record<string, string>[] => {
    const [header, ...lines] = readFileSync(sample(name), 'utf8').trimEnd().split('\n')
    return lines.map((line) => {
      const values = line.split(',')
      return Object.fromEntries(header!.split(',').map((column, i) => [column, values[i]!]))
    })
  }
  const run = async (name: string): Promise<{ result: ImportResult; store: string }> => {
    const store = folder.newStore()
    return {
      result: await importCapture({ format: 'tardis', files: [sample(name)], store }),
      store,
    }
  }

  it.each([
    ['binance-futures_book_snapshot_5_BTCUSDT', 5],
    ['binance-futures_book_snapshot_25_BTCUSDT', 25],
  ])('%s: the book after each row is that row', async (name, levels) => {
    const { result, store } = await run(name)
    const rows = cells(name)
    const moments = bookMoments(store, 'BTCUSDT')
    expect(result.messages).toBe(10)
    expect(moments).toHaveLength(rows.length)
    for (const [i, row] of rows.entries()) {
      const side = (which: string): Map<number, number> =>
        new Map(
          Array.from({ length: levels }, (_, k) => [
            Math.round(Number(row[`${which}[${k}].price`]) * 100),
            Math.round(Number(row[`${which}[${k}].amount`]) * 1000),
          ]),
        )
      expect(moments[i]!.localNs).toBe(BigInt(row['local_timestamp']!) * 1000n)
      expect(moments[i]!.bids).toEqual(side('bids'))
      expect(moments[i]!.asks).toEqual(side('asks'))
    }
    expect(result).toMatchObject({ crossed: 0, gaps: 0, venue: 'binance-futures' })
  })

  it('bitmex trades: ten sells at 8531.5', async () => {
    const { result } = await run('bitmex_trades_XBTUSD')
    const volume = cells('bitmex_trades_XBTUSD').reduce(
      (sum, row) => sum + Number(row['amount']),
      0,
    )
    expect(result.trades).toEqual({ count: 10, volume, buyVolume: 0, vwap: 8531.5 })
  })

  it('deribit updates: one snapshot of the asks', async () => {
    const { result } = await run('deribit_incremental_book_L2_BTC-PERPETUAL')
    const rows = cells('deribit_incremental_book_L2_BTC-PERPETUAL')
    expect(result).toMatchObject({ messages: 15, events: 17, symbol: 'BTC-PERPETUAL' })
    expect(result.final).toMatchObject({
      bestBid: null,
      bestAsk: [6421.5, 18640],
      askLevels: rows.length,
      askSize: rows.reduce((sum, row) => sum + Number(row['amount']), 0),
    })
  })

  it('huobi quotes: two rows of a ticker for each', async () => {
    const { result, store } = await run('huobi-dm-swap_quotes_BTC-USD')
    const rows = cells('huobi-dm-swap_quotes_BTC-USD')
    const events = loadRows(store, 'BTC-USD', 'bbo')
    const { tickSize } = openStore(store).partitions()[0]!.instrument
    expect(result.events).toBe(20)
    for (const [i, row] of rows.entries()) {
      const price = (at: number): number => events.tick[at]! * Number(tickSize)
      expect(price(2 * i)).toBeCloseTo(Number(row['bid_price']), 9)
      expect(price(2 * i + 1)).toBeCloseTo(Number(row['ask_price']), 9)
      expect(events.lots[2 * i]).toBe(Number(row['bid_amount']))
      expect(events.lots[2 * i + 1]).toBe(Number(row['ask_amount']))
    }
  })

  it('are the only files that the format claims', () => {
    const tardis = FORMATS.find(({ name }) => name === 'tardis')!
    const claims = (path: string): boolean =>
      tardis.detects(readFileSync(sharedPath(path)), path.split('/').at(-1)!)
    expect(claims('data/format_samples/tardis_bitmex_trades_XBTUSD.csv')).toBe(true)
    for (const name of ['binance_btcusdt-depth-snap.csv', 'truefx_usdjpy-ticks.csv']) {
      expect(claims(`data/format_samples/${name}`)).toBe(false)
    }
  })
})
