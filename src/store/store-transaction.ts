/** Writing into a store: all partitions of one import appear together or not at all. */
import { LobtraderError } from '../core/index.ts'
import type { EventColumns, Instrument } from '../market/index.ts'
import type { PartitionInfo } from './partition.ts'

/** What {@link beginImport} needs to know before the first row. */
export interface ImportOptions {
  readonly instrument: Instrument
}

/** Rows on their way into a store; nothing of them is visible before {@link commit}. */
export class StoreTransaction {
  readonly dir: string
  readonly instrument: Instrument

  /** Use {@link beginImport}. */
  constructor(dir: string, options: ImportOptions) {
    this.dir = dir
    this.instrument = options.instrument
  }

  /**
   * Adds rows to the partitions of one kind; they are split by UTC day of their local time here.
   *
   * The rows are copied, so that the caller may reuse their memory; memory stays bounded by one
   * block a kind, whatever is appended.
   *
   * @param kind `l2`, `l3`, `bbo` or another name of lower-case letters, digits and dashes
   * @param rows in local order, on any epoch; each call goes on where the last one of its kind ended
   * @throws DataError TIME_BACKWARDS, NOT_FINITE, OUT_OF_RANGE or BAD_FIELD naming kind, row and value
   * @throws LobtraderError WRITE_FAILED when the disk refuses
   */
  append(kind: string, rows: EventColumns): void {
    throw new LobtraderError('UNSUPPORTED', `append of ${rows.length} rows to ${kind}`)
  }

  /**
   * Makes every partition of this import visible; each replaces the one that stood in its place.
   *
   * @throws LobtraderError WRITE_FAILED when the disk refuses
   */
  commit(): readonly PartitionInfo[] {
    throw new LobtraderError('UNSUPPORTED', `commit to ${this.dir}`)
  }

  /** Removes all that this import has written; a store that it created is gone again. */
  abort(): void {
    throw new LobtraderError('UNSUPPORTED', `abort in ${this.dir}`)
  }
}

/**
 * Begins an import into the store at `dir`, which appears with the first commit if it is absent.
 *
 * @throws LobtraderError BAD_ARGUMENT when the instrument's names cannot be part of a path
 */
export function beginImport(dir: string, options: ImportOptions): StoreTransaction {
  return new StoreTransaction(dir, options)
}
