import { expect, it } from 'vitest'
import { twinImbalance, twinMid, twinSlope, twinTake } from '../../../test/depth-twin.ts'
import { TestFolder } from '../../../test/import-support.ts'
import { describeWithData, sharedPath } from '../../../test/shared-data.ts'
import { OrderBook } from '../../book/index.ts'
import { importCapture } from '../../feed/index.ts'
import {
  BUY,
  EventKind,
  Instrument,
  KIND_MASK,
  SELL,
  codeSide,
  type EventColumns,
} from '../../market/index.ts'
import { openStore } from '../../store/index.ts'
import { BookResiliency } from './book-resiliency.ts'
import { bookSlope } from './book-slope.ts'
import { imbalanceByDistance, imbalanceByLevel } from './decayed-imbalance.ts'
import { depthCurve } from './depth-curve.ts'
import { vwapToFill } from './fill-price.ts'
import { liquidityWithinBps } from './liquidity.ts'
import { sizeForCostBps, sweepCost } from './sweep-cost.ts'
import { depthWeightedSpread, weightedMid } from './weighted-mid.ts'

const MOMENTS = 100
const folder = new TestFolder()

interface Tape {
  readonly instrument: Instrument
  readonly events: EventColumns
}

async function imported(name: string, symbol: string): Promise<Tape> {
  const store = folder.newStore()
  const path = sharedPath(`data/binance/${name}`)
  const instrument = `${path}.instrument.json`
  await importCapture({ format: 'binance', files: [`${path}.gz`], instrument, store })
  const opened = openStore(store)
  const infos = opened.select({ symbol, kind: 'l2' })
  const events = opened.loadJoined(infos)
  return { instrument: new Instrument(infos[0]!.instrument), events }
}

function expectFills(book: OrderBook, size: number): void {
  for (const side of [BUY, SELL] as const) {
    const twin = twinTake(book, side, size)
    const fill = vwapToFill(book, side, size)!
    expect([fill.levels, fill.worstPrice]).toEqual([twin.levels, twin.worstPrice])
    expect(fill.price / twin.price).toBeCloseTo(1, 11)
    expect(fill.value / twin.value).toBeCloseTo(1, 9)
    const cost = sweepCost(book, side, size)!
    expect(cost.cost).toBeGreaterThan(0)
    expect(Math.abs(cost.costBps - twin.costBps)).toBeLessThan(1e-6)
    const budget = sizeForCostBps(book, side, cost.costBps + 0.5)!
    expect(budget.filled).toBeGreaterThanOrEqual(fill.filled)
    expect(sweepCost(book, side, budget.filled)!.costBps).toBeLessThan(cost.costBps + 0.5 + 1e-9)
  }
}

function expectShape(book: OrderBook): void {
  const depth = book.getDepth(Number.POSITIVE_INFINITY)
  const mid = twinMid(depth)
  const near = (price: number): boolean => Math.abs(price - mid) <= mid * 5e-4
  const liquidity = liquidityWithinBps(book, 5)!
  const asks = twinTake(book, BUY, Number.MAX_SAFE_INTEGER, near)
  const bids = twinTake(book, SELL, Number.MAX_SAFE_INTEGER, near)
  expect([liquidity.asks.levels, liquidity.bids.levels]).toEqual([asks.levels, bids.levels])
  const value = asks.value + bids.value
  if (value > 0) expect(liquidity.total.value / value).toBeCloseTo(1, 9)
  expect(depthCurve(book, 1)!.levels).toBe(depth.bids.length)
  const bps = (price: number): number => (Math.abs(price - mid) / mid) * 10_000
  expect(imbalanceByLevel(book, 20, 0.3)).toBeCloseTo(
    twinImbalance(depth, 20, 0.3, (_, i) => i),
    9,
  )
  expect(imbalanceByDistance(book, 20, 2)).toBeCloseTo(twinImbalance(depth, 20, 2, bps), 8)
  expect(imbalanceByLevel(book, 20, 0)).toBe(book.getImbalance(20))
  expect(weightedMid(book, 1)! / book.microprice).toBeCloseTo(1, 12)
  expect(depthWeightedSpread(book, 10)).toBeGreaterThan(book.spread)
  const { lotSize } = book.instrument
  const twin = twinSlope(depth.asks, mid, lotSize, 10)
  const slope = bookSlope(book, 10)
  expect(slope !== undefined).toBe(Number.isFinite(twin + twinSlope(depth.bids, mid, lotSize, 10)))
  if (slope !== undefined) expect(slope.ask / twin).toBeCloseTo(1, 5)
}

describeWithData('depth figures of real books', () => {
  it.each([
    ['usdm_btcusdt_20240808', 'BTCUSDT', 5],
    ['spot_btcusdt_20240808', 'BTCUSDT', 2],
    ['cm_btcusd_perp_20240808', 'BTCUSD_PERP', 5000],
  ])('%s agrees with a slow twin', async (name, symbol, size) => {
    const { instrument, events } = await imported(name, symbol)
    const book = new OrderBook(instrument)
    let compared = 0
    const step = Math.floor(events.length / MOMENTS)
    for (let row = 0; row + step <= events.length; row += step) {
      book.apply(events, row, row + step)
      if (book.status !== 'live') continue
      expectFills(book, size)
      expectShape(book)
      compared++
    }
    expect(compared).toBeGreaterThan(MOMENTS - 10)
  })

  it('finds that most of the depth that orders take from a liquid perpetual comes back in seconds', async () => {
    const { instrument, events } = await imported('usdm_btcusdt_20240808', 'BTCUSDT')
    const book = new OrderBook(instrument)
    const resiliency = new BookResiliency({ horizon: '10s' })
    const { code, localTime } = events
    for (let row = 0; row < events.length;) {
      const time = localTime[row]!
      let end = row
      for (; end < events.length && localTime[end] === time; end++) {
        if ((code[end]! & KIND_MASK) !== EventKind.Trade) continue
        const side = codeSide(code[end]!)
        if (side !== 0) resiliency.trade(time, side)
      }
      book.apply(events, row, end)
      resiliency.update(time, book)
      row = end
    }
    const depth = resiliency.value.depth!
    expect(depth.shocks).toBeGreaterThan(20)
    expect(depth.recoveredShare).toBeGreaterThan(0.5)
    expect(depth.halfLifeNs).toBeGreaterThan(0)
    expect(depth.halfLifeNs).toBeLessThanOrEqual(10e9)
  })
})
