import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalQuantile } from './normal-quantile.ts'

describe('the normal quantile', () => {
  // Python 3.11, statistics.NormalDist().inv_cdf.
  it.each([
    [1e-20, -9.262340089798405],
    [1e-9, -5.9978070150076865],
    [0.001, -3.090232306167813],
    [0.025, -1.9599639845400538],
    [0.3, -0.5244005127080407],
    [0.5, 0],
    [0.75, 0.6744897501960817],
    [0.99, 2.3263478740408408],
    [1 - 1e-9, 5.997807019601638],
  ])('of %d is %d', (p, z) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(z)))
  })

  it('is odd around one half and rises', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 20 - 2 }), (k) => {
        const p = k / 2 ** 20
        expect(normalQuantile(1 - p)).toBe(-normalQuantile(p) + 0)
        expect(normalQuantile(p + 2 ** -20)).toBeGreaterThan(normalQuantile(p))
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it.each([0, 1, -1, Number.NaN])('has none of %d', (p) => {
    expect(() => normalQuantile(p)).toThrow('0 < p < 1')
  })
})
