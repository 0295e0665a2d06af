/** `lobtrader verify`: how far files or a store can be trusted. */
import { statSync } from 'node:fs'
import type { Command } from 'commander'
import { LobtraderError } from '../core/index.ts'
import {
  IMPORT_FORMATS,
  qualityJson,
  verifyFiles,
  verifyStore,
  type QualityReport,
} from '../feed/index.ts'
import {
  collect,
  makeCommand,
  type Answer,
  type CommandContext,
  type CommandEntry,
} from './command.ts'
import { writeQualityPage } from '../report/index.ts'
import { EXIT } from './failure.ts'
import { ImportProgressLine } from './progress-line.ts'
import { qualityText } from './verify-text.ts'

interface VerifyOptions {
  readonly format?: string
  readonly instrument?: string
  readonly fixClock?: true
  readonly date?: string
  readonly tz?: string
  readonly kind?: string
  readonly venue?: string
  readonly symbol?: readonly string[]
  readonly day?: string
  readonly from?: string
  readonly to?: string
  readonly html?: string
}

/** Options that make sense for one of the two only. */
const OF_FILES = ['format', 'instrument', 'fixClock', 'date', 'tz', 'kind'] as const
const OF_STORE = ['day', 'from', 'to'] as const

/** The command. */
export function verifyCommand(): CommandEntry {
  const command = makeCommand({
    name: 'verify',
    description:
      'Check a store, or captured files before they are imported: gaps, crossed books, clocks, latency, bad rows, prices off the tick, trades that came twice, quiet spans. Nothing is written but the report.',
    examples: [
      ['lobtrader verify ./store', 'everything in a store'],
      [
        'lobtrader verify ./store --symbol BTCUSDT --day 2024-08-08 --json',
        'one day of one symbol, for a script',
      ],
      [
        'lobtrader verify capture.gz --instrument instrument.json',
        'a file, its format told by its beginning',
      ],
    ],
    no: 'the data would bias a backtest; the reasons say how',
  })
    .argument('<store|files...>', 'folder of a store, or files in time order')
    .option('--html <file>', 'write the report as one page with charts')
    .option(
      '--format <name>',
      `of files, where their beginning does not tell: ${IMPORT_FORMATS.map(({ name }) => name).join(', ')}`,
    )
    .option('--instrument <file>', 'of files: JSON with tick size, lot size and kind')
    .option('--fix-clock', 'of files: judge them as an import with --fix-clock would store them')
    .option('--date <day>', 'of files: day of the data, where names do not tell')
    .option('--tz <zone>', 'of files: time zone of the data')
    .option('--kind <kind>', 'of files: kind of the instrument where no file tells')
    .option('--symbol <name>', 'only this one; of files it may be given many times', collect)
    .option('--venue <name>', 'of a store: only this venue; of files: name of the venue')
    .option('--day <day>', 'of a store: only this UTC day (2024-08-08)')
    .option('--from <moment>', 'of a store: judge rows from here (ISO 8601, UTC unless it says)')
    .option('--to <moment>', 'of a store: judge rows up to here, inclusive')
  return {
    command,
    isInterruptible: true,
    action: async (context) => await verify(command, context),
  }
}

async function verify(command: Command, context: CommandContext): Promise<Answer> {
  const options = command.opts<VerifyOptions>()
  const report = await check(command.args, options, context)
  for (const warning of report.warnings) {
    context.terminal.err(`lobtrader verify: note: ${warning}\n`)
  }
  const page = options.html === undefined ? undefined : await writeQualityPage(report, options.html)
  return {
    json: { ...qualityJson(report), ...(page === undefined ? {} : { html: page }) },
    text: qualityText(report) + (page === undefined ? '' : `\npage  ${page}\n`),
    exitCode: report.verdict === 'ok' ? EXIT.done : EXIT.no,
  }
}

async function check(
  paths: readonly string[],
  options: VerifyOptions,
  { terminal, signal }: CommandContext,
): Promise<QualityReport> {
  const first = paths[0]!
  if (statSync(first, { throwIfNoEntry: false })?.isDirectory() === true) {
    if (paths.length > 1) {
      throw wrong('a store is checked alone; give one folder, or files')
    }
    refuseOthers(options, OF_FILES, `${first} is a store`)
    const { symbol = [], venue, day, from, to } = options
    if (symbol.length > 1) throw wrong('a store is checked for one --symbol or for all')
    return verifyStore(first, {
      symbol: symbol[0],
      venue,
      day,
      from,
      to,
      onPartition: () => signal.throwIfAborted(),
    })
  }
  refuseOthers(options, OF_STORE, `${first} is no store`)
  const { tz, symbol, html: _html, ...rest } = options
  const line = new ImportProgressLine(terminal)
  try {
    return await verifyFiles({
      ...rest,
      files: paths,
      timeZone: tz,
      symbols: symbol,
      onProgress: (progress) => {
        signal.throwIfAborted()
        line.update(progress)
      },
    })
  } finally {
    line.finish()
  }
}

function refuseOthers(
  options: VerifyOptions,
  names: readonly (keyof VerifyOptions)[],
  why: string,
): void {
  const given = names.find((name) => options[name] !== undefined)
  if (given === undefined) return
  const flag = `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  throw wrong(`${flag} means nothing here: ${why}`)
}

function wrong(message: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', message)
}
