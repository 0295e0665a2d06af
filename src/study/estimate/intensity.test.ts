import { describe, expect, it } from 'vitest'
import { Prng } from '../../core/index.ts'
import type { Side } from '../../market/index.ts'
import { IntensityFit, type IntensityFitOptions } from './intensity.ts'

const TICK = 0.1
const MID = 1000

interface Planted {
  readonly a: number
  readonly k: number
  readonly seconds: number
  readonly seed: number
}

interface PlantedOrder {
  readonly time: number
  readonly side: Side
  /** Deepest price reached, on the tick grid. */
  readonly price: number
}

/** Market orders on both sides whose depth exceeds delta at rate a exp(-k delta), one side. */
function plantedOrders({ a, k, seconds, seed }: Planted): PlantedOrder[] {
  const prng = new Prng(seed)
  const orders: PlantedOrder[] = []
  for (let time = 0; ;) {
    time += prng.nextExponential(1e9 / (2 * a))
    if (time > seconds * 1e9) return orders
    const ticks = Math.floor(prng.nextExponential(1 / k) / TICK)
    const side: Side = prng.next() < 0.5 ? 1 : -1
    if (ticks > 0) orders.push({ time: Math.floor(time), side, price: MID + side * ticks * TICK })
  }
}

/** Feeds each order as a sweep of trades at every price up to its deepest, one ns apart. */
function fitted(planted: Planted, options: Partial<IntensityFitOptions> = {}): IntensityFit {
  const fit = new IntensityFit({ binWidth: TICK, mergeNs: 1000, ...options })
  fit.advance(0)
  for (const { time, side, price } of plantedOrders(planted)) {
    const ticks = Math.round(Math.abs(price - MID) / TICK)
    for (let n = 1; n <= ticks; n++) {
      // The book moves during the sweep; the mid of its first trade must count.
      fit.add(time + n, side, MID + side * n * TICK, n === 1 ? MID : MID + side)
    }
  }
  return fit
}

/** Least squares over the largest distance per interval, the form that IntensityFit decided against. */
function intervalRegression(planted: Planted, intervalNs: number): { a: number; k: number } {
  const deepest = new Map<number, number>()
  for (const { time, price } of plantedOrders(planted)) {
    const interval = Math.floor(time / intervalNs)
    deepest.set(interval, Math.max(deepest.get(interval) ?? 0, Math.abs(price - MID)))
  }
  const points: [number, number][] = []
  for (let ticks = 1; ; ticks++) {
    const reaching = [...deepest.values()].filter((each) => each > ticks * TICK - 1e-6).length
    if (reaching === 0) break
    points.push([ticks * TICK, Math.log(reaching / planted.seconds)])
  }
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length
  const slope =
    points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) /
    points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  return { a: Math.exp(meanY - slope * meanX) / 2, k: -slope }
}

describe('IntensityFit', () => {
  it.each([
    { a: 5, k: 1.5, seconds: 1800, seed: 1 },
    { a: 5, k: 1.5, seconds: 1800, seed: 2 },
    { a: 20, k: 4, seconds: 600, seed: 3 },
    { a: 1, k: 0.3, seconds: 7200, seed: 4 },
  ])('recovers a = $a and k = $k within 5 % (seed $seed)', (planted) => {
    const fit = fitted(planted).fit(planted.seconds * 1e9)
    expect(Math.abs(fit!.k / planted.k - 1)).toBeLessThan(0.05)
    expect(Math.abs(fit!.a / planted.a - 1)).toBeLessThan(0.05)
    expect(fit!.gap).toBeLessThan(0.03)
  })

  it('does so where the regression over 100 ms intervals is off by more', () => {
    const planted = { a: 20, k: 4, seconds: 600, seed: 3 }
    const { a, k } = intervalRegression(planted, 100e6)
    expect(Math.max(Math.abs(a / planted.a - 1), Math.abs(k / planted.k - 1))).toBeGreaterThan(0.15)
  })

  it('follows a market that has changed, when given a half-life', () => {
    const before = plantedOrders({ a: 10, k: 1, seconds: 1000, seed: 5 })
    const after = plantedOrders({ a: 5, k: 3, seconds: 1000, seed: 6 })
    const fit = new IntensityFit({ binWidth: TICK, mergeNs: 0, halfLifeSeconds: 100 })
    fit.advance(0)
    for (const { time, side, price } of before) fit.add(time, side, price, MID)
    for (const { time, side, price } of after) fit.add(1000e9 + time, side, price, MID)
    const now = fit.fit(2000e9)
    expect(Math.abs(now!.k / 3 - 1)).toBeLessThan(0.1)
    expect(Math.abs(now!.a / 5 - 1)).toBeLessThan(0.1)
  })

  it('counts orders beyond its last bin as censored instead of letting them bend the slope', () => {
    const planted = { a: 5, k: 1, seconds: 3600, seed: 7 }
    const fit = fitted(planted, { bins: 8 }).fit(3600e9)
    expect(Math.abs(fit!.k - 1)).toBeLessThan(0.05)
    expect(Math.abs(fit!.a / 5 - 1)).toBeLessThan(0.05)
  })

  it('has no answer with too little data, without depth, or where orders do not thin out', () => {
    const few = fitted({ a: 5, k: 1.5, seconds: 4, seed: 1 })
    expect(few.fit(4e9)).toBeUndefined()

    const shallow = new IntensityFit({ binWidth: TICK })
    const alike = new IntensityFit({ binWidth: TICK })
    const beyond = new IntensityFit({ binWidth: TICK, bins: 3 })
    for (let n = 0; n < 1000; n++) {
      shallow.add(n * 1e8, 1, MID + TICK, MID)
      alike.add(n * 1e8, -1, MID - 30 * TICK, MID)
      beyond.add(n * 1e8, -1, MID - 30 * TICK, MID)
    }
    expect(shallow.fit(1e11)).toBeUndefined()
    expect(alike.fit(1e11)).toBeUndefined()
    expect(beyond.fit(1e11)).toBeUndefined()
  })

  it('leaves out trades without a mid and trades at less than the first distance', () => {
    const fit = new IntensityFit({ binWidth: TICK, leastOrders: 2 })
    fit.advance(0)
    for (let n = 1; n < 1000; n++) {
      fit.add(n * 1e8, 1, MID + 5 * TICK, Number.NaN)
      fit.add(n * 1e8 + 5e7, -1, MID + TICK, MID)
    }
    expect(fit.fit(1e11)).toBeUndefined()
    fit.add(1001e8, 1, MID + TICK, MID)
    fit.add(1002e8, 1, MID + 2 * TICK, MID)
    expect(fit.fit(1003e8)?.orders).toBe(2)
  })

  it('refuses options out of range', () => {
    expect(() => new IntensityFit({ binWidth: 0 })).toThrow('BAD_ARGUMENT: intensity binWidth')
    expect(() => new IntensityFit({ binWidth: 1, bins: 2 })).toThrow('BAD_ARGUMENT: intensity bins')
  })
})
