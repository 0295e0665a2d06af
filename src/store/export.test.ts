import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  type Compressors,
} from 'hyparquet'
import fc from 'fast-check'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  DAY,
  MIDNIGHT,
  anyEvents,
  instrument,
  makeStore,
  plainRows,
  session,
  temporaryFolder,
} from '../../test/store-fixture.ts'
import {
  EventKind,
  EventWriter,
  Instrument,
  eventCode,
  type EventColumns,
} from '../market/index.ts'
import { exportCsv } from './export-csv.ts'
import { exportParquet } from './export-parquet.ts'
import type { Store } from './store.ts'

const path = temporaryFolder()
const compressors: Compressors = { GZIP: (bytes) => gunzipSync(bytes) }

const storeWith = (appends: Readonly<Record<string, EventColumns>>, of = instrument): Store =>
  makeStore(path(), appends, of)

async function parquetRows(file: string): Promise<Record<string, unknown>[]> {
  return await parquetReadObjects({ file: await asyncBufferFromFile(file), compressors })
}

function csvRows(file: string): Record<string, string>[] {
  const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  const names = header!.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, cells[i]!]))
  })
}

/** One row of each kind, with sizes and prices that floats cannot hold exactly. */
function oneOfEach(): EventColumns {
  const writer = new EventWriter(MIDNIGHT)
  const kinds = Object.values(EventKind)
  for (const [i, kind] of kinds.entries()) {
    const side = i % 3 === 0 ? 0 : i % 3 === 1 ? 1 : -1
    const visibility = i % 4 === 1 ? 0x40 : i % 4 === 2 ? 0x80 : 0
    const lots = kind === EventKind.Funding ? -123 : i + 1
    writer.push(
      i,
      i - 2_000_000,
      eventCode(kind, side, visibility),
      600_003 + i,
      lots,
      i - 1,
      100 + i,
    )
  }
  return writer.finish()
}

const WORDS = [
  'trade',
  'depth_set',
  'depth_clear',
  'snapshot_begin',
  'snapshot_level',
  'snapshot_end',
  'bbo',
  'order_add',
  'order_modify',
  'order_cancel',
  'order_execute',
  'funding',
  'status',
  'gap',
  'order_fill',
]
const PRICELESS = ['depth_clear', 'snapshot_begin', 'snapshot_end', 'status', 'gap']

describe('exportParquet', () => {
  it('writes each kind of row so that another reader finds what was in the store', async () => {
    const store = storeWith({ l2: oneOfEach() })
    const file = path('events.parquet')
    const result = exportParquet(store, { symbol: 'BTCUSDT' }, file)
    expect(result).toEqual({ files: [file], rows: WORDS.length, bytes: statSync(file).size })
    const rows = await parquetRows(file)
    expect(rows.map((row) => row['kind'])).toEqual(WORDS)
    for (const [i, row] of rows.entries()) {
      const word = WORDS[i]!
      expect(row).toEqual({
        local_time_ns: MIDNIGHT + BigInt(i),
        exch_time_ns: MIDNIGHT + BigInt(i) - 2_000_000n,
        kind: word,
        side: [0, 1, -1][i % 3],
        price: PRICELESS.includes(word) ? null : (600_003 + i) / 10,
        size: PRICELESS.includes(word) || word === 'funding' ? null : (i + 1) / 1000,
        tick: 600_003 + i,
        lots: word === 'funding' ? -123n : BigInt(i + 1),
        order_ref: i - 1,
        seq: BigInt(100 + i),
        visibility: ['both', 'exchange', 'local', 'both'][i % 4],
      })
    }
  })

  it('writes many row groups, in the order of the store, and names the instruments', async () => {
    const events = session(150_000, 6, DAY - 200_000_000_000)
    const store = storeWith({ l2: events, bbo: session(20, 7) })
    const file = path('many.parquet')
    expect(exportParquet(store, { symbol: 'BTCUSDT', kind: 'l2' }, file).rows).toBe(150_000)
    const metadata = await parquetMetadataAsync(await asyncBufferFromFile(file))
    expect(metadata.row_groups.length).toBeGreaterThan(2)
    const instruments: unknown = JSON.parse(metadata.key_value_metadata![0]!.value!)
    expect(instruments).toMatchObject([
      { day: '2024-08-08', kind: 'l2', instrument: instrument.spec },
      { day: '2024-08-09' },
    ])
    const rows = await parquetRows(file)
    const expected = plainRows(events)
    expect(rows.length).toBe(expected.length)
    for (const i of [0, 1, 65_535, 65_536, 99_999, 149_999]) {
      const row = rows[i]!
      expect([
        row['local_time_ns'],
        row['exch_time_ns'],
        row['tick'],
        Number(row['lots']),
        Number(row['seq']),
      ]).toEqual([
        expected[i]![0],
        expected[i]![1],
        expected[i]![3],
        expected[i]![4],
        expected[i]![6],
      ])
    }
    const lots = rows.reduce((sum, row) => sum + Number(row['lots']), 0)
    expect(lots).toBe(events.lots.reduce((sum, value) => sum + value, 0))
  })

  it('gives another reader the columns that it was made of, whatever stands in them', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, async (events) => {
        const file = path('any.parquet')
        exportParquet(storeWith({ l2: events }), { symbol: 'BTCUSDT' }, file)
        const seen: Readonly<Record<string, number>> = { both: 0, exchange: 0x40, local: 0x80 }
        const rows = (await parquetRows(file)).map((row) => [
          row['local_time_ns'],
          row['exch_time_ns'],
          eventCode(
            (WORDS.indexOf(row['kind'] as string) + 1) as EventKind,
            row['side'] as 1,
            seen[row['visibility'] as string],
          ),
          row['tick'],
          Number(row['lots']),
          row['order_ref'],
          Number(row['seq']),
        ])
        expect(rows).toEqual(plainRows(events))
      }),
      { numRuns: 30, seed: 1 },
    )
  })

  it('cuts rows to the window, both ends inclusive', async () => {
    const store = storeWith({ l2: oneOfEach() })
    const file = path('cut.parquet')
    exportParquet(store, { symbol: 'BTCUSDT', from: MIDNIGHT + 3n, to: MIDNIGHT + 5n }, file)
    expect((await parquetRows(file)).map((row) => row['local_time_ns'])).toEqual([
      MIDNIGHT + 3n,
      MIDNIGHT + 4n,
      MIDNIGHT + 5n,
    ])
  })
})

