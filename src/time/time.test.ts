import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HighPrecisionClock } from './clock.ts'
import { durationNs, formatDuration } from './duration.ts'
import { formatInstant, instantNs, midnightBefore, utcDay } from './instant.ts'

describe('durations', () => {
  it.each([
    ['1ns', 1],
    ['250us', 250_000],
    ['1.5ms', 1_500_000],
    ['1s', 1e9],
    ['5m', 300e9],
    ['2h', 7200e9],
    ['1d', 86_400e9],
    [42, 42],
  ])('%s is %d ns', (text, ns) => {
    expect(durationNs(text)).toBe(ns)
  })

  it.each([
    '',
    '5',
    'ms',
    '-1ms',
    '1.5ns',
    '1 s',
    '1min',
    Number.NaN,
    -1,
    0.5,
    Number.POSITIVE_INFINITY,
  ])('refuses %j', (value) => {
    expect(() => durationNs(value)).toThrow(/BAD_DURATION/)
  })

  it('are written in the unit that fits', () => {
    expect([0, 1500, 2.5e6, 90e9, 3_660e9].map(formatDuration)).toEqual([
      '0ns',
      '1.5us',
      '2.5ms',
      '1m 30s',
      '1h 01m',
    ])
  })
})

describe('instants', () => {
  it('read back to the nanosecond', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 4n * 10n ** 18n }), (ns) => {
        expect(instantNs(formatInstant(ns))).toBe(ns)
      }),
    )
  })

  it.each([
    ['2024-08-08T23:55Z', 1_723_161_300_000_000_000n],
    ['2024-08-08T23:55:00.000000001Z', 1_723_161_300_000_000_001n],
    ['2024-08-09T01:55:00+02:00', 1_723_161_300_000_000_000n],
    ['2024-08-08', 1_723_075_200_000_000_000n],
    ['1723161300000000000', 1_723_161_300_000_000_000n],
  ])('%s', (text, ns) => {
    expect(instantNs(text)).toBe(ns)
  })

  it.each([
    '',
    'yesterday',
    '2024-13-01',
    '2024-02-30',
    '2024-01-01T25:00Z',
    '2016-12-31T23:59:60Z',
  ])('refuses %j', (text) => {
    expect(() => instantNs(text)).toThrow(/BAD_INSTANT/)
  })

  it('fall on UTC days, before 1970 too', () => {
    expect(utcDay(-1n)).toBe('1969-12-31')
    expect(midnightBefore(-1n)).toBe(-86_400_000_000_000n)
    expect(midnightBefore(86_400_000_000_001n)).toBe(86_400_000_000_000n)
  })
})

describe('the high-precision clock', () => {
  it('never goes back and steps in nanoseconds, not in milliseconds times a million', () => {
    const readings = Array.from({ length: 2000 }, () => HighPrecisionClock.nowNs())
    let offMillisecond = 0
    for (let i = 1; i < readings.length; i++) {
      expect(readings[i]! >= readings[i - 1]!).toBe(true)
      if (readings[i]! % 1000n !== 0n) offMillisecond++
    }
    expect(offMillisecond).toBeGreaterThan(1000)
  })

  it('agrees with the wall clock to a few milliseconds', () => {
    HighPrecisionClock.reanchor()
    const difference = Number(HighPrecisionClock.nowNs()) / 1e6 - Date.now()
    expect(Math.abs(difference)).toBeLessThan(50)
    expect(HighPrecisionClock.nowUs()).toBeLessThanOrEqual(HighPrecisionClock.nowNs() / 1000n)
  })
})
