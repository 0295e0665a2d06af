/** What an importer gets and what it gives back. */
import type { DataError } from '../../core/index.ts'
import type { Instrument } from '../../market/index.ts'
import type { RowSink } from '../../store/index.ts'
import type { ImportCaptureOptions } from './import-options.ts'
import type { ImportProgress, ImportResult } from './import-result.ts'

/** One import, its arguments checked; the instruments are those of the sinks. */
export interface ImportJob {
  readonly files: readonly string[]
  readonly verify: boolean
  readonly fixClock: boolean
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
  /**
   * Takes a row or message that cannot be used. An import throws it; a check of the input counts
   * it and returns: the importer then leaves the row out and goes on with the next.
   */
  readonly refuse: (error: DataError) => void
}

/** What an importer knows at its end. */
export type ImportOutcome = Omit<
  ImportResult,
  'format' | 'venue' | 'symbol' | 'partitions' | 'seconds'
>

/** Files that were looked at: the instruments in them, and how their rows are read. */
export interface PreparedImport {
  /** In the order of their sinks; at least one. */
  readonly instruments: readonly Instrument[]
  /** Sentences that a user should read whatever the rows say, such as how grids were found. */
  readonly warnings?: readonly string[]
  /** Reads every row. @param sinks where the rows of each instrument go */
  readonly run: (job: ImportJob, sinks: readonly RowSink[]) => Promise<ImportOutcome>
}

/** A format: what it is called, and how files of it are read. */
export interface ImportFormatEntry {
  readonly name: string
  /** One line for the help. */
  readonly description: string
  /**
   * Tells whether a file is of this format.
   *
   * @param head up to 64 KiB of its decompressed beginning (of the first entry of a zip file)
   * @param name its base name, lower case
   */
  readonly detects: (head: Uint8Array, name: string) => boolean
  /** Looks at the files. @throws LobtraderError, DataError as {@link importCapture} */
  readonly prepare: (options: ImportCaptureOptions) => Promise<PreparedImport>
}
