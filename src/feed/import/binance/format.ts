/** The format `binance`. */
import type { ImportFormatEntry } from '../import-job.ts'
import { neededInstrument, ofOneInstrument } from '../one-instrument.ts'
import { importBinance } from './import-binance.ts'

/** Raw captures of one symbol: `<receive time> <json>` a line. */
export const BINANCE: ImportFormatEntry = {
  name: 'binance',
  description:
    'raw Binance websocket captures, a receive time in ns and one JSON message a line (spot, USD-M, COIN-M)',
  detects: (head) => /^\d{16,19} \{/.test(Buffer.from(head.subarray(0, 24)).toString('latin1')),
  prepare: async (options) => ofOneInstrument(await neededInstrument(options), importBinance),
}
