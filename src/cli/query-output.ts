/** The three forms in which the rows of a query leave: JSON, CSV and a table for people. */
import type { ResultColumn, SqlResult, SqlValue } from '../store/index.ts'
import { grouped, textTable } from './table.ts'
import { withoutControls } from './terminal.ts'

/** Yields one JSON array of row objects, ending in a line feed. */
export async function* jsonPieces({ columns, batches }: SqlResult): AsyncGenerator<string, void> {
  const names = columns.map(({ name }) => JSON.stringify(name))
  let lead = '['
  for await (const rows of batches) {
    const parts: string[] = []
    for (const row of rows) {
      const cells = row.map((value, i) => `${names[i]!}:${JSON.stringify(value)}`)
      parts.push(`${lead}{${cells.join(',')}}`)
      lead = ','
    }
    yield parts.join('')
  }
  yield lead === '[' ? '[]\n' : ']\n'
}

/** Yields CSV with a heading line (RFC 4180, line feeds); NULL is an empty cell. */
export async function* csvPieces({ columns, batches }: SqlResult): AsyncGenerator<string, void> {
  yield `${columns.map(({ name }) => csvCell(name)).join(',')}\n`
  for await (const rows of batches) {
    yield rows.map((row) => `${row.map(csvCell).join(',')}\n`).join('')
  }
}

/** Text that a spreadsheet would take for a formula gets a quote in front. */
function csvCell(value: SqlValue): string {
  if (value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = plainText(value)
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(text)
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Yields a table of the first rows, and a note when there are more; a plan as it was drawn. */
export async function* tablePieces(
  { columns, batches }: SqlResult,
  limit: number,
): AsyncGenerator<string, void> {
  const shown: (readonly SqlValue[])[] = []
  let hasMore = false
  for await (const rows of batches) {
    for (const row of rows) {
      if (shown.length < limit) shown.push(row)
      else hasMore = true
    }
    if (hasMore) break
  }
  if (columns[0]?.name === 'explain_key') {
    yield shown.map((row) => `${plainText(row[1] ?? null).trimEnd()}\n`).join('')
    return
  }
  const headings = columns.map((column) => ({
    heading: withoutControls(column.name),
    isNumber: isNumeric(column),
  }))
  yield textTable(
    headings,
    shown.map((row) => row.map(tableCell)),
  )
  if (hasMore) {
    yield `the first ${grouped(limit)} rows; --limit 0 shows all, --csv and --json give all to a script\n`
  } else if (shown.length === 0) yield 'no rows\n'
}

function tableCell(value: SqlValue): string {
  if (value === null) return 'NULL'
  const text = plainText(value)
  return withoutControls(text.replaceAll('\n', '\\n').replaceAll('\t', '\\t'))
}

function plainText(value: SqlValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isNumeric({ type }: ResultColumn): boolean {
  return /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|U?INTEGER|DOUBLE|FLOAT|DECIMAL\b.*)$/.test(
    type,
  )
}
