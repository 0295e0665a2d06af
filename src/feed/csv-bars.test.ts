import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithData, sharedPath } from '../../test/shared-data.ts'
import { DataError, LobtraderError } from '../core/index.ts'
import type { BarColumns } from '../market/index.ts'
import { formatInstant } from '../time/index.ts'
import { CsvBars, type CsvBarsOptions } from './csv-bars.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobtrader-bars-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function write(bytes: string | Uint8Array, name = 'bars.csv'): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

async function failure(work: Promise<unknown>): Promise<LobtraderError> {
  try {
    await work
  } catch (error) {
    if (error instanceof LobtraderError) return error
    throw error
  }
  throw new Error('expected a LobtraderError')
}

const HEADER = 'Date,Open,High,Low,Close,Volume,OpenInterest'
const ROWS = [
  '2006-01-02,10,12,9,11,100,1',
  '2006-01-03,11,13.5,10,13.25,200,2',
  '2006-01-05,13,13,13,13,0,0',
]
const file = (...rows: readonly string[]): string => `${[HEADER, ...rows].join('\n')}\n`
const generic = { format: 'generic' } as const

const timesOf = ({ bars }: CsvBars): string[] =>
  Array.from(bars.time, (time) => formatInstant(bars.epochNs + BigInt(time)).slice(0, 23))

/** What reading `text` throws. */
async function fault(text: string, options: CsvBarsOptions = {}): Promise<DataError> {
  const error = await failure(CsvBars.open(write(text), options))
  expect(error).toBeInstanceOf(DataError)
  return error as DataError
}

describe('a backtrader file', () => {
  it('gives columns, times from the first midnight, and a symbol from its name', async () => {
    const path = write(file(...ROWS), 'AB.C.csv.gz')
    const feed = await CsvBars.open(path, { format: 'backtrader' })
    const { bars } = feed
    expect([feed.kind, feed.symbol, feed.source]).toEqual(['bars', 'AB.C', path])
    expect(bars.length).toBe(3)
    expect(bars.epochNs).toBe(BigInt(Date.UTC(2006, 0, 2)) * 1_000_000n)
    expect([...bars.time]).toEqual([0, 86_400e9, 3 * 86_400e9])
    expect([...bars.open]).toEqual([10, 11, 13])
    expect([...bars.high]).toEqual([12, 13.5, 13])
    expect([...bars.low]).toEqual([9, 10, 13])
    expect([...bars.close]).toEqual([11, 13.25, 13])
    expect([...bars.volume]).toEqual([100, 200, 0])
    expect([...bars.openInterest]).toEqual([1, 2, 0])
  })

  it('reads alike from gzip, with CRLF, a byte order mark, blank lines or no last newline', async () => {
    const plain = await CsvBars.open(write(file(...ROWS)), { symbol: 'X' })
    for (const bytes of [
      gzipSync(file(...ROWS)),
      file(...ROWS).replaceAll('\n', '\r\n'),
      `\uFEFF${file(...ROWS)}`,
      `${file(...ROWS)}\n\n`,
      file(...ROWS).trimEnd(),
    ]) {
      const other = await CsvBars.open(write(bytes), { symbol: 'X' })
      expect(other.bars).toEqual(plain.bars)
      expect(other.digest).toBe(plain.digest)
    }
  })

  it('has a time of day in a column of its own, named in the header or not', async () => {
    const rows = ['2006-01-02,09:01:00,1,1,1,1,5,0', '2006-01-02,09:02:00,1,1,1,1,5,0']
    const named = HEADER.replace('Date', 'Date,Time')
    for (const header of [HEADER, named]) {
      const feed = await CsvBars.open(write([header, ...rows].join('\n')))
      expect(timesOf(feed)).toEqual(['2006-01-02T09:01:00.000', '2006-01-02T09:02:00.000'])
      expect([...feed.bars.volume]).toEqual([5, 5])
    }
  })

  it('keeps bars from and to inclusively; a date alone takes in the whole day', async () => {
    const minutes = file(
      '2006-01-02T23:59:00,1,1,1,1,0,0',
      '2006-01-03T00:00:00,2,2,2,2,0,0',
      '2006-01-03T23:59:00,3,3,3,3,0,0',
      '2006-01-04T00:00:00,4,4,4,4,0,0',
    )
    const closes = async (options: CsvBarsOptions): Promise<number[]> => [
      ...(await CsvBars.open(write(minutes), options)).bars.close,
    ]
    expect(await closes({ from: '2006-01-03', to: '2006-01-03' })).toEqual([2, 3])
    expect(await closes({ from: '2006-01-03' })).toEqual([2, 3, 4])
    expect(await closes({ to: '2006-01-03T23:59' })).toEqual([1, 2, 3])
    expect(await closes({ to: '2006-01-03T23:58:59.999999999' })).toEqual([1, 2])
    const none = await failure(CsvBars.open(write(minutes), { from: '2007-01-01' }))
    expect(none.code).toBe('TOO_FEW_ROWS')
    expect(none.message).toContain('holds 2006-01-02T23:59:00.000000000Z to 2006-01-04T00:00')
    const swapped = await failure(CsvBars.open('any', { from: '2007-01-02', to: '2007-01-01' }))
    expect(swapped.code).toBe('BAD_ARGUMENT')
  })

  it('is told apart from other headers, whose columns it would mistake', async () => {
    const yahoo = 'Date,Open,High,Low,Close,Adj Close,Volume\n2014-01-02,1,1,1,1,1,5\n'
    const error = await fault(yahoo)
    expect([error.code, error.line, error.value]).toEqual(['UNKNOWN_FORMAT', 1, 'Adj Close'])
    const feed = await CsvBars.open(write(yahoo), generic)
    expect([...feed.bars.volume]).toEqual([5])
  })
})

