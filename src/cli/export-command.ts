/** `lobtrader export`: rows of a store for other tools. */
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LobtraderError, didYouMean } from '../core/index.ts'
import { exportHftbacktest } from '../feed/index.ts'
import {
  attempt,
  exportCsv,
  exportParquet,
  openStore,
  selectPartitions,
  type ExportResult,
  type PartitionInfo,
  type Store,
  type StoreQuery,
} from '../store/index.ts'
import { collect, makeCommand, type CommandEntry } from './command.ts'
import { formatBytes, grouped, textPairs } from './table.ts'
import type { Terminal } from './terminal.ts'

interface ExportOptions {
  readonly store: string
  readonly symbol?: string
  readonly venue?: string
  readonly kind?: string
  readonly day?: string
  readonly from?: string
  /** Format, and perhaps the end of the window. */
  readonly to: readonly string[]
  readonly out: string
  readonly withBbo?: true
}

/** What is written, and where. */
interface ExportJob {
  readonly store: Store
  readonly format: Format
  readonly options: ExportOptions
  readonly end: string | undefined
}

type Format = 'parquet' | 'csv' | 'hftbacktest'

const SUFFIXES: Readonly<Record<Format, string>> = {
  parquet: 'parquet',
  csv: 'csv',
  hftbacktest: 'npz',
}
const FORMATS = Object.keys(SUFFIXES) as readonly Format[]

/** The command. */
export function exportCommand(): CommandEntry {
  const command = makeCommand({
    name: 'export',
    description:
      'Write events as Parquet (pandas, polars, DuckDB), CSV, or the event array of hftbacktest (.npz). Each file appears complete or not at all.',
    examples: [
      [
        'lobtrader export --store ./store --symbol BTCUSDT --to parquet --out btcusdt.parquet',
        'everything of a symbol in one file',
      ],
      [
        'lobtrader export --store ./store --symbol BTCUSDT --to csv --from 2024-08-08T23:55Z --to 2024-08-08T23:56Z --out minute.csv --json',
        'one minute as CSV, for a script',
      ],
      [
        'lobtrader export --store ./store --to hftbacktest --out ./arrays/',
        'an array for each symbol and day of the store',
      ],
    ],
  })
    .option('--store <dir>', 'folder of the store', './store')
    .option('--symbol <name>', 'instrument, as `lobtrader info` lists it; default: all')
    .requiredOption(
      '--to <format>',
      `${FORMATS.join(', ')}; given once more with a moment: end here, inclusive (ISO 8601; a date alone is its midnight)`,
      collect,
    )
    .requiredOption(
      '--out <path>',
      'file to write; a folder, or a path that ends in "/", gets one file for each partition',
    )
    .option('--venue <name>', 'needed where several venues have the symbol')
    .option('--kind <name>', 'one kind of events, as `lobtrader info` lists it; default: all')
    .option('--day <day>', 'one UTC day, such as 2024-08-08')
    .option('--from <moment>', 'begin here (ISO 8601, UTC unless it says); default: the start')
    .option('--with-bbo', 'hftbacktest: add the ticker as DEPTH_BBO events of the local side')
  return {
    command,
    action: ({ terminal }) => {
      const options = command.opts<ExportOptions>()
      const { format, end } = readTo(options.to)
      const job: ExportJob = { store: openStore(options.store), format, options, end }
      const result = isFolder(options.out) ? exportEach(job, terminal) : exportOne(job, terminal)
      return Promise.resolve({
        json: result,
        text: textPairs([
          ['wrote', filesText(result.files)],
          ['rows', grouped(result.rows)],
          ['size', formatBytes(result.bytes)],
        ]),
      })
    },
  }
}

function exportOne(job: ExportJob, terminal: Terminal): ExportResult {
  const { venue, kind, day, from, out, symbol } = job.options
  if (symbol === undefined) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `--out ${out} is one file and --symbol names no instrument; give --symbol, or a folder (--out ${out}/) for one file each`,
    )
  }
  return write(job, { symbol, venue, kind, day, from, to: job.end }, out, terminal)
}

/** Writes one file for each partition. */
function exportEach(job: ExportJob, terminal: Terminal): ExportResult {
  const { venue, symbol, kind, day, from, out } = job.options
  const filter = { venue, symbol, kind, day, from, to: job.end }
  const found = selectPartitions(job.store, filter).filter(
    (info) => job.format !== 'hftbacktest' || kind !== undefined || isBook(info),
  )
  attempt('make folder', out, () => mkdirSync(out, { recursive: true }))
  const files: string[] = []
  let rows = 0
  let bytes = 0
  for (const info of found) {
    const name = [info.venue, info.symbol, info.day, info.kind].join('.')
    const path = join(out, `${name}.${SUFFIXES[job.format]}`)
    const { venue: of, symbol: named, day: on, kind: sort } = info
    const query = { venue: of, symbol: named, day: on, kind: sort, from, to: job.end }
    const one = write(job, query, path, terminal)
    files.push(...one.files)
    rows += one.rows
    bytes += one.bytes
  }
  return { files, rows, bytes }
}

function isBook(info: PartitionInfo): boolean {
  return info.kind === 'l2' || info.kind === 'l3'
}

function write(
  { store, format, options }: ExportJob,
  query: StoreQuery,
  path: string,
  terminal: Terminal,
): ExportResult {
  if (format === 'parquet') return exportParquet(store, query, path)
  if (format === 'csv') return exportCsv(store, query, path)
  const { leftOut, ...result } = exportHftbacktest(store, query, path, options)
  if (leftOut > 0) {
    terminal.err(
      `lobtrader export: warning: ${leftOut} rows of ${query.symbol} were left out: hftbacktest has no records for them\n`,
    )
  }
  return result
}

function isFolder(path: string): boolean {
  return /[/\\]$/.test(path) || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function filesText(files: readonly string[]): string {
  const shown = files.slice(0, 3).join(', ')
  return files.length > 3 ? `${shown} and ${files.length - 3} more` : shown
}

/** Tells format and moment apart, which share the name of their option. */
function readTo(values: readonly string[]): {
  readonly format: Format
  readonly end: string | undefined
} {
  const moments = values.filter((value) => /^\d/.test(value))
  const formats = values.filter((value) => !moments.includes(value))
  const [format = ''] = formats
  const known = FORMATS.find((name) => name === format)
  if (known === undefined) {
    throw new LobtraderError(
      'UNKNOWN_FORMAT',
      format === ''
        ? `--to names no format (known: ${FORMATS.join(', ')})`
        : `unknown format "${format}"${didYouMean(format, FORMATS)} (known: ${FORMATS.join(', ')})`,
      { format },
    )
  }
  if (formats.length > 1 || moments.length > 1) {
    throw new LobtraderError('BAD_ARGUMENT', `--to is given twice: ${values.join(', ')}`)
  }
  return { format: known, end: moments[0] }
}
