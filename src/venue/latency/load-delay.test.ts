import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CutBlocks, anyCuts } from '../../../test/cut-blocks.ts'
import { Tape } from '../../../test/tape.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  LOCAL_ONLY_BIT,
  blockTape,
  eventCode,
  memoryTape,
  type EventColumns,
  type EventTape,
} from '../../market/index.ts'
import type { LatencyRun } from '../latency-model.ts'
import { eventRate } from './event-rate.ts'
import { loadDelay } from './load-delay.ts'

/** Rows at these venue times, received 7 ns later. */
function rowsAt(times: readonly number[], visibility = 0): EventColumns {
  const tape = new Tape(7)
  for (const time of times) tape.row(time, eventCode(EventKind.DepthSet, 1, visibility), 100, 1)
  return tape.events()
}

const runOver = (tape: EventTape): LatencyRun => ({
  seed: 1,
  stream: 0,
  epochNs: 0n,
  eventRate: (windowNs) => eventRate(tape, windowNs),
})

const sortedTimes = fc
  .array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 60, size: 'max' })
  .map((times) => times.toSorted((a, b) => a - b))

describe('event rates', () => {
  it('count the events of the trailing window, no later ones, at most a tenth of it behind', () => {
    fc.assert(
      fc.property(sortedTimes, fc.integer({ min: 0, max: 6000 }), (times, now) => {
        const windowNs = 1000
        const rate = eventRate(memoryTape(rowsAt(times)), windowNs)
        const from = times[0]! + 7
        // Tenths begin with the first row's local time; what happened before counts to the first.
        const until = from + Math.floor((now - from) / 100) * 100
        const counted = times.filter((time) => {
          const at = Math.max(time, from)
          return at >= until - windowNs && at < until
        })
        const last = times.at(-1)! + 7
        if (now <= last) expect(rate.at(now)).toBeCloseTo((counted.length / windowNs) * 1e9, 3)
      }),
      { seed: 2, numRuns: 300 },
    )
  })

  it('are 0 before the tape, long behind it, and on an empty one', () => {
    const rate = eventRate(memoryTape(rowsAt([100, 200])), 1000)
    expect([rate.at(-5), rate.at(50_000)]).toEqual([0, 0])
    expect(eventRate(memoryTape(rowsAt([])), 1000).at(7)).toBe(0)
  })

  it('leave out rows that only we see', () => {
    const at = (visibility: number): number =>
      eventRate(memoryTape(rowsAt([0, 0, 500, 2000], visibility)), 1000).at(900)
    expect([at(EXCH_ONLY_BIT), at(LOCAL_ONLY_BIT)]).toEqual([3e6, 0])
  })

  it('are those of the whole tape wherever it is cut into windows', () => {
    fc.assert(
      fc.property(sortedTimes, anyCuts(60), (times, cuts) => {
        const events = rowsAt(times)
        const whole = eventRate(memoryTape(events), 1000)
        const cut = eventRate(blockTape(new CutBlocks(events, cuts)), 1000)
        for (let now = 0; now < 6000; now += 70) expect(cut.at(now)).toBe(whole.at(now))
      }),
      { seed: 3, numRuns: 60 },
    )
  })

  it('refuse a window so short that the tape has too many of them', () => {
    expect(() => eventRate(memoryTape(rowsAt([0, 90e9])), 10)).toThrow(
      /OUT_OF_RANGE.*over 10ns need 90000000001 counts.*take a longer window/,
    )
  })
})

describe('a delay under load', () => {
  const second = 1e9
  /** A quiet second, then one of 2,000 events, then a quiet one. */
  const busy = memoryTape(
    rowsAt([0, ...Array.from({ length: 2000 }, (_, i) => second + 10 + i * 4e5), 3 * second]),
  )

  it('grows by the slope for every 1,000 events per second', () => {
    const at = loadDelay('1ms', { per1000: '500us' }).begin(runOver(busy), 0)
    expect([at(0.9 * second), at(2 * second + 1e7), at(2.99 * second)]).toEqual([
      1_000_500, 2e6, 1e6,
    ])
  })

  it('is multiplied as its rate ranks among those of the tape', () => {
    const at = loadDelay('1ms', {
      factors: [
        [0.5, 1],
        [0.6, 10],
      ],
    }).begin(runOver(busy), 0)
    expect(at(2 * second)).toBe(10e6)
    expect(at(second - 1e7)).toBeLessThan(3e6)
  })

  it('makes slow messages follow one another', () => {
    const at = loadDelay('1ms', { per1000: '1ms' }).begin(runOver(busy), 0)
    const delays = Array.from({ length: 300 }, (_, i) => at(i * 1e7))
    const mean = delays.reduce((a, b) => a + b) / delays.length
    const cov = (lag: number): number =>
      delays.slice(lag).reduce((sum, d, i) => sum + (d - mean) * (delays[i]! - mean), 0)
    expect(cov(1) / cov(0)).toBeGreaterThan(0.9)
  })

  it.each([
    [() => loadDelay('1ms', {}), /either per1000 or factors/],
    [() => loadDelay('1ms', { per1000: 1, factors: [[0.5, 2]] }), /either per1000 or factors/],
    [() => loadDelay('1ms', { per1000: 1, window: '10us' }), /window of load must be 1ms or more/],
    [() => loadDelay('1ms', { factors: [] }), /at least one factor/],
    [() => loadDelay('1ms', { factors: [[0.5, -1]] }), /was -1/],
    [() => loadDelay('1ms', { factors: [[1.5, 1]] }), /p150 of load/],
  ])('refuses %s', (make, message) => {
    expect(make).toThrow(message)
  })
})
