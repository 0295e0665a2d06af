/** `lobtrader import`: vendor files into a store. */
import type { Command } from 'commander'
import { LobtraderError } from '../core/index.ts'
import { IMPORT_FORMATS, importCapture, importResultJson, importResultText } from '../feed/index.ts'
import { INSTRUMENT_KINDS } from '../market/index.ts'
import {
  collect,
  makeCommand,
  type Answer,
  type CommandContext,
  type CommandEntry,
} from './command.ts'
import { ImportProgressLine } from './progress-line.ts'

interface ImportOptions {
  readonly format: string
  readonly store: string
  readonly instrument?: string
  readonly verify?: true
  readonly fixClock?: true
  readonly append?: true
  readonly date?: string
  readonly tz?: string
  readonly venue?: string
  readonly symbol?: readonly string[]
  readonly kind?: string
  readonly definition?: string
  readonly column?: readonly string[]
  readonly rows?: string
  readonly timeUnit?: string
  readonly side?: string
  readonly separator?: string
  readonly header: boolean
}

/** The command. */
export function importCommand(): CommandEntry {
  const formats = IMPORT_FORMATS.map(({ name, description }) => `  ${name}: ${description}`)
  const command = makeCommand({
    name: 'import',
    description:
      'Read captured market data into a store. Files are gzip, zstd, zip or plain, told by content; several files in time order are one stream. An import appears whole or not at all.',
    examples: [
      [
        'lobtrader import --format binance --instrument instrument.json day1.gz day2.gz --store ./store --verify --fix-clock',
        'two Binance captures that follow one another, checked against the best prices in them',
      ],
      [
        'lobtrader import --format cryptofeed BITSTAMP.ws.1.0.gz BITSTAMP.http.0.0.gz --store ./store --symbol btcusd',
        'one symbol of a capture of many, its messages joined with the snapshots beside them',
      ],
      [
        'lobtrader import --format lobster AAPL_2012-06-21_34200000_57600000_message_1.csv AAPL_2012-06-21_34200000_57600000_orderbook_1.csv --store ./store --json',
        'a LOBSTER pair, for a script',
      ],
      [
        'lobtrader import --format csv ticks.csv --store ./store --symbol EURUSD --column time=stamp --time-unit ms',
        'a table of any source; usual names of columns are found by themselves',
      ],
    ],
    no: 'something compared was not equal (--verify, checksums); the import is kept',
  })
    .argument('<files...>', 'files to read, in time order')
    .requiredOption('--format <name>', IMPORT_FORMATS.map(({ name }) => name).join(', '))
    .requiredOption('--store <dir>', 'folder of the store; made when it is absent')
    .option(
      '--instrument <file>',
      'JSON with tick size, lot size and kind; some formats have it in their files',
    )
    .option('--verify', "compare our book with the venue's own best prices wherever both are given")
    .option(
      '--fix-clock',
      'where a feed latency is below 0, shift receive times so that the smallest is 0.5 ms',
    )
    .option('--append', 'go on with days that the store has instead of replacing them')
    .option('--date <day>', 'day of the data (2012-06-21), where file names do not tell')
    .option(
      '--tz <zone>',
      'time zone of wall-clock times; defaults: lobster and itch50 America/New_York, ctp Asia/Shanghai, csv UTC',
    )
    .option('--venue <name>', "venue in the store; default: the instrument's")
    .option(
      '--symbol <name>',
      'of a capture of many symbols: import this one (may be given many times); else the name in the store',
      collect,
    )
    .option(
      '--kind <kind>',
      `kind of the instrument where no file tells: ${INSTRUMENT_KINDS.join(', ')}`,
    )
    .option('--definition <file>', 'DBN: file of instrument definitions that gives the grids')
    .addHelpText('after', `\nFormats:\n${formats.join('\n')}`)
  addCsvOptions(command)
  return {
    command,
    isInterruptible: true,
    action: async (context) => await runImport(command, context),
  }
}

/** Options of tables of any source. */
function addCsvOptions(command: Command): void {
  command
    .option(
      '--column <name=column>',
      'CSV: column (header, or place from 0) of time, price, bid_price_1 ...; may be given many times',
      collect,
    )
    .option(
      '--rows <what>',
      'CSV: trades, quotes, levels, snapshots or orders; default: by the columns',
    )
    .option('--time-unit <unit>', 'CSV: s, ms, us, ns or iso; default: by the first row')
    .option('--side <words>', 'CSV: words of the sides, such as buy=B,sell=S')
    .option('--separator <sign>', 'CSV: sign between columns, or tab; default: by the first line')
    .option('--no-header', 'CSV: the first line is a row')
}

async function runImport(command: Command, { terminal, signal }: CommandContext): Promise<Answer> {
  const { tz, symbol, column, rows, timeUnit, side, separator, header, ...options } =
    command.opts<ImportOptions>()
  const line = new ImportProgressLine(terminal)
  try {
    const result = await importCapture({
      ...options,
      files: command.args,
      timeZone: tz,
      symbols: symbol,
      columns: columnMap(column),
      ...(header && [rows, timeUnit, side, separator].every((value) => value === undefined)
        ? {}
        : { csv: { rows, timeUnit, sides: side, separator, header } }),
      onProgress: (progress) => {
        // The import undoes itself when its caller throws.
        signal.throwIfAborted()
        line.update(progress)
      },
    })
    line.finish()
    for (const warning of result.warnings) {
      terminal.err(`lobtrader import: warning: ${warning}\n`)
    }
    const checks = [result.verify, result.transitions, result.checksums]
    const isEqual = checks.every((check) => check === undefined || check.compared === check.equal)
    return {
      json: importResultJson(result),
      text: `${importResultText({ ...result, warnings: [] })}\n`,
      exitCode: isEqual ? 0 : 1,
    }
  } finally {
    line.finish()
  }
}

/** Reads `NAME=COLUMN` of each `--column`. @throws LobtraderError BAD_ARGUMENT */
function columnMap(
  pairs: readonly string[] | undefined,
): Readonly<Record<string, string>> | undefined {
  if (pairs === undefined) return undefined
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at > 0 && at < pair.length - 1) return [pair.slice(0, at), pair.slice(at + 1)]
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `--column takes NAME=COLUMN such as price=px or price=3, not "${pair}"`,
        { option: '--column' },
      )
    }),
  )
}
