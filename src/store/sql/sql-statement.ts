/** Looks at a query before it runs: a query reads, whatever else SQL can do. */
import { LobtraderError } from '../../core/index.ts'

const READING = new Set([
  'select',
  'with',
  'from',
  'values',
  'table',
  'describe',
  'desc',
  'show',
  'summarize',
  'pivot',
  'unpivot',
])

/**
 * Refuses a text that does not begin as a query does; `EXPLAIN` may stand before one.
 *
 * @throws LobtraderError BAD_QUERY
 */
export function requireReading(sql: string): void {
  const first = firstWord(sql)
  if (first.word === '') throw new LobtraderError('BAD_QUERY', 'the query is empty')
  if (READING.has(first.word)) return
  if (first.word === 'explain') {
    requireReading(explained(sql.slice(first.end)))
    return
  }
  if (!/^[a-z]/.test(first.word)) return
  if (!WRITING.has(first.word)) return
  throw new LobtraderError(
    'BAD_QUERY',
    `a query only reads: ${first.word.toUpperCase()} is refused (it begins with SELECT, FROM, WITH, VALUES, DESCRIBE, SUMMARIZE, SHOW, PIVOT or EXPLAIN)`,
    { statement: first.word },
  )
}

/** Words that begin every other statement that the engine knows; the rest are misspelt. */
const WRITING = new Set(
  (
    'alter analyze attach begin call checkpoint comment commit copy create deallocate delete ' +
    'detach drop execute export force import insert install load merge pragma prepare refresh ' +
    'reset rollback set start transaction truncate update use vacuum abort explain end'
  ).split(' '),
)

/** Returns what stands behind the options of EXPLAIN: `ANALYZE`, or a list in parentheses. */
function explained(text: string): string {
  const options = /^\s*(?:analyze\b|\(\s*(?:analyze|format|verbose)\b[^)]*\))/i.exec(text)
  return options === null ? text : explained(text.slice(options[0].length))
}

/** Returns the first word of a text in lower case, behind blanks, comments and parentheses. */
function firstWord(sql: string): { readonly word: string; readonly end: number } {
  let at = 0
  for (;;) {
    const rest = sql.slice(at)
    const skipped = /^(?:[\s(;]+|--[^\n]*(?:\n|$)|\/\*[^]*?(?:\*\/|$))/.exec(rest)
    if (skipped === null) break
    at += skipped[0].length
  }
  const word = /^(?:[A-Za-z_]+|[^]?)/.exec(sql.slice(at))![0]
  return { word: word.toLowerCase(), end: at + word.length }
}
