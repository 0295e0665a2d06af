/** How refused values are told. */
import { DataError, type DataPlace, type LobtraderError } from '../../core/index.ts'

/** Returns `error` as a `DataError` at `place`, with its code and sentence kept. */
export function placedError(error: LobtraderError, place: DataPlace): DataError {
  return new DataError(error.code, error.message.slice(error.code.length + 2), place)
}

/**
 * Returns the error with its files, where it names none: a row that only the store refused.
 *
 * The row is then one of what the import wrote, not of what it read.
 */
export function withFiles<Thrown>(error: Thrown, files: readonly string[]): Thrown | DataError {
  if (!(error instanceof DataError) || error.file !== undefined) return error
  const { line, row, offset, field, value } = error
  const place = { row, line, offset, field }
  const known = Object.values(place).some((part) => part !== undefined)
  const text = error.message.slice(error.code.length + 2)
  const message = known ? text.slice(text.indexOf(': ') + 2) : text
  return new DataError(error.code, message, {
    file: files.join(', '),
    ...(line === undefined ? {} : { line }),
    ...(row === undefined ? {} : { row }),
    ...(offset === undefined ? {} : { offset }),
    ...(field === undefined ? {} : { field }),
    ...(value === undefined ? {} : { value }),
  })
}

/** Returns a short text for a value from outside, safe to print. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'absent'
  if (typeof value === 'string') return shownText(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object'
}

/** Returns the start of a text in quotes, control characters escaped. */
export function shownText(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)
}
