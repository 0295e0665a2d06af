/** The format `lobster`. */
import type { ImportFormatEntry } from '../import-job.ts'
import { ofOneInstrument, onlySymbol } from '../one-instrument.ts'
import { importLobster } from './import-lobster.ts'
import { openLobsterPair } from './lobster-pair.ts'

/** Message and orderbook files. */
export const LOBSTER: ImportFormatEntry = {
  name: 'lobster',
  description: 'LOBSTER message and orderbook CSV files, a pair in either order',
  detects: (head, name) =>
    /_(?:message|orderbook)_\d+/.test(name) &&
    /^[\d.,-]+\r?\n/.test(Buffer.from(head.subarray(0, 8192)).toString('latin1')),
  prepare: async (options) => {
    const pair = await openLobsterPair({ ...options, symbol: onlySymbol(options) })
    return ofOneInstrument(
      pair.instrument,
      async (job, sink) => await importLobster(pair, job, sink),
    )
  },
}
