import { describe, expect, it } from 'vitest'
import { LobFeed, simulateMarket } from '../feed/index.ts'
import { Instrument, type Side } from '../market/index.ts'
import type { Order } from '../order/index.ts'
import type { VenueRules } from '../venue/index.ts'
import { Cerebro } from './cerebro.ts'
import { Strategy, type PriceRounding, type StrategyClass } from './strategy.ts'

const { instrument, events } = simulateMarket({ seed: 6, durationNs: 10e9 })
const mid = instrument.price(events.tick[events.length - 1]!)
const tick = instrument.price(instrument.orderTickStep)
// A seam in the midst of the market, at a price that neither step divides.
const seam = instrument.price(instrument.roundToTicks(mid, 'down'))
const rules: VenueRules = {
  tickTable: [
    { from: 0, tick: Number((3 * tick).toFixed(8)) },
    { from: seam, tick: Number((7 * tick).toFixed(8)) },
  ],
}

/** Sends orders at rounded prices all around the market, in every way of rounding. */
class Rounds extends Strategy.with({ rounds: true }) {
  readonly reasons: string[] = []

  override notifyOrder({ reason }: Order): void {
    if (reason !== '') this.reasons.push(reason)
  }

  override start(): void {
    this.every('50ms', () => {
      const modes: readonly PriceRounding[] = ['down', 'up', 'nearest', 'passive']
      for (const mode of modes) {
        for (const side of [1, -1] as const) this.#send(mode, side)
      }
    })
  }

  #send(mode: PriceRounding, side: Side): void {
    const data = this.datas[this.random.nextInt(this.datas.length)]!
    const near = mid + 40 * tick * (this.random.next() - 0.5)
    const price = this.p.rounds
      ? this.round(near, mode, side, data)
      : data.instrument.price(data.instrument.roundToTicks(near, 'nearest'))
    const order = { price, size: data.instrument.lotSize, tif: 'IOC', data } as const
    if (side > 0) this.buy(order)
    else this.sell(order)
  }
}

async function reasonsOf(parameters: { readonly rounds?: boolean }): Promise<string[]> {
  const other = new Instrument({ ...instrument.spec, symbol: 'OTHER' })
  const cerebro = new Cerebro()
  cerebro.addData(LobFeed.fromEvents(instrument, events), { rules })
  cerebro.addData(LobFeed.fromEvents(other, events), {
    rules: { tickTable: [{ from: 0, tick: Number((4 * tick).toFixed(8)) }] },
  })
  cerebro.addStrategy(Rounds as unknown as StrategyClass, parameters)
  const [result] = await cerebro.run({ seed: 1 })
  expect(result!.record.orders.length).toBeGreaterThan(1000)
  const { reasons } = result!.strategy as Rounds
  return reasons.filter((reason) => reason.includes('the tick there'))
}

describe('rounding where the venue has a tick table', () => {
  it('gives prices that each venue takes, in every way of rounding', async () => {
    expect(await reasonsOf({})).toEqual([])
  })

  it('is needed: prices of the instrument alone are refused', async () => {
    expect((await reasonsOf({ rounds: false })).length).toBeGreaterThan(500)
  })
})
