import { expect, test } from 'vitest'
import { handRun } from '../../../test/run-record-fixture.ts'
import type { TradeRecord } from '../run-record.ts'
import { TradeStats } from './trade-stats.ts'

const trade = (pnl: number, fees: number, closeTime: number): TradeRecord => ({
  openTime: 10,
  closeTime,
  side: 1,
  size: 1,
  entryPrice: 100,
  pnl,
  fees,
  funding: 0,
})

test('TradeStats judges closed round trips after fees', () => {
  const trades = [
    trade(5, 1, 20),
    trade(1, 1, 30),
    trade(-1, 1, 50),
    trade(2, 0, 20),
    trade(9, 0, Number.NaN),
  ]
  expect(new TradeStats().analyze(handRun({ trades }))).toEqual({
    count: 4,
    open: 1,
    wins: 2,
    losses: 1,
    winRate: 0.5,
    average: 1,
    averageWin: 3,
    averageLoss: -2,
    best: 4,
    worst: -2,
    profitFactor: 3,
    averageDurationNs: 20,
  })
})

test('TradeStats without round trips has counts only', () => {
  const result = new TradeStats().analyze(handRun({}))
  expect(Object.values(result).filter((value) => value !== null)).toEqual([0, 0, 0, 0])
})
