/** `lobtrader import`: vendor files into a store. */
import { IMPORT_FORMATS, importCapture, importResultJson, importResultText } from '../feed/index.ts'
import { makeCommand, type CommandEntry } from './command.ts'
import { ImportProgressLine } from './progress-line.ts'

interface ImportOptions {
  readonly format: string
  readonly store: string
  readonly instrument?: string
  readonly verify?: true
  readonly fixClock?: true
  readonly date?: string
  readonly tz?: string
  readonly venue?: string
  readonly symbol?: string
}

/** The command. */
export function importCommand(): CommandEntry {
  const formats = IMPORT_FORMATS.map(({ name, description }) => `  ${name}: ${description}`)
  const command = makeCommand({
    name: 'import',
    description:
      'Read captured market data into a store. Files are gzip, zstd or plain, told by content; several files in time order are one stream. An import appears whole or not at all.',
    examples: [
      [
        'lobtrader import --format binance --instrument instrument.json day1.gz day2.gz --store ./store --verify --fix-clock',
        'two Binance captures that follow one another, checked against the best prices in them',
      ],
      [
        'lobtrader import --format lobster AAPL_2012-06-21_34200000_57600000_message_1.csv AAPL_2012-06-21_34200000_57600000_orderbook_1.csv --store ./store --json',
        'a LOBSTER pair, for a script',
      ],
    ],
    no: 'with --verify: something compared was not equal; the import is kept',
  })
    .argument('<files...>', 'files to read, in time order')
    .requiredOption('--format <name>', IMPORT_FORMATS.map(({ name }) => name).join(', '))
    .requiredOption('--store <dir>', 'folder of the store; made when it is absent')
    .option('--instrument <file>', 'JSON with tick size, lot size and kind; LOBSTER has a default')
    .option('--verify', "compare our book with the venue's own best prices wherever both are given")
    .option('--fix-clock', 'shift receive times so that the smallest feed latency is 0.5 ms')
    .option('--date <day>', 'day of the data (2012-06-21), where file names do not tell')
    .option('--tz <zone>', 'time zone of the data; default for LOBSTER: America/New_York')
    .option('--venue <name>', "venue in the store; default: the instrument's")
    .option('--symbol <name>', "symbol in the store; default: the instrument's")
    .addHelpText('after', `\nFormats:\n${formats.join('\n')}`)
  return {
    command,
    isInterruptible: true,
    action: async ({ terminal, signal }) => {
      const { tz, ...options } = command.opts<ImportOptions>()
      const line = new ImportProgressLine(terminal)
      try {
        const result = await importCapture({
          ...options,
          files: command.args,
          timeZone: tz,
          onProgress: (progress) => {
            // The import undoes itself when its caller throws.
            signal.throwIfAborted()
            line.update(progress)
          },
        })
        line.finish()
        for (const warning of result.warnings)
          terminal.err(`lobtrader import: warning: ${warning}\n`)
        const checks = [result.verify, result.transitions].filter((check) => check !== undefined)
        const isEqual = checks.every(({ compared, equal }) => compared === equal)
        return {
          json: importResultJson(result),
          text: `${importResultText({ ...result, warnings: [] })}\n`,
          exitCode: isEqual ? 0 : 1,
        }
      } finally {
        line.finish()
      }
    },
  }
}
