import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { handRun } from '../../../test/run-record-fixture.ts'
import { MaxDrawdown } from './max-drawdown.ts'

const equityOf = (values: readonly number[]): readonly (readonly [number, number])[] =>
  values.map((value, i) => [i * 10, value] as const)

describe('MaxDrawdown', () => {
  test('finds depth, place, recovery and duration', () => {
    const run = handRun({ equity: equityOf([100, 110, 104, 99, 108, 112, 111]), startingCash: 100 })
    expect(new MaxDrawdown().analyze(run)).toEqual({
      value: 11,
      share: 11 / 110,
      from: 10,
      to: 30,
      recovered: 50,
      durationNs: 40,
      longestNs: 40,
    })
  })

  test('one that never recovers lasts to the end', () => {
    const run = handRun({ equity: equityOf([0, 5, 1, 2]) })
    expect(new MaxDrawdown().analyze(run)).toMatchObject({
      value: 4,
      share: null,
      recovered: null,
      durationNs: 20,
    })
  })

  test.each([[[]], [[7]], [[7, 7]], [[1, 2, 3]]])('%j has none', (values) => {
    expect(new MaxDrawdown().analyze(handRun({ equity: equityOf(values) }))).toEqual({
      value: 0,
      share: null,
      from: null,
      to: null,
      recovered: null,
      durationNs: 0,
      longestNs: 0,
    })
  })

  test('equals the largest fall between any two samples in order', () => {
    const curve = fc.array(fc.integer({ min: 1, max: 50 }), {
      minLength: 1,
      maxLength: 30,
      size: 'max',
    })
    fc.assert(
      fc.property(curve, (values) => {
        let fall = 0
        let share = 0
        let longest = 0
        for (let i = 0; i < values.length; i++) {
          for (let j = i + 1; j < values.length; j++) {
            fall = Math.max(fall, values[i]! - values[j]!)
            share = Math.max(share, 1 - values[j]! / values[i]!)
          }
          const next = values.findIndex((value, j) => j > i && value >= values[i]!)
          const end = next < 0 ? values.length - 1 : next
          if (end > i + 1 || (end === i + 1 && values[end]! < values[i]!)) {
            longest = Math.max(longest, (end - i) * 10)
          }
        }
        const result = new MaxDrawdown().analyze(
          handRun({ equity: equityOf(values), startingCash: 1 }),
        )
        expect(result.value).toBe(fall)
        expect(result.share).toBeCloseTo(share, 12)
        expect(result.longestNs).toBe(longest)
      }),
    )
  })
})
