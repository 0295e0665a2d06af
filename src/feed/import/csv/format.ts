/** The format `csv`. */
import { DataError } from '../../../core/index.ts'
import { LineCursor } from '../../input/line-cursor.ts'
import type { ImportFormatEntry } from '../import-job.ts'
import { isExportHeader } from './export-row.ts'
import { prepareExport } from './import-export.ts'

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
    throw new DataError('UNKNOWN_FORMAT', 'the file is no export', { file: options.files[0]! })
  },
}

function firstLine(head: Uint8Array): string {
  const text = Buffer.from(head.subarray(0, 4096)).toString('latin1')
  return text.split('\n', 1)[0]!
}
