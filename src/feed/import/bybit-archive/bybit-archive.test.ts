import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  BYBIT_START_MS,
  bybitLine,
  bybitSpotTrades,
  bybitTrades,
  sampleFiles,
} from '../../../../test/format-samples/bybit-archive.ts'
import { TestFolder } from '../../../../test/import-support.ts'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import { bookMoments, refusal, rowTexts, survivesDamage } from '../../../../test/table-import.ts'
import { Instrument } from '../../../market/index.ts'
import { detectFormat } from '../detect-format.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportResult } from '../import-result.ts'

const folder = new TestFolder()
const START_NS = BigInt(BYBIT_START_MS) * 1_000_000n
const XRP = new Instrument({
  venue: 'bybit',
  symbol: 'XRPUSDT',
  kind: 'linear-perpetual',
  base: 'XRP',
  quote: 'USDT',
  tickSize: '0.0001',
  lotSize: '1',
})
const ONE_TIME =
  'the files have the time of the venue alone: local time is when the venue sent a book message (ts) or matched a trade, so feed latency is yours to model'

async function imported(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<Parameters<typeof importCapture>[0]> = {},
): Promise<{ readonly result: ImportResult; readonly store: string }> {
  const store = folder.newStore()
  const paths = Object.entries(files).map(([name, text]) => folder.write(name, text))
  const given = { format: 'bybit-archive', files: paths, store, instrument: XRP }
  return { result: await importCapture({ ...given, ...options }), store }
}

const book = (...lines: readonly string[]): Record<string, string> => ({
  'book.data': `${lines.join('\n')}\n`,
})
const snapshot = bybitLine(0, 'snapshot', 7, [['1.0000', '5']], [['1.0002', '6']])

