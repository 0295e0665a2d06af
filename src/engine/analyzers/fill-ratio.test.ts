import { expect, test } from 'vitest'
import { handRun } from '../../../test/run-record-fixture.ts'
import { FillRatio } from './fill-ratio.ts'

test('FillRatio counts orders by their end and sizes by what was traded', () => {
  const run = handRun({
    orders: [
      { status: 'filled', size: 2, filled: 2 },
      { status: 'filled', size: 1, filled: 1 },
      { status: 'cancelled', size: 4, filled: 1 },
      { status: 'cancelled', size: 1 },
      { status: 'expired', size: 1 },
      { status: 'rejected', size: 1 },
      { status: 'partial', size: 4, filled: 3 },
      { status: 'cancelPending', size: 2 },
    ],
    fills: [
      { side: 1, price: 1, size: 2, time: 1 },
      { side: 1, price: 1, size: 5, time: 2 },
    ],
  })
  expect(new FillRatio().analyze(run)).toEqual({
    submitted: 8,
    filled: 2,
    partlyFilled: 2,
    cancelled: 2,
    expired: 1,
    rejected: 1,
    open: 2,
    orderRatio: 0.25,
    sizeSubmitted: 16,
    sizeFilled: 7,
    sizeRatio: 7 / 16,
    ordersPerFill: 4,
  })
})

test('FillRatio of no orders has no ratios', () => {
  expect(new FillRatio().analyze(handRun({}))).toMatchObject({
    submitted: 0,
    orderRatio: null,
    sizeRatio: null,
    ordersPerFill: null,
  })
})
