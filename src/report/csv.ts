/** Tables as RFC 4180 text. */
import { decimalText } from '../core/index.ts'

/** A column of a table: its heading, and the cell of a row. */
export type CsvColumn = readonly [heading: string, cell: (row: number) => string]

const ROWS_A_PIECE = 4096

/** Yields the text of a table in pieces: the heading, then rows. */
export function* csvText(columns: readonly CsvColumn[], rows: number): Generator<string> {
  yield `${columns.map(([heading]) => csvCell(heading)).join(',')}\n`
  for (let from = 0; from < rows; from += ROWS_A_PIECE) {
    const lines: string[] = []
    for (let row = from; row < Math.min(from + ROWS_A_PIECE, rows); row++) {
      lines.push(columns.map(([, cell]) => cell(row)).join(','))
    }
    yield `${lines.join('\n')}\n`
  }
}

/** Returns the shortest decimal that reads back as `value`, never with an exponent; NaN is empty. */
export function csvNumber(value: number): string {
  return Number.isFinite(value) ? decimalText(value) : ''
}

/**
 * Returns text as a cell. A text that a spreadsheet would run as a formula gets a quote in front.
 *
 * @source OWASP, "CSV Injection": cells that begin with = + - @, tab or carriage return
 */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
