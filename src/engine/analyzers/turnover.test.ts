import { expect, test } from 'vitest'
import { INVERSE, handRun } from '../../../test/run-record-fixture.ts'
import { Turnover } from './turnover.ts'

const fills = [
  { side: 1, price: 100, size: 2, time: 1e9 },
  { side: -1, price: 110, size: 1, time: 2e9 },
] as const

test('Turnover adds value and size by side, and scales them to a day', () => {
  const run = handRun({ fills, startingCash: 155, toTime: 3600e9, mark: 110 })
  expect(new Turnover().analyze(run)).toEqual({
    value: 310,
    buyValue: 200,
    sellValue: 110,
    size: 3,
    buySize: 2,
    sellSize: 1,
    valuePerDay: expect.closeTo(310 * 24, 9),
    perCash: 2,
    // Net profit 20 on 310.
    netBps: expect.closeTo((20 / 310) * 1e4, 9),
  })
})

test('Turnover of an inverse contract is in base units', () => {
  const { value } = new Turnover().analyze(handRun({ fills, instrument: INVERSE }))
  expect(value).toBeCloseTo(2 + 100 / 110, 12)
})

test('Turnover without fills is 0 and has no rates', () => {
  expect(new Turnover().analyze(handRun({ toTime: 0 }))).toMatchObject({
    value: 0,
    valuePerDay: null,
    perCash: null,
    netBps: null,
  })
})
