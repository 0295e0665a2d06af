/** The format `bybit-archive`. */
import type { ImportFormatEntry } from '../import-job.ts'
import { prepareTables } from '../table/import-tables.ts'
import type { TableFormat } from '../table/table-format.ts'
import { BybitBook } from './bybit-book.ts'
import { BybitReader } from './bybit-reader.ts'
import { isTradeHeader } from './trade-table.ts'

const TABLES: TableFormat<BybitBook> = {
  venue: 'bybit',
  backwards: 'raised',
  timeNote: 'local time is when the venue sent a book message (ts) or matched a trade',
  refused: {
    date: 'its rows have their dates',
    timeZone: 'its times are Unix times',
  },
  reader: (path, run) => new BybitReader(path, run),
  newState: () => new BybitBook(),
  warnings: ({ state, tape }) => [
    ...state.breaks,
    ...(tape!.gaps > state.breaks.length ? [`${tape!.gaps - state.breaks.length} more gaps`] : []),
    ...(state.unjoined > 0
      ? [`${state.unjoined} updates before the first snapshot were left out`]
      : []),
  ],
}

/** Order books and trades as Bybit publishes them day by day. */
export const BYBIT_ARCHIVE: ImportFormatEntry = {
  name: 'bybit-archive',
  description: "Bybit's public archives: order books (ob200, ob500) and trades",
  detects: (head) => {
    const text = Buffer.from(head.subarray(0, 400)).toString('latin1')
    return /^\{"topic":"orderbook\.\d+\.[^"]+","(?:type|ts)"/.test(text) || isTradeHeader(text)
  },
  prepare: async (options) => await prepareTables(TABLES, options),
}
