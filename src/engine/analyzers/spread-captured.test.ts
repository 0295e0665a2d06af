import { expect, test } from 'vitest'
import { INVERSE, handRun } from '../../../test/run-record-fixture.ts'
import { SpreadCaptured } from './spread-captured.ts'

const fills = [
  { side: 1, price: 100, size: 2, time: 1, bid: 100, ask: 102 },
  { side: -1, price: 100, size: 1, time: 2, bid: 100, ask: 101, maker: false },
] as const

test('SpreadCaptured judges each side against the mid of the touch', () => {
  const result = new SpreadCaptured().analyze(handRun({ fills }))
  expect(result.buy).toEqual({ count: 1, meanPrice: 1, meanBps: 100, total: 2 })
  expect(result.taker).toEqual({ count: 1, meanPrice: -0.5, meanBps: -50, total: -0.5 })
  expect(result.sell).toEqual(result.taker)
  expect(result.maker).toEqual(result.buy)
  expect(result.all).toEqual({ count: 2, meanPrice: 0.25, meanBps: 25, total: 1.5 })
})

test('SpreadCaptured of an inverse contract is in base units', () => {
  const result = new SpreadCaptured().analyze(handRun({ fills, instrument: INVERSE }))
  expect(result.buy.total).toBeCloseTo(2 * (100 / 100 - 100 / 101), 12)
})

test('SpreadCaptured without fills has no means', () => {
  const none = { count: 0, meanPrice: null, meanBps: null, total: 0 }
  expect(new SpreadCaptured().analyze(handRun({})).all).toEqual(none)
})
