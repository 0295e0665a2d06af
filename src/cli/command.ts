/** What all commands share: how they are declared, and how their answers leave. */
import { Command, Option } from 'commander'
import { withoutControls, type Terminal } from './terminal.ts'

/** What a command answers; the program prints one of the two forms. */
export interface Answer {
  /** The document of `--json`; `bigint` leaves as text, NaN as null. */
  readonly json: unknown
  /** The same for people, ending in a line feed. */
  readonly text: string
  /** The chosen form in pieces, in place of `json` and `text`: for answers too large to hold. */
  readonly pieces?: AsyncIterable<string>
  /** Default: 0. */
  readonly exitCode?: number
}

/** What a command is given beside its options. */
export interface CommandContext {
  readonly terminal: Terminal
  /** True when the answer leaves as JSON. */
  readonly json: boolean
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal
}

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: true
  readonly debug?: true
}

/** Does the work of a command. */
export type CommandAction = (context: CommandContext, command: Command) => Promise<Answer>

/** A command: how it is called, and what it does. */
export interface CommandEntry {
  readonly command: Command
  readonly action: CommandAction
  /** True when the action heeds the signal of its context; others end as the system ends them. */
  readonly isInterruptible?: boolean
}

/** The texts around a command's options in its help. */
export interface CommandHelp {
  readonly name: string
  readonly description: string
  /** Complete command lines, each with what it is for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[]
  /** What exit code 1 means, where the command can answer no. */
  readonly no?: string
}

/** Makes a command with the options that all commands share. */
export function makeCommand(help: CommandHelp): Command {
  const examples = help.examples.map(([line, purpose]) => `  # ${purpose}\n  $ ${line}`)
  const codes = [
    '0 done',
    ...(help.no === undefined ? [] : [`1 ${help.no}`]),
    '2 the input was wrong',
    '70 a fault of lobtrader',
    '130 interrupted',
  ]
  return new Command(help.name)
    .description(help.description)
    .addOption(new Option('--json', 'print one JSON document on stdout, all else on stderr'))
    .addOption(new Option('--debug', 'print the stack trace of a failure'))
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      `\nExamples:\n${examples.join('\n')}\n\nExit codes:\n  ${codes.join('\n  ')}`,
    )
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value]
}

/** Returns the text form of an answer, safe for a terminal. */
export function answerText(answer: Answer): string {
  return withoutControls(answer.text)
}
