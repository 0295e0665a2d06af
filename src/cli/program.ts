/** The command line as a whole: finds the command, runs it, prints its answer or its failure. */
import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import {
  answerText,
  type Answer,
  type CommandContext,
  type CommandEntry,
  type CommonOptions,
} from './command.ts'
import { commandEntries } from './commands.ts'
import { EXIT, Interrupted, failureOf } from './failure.ts'
import { jsonLine } from './json.ts'
import { withQuietStdout, withoutControls, type Terminal } from './terminal.ts'

const DOCUMENTS_SHOWN = new Set(['commander.helpDisplayed', 'commander.version'])

/** Returns the version of this package. */
export function packageVersion(): string {
  const path = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

/**
 * Runs one command line and returns the exit code; never throws.
 *
 * @param args what stands behind `lobtrader`
 */
export async function runProgram(
  args: readonly string[],
  terminal: Terminal,
  entries: readonly CommandEntry[] = commandEntries(),
): Promise<number> {
  let exitCode: number = EXIT.done
  const program = makeProgram(terminal)
  for (const entry of entries) {
    entry.command.copyInheritedSettings(program)
    entry.command.action(async () => {
      exitCode = await runEntry(entry, terminal)
    })
    program.addCommand(entry.command)
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    return tellFailure(error, args, { terminal, entries })
  }
}

function makeProgram(terminal: Terminal): Command {
  return new Command('lobtrader')
    .description(
      'Backtests strategies on limit order books: nanosecond time, queue positions, honest fills.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      // Failures are told in one place, below.
      outputError: () => undefined,
    })
    .addHelpText(
      'after',
      '\nlobtrader COMMAND --help tells everything about a command, with examples.\n' +
        'Durations carry a unit (250us, 100ms, 1s); moments are ISO 8601 (2024-08-08T23:55Z).',
    )
}

async function runEntry(entry: CommandEntry, terminal: Terminal): Promise<number> {
  const { json } = entry.command.opts<CommonOptions>()
  const interrupt = new AbortController()
  const context: CommandContext = { terminal, json: json === true, signal: interrupt.signal }
  const onInterrupt = (): void => interrupt.abort(new Interrupted())
  if (entry.isInterruptible === true) process.once('SIGINT', onInterrupt)
  try {
    const work = (): Promise<Answer> => entry.action(context, entry.command)
    const answer = context.json ? await withQuietStdout(work) : await work()
    if (answer.pieces === undefined) {
      terminal.out(context.json ? jsonLine(answer.json) : answerText(answer))
    } else {
      for await (const piece of answer.pieces) terminal.out(piece)
    }
    return answer.exitCode ?? EXIT.done
  } finally {
    process.removeListener('SIGINT', onInterrupt)
  }
}

function tellFailure(
  error: unknown,
  args: readonly string[],
  where: { readonly terminal: Terminal; readonly entries: readonly CommandEntry[] },
): number {
  const { terminal } = where
  const failure = failureOf(error)
  if (DOCUMENTS_SHOWN.has(failure.source ?? '')) return EXIT.done
  // Without a command commander has printed the help already.
  if (failure.source === 'commander.help') return EXIT.wrongInput
  const name = where.entries.map((entry) => entry.command.name()).find((known) => args[0] === known)
  const speaker = name === undefined ? 'lobtrader' : `lobtrader ${name}`
  terminal.err(`${speaker}: ${withoutControls(failure.message)}\n`)
  if (args.includes('--debug') && error instanceof Error) {
    terminal.err(`${withoutControls(error.stack ?? '')}\n`)
  }
  if (args.includes('--json')) {
    const { code, message, context } = failure
    terminal.out(jsonLine({ error: { code, message: withoutControls(message), context } }))
  }
  return failure.exitCode
}
