/** Imports a vendor's files into a store, all or nothing. */
import { LobtraderError, didYouMean } from '../../core/index.ts'
import type { Instrument } from '../../market/index.ts'
import { beginImport, type StoreTransaction } from '../../store/index.ts'
import { HighPrecisionClock } from '../../time/index.ts'
import { importBinance } from './binance/import-binance.ts'
import { FinerSize, finerSizeWarning, withFinerLots } from './finer-size.ts'
import { importHftbacktest } from './hftbacktest/import-hftbacktest.ts'
import type { ImportJob, ImportOutcome } from './import-job.ts'
import type { ImportProgress, ImportResult } from './import-result.ts'
import { loadInstrument, renamedInstrument } from './instrument-source.ts'
import { openLobsterPair } from './lobster/lobster-pair.ts'
import { importLobster } from './lobster/import-lobster.ts'

/** The formats that {@link importCapture} knows. */
export const IMPORT_FORMATS = [
  {
    name: 'binance',
    description:
      'raw Binance websocket captures, a receive time in ns and one JSON message a line (spot, USD-M, COIN-M)',
  },
  {
    name: 'lobster',
    description: 'LOBSTER message and orderbook CSV files, a pair in either order',
  },
  {
    name: 'hftbacktest',
    description: 'event arrays of hftbacktest (.npz)',
  },
] as const

/** Name of one of {@link IMPORT_FORMATS}. */
export type ImportFormat = (typeof IMPORT_FORMATS)[number]['name']

/** What to import, and how. */
export interface ImportCaptureOptions {
  /** One of {@link IMPORT_FORMATS}. */
  readonly format: string
  /** Paths, in time order where several are one stream; gzip, zstd or plain by content. */
  readonly files: readonly string[]
  /** Folder of the store. */
  readonly store: string
  /** An instrument, or the path of its JSON. LOBSTER files have a default. */
  readonly instrument?: string | Instrument | undefined
  /** Compare the book with the venue's own best prices where the input has both. */
  readonly verify?: boolean | undefined
  /** Shift local times so that the smallest feed latency is 0.5 ms. */
  readonly fixClock?: boolean | undefined
  /** LOBSTER: the day, `2012-06-21`, where file names do not tell. */
  readonly date?: string | undefined
  /** LOBSTER: the time zone of the day; default `America/New_York`. */
  readonly timeZone?: string | undefined
  /** Name of the venue in the store, instead of the instrument's. */
  readonly venue?: string | undefined
  /** Name of the symbol, instead of the instrument's or the file name's. */
  readonly symbol?: string | undefined
  /** Called after each block of input. */
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
}

interface PreparedImport {
  readonly instrument: Instrument
  readonly run: (job: ImportJob, transaction: StoreTransaction) => Promise<ImportOutcome>
}

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
    throw new LobtraderError('BAD_ARGUMENT', `import of format ${format} needs at least one file`)
  }
  const prepared = await prepare(format, options)
  const job: ImportJob = {
    files: options.files,
    verify: options.verify ?? false,
    fixClock: options.fixClock ?? false,
    onProgress: options.onProgress,
  }
  const warnings: string[] = []
  let { instrument } = prepared
  for (;;) {
    const transaction = beginImport(options.store, { instrument })
    try {
      const outcome = await prepared.run(job, transaction)
      const partitions = transaction.commit()
      return {
        format,
        venue: instrument.venue,
        symbol: instrument.symbol,
        ...outcome,
        warnings: [...warnings, ...outcome.warnings],
        partitions,
        seconds: Number(HighPrecisionClock.monotonicNs() - startNs) / 1e9,
      }
    } catch (error) {
      transaction.abort()
      if (!(error instanceof FinerSize)) throw error
      instrument = withFinerLots(instrument, error)
      warnings.splice(0, 1, finerSizeWarning(instrument, error))
    }
  }
}

function knownFormat(name: string): ImportFormat {
  const names = IMPORT_FORMATS.map((format) => format.name)
  const found = names.find((known) => known === name)
  if (found !== undefined) return found
  throw new LobtraderError(
    'UNKNOWN_FORMAT',
    `unknown format "${name}"${didYouMean(name, names)} (known: ${names.join(', ')})`,
    { format: name },
  )
}

async function prepare(
  format: ImportFormat,
  options: ImportCaptureOptions,
): Promise<PreparedImport> {
  if (format === 'lobster') {
    const pair = await openLobsterPair(options)
    return {
      instrument: pair.instrument,
      run: async (job, transaction) => await importLobster(pair, job, transaction),
    }
  }
  if (options.instrument === undefined) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `import of format ${format} needs an instrument (--instrument instrument.json): its tick and lot size are not in the files`,
    )
  }
  const instrument = renamedInstrument(await loadInstrument(options.instrument), options)
  return { instrument, run: format === 'binance' ? importBinance : importHftbacktest }
}
