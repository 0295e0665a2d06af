/** Rate limits from text. */
import { LobtraderError, didYouMean, readCall } from '../../core/index.ts'
import { REQUEST_KINDS, type RequestKind } from '../latency-model.ts'
import { RATE_RULES, rateLimit, type RateLimit, type RateRule } from './rate-limit.ts'

const FORMS =
  'expected such as 10/s, sliding(300/10s), bucket(15/s,burst=30) or fixed(1200/1m,cancel=0)'
const KEYS = ['burst', ...REQUEST_KINDS]

/**
 * Reads a rate limit: `N/TIME` is a fixed window; a rule and weights stand around it as in
 * `sliding(N/TIME,submit=1,cancel=0,amend=1)` and `bucket(N/TIME,burst=B)`.
 *
 * @throws LobtraderError BAD_ARGUMENT or BAD_DURATION
 */
export function parseRateLimit(text: string): RateLimit {
  const call = readCall(text)
  if (call === undefined) {
    if (/[()]/.test(text)) throw bad(text, `"${text}" is not a rate limit; ${FORMS}`)
    return rateLimit({ requests: text })
  }
  const { name, parts, options } = call
  const rule = RATE_RULES.find((each) => each === name)
  if (rule === undefined) {
    throw bad(
      text,
      `"${name}" is not a rule of rate limits${didYouMean(name, RATE_RULES)} (${FORMS})`,
    )
  }
  const [requests] = parts
  if (requests === undefined || parts.length > 1) {
    throw bad(text, `"${text}" must name one rate; ${FORMS}`)
  }
  return limitOf(text, { rule, requests, options })
}

function limitOf(
  text: string,
  read: {
    readonly rule: RateRule
    readonly requests: string
    readonly options: ReadonlyMap<string, string>
  },
): RateLimit {
  const weights: Partial<Record<RequestKind, number>> = {}
  let burst: number | undefined
  for (const [key, value] of read.options) {
    if (!KEYS.includes(key)) {
      throw bad(text, `"${key}" is unknown in "${text}"${didYouMean(key, KEYS)} (${FORMS})`)
    }
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
    if (key === 'burst') burst = number
    else weights[key as RequestKind] = number
  }
  return rateLimit({ requests: read.requests, rule: read.rule, burst, weights })
}

function bad(value: string, message: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', message, { value })
}
