import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ctpFile, sampleFiles, type CtpSnapshot } from '../../../../test/format-samples/ctp.ts'
import { TestFolder, loadRows } from '../../../../test/import-support.ts'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import { bookMoments, refusal, rowTexts, survivesDamage } from '../../../../test/table-import.ts'
import { EventKind, Instrument, KIND_MASK } from '../../../market/index.ts'
import { openStore } from '../../../store/index.ts'
import { instantNs } from '../../../time/index.ts'
import { detectFormat } from '../detect-format.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportResult } from '../import-result.ts'
import { InferredTrades } from './inferred-trades.ts'

const folder = new TestFolder()
const SILVER = new Instrument({
  venue: 'shfe',
  symbol: 'ag2106',
  kind: 'linear-future',
  base: 'AG',
  quote: 'CNY',
  tickSize: '1',
  lotSize: '1',
  multiplier: '15',
})
const OPEN_NS = instantNs('2021-01-04T09:00:00+08:00')

async function imported(
  content: string | Uint8Array,
  options: Partial<Parameters<typeof importCapture>[0]> = {},
): Promise<{ readonly result: ImportResult; readonly store: string }> {
  const store = folder.newStore()
  const files = [folder.write('ctp.csv', content)]
  const given = { format: 'ctp', files, store, instrument: SILVER }
  return { result: await importCapture({ ...given, ...options }), store }
}

describe('trades inferred from volume and turnover', () => {
  const trades = new InferredTrades()
  const split = (...args: Parameters<InferredTrades['split']>): string => {
    trades.split(...args)
    return Array.from({ length: trades.count }, (_, i) => {
      const side = { '1': '+', '-1': '-', '0': '?' }[String(trades.side[i]) as '0' | '1' | '-1']
      return `${side}${trades.lots[i]}@${trades.ticks[i]}`
    }).join(' ')
  }

  it('are sales at the bid or below, purchases at the ask or above, both between them', () => {
    expect(split(4, 400, 100, 104)).toBe('-4@100')
    expect(split(4, 398, 100, 104)).toBe('-2@99 -2@100')
    expect(split(4, 416, 100, 104)).toBe('+4@104')
    expect(split(3, 313, 100, 104)).toBe('+2@104 +1@105')
    expect(split(4, 408, 100, 104)).toBe('-2@100 +2@104')
    expect(split(4, 409, 100, 104)).toBe('-1@100 -1@101 +2@104')
    expect(split(4, 410, 100, 104)).toBe('-1@100 ?1@102 +2@104')
    expect(split(4, 411, 100, 104)).toBe('-1@100 +1@103 +2@104')
  })

  it('have no side where the quotes do not tell', () => {
    expect(split(4, 409, Number.NaN, Number.NaN)).toBe('?3@102 ?1@103')
    expect(split(2, 198, 100, Number.NaN)).toBe('-2@99')
    expect(split(2, 202, 100, Number.NaN)).toBe('?2@101')
    expect(split(2, 202, Number.NaN, 101)).toBe('+2@101')
    expect(split(2, 200, 100, 100)).toBe('?2@100')
  })

  it('add up to the volume and to the turnover, at whole ticks', () => {
    const quote = fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 1, max: 3000 }))
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 1, max: 3000, noNaN: true }),
        quote,
        quote,
        (lots, average, bid, ask) => {
          const value = Math.round(lots * average)
          trades.split(lots, value, bid, ask)
          let sum = 0
          let sumValue = 0
          for (let i = 0; i < trades.count; i++) {
            expect(trades.lots[i]).toBeGreaterThan(0)
            sum += trades.lots[i]!
            sumValue += trades.lots[i]! * trades.ticks[i]!
          }
          expect([sum, sumValue]).toEqual([lots, value])
        },
      ),
      { numRuns: 500, seed: 7 },
    )
  })
})

