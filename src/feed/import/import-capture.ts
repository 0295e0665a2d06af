/** Imports a vendor's files into a store, all or nothing. */
import { LobtraderError, didYouMean } from '../../core/index.ts'
import { bookCheckpoints } from '../checkpoint/book-checkpoints.ts'
import { StoreImport } from '../../store/index.ts'
import { HighPrecisionClock } from '../../time/index.ts'
import { withFiles } from './field-error.ts'
import { FinerGrids } from './finer-grids.ts'
import { FinerSize } from './finer-size.ts'
import { FORMATS } from './formats.ts'
import type { ImportFormatEntry, ImportJob } from './import-job.ts'
import type { ImportCaptureOptions } from './import-options.ts'
import type { ImportResult } from './import-result.ts'
import { refuseOptions } from './refused-options.ts'

const OF_CSV = 'it describes the tables of format csv'

/** The formats that {@link importCapture} knows. */
export const IMPORT_FORMATS: readonly Pick<ImportFormatEntry, 'name' | 'description'>[] = FORMATS

/**
 * Imports files into a store. Nothing is visible in the store before all of them are read.
 *
 * @throws LobtraderError UNKNOWN_FORMAT, BAD_ARGUMENT, BAD_INSTRUMENT, ABSENT_SNAPSHOT, WRITE_FAILED
 * @throws DataError for input that is not as it should be, naming file, line and value
 */
export async function importCapture(options: ImportCaptureOptions): Promise<ImportResult> {
  const startNs = HighPrecisionClock.monotonicNs()
  const format = knownFormat(options.format)
  if (options.files.length === 0) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `import of format ${format.name} needs at least one file`,
    )
  }
  if (format.name !== 'csv') {
    refuseOptions(options, { columns: OF_CSV, csv: OF_CSV })
  }
  const prepared = await format.prepare(options)
  const job: ImportJob = {
    files: options.files,
    verify: options.verify ?? false,
    fixClock: options.fixClock ?? false,
    onProgress: options.onProgress,
    refuse: (error) => {
      throw error
    },
  }
  const finer = new FinerGrids(prepared)
  for (;;) {
    const target = new StoreImport(options.store, {
      checkpoints: bookCheckpoints(),
      append: options.append,
    })
    try {
      const { instruments } = finer
      const sinks = instruments.map((instrument) => target.open(instrument))
      const outcome = await prepared.run(job, sinks)
      const partitions = target.commit()
      const [first] = instruments
      return {
        format: format.name,
        venue: first!.venue,
        ...(instruments.length === 1 ? { symbol: first!.symbol } : {}),
        ...outcome,
        warnings: [...finer.warnings, ...outcome.warnings],
        partitions,
        seconds: Number(HighPrecisionClock.monotonicNs() - startNs) / 1e9,
      }
    } catch (error) {
      target.abort()
      if (!(error instanceof FinerSize)) throw withFiles(error, options.files)
      finer.take(error)
    }
  }
}

/** Returns the format of that name. @throws LobtraderError UNKNOWN_FORMAT with the nearest one */
export function knownFormat(name: string): ImportFormatEntry {
  const found = FORMATS.find((format) => format.name === name)
  if (found !== undefined) return found
  const names = FORMATS.map((format) => format.name)
  throw new LobtraderError(
    'UNKNOWN_FORMAT',
    `unknown format "${name}"${didYouMean(name, names)} (known: ${names.join(', ')})`,
    { format: name },
  )
}
