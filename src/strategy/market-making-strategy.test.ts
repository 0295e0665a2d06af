import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Tape, unitInstrument } from '../../test/tape.ts'
import { Prng } from '../core/index.ts'
import { Cerebro, overrides, type OrderOptions, type StrategyClass } from '../engine/index.ts'
import { LobFeed, simulateMarket } from '../feed/index.ts'
import type { EventColumns, Instrument, Side } from '../market/index.ts'
import type { Order } from '../order/index.ts'
import type { Duration } from '../time/index.ts'
import { constantLatency, riskAverseQueue } from '../venue/index.ts'
import { MarketMakingStrategy } from './market-making-strategy.ts'

const MS = 1e6
type Parameters = Partial<MarketMakingStrategy['p']>
type Quotes = readonly [bid: number, ask: number]

/** What was sent, and how the market stood then. */
interface Sent {
  readonly side: Side
  readonly options: OrderOptions
  readonly time: number
  readonly bestBid: number
  readonly bestAsk: number
  readonly ownBid: number | undefined
  readonly ownAsk: number | undefined
}

/** A market maker that quotes what a test tells it to and keeps a log. */
abstract class Logged extends MarketMakingStrategy {
  readonly sent: Sent[] = []
  readonly inputs: { inventory: number; volatility: number; timeRemaining: number }[] = []
  openMost = 0
  inventoryMost = 0

  abstract quote(): Quotes

  override calculateOptimalQuotes(
    inventory: number,
    volatility: number,
    timeRemaining: number,
  ): Quotes {
    this.inputs.push({ inventory, volatility, timeRemaining })
    return this.quote()
  }

  override buy(options: OrderOptions = {}): Order {
    return this.#log(1, options, () => super.buy(options))
  }

  override sell(options: OrderOptions = {}): Order {
    return this.#log(-1, options, () => super.sell(options))
  }

  override notifyOrder(_order: Order): void {
    this.inventoryMost = Math.max(this.inventoryMost, Math.abs(this.inventory))
  }

  #log(side: Side, options: OrderOptions, send: () => Order): Order {
    const { book } = this
    this.sent.push({
      side,
      options,
      time: this.now,
      bestBid: book.bestBid,
      bestAsk: book.bestAsk,
      ownBid: this.bidOrder?.price,
      ownAsk: this.askOrder?.price,
    })
    const order = send()
    const open = this.orders.filter((each) => each.side === side && each.isOpen)
    this.openMost = Math.max(this.openMost, open.length)
    return order
  }
}

/** Returns a maker class that takes its quotes from a function of itself. */
function makerOf(quote: (maker: MarketMakingStrategy) => Quotes): StrategyClass<Logged['p']> {
  return class Maker extends Logged {
    override quote(): Quotes {
      return quote(this)
    }
  } as unknown as StrategyClass<Logged['p']>
}

interface Setting {
  readonly parameters?: Parameters
  readonly latency?: Duration
  readonly instrument?: Instrument
}

async function run(
  events: EventColumns,
  quote: (maker: MarketMakingStrategy) => Quotes,
  { parameters = {}, latency = 0, instrument = unitInstrument }: Setting = {},
): Promise<Logged> {
  const cerebro = new Cerebro()
  cerebro.addData(LobFeed.fromEvents(instrument, events), {
    latency: constantLatency({ entry: latency, response: latency }),
    queue: riskAverseQueue(),
  })
  cerebro.addStrategy(makerOf(quote), parameters, 'maker')
  const [result] = await cerebro.run({ heatmap: false })
  return result!.strategy as unknown as Logged
}

/** A book of 100 / 102 that stands for a second; `sales` trades at 95 come at 107, 207, ... ms. */
function stillBook(sales = 0): EventColumns {
  const tape = new Tape().snapshot(0, [[100, 500]], [[102, 500]])
  for (let i = 1; i <= sales; i++) tape.trade(i * 100 * MS + 7 * MS, -1, 95, 10)
  return tape.bid(1000 * MS, 90, 1).events()
}

const prices = (maker: Logged): [Side, number | undefined][] =>
  maker.sent.map(({ side, options }) => [side, options.price])

