/** SQL and exports from the command line: spawned, on a store that was imported. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeCapture } from './capture.ts'
import { expectRefusal, lobtrader, lobtraderJson, temporaryFolder } from './run-cli.ts'

const { path: folder, remove } = temporaryFolder()
const { capture, instrument } = writeCapture(folder)
const store = join(folder, 'store')

interface Imported {
  readonly trades: { readonly count: number; readonly volume: number }
  readonly partitions: readonly {
    readonly day: string
    readonly kind: string
    readonly events: number
  }[]
}
let imported: Imported

beforeAll(() => {
  imported = lobtraderJson(
    ['import', '--format', 'binance', '--instrument', instrument, '--store', store, capture],
    folder,
  )
})
afterAll(remove)

describe('query', () => {
  test('answers with an array of row objects, from ./store where no other is named', () => {
    const sql = 'select count(*) as count, sum(lots) as lots, sum(size) as volume from trades'
    const [row] = lobtraderJson<{ count: number; lots: number; volume: number }[]>(
      ['query', sql],
      folder,
    )
    expect(row!.count).toBe(imported.trades.count)
    expect(row!.volume).toBeCloseTo(imported.trades.volume, 9)
    expect(Number.isSafeInteger(row!.lots)).toBe(true)
  })

  test('agrees with the import about every partition', () => {
    const sql =
      'select day, partition_kind as kind, count(*) as events from events group by all order by all'
    expect(lobtraderJson(['query', sql, '--store', store], folder)).toEqual(
      imported.partitions.map(({ day, kind, events }) => ({ day, kind, events })),
    )
  })

  test('shows people a table and scripts CSV', () => {
    const sql = 'select kind, events from partitions order by events desc'
    const table = lobtrader(['query', sql, '--limit', '1'], folder)
    expect(table.stdout).toMatch(/^kind +events\nl2 +\d+\nthe first 1 rows; --limit 0 shows all/)
    const csv = lobtrader(['query', sql, '--csv'], folder)
    expect(csv.stdout).toMatch(/^kind,events\nl2,\d+\n/)
  })

  test.each([
    [
      ['select prise from l2'],
      /line 1 column 8: there is no column "prise"; did you mean "price"\?/,
    ],
    [["copy (select 1) to 'x.csv'"], /a query only reads: COPY is refused/],
    [['select 1', '--store', 'absent'], /there is no store at absent/],
    [['select 1', '--symbol', 'BTCUSDC'], /nothing of symbol BTCUSDC.*did you mean "BTCUSDT"/],
    [['select 1', '--memory', 'much'], /"much" is not a size of memory/],
    [['select 1', '--limit', '-1'], /--limit -1 is not a number of rows/],
  ])('refuses %j in one sentence', (args, sentence) => {
    expectRefusal(lobtrader(['query', ...args], folder), sentence)
    expect(existsSync(join(folder, 'x.csv'))).toBe(false)
  })
})

describe('export', () => {
  test('writes a file for each partition into a folder', () => {
    const out = join(folder, 'out')
    const result = lobtraderJson<{ files: string[]; rows: number; bytes: number }>(
      ['export', '--store', store, '--to', 'csv', '--out', `${out}/`],
      folder,
    )
    expect(readdirSync(out).toSorted()).toEqual(
      imported.partitions.map(({ day, kind }) => `binance-usdm.BTCUSDT.${day}.${kind}.csv`),
    )
    const events = imported.partitions.reduce((sum, partition) => sum + partition.events, 0)
    const bytes = result.files.reduce((sum, file) => sum + statSync(file).size, 0)
    expect(result).toMatchObject({ rows: events, bytes })
  })

  test('writes an array that comes back as the rows it was made of', () => {
    const file = join(folder, 'array.npz')
    const args = ['export', '--store', store, '--symbol', 'BTCUSDT', '--to', 'hftbacktest']
    const result = lobtraderJson<{ files: string[] }>([...args, '--out', file], folder)
    expect(Object.keys(result)).toEqual(['files', 'rows', 'bytes'])
    const again = lobtraderJson<Imported>(
      ['import', '--format', 'hftbacktest', '--instrument', instrument, '--store', 'again', file],
      folder,
    )
    const book = (of: Imported): unknown =>
      of.partitions.filter(({ kind }) => kind === 'l2').map(({ events }) => events)
    expect(book(again)).toEqual(book(imported))
    expect(again.trades).toEqual(imported.trades)
  })

  test.each([
    [['--to', 'csv', '--out', 'x'], /--out x is one file and --symbol names no instrument/],
    [['--to', 'npz', '--out', 'x'], /unknown format "npz" \(known: parquet, csv, hftbacktest\)/],
    [['--to', 'csv', '--out', 'x', '--symbol', 'BTC'], /BTC is not in store/],
  ])('refuses %j in one sentence', (args, sentence) => {
    expectRefusal(lobtrader(['export', '--store', store, ...args], folder), sentence)
    expect(existsSync(join(folder, 'x'))).toBe(false)
  })
})
