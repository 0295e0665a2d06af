import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mean, quantile, ratio, standardDeviation } from './statistics.ts'

describe('descriptive statistics', () => {
  test('the standard deviation divides by n - 1', () => {
    // 2, 4, 4, 4, 5, 5, 7, 9: sum of squared deviations 32 around 5.
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 15)
    expect(mean([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5)
  })

  test('too few values give null, never NaN', () => {
    expect([mean([]), standardDeviation([]), standardDeviation([3]), quantile([], 0.5)]).toEqual([
      null,
      null,
      null,
      null,
    ])
    expect([ratio(1, 0), ratio(0, 0), ratio(1, 2)]).toEqual([null, null, 0.5])
  })

  test('quantiles interpolate between order statistics', () => {
    // numpy.quantile([1, 2, 4, 8], [0, .25, .5, .9, 1]) with its default method.
    const at = [0, 0.25, 0.5, 0.9, 1].map((q) => quantile([1, 2, 4, 8], q)!)
    expect(at.map((value) => Number(value.toFixed(12)))).toEqual([1, 1.75, 3, 6.8, 8])
  })

  test('a quantile never leaves the range and never falls as q grows', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (raw, q) => {
        const sorted = raw.toSorted((a, b) => a - b)
        const value = quantile(sorted, q)!
        expect(value).toBeGreaterThanOrEqual(sorted[0]!)
        expect(value).toBeLessThanOrEqual(sorted.at(-1)!)
        expect(quantile(sorted, q / 2)!).toBeLessThanOrEqual(value)
      }),
    )
  })
})
