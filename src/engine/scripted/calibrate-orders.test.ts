import { describe, expect, it } from 'vitest'
import { Prng } from '../../core/index.ts'
import { LobFeed, simulateMarket } from '../../feed/index.ts'
import type { Side } from '../../market/index.ts'
import {
  constantLatency,
  fitQueueExponent,
  observeOrders,
  powerProbQueue,
  type QueueFit,
} from '../../venue/index.ts'
import { Cerebro } from '../cerebro.ts'
import { calibrateOrders } from './calibrate-orders.ts'
import type { ActualOutcome } from './order-agreement.ts'
import { orderOutcomes, type OrderOutcome } from './order-outcomes.ts'
import { pairedFates } from './paired-fates.ts'
import { scriptedOrders, type ScriptedOrder } from './scripted-orders.ts'
import { costOf, type OrderSetting } from './setting-search.ts'

const market = simulateMarket({ seed: 3, durationNs: 30e9 })
const feed = LobFeed.fromEvents(market.instrument, market.events)

/** Orders near the touch as it was a moment before, cancelled after a while. */
function someOrders(count: number, seed: number): ScriptedOrder[] {
  const prng = new Prng(seed)
  const { events } = market
  const trades: number[] = []
  for (let row = 0; row < events.length; row++) {
    if ((events.code[row]! & 15) === 1 && events.localTime[row]! > events.localTime[0]! + 5e9) {
      trades.push(row)
    }
  }
  return Array.from({ length: count }, (_, id) => {
    const row = trades[prng.nextInt(trades.length)]!
    const time = events.localTime[row]! + prng.nextInt(1e6)
    const side: Side = prng.nextInt(2) === 0 ? 1 : -1
    const isTaker = prng.nextInt(10) === 0
    return {
      id,
      timeNs: events.epochNs + BigInt(time),
      side,
      priceTicks: events.tick[row]! - side * (isTaker ? -3 : prng.nextInt(3)),
      sizeLots: 1,
      timeInForce: isTaker ? 'IOC' : 'GTC',
      type: 'limit',
      cancelNs: events.epochNs + BigInt(time + 1e8 + prng.nextInt(1.5e9)),
    }
  })
}

const orders = someOrders(400, 1)

async function simulate({ entryNs, exponent }: OrderSetting): Promise<readonly OrderOutcome[]> {
  const cerebro = new Cerebro()
  cerebro.addData(feed, {
    latency: constantLatency({ entry: entryNs, response: entryNs }),
    queue: powerProbQueue(exponent!),
  })
  cerebro.addStrategy(scriptedOrders(orders))
  const [result] = await cerebro.run({ heatmap: false })
  return orderOutcomes(result!, orders)
}

/** What our own simulator did, as fills of a venue: nothing tells how long requests travelled. */
function asActual(outcomes: readonly OrderOutcome[]): Map<number, ActualOutcome> {
  return new Map(
    outcomes.map((each) => [each.id, { ...each, firstFillNs: each.fillNs, entryNs: undefined }]),
  )
}