describe('a generic file', () => {
  it('finds columns by their own names, in any order and case; volume may be absent', async () => {
    const text =
      'close,OPEN,junk,Low,high,timestamp,Open Interest\n2,1,x,0.5,3,2020-01-01 10:00:00,9\n'
    const { bars } = await CsvBars.open(write(text), generic)
    expect([bars.open[0], bars.high[0], bars.low[0], bars.close[0]]).toEqual([1, 3, 0.5, 2])
    expect([bars.volume[0], bars.openInterest[0]]).toEqual([0, 9])
    expect(bars.time[0]).toBe(36_000e9)
  })

  it('takes columns by given name or place, another separator, and no header', async () => {
    const text = '1577836800.5;1;3;0.5;2\n'
    const { bars } = await CsvBars.open(write(text), {
      format: 'generic',
      header: false,
      separator: ';',
      timeUnit: 's',
      columns: { time: 0, open: 1, high: 2, low: 3, close: 4 },
    })
    expect([bars.epochNs, bars.time[0], bars.close[0]]).toEqual([
      1_577_836_800_000_000_000n,
      0.5e9,
      2,
    ])
    const named = 'when,o,h,l,c,time of day\n2020-01-01,1,3,0.5,2,10:00\n'
    const other = await CsvBars.open(write(named), {
      format: 'generic',
      columns: {
        time: 'when',
        timeOfDay: 'time of day',
        open: 'o',
        high: 'h',
        low: 'l',
        close: 'c',
      },
    })
    expect(other.bars.time[0]).toBe(36_000e9)
  })

  it('joins a column "time" to a column "date"', async () => {
    const text = 'date,time,open,high,low,close\n2020-01-01,10:00:00,1,1,1,1\n'
    expect((await CsvBars.open(write(text), generic)).bars.time[0]).toBe(36_000e9)
  })

  it('reads a count of any unit to the nanosecond', async () => {
    for (const [timeUnit, text, ns] of [
      ['s', '1577836800', 0n],
      ['s', '1577836800.1234567890', 123_456_789n],
      ['ms', '1577836800123.456789', 123_456_789n],
      ['us', '1577836800123456', 123_456_000n],
      ['ns', '1577836800123456789', 123_456_789n],
      ['iso', '2020-01-01T00:00:00.123456789Z', 123_456_789n],
    ] as const) {
      const csv = `time,open,high,low,close\n${text},1,1,1,1\n`
      const { bars } = await CsvBars.open(write(csv), { ...generic, timeUnit })
      expect(bars.epochNs + BigInt(bars.time[0]!), text).toBe(1_577_836_800_000_000_000n + ns)
    }
    for (const text of ['1577836800.1234567891', '1.5e9', '', '0x5']) {
      const error = await fault(`time,open,high,low,close\n${text},1,1,1,1\n`, {
        ...generic,
        timeUnit: 's',
      })
      expect([error.code, error.field], text).toEqual(['BAD_INSTANT', 'time'])
      expect(error.message).toContain('expected a count of s since 1970')
    }
  })

  it('names the column that it does not find, and the nearest one', async () => {
    const text = 'time,open,high,low,last\n2020-01-01,1,1,1,1\n'
    const own = await fault(text, generic)
    expect(own.message).toMatch(/^BAD_FIELD: .*bars\.csv line 1 field close: there is no column/)
    const misspelt = await fault(text, { ...generic, columns: { close: 'lasst' } })
    expect(misspelt.message).toContain('there is no column "lasst"; did you mean "last"?')
    const beyond = await fault(text, { ...generic, columns: { close: 5 } })
    expect(beyond.message).toContain('there is no column 5 in a row of 5 fields')
    const nameless = await fault(text, { ...generic, header: false })
    expect(nameless.message).toContain('a file without a header needs the place of this column')
  })
})

