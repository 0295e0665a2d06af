import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  INVERSE,
  LINEAR,
  bookOf,
  mirrored,
  plainBooks,
  twinImbalance,
  twinMid,
} from '../../../test/depth-twin.ts'
import { imbalanceByDistance, imbalanceByLevel } from './decayed-imbalance.ts'
import { depthWeightedSpread, weightedMid } from './weighted-mid.ts'

const BIDS = [
  [199, 200],
  [197, 200],
] as const
const ASKS = [
  [201, 300],
  [205, 100],
] as const
const book = bookOf(LINEAR, BIDS, ASKS)
const levelCounts = fc.integer({ min: 1, max: 30 })
const decays = fc.double({ min: 0, max: 2, noNaN: true })

describe('weightedMid and depthWeightedSpread', () => {
  it('take the average prices of the best levels', () => {
    // Bids 4 at 99, asks 4 at 101 on average; of the touch 2 at 99.5 and 3 at 100.5.
    expect(weightedMid(book, 2)).toBe(100)
    expect(depthWeightedSpread(book, 2)).toBe(2)
    expect(weightedMid(book, 1)).toBeCloseTo((99.5 * 3 + 100.5 * 2) / 5, 12)
    expect(depthWeightedSpread(book, 1)).toBe(1)
  })

  it('use the harmonic average of an inverse contract', () => {
    const bid = 4 / (2 / 99.5 + 2 / 98.5)
    const ask = 4 / (3 / 100.5 + 1 / 102.5)
    const inverse = bookOf(INVERSE, BIDS, ASKS)
    expect(depthWeightedSpread(inverse, 2)).toBeCloseTo(ask - bid, 10)
    expect(weightedMid(inverse, 2)).toBeCloseTo((ask + bid) / 2, 10)
  })

  it('know nothing without both sides', () => {
    for (const half of [bookOf(LINEAR, BIDS, []), bookOf(LINEAR, [], ASKS), bookOf(LINEAR, [], [])])
      expect([weightedMid(half, 3), depthWeightedSpread(half, 3)]).toEqual([undefined, undefined])
    expect(() => weightedMid(book, 0)).toThrow(/BAD_ARGUMENT/)
  })

  it('are the microprice and the spread at one level', () => {
    fc.assert(
      fc.property(plainBooks, ({ bids, asks }) => {
        const made = bookOf(LINEAR, bids, asks)
        expect(weightedMid(made, 1)! / made.microprice).toBeCloseTo(1, 12)
        expect(depthWeightedSpread(made, 1)).toBe(made.spread)
      }),
    )
  })

  it('keep the spread in the mirror and turn the mid over', () => {
    fc.assert(
      fc.property(plainBooks, levelCounts, (plain, levels) => {
        const made = bookOf(LINEAR, plain.bids, plain.asks)
        const turned = mirrored(plain)
        const mirror = bookOf(LINEAR, turned.bids, turned.asks)
        expect(depthWeightedSpread(mirror, levels)).toBeCloseTo(
          depthWeightedSpread(made, levels)!,
          9,
        )
        const sum = weightedMid(mirror, levels)! + weightedMid(made, levels)!
        expect(sum / (2 * made.mid)).toBeCloseTo(1, 12)
      }),
    )
  })
})

describe('imbalance with decay', () => {
  it('weighs levels by their place', () => {
    const half = Math.log(2)
    // 2 + 1 against 3 + 0.5.
    expect(imbalanceByLevel(book, 2, half)).toBeCloseTo((3 - 3.5) / 6.5, 12)
  })

  it('weighs levels by their distance from the mid', () => {
    const perBps = Math.log(2) / 100
    // The second bid lies 100 bps behind the first, the second ask 200.
    expect(imbalanceByDistance(book, 2, perBps)).toBeCloseTo((3 - 3.25) / 6.25, 12)
  })

  it('answers as the plain imbalance where there is nothing to weigh', () => {
    const answers = (bids: typeof BIDS | [], asks: typeof ASKS | []): unknown[] => {
      const made = bookOf(LINEAR, bids, asks)
      return [made.getImbalance(2), imbalanceByLevel(made, 2, 1), imbalanceByDistance(made, 2, 1)]
    }
    expect(answers(BIDS, [])).toEqual([1, 1, 1])
    expect(answers([], ASKS)).toEqual([-1, -1, -1])
    expect(answers([], [])).toEqual([0, 0, 0])
    expect(imbalanceByDistance(bookOf(LINEAR, [[-9, 1]], [[-3, 1]]), 1, 1)).toBeUndefined()
  })

  it('refuses a decay below 0 or unknown', () => {
    expect(() => imbalanceByLevel(book, 2, -1)).toThrow(/decay must be a finite number/)
    expect(() => imbalanceByDistance(book, 2, Number.NaN)).toThrow(/BAD_ARGUMENT/)
    expect(() => imbalanceByLevel(book, 0, 1)).toThrow(/BAD_ARGUMENT/)
  })

  it('is the plain imbalance at decay 0, and the queue imbalance at one level', () => {
    fc.assert(
      fc.property(plainBooks, levelCounts, decays, ({ bids, asks }, levels, decay) => {
        const made = bookOf(LINEAR, bids, asks)
        expect(imbalanceByLevel(made, levels, 0)).toBe(made.getImbalance(levels))
        expect(imbalanceByDistance(made, levels, 0)).toBe(made.getImbalance(levels))
        expect(imbalanceByLevel(made, 1, decay)).toBe(made.getImbalance(1))
        expect(imbalanceByDistance(made, 1, decay)).toBe(made.getImbalance(1))
      }),
    )
  })

  it('agrees with a slow twin that measures from the mid, and turns its sign in the mirror', () => {
    fc.assert(
      fc.property(plainBooks, levelCounts, decays, (plain, levels, decay) => {
        const made = bookOf(LINEAR, plain.bids, plain.asks)
        const depth = made.getDepth(Number.POSITIVE_INFINITY)
        const mid = twinMid(depth)
        const byLevel = twinImbalance(depth, levels, decay, (_, place) => place)
        expect(imbalanceByLevel(made, levels, decay)).toBeCloseTo(byLevel, 10)
        const perBps = decay / 10
        const bps = (price: number): number => (Math.abs(price - mid) / mid) * 10_000
        const byDistance = twinImbalance(depth, levels, perBps, bps)
        expect(imbalanceByDistance(made, levels, perBps)).toBeCloseTo(byDistance, 8)
        const turned = mirrored(plain)
        const mirror = bookOf(LINEAR, turned.bids, turned.asks)
        expect(imbalanceByLevel(mirror, levels, decay)).toBeCloseTo(-byLevel, 10)
        expect(imbalanceByDistance(mirror, levels, perBps)).toBeCloseTo(-byDistance, 8)
      }),
    )
  })
})
