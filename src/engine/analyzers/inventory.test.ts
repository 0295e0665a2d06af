import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { handRun, type HandFill } from '../../../test/run-record-fixture.ts'
import { Inventory } from './inventory.ts'

const fills: HandFill[] = [
  { side: 1, price: 100, size: 2, time: 10 },
  { side: -1, price: 100, size: 3, time: 30 },
  { side: 1, price: 100, size: 1, time: 40 },
]

describe('Inventory', () => {
  test('weights the position by time', () => {
    const result = new Inventory().analyze(handRun({ fills, toTime: 100 }))
    // 0 for 10, +2 for 20, -1 for 10, 0 for 60.
    expect(result).toEqual({
      mean: 0.3,
      meanAbsolute: 0.5,
      maxAbsolute: 2,
      end: 0,
      limit: 2,
      timeAtLimit: 0.2,
      timeLong: 0.2,
      timeShort: 0.1,
      timeFlat: expect.closeTo(0.7, 12),
      turnover: 6,
      meanHoldingNs: expect.closeTo(50 / 3, 12),
    })
  })

  test('a given limit counts the time at or beyond it on both sides', () => {
    const run = handRun({ fills, toTime: 100 })
    expect(new Inventory({ limit: 1 }).analyze(run).timeAtLimit).toBeCloseTo(0.3, 12)
    expect(() => new Inventory({ limit: -1 })).toThrow(/BAD_ARGUMENT.*positive/)
  })

  test('no fills: flat all the time, nothing undefined is made up', () => {
    expect(new Inventory().analyze(handRun({ toTime: 100 }))).toEqual({
      mean: 0,
      meanAbsolute: 0,
      maxAbsolute: 0,
      end: 0,
      limit: 0,
      timeAtLimit: 0,
      timeLong: 0,
      timeShort: 0,
      timeFlat: 1,
      turnover: null,
      meanHoldingNs: null,
    })
  })

  test('equals an average over every nanosecond', () => {
    const times = fc.array(
      fc.record({
        time: fc.integer({ min: 0, max: 59 }),
        side: fc.constantFrom(1 as const, -1 as const),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(times, (raw) => {
        const given = raw
          .toSorted((a, b) => a.time - b.time)
          .map(({ time, side }) => ({ time, side, price: 100, size: 1 }))
        const at = Array.from({ length: 60 }, (_, t) =>
          given.filter((fill) => fill.time <= t).reduce((sum, fill) => sum + fill.side, 0),
        )
        const result = new Inventory().analyze(handRun({ fills: given, toTime: 60 }))
        expect(result.mean).toBeCloseTo(at.reduce((a, b) => a + b, 0) / 60, 9)
        expect(result.meanAbsolute).toBeCloseTo(at.reduce((a, b) => a + Math.abs(b), 0) / 60, 9)
        expect(result.timeShort).toBeCloseTo(at.filter((p) => p < 0).length / 60, 9)
      }),
    )
  })
})
