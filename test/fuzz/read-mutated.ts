/** Reads one input as an import does, without a store, and as a check does. */
import type { DataError, LobtraderError } from '../../src/core/index.ts'
import { withFiles } from '../../src/feed/import/field-error.ts'
import { FinerGrids } from '../../src/feed/import/finer-grids.ts'
import { FinerSize } from '../../src/feed/import/finer-size.ts'
import { FORMATS } from '../../src/feed/import/formats.ts'
import type { ImportCaptureOptions } from '../../src/feed/import/import-options.ts'
import { QualityMeter } from '../../src/feed/quality/quality-meter.ts'
import { symbolFacts } from '../../src/feed/quality/symbol-quality.ts'
import { Instrument } from '../../src/market/index.ts'
import type { SampleSettings } from '../format-samples/sample.ts'

/** Rows that a check left out. */
export interface LeftOut {
  readonly errors: readonly DataError[]
}

/**
 * Reads files to their end.
 *
 * @param how `leavesOut`: rows that cannot be used are left out, as in a check
 * @throws LobtraderError as an import; anything else is a fault
 */
export async function readMutated(
  format: string,
  files: readonly string[],
  settings: SampleSettings,
  how: { readonly leavesOut: boolean; readonly verify: boolean },
): Promise<LeftOut> {
  const { leavesOut, verify } = how
  const entry = FORMATS.find(({ name }) => name === format)!
  const { instrument: spec, options } = settings
  const asked: ImportCaptureOptions = {
    ...options,
    format,
    files,
    store: '',
    ...(spec === undefined ? {} : { instrument: new Instrument(spec) }),
  }
  const prepared = await entry.prepare(asked)
  const finer = new FinerGrids(prepared)
  for (;;) {
    const errors: DataError[] = []
    const refuse = (error: DataError): void => {
      if (!leavesOut) throw error
      if (errors.length < 100) errors.push(withFiles(error, files))
    }
    const meters = finer.instruments.map((instrument) => new QualityMeter(instrument, { refuse }))
    try {
      await prepared.run({ files, verify, fixClock: false, refuse }, meters)
      for (const meter of meters) {
        meter.finish()
        symbolFacts(meter)
      }
      return { errors }
    } catch (error) {
      if (!(error instanceof FinerSize)) throw withFiles(error, files)
      finer.take(error)
    }
  }
}

/** Returns what an error lacks of file, place, field and value; undefined for a good one. */
export function missingPlace(error: LobtraderError): string | undefined {
  if (error.message.length > 2000) return `a message of ${error.message.length} characters`
  if (!('file' in error)) return undefined
  return (error as DataError).file === undefined ? 'no file' : undefined
}
