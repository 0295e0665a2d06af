import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Prng } from '../../core/index.ts'
import { clockDrift } from './clock-drift.ts'
import { ClockWindows, joinedWindows } from './clock-windows.ts'
import { LogHistogram } from './log-histogram.ts'

describe('a log histogram', () => {
  it('gives every quantile within 1/64 of its distance from the first value', () => {
    const value = fc.oneof(
      fc.integer({ min: -2_000_000_000, max: -1_100_000_000 }),
      fc.integer({ min: -100, max: 100 }),
      fc.maxSafeInteger(),
    )
    const values = fc.array(value, { minLength: 1, maxLength: 200, size: 'max' })
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const histogram = new LogHistogram()
        for (const one of all) histogram.note(one)
        const sorted = all.toSorted((a, b) => a - b)
        const exact = sorted[Math.max(0, Math.ceil(share * all.length) - 1)]!
        const error = Math.abs(histogram.quantile(share) - exact)
        expect(error).toBeLessThanOrEqual(Math.abs(exact - all[0]!) / 64 + 1)
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('keeps least, greatest and count exactly, alone and added to another', () => {
    const a = new LogHistogram()
    const b = new LogHistogram()
    for (const one of [-1_270_000_123, -1_270_500_000, -1_200_000_001]) a.note(one)
    for (const one of [5, 7_777_777]) b.note(one)
    a.add(b)
    expect([a.count, a.min, a.max]).toEqual([5, -1_270_500_000, 7_777_777])
    expect(a.quantile(0.9)).toBe(7_777_777)
  })

  it('spreads its counts over bins without losing any', () => {
    const histogram = new LogHistogram()
    for (let i = 0; i < 1000; i++) histogram.note(i * i)
    const bins = histogram.bins(0, 1_100_000, 50)
    expect(bins.reduce((sum, count) => sum + count, 0)).toBeCloseTo(1000, 6)
    // Squares are dense at the low end: sqrt(22,000) = 148 of them in the first bin.
    expect(bins[0]).toBeCloseTo(149, -1)
  })
})

/** Messages of a clock that drifts, with queueing that is never negative. */
function drifting(ppm: number, seconds: number, seed = 1): ClockWindows {
  const random = new Prng(seed)
  const windows = new ClockWindows()
  const count = seconds * 20
  for (let i = 0; i < count; i++) {
    const venue = (i * seconds * 1e9) / count
    const queueing = -Math.log(1 - random.next()) * 5e6
    const latency = Math.round(2e6 + queueing + (venue * ppm) / 1e6)
    windows.note(Math.round(venue) + latency, latency)
  }
  return windows
}

describe('the drift of a clock', () => {
  it.each([0, 25, -25, 200, -3])('of %d ppm is measured within its error', (ppm) => {
    const found = clockDrift(drifting(ppm, 600).windows())
    const spanNs = 600e9
    expect((Math.abs(found.ppm - ppm) / 1e6) * spanNs).toBeLessThan(5 * found.errorNs)
    expect(found.movedNs).toBeCloseTo((found.ppm / 1e6) * spanNs, -7)
    expect(Math.abs(found.ppm - ppm)).toBeLessThan(1.5)
  })

  it('is not moved by a fifth of stretches without a fast message', () => {
    const windows = drifting(40, 600).windows()
    const broken = windows.map((window, i) =>
      i % 5 === 0 ? { ...window, min: window.min + 80e6 } : window,
    )
    // Stretches join several windows, so the disturbed ones are hidden by their neighbours.
    expect(clockDrift(broken).ppm).toBeCloseTo(40, 0)
  })

  it('is not told by less than ten seconds or a handful of messages', () => {
    expect(clockDrift(drifting(500, 9).windows()).ppm).toBe(0)
    const few = new ClockWindows()
    for (let i = 0; i < 300; i++) few.note(i * 1e9, i * 1e6)
    expect(clockDrift(few.windows()).ppm).toBe(0)
  })

  it('is the same for two instruments that one clock has stamped', () => {
    const parts = [drifting(60, 300, 1), drifting(60, 300, 2)]
    expect(clockDrift(joinedWindows(parts).windows()).ppm).toBeCloseTo(60, 0)
  })
})

describe('clock windows', () => {
  it('keep count, least and greatest of any stretch of time in bounded memory', () => {
    const windows = new ClockWindows()
    for (let i = 0; i < 100_000; i++) windows.note(i * 1e9, 1000 + ((i * 7919) % 500))
    const all = windows.windows()
    expect(all.length).toBeLessThanOrEqual(1024)
    expect(all.length).toBeGreaterThan(500)
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(100_000)
    expect(Math.min(...all.map(({ min }) => min))).toBe(1000)
    expect(Math.max(...all.map(({ max }) => max))).toBe(1499)
    for (const { min, mean, max } of all) {
      expect(mean).toBeGreaterThan(min)
      expect(mean).toBeLessThan(max)
    }
  })
})
