import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Prng } from '../../core/index.ts'
import { handRun, type HandFill } from '../../../test/run-record-fixture.ts'
import { AdverseSelection } from './adverse-selection.ts'
import { Markout } from './markout.ts'

const S = 1e9

describe('Markout', () => {
  test('is signed bps of the fill price at the mid that stands at the horizon', () => {
    const run = handRun({
      mids: [
        [0, 100],
        [2 * S, 101],
        [6 * S, 99],
      ],
      fills: [
        { side: 1, price: 100, size: 1, time: 1 * S },
        { side: -1, price: 102, size: 1, time: 1 * S, maker: false },
      ],
      toTime: 30 * S,
    })
    const [one, five, long] = new Markout({ horizons: ['1s', '5s', '30s'] }).analyze(run).horizons
    expect(one).toMatchObject({ label: '1s', horizonNs: S, beyondEnd: 0 })
    expect(one!.buy).toMatchObject({ count: 1, mean: 100, standardError: null })
    expect(one!.taker.mean).toBeCloseTo((1 / 102) * 1e4, 9)
    expect(one!.all.median).toBeCloseTo((100 + 1e4 / 102) / 2, 9)
    expect(five!.buy.mean).toBe(-100)
    expect(long!.all).toEqual({ count: 0, mean: null, median: null, standardError: null })
    expect(long!.beyondEnd).toBe(2)
  })

  test('a planted drift after each fill comes back to 1e-9', () => {
    const prng = new Prng(3)
    const driftBps = 1.7
    const mids: [number, number][] = [[0, 100]]
    const fills: HandFill[] = []
    for (let i = 0; i < 500; i++) {
      const side = prng.next() < 0.5 ? -1 : 1
      const price = 100 + prng.nextInt(100) / 10
      fills.push({ side, price, size: 1, time: (10 * i + 1) * S })
      // Exactly at the horizon the mid is where the drift put it; before and after it is elsewhere.
      mids.push([(10 * i + 5.9) * S, 50], [(10 * i + 6) * S, price * (1 + (side * driftBps) / 1e4)])
      mids.push([(10 * i + 6) * S + 1, 200])
    }
    const run = handRun({ mids, fills, toTime: 5000 * S })
    const [result] = new Markout({ horizons: ['5s'] }).analyze(run).horizons
    for (const group of ['all', 'buy', 'sell', 'maker'] as const) {
      expect(Math.abs(result![group].mean! - driftBps)).toBeLessThan(1e-9)
      expect(Math.abs(result![group].median! - driftBps)).toBeLessThan(1e-9)
    }
    expect(result!.all.count).toBe(500)
  })

  test('groups partition the fills, whatever they are', () => {
    const fill = fc.record({
      side: fc.constantFrom(1 as const, -1 as const),
      price: fc.integer({ min: 90, max: 110 }),
      size: fc.constant(1),
      time: fc.integer({ min: 0, max: 50 }).map((seconds) => seconds * S),
      maker: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 30, size: 'max' }), (fills) => {
        const run = handRun({ fills, mids: [[0, 100]], toTime: 40 * S })
        const [at] = new Markout({ horizons: ['5s'] }).analyze(run).horizons
        expect(at!.buy.count + at!.sell.count).toBe(at!.all.count)
        expect(at!.maker.count + at!.taker.count).toBe(at!.all.count)
        expect(at!.all.count + at!.beyondEnd).toBe(fills.length)
        expect(at!.beyondEnd).toBe(fills.filter((row) => row.time > 35 * S).length)
      }),
    )
  })

  test('the standard error is that of the mean', () => {
    const fills = [100, 101, 102, 103].map(
      (price) => ({ side: 1, price, size: 1, time: 0 }) as const,
    )
    const run = handRun({ fills, mids: [[0, 100]] })
    const bps = [0, -1e4 / 101, -2e4 / 102, -3e4 / 103]
    const average = bps.reduce((a, b) => a + b, 0) / 4
    const variance = bps.reduce((sum, x) => sum + (x - average) ** 2, 0) / 3
    expect(new Markout().analyze(run).horizons[0]!.all.standardError).toBeCloseTo(
      Math.sqrt(variance / 4),
      9,
    )
  })

  test('refuses no horizons, and text that is no duration', () => {
    expect(() => new Markout({ horizons: [] })).toThrow(/BAD_ARGUMENT.*one duration or more/)
    expect(() => new Markout({ horizons: ['5 s' as '5s'] })).toThrow(/BAD_DURATION/)
    expect(new Markout({ horizons: [250e6] }).analyze(handRun({})).horizons[0]!.label).toBe('250ms')
  })
})

describe('AdverseSelection', () => {
  test('is what markout lacks of the spread captured, fill by fill', () => {
    const run = handRun({
      mids: [
        [0, 101],
        [2 * S, 99.5],
      ],
      fills: [{ side: 1, price: 100, size: 1, time: S, bid: 100, ask: 102 }],
      toTime: 30 * S,
    })
    const adverse = new AdverseSelection({ horizons: ['1s'] }).analyze(run).horizons[0]!.all.mean!
    const markout = new Markout({ horizons: ['1s'] }).analyze(run).horizons[0]!.all.mean!
    expect(adverse).toBeCloseTo(150, 9)
    expect(markout).toBeCloseTo(100 - adverse, 9)
  })
})
