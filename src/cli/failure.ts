/** Turns whatever was thrown into one sentence and an exit code. */
import { LobtraderError } from '../core/index.ts'
import { CommanderError } from 'commander'

/** What the process tells its caller. */
export const EXIT = {
  done: 0,
  /** The question was answered, and the answer is no. */
  no: 1,
  wrongInput: 2,
  /** A fault of ours; `EX_SOFTWARE` of BSD's sysexits.h. */
  software: 70,
  interrupted: 130,
} as const

/** A failure as it is told. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly context: Readonly<Record<string, string | number>>
  readonly exitCode: number
  /** Which rule of the command line was broken, in commander's words. */
  readonly source?: string
}

/** Ends a command on a signal; whatever was finished before stays. */
export class Interrupted extends Error {
  override name = 'Interrupted'
}

/** Returns how to tell of an error. */
export function failureOf(error: unknown): Failure {
  if (error instanceof LobtraderError) {
    return {
      code: error.code,
      message: withoutCode(error),
      context: error.context,
      exitCode: EXIT.wrongInput,
    }
  }
  if (error instanceof CommanderError) {
    return {
      code: 'BAD_ARGUMENT',
      message: usage(error),
      context: {},
      exitCode: EXIT.wrongInput,
      source: error.code,
    }
  }
  if (error instanceof Interrupted) {
    return {
      code: 'INTERRUPTED',
      message: 'interrupted; what was finished before is kept',
      context: {},
      exitCode: EXIT.interrupted,
    }
  }
  if (isSystemError(error)) {
    const code = READ_FAILURES.has(error.code) ? 'ABSENT_FILE' : 'WRITE_FAILED'
    return { code, message: error.message, context: {}, exitCode: EXIT.wrongInput }
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return {
    code: 'INTERNAL',
    message: `${what.split('\n')[0]!} (a fault of lobtrader; please report it with what --debug prints)`,
    context: {},
    exitCode: EXIT.software,
  }
}

/** What the operating system says of a path that cannot be read; all else is about writing. */
const READ_FAILURES = new Set(['EACCES', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'ENOENT', 'ENOTDIR'])

/** An answer of the operating system about a path that the user has named. */
function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof Error &&
    'syscall' in error &&
    'code' in error &&
    typeof error.code === 'string'
  )
}

function withoutCode(error: LobtraderError): string {
  const prefix = `${error.code}: `
  return error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message
}

/** Commander's `error: unknown option '--x'\n(Did you mean --y?)` in our own form. */
function usage(error: CommanderError): string {
  return error.message
    .replace(/^error: /, '')
    .replace(/\s*\(Did you mean (?:one of )?(.+?)\?\)\s*$/s, '; did you mean $1?')
    .replaceAll("'", '"')
}