describe('MarketMakingStrategy', () => {
  it('rounds quotes away from the mid and sends them post-only in the order size', async () => {
    const maker = await run(stillBook(), () => [98.7, 103.2], {
      parameters: { orderSize: 3 },
    })
    expect(maker.sent.map(({ options }) => options)).toEqual([
      { price: 98, size: 3, tif: 'GTX' },
      { price: 104, size: 3, tif: 'GTX' },
    ])
  })

  it('takes ten lots for an order size of auto', async () => {
    const maker = await run(stillBook(), () => [99, 103])
    expect(maker.sent.map(({ options }) => options.size)).toEqual([10, 10])
  })

  it('stays one tick off the other side when the model would cross it', async () => {
    const above = await run(stillBook(), () => [105, 110])
    expect(prices(above)).toEqual([
      [1, 101],
      [-1, 110],
    ])
    const below = await run(stillBook(), () => [90, 95])
    expect(prices(below)).toEqual([
      [1, 90],
      [-1, 101],
    ])
  })

  it('widens evenly to the smallest spread, and to a tick at least', async () => {
    const wide = await run(stillBook(), () => [100, 102], {
      parameters: { minSpread: 10 },
    })
    expect(prices(wide)).toEqual([
      [1, 96],
      [-1, 106],
    ])
    const inverted = await run(stillBook(), () => [101.2, 100.8])
    expect(prices(inverted)).toEqual([
      [1, 100],
      [-1, 102],
    ])
  })

  it('quotes no side whose price is not finite or not positive', async () => {
    const noBid = await run(stillBook(), () => [Number.NEGATIVE_INFINITY, 103])
    expect(prices(noBid)).toEqual([[-1, 103]])
    const noAsk = await run(stillBook(), () => [-5, Number.NaN])
    expect(prices(noAsk)).toEqual([])
  })

  it('leaves an order where it is until its price changes, then cancels and replaces it', async () => {
    const maker = await run(stillBook(), ({ now }) => [now < 500 * MS ? 99.9 : 98, 103])
    expect(prices(maker)).toEqual([
      [1, 99],
      [-1, 103],
      [1, 98],
    ])
    expect(maker.orders.map((order) => order.status)).toEqual(['cancelled', 'accepted', 'accepted'])
    expect(maker.orders[0]!.cancelLocal).toBe(maker.orders[2]!.submitLocal)
  })

  it('holds two orders a side at the most while cancels are on their way', async () => {
    let step = 0
    const maker = await run(stillBook(), () => [90 - (step++ % 7), 110 + (step % 5)], {
      latency: '170ms',
      parameters: { rebalanceFreq: '20ms' },
    })
    expect(maker.sent.length).toBeGreaterThan(6)
    expect(maker.openMost).toBe(2)
  })

  it('quotes again after a post-only order was refused because the market had moved', async () => {
    const tape = new Tape()
      .snapshot(0, [[100, 50]], [[104, 50]])
      // The ask falls to 102 while the bid at 103 is on its way to the exchange.
      .ask(55 * MS, 102, 50)
      .bid(1000 * MS, 90, 1)
    const maker = await run(tape.events(), () => [103, 110], { latency: '10ms' })
    expect(
      maker.orders.filter((order) => order.isBuy).map(({ price, status }) => [price, status]),
    ).toEqual([
      [103, 'rejected'],
      [101, 'accepted'],
    ])
  })

  it('quotes again after a fill and never beyond the largest inventory', async () => {
    const maker = await run(stillBook(8), () => [99, 110], { parameters: { maxInventory: 3 } })
    expect(maker.orders.filter((order) => order.isBuy).map((order) => order.status)).toEqual([
      'filled',
      'filled',
      'filled',
    ])
    expect(maker.inventory).toBe(3)
    expect(maker.inputs.map(({ inventory }) => inventory)).toContain(2)
  })

  it('counts inventory from its target', async () => {
    const maker = await run(stillBook(), () => [99, 103], {
      parameters: { inventoryTarget: 2 },
    })
    expect(maker.inputs[0]!.inventory).toBe(-2)
  })

  it('takes its quotes down while the book is stale or one-sided, and comes back', async () => {
    const tape = new Tape()
      .snapshot(0, [[100, 50]], [[102, 50]])
      .gap(120 * MS)
      .snapshot(320 * MS, [[100, 50]], [[102, 50]])
      .ask(520 * MS, 102, 0)
      .ask(720 * MS, 102, 50)
      .bid(1000 * MS, 90, 1)
    const maker = await run(tape.events(), () => [99, 103])
    const bids = maker.orders.filter((order) => order.isBuy)
    expect(bids.map((order) => order.submitLocal)).toEqual([50 * MS, 350 * MS, 750 * MS])
    expect(bids.map((order) => order.cancelLocal)).toEqual([150 * MS, 550 * MS, Number.NaN])
  })

  it('gives the model the default volatility, then what it measured', async () => {
    const tape = new Tape().snapshot(0, [[100, 50]], [[102, 50]])
    // The mid alternates between 101 and 101.5 from sample to sample: 0.5 per 50 ms.
    for (let i = 1; i < 60; i++)
      tape.ask(i * 50 * MS - MS, 103, 50).ask(i * 50 * MS - MS, 102, i % 2 === 0 ? 50 : 0)
    const maker = await run(tape.events(), () => [99, 110], {
      parameters: { defaultVolatility: 7 },
    })
    expect(maker.inputs[0]!.volatility).toBe(7)
    expect(maker.inputs.at(-1)!.volatility).toBeCloseTo(0.5 / Math.sqrt(0.05), 9)
  })

  it('counts time down to the end of each trading period and begins anew', async () => {
    const maker = await run(stillBook(), () => [99, 103], {
      parameters: { tradingPeriod: '200ms', rebalanceFreq: '50ms' },
    })
    const remaining = maker.inputs.slice(0, 6).map(({ timeRemaining }) => timeRemaining)
    expect(remaining).toEqual([0.15, 0.1, 0.05, 0.2, 0.15, 0.1])
  })

  it('hedges its share of an inventory beyond the threshold by market order, once at a time', async () => {
    const maker = await run(stillBook(4), () => [99, 110], {
      latency: '1ms',
      parameters: { hedgeThreshold: 1, hedgeRatio: 0.5 },
    })
    const hedges = maker.sent.filter(({ options }) => options.type === 'market')
    expect(hedges.map(({ side, options }) => [side, options.size])).toEqual([
      [-1, 10],
      [-1, 10],
      [-1, 10],
    ])
    expect(
      maker.orders
        .filter((order) => order.type === 'market')
        .every(({ status }) => status === 'filled'),
    ).toBe(true)
    expect(maker.inventory).toBe(1)
  })

  it('never hedges by default', async () => {
    const maker = await run(stillBook(4), () => [99, 110])
    expect(maker.sent.filter(({ options }) => options.type === 'market')).toEqual([])
    expect(maker.inventory).toBe(4)
  })

  it('keeps every promise on a simulated market, whatever the model says and however slow the line', async () => {
    const { instrument, events } = simulateMarket({ seed: 8, durationNs: 20e9 })
    let filled = 0
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom<Duration[]>(0, '1ms', '30ms', '200ms'),
        async (seed, maxInventory, latency) => {
          const prng = new Prng(seed)
          const maker = await run(
            events,
            ({ book }) => {
              const center = book.mid + 0.3 * prng.nextNormal()
              const half = 0.3 * prng.next() - 0.05
              return [center - half, center + half]
            },
            { instrument, latency, parameters: { maxInventory, rebalanceFreq: '20ms' } },
          )
          const tick = instrument.tickSize
          for (const { side, options, bestBid, bestAsk, ownBid, ownAsk } of maker.sent) {
            const price = options.price!
            expect(options.tif).toBe('GTX')
            expect(instrument.price(instrument.ticksOf(price))).toBe(price)
            if (side > 0) expect(price).toBeLessThan(bestAsk - tick / 2)
            else expect(price).toBeGreaterThan(bestBid + tick / 2)
            if (side < 0 && ownBid !== undefined) expect(price).toBeGreaterThan(ownBid)
            if (side > 0 && ownAsk !== undefined) expect(price).toBeLessThan(ownAsk)
          }
          expect(maker.openMost).toBeLessThanOrEqual(2)
          expect(maker.inventoryMost).toBeLessThanOrEqual(maxInventory)
          filled += maker.orders.filter((order) => order.filled > 0).length
        },
      ),
      { numRuns: 12 },
    )
    // On a slow line one maker may fill nothing, but not all of them.
    expect(filled).toBeGreaterThan(0)
  })

  it('fits k to the trades seen, with the default until then', async () => {
    const { instrument, events } = simulateMarket({ seed: 4, durationNs: 60e9 })
    const seen: number[] = []
    const maker = await run(
      events,
      ({ k, book }) => {
        seen.push(k)
        return [book.mid - 10, book.mid + 10]
      },
      { instrument, parameters: { defaultK: 2.5 } },
    )
    expect(seen[0]).toBe(2.5)
    expect(maker.k).toBeGreaterThan(4)
    expect(maker.k).toBeLessThan(10)
  })

  it('watches neither book nor trades when k is given', async () => {
    const given = await run(stillBook(), () => [99, 103], { parameters: { k: 3 } })
    expect(given.k).toBe(3)
    expect(overrides(given, 'onBook') || overrides(given, 'onTrade')).toBe(false)
    const fitted = await run(stillBook(), () => [99, 103])
    expect(overrides(fitted, 'onBook') && overrides(fitted, 'onTrade')).toBe(true)
  })

  it.each([
    [{ riskAversion: -1 }, 'BAD_PARAMETER: parameter riskAversion of maker cannot be -1'],
    [{ maxInventory: 0 }, 'BAD_PARAMETER: parameter maxInventory'],
    [{ riskAversion: Number.NaN }, 'BAD_PARAMETER: parameter riskAversion'],
    [
      { tradingPeriod: '0s' },
      'BAD_PARAMETER: parameter tradingPeriod of maker cannot be "0s": expected a duration of 1ms or more',
    ],
    [
      { k: 'automatic' },
      'BAD_PARAMETER: parameter k of maker cannot be "automatic": expected a positive number or',
    ],
    [{ hedgeRatio: 1.5 }, 'BAD_PARAMETER: parameter hedgeRatio'],
    [
      { riskAverson: 1 },
      'UNKNOWN_PARAMETER: unknown parameter "riskAverson" of maker; did you mean "riskAversion"?',
    ],
    [{ orderSize: 0.5 }, 'OFF_GRID: size 0.5 of UNIT'],
    [
      { volatilityWindow: '1d', rebalanceFreq: '1ms' },
      'BAD_PARAMETER: volatilityWindow 1d holds 86400000 samples',
    ],
  ])('refuses %o', async (parameters, message) => {
    const attempt = run(stillBook(), () => [99, 103], {
      parameters: parameters as Parameters,
    })
    await expect(attempt).rejects.toThrow(message)
  })
})
