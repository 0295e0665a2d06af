/**
 * The two kinds of failure.
 *
 * {@link LobtraderError} is an operating error: expected, typed, handled, told to the user in one
 * sentence. {@link InvariantError} is a programmer error: never caught, the process stops.
 */

/** Every code that a {@link LobtraderError} can carry; each has a row in `docs/errors.md`. */
export const ERROR_CODES = [
  'ABSENT_FILE',
  'ABSENT_SNAPSHOT',
  'ABSENT_SYMBOL',
  'AMBIGUOUS_SYMBOL',
  'BAD_ARGUMENT',
  'BAD_DECIMAL',
  'BAD_DURATION',
  'BAD_FIELD',
  'BAD_INSTANT',
  'BAD_INSTRUMENT',
  'BAD_JSON',
  'BAD_MODULE',
  'BAD_PARAMETER',
  'BAD_QUERY',
  'BOOK_NOT_LIVE',
  'CORRUPT_FILE',
  'NEGATIVE',
  'NOT_FINITE',
  'OFF_GRID',
  'OUT_OF_RANGE',
  'SEQUENCE_GAP',
  'STORE_CONFLICT',
  'TIME_BACKWARDS',
  'TOO_FEW_ROWS',
  'TRUNCATED_FILE',
  'UNKNOWN_FORMAT',
  'UNKNOWN_PARAMETER',
  'UNKNOWN_STRATEGY',
  'UNSUPPORTED',
  'WRITE_FAILED',
] as const

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number]

/** Plain facts beside an error message: the value, the limit, the nearest name. */
export type ErrorContext = Readonly<Record<string, string | number>>

/** An expected failure with a stable code; the message says the rule, the value and the place. */
export class LobtraderError extends Error {
  override name = 'LobtraderError'
  readonly code: ErrorCode
  readonly context: ErrorContext

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(`${code}: ${message}`)
    this.code = code
    this.context = context
  }
}

/** Where in the input a {@link DataError} was found. Lines and rows count from 1. */
export interface DataPlace {
  readonly file?: string
  readonly line?: number
  readonly row?: number
  readonly offset?: number
  readonly field?: string
  readonly value?: string | number
}

/** A failure in input data: names file, line or offset, field and value. */
export class DataError extends LobtraderError {
  override name = 'DataError'
  readonly file: string | undefined
  readonly line: number | undefined
  readonly row: number | undefined
  readonly offset: number | undefined
  readonly field: string | undefined
  readonly value: string | number | undefined

  /**
   * @param message what is wrong and what was expected; the place is put in front of it
   */
  constructor(code: ErrorCode, message: string, place: DataPlace) {
    const at = [
      place.file,
      place.line === undefined ? undefined : `line ${place.line}`,
      place.row === undefined ? undefined : `row ${place.row}`,
      place.offset === undefined ? undefined : `offset ${place.offset}`,
      place.field === undefined ? undefined : `field ${place.field}`,
    ].filter((part) => part !== undefined)
    const context = Object.fromEntries(
      Object.entries(place).filter(
        (entry): entry is [string, string | number] => entry[1] !== undefined,
      ),
    )
    super(code, at.length === 0 ? message : `${at.join(' ')}: ${message}`, context)
    this.file = place.file
    this.line = place.line
    this.row = place.row
    this.offset = place.offset
    this.field = place.field
    this.value = place.value
  }
}

/** A broken promise inside our own code. */
export class InvariantError extends Error {
  override name = 'InvariantError'
}

/**
 * Checks a promise that only a bug in this library can break.
 *
 * @throws InvariantError when `condition` is false
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

/** Makes a `switch` over a closed union exhaustive at compile time. */
export function ensureNever(value: never): never {
  throw new InvariantError(`unreachable: ${String(value)}`)
}
