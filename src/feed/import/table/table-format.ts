/** What a format of timed rows is to the import of tables. */
import type { Ladder } from '../../../book/index.ts'
import type { Instrument } from '../../../market/index.ts'
import type { ClockMeter } from '../clock-meter.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import type { OrdersTape } from '../orders-tape.ts'
import type { RefusedOptions } from '../refused-options.ts'
import type { LinePlace } from './line-place.ts'
import type { LineReader, RunClock } from './line-reader.ts'
import type { TableSymbol, TableSymbols } from './table-symbol.ts'
import type { Tally } from './tally.ts'

/** What the readers of one import share. */
export interface TableRun<S> {
  readonly symbols: TableSymbols<S>
  readonly clock: RunClock
  readonly place: LinePlace
  readonly meter: ClockMeter
  /** Symbol of files that name none: the only one that was asked for. */
  readonly soleName: string | undefined
  /** Added to local times: 0 unless the clock is fixed. */
  readonly shiftNs: number
  /** What was left out or is worth knowing, counted by what it is. */
  readonly notes: Tally
}

/** A format of timed rows. */
export interface TableFormat<S> {
  /** Venue in the store where neither options nor rows name it. */
  readonly venue: string
  /** See `FileRules`; `raised` also says that rows have the venue's time alone. */
  readonly backwards: 'refused' | 'raised'
  /** Says what the times of rows are, where they have the venue's alone. */
  readonly timeNote?: string
  /** Options without a meaning for the format, besides those of all tables. */
  readonly refused?: RefusedOptions
  /** Makes the reader of a file. */
  readonly reader: (path: string, run: TableRun<S>) => LineReader
  /** Makes what the format keeps for a symbol. */
  readonly newState: () => S
  /** Ends what is open of a symbol behind the last row. */
  readonly finish?: (symbol: TableSymbol<S>) => void
  /** Returns the book of a symbol where it is not that of its tape. */
  readonly bookOf?: (state: S) => SymbolBook | undefined
  /** Returns the orders of a symbol, where the format has any. */
  readonly ordersOf?: (state: S) => OrdersTape | undefined
  /** True when `measured` tells the kind of an instrument. */
  readonly tellsKind?: boolean
  /** Changes what was measured, such as by facts of the venue. */
  readonly measured?: (
    spec: MeasuredSpec,
    symbol: TableSymbol<S>,
    options: ImportCaptureOptions,
  ) => MeasuredSpec
  /** Sentences about a symbol for the user. */
  readonly warnings?: (symbol: TableSymbol<S>) => readonly string[]
}

/** A book and what became of its updates. */
export interface SymbolBook {
  readonly ladder: Ladder
  readonly gaps: number
  readonly crossed: number
}

/** What an instrument is made from, its grids apart. */
export type MeasuredSpec = Omit<Instrument['spec'], 'tickSize' | 'lotSize' | 'multiplier'> & {
  readonly multiplier?: string
}
