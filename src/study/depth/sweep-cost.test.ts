import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  INVERSE,
  LINEAR,
  bookOf,
  mirrored,
  plainBooks,
  twinTake,
  type PlainBook,
} from '../../../test/depth-twin.ts'
import type { OrderBook } from '../../book/index.ts'
import { BUY, SELL } from '../../market/index.ts'
import { sizeUntilPrice, vwapToFill } from './fill-price.ts'
import { sizeForCostBps, sweepCost } from './sweep-cost.ts'

const BIDS = [
  [199, 200],
  [198, 100],
] as const
const ASKS = [
  [201, 300],
  [204, 100],
] as const
const book = bookOf(LINEAR, BIDS, ASKS)
const inverse = bookOf(INVERSE, BIDS, ASKS)
const oneSided = bookOf(LINEAR, BIDS, [])

const sides = fc.constantFrom(BUY, SELL)
const wanted = fc.integer({ min: 1, max: 15_000 }).map((lots) => lots / 100)
const instruments = fc.constantFrom(LINEAR, INVERSE)
const made = (instrument: typeof LINEAR, plain: PlainBook): OrderBook =>
  bookOf(instrument, plain.bids, plain.asks)

describe('vwapToFill', () => {
  it('takes the opposite side level by level', () => {
    expect(vwapToFill(book, BUY, 3)).toEqual({
      price: 100.5,
      filled: 3,
      value: 301.5,
      levels: 1,
      worstPrice: 100.5,
      isPartial: false,
    })
    expect(vwapToFill(book, SELL, 2.5)).toEqual({
      price: 99.4,
      filled: 2.5,
      value: 248.5,
      levels: 2,
      worstPrice: 99,
      isPartial: false,
    })
  })

  it('says so when the book is too thin, and nothing of an empty side', () => {
    expect(vwapToFill(book, BUY, 100)).toEqual({
      price: 100.875,
      filled: 4,
      value: 403.5,
      levels: 2,
      worstPrice: 102,
      isPartial: true,
    })
    expect(vwapToFill(oneSided, BUY, 1)).toBeUndefined()
    expect(vwapToFill(oneSided, SELL, 1)?.filled).toBe(1)
  })

  it('takes the harmonic mean of an inverse contract, so that value = size x multiplier / price', () => {
    const fill = vwapToFill(inverse, BUY, 4)!
    expect(fill.value).toBeCloseTo((3 * 100) / 100.5 + (1 * 100) / 102, 12)
    expect(fill.price).toBeCloseTo(4 / (3 / 100.5 + 1 / 102), 12)
  })

  it('ends where an inverse contract has no value', () => {
    const worthless = bookOf(
      INVERSE,
      [
        [3, 100],
        [0, 100],
        [-2, 100],
      ],
      [[5, 100]],
    )
    const fill = vwapToFill(worthless, SELL, 3)
    expect(fill).toMatchObject({ price: 1.5, filled: 1, levels: 1, isPartial: true })
    expect(sizeForCostBps(worthless, SELL, 1e9)?.filled).toBe(1)
  })

  it('takes whole lots in spite of float noise, and refuses what is none', () => {
    // 1.1 / 0.01 = 110.00000000000001 would touch the second level.
    const thin = bookOf(
      LINEAR,
      [],
      [
        [201, 110],
        [999, 1],
      ],
    )
    expect(vwapToFill(thin, BUY, 1.1)?.worstPrice).toBe(100.5)
    expect(() => vwapToFill(book, BUY, 0.005)).toThrow(/OFF_GRID/)
    expect(() => vwapToFill(book, BUY, 0)).toThrow(/size must be more than 0/)
    expect(() => vwapToFill(book, BUY, -1)).toThrow(/NEGATIVE/)
    expect(() => vwapToFill(book, BUY, Number.NaN)).toThrow(/NOT_FINITE/)
  })

  it('agrees with a slow twin and lies between best and worst', () => {
    fc.assert(
      fc.property(plainBooks, instruments, sides, wanted, (plain, instrument, side, size) => {
        const full = made(instrument, plain)
        const fill = vwapToFill(full, side, size)!
        const twin = twinTake(full, side, size)
        expect(fill.filled).toBeCloseTo(twin.filled, 8)
        expect(fill.isPartial).toBe(size - twin.filled > 0.005)
        expect([fill.levels, fill.worstPrice]).toEqual([twin.levels, twin.worstPrice])
        expect(fill.price / twin.price).toBeCloseTo(1, 11)
        expect(fill.value / twin.value).toBeCloseTo(1, 11)
        const best = side === BUY ? full.bestAsk : full.bestBid
        expect((fill.price - best) * side).toBeGreaterThanOrEqual(0)
        expect((fill.worstPrice - fill.price) * side).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('sizeUntilPrice', () => {
  it('takes all that stands at a price and better', () => {
    expect(sizeUntilPrice(book, BUY, 101.5)).toMatchObject({ filled: 3, worstPrice: 100.5 })
    expect(sizeUntilPrice(book, BUY, 102)).toMatchObject({ filled: 4, worstPrice: 102 })
    expect(sizeUntilPrice(book, SELL, 99)).toMatchObject({ filled: 3, value: 298, levels: 2 })
    expect(sizeUntilPrice(book, BUY, 100)).toBeUndefined()
    expect(sizeUntilPrice(oneSided, BUY, 1000)).toBeUndefined()
    expect(() => sizeUntilPrice(book, BUY, 100.3)).toThrow(/OFF_GRID/)
  })

  it('is what a taker of that size gets', () => {
    fc.assert(
      fc.property(plainBooks, sides, fc.integer({ min: -50, max: 800 }), (plain, side, ticks) => {
        const full = made(LINEAR, plain)
        const price = (side === BUY ? full.bestAsk : full.bestBid) + (side * ticks) / 2
        const all = sizeUntilPrice(full, side, price)
        if (all === undefined) expect(ticks).toBeLessThan(0)
        else expect({ ...all, isPartial: false }).toEqual(vwapToFill(full, side, all.filled))
      }),
    )
  })
})

describe('sweepCost', () => {
  it('counts against the mid', () => {
    expect(sweepCost(book, BUY, 4)).toEqual({
      cost: 3.5,
      costBps: 87.5,
      filled: 4,
      isPartial: false,
    })
    expect(sweepCost(book, SELL, 100)).toEqual({
      cost: 2,
      costBps: 20_000 / 300,
      filled: 3,
      isPartial: true,
    })
  })

  it('counts an inverse contract in its base', () => {
    const { cost, costBps } = sweepCost(inverse, BUY, 4)!
    const expected = (4 * 100) / 100 - (3 * 100) / 100.5 - (1 * 100) / 102
    expect(cost).toBeCloseTo(expected, 12)
    expect(costBps).toBeCloseTo((expected / 4) * 10_000, 9)
  })

  it('knows nothing without a mid above 0', () => {
    expect(sweepCost(oneSided, SELL, 1)).toBeUndefined()
    expect(sweepCost(oneSided, BUY, 1)).toBeUndefined()
    expect(sweepCost(bookOf(LINEAR, [[-9, 1]], [[-3, 1]]), BUY, 1)).toBeUndefined()
  })

  it('is negative only while the book is crossed', () => {
    const crossed = bookOf(LINEAR, [[203, 100]], [[201, 100]])
    expect(sweepCost(crossed, BUY, 1)?.cost).toBe(-0.5)
  })

  it('agrees with a slow twin, is never negative and never falls with the size', () => {
    fc.assert(
      fc.property(plainBooks, instruments, sides, wanted, (plain, instrument, side, size) => {
        const full = made(instrument, plain)
        const cost = sweepCost(full, side, size)!
        const twin = twinTake(full, side, size)
        expect(Math.abs(cost.cost - twin.cost)).toBeLessThan(1e-11 * twin.value)
        expect(Math.abs(cost.costBps - twin.costBps)).toBeLessThan(1e-7)
        const more = sweepCost(full, side, size + 0.5)!
        expect(cost.cost).toBeGreaterThan(0)
        expect(more.cost).toBeGreaterThanOrEqual(cost.cost)
        expect(more.costBps).toBeGreaterThanOrEqual(cost.costBps * (1 - 1e-12))
      }),
    )
  })

  it('is the same for the buyer and the seller in the mirror', () => {
    fc.assert(
      fc.property(plainBooks, wanted, (plain, size) => {
        const cost = sweepCost(made(LINEAR, plain), BUY, size)
        expect(sweepCost(made(LINEAR, mirrored(plain)), SELL, size)).toEqual(cost)
      }),
    )
  })

  it('keeps its bps when all prices or all sizes are scaled', () => {
    fc.assert(
      fc.property(
        plainBooks,
        sides,
        wanted,
        fc.integer({ min: 2, max: 9 }),
        (plain, side, size, k) => {
          const scaled = (prices: number, sizes: number): OrderBook => {
            const turn = (rows: PlainBook['bids']): PlainBook['bids'] =>
              rows.map(([tick, lots]) => [tick * prices, lots * sizes])
            return bookOf(LINEAR, turn(plain.bids), turn(plain.asks))
          }
          const { costBps } = sweepCost(scaled(1, 1), side, size)!
          expect(sweepCost(scaled(k, 1), side, size)!.costBps / costBps).toBeCloseTo(1, 11)
          expect(sweepCost(scaled(1, k), side, size * k)!.costBps / costBps).toBeCloseTo(1, 11)
        },
      ),
    )
  })
})

describe('sizeForCostBps', () => {
  it('lets cheap levels pay for a part of the dear one', () => {
    // 3 at 50 bps leave room of 3 x 25 for 0.6 at 200 bps, if 75 are allowed.
    expect(sizeForCostBps(book, BUY, 75)).toMatchObject({ filled: 3.6, levels: 2, worstPrice: 102 })
    expect(sizeForCostBps(book, BUY, 50)).toMatchObject({ filled: 3, levels: 1 })
    expect(sizeForCostBps(book, BUY, 1000)).toMatchObject({ filled: 4, levels: 2 })
    expect(sizeForCostBps(book, BUY, 49)).toBeUndefined()
    expect(sizeForCostBps(oneSided, SELL, 1000)).toBeUndefined()
    expect(() => sizeForCostBps(book, BUY, -1)).toThrow(/BAD_ARGUMENT/)
  })

  it('is the largest size whose sweep costs no more', () => {
    const budgets = fc.double({ min: 0, max: 2000, noNaN: true })
    fc.assert(
      fc.property(plainBooks, instruments, sides, budgets, (plain, instrument, side, bps) => {
        const full = made(instrument, plain)
        const filled = sizeForCostBps(full, side, bps)?.filled ?? 0
        if (filled > 0) {
          expect(sweepCost(full, side, filled)!.costBps).toBeLessThanOrEqual(bps * (1 + 1e-9))
        }
        const next = sweepCost(full, side, filled + 0.01)!
        if (!next.isPartial) expect(next.costBps).toBeGreaterThan(bps * (1 - 1e-9))
      }),
    )
  })
})
