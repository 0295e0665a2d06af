// Bars made of ticks: a strategy on one-second bars that reads the book's imbalance as a line.
import { Cerebro, LobFeed, Strategy, TickFeed, simulateMarket, sma } from 'lobtrader'

export class FollowTheBook extends Strategy.with({ period: 5, size: 0.1, threshold: 0.2 }) {
  readonly pressure = sma(this.data.imbalance, this.p.period)

  override next() {
    const { size, threshold } = this.p
    if (this.position.size === 0 && this.pressure.at(0) > threshold) this.buy({ size })
    else if (this.position.size > 0 && this.pressure.at(0) < -threshold) this.close()
  }
}

const { instrument, events } = simulateMarket({ seed: 5, durationNs: 300e9 })
// On your own data: await TickFeed.open('./store', { symbol: 'BTCUSDT' })
const ticks = TickFeed.of(LobFeed.fromEvents(instrument, events))

const cerebro = new Cerebro()
cerebro.addData(ticks.bars({ by: 'time', every: '1s' })) // or by trades, volume, value, imbalance
cerebro.addStrategy(FollowTheBook)
const [result] = await cerebro.run()
console.log(result?.summary())
