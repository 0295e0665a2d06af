/** What takes the records of one instrument. */
import type { ImportJob } from '../import-job.ts'
import type { SymbolResult } from '../import-result.ts'
import type { DbnBlock } from './dbn-reader.ts'

/** What the rows of all instruments have in common. */
export interface RowsOptions {
  /** Unix ns of time 0. */
  readonly epochNs: bigint
  /** One of thousands: as little memory as can be. */
  readonly isSmall: boolean
  readonly refuse: ImportJob['refuse']
}

/** How often something was, 0 for never, and what. */
export type Tally = readonly [count: number, what: string]

/** The rows of one instrument, made from records of one type. */
export interface InstrumentRows {
  /** The only type of records that makes rows: trades stand in several. */
  readonly recordType: number
  /** Rows written so far. */
  readonly events: number
  /** Takes a record of that type; times in ns since the epoch. */
  record: (block: DbnBlock, row: number, localTime: number, exchTime: number) => void
  status: (localTime: number, exchTime: number, isOpen: boolean) => void
  /** The next file begins: a snapshot of the file before ends here. */
  beginFile: () => void
  drain: () => void
  finish: () => SymbolResult
  /** What a user should read about, and how often it was; call it after `finish`. */
  tallies: () => readonly Tally[]
}
