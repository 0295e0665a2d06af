import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  INVERSE,
  LINEAR,
  bookOf,
  mirrored,
  plainBooks,
  twinMid,
  twinSlope,
  type PlainBook,
} from '../../../test/depth-twin.ts'
import { bookSlope } from './book-slope.ts'

describe('bookSlope', () => {
  it('follows the formula of the paper', () => {
    // Mid 100. Asks 101 and 102 with ln(10 lots), ln(1000 lots); bids 99 and 90 likewise.
    const book = bookOf(
      LINEAR,
      [
        [198, 10],
        [180, 990],
      ],
      [
        [202, 10],
        [204, 990],
      ],
    )
    const ask = (Math.log(10) / 0.01 + (3 - 1) / (102 / 101 - 1)) / 2
    const bid = (Math.log(10) / 0.01 + (3 - 1) / (1 - 90 / 99)) / 2
    const slope = bookSlope(book)!
    expect(slope.ask).toBeCloseTo(ask, 9)
    expect(slope.bid).toBeCloseTo(bid, 9)
    expect(slope.mean).toBe((slope.ask + slope.bid) / 2)
    expect(bookSlope(book, 1)!.ask).toBeCloseTo(Math.log(10) / 0.01, 9)
  })

  it('is undefined where the formula is', () => {
    const asks = [[202, 10]] as const
    expect(bookSlope(bookOf(LINEAR, [], asks))).toBeUndefined()
    expect(bookSlope(bookOf(LINEAR, [], []))).toBeUndefined()
    expect(bookSlope(bookOf(LINEAR, [[202, 5]], asks))).toBeUndefined()
    expect(bookSlope(bookOf(LINEAR, [[204, 5]], asks))).toBeUndefined()
    expect(bookSlope(bookOf(LINEAR, [[-4, 5]], asks))).toBeUndefined()
    const oneLot = [
      [198, 1],
      [197, 5],
    ] as const
    expect(bookSlope(bookOf(LINEAR, oneLot, asks))).toBeUndefined()
    expect(bookSlope(bookOf(LINEAR, oneLot, asks), 1)?.bid).toBe(0)
    expect(() => bookSlope(bookOf(LINEAR, [], []), 0)).toThrow(/BAD_ARGUMENT/)
  })

  it('agrees with a slow twin', () => {
    fc.assert(
      fc.property(plainBooks, fc.integer({ min: 1, max: 30 }), (plain, levels) => {
        const book = bookOf(LINEAR, plain.bids, plain.asks)
        const depth = book.getDepth(Number.POSITIVE_INFINITY)
        const mid = twinMid(depth)
        const bid = twinSlope(depth.bids, mid, 0.01, levels)
        const ask = twinSlope(depth.asks, mid, 0.01, levels)
        const slope = bookSlope(book, levels)
        expect(slope !== undefined).toBe(Number.isFinite(bid + ask))
        if (slope === undefined) return
        expect(Math.abs(slope.bid - bid)).toBeLessThanOrEqual(1e-6 * bid)
        expect(Math.abs(slope.ask - ask)).toBeLessThanOrEqual(1e-6 * ask)
      }),
    )
  })

  it('knows no scale of prices, no kind of contract, and swaps its sides in the mirror at level 1', () => {
    fc.assert(
      fc.property(plainBooks, fc.integer({ min: 2, max: 9 }), (plain, k) => {
        const slope = bookSlope(bookOf(LINEAR, plain.bids, plain.asks))
        const scale = (side: PlainBook['bids']): PlainBook['bids'] =>
          side.map(([tick, lots]) => [tick * k, lots])
        const scaled = bookSlope(bookOf(LINEAR, scale(plain.bids), scale(plain.asks)))
        expect(bookSlope(bookOf(INVERSE, plain.bids, plain.asks))).toEqual(slope)
        expect(scaled === undefined).toBe(slope === undefined)
        if (slope !== undefined) expect(scaled!.mean / slope.mean).toBeCloseTo(1, 6)
        const touch = bookSlope(bookOf(LINEAR, plain.bids, plain.asks), 1)!
        const mirror = mirrored(plain)
        const other = bookSlope(bookOf(LINEAR, mirror.bids, mirror.asks), 1)!
        expect(Math.abs(other.bid - touch.ask)).toBeLessThanOrEqual(1e-9 * touch.ask)
      }),
    )
  })
})
