import { expect, test } from 'vitest'
import { INVERSE, handRun } from '../../../test/run-record-fixture.ts'
import { MakerShare } from './maker-share.ts'

test('MakerShare weighs by size, by value and by count', () => {
  const fills = [
    { side: 1, price: 100, size: 3, time: 1, maker: true },
    { side: -1, price: 200, size: 1, time: 2, maker: false },
  ] as const
  expect(new MakerShare().analyze(handRun({ fills }))).toEqual({
    bySize: 0.75,
    byValue: 0.6,
    byFills: 0.5,
  })
  // Inverse: 3 x 100 / 100 against 1 x 100 / 200.
  expect(new MakerShare().analyze(handRun({ fills, instrument: INVERSE })).byValue).toBeCloseTo(
    3 / 3.5,
    12,
  )
})

test('MakerShare without fills is null', () => {
  expect(new MakerShare().analyze(handRun({}))).toEqual({
    bySize: null,
    byValue: null,
    byFills: null,
  })
})
