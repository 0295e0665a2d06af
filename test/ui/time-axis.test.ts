import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatInstant } from '../../src/time/index.ts'
import { TIME_STEPS, timeLabels, timeTicks } from '../../ui/time-axis.ts'
import { RunClock } from '../../ui/time-text.ts'

// 2024-08-08T00:00Z
const clock = new RunClock('1723075200000000000')

describe('the clock of a run', () => {
  test('tells the same time as exact arithmetic', () => {
    const epochs = fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n })
    fc.assert(
      fc.property(epochs, fc.integer({ min: 0, max: 9e15 }), (epoch, time) => {
        const exact = formatInstant(epoch + BigInt(time))
        const run = new RunClock(String(epoch))
        expect(`${run.day(time)}T${run.timeOfDay(time, 9)}Z`).toBe(exact)
      }),
    )
  })

  test('shows as many decimals as say something', () => {
    expect([0, 1e6, 1e3, 1].map((time) => clock.full(time))).toEqual([
      '2024-08-08 00:00:00',
      '2024-08-08 00:00:00.001',
      '2024-08-08 00:00:00.000001',
      '2024-08-08 00:00:00.000000001',
    ])
  })
})

describe('ticks of time', () => {
  test('stand at round times within the stretch', () => {
    expect(timeTicks(clock, 86_100, 86_700, 300)).toEqual([86_100, 86_400, 86_700])
    expect(timeLabels(clock, [86_100, 86_400, 86_700], 300)).toEqual([
      '23:55\nAug 8',
      '00:00\nAug 9',
      '00:05',
    ])
  })

  test('labels are as fine as the step', () => {
    const label = (step: number): string => timeLabels(clock, [3661.25], step)[0]!
    expect([60, 1, 0.01, 1e-5].map(label)).toEqual([
      '01:01\nAug 8',
      '01:01:01\nAug 8',
      '01:01:01.250\nAug 8',
      '01:01:01.250000\nAug 8',
    ])
  })

  test('months and years begin on their first days', () => {
    const years = new RunClock('1136160000000000000')
    const month = TIME_STEPS.find((step) => step > 28 * 86_400)!
    const ticks = timeTicks(years, 0, 100 * 86_400, month)
    expect(timeLabels(years, ticks, month)).toEqual(['Feb 2006', 'Mar 2006', 'Apr 2006'])
    expect(ticks.map((tick) => years.full(tick * 1e9))).toEqual([
      '2006-02-01 00:00:00',
      '2006-03-01 00:00:00',
      '2006-04-01 00:00:00',
    ])
    const year = TIME_STEPS.find((step) => step > 360 * 86_400)!
    expect(timeLabels(years, timeTicks(years, 0, 800 * 86_400, year), year)).toEqual([
      '2007',
      '2008',
    ])
  })

  test('an epoch off midnight does not move the ticks off round times', () => {
    const odd = new RunClock('1723075213500000000')
    const ticks = timeTicks(odd, 0, 120, 60)
    expect(ticks.map((tick) => odd.timeOfDay(tick * 1e9, 3))).toEqual([
      '00:01:00.000',
      '00:02:00.000',
    ])
  })
})
