import { describe, expect, it } from 'vitest'
import { Tape, unitInstrument } from '../../test/tape.ts'
import { Cerebro, type RunRecord } from '../engine/index.ts'
import { LobFeed, simulateMarket } from '../feed/index.ts'
import { Instrument, type EventColumns } from '../market/index.ts'
import { constantLatency, powerProbQueue } from '../venue/index.ts'
import { AvellanedaStoikov } from './avellaneda-stoikov.ts'
import { STRATEGIES } from './strategies.ts'

const MS = 1e6
type Parameters = Partial<AvellanedaStoikov['p']>

async function run(
  feed: LobFeed,
  parameters: Parameters,
): Promise<{ readonly record: RunRecord; readonly maker: AvellanedaStoikov }> {
  const cerebro = new Cerebro()
  cerebro.addData(feed, {
    latency: constantLatency({ entry: '1ms', response: '1ms' }),
    queue: powerProbQueue(3),
  })
  cerebro.addStrategy(AvellanedaStoikov, parameters)
  const [result] = await cerebro.run({ seed: 1, heatmap: false })
  return { record: result!.record, maker: result!.strategy as unknown as AvellanedaStoikov }
}

/** 1 tick = 0.001: quotes show the formulas to three decimals. */
const fine = new Instrument({ ...unitInstrument.spec, tickSize: '0.001' })

/** A book of 99 / 101 that stands for a second; trades at 90 fill whatever bids. */
function stillBook(fillsAt: readonly number[] = []): EventColumns {
  const tape = new Tape().snapshot(0, [[99_000, 50]], [[101_000, 50]])
  for (const time of fillsAt) tape.trade(time, -1, 90_000, 10)
  return tape.bid(1000 * MS, 80_000, 1).events()
}

const SETTING = {
  riskAversion: 0.1,
  defaultVolatility: 2,
  k: 1.5,
  tradingPeriod: '2s',
  rebalanceFreq: '100ms',
  maxInventory: 10,
} as const

describe('AvellanedaStoikov', () => {
  it('quotes the published spread around the mid at no inventory', async () => {
    const { record } = await run(LobFeed.fromEvents(fine, stillBook()), SETTING)
    // T - t = 1.9: 0.1 x 4 x 1.9 + 20 ln(1 + 0.1 / 1.5) = 0.76 + 1.2907704228.
    const half = (0.76 + 1.2907704228) / 2
    expect(record.orders.price[0]).toBe(Math.floor((100 - half) * 1000) / 1000)
    expect(record.orders.price[1]).toBe(Math.ceil((100 + half) * 1000) / 1000)
  })

  it('shifts both quotes by gamma sigma^2 (T - t) for each unit of inventory', async () => {
    const { record, maker } = await run(LobFeed.fromEvents(fine, stillBook([150 * MS])), SETTING)
    expect(maker.inventory).toBe(1)
    // T - t = 1.8 when the fill is known: the reservation price is 100 - 0.1 x 4 x 1.8.
    const at = record.orders.submitLocal.findIndex((time) => time === 200 * MS)
    const half = (0.72 + 1.2907704228) / 2
    expect(record.orders.price[at]).toBe(Math.floor((100 - 0.72 - half) * 1000) / 1000)
    expect(record.orders.price[at + 1]).toBe(Math.ceil((100 - 0.72 + half) * 1000) / 1000)
  })

  it('quotes the stationary reservation prices on the infinite horizon', async () => {
    const { record } = await run(LobFeed.fromEvents(fine, stillBook()), {
      ...SETTING,
      horizon: 'infinite',
    })
    const margin = 1.2907704228 / 2
    expect(Array.from(record.orders.price)).toEqual([
      Math.floor((99.9170119719 - margin) * 1000) / 1000,
      Math.ceil((100.0823049914 + margin) * 1000) / 1000,
    ])
  })

  it('bids no more at its largest inventory on the infinite horizon', async () => {
    const feed = LobFeed.fromEvents(fine, stillBook([150 * MS, 350 * MS, 550 * MS]))
    const { record, maker } = await run(feed, { ...SETTING, horizon: 'infinite', maxInventory: 2 })
    expect(maker.inventory).toBe(2)
    expect(maker.bidOrder).toBeUndefined()
    expect(maker.askOrder?.isOpen).toBe(true)
    expect(record.fills.length).toBe(2)
  })

  it('keeps quoting finite prices when an inventory target lies off-centre', async () => {
    const feed = LobFeed.fromEvents(fine, stillBook())
    const { maker } = await run(feed, { ...SETTING, horizon: 'infinite', inventoryTarget: -3 })
    expect(maker.inventory).toBe(3)
    expect(maker.bidOrder?.isOpen).toBe(true)
    expect(maker.askOrder!.price).toBeLessThan(101)
  })

  it('earns its spread on the simulated market with the parameters it has', async () => {
    let net = 0
    for (const seed of [1, 2, 3]) {
      const { instrument, events } = simulateMarket({ seed, durationNs: 600e9 })
      const { record, maker } = await run(LobFeed.fromEvents(instrument, events), {})
      const { fills, samples } = record
      expect(fills.length).toBeGreaterThan(500)
      const most = samples.position.reduce((far, position) => Math.max(far, Math.abs(position)), 0)
      expect(most).toBeLessThanOrEqual(0.05 + 1e-12)
      expect(maker.k).toBeGreaterThan(3)
      let captured = 0
      for (let i = 0; i < fills.length; i++) {
        const mid = (fills.bidPrice[i]! + fills.askPrice[i]!) / 2
        captured += fills.side[i]! * (mid - fills.price[i]!)
        expect(fills.maker[i]).toBe(1)
      }
      expect(captured / fills.length).toBeGreaterThan(instrument.tickSize / 4)
      net += record.totals.net
    }
    expect(net).toBeGreaterThan(0)
  })

  it('is known to the command line by name', () => {
    expect(STRATEGIES['avellaneda-stoikov']).toBe(AvellanedaStoikov)
  })
})
