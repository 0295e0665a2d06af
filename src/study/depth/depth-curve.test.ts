import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INVERSE, LINEAR, bookOf, plainBooks } from '../../../test/depth-twin.ts'
import { depthCurve } from './depth-curve.ts'
import { levelGaps } from './level-gaps.ts'
import { liquidityWithinBps } from './liquidity.ts'

// Mid 100: ticks of 0.5, lots of 0.01.
const BIDS = [
  [199, 200],
  [198, 100],
  [190, 400],
] as const
const ASKS = [
  [201, 300],
  [204, 50],
] as const
const book = bookOf(LINEAR, BIDS, ASKS)

describe('depthCurve', () => {
  it('adds up sizes and values from the best level on', () => {
    expect(depthCurve(book, 1)).toEqual({
      levels: 3,
      price: Float64Array.of(99.5, 99, 95),
      size: Float64Array.of(2, 1, 4),
      cumulativeSize: Float64Array.of(2, 3, 7),
      cumulativeValue: Float64Array.of(199, 298, 678),
    })
    expect(depthCurve(book, -1, { levels: 1 })).toEqual({
      levels: 1,
      price: Float64Array.of(100.5),
      size: Float64Array.of(3),
      cumulativeSize: Float64Array.of(3),
      cumulativeValue: Float64Array.of(301.5),
    })
  })

  it('counts the value of an inverse contract in its base', () => {
    const curve = depthCurve(bookOf(INVERSE, BIDS, ASKS), -1)!
    expect(curve.cumulativeValue[0]).toBeCloseTo((3 * 100) / 100.5, 12)
    expect(curve.cumulativeValue[1]).toBeCloseTo((3 * 100) / 100.5 + (0.5 * 100) / 102, 12)
  })

  it('ends at a distance from the mid, that distance included', () => {
    const levels = (bps: number): number | undefined => depthCurve(book, 1, { bps })?.levels
    expect([49, 50, 99, 100, 499, 500].map(levels)).toEqual([0, 1, 1, 2, 2, 3])
    expect(depthCurve(book, 1, { bps: 500, levels: 2 })?.levels).toBe(2)
  })

  it('is empty for an empty side, and unknown near a mid that is unknown', () => {
    const half = bookOf(LINEAR, BIDS, [])
    expect(depthCurve(half, -1)?.levels).toBe(0)
    expect(depthCurve(half, 1)?.levels).toBe(3)
    expect(depthCurve(half, 1, { bps: 10 })).toBeUndefined()
  })

  it('refuses limits that are none', () => {
    expect(() => depthCurve(book, 1, { levels: 0 })).toThrow(/levels must be a whole number/)
    expect(() => depthCurve(book, 1, { levels: 1.5 })).toThrow(/BAD_ARGUMENT/)
    expect(() => depthCurve(book, 1, { bps: -1 })).toThrow(/bps must be a finite number/)
    expect(() => depthCurve(book, 1, { bps: Number.NaN })).toThrow(/BAD_ARGUMENT/)
  })

  it('agrees with the levels of the book, rises, and changes nothing', () => {
    fc.assert(
      fc.property(plainBooks, fc.integer({ min: 1, max: 30 }), fc.boolean(), (plain, n, isBid) => {
        const made = bookOf(LINEAR, plain.bids, plain.asks)
        const before = made.snapshot()
        const curve = depthCurve(made, isBid ? 1 : -1, { levels: n })!
        const rows = made.getDepth(n)[isBid ? 'bids' : 'asks']
        expect([...curve.price]).toEqual(rows.map((row) => row.price))
        expect([...curve.size]).toEqual(rows.map((row) => row.volume))
        for (let i = 1; i < curve.levels; i++) {
          expect(curve.cumulativeSize[i]!).toBeGreaterThan(curve.cumulativeSize[i - 1]!)
          expect(curve.cumulativeValue[i]!).toBeGreaterThan(curve.cumulativeValue[i - 1]!)
        }
        expect(made.snapshot()).toEqual(before)
      }),
    )
  })
})

describe('liquidityWithinBps', () => {
  it('adds up what stands near the mid, side by side', () => {
    expect(liquidityWithinBps(book, 100)).toEqual({
      bids: { size: 3, value: 298, levels: 2 },
      asks: { size: 3, value: 301.5, levels: 1 },
      total: { size: 6, value: 599.5, levels: 3 },
    })
    const none = { size: 0, value: 0, levels: 0 }
    expect(liquidityWithinBps(book, 0)).toEqual({ bids: none, asks: none, total: none })
  })

  it('knows nothing without a mid above 0', () => {
    expect(liquidityWithinBps(bookOf(LINEAR, BIDS, []), 10)).toBeUndefined()
    expect(liquidityWithinBps(bookOf(LINEAR, [[-9, 1]], [[-3, 1]]), 10)).toBeUndefined()
  })

  it('is the end of the curve to the same distance, on any instrument', () => {
    fc.assert(
      fc.property(
        plainBooks,
        fc.double({ min: 0, max: 3000, noNaN: true }),
        fc.boolean(),
        (plain, bps, isInverse) => {
          const made = bookOf(isInverse ? INVERSE : LINEAR, plain.bids, plain.asks)
          const near = liquidityWithinBps(made, bps)!
          for (const [side, part] of [
            [1, near.bids],
            [-1, near.asks],
          ] as const) {
            const curve = depthCurve(made, side, { bps })!
            expect(part.levels).toBe(curve.levels)
            if (curve.levels === 0) continue
            expect(part.size).toBe(curve.cumulativeSize.at(-1))
            expect(part.value / curve.cumulativeValue.at(-1)!).toBeCloseTo(1, 12)
          }
        },
      ),
    )
  })
})

describe('levelGaps', () => {
  it('gives the distances between neighbours, best first', () => {
    expect(levelGaps(book, 1)).toEqual(Float64Array.of(0.5, 4))
    expect(levelGaps(book, 1, 2)).toEqual(Float64Array.of(0.5))
    expect(levelGaps(book, -1)).toEqual(Float64Array.of(1.5))
    expect(levelGaps(book, -1, 1)).toEqual(new Float64Array(0))
    expect(levelGaps(bookOf(LINEAR, BIDS, []), -1)).toEqual(new Float64Array(0))
  })

  it('adds up to the distance from the first level to the last', () => {
    fc.assert(
      fc.property(plainBooks, (plain) => {
        const made = bookOf(LINEAR, plain.bids, plain.asks)
        const sum = levelGaps(made, -1).reduce((total, gap) => total + gap, 0)
        expect(sum).toBe((plain.asks.at(-1)![0] - plain.asks[0]![0]) / 2)
      }),
    )
  })
})
