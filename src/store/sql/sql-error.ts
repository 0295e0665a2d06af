/** Turns what the SQL engine says into one sentence that names the place in the query. */
import { LobtraderError, didYouMean } from '../../core/index.ts'

/** What DuckDB tells of a failure when it is asked for JSON. */
interface EngineFailure {
  readonly exception_type?: string
  readonly exception_message?: string
  readonly error_subtype?: string
  /** Bytes before the place, counted in UTF-8. */
  readonly position?: string
  readonly name?: string
  readonly type?: string
  readonly candidates?: string
}

/** Names that a query may have meant. */
export interface KnownNames {
  readonly views: readonly string[]
  readonly columns: readonly string[]
  /** The limit that the query ran under, as it was given. */
  readonly memory: string | undefined
}

/** Returns the error to throw for a failure of the engine; other errors are returned as they are. */
export function sqlError(error: unknown, sql: string, known: KnownNames): unknown {
  if (!(error instanceof Error) || error instanceof LobtraderError) return error
  const failure = parseFailure(error.message)
  if (failure === undefined) return error
  const place = placeOf(sql, failure.position)
  const at = place === undefined ? '' : `line ${place.line} column ${place.column}: `
  return new LobtraderError('BAD_QUERY', at + sentence(failure, known), { ...place })
}

function parseFailure(message: string): EngineFailure | undefined {
  const from = message.indexOf('{"exception_type"')
  if (from >= 0) {
    try {
      return JSON.parse(message.slice(from)) as EngineFailure
    } catch {
      // The message was cut; its text is told as it stands.
    }
  }
  const match = /^([A-Z][A-Za-z ]*) Error: ([^]*)$/.exec(message)
  if (match === null) return undefined
  return { exception_type: match[1]!, exception_message: match[2]! }
}

function placeOf(
  sql: string,
  position: string | undefined,
): { readonly line: number; readonly column: number } | undefined {
  if (position === undefined) return undefined
  const before = Buffer.from(sql).subarray(0, Number(position)).toString()
  const lines = before.split('\n')
  return { line: lines.length, column: lines[lines.length - 1]!.length + 1 }
}

const NOTHING_ELSE =
  'a query reads the views of the store and nothing else: no files, no network, no extensions'

function sentence(failure: EngineFailure, known: KnownNames): string {
  const { exception_type: type, error_subtype: subtype, name = '' } = failure
  const candidates = (failure.candidates ?? '').split(',').filter((text) => text !== '')
  if (subtype === 'COLUMN_NOT_FOUND') {
    const columns = candidates.map((text) => text.slice(text.lastIndexOf('.') + 1))
    return `there is no column "${name}"${didYouMean(name, [...known.columns, ...columns])}`
  }
  if (subtype === 'MISSING_ENTRY' && failure.type === 'Table') {
    // A text in the place of a view would be a file.
    if (/[^\w]/.test(name)) return NOTHING_ELSE
    return `there is no view "${name}"${didYouMean(name, known.views)} (views: ${known.views.join(', ')})`
  }
  if (subtype === 'MISSING_ENTRY') {
    const what = (failure.type ?? 'entry').toLowerCase()
    return `there is no ${what} "${name}"${didYouMean(name, candidates)}`
  }
  if (type === 'Permission') {
    return NOTHING_ELSE
  }
  if (type === 'Out of Memory') {
    const limit = known.memory === undefined ? 'is there' : `--memory ${known.memory} allows`
    return `the query needs more memory than ${limit}; raise it, or ask for fewer rows or columns`
  }
  return firstLine(failure.exception_message ?? '')
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.trim()
}
