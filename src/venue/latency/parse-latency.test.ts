import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LatencyRun } from '../latency-model.ts'
import { EventRate } from './event-rate.ts'
import { parseDelay, parseLatency } from './parse-latency.ts'

const run: LatencyRun = {
  seed: 1,
  stream: 0,
  epochNs: 0n,
  eventRate: (windowNs) => new EventRate(windowNs, 0, new Uint32Array(0)),
}

describe('latency from text', () => {
  it.each([
    ['1ms,2ms', 'constant 1ms to the exchange, 2ms back'],
    [
      'lognormal(median=1ms,sigma=0.5),gamma(shape=2,scale=300us,min=100us)',
      'lognormal(median=1ms,sigma=0.5) to the exchange, gamma(shape=2,scale=300us,min=100us) back',
    ],
    [
      ' lognormal( p99.9 = 5ms, median = 1ms ) , 1ms ',
      'lognormal(median=1ms,p99.9=5ms) to the exchange, 1ms back',
    ],
    [
      'lognormal(mean=1ms,sigma=1,max=5ms),quantiles(p0=400us,p50=1ms,p100=20ms)',
      'lognormal(mean=1ms,sigma=1,max=5ms) to the exchange, quantiles(p0=400us,p50=1ms,p100=20ms) back',
    ],
    [
      'load(lognormal(median=1ms,sigma=1),p50=1,p99=5),load(1ms,per1000=100us,window=100ms)',
      'load(lognormal(median=1ms,sigma=1),p50=1,p99=5,window=1s) to the exchange, load(1ms,per1000=100us,window=100ms) back',
    ],
    [
      'kinds(submit=2ms,cancel=gamma(shape=1,scale=1ms)),1ms',
      'kinds(submit=2ms,cancel=gamma(shape=1,scale=1ms),amend=2ms) to the exchange, 1ms back',
    ],
  ])('reads %s', (text, name) => {
    expect(parseLatency(text).name).toBe(name)
  })

  it.each([
    'lognormal(median=1ms,sigma=0.5,min=200us)',
    'lognormal(median=1ms,p99=5ms)',
    'gamma(shape=2.5,scale=300us,max=9ms)',
    'quantiles(p10=400us,p50=1ms,p99.9=20ms)',
    'load(1ms,per1000=100us,window=1s)',
    '250us',
  ])('names %s so that it can be read again', (text) => {
    expect(parseDelay(parseDelay(text).name).name).toBe(parseDelay(text).name)
    const at = parseDelay(text).begin(run, 0)
    const again = parseDelay(parseDelay(text).name).begin(run, 0)
    for (let time = 0; time < 1000; time += 7) expect(again(time)).toBe(at(time))
  })

  it('gives each kind of request its own way, amendments that of new orders unless they are named', () => {
    const model = parseLatency('kinds(submit=3ms,cancel=1ms),2ms')
    expect([
      model.entryNs(0, 'submit'),
      model.entryNs(0, 'cancel'),
      model.entryNs(0, 'amend'),
      model.responseNs(0),
    ]).toEqual([3e6, 1e6, 3e6, 2e6])
    expect(parseLatency('kinds(submit=3ms,cancel=1ms,amend=4ms),0ms').entryNs(0, 'amend')).toBe(4e6)
  })

  it.each([
    ['1ms', /"1ms" is not a latency; expected entry,response such as 1ms,1ms/],
    ['1ms,1ms,1ms', /is not a latency/],
    ['1,1', /BAD_DURATION: "1" is not a duration/],
    ['lognormal(median=1ms,sigma=0.5)', /is not a latency/],
    ['lognormal(median=1ms,sigma=0.5,1ms', /brackets/],
    ['lognormal(median=1ms,sigma=x),1ms', /the sigma "x" .* is not a number, 0 or more/],
    ['lognormal(median=1ms,sigma=-1),1ms', /the sigma "-1"/],
    ['lognormal(median=1ms,width=1),1ms', /"width" is unknown .* expected median, mean, sigma/],
    ['lognormal(median=1ms,p90=2ms,p99=3ms),1ms', /more than one second quantile/],
    ['lognormal(1ms,sigma=1),1ms', /"1ms" in .* has no key/],
    ['lognormal(median=1,sigma=1),1ms', /BAD_DURATION: "1" is not a duration/],
    ['lognorma(median=1ms,sigma=1),1ms', /"lognorma" is not a delay; did you mean "lognormal"\?/],
    ['gamma(shape=2),1ms', /must name shape= and scale=/],
    ['quantiles(),1ms', /at least one quantile such as p50/],
    ['quantiles(p50=2ms,p40=3ms),1ms', /p40 of quantiles does not come after p50/],
    ['quantiles(p150=2ms),1ms', /p150 of quantiles is not between p0 and p100/],
    ['load(per1000=1us),1ms', /must begin with the delay/],
    ['load(1ms,2ms,per1000=1us),1ms', /"2ms" in .* has no key/],
    ['load(1ms,p99=fast),1ms', /the factor "fast"/],
    [
      '1ms,kinds(submit=1ms,cancel=1ms)',
      /"kinds" is not a delay; kinds stands for the entry alone/,
    ],
    ['kinds(submit=1ms),1ms', /must name submit= and cancel=/],
    ['kinds(submit=1ms,cancel=1ms,new=1ms),1ms', /"new" is unknown/],
    ['recorded:', /names no file/],
    ['recorded:trips.csv', /cannot be read from a file here/],
    ['gamma(shape=2,scale=1ms)x,1ms', /is not a delay/],
  ])('refuses %s', (text, message) => {
    expect(() => parseLatency(text)).toThrow(message)
  })

  it('tells of any other text in one sentence', () => {
    const letters = fc.constantFrom(...'(),=pkms019.lognormalgamma:'.split(''))
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 30, size: 'max' }), (text) => {
        try {
          parseLatency(text)
        } catch (error) {
          expect(String(error)).toMatch(/^LobtraderError: BAD_(ARGUMENT|DURATION): .+$/)
        }
      }),
      { seed: 4, numRuns: 500 },
    )
  })
})