describe('exportCsv', () => {
  it('writes exact decimals, empty cells where a kind has none, and no word but our own', () => {
    const store = storeWith({ l2: oneOfEach() })
    const file = path('events.csv')
    const result = exportCsv(store, { symbol: 'BTCUSDT' }, file)
    expect(result).toEqual({ files: [file], rows: WORDS.length, bytes: statSync(file).size })
    const rows = csvRows(file)
    expect(rows[0]).toEqual({
      local_time_ns: String(MIDNIGHT),
      exch_time_ns: String(MIDNIGHT - 2_000_000n),
      kind: 'trade',
      side: '0',
      price: '60000.3',
      size: '0.001',
      tick: '600003',
      lots: '1',
      order_ref: '-1',
      seq: '100',
      visibility: 'both',
    })
    expect(rows.map((row) => row['kind'])).toEqual(WORDS)
    expect(rows.filter((row) => row['price'] === '').map((row) => row['kind'])).toEqual(PRICELESS)
    for (const cell of rows.flatMap((row) => Object.values(row))) {
      expect(cell).toMatch(/^(?:-?\d+(?:\.\d+)?|[a-z_]+|)$/)
    }
  })

  it('agrees with the Parquet export row by row', async () => {
    const store = storeWith({ l2: session(3000, 8, DAY - 2_000_000_000), bbo: oneOfEach() })
    const csv = path('both.csv')
    const parquet = path('both.parquet')
    exportCsv(store, { symbol: 'BTCUSDT' }, csv)
    exportParquet(store, { symbol: 'BTCUSDT' }, parquet)
    const fromParquet = (await parquetRows(parquet)).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, value === null ? '' : value]),
      ),
    )
    const numbers = new Set(['price', 'size', 'tick', 'side', 'order_ref'])
    const fromCsv = csvRows(csv).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, text]) => {
          if (text === '' || name === 'kind' || name === 'visibility') return [name, text]
          return [name, numbers.has(name) ? Number(text) : BigInt(text)]
        }),
      ),
    )
    expect(fromCsv).toEqual(fromParquet)
  })

  it('is exact below zero and beyond 2^53', () => {
    const wide = new Instrument({ ...instrument.spec, tickSize: '2.5', lotSize: '25' })
    const writer = new EventWriter(MIDNIGHT)
    const code = eventCode(EventKind.Trade, 1)
    writer.push(0, 0, code, -3, Number.MAX_SAFE_INTEGER)
    writer.push(0, 0, code, -(2 ** 31), 1)
    const file = path('wide.csv')
    exportCsv(storeWith({ l2: writer.finish() }, wide), { symbol: 'BTCUSDT' }, file)
    expect(csvRows(file).map((row) => [row['price'], row['size']])).toEqual([
      ['-7.5', '225179981368524775'],
      ['-5368709120.0', '25'],
    ])
  })
})

describe('an export', () => {
  const store = storeWith({ l2: oneOfEach() })

  it('of a window without events says what there is and writes nothing', () => {
    const file = path('none.csv')
    for (const write of [exportCsv, exportParquet]) {
      expect(() => write(store, { symbol: 'BTCUSDT', from: '2030-01-01' }, file)).toThrow(
        /^OUT_OF_RANGE: .* it has 2024-08-08T/,
      )
      expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined()
    }
  })

  it('into a folder that is not there says so', () => {
    expect(() => exportCsv(store, { symbol: 'BTCUSDT' }, join(path('absent'), 'x.csv'))).toThrow(
      /^WRITE_FAILED: cannot create .*ENOENT/,
    )
  })

  it('replaces an older file, and leaves a folder in its place alone', () => {
    const file = path('old.csv')
    writeFileSync(file, 'old')
    exportCsv(store, { symbol: 'BTCUSDT' }, file)
    expect(csvRows(file)).toHaveLength(WORDS.length)
    const folder = path('folder.csv')
    mkdirSync(folder)
    expect(() => exportCsv(store, { symbol: 'BTCUSDT' }, folder)).toThrow(
      /^WRITE_FAILED: cannot put in place/,
    )
  })
})