describe('a Bybit archive', () => {
  it('of a book and trades becomes one tape, packed or not', async () => {
    const files = Object.fromEntries(sampleFiles().map(({ name, bytes }) => [name, bytes]))
    const { result, store } = await imported(files)
    expect(rowTexts(store, 'XRPUSDT', START_NS)).toEqual([
      '0 -3 SnapshotBegin 0x0 #7',
      '0 -3 SnapshotLevel + 19531x620 #7',
      '0 -3 SnapshotLevel - 19532x10 #7',
      '0 -3 SnapshotEnd 0x0 #7',
      '50 50 Trade + 19532x5',
      '100 97 DepthSet + 19531x0 #8',
      '100 97 DepthSet + 19530x5 #8',
      '150 150 Trade - 19530x6',
      '200 197 DepthSet - 19532x11 #9',
    ])
    expect(result).toMatchObject({
      messages: 5,
      gaps: 0,
      warnings: [ONE_TIME],
      final: { bestBid: [1.953, 5], bestAsk: [1.9532, 11] },
      trades: { count: 2, volume: 11, buyVolume: 5 },
    })
  })

  it('of spot trades has its symbol in the name and milliseconds', async () => {
    const { result, store } = await imported(
      {
        'XRPUSDT_2024-12-01.csv': bybitSpotTrades([
          [1, 3, '1.5', '2', 'sell'],
          [4, 4, '1.75', '6', 'buy'],
        ]),
      },
      { instrument: undefined, kind: 'spot' },
    )
    expect(rowTexts(store, 'XRPUSDT', START_NS)).toEqual([
      '1 1 Trade - 6x1 #3',
      '4 4 Trade + 7x3 #4',
    ])
    expect(result).toMatchObject({ venue: 'bybit', symbol: 'XRPUSDT' })
  })

  it('is stale from a missing update to the next snapshot, and says where', async () => {
    const { result, store } = await imported(
      book(
        bybitLine(0, 'delta', 6, [['1.0000', '9']]),
        snapshot,
        bybitLine(10, 'delta', 8, [['1.0000', '6']]),
        bybitLine(10, 'delta', 8, [['1.0000', '6']]),
        bybitLine(20, 'delta', 10, [['1.0000', '7']]),
        bybitLine(30, 'delta', 11, [['1.0000', '8']]),
        bybitLine(40, 'snapshot', 20, [['1.0001', '1']], [['1.0003', '1']]),
        bybitLine(50, 'delta', 21, [['1.0001', '2']]),
      ),
    )
    expect(rowTexts(store, 'XRPUSDT', START_NS).slice(4)).toEqual([
      '10 7 DepthSet + 10000x6 #8',
      '20 17 Gap 0x0 #10',
      '40 37 SnapshotBegin 0x0 #20',
      '40 37 SnapshotLevel + 10001x1 #20',
      '40 37 SnapshotLevel - 10003x1 #20',
      '40 37 SnapshotEnd 0x0 #20',
      '50 47 DepthSet + 10001x2 #21',
    ])
    expect(result).toMatchObject({ gaps: 1, duplicates: 1, final: { bestBid: [1.0001, 2] } })
    expect(result.warnings.slice(1).map((text) => text.replace(/^\S+\//, ''))).toEqual([
      '1 repeated messages were left out',
      'book.data line 5: update 10 does not follow 8; the book is stale from here until the next snapshot',
      '1 updates before the first snapshot were left out',
    ])
  })

  it('begins anew where the service restarted: update 1 is a whole book', async () => {
    const { result } = await imported(
      book(snapshot, bybitLine(10, 'delta', 1, [['0.9000', '2']], [['0.9001', '0']])),
    )
    expect(result.final).toMatchObject({ bestBid: [0.9, 2], bestAsk: null, bidLevels: 1 })
    expect(result.gaps).toBe(0)
  })

  it('keeps local time where the time of the venue goes back a little', async () => {
    const { result, store } = await imported({
      't.csv': bybitTrades([
        [9, 'Buy', '1', '1.0'],
        [4, 'Sell', '1', '1.0'],
        [10, 'Buy', '1', '1.0'],
      ]),
    })
    expect(rowTexts(store, 'XRPUSDT', START_NS).map((text) => text.slice(0, 4))).toEqual([
      '9 9 ',
      '9 4 ',
      '10 1',
    ])
    expect(result.warnings.at(-1)).toBe(
      'venue time goes back at 1 rows; their local time is the latest before',
    )
  })

  it('gives back any book that is sent as a snapshot and deltas', async () => {
    const change = fc.record({
      wait: fc.integer({ min: 1, max: 3 }),
      isBid: fc.boolean(),
      tick: fc.integer({ min: 1, max: 30 }),
      lots: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e9 })),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 40, size: 'max' }), async (changes) => {
        const bids = new Map([[10_000, 5]])
        const asks = new Map([[10_002, 6]])
        const expected = [{ bids: new Map(bids), asks: new Map(asks) }]
        let ms = 0
        const lines = changes.map(({ wait, isBid, tick, lots }, i) => {
          ms += wait
          const price = isBid ? tick : tick + 20_000
          const side = isBid ? bids : asks
          if (lots === 0) side.delete(price)
          else side.set(price, lots)
          expected.push({ bids: new Map(bids), asks: new Map(asks) })
          const level = [[(price / 1e4).toFixed(4), String(lots)]] as const
          return bybitLine(ms, 'delta', 8 + i, isBid ? level : [], isBid ? [] : level)
        })
        const { store } = await imported(book(snapshot, ...lines))
        const moments = bookMoments(store, 'XRPUSDT')
        expect(moments.map((moment) => ({ bids: moment.bids, asks: moment.asks }))).toEqual(
          expected,
        )
      }),
      { numRuns: 25, seed: 5 },
    )
  })

  it.each([
    [book(snapshot, '{"topic":'), /BAD_JSON: book\.data line 2: the line is no valid JSON/],
    [
      book(snapshot, '[1]'),
      /BAD_FIELD: book\.data line 2 field message: expected a JSON object, was an array/,
    ],
    [
      book(bybitLine(0, 'snapshot', 1, [['1.00005', '5']])),
      /OFF_GRID: book\.data line 1 field data\.b\[0\] price: .*1\.00005/,
    ],
    [
      book(bybitLine(0, 'snapshot', 1, [['1.0', '0']])),
      /BAD_FIELD: .*field data\.b\[0\] size: expected a size above 0, was "0"/,
    ],
    [
      book(bybitLine(0, 'delta', 1, [['1.0', '-1']])),
      /BAD_FIELD: .*field data\.b\[0\] size: expected a size of 0 or more/,
    ],
    [
      book(bybitLine(0, 'snapshot', 1, [['1e0', '1']])),
      /BAD_DECIMAL: .*field data\.b\[0\] price: "1e0" is not a plain decimal/,
    ],
    [
      book(snapshot.replace('"u":7', '"u":"7"')),
      /BAD_FIELD: .*field data\.u: expected a whole number/,
    ],
    [book(snapshot.replace('"ts":1', '"ts":"1"')), /BAD_JSON|BAD_FIELD: .*field ts/],
    [
      book(snapshot.replace('snapshot', 'full')),
      /BAD_FIELD: .*field type: expected snapshot or delta, was "full"/,
    ],
    [
      book(snapshot.replace('[["1.0000","5"]]', '[["1.0000"]]')),
      /BAD_FIELD: .*field data\.b\[0\]: expected \[price, size\]/,
    ],
    [
      { 'book.data': `${snapshot}\n${snapshot.slice(0, 90)}` },
      /TRUNCATED_FILE: book\.data line 2: the last line is cut off; line 1 is the last good one/,
    ],
    [
      { 't.csv': 'time,price\n1,2\n' },
      /UNKNOWN_FORMAT: t\.csv line 1: neither a message of an order book nor a header/,
    ],
    [
      { 't.csv': bybitTrades([[0, 'Up', '1', '1']]) },
      /BAD_FIELD: t\.csv line 2 field side: expected Buy or Sell, was "Up"/,
    ],
    [
      {
        't.csv': bybitTrades([
          [20_000, 'Buy', '1', '1'],
          [0, 'Buy', '1', '1'],
        ]),
      },
      /TIME_BACKWARDS: t\.csv line 3 field time: time goes back from 2024-12-01T00:00:20/,
    ],
  ])('is refused in one sentence: %#', async (files, message) => {
    const options = { format: 'bybit-archive', instrument: XRP }
    expect(await refusal(folder, options, files as Record<string, string>)).toMatch(message)
  })

  it('needs a name where neither rows nor the name of the file tell the symbol', async () => {
    const files = { 'spot.csv': bybitSpotTrades([[0, 1, '1', '1', 'buy']]) }
    expect(await refusal(folder, { format: 'bybit-archive' }, files)).toMatch(
      /^BAD_FIELD: spot\.csv: the rows name no symbol, .* or --symbol name it$/,
    )
    expect((await imported(files)).result).toMatchObject({ symbol: 'XRPUSDT', messages: 1 })
  })

  it('ends in an import or in an error of ours, whatever bytes change', async () => {
    const files = Object.fromEntries(sampleFiles().map(({ name, bytes }) => [name, bytes]))
    const lines = {
      'book.data': Buffer.from(`${snapshot}\n${bybitLine(1, 'delta', 8, [['1', '2']])}\n`),
    }
    await survivesDamage(folder, { format: 'bybit-archive' }, files, 80)
    const { imported: kept, refused } = await survivesDamage(
      folder,
      { format: 'bybit-archive' },
      lines,
      150,
    )
    expect(Math.min(kept, refused)).toBeGreaterThan(0)
  }, 30_000)
})