describe('CTP snapshots', () => {
  it('become trades, then what the levels change, and halts between sessions', async () => {
    const { result, store } = await imported(sampleFiles()[0]!.bytes)
    expect(rowTexts(store, 'ag2106', OPEN_NS)).toEqual([
      '0 0 SnapshotBegin 0x0',
      '0 0 SnapshotLevel + 4999x3',
      '0 0 SnapshotLevel + 4998x5',
      '0 0 SnapshotLevel - 5001x2',
      '0 0 SnapshotEnd 0x0',
      // 3 lots for 15,000 between 4999 and 5001: one sold, one bought, one in the middle.
      '500 500 Trade - 4999x1',
      '500 500 Trade 5000x1',
      '500 500 Trade + 5001x1',
      '500 500 Status 0x0',
      '5400000 5400000 Status 0x1',
      '5400000 5400000 Trade + 5001x1',
      '5400000 5400000 DepthSet + 4999x0',
      '5400000 5400000 DepthSet + 4998x0',
      '5400000 5400000 Status 0x0',
      '23400000 23400000 DepthSet + 4999x3',
      '23400000 23400000 DepthSet + 4998x5',
    ])
    expect(result).toMatchObject({ messages: 4, trades: { count: 4, volume: 4, buyVolume: 2 } })
  })

  it('begin each trading day at zero, without quotes of the day before', async () => {
    const bids = [['4999', 1] as const]
    const asks = [['5001', 1] as const]
    const { store } = await imported(
      ctpFile([
        { time: '14:59:00', volume: 100, turnover: '7500000', bids, asks },
        { day: '20210105', time: '09:00:00', volume: 2, turnover: '149970', bids, asks },
      ]),
    )
    const trades = rowTexts(store, 'ag2106', OPEN_NS).filter((text) => text.includes('Trade'))
    expect(trades).toEqual(['86400000 86400000 Trade 4999x2'])
  })

  it('give tick and multiplier where no instrument does, and name what was traded before', async () => {
    const bids = [['5000.5', 1] as const]
    const asks = [['5001', 1] as const]
    const rows: CtpSnapshot[] = [
      { time: '09:00:00', volume: 10, turnover: '500000', bids, asks },
      { time: '09:00:01', volume: 20, turnover: '1000000', bids, asks },
    ]
    const { result, store } = await imported(ctpFile(rows), { instrument: undefined })
    expect(openStore(store).partitions()[0]!.instrument).toMatchObject({
      venue: 'ctp',
      symbol: 'ag2106',
      kind: 'linear-future',
      tickSize: '0.5',
      multiplier: '10',
    })
    expect(result.warnings).toContain('10 lots were traded before the first row and are left out')
    expect(result.trades).toMatchObject({ volume: 10, vwap: 5000 })
  })

  it('keep the turnover of the day when a row rounds it', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => ({
      time: `09:00:${String(i).padStart(2, '0')}`,
      volume: i,
      // A third of a tick-lot more each time.
      turnover: (i * 75_005).toFixed(1),
      bids: [['4999', 1] as const],
      asks: [['5001', 1] as const],
    }))
    const { store } = await imported(ctpFile(rows))
    const { tick, lots, code } = loadRows(store, 'ag2106')
    let value = 0
    for (let i = 0; i < tick.length; i++) {
      if ((code[i]! & KIND_MASK) === EventKind.Trade) value += tick[i]! * lots[i]!
    }
    expect(Math.abs(value * 15 - 19 * 75_005)).toBeLessThanOrEqual(15 / 2)
  })

  const bids = [['4999', 1] as const]
  const asks = [['5001', 1] as const]
  const good: CtpSnapshot = { time: '09:00:00', volume: 5, turnover: '375000', bids, asks }
  const next = (more: Partial<CtpSnapshot>): string =>
    ctpFile([good, { ...good, time: '09:00:01', volume: 6, turnover: '450000', ...more }])
  it.each([
    [next({ volume: 4 }), /BAD_FIELD: ctp\.csv line 3: volume and turnover of a day do not fall/],
    [next({ turnover: '370000' }), /BAD_FIELD: .*line 3: volume and turnover of a day do not fall/],
    [
      next({ turnover: '1e3' }),
      /BAD_FIELD: .*line 3 field Turnover: expected a turnover of 0 or more/,
    ],
    [
      next({ turnover: '600000' }),
      /BAD_FIELD: .*line 3: the average price since the row before, 15000 ticks, lies outside of the day's range, 4000 to 6000; is the multiplier/,
    ],
    [next({ time: '25:00:00' }), /BAD_INSTANT: .*line 3 field UpdateTime: expected a time/],
    [next({ day: '20210230' }), /BAD_INSTANT: .*line 3 field ActionDay/],
    [next({ ms: 1000 }), /BAD_FIELD: .*line 3 field UpdateMillisec: expected milliseconds/],
    [
      next({
        bids: [
          ['4999', 1],
          ['4999', 2],
        ],
      }),
      /BAD_FIELD: .*line 3 field BidPrice2: the levels do not go away/,
    ],
    [next({ bids: [['4999.5', 1]] }), /OFF_GRID: .*line 3 field BidPrice1/],
    [
      'LastPrice,Volume,Turnover,AskPrice1,AskVolume1,epoch_ms\n1,2,3,4,5,6\n',
      /UNKNOWN_FORMAT: .*snapshots need a column BidPrice1 and BidVolume1/,
    ],
  ])('are refused in one sentence: %#', async (text, message) => {
    const options = { format: 'ctp', instrument: SILVER }
    expect(await refusal(folder, options, { 'ctp.csv': text })).toMatch(message)
  })

  it('end in an import or in an error of ours, whatever bytes change', async () => {
    const files = Object.fromEntries(sampleFiles().map(({ name, bytes }) => [name, bytes]))
    const options = { format: 'ctp', instrument: SILVER }
    const { imported: kept, refused } = await survivesDamage(folder, options, files)
    expect(Math.min(kept, refused)).toBeGreaterThan(0)
  }, 30_000)
})

