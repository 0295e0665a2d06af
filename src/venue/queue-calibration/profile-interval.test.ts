import { describe, expect, it } from 'vitest'
import { profileInterval } from './profile-interval.ts'

describe('the profile interval', () => {
  it('of a normal likelihood is 1.96 deviations to each side', () => {
    const found = profileInterval((x) => -0.5 * ((x - 1.234) / 0.2) ** 2, { from: -3, to: 4 })
    expect(found.best).toBeCloseTo(1.234, 2)
    expect(found.low).toBeCloseTo(1.234 - 1.96 * 0.2, 2)
    expect(found.high).toBeCloseTo(1.234 + 1.96 * 0.2, 2)
    expect([found.isOpenBelow, found.isOpenAbove]).toEqual([false, false])
    expect(found.logLikelihood).toBeCloseTo(0, 4)
  })

  it('of a lopsided likelihood is lopsided: 7 events of a Poisson law', () => {
    // ln L = 7 ln m - m; its drop by 1.9207 is at m = 3.045 and 13.42.
    const found = profileInterval((m) => 7 * Math.log(m) - m, { from: 0.5, to: 30 })
    expect(found.best).toBeCloseTo(7, 1)
    expect(7 * Math.log(found.low / 7) - found.low + 7).toBeCloseTo(-1.9207, 2)
    expect(7 * Math.log(found.high / 7) - found.high + 7).toBeCloseTo(-1.9207, 2)
    expect(7 - found.low).toBeLessThan(found.high - 7)
  })

  it('takes the middle of a plateau', () => {
    const found = profileInterval((x) => (x >= 2 && x <= 3 ? -1 : -9), { from: 0, to: 10 })
    expect(found.best).toBeCloseTo(2.5, 2)
    expect([found.low, found.high].map((x) => Math.round(x * 100))).toEqual([200, 300])
  })

  it('finds a peak between two of the places that it scans', () => {
    const found = profileInterval((x) => -8 * Math.abs(x - 5.3), { from: 0, to: 16, scan: 5 })
    expect(found.best).toBeCloseTo(5.3, 2)
  })

  it('finds a narrow peak behind steps where it is told that there are some', () => {
    // A wide step leads away from the peak, which is a hundredth of a scanned cell wide.
    const jagged = (x: number): number =>
      Math.abs(x - 5.2) < 0.02 ? -1 : x > 5.3 && x < 6 ? -20 : -30 - Math.floor(Math.abs(x - 5))
    const found = profileInterval(jagged, { from: 0, to: 16, isJagged: true, tolerance: 1e-3 })
    expect(found.logLikelihood).toBe(-1)
    expect(found.best).toBeCloseTo(5.2, 2)
    expect([found.low, found.high].map((x) => Number(x.toFixed(2)))).toEqual([5.18, 5.22])
    expect(profileInterval(jagged, { from: 0, to: 16 }).logLikelihood).toBeLessThan(-1)
  })

  it('is open where the likelihood does not fall off', () => {
    const found = profileInterval((x) => Math.min(0, x) * 10, { from: -5, to: 5 })
    expect([found.isOpenBelow, found.isOpenAbove, found.high]).toEqual([false, true, 5])
    expect(found.low).toBeCloseTo(-0.192, 2)
    const flat = profileInterval(() => -3, { from: -5, to: 5 })
    expect([flat.isOpenBelow, flat.isOpenAbove, flat.low, flat.high]).toEqual([true, true, -5, 5])
  })
})
