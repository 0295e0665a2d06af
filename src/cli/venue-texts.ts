/** How an exchange treats us, from the texts of the command line. */
import {
  parseExchange,
  parseQueueModel,
  type ExchangeSetup,
  type FeeModel,
  type LatencyModel,
  type QueueModel,
} from '../venue/index.ts'
import { readFees } from './fees-option.ts'
import { readLatency } from './latency-option.ts'

/** The texts of `--latency`, `--queue`, `--exchange` and `--fees`. */
export interface VenueTexts {
  readonly latency: string
  readonly queue: string
  readonly exchange: string
  readonly fees: string
}

/** The models that the texts name. */
export interface VenueModels {
  readonly latency: LatencyModel
  readonly queue: QueueModel
  readonly exchange: ExchangeSetup
  readonly fees: FeeModel
}

/** Returns the kind of data that an exchange model reads, as stores name it. */
export function kindFor({ reads }: ExchangeSetup): 'l2' | 'l3' {
  return reads === 'orders' ? 'l3' : 'l2'
}

/**
 * Reads the models that the texts name.
 *
 * @throws LobtraderError BAD_ARGUMENT or BAD_DURATION; DataError for a file that a text names
 */
export function readVenue(texts: VenueTexts): VenueModels {
  return {
    latency: readLatency(texts.latency),
    queue: parseQueueModel(texts.queue),
    exchange: parseExchange(texts.exchange),
    fees: readFees(texts.fees),
  }
}
