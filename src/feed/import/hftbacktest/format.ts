/** The format `hftbacktest`. */
import type { ImportFormatEntry } from '../import-job.ts'
import { givenInstrument, ofOneInstrument } from '../one-instrument.ts'
import { importHftbacktest } from './import-hftbacktest.ts'
import { measuredInstrument } from './measured-instrument.ts'

/** Event arrays. */
export const HFTBACKTEST: ImportFormatEntry = {
  name: 'hftbacktest',
  description: 'event arrays of hftbacktest (.npz, .npy)',
  detects: (head) => Buffer.from(head.subarray(0, 6)).toString('latin1') === '\x93NUMPY',
  prepare: async (options) => {
    const given = await givenInstrument(options)
    if (given !== undefined) return ofOneInstrument(given, importHftbacktest)
    const { instrument, warning } = await measuredInstrument(options)
    return { ...ofOneInstrument(instrument, importHftbacktest), warnings: [warning] }
  },
}
