// Which exponent of a queue model fits your fills: here those of a backtest that was told 3.
import { Cerebro, LobFeed, Strategy, parseQueueModel, simulateMarket } from 'lobtrader'
import { restingFates } from 'lobtrader/engine'
import { fitQueueExponent, observeOrders } from 'lobtrader/venue'

/** Joins a level on either side and stays for some seconds. */
class JoinAndWait extends Strategy.with({ size: 0.05, every: '250ms', wakesPatient: 40 }) {
  #wakes = 0

  override start() {
    this.every(this.p.every)
  }

  override onTimer() {
    if (++this.#wakes % this.p.wakesPatient === 0)
      for (const order of this.orders) this.cancel(order)
    const { bestBid, bestAsk } = this.book
    if (this.#wakes % 2 === 0) this.buy({ price: bestBid, size: this.p.size, tif: 'GTX' })
    else this.sell({ price: bestAsk, size: this.p.size, tif: 'GTX' })
  }
}

const { instrument, events } = simulateMarket({ seed: 3, durationNs: 600e9 })
const feed = LobFeed.fromEvents(instrument, events)
const cerebro = new Cerebro()
cerebro.addData(feed, { queue: parseQueueModel('power-prob:3'), exchange: 'no-partial' })
cerebro.addStrategy(JoinAndWait)
const [result] = await cerebro.run()

// With real fills: the tape of the venue, your orders in `RestingOrderFate`s, and
// `{ isOwnInBook: true }`, because the venue's levels held your lots too.
const observed = observeOrders(feed.tape, restingFates(result!.record))
const fit = fitQueueExponent(observed, { family: 'power-prob' })
console.log(`${fit.observations} orders tell of the exponent, ${fit.filled} of them filled`)
console.log(
  `exponent ${fit.exponent.toFixed(2)}, 95 % interval ${fit.low.toFixed(2)} to ${fit.high.toFixed(2)}`,
)
