/** `lobtrader query`: SQL over a store. */
import { readFileSync } from 'node:fs'
import { LobtraderError } from '../core/index.ts'
import {
  EVENT_VIEW_COLUMNS,
  INSTRUMENT_VIEW_COLUMNS,
  PARTITION_VIEW_COLUMNS,
  openStore,
  queryStore,
  type QueryProgress,
  type SqlColumn,
  type SqlResult,
} from '../store/index.ts'
import { makeCommand, type CommandEntry } from './command.ts'
import { csvPieces, jsonPieces, tablePieces } from './query-output.ts'
import type { Terminal } from './terminal.ts'

interface QueryCommandOptions {
  readonly store: string
  readonly venue?: string
  readonly symbol?: string
  readonly day?: string
  readonly from?: string
  readonly to?: string
  readonly limit: string
  readonly csv?: true
  readonly memory?: string
  readonly cache?: string
}

const LIMIT_DEFAULT = '100'

/** The command. */
export function queryCommand(): CommandEntry {
  const command = makeCommand({
    name: 'query',
    description:
      'Run one SQL query (DuckDB) over a store. The first query over a partition makes a Parquet copy of it in a hidden folder of the store, which later ones read. A query only reads: it can change nothing and sees no other file.',
    examples: [
      [
        `lobtrader query "select symbol, day, count(*) as trades, sum(price * size) / sum(size) as vwap from trades group by all order by all"`,
        'VWAP of every symbol and day',
      ],
      [
        `lobtrader query "select time_bucket(interval '1 minute', local_time) as minute, count(*) as rows from l2 group by 1 order by 1" --store ./store --symbol BTCUSDT --day 2024-08-08 --json`,
        'rows a minute of one partition, for a script',
      ],
    ],
  })
    .argument('<sql>', 'the query; "-" reads it from stdin')
    .option('--store <dir>', 'folder of the store', './store')
    .option('--venue <name>', 'views hold this venue only')
    .option('--symbol <name>', 'views hold this symbol only')
    .option('--day <day>', 'views hold this UTC day only, such as 2024-08-08')
    .option('--from <moment>', 'views begin here in local time, inclusive (ISO 8601)')
    .option('--to <moment>', 'views end here in local time, inclusive (ISO 8601)')
    .option('--limit <rows>', 'rows that the table shows, 0 for all', LIMIT_DEFAULT)
    .option('--csv', 'print all rows as CSV')
    .option('--memory <size>', "what DuckDB may use, such as 512MB; more goes to the store's disk")
    .option('--cache <dir>', 'folder for the Parquet copies, for a store that cannot be written')
    .addHelpText('after', `\n${viewsHelp()}`)
  return {
    command,
    isInterruptible: true,
    action: async ({ terminal, json, signal }) => {
      const options = command.opts<QueryCommandOptions>()
      const { venue, symbol, day, from, to, memory, cache } = options
      const limit = rowLimit(options.limit)
      const progress = new QueryProgressLine(terminal)
      try {
        const result = await queryStore(openStore(options.store), sqlText(command.args[0]!), {
          filter: { venue, symbol, day, from, to },
          memory,
          cache,
          signal,
          onProgress: (at) => progress.update(at),
        })
        const pieces = json
          ? jsonPieces(result)
          : options.csv === true
            ? csvPieces(result)
            : tablePieces(result, limit)
        return { json: undefined, text: '', pieces: closing(result, pieces) }
      } finally {
        progress.finish()
      }
    },
  }
}

async function* closing(
  result: SqlResult,
  pieces: AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  try {
    yield* pieces
  } finally {
    result.close()
  }
}

function sqlText(argument: string): string {
  return argument === '-' ? readFileSync(0, 'utf8') : argument
}

function rowLimit(text: string): number {
  if (/^\d{1,15}$/.test(text)) return text === '0' ? Number.POSITIVE_INFINITY : Number(text)
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `--limit ${text} is not a number of rows; expected 0 (all) or more`,
    { value: text },
  )
}

function viewsHelp(): string {
  const width = Math.max(...EVENT_VIEW_COLUMNS.map(({ name }) => name.length))
  const lines = EVENT_VIEW_COLUMNS.map(
    ({ name, type, note }) => `  ${name.padEnd(width)}  ${type.padEnd(12)}  ${note}`,
  )
  const names = (columns: readonly SqlColumn[]): string =>
    columns.map(({ name }) => name).join(', ')
  return [
    'Views:',
    '  events       every row of every partition',
    '  l2, l3, bbo  the rows of one kind of partition; other kinds by name, dashes as underscores',
    '  trades       the trades of all partitions',
    `  partitions   ${names(PARTITION_VIEW_COLUMNS)}`,
    `  instruments  ${names(INSTRUMENT_VIEW_COLUMNS)}`,
    '',
    'Columns of events, l2, l3, bbo, trades, in the order of local time within a partition:',
    ...lines,
  ].join('\n')
}

/** Tells how many partitions have been copied: one line over itself, on a terminal only. */
class QueryProgressLine {
  readonly #terminal: Terminal
  #isDrawn = false

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  update({ done, total }: QueryProgress): void {
    if (!this.#terminal.isWatched) return
    this.#isDrawn = true
    this.#terminal.err(`\r\u001b[Kpreparing partition ${Math.min(done + 1, total)} of ${total}`)
  }

  finish(): void {
    if (this.#isDrawn) this.#terminal.err('\r\u001b[K')
    this.#isDrawn = false
  }
}