describe('the calibration by orders', () => {
  it('finds the exponent 2 and the latency of 8 ms that made the outcomes, and gains by them', async () => {
    const actual = asActual(await simulate({ entryNs: 8e6, exponent: 2 }))
    const filled = [...actual.values()].filter(({ filledLots }) => filledLots > 0)
    expect(filled.length).toBeGreaterThan(100)
    expect(filled.length).toBeLessThan(360)
    const found = await calibrateOrders({
      start: { entryNs: 60e6, exponent: 10 },
      actual,
      seed: 1,
      simulate,
    })
    expect(Math.abs(found.setting.entryNs / 8e6 - 1)).toBeLessThan(0.03)
    expect(found.exponent!.low).toBeLessThanOrEqual(2)
    expect(found.exponent!.high).toBeGreaterThanOrEqual(2)
    expect(Math.abs(Math.log(found.setting.exponent! / 2))).toBeLessThan(0.25)
    expect(found.decidingOrders + found.after.compared).toBe(orders.length)
    expect(found.decidingOrders).toBeGreaterThan(150)
    expect(found.after.share).toBeGreaterThan(0.98)
    expect(found.after.share).toBeGreaterThanOrEqual(found.before.share)
    expect(found.costSaved.low).toBeGreaterThan(0)
    expect(found.gain.value).toBeCloseTo(found.after.share - found.before.share, 12)
  }, 60_000)

  it('takes the exponent by likelihood where it is of the rule of the simulator, with its interval', async () => {
    const truth = { entryNs: 8e6, exponent: 1.37 }
    const actual = asActual(await simulate(truth))
    const byId = new Map(orders.map((order) => [order.id, order]))
    const { tape } = feed
    const asked: (readonly number[])[] = []
    const found = await calibrateOrders({
      start: { entryNs: 5e6, exponent: 4 },
      actual,
      seed: 1,
      simulate,
      likelihood: ({ entryNs }, pairs) => {
        asked.push(pairs.map((pair) => pair.actual.id))
        const fates = pairedFates(pairs, byId, { entryNs, epochNs: tape.epochNs })
        return fitQueueExponent(observeOrders(tape, fates), { family: 'power-prob' })
      },
    })
    const { likelihood } = found
    expect(likelihood!.wholeShare).toBe(0)
    expect(likelihood!.filled).toBeGreaterThan(30)
    expect(found.setting.exponent).toBe(Number(likelihood!.exponent.toPrecision(4)))
    expect(found.after.cost).toBeLessThan(0.005)
    expect([found.exponent!.low, found.exponent!.high]).toEqual([likelihood!.low, likelihood!.high])
    expect(likelihood!.low).toBeLessThanOrEqual(truth.exponent)
    expect(likelihood!.high).toBeGreaterThanOrEqual(truth.exponent)
    // The other half judges, and had no part.
    for (const ids of asked) expect(ids).toHaveLength(found.decidingOrders)
  }, 60_000)

  it.each([
    ['chance had a part', { wholeShare: 0.3, filled: 90 }],
    ['too few were filled', { wholeShare: 0, filled: 5 }],
    ['it is far from what costs least', { wholeShare: 0, filled: 90 }],
  ])('keeps the exponent by simulation where %s', async (_why, more) => {
    const fit: QueueFit = {
      family: 'power-prob',
      exponent: 9.5,
      low: 9,
      high: 10,
      observations: 100,
      leftOut: 0,
      isOpenBelow: false,
      isOpenAbove: false,
      logLikelihood: -4,
      ...more,
    }
    const actual = asActual(await simulate({ entryNs: 8e6, exponent: 2 }))
    const start = { entryNs: 8e6, exponent: 2 }
    const found = await calibrateOrders({ start, actual, seed: 1, simulate, likelihood: () => fit })
    expect(found.setting.exponent).toBeLessThan(3)
    expect(found.likelihood).toBe(fit)
    expect(found.exponent!.low).toBeLessThan(9)
  })

  it('stays where it is when that is right already, whatever else it tries', async () => {
    const tried: OrderSetting[] = []
    const truth = { entryNs: 1e6, exponent: undefined }
    const outcomesAt = (entryNs: number): readonly OrderOutcome[] =>
      orders.slice(0, 50).map(({ id, side, timeNs }) => ({
        id,
        side,
        filledLots: 1,
        averageTicks: 1,
        fillNs: timeNs + BigInt(entryNs),
      })) as unknown as readonly OrderOutcome[]
    const found = await calibrateOrders({
      start: truth,
      actual: asActual(outcomesAt(truth.entryNs)),
      seed: 5,
      simulate: (setting) => {
        tried.push(setting)
        return Promise.resolve(outcomesAt(setting.entryNs))
      },
    })
    expect(found.setting).toEqual(truth)
    expect(found.exponent).toBeUndefined()
    expect([found.before.cost, found.after.cost, found.gain.value]).toEqual([0, 0, 0])
    expect(found.runs).toBe(tried.length)
    expect(new Set(tried.map(({ entryNs }) => entryNs)).size).toBe(tried.length)
    expect([found.entryNs.low < 1e6, found.entryNs.high > 1e6]).toEqual([true, true])
  })

  it('starts from what the account tells of the way, however far the start is off', async () => {
    const at = (entryNs: number): readonly OrderOutcome[] =>
      orders.slice(0, 40).map((order) => ({
        ...({ id: order.id, filledLots: 1, averageTicks: 1 } as OrderOutcome),
        fillNs: order.timeNs + BigInt(entryNs),
      }))
    const actual = new Map(at(7_654_321).map((each) => [each.id, { ...each, entryNs: 7_654_321 }]))
    const found = await calibrateOrders({
      start: { entryNs: 900, exponent: undefined },
      actual,
      seed: 2,
      simulate: ({ entryNs }) => Promise.resolve(at(entryNs)),
    })
    expect(found.setting.entryNs).toBe(7_654_321)
  })

  it('charges 1 for a wrong fill, and less than that for a late one', () => {
    const pair = (here: bigint | undefined, there: bigint | undefined) => ({
      simulated: { filledLots: here === undefined ? 0 : 1, fillNs: here } as OrderOutcome,
      actual: { filledLots: there === undefined ? 0 : 1, fillNs: there } as ActualOutcome,
    })
    expect(costOf(pair(1n, undefined))).toBe(1)
    expect(costOf(pair(undefined, undefined))).toBe(0)
    expect(costOf(pair(5n, 5n))).toBe(0)
    expect(costOf(pair(5_000_000_000n, 4_000_000_000n))).toBe(0.5)
  })
})
