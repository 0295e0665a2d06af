/** The format `tardis`. */
import type { ImportFormatEntry } from '../import-job.ts'
import { prepareTables } from '../table/import-tables.ts'
import type { TableFormat } from '../table/table-format.ts'
import { TardisBook } from './tardis-book.ts'
import { TardisReader } from './tardis-reader.ts'
import { isTardisHeader } from './tardis-table.ts'

const TABLES: TableFormat<TardisBook> = {
  venue: 'tardis',
  backwards: 'refused',
  refused: {
    date: 'its rows have their dates',
    timeZone: 'its times are Unix times',
  },
  reader: (path, run) => new TardisReader(path, run),
  newState: () => new TardisBook(),
  finish: ({ state, tape, name }) => state.finish(tape!, name),
  warnings: ({ state }) => [
    ...(state.unjoined > 0
      ? [`${state.unjoined} rows of updates before the first snapshot were left out`]
      : []),
    ...(state.reconnects > 0
      ? [`snapshots replaced the book ${state.reconnects} times: the recorder had lost the stream`]
      : []),
  ],
}

/** CSV files of Tardis.dev. */
export const TARDIS: ImportFormatEntry = {
  name: 'tardis',
  description:
    'CSV files of Tardis.dev: incremental_book_L2, book_snapshot_5 and _25, trades, quotes',
  detects: (head) => isTardisHeader(Buffer.from(head.subarray(0, 200)).toString('latin1')),
  prepare: async (options) => await prepareTables(TABLES, options),
}
