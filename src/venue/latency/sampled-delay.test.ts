import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../../core/index.ts'
import type { LatencyRun } from '../latency-model.ts'
import type { Delay } from './delay.ts'
import { sampledLatency } from './delay-latency.ts'
import { EventRate } from './event-rate.ts'
import { gammaDelay, lognormalDelay, quantileDelay } from './sampled-delay.ts'

const runOf = (seed: number, stream = 0): LatencyRun => ({
  seed,
  stream,
  epochNs: 0n,
  eventRate: (windowNs) => new EventRate(windowNs, 0, new Uint32Array(0)),
})

const DRAWS = 100_000

/** Sorted travel times of messages sent a millisecond apart. */
function draws(delay: Delay, seed = 1): Float64Array {
  const at = delay.begin(runOf(seed), 0)
  return Float64Array.from({ length: DRAWS }, (_, i) => at(i * 1e6)).sort()
}

const quantile = (sorted: Float64Array, p: number): number => sorted[Math.floor(p * DRAWS)]!
const lognormal = (p: number, median: number, sigma: number): number =>
  median * Math.exp(sigma * normalQuantile(p))

describe('sampled delays', () => {
  const standard = draws(lognormalDelay({ median: '1ms', sigma: 0.5 }))

  it.each([0.1, 0.25, 0.5, 0.75, 0.9, 0.99])(
    'have the p=%d quantile of the log-normal within 2 %%',
    (p) => {
      expect(Math.abs(quantile(standard, p) / lognormal(p, 1e6, 0.5) - 1)).toBeLessThan(0.02)
    },
  )

  it('have the two quantiles that were asked for, the least way included', () => {
    const sorted = draws(lognormalDelay({ median: '2ms', quantile: [0.99, '8ms'], min: '1ms' }))
    expect(Math.abs(quantile(sorted, 0.5) / 2e6 - 1)).toBeLessThan(0.02)
    expect(Math.abs(quantile(sorted, 0.99) / 8e6 - 1)).toBeLessThan(0.02)
    expect(sorted[0]).toBeGreaterThanOrEqual(1e6)
  })

  it('have the mean that was asked for', () => {
    const sorted = draws(lognormalDelay({ mean: '1ms', sigma: 0.8, min: '200us' }))
    const mean = sorted.reduce((sum, each) => sum + each, 0) / DRAWS
    expect(Math.abs(mean / 1e6 - 1)).toBeLessThan(0.02)
  })

  // Quantiles of chi-square, from its published tables: gamma of shape k / 2 and scale 2.
  it.each([
    [2, 0.1, 1.0636],
    [2, 0.5, 3.3567],
    [2, 0.9, 7.7794],
    [2, 0.99, 13.2767],
    [0.5, 0.5, 0.454936],
    [0.5, 0.9, 2.70554],
    [0.5, 0.99, 6.6349],
    [5, 0.5, 9.34182],
    [5, 0.95, 18.307],
  ])('have the quantiles of gamma: shape %d, p=%d', (shape, p, chiSquare) => {
    const sorted = draws(gammaDelay({ shape, scale: '2ms' }))
    expect(Math.abs(quantile(sorted, p) / (chiSquare * 1e6) - 1)).toBeLessThan(0.02)
  })

  it('have the measured quantiles, linear between them', () => {
    const sorted = draws(
      quantileDelay([
        [0, '400us'],
        [0.5, '1ms'],
        [0.9, '3ms'],
        [1, '20ms'],
      ]),
    )
    for (const [p, ns] of [
      [0.25, 0.7e6],
      [0.5, 1e6],
      [0.7, 2e6],
      [0.9, 3e6],
      [0.95, 11.5e6],
    ] as const) {
      expect(Math.abs(quantile(sorted, p) / ns - 1)).toBeLessThan(0.02)
    }
    expect(sorted[0]).toBeGreaterThanOrEqual(4e5)
    expect(sorted.at(-1)).toBeLessThanOrEqual(2e7)
  })

  it('stay within their bounds', () => {
    const sorted = draws(gammaDelay({ shape: 1, scale: '1ms', min: '500us', max: '2ms' }))
    expect([sorted[0]! >= 5e5, sorted.at(-1)]).toEqual([true, 2e6])
    expect(draws(quantileDelay([[0.5, '1ms']], { min: '2ms' }))[0]).toBe(2e6)
  })

  it('belong to seed, way and nanosecond: another message more changes no draw', () => {
    const delay = lognormalDelay({ median: '1ms', sigma: 1 })
    const times = [5, 1e9, 2 ** 40 + 1, 2 ** 50]
    const alone = times.map((time) => delay.begin(runOf(3), 0)(time))
    const at = delay.begin(runOf(3), 0)
    const among = times.map((time) => [at(time - 1), at(time), at(time + 1)][1])
    expect(among).toEqual(alone)
    expect(new Set(alone).size).toBe(times.length)
  })

  it('share nothing between seeds, feeds, entry and response', () => {
    const entry = lognormalDelay({ median: '1ms', sigma: 1 })
    const model = sampledLatency({ entry, response: entry })
    const of = (seed: number, stream: number): number[] => {
      const begun = model.forRun!(runOf(seed, stream))
      return [begun.entryNs(7, 'submit'), begun.responseNs(7)]
    }
    const drawn = [...of(1, 0), ...of(2, 0), ...of(1, 1)]
    expect(new Set(drawn).size).toBe(6)
    expect(of(1, 0)).toEqual(of(1, 0))
  })

  it('send messages of one nanosecond together, whatever they ask', () => {
    const delay = lognormalDelay({ median: '1ms', sigma: 1 })
    const begun = sampledLatency({ entry: delay, response: 0 }).forRun!(runOf(1))
    expect(begun.entryNs(9, 'submit')).toBe(begun.entryNs(9, 'cancel'))
  })

  it('show no trace of one draw in the next', () => {
    const at = lognormalDelay({ median: '1ms', sigma: 1 }).begin(runOf(1), 0)
    const logs = Array.from({ length: 20_000 }, (_, i) => Math.log(at(i)) - Math.log(1e6))
    const lagged = logs.slice(1).reduce((sum, each, i) => sum + each * logs[i]!, 0) / logs.length
    expect(Math.abs(lagged)).toBeLessThan(0.03)
  })

  it.each([
    [() => lognormalDelay({ sigma: 1 }), /either a median or a mean/],
    [() => lognormalDelay({ median: '1ms', mean: '1ms', sigma: 1 }), /either a median or a mean/],
    [() => lognormalDelay({ median: '1ms' }), /either a sigma or a second quantile/],
    [() => lognormalDelay({ mean: '1ms', quantile: [0.9, '2ms'] }), /of a mean needs a sigma/],
    [() => lognormalDelay({ median: '1ms', sigma: 0 }), /above 0 and at most 10, was 0/],
    [() => lognormalDelay({ median: '1ms', sigma: 1, min: '1ms' }), /above its min, 1ms, was 1ms/],
    [() => lognormalDelay({ median: '1ms', quantile: [0.99, '1ms'] }), /p99 .* above its median/],
    [() => lognormalDelay({ median: '1ms', quantile: [0.4, '2ms'] }), /above p50/],
    [() => gammaDelay({ shape: Number.NaN, scale: '1ms' }), /shape of gamma .* was NaN/],
    [() => gammaDelay({ shape: 1, scale: 0 }), /scale of gamma must be above 0/],
    [() => gammaDelay({ shape: 1, scale: '1ms', min: '2ms', max: '1ms' }), /max of gamma/],
    [() => quantileDelay([]), /TOO_FEW_ROWS/],
    [() => quantileDelay([[1.2, 5]]), /p120 of quantiles is not between/],
    [
      () =>
        quantileDelay([
          [0.5, 5],
          [0.5, 6],
        ]),
      /p50 of quantiles does not come after p50/,
    ],
    [
      () =>
        quantileDelay([
          [0.5, 5],
          [0.6, 4],
        ]),
      /p60 of quantiles is below p50/,
    ],
  ])('refuse %s', (make, message) => {
    expect(make).toThrow(message)
  })
})
