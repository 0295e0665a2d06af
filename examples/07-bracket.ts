// An entry with its exits, all at the exchange: a trailing stop, and a limit that takes the profit.
import { Cerebro, LobFeed, Strategy, simulateMarket, type Bracket, type Order } from 'lobtrader'

export class Breakout extends Strategy.with({ size: 0.5, every: '5s', trail: 4, target: 8 }) {
  #bracket: Bracket | undefined

  override start() {
    this.every(this.p.every)
  }

  override onTimer() {
    if (this.position.size !== 0) return
    this.cancelAll() // in one request; what waits for the entry goes with it
    const tick = this.instrument.tickSize
    const breakout = this.round(this.book.bestAsk + 2 * tick)
    this.#bracket = this.buyBracket({
      trigger: breakout, // a stop to buy, two ticks above the ask
      triggerBy: 'bid-ask',
      size: this.p.size,
      expire: '4s',
      stop: { trail: { ticks: this.p.trail }, triggerBy: 'bid-ask' },
      profit: { price: this.round(breakout + this.p.target * tick) },
    })
  }

  override notifyOrder(order: Order) {
    const { stop, profit } = this.#bracket ?? {}
    if (order.status !== 'filled' || (order !== stop && order !== profit)) return
    const how = order === stop ? `stopped, trailed to ${order.trigger}` : 'profit taken'
    console.log(`${(this.now / 1e9).toFixed(1)} s  ${how}, at ${order.averagePrice.toFixed(2)}`)
  }
}

const { instrument, events } = simulateMarket({ seed: 5, durationNs: 300e9 })
const cerebro = new Cerebro()
cerebro.addData(LobFeed.fromEvents(instrument, events), {
  fees: { makerBps: 0, takerBps: 1 },
  rules: { stp: 'cancel-newest', maxOpenOrders: 10 },
})
cerebro.addStrategy(Breakout)
const [result] = await cerebro.run()
console.log(result?.summary())
