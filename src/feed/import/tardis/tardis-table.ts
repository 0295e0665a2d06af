/**
 * The tables of Tardis.dev, told by their header.
 *
 * Source: "Downloadable CSV files", docs.tardis.dev (read 2026-11): columns `exchange, symbol,
 * timestamp, local_timestamp` (both in microseconds), then those of the data type.
 */
import { DataError } from '../../../core/index.ts'
import { shownText } from '../field-error.ts'
import type { LinePlace } from '../table/line-place.ts'

/** Data types that are read. */
export type TardisType = 'incremental_book_L2' | 'book_snapshot' | 'trades' | 'quotes'

/** Columns that every table begins with. */
export const TARDIS_COLUMNS = ['exchange', 'symbol', 'timestamp', 'local_timestamp'] as const

const BOOK = ['is_snapshot', 'side', 'price', 'amount']
const TRADES = ['id', 'side', 'price', 'amount']
const QUOTES = ['ask_amount', 'ask_price', 'bid_price', 'bid_amount']

/** Levels of a side that a snapshot may have; the vendor sells 5 and 25. */
const LEVELS_MAX = 200

/** Where the values of a table stand. */
export interface TardisTable {
  readonly type: TardisType
  /** Place of each named column. */
  readonly at: (name: string) => number
  /** Levels of a side in a snapshot table, else 0. */
  readonly levels: number
}

/** True when a line begins like a header of these tables. */
export function isTardisHeader(line: string): boolean {
  return line.startsWith(`${TARDIS_COLUMNS.join(',')},`)
}

/** Returns what a header says. @throws DataError UNKNOWN_FORMAT for other tables */
export function tardisTable(header: readonly string[], place: LinePlace): TardisTable {
  const at = (name: string): number => header.indexOf(name)
  const has = (names: readonly string[]): boolean => names.every((name) => at(name) >= 0)
  if (has(TARDIS_COLUMNS)) {
    if (has(BOOK)) return { type: 'incremental_book_L2', at, levels: 0 }
    if (has(TRADES)) return { type: 'trades', at, levels: 0 }
    if (has(QUOTES)) return { type: 'quotes', at, levels: 0 }
    const levels = levelsOf(at)
    if (levels > 0 && levels <= LEVELS_MAX) return { type: 'book_snapshot', at, levels }
  }
  throw new DataError(
    'UNKNOWN_FORMAT',
    `the header is none of incremental_book_L2, book_snapshot_5, book_snapshot_25, trades or quotes of Tardis.dev: ${shownText(header.join(','))}`,
    place.of(),
  )
}

/** Levels whose four columns are all there, from the best on. */
function levelsOf(at: (name: string) => number): number {
  let levels = 0
  for (;;) {
    const names = ['asks', 'bids'].flatMap((side) =>
      ['price', 'amount'].map((field) => `${side}[${levels}].${field}`),
    )
    if (names.some((name) => at(name) < 0)) return levels
    levels++
  }
}
