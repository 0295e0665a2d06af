import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sampleFiles } from '../../../../test/format-samples/csv.ts'
import { TestFolder, loadRows } from '../../../../test/import-support.ts'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import { bookMoments, refusal, rowTexts, survivesDamage } from '../../../../test/table-import.ts'
import { Instrument } from '../../../market/index.ts'
import { openStore } from '../../../store/index.ts'
import { instantNs } from '../../../time/index.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import type { ImportResult } from '../import-result.ts'

const folder = new TestFolder()
const START = 1_700_000_000n * 1_000_000_000n

const CENTS = new Instrument({
  venue: 'csv',
  symbol: 'x',
  kind: 'spot',
  base: 'X',
  quote: 'USD',
  tickSize: '0.01',
  lotSize: '1',
})

async function imported(
  text: string,
  options: Partial<ImportCaptureOptions> = {},
): Promise<{
  readonly result: ImportResult
  readonly rows: string[]
  readonly bbo: string[]
  store: string
}> {
  const store = folder.newStore()
  const files = [folder.write('x.csv', text)]
  const result = await importCapture({ format: 'csv', files, store, kind: 'spot', ...options })
  const { symbol } = result
  return {
    result,
    store,
    rows: rowTexts(store, symbol!, START),
    bbo: rowTexts(store, symbol!, START, 'bbo'),
  }
}

const told = ({ result }: { readonly result: ImportResult }): string | undefined =>
  result.warnings.find((text) => text.startsWith('rows are read as'))

