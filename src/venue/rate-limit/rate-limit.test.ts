import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RequestKind } from '../latency-model.ts'
import { parseRateLimit } from './parse-rate-limit.ts'
import { RateGate, rateLimit, type RateLimit, type RateRule } from './rate-limit.ts'

const second = 1e9

/** Which of these requests the venue takes. */
function taken(
  limits: readonly RateLimit[],
  times: readonly number[],
  kind: RequestKind = 'submit',
): boolean[] {
  const gate = new RateGate(limits)
  return times.map((time) => gate.refusal(kind, time) === undefined)
}

interface Passed {
  readonly time: number
  readonly weight: number
}

/** The rules as one would say them, over all that has passed so far. */
const OBVIOUS: Readonly<Record<RateRule, (passed: readonly Passed[], next: Passed) => boolean>> = {
  fixed: (passed, next) => {
    const window = (time: number): number => Math.floor(time / 100)
    const same = passed.filter(({ time }) => window(time) === window(next.time))
    return next.weight === 0 || sum(same) + next.weight <= 5
  },
  sliding: (passed, next) => {
    const recent = passed.filter(({ time }) => time > next.time - 100)
    return next.weight === 0 || sum(recent) + next.weight <= 5
  },
  // Over every stretch that ends now: no more than the burst and what has flowed in since.
  bucket: (passed, next) =>
    next.weight === 0 ||
    passed.every(({ time }, i) => {
      return sum(passed.slice(i)) + next.weight <= 7 + ((next.time - time) * 5) / 100 + 1e-6
    }),
}

const sum = (passed: readonly Passed[]): number =>
  passed.reduce((total, { weight }) => total + weight, 0)

describe('a rate limit', () => {
  it.each(['fixed', 'sliding', 'bucket'] as const)('counts as its rule says: %s', (rule) => {
    const limit = rateLimit({
      requests: '5/100ns',
      rule,
      burst: rule === 'bucket' ? 7 : undefined,
      weights: { submit: 1, cancel: 0, amend: 2 },
    })
    const request = fc.record({
      gap: fc.integer({ min: 0, max: 60 }),
      kind: fc.constantFrom<RequestKind>('submit', 'cancel', 'amend'),
    })
    fc.assert(
      fc.property(fc.array(request, { maxLength: 80, size: 'max' }), (requests) => {
        const gate = new RateGate([limit])
        const passed: Passed[] = []
        let time = 0
        for (const { gap, kind } of requests) {
          time += gap
          const next = { time, weight: limit.weights[kind] }
          const fits = OBVIOUS[rule](passed, next)
          expect(gate.refusal(kind, time) === undefined).toBe(fits)
          if (fits) passed.push(next)
        }
      }),
      { seed: 5, numRuns: 300 },
    )
  })

  it('by fixed windows starts anew at each multiple of its length (Binance: 00:01:23.456 counts towards 00:01:00)', () => {
    const minute = 60 * second
    const limit = rateLimit({ requests: '2/1m' })
    const times = [83.456, 84, 119.999, 120, 121, 122].map((s) => s * second)
    expect(taken([limit], times)).toEqual([true, true, false, true, true, false])
    expect(taken([limit], [minute - 1, minute - 1, minute, minute])).toEqual(Array(4).fill(true))
  })

  it('by a sliding window never takes more than it says in any stretch of its length', () => {
    const limit = rateLimit({ requests: '2/s', rule: 'sliding' })
    const times = [0.9, 0.95, 1.0, 1.899, 1.9, 1.95, 1.96].map((s) => s * second)
    expect(taken([limit], times)).toEqual([true, true, false, false, true, true, false])
  })

  it('by a bucket takes a burst, then as fast as tokens flow (Coinbase: 15 per second, bursts of 30)', () => {
    const limit = rateLimit({ requests: '15/s', rule: 'bucket', burst: 30 })
    const all = taken([limit], Array(31).fill(0))
    expect(all.indexOf(false)).toBe(30)
    const later = taken([limit], [...Array(30).fill(0), second / 15, second / 15, 2 * second])
    expect(later.slice(30)).toEqual([true, false, true])
  })

  it('is one of several that must all be kept; what one refuses counts in none', () => {
    const limits = [rateLimit({ requests: '2/10s' }), rateLimit({ requests: '3/1m' })]
    const times = [0, 1, 2, 10, 11, 12, 20].map((s) => s * second)
    expect(taken(limits, times)).toEqual([true, true, false, true, false, false, false])
  })

  it('says what was exceeded', () => {
    const gate = new RateGate([parseRateLimit('10/s')])
    for (let i = 0; i < 10; i++) expect(gate.refusal('submit', i)).toBeUndefined()
    expect(gate.refusal('cancel', 10)).toBe('rate limit: 10 requests in 1s')
    expect(parseRateLimit('bucket(5/s,burst=20)').reason).toBe(
      'rate limit: 5 requests in 1s, at most 20 at once',
    )
    expect(parseRateLimit('fixed(100/10s,cancel=0)').reason).toBe(
      'rate limit: a weight of requests of 100 in 10s',
    )
  })
})

describe('a rate limit from text', () => {
  it.each([
    ['10/s', '10/1s'],
    ['300/10s', '300/10s'],
    ['fixed(1200/1m)', '1200/1m'],
    ['sliding( 10/0.5s , cancel=0 )', 'sliding(10/0.5s,cancel=0)'],
    ['bucket(15/s,burst=30,amend=2)', 'bucket(15/1s,burst=30,amend=2)'],
  ])('reads %s', (text, name) => {
    expect(parseRateLimit(text).name).toBe(name)
    expect(parseRateLimit(name).name).toBe(name)
  })

  it.each([
    ['', /"" is not a rate; expected requests per time such as 10\/s/],
    ['10', /"10" is not a rate/],
    ['0/s', /"0\/s" is not a rate/],
    ['-1/s', /"-1\/s" is not a rate/],
    ['10/x', /BAD_DURATION: "1x" is not a duration/],
    ['10/0s', /the time of the rate "10\/0s" must be above 0/],
    ['slidin(10/s)', /"slidin" is not a rule of rate limits; did you mean "sliding"\?/],
    ['sliding()', /must name one rate/],
    ['sliding(10/s,20/s)', /must name one rate/],
    ['sliding(10/s', /is not a rate limit/],
    ['sliding(10/s,burst=5)', /a sliding rate limit has no burst/],
    ['bucket(10/s,burst=0)', /burst .* above 0, was 0/],
    ['bucket(10/s,burst=many)', /burst .* was NaN/],
    ['fixed(10/s,submit=20)', /weight of submit, 20, is above the limit itself, 10/],
    ['fixed(10/s,submit=-1)', /weight of submit .* was NaN/],
    ['fixed(10/s,new=1)', /"new" is unknown/],
  ])('refuses %j', (text, message) => {
    expect(() => parseRateLimit(text)).toThrow(message)
  })
})
