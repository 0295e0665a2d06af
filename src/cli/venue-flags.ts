/**
 * How exchanges treat us, from the options of `backtest`, `orders` and `sweep`: one reader, so that
 * a text means the same in each.
 */
import type { BookDataOptions, FeedDelay } from '../engine/index.ts'
import type { Instrument } from '../market/index.ts'
import {
  parseExchange,
  parseQueueModel,
  parseRateLimit,
  type ExchangeSetup,
  type FeeModel,
  type LatencyModel,
  type QueueModel,
  type RateLimit,
} from '../venue/index.ts'
import { readFunding } from './account-options.ts'
import { readFees } from './fees-option.ts'
import { readFeedDelay, readLatency } from './latency-option.ts'
import { readAll, readForEach, type MarketName } from './market-options.ts'
import { readRules, rulesFor, type GivenRules } from './rules-option.ts'

/** The options as they are given; those in lists may name instruments. */
export interface VenueFlags {
  readonly latency?: readonly string[]
  readonly rateLimit?: readonly string[]
  readonly feedDelay?: readonly string[]
  readonly queue: string
  readonly exchange: string
  readonly fees?: readonly string[]
  readonly funding?: readonly string[]
  readonly rules?: readonly string[]
}

/** What counts where an option is not given. */
export const VENUE_DEFAULTS = { latency: '1ms,1ms', fees: 'maker=0bps,taker=0bps' } as const

/** What the options say of one instrument. */
export interface VenueModels {
  /** As it was given. */
  readonly latencyText: string
  readonly latency: LatencyModel
  readonly rateLimits: readonly RateLimit[]
  readonly feedDelay: FeedDelay
  readonly queue: QueueModel
  readonly exchange: ExchangeSetup
  readonly fees: FeeModel
  readonly funding: NonNullable<BookDataOptions['funding']>
  readonly rules: GivenRules
}

/**
 * Reads the options, files that they name included.
 *
 * @returns what counts for each of the markets
 * @throws LobtraderError BAD_ARGUMENT or BAD_DURATION; DataError for a file that a text names
 */
export function readVenues(
  markets: readonly MarketName[],
  flags: VenueFlags,
): (market: MarketName) => VenueModels {
  const each = <T>(
    flag: string,
    texts: readonly string[] | undefined,
    how: { readonly otherwise: string; readonly read: (text: string) => T },
  ): ((market: MarketName) => T) => readForEach(flag, texts ?? [], { markets, ...how })
  const latency = each('--latency', flags.latency, {
    otherwise: VENUE_DEFAULTS.latency,
    read: (text) => ({ text, model: readLatency(text) }),
  })
  const rateLimits = readAll('--rate-limit', flags.rateLimit ?? [], {
    markets,
    read: (text) => (text === 'off' ? [] : [parseRateLimit(text)]),
  })
  const feedDelay = each('--feed-delay', flags.feedDelay, {
    otherwise: '0ns',
    read: readFeedDelay,
  })
  const fees = each('--fees', flags.fees, { otherwise: VENUE_DEFAULTS.fees, read: readFees })
  const funding = each('--funding', flags.funding, { otherwise: 'tape', read: readFunding })
  const rules = each('--rules', flags.rules, { otherwise: 'off', read: readRules })
  const common = { queue: parseQueueModel(flags.queue), exchange: parseExchange(flags.exchange) }
  return (market) => ({
    ...common,
    latencyText: latency(market).text,
    latency: latency(market).model,
    rateLimits: rateLimits(market).flat(),
    feedDelay: feedDelay(market),
    fees: fees(market),
    funding: funding(market),
    rules: rules(market),
  })
}

/**
 * Returns the options of an instrument's data.
 *
 * @throws DataError BAD_FIELD when the rules do not fit the instrument
 */
export function bookOptions(models: VenueModels, instrument: Instrument): BookDataOptions {
  const { latencyText: _, rules: given, ...options } = models
  const rules = rulesFor(given, instrument)
  return { ...options, ...(rules === undefined ? {} : { rules }) }
}

/** Returns the kind of data that an exchange model reads, as stores name it. */
export function kindFor({ reads }: ExchangeSetup): 'l2' | 'l3' {
  return reads === 'orders' ? 'l3' : 'l2'
}
