import { describe, expect, it } from 'vitest'
import { makerTakerFees, parseFees } from './fee-model.ts'
import { constantLatency } from './latency-model.ts'
import { parseLatency } from './latency/parse-latency.ts'

describe('fees', () => {
  it('charges a share of the traded value, a rebate being negative (H27)', () => {
    expect(makerTakerFees({ makerBps: -0.5, takerBps: 7 }).fee(10_000, true)).toBeCloseTo(-0.5, 12)
    expect(makerTakerFees({ makerBps: -0.5, takerBps: 7 }).fee(10_000, false)).toBeCloseTo(7, 12)
  })

  it('reads the text of the command line', () => {
    expect(parseFees('maker=-0.5bps,taker=7bps').name).toBe('maker -0.5 bps, taker 7 bps')
  })

  it.each([
    'maker=1bps',
    'maker=1,taker=2',
    'maker=1bps,maker=2bps',
    'maker=NaNbps,taker=1bps',
    '',
  ])('refuses %j', (text) => {
    expect(() => parseFees(text)).toThrow(/BAD_ARGUMENT.*(maker|taker)/)
  })

  it('refuses a rate that is not finite', () => {
    expect(() => makerTakerFees({ makerBps: Number.NaN, takerBps: 1 })).toThrow(/finite/)
  })
})

describe('latency', () => {
  it('is the same for every message', () => {
    const latency = constantLatency({ entry: '50us', response: '1ms' })
    expect([latency.entryNs(5, 'submit'), latency.responseNs(7)]).toEqual([50_000, 1_000_000])
  })

  it.each(['1ms', '1ms,2ms,3ms', '1,2', 'a,b', '-1ms,1ms'])('refuses %j', (text) => {
    expect(() => parseLatency(text)).toThrow(/BAD_(ARGUMENT|DURATION)/)
  })
})
