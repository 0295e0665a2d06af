import { expect, it } from 'vitest'
import { LobFeed, simulateMarket } from '../feed/index.ts'
import { NO_STEP, endSteps, observeOrders, parseQueueModel, predictFill } from '../venue/index.ts'
import { Cerebro } from './cerebro.ts'
import { restingFates } from './resting-fates.ts'
import { Strategy } from './strategy.ts'

/** Joins both sides again and again, and takes now and then. */
class JoinAndWait extends Strategy.with({ wakes: 0 }) {
  #wakes = 0

  override start() {
    this.every('200ms')
  }

  override onTimer() {
    this.#wakes++
    if (this.#wakes % 23 === 0) for (const order of this.orders) this.cancel(order)
    const { bestBid, bestAsk } = this.book
    this.buy({ price: bestBid, size: 0.05, tif: 'GTX' })
    this.sell({ price: bestAsk, size: 0.05, tif: 'GTX' })
    if (this.#wakes % 11 === 0) this.buy({ price: bestAsk, size: 0.05 })
  }
}

it('the orders of a run are observed as the run saw them', async () => {
  const { instrument, events } = simulateMarket({ seed: 4, durationNs: 60e9 })
  const feed = LobFeed.fromEvents(instrument, events)
  const cerebro = new Cerebro()
  const queue = parseQueueModel('fair-power-prob:2')
  cerebro.addData(feed, { queue, exchange: 'no-partial' })
  cerebro.addStrategy(JoinAndWait)
  const [result] = await cerebro.run()
  const fates = restingFates(result!.record)
  const observed = observeOrders(feed.tape, fates)
  const { orders, fills } = result!.record
  const makers = fills.maker.subarray(0, fills.length).reduce((sum, maker) => sum + maker, 0)
  expect(observed.filter(({ isFilled }) => isFilled)).toHaveLength(makers)
  expect(makers).toBeGreaterThan(30)
  // Orders that took, or expired instead, never rested.
  expect(fates.length).toBeLessThan(orders.length - 10)
  for (const observation of observed) {
    const step = predictFill(queue, observation)
    const { from, to } = endSteps(observation)
    if (observation.isFilled) expect(step >= from && step < to).toBe(true)
    else expect(step === NO_STEP || step >= to).toBe(true)
  }
})
