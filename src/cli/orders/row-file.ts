/** A small CSV file, plain or gzip, read whole; every complaint names file, line, field and value. */
import { gunzipSync } from 'node:zlib'
import { DataError, didYouMean, type ErrorCode } from '../../core/index.ts'
import { readNamedFile } from '../option-file.ts'

/** One row; cells are read by the name of their column. */
export class FileRow {
  readonly file: string
  readonly line: number
  readonly #cells: readonly string[]
  readonly #columns: ReadonlyMap<string, number>

  constructor(
    place: { readonly file: string; readonly line: number },
    cells: readonly string[],
    columns: ReadonlyMap<string, number>,
  ) {
    this.file = place.file
    this.line = place.line
    this.#cells = cells
    this.#columns = columns
  }

  /** True when the file has that column. */
  has(field: string): boolean {
    return this.#columns.has(field)
  }

  text(field: string): string {
    return this.#cells[this.#columns.get(field)!]!
  }

  /** Returns an error about a field of this row; `expected` ends the sentence. */
  bad(field: string, expected: string, code: ErrorCode = 'BAD_FIELD'): DataError {
    const value = this.text(field)
    const { file, line } = this
    return new DataError(code, `"${value}" ${expected}`, { file, line, field, value })
  }

  /** Reads a whole number. @throws DataError BAD_FIELD when it is none, or outside [least, most] */
  integer(field: string, least: number, most: number): number {
    const text = this.text(field)
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    throw this.bad(field, `is not a whole number from ${least} to ${most}`)
  }

  /** Reads Unix nanoseconds, 0 or more. @throws DataError BAD_FIELD */
  time(field: string): bigint {
    const text = this.text(field)
    if (/^\d{1,19}$/.test(text)) return BigInt(text)
    throw this.bad(field, 'is not a whole number of Unix nanoseconds')
  }

  /** Reads one of some words. @throws DataError BAD_FIELD listing them */
  word<T>(field: string, words: Readonly<Record<string, T>>): T {
    const text = this.text(field)
    if (Object.hasOwn(words, text)) return words[text]!
    throw this.bad(field, `is none of ${Object.keys(words).join(', ')}`)
  }
}

/**
 * Reads a file with a header.
 *
 * @param required columns that must be there; further ones may be
 * @throws DataError BAD_FIELD, TOO_FEW_ROWS or TRUNCATED_FILE; system errors of reading as they are
 */
export function readRowFile(file: string, required: readonly string[]): readonly FileRow[] {
  const lines = textOf(file).split(/\r?\n/)
  const header = lines[0]!.split(',').map((name) => name.trim())
  const columns = new Map<string, number>()
  for (const [i, name] of header.entries()) {
    if (columns.has(name)) {
      throw new DataError('BAD_FIELD', `the column "${name}" comes twice in the header`, {
        file,
        line: 1,
        field: name,
      })
    }
    columns.set(name, i)
  }
  for (const field of required) {
    if (columns.has(field)) continue
    throw new DataError(
      'BAD_FIELD',
      `is not in the header; expected ${required.join(',')}${didYouMean(field, header)}`,
      { file, line: 1, field, value: lines[0]!.slice(0, 200) },
    )
  }
  const rows: FileRow[] = []
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line.trim() === '') continue
    const cells = line.split(',').map((cell) => cell.trim())
    if (cells.length !== header.length) {
      throw new DataError(
        'BAD_FIELD',
        `has ${cells.length} fields; expected ${header.length} as in the header`,
        { file, line: i + 1, value: line.slice(0, 200) },
      )
    }
    rows.push(new FileRow({ file, line: i + 1 }, cells, columns))
  }
  return rows
}

function textOf(file: string): string {
  const bytes = readNamedFile(file)
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  try {
    const plain = isGzip ? gunzipSync(bytes) : bytes
    return new TextDecoder('utf-8', { fatal: true }).decode(plain)
  } catch (error) {
    const what = isGzip ? 'a gzip file that ends early or is damaged' : 'not text in UTF-8'
    throw new DataError(isGzip ? 'TRUNCATED_FILE' : 'BAD_FIELD', `is ${what}`, {
      file,
      value: error instanceof Error ? error.message : String(error),
    })
  }
}
