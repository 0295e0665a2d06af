/** Formats whose input is of one instrument, which the user gives. */
import { LobtraderError } from '../../core/index.ts'
import type { Instrument } from '../../market/index.ts'
import type { RowSink } from '../../store/index.ts'
import type { ImportJob, ImportOutcome, PreparedImport } from './import-job.ts'
import type { ImportCaptureOptions } from './import-options.ts'
import { loadInstrument, renamedInstrument } from './instrument-source.ts'

/** Reads the rows of the only instrument. */
export type OneImporter = (job: ImportJob, sink: RowSink) => Promise<ImportOutcome>

/** Returns the import of one instrument that is known. */
export function ofOneInstrument(instrument: Instrument, run: OneImporter): PreparedImport {
  return { instruments: [instrument], run: async (job, [sink]) => await run(job, sink!) }
}

/**
 * Returns the instrument that the options give, under the names that they give, or undefined.
 *
 * @throws DataError ABSENT_FILE, BAD_JSON or BAD_INSTRUMENT naming the file
 * @throws LobtraderError BAD_ARGUMENT when several symbols are named
 */
export async function givenInstrument(
  options: ImportCaptureOptions,
): Promise<Instrument | undefined> {
  const symbol = onlySymbol(options)
  if (options.instrument === undefined) return undefined
  const instrument = await loadInstrument(options.instrument)
  return renamedInstrument(instrument, { venue: options.venue, symbol })
}

/**
 * Returns the name that `--symbol` gives to the only instrument.
 *
 * @throws LobtraderError BAD_ARGUMENT when it is given more than once
 */
export function onlySymbol({ format, symbols = [] }: ImportCaptureOptions): string | undefined {
  if (symbols.length <= 1) return symbols[0]
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `an import of format ${format} has one instrument, --symbol names ${symbols.length}: ${symbols.join(', ')}`,
  )
}
