/** Turns a refused value into a `DataError` that names its place. */
import { DataError, LobtraderError, type DataPlace } from '../../core/index.ts'

/** Returns `error` as a `DataError` at `place`, with its code and sentence kept. */
export function placedError(error: LobtraderError, place: DataPlace): DataError {
  return new DataError(error.code, error.message.slice(error.code.length + 2), place)
}