describeWithData('the sample of a Bybit archive', () => {
  const path = sharedPath('data/format_samples/bybit_xrpusdt-ob500.data.zip')

  it('holds a snapshot and 49 updates in step; its book is that of a naive reading', async () => {
    const store = folder.newStore()
    expect((await detectFormat([path])).name).toBe('bybit-archive')
    const result = await importCapture({ format: 'bybit-archive', files: [path], store })
    // The only entry is stored; its local header tells where it stands (APPNOTE 4.3.7).
    const file = readFileSync(path)
    const data = file.subarray(30 + file.readUInt16LE(26) + file.readUInt16LE(28))
    const text = data.subarray(0, file.readUInt32LE(22)).toString()
    const lines = text.trimEnd().split('\n')
    const sides = { b: new Map<string, number>(), a: new Map<string, number>() }
    for (const line of lines) {
      const message = JSON.parse(line) as { data: Record<'a' | 'b', [string, string][]> }
      for (const side of ['a', 'b'] as const) {
        for (const [price, size] of message.data[side]) {
          if (size === '0') sides[side].delete(price)
          else sides[side].set(price, Number(size))
        }
      }
    }
    const best = (side: Map<string, number>, pick: (...of: number[]) => number): unknown => {
      const price = pick(...[...side.keys()].map(Number))
      return [price, side.get(price.toFixed(4))]
    }
    const total = (side: Map<string, number>): number =>
      [...side.values()].reduce((a, b) => a + b, 0)
    expect(lines).toHaveLength(50)
    expect(result).toMatchObject({
      symbol: 'XRPUSDT',
      messages: 50,
      gaps: 0,
      duplicates: 0,
      crossed: 0,
      final: {
        bestBid: best(sides.b, Math.max),
        bestAsk: best(sides.a, Math.min),
        bidLevels: sides.b.size,
        askLevels: sides.a.size,
        bidSize: total(sides.b),
        askSize: total(sides.a),
      },
    })
    expect(result.warnings).toEqual([
      expect.stringMatching(/^XRPUSDT: tick size 0\.0001 and lot size 1 are the greatest/),
      expect.stringMatching(/^the kind is assumed to be spot/),
      ONE_TIME,
    ])
  })
})
