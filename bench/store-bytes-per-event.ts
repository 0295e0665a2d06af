/**
 * What an event takes on disk: our partitions against gzip CSV, Parquet with zstd, and delta and
 * dictionary behind zstd, on the real captures; a made tape where they are absent.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IMPORT_FORMATS } from 'lobtrader/feed'
import { beginImport, openStore } from 'lobtrader/store'
import {
  deltaDictionaryZstdBytes,
  duckParquetBytes,
  gzipCsvBytes,
  ownParquetBytes,
} from './at-rest.ts'
import type { BenchCase } from './bench-case.ts'
import { hasCaptures, importCaptures } from './captures.ts'
import { generateTape } from './generated-tape.ts'

interface Sizes {
  readonly name: string
  readonly isCryptoL2: boolean
  readonly events: number
  readonly tape: number
  readonly gzipCsv: number
  readonly duckParquet: number
  readonly ownParquet: number
  readonly deltaZstd: number | undefined
}

const HEADINGS = [
  'events of',
  'events',
  '.tape',
  'CSV, gzip -6',
  'Parquet, zstd (DuckDB)',
  'Parquet export',
  'delta, dictionary, zstd 19',
]

/** Measures bytes per event of the L2 crypto partitions; the table has the others too. */
export async function storeBytesPerEvent(): Promise<BenchCase> {
  const dir = mkdtempSync(join(tmpdir(), 'lobtrader-bench-'))
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  const sizes: Sizes[] = []
  for (const { name, format, store } of await stores(dir)) {
    sizes.push(await measure(name, format === 'binance' || format === 'made', store))
  }
  const crypto = sizes.filter(({ isCryptoL2 }) => isCryptoL2)
  const all = { ...total(crypto), name: 'all L2 crypto' }
  const perEvent = (one: Sizes, bytes: number): number => bytes / one.events
  return {
    name: 'store-bytes-per-event',
    unit: 'bytes/event',
    lowerIsBetter: true,
    note: hasCaptures
      ? `the l2 partitions of the Binance captures, ${all.events} events, all seven columns, headers and indexes included`
      : `a made tape of ${all.events} events`,
    details: tableLines([...sizes, all]),
    run: () => perEvent(all, all.tape),
    against: {
      name: 'Parquet, zstd, DuckDB defaults, the same columns',
      run: () => perEvent(all, all.duckParquet),
    },
  }
}

async function stores(
  dir: string,
): Promise<readonly { readonly name: string; readonly format: string; readonly store: string }[]> {
  if (hasCaptures) {
    return await importCaptures(
      dir,
      IMPORT_FORMATS.map(({ name }) => name),
    )
  }
  const store = join(dir, 'made')
  const { instrument, events } = generateTape(2_000_000, 1)
  const transaction = beginImport(store, { instrument })
  transaction.append('l2', events)
  transaction.commit()
  return [{ name: 'a made tape', format: 'made', store }]
}

async function measure(name: string, isCryptoL2: boolean, dir: string): Promise<Sizes> {
  const store = openStore(dir)
  const infos = store.partitions().filter(({ kind }) => kind === 'l2' || kind === 'l3')
  const folder = join(dir, 'out')
  mkdirSync(folder)
  const place = { store, infos, folder }
  const ownParquet = ownParquetBytes(place)
  return {
    name,
    isCryptoL2,
    events: infos.reduce((sum, { events }) => sum + events, 0),
    tape: infos.reduce((sum, { bytes }) => sum + bytes, 0),
    gzipCsv: gzipCsvBytes(place),
    duckParquet: await duckParquetBytes(place),
    ownParquet,
    deltaZstd: await deltaDictionaryZstdBytes(place),
  }
}

function total(sizes: readonly Sizes[]): Sizes {
  const sum = (of: (one: Sizes) => number): number =>
    sizes.reduce((total, one) => total + of(one), 0)
  return {
    name: '',
    isCryptoL2: true,
    events: sum(({ events }) => events),
    tape: sum(({ tape }) => tape),
    gzipCsv: sum(({ gzipCsv }) => gzipCsv),
    duckParquet: sum(({ duckParquet }) => duckParquet),
    ownParquet: sum(({ ownParquet }) => ownParquet),
    deltaZstd: sizes.every(({ deltaZstd }) => deltaZstd !== undefined)
      ? sum(({ deltaZstd }) => deltaZstd!)
      : undefined,
  }
}

/** The table as Markdown, so that it can go into the documentation. */
function tableLines(sizes: readonly Sizes[]): readonly string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    row(HEADINGS),
    row(HEADINGS.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...sizes.map((one) =>
      row([
        one.name,
        one.events.toLocaleString('en-US'),
        ...[one.tape, one.gzipCsv, one.duckParquet, one.ownParquet, one.deltaZstd].map((bytes) =>
          bytes === undefined ? 'not measured' : (bytes / one.events).toFixed(2),
        ),
      ]),
    ),
  ]
}
