// A strategy of your own: keeps one post-only order at the best bid.
import { Cerebro, LobFeed, Strategy, simulateMarket, type Order } from 'lobtrader'

export class JoinTheBid extends Strategy.with({ size: 0.01, maxInventory: 0.05, every: '100ms' }) {
  #bid: Order | undefined

  override start() {
    this.every(this.p.every) // wakes onTimer; nothing else costs anything
  }

  override onTimer() {
    const bid = this.book.bestBid
    if (this.#bid?.price === bid || this.position.size >= this.p.maxInventory) return
    if (this.#bid?.isOpen) this.cancel(this.#bid)
    this.#bid = this.buy({ price: bid, size: this.p.size, tif: 'GTX' })
  }

  override notifyOrder(order: Order) {
    if (order.isDone && order === this.#bid) this.#bid = undefined
  }
}

const { instrument, events } = simulateMarket({ seed: 2, durationNs: 60e9 })
const cerebro = new Cerebro()
cerebro.addData(LobFeed.fromEvents(instrument, events), { fees: { makerBps: 0, takerBps: 5 } })
cerebro.addStrategy(JoinTheBid, { size: 0.02 })
const [result] = await cerebro.run()
console.log(result?.summary())