describeWithData('the CFFEX sample', () => {
  const path = sharedPath('data/cffex/CFFEX_IF2101_20210104_ticks.csv.gz')
  const text = gunzipSync(readFileSync(path)).toString()
  const [header, ...lines] = text.trimEnd().split('\n')
  const names = header!.split(',')
  const rows = lines.map((line) => line.split(','))
  const column = (name: string): number[] => {
    const at = names.indexOf(name)
    return rows.map((row) => Number(row[at]))
  }

  it('becomes a book that is each row, and trades that are the day to the last yuan', async () => {
    const store = folder.newStore()
    expect((await detectFormat([path])).name).toBe('ctp')
    const result = await importCapture({ format: 'ctp', files: [path], store })
    expect(result).toMatchObject({ symbol: 'IF2101', messages: 27_955, crossed: 0, gaps: 0 })
    expect(result.warnings.join('\n')).not.toMatch(/goes back|is not what the volume/)
    const { instrument } = openStore(store).partitions()[0]!
    expect(instrument).toMatchObject({ tickSize: '0.2', lotSize: '1', multiplier: '300' })

    const times = column('epoch_ms_utc')
    const [bid, bidSize, ask, askSize] = ['bid1', 'bid_qty1', 'ask1', 'ask_qty1'].map(column)
    const moments = bookMoments(store, 'IF2101')
    let at = 0
    for (let i = 0; i < rows.length; i++) {
      while (at + 1 < moments.length && moments[at + 1]!.localNs <= BigInt(times[i]!) * 1_000_000n)
        at++
      const { bids, asks } = moments[at]!
      const isRow =
        bids.size === 1 &&
        asks.size === 1 &&
        bids.get(Math.round(bid![i]! * 5)) === bidSize![i] &&
        asks.get(Math.round(ask![i]! * 5)) === askSize![i]
      if (!isRow) expect({ row: i, bids, asks }).toBe('the row')
    }

    const { tick, lots, code, localTime, epochNs } = loadRows(store, 'IF2101')
    const sums = new Map<number, [number, number]>()
    for (let i = 0; i < tick.length; i++) {
      if ((code[i]! & KIND_MASK) !== EventKind.Trade) continue
      const ms = Number((epochNs + BigInt(localTime[i]!)) / 1_000_000n)
      const sum = sums.get(ms) ?? [0, 0]
      sums.set(ms, [sum[0] + lots[i]!, sum[1] + tick[i]! * lots[i]! * 60])
    }
    const volume = column('volume')
    const turnover = column('turnover')
    for (let i = 0; i < rows.length; i++) {
      const [sum, value] = sums.get(times[i]!) ?? [0, 0]
      if (sum !== volume[i] || value !== turnover[i]) expect({ row: i, sum, value }).toBe('the row')
    }
    expect(result.trades).toMatchObject({ volume: column('cum_volume').at(-1) })
    expect(result.trades!.vwap! * 300 * 84_288).toBeCloseTo(132_807_388_020, 2)
  }, 60_000)

  it('halts at the end of each session, and the settled rows behind the close do not open it', async () => {
    const store = folder.newStore()
    await importCapture({ format: 'ctp', files: [path], store })
    const day = instantNs('2021-01-04T00:00:00+08:00')
    const halts = rowTexts(store, 'IF2101', day).filter((line) => line.includes('Status'))
    const clock = (hour: number, minute: number, ms: number): string =>
      String(hour * 3_600_000 + minute * 60_000 + ms)
    expect(halts.map((line) => line.replace(/ \S+ /, ' '))).toEqual([
      `${clock(11, 29, 59_900)} Status 0x0`,
      `${clock(13, 0, 400)} Status 0x1`,
      `${clock(15, 0, 400)} Status 0x0`,
    ])
  }, 60_000)

  it('has the same times by its dates and clocks in Shanghai', async () => {
    const at = names.indexOf('epoch_ms_utc')
    const without = [names, ...rows.slice(0, 3000)].map((row) => row.toSpliced(at, 1).join(','))
    // One after the other: both are written to the same file.
    const timesOf = async (text: string): Promise<Float64Array> => {
      const { store } = await imported(text, { instrument: undefined })
      return loadRows(store, 'IF2101').localTime
    }
    const first = await timesOf([header!, ...lines.slice(0, 3000)].join('\n'))
    expect(await timesOf(without.join('\n'))).toEqual(first)
  }, 60_000)
})
