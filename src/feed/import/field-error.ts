/** How refused values are told. */
import { DataError, LobtraderError, type DataPlace } from '../../core/index.ts'

/** Returns `error` as a `DataError` at `place`, with its code and sentence kept. */
export function placedError(error: LobtraderError, place: DataPlace): DataError {
  return new DataError(error.code, error.message.slice(error.code.length + 2), place)
}

/** Returns a short text for a value from outside, safe to print. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'absent'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? shownText(value) : String(value)
}

/** Returns the start of a text in quotes, control characters escaped. */
export function shownText(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)
}
