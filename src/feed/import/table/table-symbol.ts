/** The symbols of an input of tables, found by the bytes of their names. */
import type { RowSink } from '../../../store/index.ts'
import type { CsvRow } from '../../input/csv-row.ts'
import type { LevelTape } from '../level-tape.ts'
import { Tally } from './tally.ts'
import type { ValueGrid } from './value-grid.ts'

/** Names to remember; a hostile input could bring any number. */
const NAMES_MAX = 10_000

/** One symbol; `state` is what its format keeps for it. */
export class TableSymbol<S> {
  /** As the data spell it. */
  readonly name: string
  /** As the data name the venue; empty where they do not. */
  readonly venue: string
  readonly grid: ValueGrid
  readonly state: S
  /** Rows that named the symbol. */
  messages = 0
  /** Updates that the book had already, and trades whose id had come before. */
  repeated = 0
  /** Updates that came behind one that they precede. */
  reordered = 0
  /** Where its rows go; absent while an input is only looked at. */
  tape: LevelTape | undefined
  /** Where a format with a tape of its own writes. */
  sink: RowSink | undefined

  constructor(name: string, venue: string, grid: ValueGrid, state: S) {
    this.name = name
    this.venue = venue
    this.grid = grid
    this.state = state
  }
}

/** Finds the symbol of a row, undefined for one that is not wanted. */
export class TableSymbols<S> {
  /** In the order in which they were found. */
  readonly found: TableSymbol<S>[] = []
  /** Rows of each symbol that is not wanted. */
  readonly leftOut = new Tally()
  readonly #make: (name: string, venue: string) => TableSymbol<S> | undefined
  readonly #known = new Map<string, TableSymbol<S> | undefined>()
  #lastName: Uint8Array = new Uint8Array(0)
  #lastVenue: Uint8Array = new Uint8Array(0)
  #last: TableSymbol<S> | undefined

  /** @param make returns the symbol of that name, undefined when it is not wanted */
  constructor(make: (name: string, venue: string) => TableSymbol<S> | undefined) {
    this.#make = make
  }

  /** Returns the symbol that a row names in its columns; `venueColumn` may be -1. */
  ofRow(row: CsvRow, nameColumn: number, venueColumn = -1): TableSymbol<S> | undefined {
    const isLast =
      this.#last !== undefined &&
      row.equals(nameColumn, this.#lastName) &&
      (venueColumn < 0 || row.equals(venueColumn, this.#lastVenue))
    if (isLast) return this.#last
    const name = row.text(nameColumn)
    const venue = row.text(venueColumn)
    this.#last = this.named(name, venue)
    this.#lastName = Buffer.from(name)
    this.#lastVenue = Buffer.from(venue)
    return this.#last
  }

  /** Returns the symbol of a name; counts a row of one that is not wanted. */
  named(name: string, venue = ''): TableSymbol<S> | undefined {
    const key = `${venue}\n${name}`
    let symbol = this.#known.get(key)
    if (symbol === undefined && !this.#known.has(key)) {
      symbol = this.#make(name, venue)
      if (symbol !== undefined && !this.found.includes(symbol)) this.found.push(symbol)
      if (this.#known.size < NAMES_MAX) this.#known.set(key, symbol)
    }
    if (symbol === undefined) this.leftOut.add(name)
    return symbol
  }
}
