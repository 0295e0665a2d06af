/** The format `hftbacktest`. */
import type { ImportFormatEntry } from '../import-job.ts'
import { neededInstrument, ofOneInstrument } from '../one-instrument.ts'
import { importHftbacktest } from './import-hftbacktest.ts'

/** Event arrays. */
export const HFTBACKTEST: ImportFormatEntry = {
  name: 'hftbacktest',
  description: 'event arrays of hftbacktest (.npz, .npy)',
  detects: (head) => Buffer.from(head.subarray(0, 6)).toString('latin1') === '\x93NUMPY',
  prepare: async (options) => ofOneInstrument(await neededInstrument(options), importHftbacktest),
}
