import fc from 'fast-check'
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  MIDNIGHT,
  anyEvents,
  instrument,
  makeStore,
  session,
  temporaryFolder,
} from '../../../test/store-fixture.ts'
import { EventKind, EventWriter, Instrument, eventCode } from '../../market/index.ts'
import { exportCsv } from '../export-csv.ts'
import { openStore, type Store } from '../store.ts'
import { loadDuckDb } from './duckdb.ts'
import { queryStore, type QueryOptions } from './sql-session.ts'
import type { SqlValue } from './sql-value.ts'

const path = temporaryFolder()

type Row = Readonly<Record<string, SqlValue>>

async function rowsOf(store: Store, sql: string, options: QueryOptions = {}): Promise<Row[]> {
  const result = await queryStore(store, sql, options)
  try {
    const rows: Row[] = []
    for await (const batch of result.batches) {
      for (const row of batch) {
        rows.push(Object.fromEntries(result.columns.map(({ name }, i) => [name, row[i]!])))
      }
    }
    return rows
  } finally {
    result.close()
  }
}

const cacheOf = (store: Store): string => join(store.dir, '.parquet')
const copies = (store: Store): readonly string[] => readdirSync(cacheOf(store)).toSorted()

function csvRows(store: Store, file: string): Record<string, string>[] {
  exportCsv(store, { symbol: 'BTCUSDT' }, file)
  const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  const names = header!.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, cells[i]!]))
  })
}

const market = makeStore(path(), {
  l2: session(3000, 1),
  bbo: session(500, 2),
  'funding-8h': session(40, 3),
})
const wide = new Instrument({ ...instrument.spec, tickSize: '2.5', lotSize: '25' })

describe('the view of a partition', () => {
  it('holds the rows of the partition in their order, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, fc.boolean(), async (events, isWide) => {
        const store = makeStore(path(), { l2: events }, isWide ? wide : instrument)
        const rows = await rowsOf(store, 'select * from l2')
        const text = (value: SqlValue): string =>
          value === null ? '' : String(value as string | number)
        expect(
          rows.map((row) =>
            Object.fromEntries(
              [
                'local_time_ns',
                'exch_time_ns',
                'kind',
                'side',
                'tick',
                'lots',
                'order_ref',
                'seq',
                'visibility',
                'price',
                'size',
              ].map((name) => [name, text(row[name]!)]),
            ),
          ),
        ).toEqual(
          csvRows(store, path('events.csv')).map((row) => ({
            ...row,
            price: row['price'] === '' ? '' : String(Number(row['price'])),
            size: row['size'] === '' ? '' : String(Number(row['size'])),
          })),
        )
      }),
      { numRuns: 8, seed: 1 },
    )
  })

  it('tells the place of each row and its moments', async () => {
    const [row] = await rowsOf(market, 'select * from l2 limit 1')
    const local = market.load(market.partitions()[0]!).localTime[0]!
    expect(row).toMatchObject({
      venue: 'binance-usdm',
      symbol: 'BTCUSDT',
      day: '2024-08-08',
      partition_kind: 'l2',
      local_time: `2024-08-08T00:00:00.${String(local).padStart(9, '0')}Z`,
      local_time_ns: String(MIDNIGHT + BigInt(local)),
    })
  })
})

describe('the views', () => {
  it('are one for each kind, one for all, and one of the trades', async () => {
    const count = async (sql: string): Promise<SqlValue> => (await rowsOf(market, sql))[0]!['n']!
    expect(await count('select count(*) n from l2')).toBe(3000)
    expect(await count('select count(*) n from bbo')).toBe(500)
    expect(await count('select count(*) n from funding_8h')).toBe(40)
    expect(await count('select count(*) n from events')).toBe(3540)
    const { code } = market.load(market.partitions()[0]!)
    const more = market.load(market.partitions().find((info) => info.kind === 'funding-8h')!)
    const trades = [...code, ...more.code].filter((one) => (one & 15) === EventKind.Trade)
    expect(await count('select count(*) n from trades')).toBe(trades.length)
  })

  it('tell of the partitions and the instruments', async () => {
    const infos = market.partitions()
    expect(await rowsOf(market, 'select kind, events, bytes, digest from partitions')).toEqual(
      infos.map(({ kind, events, bytes, digest }) => ({ kind, events, bytes, digest })),
    )
    expect(await rowsOf(market, 'select * from instruments')).toEqual([
      {
        venue: 'binance-usdm',
        symbol: 'BTCUSDT',
        kind: 'linear-perpetual',
        base: 'BTC',
        quote: 'USDT',
        tick_size: '0.1',
        lot_size: '0.001',
        multiplier: '1',
        data_tick_size: '0.1',
        data_lot_size: '0.001',
        first_day: '2024-08-08',
        last_day: '2024-08-08',
        events: 3540,
      },
    ])
  })

  it('are cut to a window, both ends inclusive', async () => {
    const writer = new EventWriter(MIDNIGHT)
    for (let i = 0; i < 9; i++) writer.push(i, i, eventCode(EventKind.Trade, 1), 1, 1)
    const store = makeStore(path(), { l2: writer.finish() })
    const rows = await rowsOf(store, 'select local_time_ns % 1000 as n from trades', {
      filter: { from: MIDNIGHT + 3n, to: MIDNIGHT + 5n },
    })
    expect(rows).toEqual([{ n: 3 }, { n: 4 }, { n: 5 }])
  })

  it('of a symbol, day or span that is not there say what is', async () => {
    const of = (filter: QueryOptions['filter']): Promise<Row[]> =>
      rowsOf(market, 'select 1', { filter })
    await expect(of({ symbol: 'BTCUSDC' })).rejects.toThrow(
      /^ABSENT_SYMBOL: .* it has BTCUSDT; did you mean "BTCUSDT"\?$/,
    )
    await expect(of({ day: '2024-08-09' })).rejects.toThrow(/^OUT_OF_RANGE: .* it has 2024-08-08/)
    await expect(of({ from: '2030-01-01' })).rejects.toThrow(/^OUT_OF_RANGE: .* it has 2024-08-08T/)
  })
})

