import { expect, test } from 'vitest'
import { handRun } from '../../../test/run-record-fixture.ts'
import { PnL } from './pnl.ts'

test('PnL tells totals, the return on cash and the equity curve', () => {
  const run = handRun({
    startingCash: 1000,
    fills: [
      { side: 1, price: 100, size: 2, time: 1e9, fee: 0.5 },
      { side: -1, price: 103, size: 2, time: 2e9, fee: 0.5 },
    ],
    equity: [
      [0, 1000],
      [1e9, 1005],
    ],
  })
  expect(new PnL().analyze(run)).toEqual({
    realized: 6,
    unrealized: 0,
    fees: 1,
    funding: 0,
    net: 5,
    startingCash: 1000,
    finalEquity: 1005,
    returnOnCash: 0.005,
    equityCurve: { time: Float64Array.of(0, 1e9), equity: Float64Array.of(1000, 1005) },
  })
})

test('a run without cash has no return, one without a mark has no NaN', () => {
  const run = handRun({})
  const unmarked = { ...run, totals: { ...run.totals, unrealized: Number.NaN, net: Number.NaN } }
  expect(new PnL().analyze(unmarked)).toMatchObject({ returnOnCash: null, unrealized: 0, net: 0 })
})
