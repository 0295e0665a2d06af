/** Goes over the rows of files of our own CSV export, in the order of the files. */
import { DataError } from '../../../core/index.ts'
import { LineCursor } from '../../input/line-cursor.ts'
import { CsvFields } from '../table/csv-fields.ts'
import { LinePlace } from '../table/line-place.ts'
import { ExportRow, isExportHeader } from './export-row.ts'

/** What a pass over an export does with it. */
export interface ExportPass {
  /** Called for each row, which is in the reader. @throws DataError for one that does not fit */
  row(): void
  /** Called now and then between rows. */
  rest(bytesRead: number, bytesTotal: number): void
}

/** One pass over the files of an export. */
export class ExportReader {
  readonly place = new LinePlace()
  readonly row: ExportRow
  /** Rows read so far, those left out not counted. */
  rows = 0
  readonly #fields: CsvFields

  constructor() {
    this.#fields = new CsvFields(this.place)
    this.row = new ExportRow(this.#fields)
  }

  /**
   * Gives every row to `pass`.
   *
   * @param refuse takes the fault of a row, which is left out when it returns
   * @throws DataError for a file that is no export, or cannot be read
   */
  async read(
    files: readonly string[],
    refuse: (error: DataError) => void,
    pass: ExportPass,
  ): Promise<void> {
    const cursors: LineCursor[] = []
    try {
      for (const file of files) cursors.push(await LineCursor.open(file))
      const total = cursors.reduce((sum, { input }) => sum + input.bytes, 0)
      let done = 0
      for (const cursor of cursors) {
        this.place.file = cursor.input.path
        while (await cursor.advance()) {
          while (cursor.ready > 0) this.#line(cursor, refuse, pass)
          pass.rest(done + cursor.input.bytesRead, total)
        }
        done += cursor.input.bytes
      }
    } finally {
      for (const cursor of cursors) await cursor.close()
    }
    if (this.rows === 0) {
      throw new DataError('TOO_FEW_ROWS', 'the export holds no row', { file: files.join(', ') })
    }
  }

  #line(cursor: LineCursor, refuse: (error: DataError) => void, pass: ExportPass): void {
    const { bytes, start, end, line, isUnterminated } = cursor
    const fields = this.#fields
    const { place } = this
    place.line = line
    if (line === 1) {
      const isHeader = isExportHeader(cursor.text())
      fields.first(bytes, start, end)
      fields.setHeader(bytes, start, end)
      cursor.step()
      if (isHeader) return
      throw new DataError(
        'UNKNOWN_FORMAT',
        'the first file is an export of this program, this one has another header',
        place.of(),
      )
    }
    try {
      if (fields.read(bytes, start, end)) {
        this.row.read()
        this.rows++
        pass.row()
      }
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      refuse(isUnterminated ? cutOff(place) : error)
    }
    cursor.step()
  }
}

function cutOff(place: LinePlace): DataError {
  return new DataError(
    'TRUNCATED_FILE',
    `the last line is cut off; line ${place.line - 1} is the last good one`,
    place.of(),
  )
}
