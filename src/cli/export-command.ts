/** `lobtrader export`: rows of a store as Parquet or CSV. */
import { LobtraderError, didYouMean } from '../core/index.ts'
import { exportCsv, exportParquet, openStore } from '../store/index.ts'
import { collect, makeCommand, type CommandEntry } from './command.ts'
import { formatBytes, grouped, textPairs } from './table.ts'

interface ExportOptions {
  readonly store: string
  readonly symbol: string
  readonly venue?: string
  readonly kind?: string
  readonly from?: string
  /** Format, and perhaps the end of the window. */
  readonly to: readonly string[]
  readonly out: string
}

const WRITERS = { parquet: exportParquet, csv: exportCsv } as const
const FORMATS = Object.keys(WRITERS)

/** The command. */
export function exportCommand(): CommandEntry {
  const command = makeCommand({
    name: 'export',
    description:
      'Write the events of one instrument as Parquet (pandas, polars, DuckDB) or CSV. The file appears complete or not at all.',
    examples: [
      [
        'lobtrader export --store ./store --symbol BTCUSDT --to parquet --out btcusdt.parquet',
        'everything of a symbol',
      ],
      [
        'lobtrader export --store ./store --symbol BTCUSDT --to csv --from 2024-08-08T23:55Z --to 2024-08-08T23:56Z --out minute.csv --json',
        'one minute as CSV, for a script',
      ],
    ],
  })
    .requiredOption('--store <dir>', 'folder of the store')
    .requiredOption('--symbol <name>', 'instrument, as `lobtrader info` lists it')
    .requiredOption(
      '--to <format>',
      `${FORMATS.join(' or ')}; given once more with a moment: end here, inclusive (ISO 8601; a date alone is its midnight)`,
      collect,
    )
    .requiredOption('--out <file>', 'file to write')
    .option('--venue <name>', 'needed where several venues have the symbol')
    .option('--kind <name>', 'one kind of events, as `lobtrader info` lists it; default: all')
    .option('--from <moment>', 'begin here (ISO 8601, UTC unless it says); default: the start')
  return {
    command,
    action: () => {
      const { store, out, to, symbol, venue, kind, from } = command.opts<ExportOptions>()
      const { format, end } = readTo(to)
      const query = { symbol, venue, kind, from, to: end }
      const result = WRITERS[format](openStore(store), query, out)
      return Promise.resolve({
        json: result,
        text: textPairs([
          ['wrote', result.files.join(', ')],
          ['rows', grouped(result.rows)],
          ['size', formatBytes(result.bytes)],
        ]),
      })
    },
  }
}

/** Tells format and moment apart, which share the name of their option. */
function readTo(values: readonly string[]): {
  readonly format: keyof typeof WRITERS
  readonly end: string | undefined
} {
  const isFormat = (value: string): value is keyof typeof WRITERS => Object.hasOwn(WRITERS, value)
  const moments = values.filter((value) => /^\d/.test(value))
  const formats = values.filter((value) => !moments.includes(value))
  const [format] = formats
  if (format === undefined || !isFormat(format)) {
    throw new LobtraderError(
      'UNKNOWN_FORMAT',
      format === undefined
        ? `--to names no format (known: ${FORMATS.join(', ')})`
        : `unknown format "${format}"${didYouMean(format, FORMATS)} (known: ${FORMATS.join(', ')})`,
      { format: format ?? '' },
    )
  }
  if (formats.length > 1 || moments.length > 1) {
    throw new LobtraderError('BAD_ARGUMENT', `--to is given twice: ${values.join(', ')}`)
  }
  return { format, end: moments[0] }
}
