import { describe, expect, it } from 'vitest'
import { Prng } from '../../core/index.ts'
import { queueShare, parseQueueModel } from '../queue-model.ts'
import { campaignLength, tellCampaign } from '../../../test/campaign.ts'
import { fitQueueExponent } from './fit-exponent.ts'
import type { PowerFamily } from './power-exponent.ts'
import { LevelPathWriter, type QueueObservation } from './level-path.ts'
import { NO_STEP, predictFill } from './predict-fill.ts'

/** The life of a level while an order of ours rests there, and who moves us forward. */
interface Life {
  readonly writer: LevelPathWriter
  readonly prng: Prng
  level: number
  front: number
  time: number
}

/** Lets one thing happen at the level; true when it filled us. */
function happen(life: Life, leave: (life: Life, lots: number) => void): boolean {
  const { prng, writer } = life
  const draw = prng.next()
  const time = ++life.time
  if (draw < 0.25) {
    const lots = Math.min(1 + prng.nextInt(6), life.level + 1)
    writer.trade(time, time, lots)
    if (lots > life.front) return true
    life.front -= lots
    life.level -= lots
    writer.level(time, time, life.level)
  } else if (draw < 0.55) {
    life.level += 1 + prng.nextInt(8)
    writer.level(time, time, life.level)
  } else if (life.level > 0) {
    const lots = 1 + prng.nextInt(Math.min(8, life.level))
    leave(life, lots)
    life.level -= lots
    writer.level(time, time, life.level)
  }
  return false
}

/** Makes orders that rest until they are filled or, at a random time, cancelled. */
function makeOrders(
  seed: number,
  count: number,
  leave: (life: Life, lots: number) => void,
): QueueObservation[] {
  const prng = new Prng(seed)
  return Array.from({ length: count }, () => {
    const front = 4 + prng.nextInt(20)
    const level = front
    const life: Life = { prng, writer: new LevelPathWriter(level), level, front, time: 0 }
    const steps = 8 + prng.nextInt(32)
    let isFilled = false
    while (!isFilled && life.time < steps) isFilled = happen(life, leave)
    return {
      side: 1,
      tick: 100,
      frontLots: front,
      acceptTime: 0,
      endTime: life.time,
      isFilled,
      endMessage: life.time,
      path: life.writer.finish(),
    }
  })
}

/** One whole order leaves, ahead of us with the chance that the model gives. */
function wholeOrders(name: string): (life: Life, lots: number) => void {
  const { behind } = queueShare(name)
  return (life, lots) => {
    const back = life.level - life.front
    const isBehind = life.prng.next() < (back === 0 ? 0 : behind(life.front, back))
    life.front = isBehind ? Math.min(life.front, life.level - lots) : Math.max(0, life.front - lots)
  }
}

/** The same levels, but the order ends where the model without chance fills it. */
function foretold(orders: readonly QueueObservation[], name: string): QueueObservation[] {
  const model = parseQueueModel(name)
  return orders.map((order) => {
    const step = predictFill(model, order)
    return step === NO_STEP
      ? { ...order, isFilled: false }
      : { ...order, isFilled: true, endTime: order.path.time[step]! }
  })
}

/** How many of the seeds give an interval that holds `exponent`. */
function covered(
  seeds: number,
  exponent: number,
  family: PowerFamily,
  orders: (seed: number) => readonly QueueObservation[],
): number {
  let inside = 0
  for (let seed = 1; seed <= seeds; seed++) {
    const fit = fitQueueExponent(orders(seed), { family })
    expect(fit.isOpenBelow || fit.isOpenAbove).toBe(false)
    if (fit.low <= exponent && exponent <= fit.high) inside++
  }
  tellCampaign(`fits of ${family}:${exponent}`, seeds, `seeds, ${inside} intervals hold it`)
  return inside
}

/** All 100 in a campaign, fewer otherwise. */
const seedsOr = (few: number): number => Math.min(100, campaignLength(few))
/** Orders of each seed: the interval is one of large samples. */
const ORDERS = seedsOr(1) === 100 ? 400 : 160

