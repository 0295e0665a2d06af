import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { handRun } from '../../../test/run-record-fixture.ts'
import { fillMid, midAt, rowAtOrBefore } from './mid-prices.ts'

describe('the mid as a step function', () => {
  test('the row found is the last that is not later, as a scan finds it', () => {
    const times = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40, size: 'max' })
    fc.assert(
      fc.property(times, fc.integer({ min: -2, max: 33 }), (raw, time) => {
        const sorted = Float64Array.from(raw).sort()
        const scan = sorted.findLastIndex((at) => at <= time)
        expect(rowAtOrBefore(sorted, sorted.length, time)).toBe(scan)
      }),
    )
  })

  test('a mid holds from its own moment until the next', () => {
    const { mids } = handRun({
      mids: [
        [10, 100],
        [20, 101],
      ],
    })
    expect([9, 10, 19, 20, 1e9].map((time) => midAt(mids, time))).toEqual([
      Number.NaN,
      100,
      100,
      101,
      101,
    ])
  })
})

describe('the mid of a fill', () => {
  const mids = [[0, 100]] as const

  test('is the middle of the touch', () => {
    const run = handRun({
      mids,
      fills: [{ side: 1, price: 90, size: 1, time: 5, bid: 90, ask: 92 }],
    })
    expect(fillMid(run, 0)).toBe(91)
  })

  test('falls back to the local mid, then to the fill price', () => {
    const fill = { side: 1, price: 90, size: 1, bid: 90 } as const
    const run = handRun({
      mids: [[3, 100]],
      fills: [
        { ...fill, time: 2 },
        { ...fill, time: 5 },
      ],
    })
    expect([fillMid(run, 0), fillMid(run, 1)]).toEqual([90, 100])
  })

  test('is the fill price on bars, whose close would look ahead', () => {
    const run = handRun({ source: 'bars', mids, fills: [{ side: 1, price: 90, size: 1, time: 5 }] })
    expect(fillMid(run, 0)).toBe(90)
  })
})
