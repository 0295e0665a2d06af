import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Prng } from '../../core/index.ts'
import { RollingVolatility } from './volatility.ts'

/** The obvious twin: all samples kept, changes squared and summed afresh. */
function plainVolatility(mids: readonly number[], window: number, intervalSeconds: number): number {
  const squares: number[] = []
  for (let i = 1; i < mids.length; i++) {
    const change = mids[i]! - mids[i - 1]!
    if (Number.isFinite(change)) squares.push(change * change)
  }
  const last = squares.slice(-window)
  return Math.sqrt(last.reduce((sum, each) => sum + each, 0) / last.length / intervalSeconds)
}

describe('RollingVolatility', () => {
  it('equals the root of the mean squared change per second over its window', () => {
    const volatility = new RollingVolatility({
      interval: '250ms',
      window: 3,
      initial: 9,
      leastChanges: 2,
    })
    const values = [100, 101, 99, 99, 102].map((mid) => {
      volatility.add(mid)
      return volatility.value
    })
    expect(values.slice(0, 2)).toEqual([9, 9])
    expect(values[2]).toBeCloseTo(Math.sqrt((1 + 4) / 2 / 0.25), 12)
    expect(values[3]).toBeCloseTo(Math.sqrt((1 + 4 + 0) / 3 / 0.25), 12)
    expect(values[4]).toBeCloseTo(Math.sqrt((4 + 0 + 9) / 3 / 0.25), 12)
  })

  it('agrees with a sum made afresh after every sample, whatever the samples', () => {
    const sample = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    )
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 80, size: 'max' }),
        fc.integer({ min: 1, max: 9 }),
        (mids, window) => {
          const options = { interval: '2s', window, initial: -0, leastChanges: 1 } as const
          const volatility = new RollingVolatility(options)
          for (let n = 0; n < mids.length; n++) {
            volatility.add(mids[n]!)
            if (!volatility.isReady) continue
            const expected = plainVolatility(mids.slice(0, n + 1), window, 2)
            expect(volatility.value).toBeCloseTo(expected, 9)
          }
        },
      ),
    )
  })

  it('forgets a jump without a trace once it leaves the window', () => {
    const volatility = new RollingVolatility({
      interval: '1s',
      window: 4,
      initial: 0,
      leastChanges: 1,
    })
    for (const mid of [0, 1e9, 1e9 + 0.5, 1e9, 1e9 + 0.5, 1e9]) volatility.add(mid)
    expect(volatility.value).toBe(0.5)
  })

  it('recovers the volatility of a simulated Brownian motion', () => {
    const prng = new Prng(6)
    const volatility = new RollingVolatility({ interval: '100ms', window: 5000, initial: 1 })
    let mid = 10_000
    for (let i = 0; i < 8000; i++) {
      volatility.add(mid)
      mid += 2.5 * Math.sqrt(0.1) * prng.nextNormal()
    }
    // Standard error 1 / sqrt(2 x 5000) = 1 %.
    expect(Math.abs(volatility.value / 2.5 - 1)).toBeLessThan(0.03)
  })

  it.each([
    [{ interval: 0, window: 5, initial: 1 }, 'interval'],
    [{ interval: '1s', window: 0, initial: 1 }, 'window'],
    [{ interval: '1s', window: 5, initial: Number.NaN }, 'initial'],
    [{ interval: '1s', window: 5, initial: 1, leastChanges: 6 }, 'leastChanges'],
  ])('refuses %o', (options, name) => {
    expect(() => new RollingVolatility(options)).toThrow(`BAD_ARGUMENT: volatility ${name}`)
  })
})
