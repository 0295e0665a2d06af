/** What an importer gets and what it gives back. */
import type { ImportProgress, ImportResult } from './import-result.ts'

/** One import, its arguments checked; the instrument is that of the transaction. */
export interface ImportJob {
  readonly files: readonly string[]
  readonly verify: boolean
  readonly fixClock: boolean
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
}

/** What an importer knows at its end. */
export type ImportOutcome = Omit<
  ImportResult,
  'format' | 'venue' | 'symbol' | 'partitions' | 'seconds'
>