describe('fitting an exponent', () => {
  it('holds the true exponent in its 95 % interval where orders leave whole', () => {
    const orders = (seed: number): QueueObservation[] =>
      makeOrders(seed, ORDERS, wholeOrders('fair-power-prob:3'))
    const seeds = seedsOr(20)
    const inside = covered(seeds, 3, 'fair-power-prob', orders)
    expect(inside).toBeGreaterThanOrEqual(seeds === 100 ? 90 : 17)
  })

  it('holds it where the simulator filled the orders, which knows no chance', () => {
    const orders = (seed: number): QueueObservation[] =>
      foretold(makeOrders(seed, ORDERS, wholeOrders('power-prob:1')), 'power-prob:3')
    const seeds = seedsOr(8)
    const inside = covered(seeds, 3, 'power-prob', orders)
    expect(inside).toBeGreaterThanOrEqual(seeds === 100 ? 90 : 7)
  })

  it.each([
    ['fair-power-prob2', 0.5],
    ['fair-power-prob3', 2],
  ] as const)('holds it for %s too', (family, exponent) => {
    const orders = (seed: number): QueueObservation[] =>
      makeOrders(seed, ORDERS, wholeOrders(`${family}:${exponent}`))
    const seeds = seedsOr(6)
    const inside = covered(seeds, exponent, family, orders)
    expect(inside).toBeGreaterThanOrEqual(seeds === 100 ? 90 : 5)
  })

  it('tells one exponent from another', () => {
    const low = fitQueueExponent(makeOrders(1, 400, wholeOrders('fair-power-prob:0.7')))
    const high = fitQueueExponent(makeOrders(1, 400, wholeOrders('fair-power-prob:6')))
    expect(low.high).toBeLessThan(1)
    expect(high.low).toBeGreaterThan(3)
    expect(low.wholeShare).toBeGreaterThan(0.8)
  })

  it('finds that decreases are split where they are', () => {
    const orders = foretold(makeOrders(2, 200, wholeOrders('power-prob:1')), 'fair-power-prob:2')
    expect(fitQueueExponent(orders).wholeShare).toBeLessThan(0.2)
  })

  it.each([
    ['power-prob', 0.7, 6],
    ['power-prob2', 7.5, 7],
    ['power-prob3', 0.4, 2],
  ] as const)('finds the rule without chance of %s:%f', (family, exponent, seed) => {
    // Its peak is narrow, and far from what is likely with a little chance.
    const orders = foretold(
      makeOrders(seed, 160, wholeOrders('power-prob:1')),
      `${family}:${exponent}`,
    )
    const fit = fitQueueExponent(orders, { family })
    expect(fit).toEqual(fitQueueExponent(orders, { family, wholeShare: 0 }))
    expect(Math.abs(Math.log(fit.exponent / exponent))).toBeLessThan(0.15)
  })

  it('leaves out what tells nothing, and says so where nothing tells anything', () => {
    const writer = new LevelPathWriter(10)
    writer.level(1, 1, 4)
    const idle: QueueObservation = {
      side: 1,
      tick: 1,
      frontLots: 10,
      acceptTime: 0,
      endTime: 5,
      isFilled: false,
      endMessage: 1,
      path: writer.finish(),
    }
    expect(() => fitQueueExponent([idle])).toThrow(/^TOO_FEW_ROWS: none of the 1 observations/)
    // A fill where nothing traded contradicts the tape.
    const orders = makeOrders(3, 60, wholeOrders('fair-power-prob:3'))
    const fit = fitQueueExponent([...orders, idle, { ...idle, isFilled: true }])
    expect(fit.observations + fit.leftOut).toBe(62)
    expect(fit.leftOut).toBeGreaterThanOrEqual(2)
    expect(fit.exponent).toBe(fitQueueExponent(orders).exponent)
  })

  it('stays open where the data say nothing of the exponent', () => {
    const at = (trade: number, isFilled: boolean): QueueObservation => {
      const writer = new LevelPathWriter(5)
      writer.trade(1, 1, trade)
      const frontLots = 5
      const path = writer.finish()
      return {
        side: 1,
        tick: 1,
        frontLots,
        acceptTime: 0,
        endTime: 1,
        isFilled,
        endMessage: 1,
        path,
      }
    }
    const fit = fitQueueExponent([at(6, true), at(5, false)])
    expect([fit.isOpenBelow, fit.isOpenAbove]).toEqual([true, true])
  })

  it.each([
    [{ bounds: [0, 3] as const }, /bounds of the exponent must be two numbers, 0 < from < to/],
    [{ bounds: [3, 3] as const }, /were 3 and 3/],
    [{ wholeShare: 1.5 }, /wholeShare must be 0 to 1, was 1\.5/],
    [{ wrongShare: -1 }, /wrongShare must be 0 to 0\.5, was -1/],
  ])('refuses %j', (options, message) => {
    const orders = makeOrders(1, 5, wholeOrders('power-prob:1'))
    expect(() => fitQueueExponent(orders, options)).toThrow(message)
  })
})
