import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Instrument, type Side } from '../market/index.ts'
import { fundingPayment } from './account/funding.ts'
import { Position } from './position.ts'

const linear = new Instrument({
  venue: 'v',
  symbol: 'L',
  kind: 'linear-perpetual',
  base: 'B',
  quote: 'Q',
  tickSize: '0.1',
  lotSize: '0.001',
})
const inverse = new Instrument({
  venue: 'v',
  symbol: 'I',
  kind: 'inverse-perpetual',
  base: 'B',
  quote: 'USD',
  tickSize: '0.1',
  lotSize: '1',
})

const fill = fc.record({
  side: fc.constantFrom<Side>(1, -1),
  ticks: fc.integer({ min: 1, max: 1_000_000 }),
  lots: fc.integer({ min: 1, max: 100_000 }),
  fee: fc.double({ min: -10, max: 10, noNaN: true }),
})

describe('a position', () => {
  it('H26 an inverse contract of size 1: bought 100 at 10,000, a mark of 20,000 is an equity of 0.005', () => {
    const position = new Position(inverse)
    position.fill(1, 100_000, 100, 0)
    expect(position.valueAt(20_000) + position.cashFlow).toBeCloseTo(0.005, 15)
    expect(position.unrealized(20_000)).toBeCloseTo(0.005, 15)
    expect(position.price).toBeCloseTo(10_000, 9)
  })

  it('N28 pays funding when long, receives it when short, and is worth the same told either way', () => {
    const position = new Position(linear)
    const rate = 0.001
    position.fill(1, 1000, 2000, 0)
    position.fund(fundingPayment(linear, position.size, rate, 100))
    expect(position.funding).toBeCloseTo(-0.2, 12)
    // A turn to short, and funding again.
    position.fill(-1, 1100, 3000, 0)
    position.fund(fundingPayment(linear, position.size, rate, 110))
    expect(position.funding).toBeCloseTo(-0.2 + 0.11, 12)
    const byProfit = position.realized + position.unrealized(120) + position.funding
    expect(position.equityAt(120)).toBeCloseTo(byProfit, 12)
    expect(byProfit).toBeCloseTo(20 - 10 - 0.09, 12)
  })

  it('realises by average cost', () => {
    const position = new Position(linear)
    position.fill(1, 1000, 1000, 0)
    position.fill(1, 1100, 1000, 0)
    expect(position.price).toBeCloseTo(105, 12)
    position.fill(-1, 1200, 500, 0)
    expect(position.realized).toBeCloseTo(7.5, 12)
    expect(position.price).toBeCloseTo(105, 12)
  })

  it('starts a new average when a fill turns it round', () => {
    const position = new Position(linear)
    position.fill(1, 1000, 1000, 0)
    position.fill(-1, 1100, 3000, 0)
    expect(position.size).toBe(-2)
    expect(position.price).toBeCloseTo(110, 12)
    expect(position.realized).toBeCloseTo(10, 12)
  })

  it('rounds the cash of a million equal fills once, not a million times', () => {
    const position = new Position(linear)
    for (let i = 0; i < 1_000_000; i++) position.fill(i % 2 === 0 ? 1 : -1, 600_001, 1, 0)
    expect(position.cashFlow).toBeCloseTo(0, 15)
    position.fill(1, 600_001, 1, 0)
    expect(position.cashFlow).toBe(-60.0001)
  })

  it.each([linear, inverse])('holds the identities at every fill ($symbol)', (instrument) => {
    fc.assert(
      fc.property(
        fc.array(fill, { maxLength: 60, size: 'max' }),
        fc.integer({ min: 1, max: 1e6 }),
        (fills, markTicks) => {
          const position = new Position(instrument)
          const mark = instrument.price(markTicks)
          let lots = 0
          let scale = 1
          for (const { side, ticks, lots: size, fee } of fills) {
            position.fill(side, ticks, size, fee)
            lots += side * size
            scale += instrument.notional(instrument.size(size), instrument.price(ticks))
            const equity = position.cashFlow + position.valueAt(mark) - position.fees
            const parts = position.realized + position.unrealized(mark) - position.fees
            expect(position.lots).toBe(lots)
            const magnitude = scale + instrument.notional(instrument.size(lots), mark)
            expect(Math.abs(equity - parts)).toBeLessThanOrEqual(1e-12 * magnitude)
          }
          if (lots === 0) expect(position.openCost).toBe(0)
        },
      ),
    )
  })
})
