import { describe, expect, it } from 'vitest'
import { constantLatency } from './latency-model.ts'
import { parseLatency } from './latency/parse-latency.ts'

describe('latency', () => {
  it('is the same for every message', () => {
    const latency = constantLatency({ entry: '50us', response: '1ms' })
    expect([latency.entryNs(5, 'submit'), latency.responseNs(7)]).toEqual([50_000, 1_000_000])
  })

  it.each(['1ms', '1ms,2ms,3ms', '1,2', 'a,b', '-1ms,1ms'])('refuses %j', (text) => {
    expect(() => parseLatency(text)).toThrow(/BAD_(ARGUMENT|DURATION)/)
  })
})
