import { describe, expect, it } from 'vitest'
import { bootstrapMean, wilsonInterval } from './intervals.ts'
import { Prng } from './prng.ts'

describe('the interval of a share', () => {
  // Newcombe (1998), "Two-sided confidence intervals for the single proportion", Statistics in
  // Medicine 17, table I, score method.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%d of %d', (hits, count, low, high) => {
    const interval = wilsonInterval(hits, count)
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  })

  it('reaches the end where all or none have the property, and says nothing of nothing', () => {
    expect(wilsonInterval(20, 20).high).toBe(1)
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 })
  })

  it('refuses more hits than there are', () => {
    expect(() => wilsonInterval(3, 2)).toThrow('0 <= hits <= count')
  })
})

describe('the interval of a mean', () => {
  it('holds the true mean in about 95 of 100 samples', () => {
    const prng = new Prng(2)
    let holds = 0
    for (let sample = 0; sample < 200; sample++) {
      const values = Array.from({ length: 60 }, () => 5 + prng.nextNormal())
      const { low, high } = bootstrapMean(values, sample)
      if (low <= 5 && 5 <= high) holds++
    }
    expect(holds).toBeGreaterThan(178)
    expect(holds).toBeLessThan(199)
  })

  it('is as wide as the theory says', () => {
    const prng = new Prng(3)
    const values = Array.from({ length: 400 }, () => prng.nextNormal())
    const { low, high } = bootstrapMean(values, 1)
    expect((high - low) / ((2 * 1.96) / Math.sqrt(400))).toBeGreaterThan(0.85)
    expect((high - low) / ((2 * 1.96) / Math.sqrt(400))).toBeLessThan(1.15)
  })

  it('is a point where all values are alike, and repeats by its seed', () => {
    expect(bootstrapMean([0.1, 0.1, 0.1], 1)).toEqual({ low: 0.1, high: 0.1 })
    expect(bootstrapMean([], 1)).toEqual({ low: Number.NaN, high: Number.NaN })
    expect(bootstrapMean([1, 2, 5], 1)).toEqual(bootstrapMean([1, 2, 5], 1))
  })
})
