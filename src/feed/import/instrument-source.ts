/** Where the instrument of an import comes from. */
import { readFile } from 'node:fs/promises'
import { DataError, LobtraderError } from '../../core/index.ts'
import { Instrument, type InstrumentSpec } from '../../market/index.ts'
import { placedError } from './field-error.ts'

/** Names that replace those of the instrument. */
export interface InstrumentNames {
  readonly venue?: string | undefined
  readonly symbol?: string | undefined
}

/**
 * Returns the instrument given as an object or as the path of an `instrument.json`.
 *
 * @throws DataError ABSENT_FILE, BAD_JSON or BAD_INSTRUMENT naming the file
 */
export async function loadInstrument(source: Instrument | string): Promise<Instrument> {
  if (source instanceof Instrument) return source
  const spec = await readJson(source)
  try {
    return new Instrument(spec as InstrumentSpec)
  } catch (error) {
    if (!(error instanceof LobtraderError)) throw error
    throw placedError(error, { file: source })
  }
}

/** Returns the instrument under other names. @throws LobtraderError BAD_INSTRUMENT */
export function renamedInstrument(instrument: Instrument, names: InstrumentNames): Instrument {
  const { venue = instrument.venue, symbol = instrument.symbol } = names
  if (venue === instrument.venue && symbol === instrument.symbol) return instrument
  return new Instrument({ ...instrument.spec, venue, symbol })
}

async function readJson(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'there is no such instrument file' : message
    throw new DataError('ABSENT_FILE', reason, { file: path })
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new DataError(
      'BAD_JSON',
      `the instrument file is no JSON (${(error as Error).message})`,
      {
        file: path,
      },
    )
  }
}