describe('values', () => {
  it('leave as JSON has them, exactly or as text', async () => {
    const sql = `select 9007199254740991 a, 9007199254740993 b, 0.10 c, 12345678901234567890.5 d,
      'nan'::double e, date '2024-02-29' f, timestamp '2024-01-01 00:00:01.5' g,
      [1, null] h, {'x': true, 'y': 'z'} i, map {'k': 2} j, interval 90 minute k, null l,
      timestamptz '2024-01-01 02:00:00+02' m, 'infinity'::timestamp n, -0.50 o, 100::decimal(9,2) p`
    expect(await rowsOf(market, sql)).toEqual([
      {
        a: 9007199254740991,
        b: '9007199254740993',
        c: 0.1,
        d: '12345678901234567890.5',
        e: null,
        f: '2024-02-29',
        g: '2024-01-01T00:00:01.500000000Z',
        h: [1, null],
        i: { x: true, y: 'z' },
        j: [{ key: 'k', value: 2 }],
        k: '01:30:00',
        l: null,
        m: '2024-01-01T00:00:00.000000000Z',
        n: 'infinity',
        o: -0.5,
        p: 100,
      },
    ])
  })
})

describe('a query that is wrong', () => {
  it.each([
    [
      'select\n  prise from l2',
      /^BAD_QUERY: line 2 column 3: there is no column "prise"; did you mean "price"\?$/,
    ],
    ["select 'é', prise from l2", /^BAD_QUERY: line 1 column 13: /],
    [
      'select * from l3',
      /line 1 column 15: there is no view "l3"; did you mean "l2"\? \(views: events, trades, l2, bbo, funding_8h, partitions, instruments\)$/,
    ],
    ['selec 1', /^BAD_QUERY: line 1 column 1: syntax error at or near "selec"$/],
    ['select avgg(price) from l2', /there is no scalar function "avgg"; did you mean "avg"\?$/],
    [
      'select cast(kind as integer) from l2',
      /^BAD_QUERY: line 1 column 8: Could not convert string /,
    ],
    ['select 1; select 2', /^BAD_QUERY: one query at a time, there are 2$/],
    [' -- nothing\n;', /^BAD_QUERY: the query is empty$/],
  ])('is told with its place: %s', async (sql, message) => {
    await expect(rowsOf(market, sql)).rejects.toThrow(message)
  })

  it('for want of memory says so', async () => {
    const sql = 'select list(local_time_ns) from l2, range(2000)'
    await expect(rowsOf(market, sql, { memory: '24MB' })).rejects.toThrow(
      /^BAD_QUERY: the query needs more memory than --memory 24MB allows/,
    )
    await expect(rowsOf(market, 'select 1', { memory: 'much' })).rejects.toThrow(
      /^BAD_ARGUMENT: "much" is not a size of memory/,
    )
  })
})

describe('a query can only read', () => {
  const outside = path('secret.csv')
  writeFileSync(outside, 'secret\n1\n')
  const target = path('written.csv')

  it.each([
    `copy (select 1) to '${target}'`,
    `/* x */ ( copy (select 1) to '${target}' )`,
    `explain analyze copy (select 1) to '${target}'`,
    `explain (analyze, format json) copy (select 1) to '${target}'`,
    `attach '${target}'`,
    'install httpfs',
    'load httpfs',
    "set memory_limit = '1GB'",
    'create table t as select 1',
    'drop view l2',
    'pragma database_list',
    'call pragma_version()',
    `export database '${target}'`,
  ])('%s is refused', async (sql) => {
    await expect(rowsOf(market, sql)).rejects.toThrow(
      /^BAD_QUERY: a query only reads: [A-Z]+ is refused/,
    )
    expect(statSync(target, { throwIfNoEntry: false })).toBeUndefined()
  })

  it.each([
    `select * from read_csv('${outside}')`,
    `select * from '${outside}'`,
    `select * from read_text('${outside}')`,
    `select * from glob('${outside}')`,
    "select * from 'https://example.com/a.parquet'",
  ])('%s is refused', async (sql) => {
    await expect(rowsOf(market, sql)).rejects.toThrow(
      /^BAD_QUERY: .*a query reads the views of the store and nothing else/,
    )
  })

  it('and hands the copies to nobody who would write', async () => {
    await rowsOf(market, 'select count(*) from l2')
    const copy = join(cacheOf(market), copies(market)[0]!)
    const before = readFileSync(copy)
    for (const sql of [
      `copy (select 1) to '${copy}'`,
      `select 1; copy (select 1) to '${copy}'`,
      `with pivot as (select 1) select 1; copy (select 1) to '${copy}'`,
    ]) {
      await expect(rowsOf(market, sql)).rejects.toThrow(/^BAD_QUERY/)
    }
    expect(readFileSync(copy).equals(before)).toBe(true)
  })
})

