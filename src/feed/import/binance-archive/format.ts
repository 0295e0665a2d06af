/** The format `binance-archive`. */
import type { ImportFormatEntry } from '../import-job.ts'
import { prepareTables } from '../table/import-tables.ts'
import type { MeasuredSpec, TableFormat } from '../table/table-format.ts'
import type { TableSymbol } from '../table/table-symbol.ts'
import { ArchiveBook } from './archive-book.ts'
import { ArchiveReader } from './archive-reader.ts'
import { tableOf } from './archive-table.ts'

/** Quote units of a COIN-M contract, BTC apart, which has 100 (contract specification, 2026-11). */
const COIN_CONTRACT_USD = '10'

const TABLES: TableFormat<ArchiveBook> = {
  venue: 'binance',
  backwards: 'raised',
  refused: {
    date: 'its rows have their dates',
    timeZone: 'its times are Unix times',
  },
  reader: (path, run) => new ArchiveReader(path, run),
  newState: () => new ArchiveBook(),
  finish: ({ state, name }) => state.finish(name),
  bookOf: ({ book }) => book,
  tellsKind: true,
  measured: (spec, symbol, { venue, kind }) => ({
    ...spec,
    ...marketOf(symbol),
    ...(venue === undefined ? {} : { venue }),
    ...(kind === undefined ? {} : { kind: spec.kind }),
  }),
  warnings: ({ state }) => state.warnings,
}

/** Market and kind, as the symbol and the shape of its files tell. */
function marketOf({ name, state }: TableSymbol<ArchiveBook>): Partial<MeasuredSpec> {
  const [, base, quote, end] = /^([A-Z0-9]+?)(USD[TC]?)(?:_(PERP|\d{6}))?$/.exec(name) ?? []
  if (end !== undefined && quote === 'USD') {
    return {
      venue: 'binance-coinm',
      kind: end === 'PERP' ? 'inverse-perpetual' : 'inverse-future',
      base: base!,
      quote,
      multiplier: base === 'BTC' ? '100' : COIN_CONTRACT_USD,
    }
  }
  if (state.market === 'spot') return { venue: 'binance-spot', kind: 'spot' }
  return {
    venue: 'binance-usdm',
    kind: end === undefined ? 'linear-perpetual' : 'linear-future',
    ...(base === undefined ? {} : { base, quote: quote! }),
  }
}

/** Files of data.binance.vision, and historical order books. */
export const BINANCE_ARCHIVE: ImportFormatEntry = {
  name: 'binance-archive',
  description:
    "Binance's public archives: aggTrades, trades, bookTicker, and order books (depth-snap, depth-update)",
  detects: (head) => {
    const [line = ''] = Buffer.from(head.subarray(0, 400)).toString('latin1').split(/\r?\n/, 1)
    return tableOf(line.split(',')) !== undefined
  },
  prepare: async (options) => await prepareTables(TABLES, options),
}
