import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { INVERSE, LINEAR, handRun } from '../../../test/run-record-fixture.ts'
import { sessionRun } from '../../../test/session-fixture.ts'
import { Position } from '../../order/index.ts'
import { PnLAttribution } from './pnl-attribution.ts'
import { SpreadCaptured } from './spread-captured.ts'

const S = 1e9

describe('PnLAttribution', () => {
  test('splits a round trip as a desk would by hand', () => {
    const run = handRun({
      // Buy at 99 under a mid of 100; the mid goes to 104; sell at 105; pay 1.
      fills: [
        { side: 1, price: 99, size: 2, time: S, bid: 99, ask: 101, fee: 0.4 },
        { side: -1, price: 105, size: 2, time: 9 * S, bid: 103, ask: 105, fee: 0.6 },
      ],
      mids: [
        [0, 100],
        [4 * S, 98],
        [8 * S, 104],
      ],
    })
    expect(new PnLAttribution().analyze(run)).toEqual({
      spread: 2 * 1 + 2 * 1,
      inventory: 2 * 4,
      // Five seconds after the buy the mid is 98, after the sale it is still 104.
      inventoryAfterFills: 2 * -2,
      inventoryHeld: 12,
      adverseHorizonNs: 5 * S,
      fees: 1,
      funding: 0,
      total: 11,
      residual: 0,
    })
  })

  test('an open position is carried to the mark', () => {
    const run = handRun({
      fills: [{ side: -1, price: 101, size: 1, time: S, bid: 99, ask: 101 }],
      mark: 97,
    })
    expect(new PnLAttribution().analyze(run)).toMatchObject({ spread: 1, inventory: 3, total: 4 })
  })

  test('no fills: nothing to split', () => {
    expect(new PnLAttribution().analyze(handRun({}))).toMatchObject({ total: 0, residual: 0 })
  })

  const fill = fc.record({
    side: fc.constantFrom(1 as const, -1 as const),
    tick: fc.integer({ min: 200_000, max: 900_000 }),
    lots: fc.integer({ min: 1, max: 5000 }),
    bidTick: fc.integer({ min: 200_000, max: 900_000 }),
    spreadTicks: fc.integer({ min: 1, max: 40 }),
    hasTouch: fc.boolean(),
    fee: fc.double({ min: -5, max: 5, noNaN: true }),
    gap: fc.integer({ min: 0, max: 8e9 }),
  })

  test.each([
    ['linear', LINEAR],
    ['inverse', INVERSE],
  ])('causes add up to the net profit of the account to 1e-9 (%s)', (_, instrument) => {
    fc.assert(
      fc.property(
        fc.array(fill, { maxLength: 60, size: 'max' }),
        fc.integer({ min: 2e5, max: 9e5 }),
        (raw, markTick) => {
          let time = 0
          const blank = handRun({ instrument })
          const priceOf = (tick: number): number => blank.instrument.price(tick)
          const fills = raw.map((row) => {
            time += row.gap
            return {
              side: row.side,
              price: priceOf(row.tick),
              size: blank.instrument.size(row.lots),
              time,
              fee: row.fee,
              ...(row.hasTouch
                ? { bid: priceOf(row.bidTick), ask: priceOf(row.bidTick + row.spreadTicks) }
                : {}),
            }
          })
          const run = handRun({
            instrument,
            fills,
            mids: raw.map((row, i) => [i * 3e9, priceOf(row.bidTick)] as const),
            mark: priceOf(markTick),
          })
          // The account is that of the engine, in integers, not the sums of the fixture.
          const position = new Position(run.instrument)
          for (const row of raw) position.fill(row.side, row.tick, row.lots, row.fee)
          const net = position.cashFlow + position.valueAt(run.totals.mark) - position.fees
          const booked = { ...run, totals: { ...run.totals, net, fees: position.fees } }
          const result = new PnLAttribution().analyze(booked)
          const { spread, inventory, fees, funding } = result
          expect(Math.abs(spread! + inventory! - fees + funding - net)).toBeLessThan(
            1e-9 * Math.max(1, Math.abs(net)),
          )
          expect(Math.abs(result.residual)).toBeLessThan(1e-9 * Math.max(1, Math.abs(net)))
          expect(result.inventoryAfterFills! + result.inventoryHeld!).toBeCloseTo(inventory!, 6)
          expect(spread).toBeCloseTo(new SpreadCaptured().analyze(booked).all.total!, 6)
        },
      ),
      { numRuns: 300 },
    )
  })

  test.each([LINEAR, INVERSE])('a whole session of $symbol leaves no residual', (instrument) => {
    const result = new PnLAttribution().analyze(sessionRun({ instrument }))
    expect(Math.abs(result.residual)).toBeLessThan(1e-9)
    expect(result.spread).toBeGreaterThan(0)
  })
})
