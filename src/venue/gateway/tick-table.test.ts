import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Instrument } from '../../market/index.ts'
import { TickTable } from './tick-table.ts'
import type { VenueRules } from './venue-rules.ts'

const stock = (tickSize: string, dataTickSize: string): Instrument =>
  new Instrument({
    venue: 'x',
    symbol: 'S',
    kind: 'equity',
    base: 'S',
    quote: 'HKD',
    tickSize,
    dataTickSize,
    lotSize: '1',
  })

/** HKEX, Second Schedule, Part A: the lower end, as in force until mid-2025. */
const HKEX: VenueRules['tickTable'] = [
  { from: 0, tick: 0.001 },
  { from: 0.25, tick: 0.005 },
  { from: 0.5, tick: 0.01 },
  { from: 10, tick: 0.02 },
  { from: 20, tick: 0.05 },
]

describe('a tick table', () => {
  const instrument = stock('0.001', '0.001')
  const table = new TickTable({ tickTable: HKEX }, instrument)
  const round = (price: number, mode: 'down' | 'up' | 'nearest'): number =>
    instrument.price(table.roundToTicks(price, mode))

  it.each([
    [0.2494, 0.249, 0.25, 0.249],
    [0.2521, 0.25, 0.255, 0.25],
    [0.4999, 0.495, 0.5, 0.5],
    [9.999, 9.99, 10, 10],
    [10.01, 10, 10.02, 10.02],
    [10.009, 10, 10.02, 10],
    [19.99, 19.98, 20, 20],
    [20.05, 20.05, 20.05, 20.05],
    [123.4567, 123.45, 123.5, 123.45],
  ])('rounds %f down to %f, up to %f, and to the nearest %f', (price, down, up, nearest) => {
    expect([round(price, 'down'), round(price, 'up'), round(price, 'nearest')]).toEqual([
      down,
      up,
      nearest,
    ])
  })

  it('names the nearest prices on both sides of a seam that its step does not meet', () => {
    const odd = new TickTable(
      {
        tickTable: [
          { from: 0, tick: 0.003 },
          { from: 0.01, tick: 0.004 },
        ],
      },
      instrument,
    )
    expect(odd.offTick(11)).toBe(
      'price 0.011 is not a multiple of 0.004, the tick there; nearest 0.009 and 0.012',
    )
    expect(odd.offTick(10)).toContain('nearest 0.009 and 0.012')
    expect([odd.offTick(9), odd.offTick(12), odd.offTick(Number.NaN)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('rounds as the instrument does where the venue has none', () => {
    const plain = stock('0.05', '0.01')
    const none = new TickTable({}, plain)
    for (const mode of ['down', 'up', 'nearest'] as const) {
      expect(none.roundToTicks(1.234, mode)).toBe(plain.roundToTicks(1.234, mode))
    }
    expect([none.atMost(124), none.atLeast(121), none.stepAt(1)]).toEqual([120, 125, 5])
  })

  const bands = fc
    .uniqueArray(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 40 })), {
      minLength: 1,
      maxLength: 4,
      selector: ([from]) => from,
    })
    .map((found) =>
      found
        .sort(([a], [b]) => a - b)
        .map(([from, tick]) => ({ from: from / 100, tick: tick / 100 })),
    )

  it('gives the next price that both the venue and the order grid take, as looking at each does', () => {
    fc.assert(
      fc.property(
        bands,
        fc.nat(60_000),
        fc.constantFrom('0.01', '0.02', '0.05'),
        (rows, at, tick) => {
          const grid = stock(tick, '0.01')
          const venue = new TickTable({ tickTable: rows as never }, grid)
          const price = at / 10_000
          // The slow twin: it knows only which prices are taken.
          const isTaken = (ticks: number): boolean =>
            ticks % grid.orderTickStep === 0 && venue.offTick(ticks) === undefined
          let low = Math.floor(at / 100)
          while (!isTaken(low)) low--
          let high = Math.ceil(at / 100)
          while (!isTaken(high)) high++
          expect(venue.roundToTicks(price, 'down')).toBe(low)
          expect(venue.roundToTicks(price, 'up')).toBe(high)
          const nearest = venue.roundToTicks(price, 'nearest')
          expect([low, high]).toContain(nearest)
          const off = Math.abs(nearest * 100 - at)
          expect(off).toBeLessThanOrEqual(Math.min(at - low * 100, high * 100 - at))
        },
      ),
      { seed: 5, numRuns: 300 },
    )
  })

  it('refuses a tick that is not on the grid of the data', () => {
    expect(() => new TickTable({ tickTable: [{ from: 0, tick: 0.0005 }] }, instrument)).toThrow(
      'venue rule tickTable: tick 0.0005 is not on the price grid of S, 0.001',
    )
  })
})
