/**
 * Rate limits: how many requests a venue takes in a time before it refuses them.
 *
 * The venue counts requests as they arrive, by its own clock. One that does not fit is refused at
 * once: its answer comes after the usual round trip, a new order is rejected, and an order whose
 * cancel or amendment was refused stays as it was. What was refused counts in no limit.
 */
import { LobtraderError } from '../../core/index.ts'
import { durationNs } from '../../time/index.ts'
import { REQUEST_KINDS, type RequestKind } from '../latency-model.ts'
import { FixedWindow, SlidingWindow, TokenBucket, type RequestCounter } from './counters.ts'

/**
 * How a limit counts. `fixed`: windows that begin at multiples of their length from UTC midnight,
 * as Binance (its developer documentation, "Rate limits: rate limits are accounted by intervals").
 * `sliding`: the time just past. `bucket`: a token bucket that starts full, as Coinbase Exchange
 * (its documentation, "Rate limits: lazy-fill token bucket") and Deribit.
 */
export const RATE_RULES = ['fixed', 'sliding', 'bucket'] as const
export type RateRule = (typeof RATE_RULES)[number]

/** What fixes a limit. */
export interface RateLimitOptions {
  /** Weight per time: `10/s`, `300/10s`, `200000/1d`. */
  readonly requests: string
  /** Default: fixed. */
  readonly rule?: RateRule | undefined
  /** Most tokens that a bucket holds; default: those of one interval. */
  readonly burst?: number | undefined
  /** What each kind of request counts; default 1 each, 0 lets it pass uncounted. */
  readonly weights?: Partial<Readonly<Record<RequestKind, number>>> | undefined
}

/** A limit as it is set; each run counts for itself. */
export interface RateLimit {
  /** Text form, as the command line takes it. */
  readonly name: string
  /** What the venue says when it refuses. */
  readonly reason: string
  readonly weights: Readonly<Record<RequestKind, number>>
  /** Returns a counter that has seen nothing. */
  begin(): RequestCounter
}

/**
 * Returns the limit.
 *
 * @throws LobtraderError BAD_ARGUMENT or BAD_DURATION
 */
export function rateLimit(options: RateLimitOptions): RateLimit {
  const { rule = 'fixed', burst } = options
  const { limit, intervalNs, interval } = readRate(options.requests)
  if (burst !== undefined && rule !== 'bucket') throw bad(`a ${rule} rate limit has no burst`)
  if (burst !== undefined && !(Number.isSafeInteger(burst) && burst > 0)) {
    throw bad(`the burst of a rate limit must be a whole number above 0, was ${burst}`)
  }
  const weights = weightsOf(options, burst ?? limit)
  const counters: Readonly<Record<RateRule, () => RequestCounter>> = {
    fixed: () => new FixedWindow(limit, intervalNs),
    sliding: () => new SlidingWindow(limit, intervalNs),
    bucket: () => new TokenBucket(limit, intervalNs, burst ?? limit),
  }
  const uneven = REQUEST_KINDS.filter((kind) => weights[kind] !== 1)
  const extras = [
    ...(burst === undefined ? [] : [`burst=${burst}`]),
    ...uneven.map((kind) => `${kind}=${weights[kind]}`),
  ]
  const plain = `${limit}/${interval}`
  return {
    name: rule === 'fixed' && extras.length === 0 ? plain : `${rule}(${[plain, ...extras].join()})`,
    reason: reasonText(uneven.length > 0, { limit, interval, burst }),
    weights,
    begin: counters[rule],
  }
}

/** The limits of one run, which a request must all pass. */
export class RateGate {
  readonly #limits: readonly RateLimit[]
  readonly #counters: readonly RequestCounter[]

  constructor(limits: readonly RateLimit[]) {
    this.#limits = limits
    this.#counters = limits.map((limit) => limit.begin())
  }

  /**
   * Counts a request that arrives at `exchTime`, which never goes back.
   *
   * @returns why the venue refuses it; undefined when it passes
   */
  refusal(kind: RequestKind, exchTime: number): string | undefined {
    for (const [i, limit] of this.#limits.entries()) {
      if (!this.#counters[i]!.fits(limit.weights[kind], exchTime)) return limit.reason
    }
    for (const [i, limit] of this.#limits.entries()) {
      this.#counters[i]!.take(limit.weights[kind], exchTime)
    }
    return undefined
  }
}

function reasonText(
  isWeighted: boolean,
  rate: { readonly limit: number; readonly interval: string; readonly burst: number | undefined },
): string {
  const what = isWeighted ? 'a weight of requests of ' : ''
  const unit = isWeighted ? '' : ' requests'
  const bursts = rate.burst === undefined ? '' : `, at most ${rate.burst} at once`
  return `rate limit: ${what}${rate.limit}${unit} in ${rate.interval}${bursts}`
}

function readRate(text: string): {
  readonly limit: number
  readonly intervalNs: number
  readonly interval: string
} {
  const match = /^(\d{1,15})\/(\d*(?:\.\d+)?)([a-z]+)$/.exec(text.trim())
  if (match === null || Number(match[1]) === 0) {
    throw bad(`"${text}" is not a rate; expected requests per time such as 10/s or 300/10s`)
  }
  const intervalNs = durationNs(`${match[2] === '' ? '1' : match[2]!}${match[3]!}`)
  if (intervalNs === 0) throw bad(`the time of the rate "${text}" must be above 0`)
  const [, limit = '', count = '', unit = ''] = match
  return { limit: Number(limit), intervalNs, interval: `${count === '' ? '1' : count}${unit}` }
}

function weightsOf(
  { weights = {} }: RateLimitOptions,
  capacity: number,
): Readonly<Record<RequestKind, number>> {
  const all = { submit: 1, cancel: 1, amend: 1, ...weights }
  for (const kind of REQUEST_KINDS) {
    const weight = all[kind]
    if (!(Number.isSafeInteger(weight) && weight >= 0)) {
      throw bad(`the weight of ${kind} must be a whole number, 0 or more, was ${weight}`)
    }
    if (weight > capacity) {
      throw bad(`the weight of ${kind}, ${weight}, is above the limit itself, ${capacity}`)
    }
  }
  return all
}

function bad(message: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', message)
}