describe('what is wrong in a file', () => {
  const bad = async (row: string): Promise<DataError> => await fault(file(ROWS[0]!, row))

  it('is named with file, line, field and value', async () => {
    for (const [row, code, field, value] of [
      ['2006-01-03,11,13,10,1x.5,1,0', 'BAD_FIELD', 'close', '1x.5'],
      ['2006-01-03,11,13,10,,1,0', 'BAD_FIELD', 'close', ''],
      ['2006-01-03,11,13,10,0x0B,1,0', 'BAD_FIELD', 'close', '0x0B'],
      ['2006-01-03,11,13,NaN,11,1,0', 'NOT_FINITE', 'low', 'NaN'],
      ['2006-01-03,11,-inf,10,11,1,0', 'NOT_FINITE', 'high', '-inf'],
      ['2006-01-03,11,1e999,10,11,1,0', 'NOT_FINITE', 'high', 'Infinity'],
      ['2006-01-03,11,9,10,11,1,0', 'BAD_FIELD', 'high', '9'],
      ['2006-01-03,14,13,10,11,1,0', 'BAD_FIELD', 'open', '14'],
      ['2006-01-03,11,13,10,9.99,1,0', 'BAD_FIELD', 'close', '9.99'],
      ['2006-01-03,11,13,10,11,-1,0', 'NEGATIVE', 'volume', '-1'],
      ['2006-01-03,11,13,10,11,1,-2', 'NEGATIVE', 'openInterest', '-2'],
      ['2006-02-30,11,13,10,11,1,0', 'BAD_INSTANT', 'time', '2006-02-30'],
      ['03/01/2006,11,13,10,11,1,0', 'BAD_INSTANT', 'time', '03/01/2006'],
      ['2006-01-02,11,13,10,11,1,0', 'TIME_BACKWARDS', 'time', '2006-01-02'],
      ['2006-01-01,11,13,10,11,1,0', 'TIME_BACKWARDS', 'time', '2006-01-01'],
      ['2006-01-03,11,13,10,11,1', 'BAD_FIELD', undefined, '2006-01-03,11,13,10,11,1'],
    ] as const) {
      const error = await bad(row)
      expect([error.code, error.line, error.field, error.value], row).toEqual([
        code,
        3,
        field,
        value,
      ])
      expect(error.message).toContain('bars.csv line 3')
    }
  })

  it('is refused for a missing, an empty and a truncated file', async () => {
    expect((await failure(CsvBars.open(join(folder, 'absent.csv')))).code).toBe('ABSENT_FILE')
    expect((await fault('')).code).toBe('TOO_FEW_ROWS')
    expect((await fault(`${HEADER}\n`)).message).toContain('the file holds no bar')
    const gzip = gzipSync(file(...ROWS))
    const cut = await failure(CsvBars.open(write(gzip.subarray(0, gzip.length - 6))))
    expect(cut.code).toBe('TRUNCATED_FILE')
  })

  it('is refused for a time that a double cannot hold', async () => {
    const fine =
      'time,open,high,low,close\n2020-01-01,1,1,1,1\n2020-12-31T00:00:00.000000001,1,1,1,1\n'
    const error = await fault(fine, generic)
    expect([error.code, error.line]).toEqual(['OUT_OF_RANGE', 3])
  })

  it('is told in options that contradict each other', async () => {
    const columns = await failure(CsvBars.open('any', { columns: { close: 'c' } }))
    expect(columns.message).toContain(`option "columns" needs format: 'generic'`)
    const format = await failure(
      CsvBars.open('any', { format: 'yahoo' } as unknown as CsvBarsOptions),
    )
    expect(format.code).toBe('UNKNOWN_FORMAT')
  })

  it('never gets through: any text is either bars by the rules or a LobtraderError', async () => {
    const cell = fc.oneof(
      fc.constantFrom('1', '2', '1.5', '-1', 'nan', '', ' ', '1e3', '2020-01-02', '"'),
      fc.string({ maxLength: 5 }),
    )
    const row = fc.array(cell, { minLength: 4, maxLength: 8 }).map((cells) => cells.join(','))
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 3 }), async (rows) => {
        try {
          const { bars } = await CsvBars.open(write(file(ROWS[0]!, ...rows)))
          CsvBars.fromBars(bars)
        } catch (error) {
          expect(error).toBeInstanceOf(LobtraderError)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('bars from memory', () => {
  const columns = (over: Partial<BarColumns> = {}): BarColumns => ({
    length: 2,
    symbol: 'X',
    epochNs: 0n,
    time: Float64Array.of(0, 60e9),
    open: Float64Array.of(1, 2),
    high: Float64Array.of(2, 3),
    low: Float64Array.of(1, 2),
    close: Float64Array.of(2, 3),
    volume: Float64Array.of(5, 5),
    openInterest: new Float64Array(2),
    ...over,
  })

  it('are a feed like one from a file, with a digest that any change of them changes', () => {
    const feed = CsvBars.fromBars(columns())
    expect([feed.kind, feed.symbol, feed.source]).toEqual(['bars', 'X', 'memory'])
    expect(feed.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(CsvBars.fromBars(columns()).digest).toBe(feed.digest)
    for (const over of [
      { symbol: 'Y' },
      { epochNs: 1n },
      { time: Float64Array.of(0, 61e9) },
      { volume: Float64Array.of(5, 6) },
      { close: Float64Array.of(2, 2.5) },
    ]) {
      expect(CsvBars.fromBars(columns(over)).digest).not.toBe(feed.digest)
    }
  })

  it('are refused by the same rules as rows of a file', async () => {
    const of = async (over: Partial<BarColumns>): Promise<LobtraderError> =>
      await failure(Promise.resolve().then(() => CsvBars.fromBars(columns(over))))
    const high = (await of({ high: Float64Array.of(2, 1) })) as DataError
    expect([high.code, high.row, high.field]).toEqual(['BAD_FIELD', 2, 'high'])
    expect((await of({ time: Float64Array.of(5, 5) })).code).toBe('TIME_BACKWARDS')
    expect((await of({ time: Float64Array.of(Number.NaN, 5) })).code).toBe('TIME_BACKWARDS')
    expect((await of({ close: Float64Array.of(1, Number.NaN) })).code).toBe('NOT_FINITE')
    expect((await of({ close: new Float64Array(3) })).code).toBe('BAD_ARGUMENT')
    expect((await of({ length: 0 })).code).toBe('TOO_FEW_ROWS')
  })
})

describeWithData('the files of the backtrader acceptance set', () => {
  const data = (name: string): string => sharedPath(`acceptance/backtrader/data/${name}`)

  it('are read whole in both formats', async () => {
    for (const [name, bars, first, last] of [
      ['2005-2006-day-001.txt', 512, '2005-01-03', '2006-12-29'],
      ['2006-day-001.txt', 255, '2006-01-02', '2006-12-29'],
      ['2006-month-001.txt', 12, '2006-01-31', '2006-12-29'],
      ['2006-week-001.txt', 52, '2006-01-06', '2006-12-29'],
      ['2006-volume-day-001.txt', 255, '2006-01-02', '2006-12-29'],
      ['2006-01-02-volume-min-001.txt.gz', 30_889, '2006-01-02T09:01', '2006-02-27T22:00'],
    ] as const) {
      const feed = await CsvBars.open(data(name))
      expect(feed.bars.length, name).toBe(bars)
      expect(timesOf(feed)[0]).toContain(first)
      expect(timesOf(feed).at(-1)).toContain(last)
    }
    for (const [name, bars] of [
      ['bars_1m_100k.csv.gz', 100_000],
      ['nvda-2014.txt', 252],
      ['orcl-2014.txt', 252],
      ['yhoo-2014.txt', 252],
    ] as const) {
      expect((await CsvBars.open(data(name), generic)).bars.length, name).toBe(bars)
    }
  })
})
