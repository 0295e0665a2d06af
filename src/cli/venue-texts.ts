/** How an exchange treats us, from the texts of the command line. */
import type { BookDataOptions } from '../engine/index.ts'
import { parseExchange, parseQueueModel } from '../venue/index.ts'
import { readFees } from './fees-option.ts'
import { readLatency } from './latency-option.ts'

/** The texts of `--latency`, `--queue`, `--exchange` and `--fees`. */
export interface VenueTexts {
  readonly latency: string
  readonly queue: string
  readonly exchange: string
  readonly fees: string
}

/**
 * Reads the models that the texts name.
 *
 * @throws LobtraderError BAD_ARGUMENT or BAD_DURATION; DataError for a file that a text names
 */
export function readVenue(texts: VenueTexts): BookDataOptions {
  return {
    latency: readLatency(texts.latency),
    queue: parseQueueModel(texts.queue),
    exchange: parseExchange(texts.exchange),
    fees: readFees(texts.fees),
  }
}