describe('a CSV file of any source', () => {
  it('of trades is read by its usual names, and says how', async () => {
    const done = await imported(
      'Timestamp,Price,Qty,Taker_Side,Trade ID\n1700000000.5,100.5,2,buy,5\n1700000001,100,0.5,SELL,6\n1700000001,100,1,,x\n',
    )
    expect(done.rows).toEqual([
      '500 500 Trade + 201x4 #5',
      '1000 1000 Trade - 200x1 #6',
      '1000 1000 Trade 200x2',
    ])
    expect(told(done)).toBe(
      'rows are read as trades: time from Timestamp, side from Taker_Side, price from Price, size from Qty, trade_id from Trade ID',
    )
    expect(done.result).toMatchObject({ venue: 'csv', symbol: 'x', clockOffsetNs: 0 })
  })

  it('is read by a map of columns, words of the sides, a unit and a separator', async () => {
    const done = await imported('0;K;1700000000000;5;2\n0;V;1700000000001;6;3\n', {
      columns: { time: '2', side: '1', price: '3', size: '4' },
      csv: { header: false, sides: 'buy=K,sell=V', separator: ';', timeUnit: 'ms' },
      symbols: ['ABC'],
      venue: 'mine',
    })
    expect(done.rows).toEqual(['0 0 Trade + 5x2', '1 1 Trade - 6x3'])
    expect(done.result).toMatchObject({ venue: 'mine', symbol: 'ABC' })
  })

  it('of quotes becomes rows of a ticker, of one lot where it tells no sizes', async () => {
    const done = await imported('timestamp,bid,ask\n1700000000,1.5,2\n1700000001,,2\n')
    expect(done.bbo).toEqual([
      '0 0 Bbo + 3x1',
      '0 0 Bbo - 4x1',
      '1000 1000 Bbo + 0x0',
      '1000 1000 Bbo - 4x1',
    ])
    expect(told(done)).toMatch(
      /^rows are read as quotes: .*; without a size a price holds one lot$/,
    )
    const book = await imported('timestamp,bid,ask\n1700000000,1.5,2\n1700000001,1.5,2.5\n', {
      csv: { rows: 'snapshots' },
    })
    expect(book.rows.slice(4)).toEqual(['1000 1000 DepthSet - 4x0', '1000 1000 DepthSet - 5x1'])
  })

  it('of whole windows becomes a snapshot and differences', async () => {
    const done = await imported(
      'time,bid_price_1,bid_size_1,bid_price_2,bid_size_2,ask_price_1,ask_size_1\n1700000000,2,1,1,3,4,5\n1700000001,2,2,0,0,4,5\n',
    )
    expect(done.rows.slice(5)).toEqual(['1000 1000 DepthSet + 1x0', '1000 1000 DepthSet + 2x2'])
    expect(done.result.final).toMatchObject({ bestBid: [2, 2], bestAsk: [4, 5] })
  })

  it('of levels has snapshots, updates and trades by its words, at receive and venue time', async () => {
    const done = await imported(
      [
        'local_time,exch_time,type,side,price,amount,seq',
        '1700000000002,1700000000001,snapshot,bid,1,2,9',
        '1700000000002,1700000000001,snapshot,ask,2,3,9',
        '1700000000004,1700000000003,update,bid,1,0,10',
        '1700000000005,1700000000004,trade,buy,2,1,11',
        '1700000000006,1700000000005,delete,ask,2,0,12',
      ].join('\n'),
    )
    expect(done.rows).toEqual([
      '2 1 SnapshotBegin 0x0 #9',
      '2 1 SnapshotLevel + 1x2 #9',
      '2 1 SnapshotLevel - 2x3 #9',
      '2 1 SnapshotEnd 0x0 #9',
      '4 3 DepthSet + 1x0 #10',
      '5 4 Trade + 2x1 #11',
      '6 5 DepthSet - 2x0 #12',
    ])
    expect(done.result.clockOffsetNs).toBe(-500_000)
  })

  it('of orders becomes a book of orders', async () => {
    const done = await imported(
      [
        'time,order_id,action,side,price,size',
        '1700000000,18446744073709551615,add,B,10,5',
        '1700000001,7,new,S,12,4',
        '1700000002,7,execute,S,12,1',
        '1700000003,7,modify,S,11,2',
        '1700000004,18446744073709551615,cancel,B,,',
        '1700000005,9,cancel,B,,',
        '1700000006,0,trade,B,11,1',
      ].join('\n'),
    )
    expect(rowTexts(done.store, 'x', START, 'l3')).toEqual([
      '0 0 OrderAdd + 10x5',
      '1000 1000 OrderAdd - 12x4',
      '2000 2000 OrderExecute - 12x1',
      '3000 3000 OrderModify - 11x2',
      '4000 4000 OrderCancel + 10x5',
      '6000 6000 Trade + 11x1',
    ])
    expect(done.result).toMatchObject({
      messages: 7,
      events: 6,
      orders: { open: 1, unknown: 1 },
      final: { bestBid: null, bestAsk: [11, 2] },
      trades: { count: 1 },
    })
  })

  it('of several symbols is imported whole', async () => {
    const store = folder.newStore()
    const text = 'time,symbol,price,size\n1700000000,A/B,5,1\n1700000001,C,7,3\n'
    const files = [folder.write('many.csv', text)]
    const { symbols } = await importCapture({ format: 'csv', files, store, kind: 'spot' })
    expect(symbols!.map(({ symbol, messages }) => `${symbol} ${messages}`)).toEqual([
      'A-B 1',
      'C 1',
    ])
  })

  it('has times of a wall read by the clocks of its zone', async () => {
    const text = 'Date,Time,Price,Volume\n2023-03-10,09:30:00.250,5,1\n2023-03-13,09:30:00,5,1\n'
    const { result } = await imported(text, { timeZone: 'America/New_York' })
    expect(result.fromNs).toBe(instantNs('2023-03-10T14:30:00.25Z'))
    expect(result.toNs).toBe(instantNs('2023-03-13T13:30:00Z'))
    const iso = 'datetime,price,volume\n2023-03-10 09:30,5,1\n2023-03-10T15:00:00Z,5,1\n'
    const other = await imported(iso, { timeZone: 'America/New_York' })
    expect(other.result.fromNs).toBe(instantNs('2023-03-10T14:30Z'))
    expect(other.result.toNs).toBe(instantNs('2023-03-10T15:00Z'))
  })

  it('gives back any window that a writer quotes, spaces and prints with exponents', async () => {
    const level = fc.record({
      lots: fc.integer({ min: 1, max: 99_999 }),
      gap: fc.integer({ min: 1, max: 9 }),
    })
    const window = fc.record({
      bids: fc.array(level, { minLength: 1, maxLength: 3 }),
      asks: fc.array(level, { minLength: 1, maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(window, { minLength: 1, maxLength: 10 }), async (windows) => {
        const names = [1, 2, 3].flatMap((i) =>
          ['bid', 'ask'].flatMap((s) => [`${s}_price_${i}`, `"${s}_size_${i}"`]),
        )
        const expected: [Map<number, number>, Map<number, number>][] = []
        const lines = windows.map(({ bids, asks }, row) => {
          const sides = [bids, asks].map((levels, k) => {
            let tick = 1000
            return levels.map(({ lots, gap }) => {
              tick += k === 0 ? -gap : gap
              return [tick, lots] as const
            })
          })
          expected.push([new Map(sides[0]), new Map(sides[1])])
          const cells = [0, 1, 2].flatMap((i) =>
            sides.flatMap((side) => {
              const found = side[i]
              return found === undefined ? ['', ''] : [` ${found[0]}e-2 `, `"${found[1]}"`]
            }),
          )
          return [String(1_700_000_000 + row), ...cells].join(',')
        })
        const { store } = await imported(`time,${names.join(',')}\n${lines.join('\n')}\n`, {
          instrument: CENTS,
        })
        const moments = bookMoments(store, 'x')
        expect(moments.at(-1)!.bids).toEqual(expected.at(-1)![0])
        expect(moments.at(-1)!.asks).toEqual(expected.at(-1)![1])
      }),
      { numRuns: 25, seed: 9 },
    )
  })

  const trades = 'time,price,size\n1700000000,1,1\n'
  it.each([
    [
      'time,foo\n1,2\n',
      {},
      /^BAD_FIELD: x\.csv line 1: rows of trades need price and size, which "time,foo" does not tell; say it with --column price=/,
    ],
    [
      trades,
      { columns: { prize: 'price' } },
      /^BAD_ARGUMENT: --column knows no "prize"; did you mean "price"\?/,
    ],
    [
      trades,
      { columns: { price: 'prise' } },
      /^BAD_ARGUMENT: --column price=prise: there is no such column .*; did you mean "price"\?/,
    ],
    [
      trades,
      { columns: { price: '7' } },
      /^BAD_ARGUMENT: --column price=7: there is no such column among the 3/,
    ],
    [
      trades,
      { csv: { rows: 'bars' } },
      /^BAD_ARGUMENT: unknown --rows "bars".*\(known: trades, quotes, levels, snapshots, orders\)/,
    ],
    [trades, { csv: { timeUnit: 'min' } }, /^BAD_ARGUMENT: unknown --time-unit "min"/],
    [trades, { csv: { sides: 'up=U' } }, /^BAD_ARGUMENT: --side takes the words of both sides/],
    [trades, { csv: { separator: 'ab' } }, /^BAD_ARGUMENT: --separator is one sign/],
    [trades, { timeZone: 'Mars/Olympus' }, /^BAD_ARGUMENT: unknown time zone "Mars\/Olympus"/],
    [
      trades,
      { csv: { timeUnit: 'ns' } },
      /^BAD_INSTANT: x\.csv line 2 field time: expected Unix nanoseconds between 1980 and 2100, was "1700000000"/,
    ],
    [`${trades}1699999999,1,1\n`, {}, /^TIME_BACKWARDS: x\.csv line 3 field time/],
    [
      'time,price,size,side\n1700000000,1,1,up\n',
      {},
      /^BAD_FIELD: x\.csv line 2 field side: expected a word of a side/,
    ],
    [
      'time,kind,side,price,size\n1700000000,zip,b,1,1\n',
      {},
      /^BAD_FIELD: x\.csv line 2 field kind: expected one of snapshot, level, trade, was "zip"/,
    ],
    [
      'time,order_id,kind,side,price,size\n1700000000,a1,add,b,1,1\n',
      {},
      /^BAD_FIELD: .*field order_id: expected a whole number below 2\^64/,
    ],
    [
      'time,price,size\n"1700000000,1,1\n',
      {},
      /^BAD_FIELD: x\.csv line 2: the row has a quote that does not end/,
    ],
  ] as [string, Partial<ImportCaptureOptions>, RegExp][])(
    'is refused in one sentence: %#',
    async (text, options, message) => {
      expect(await refusal(folder, { format: 'csv', ...options }, { 'x.csv': text })).toMatch(
        message,
      )
    },
  )

  it('describes itself to no other format', async () => {
    const files = { 'x.csv': trades }
    for (const option of [{ columns: { price: 'p' } }, { csv: { rows: 'trades' } }]) {
      expect(await refusal(folder, { format: 'tardis', ...option }, files)).toMatch(
        /^BAD_ARGUMENT: --\S.* means nothing to format tardis: it describes the tables of format csv$/,
      )
    }
  })

  it('ends in an import or in an error of ours, whatever bytes change', async () => {
    for (const { name, bytes } of sampleFiles()) {
      const csv = name === 'quotes.csv' ? { header: false } : {}
      const columns = { time: '0', bid_price: '1', ask_price: '2' }
      const options = { format: 'csv', ...(name === 'quotes.csv' ? { csv, columns } : {}) }
      const { imported: kept, refused } = await survivesDamage(
        folder,
        options,
        { [name]: bytes },
        40,
      )
      expect(kept + refused).toBe(40)
    }
  }, 60_000)
})

describeWithData('real tables read as CSV', () => {
  it('TrueFX: 1,000 quotes, each as the file has it', async () => {
    const path = sharedPath('data/format_samples/truefx_usdjpy-ticks.csv')
    const store = folder.newStore()
    const result = await importCapture({ format: 'csv', files: [path], store, symbols: ['USDJPY'] })
    expect(result).toMatchObject({ symbol: 'USDJPY', messages: 1000, events: 2000 })
    const { tick, localTime, epochNs } = loadRows(store, 'USDJPY', 'bbo')
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1)
    expect(openStore(store).partitions()[0]!.instrument.tickSize).toBe('0.001')
    for (const [i, line] of lines.entries()) {
      const [time, bid, ask] = line.split(',')
      const ns = instantNs(time!.replace(' ', 'T'))
      const found = [epochNs + BigInt(localTime[2 * i]!), tick[2 * i], tick[2 * i + 1]]
      expect(found).toEqual([ns, Math.round(Number(bid) * 1000), Math.round(Number(ask) * 1000)])
    }
  })

  it('CFFEX: snapshots by a map of columns give the book that the format ctp gives', async () => {
    const text = gunzipSync(
      readFileSync(sharedPath('data/cffex/CFFEX_IF2101_20210104_ticks.csv.gz')),
    ).toString()
    const part = text.split('\n').slice(0, 2000).join('\n')
    const done = await imported(part, {
      csv: { rows: 'snapshots' },
      columns: {
        time: 'epoch_ms_utc',
        bid_price_1: 'bid1',
        bid_size_1: 'bid_qty1',
        ask_price_1: 'ask1',
        ask_size_1: 'ask_qty1',
      },
    })
    const store = folder.newStore()
    const files = [folder.write('ctp.csv', part)]
    const ctp = await importCapture({ format: 'ctp', files, store })
    expect(done.result.final).toEqual(ctp.final)
    expect(done.result.messages).toBe(1999)
  })
})
