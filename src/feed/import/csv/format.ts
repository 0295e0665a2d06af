/** The format `csv`. */
import { LineCursor } from '../../input/line-cursor.ts'
import type { ImportFormatEntry } from '../import-job.ts'
import { prepareTables } from '../table/import-tables.ts'
import type { TableFormat } from '../table/table-format.ts'
import { csvOptions, type CsvOptions } from './csv-options.ts'
import { CsvReader } from './csv-reader.ts'
import { CsvSymbol } from './csv-symbol.ts'
import { isExportHeader } from './export-row.ts'
import { prepareExport } from './import-export.ts'

const tables = (options: CsvOptions): TableFormat<CsvSymbol> => ({
  venue: 'csv',
  backwards: 'refused',
  refused: { date: 'its rows must have their dates (--column date=HEADER)' },
  reader: (path, run) => new CsvReader(path, run, options),
  newState: () => new CsvSymbol(),
  finish: ({ state, tape }) => state.close(tape!),
  ordersOf: ({ orders }) => orders,
  warnings: ({ state }) => (state.told === '' ? [] : [state.told]),
})

/** Tables of any source, and our own export. */
export const CSV: ImportFormatEntry = {
  name: 'csv',
  description: 'CSV files of any source by their columns, and our own CSV export',
  detects: (head) => isExportHeader(firstLine(head)),
  prepare: async (options) => {
    const first = await LineCursor.open(options.files[0]!)
    const header = first.text()
    await first.close()
    if (isExportHeader(header)) return await prepareExport(options)
    return await prepareTables(tables(csvOptions(options)), options)
  },
}

function firstLine(head: Uint8Array): string {
  const text = Buffer.from(head.subarray(0, 4096)).toString('latin1')
  return text.split('\n', 1)[0]!
}