describe('copies of partitions', () => {
  it('are made of what a query names, once', async () => {
    const store = makeStore(path(), { l2: session(300, 4), bbo: session(30, 5) })
    await rowsOf(store, 'select count(*) from partitions')
    expect(copies(store)).toEqual([])
    await rowsOf(store, 'select count(*) from l2')
    expect(copies(store)).toHaveLength(1)
    const times = copies(store).map(
      (name) => statSync(join(cacheOf(store), name), { bigint: true }).mtimeNs,
    )
    await rowsOf(store, 'select count(*) from l2, l2 as other')
    expect(
      copies(store).map((name) => statSync(join(cacheOf(store), name), { bigint: true }).mtimeNs),
    ).toEqual(times)
    await rowsOf(store, "select count(*) from query_table('b' || 'bo')")
    expect(copies(store)).toHaveLength(2)
  })

  it('go with the partition that they copy', async () => {
    const dir = path()
    await rowsOf(makeStore(dir, { l2: session(300, 4) }), 'select count(*) from l2')
    const store = makeStore(dir, { l2: session(200, 9) })
    expect(await rowsOf(store, 'select count(*) n from l2')).toEqual([{ n: 200 }])
    expect(copies(store)).toHaveLength(1)
  })

  it('tell instruments apart whose rows are equal', async () => {
    const store = makeStore(path(), { l2: session(5, 4) })
    const other = new Instrument({ ...instrument.spec, symbol: 'OTHER', tickSize: '1' })
    makeStore(store.dir, { l2: session(5, 4) }, other)
    const rows = await rowsOf(
      openStore(store.dir),
      'select symbol, max(price / tick) as step from l2 group by 1 order by 1',
    )
    expect(rows).toEqual([
      { symbol: 'BTCUSDT', step: 0.1 },
      { symbol: 'OTHER', step: 1 },
    ])
  })

  it('may stand elsewhere, and a place that cannot be written is named', async () => {
    const store = makeStore(path(), { l2: session(50, 4) })
    const cache = path('cache')
    await rowsOf(store, 'select count(*) from l2', { cache })
    expect(readdirSync(store.dir)).not.toContain('.parquet')
    expect(readdirSync(cache)).toHaveLength(1)
    writeFileSync(cacheOf(store), 'in the way')
    await expect(rowsOf(store, 'select 1')).rejects.toThrow(
      /^WRITE_FAILED: cannot make folder .*\.parquet: EEXIST/,
    )
  })

  it('leave nothing half made behind when the query is interrupted', async () => {
    const store = makeStore(path(), { l2: session(2000, 4) })
    const control = new AbortController()
    const reason = new Error('stop')
    const query = rowsOf(
      store,
      'select count(*) from l2 a, l2 b, l2 c where a.price * b.price > c.price',
      {
        signal: control.signal,
        onProgress: ({ done, total }) => {
          if (done === total) setTimeout(() => control.abort(reason), 50)
        },
      },
    )
    await expect(query).rejects.toBe(reason)
    expect(copies(store).every((name) => name.endsWith('.parquet'))).toBe(true)
  })

  it('are not made of a damaged partition, which is named', async () => {
    const store = makeStore(path(), { l2: session(3000, 4) })
    const file = store.partitions()[0]!.path
    const bytes = readFileSync(file)
    bytes[200]! ^= 0xff
    writeFileSync(file, bytes)
    await expect(rowsOf(store, 'select count(*) from l2')).rejects.toThrow(
      /^CORRUPT_FILE: .*l2\.tape/,
    )
    expect(copies(store)).toEqual([])
  })

  it('of processes that are gone are swept up', async () => {
    const store = makeStore(path(), { l2: session(50, 4) })
    await rowsOf(store, 'select 1')
    const result = await queryStore(store, 'select 1')
    const [own] = copies(store)
    result.close()
    const stale = own!.replace(/-\d+-\d+-\d+$/, '-999999999-1-0')
    mkdirSync(join(cacheOf(store), stale))
    await rowsOf(store, 'select 1')
    expect(copies(store)).toEqual([])
  })
})

it('without the package one sentence says how to get it', async () => {
  const absent = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
  await expect(loadDuckDb(() => Promise.reject(absent))).rejects.toThrow(
    /^UNSUPPORTED: lobtrader query needs @duckdb\/node-api \(npm install @duckdb\/node-api\)$/,
  )
})
