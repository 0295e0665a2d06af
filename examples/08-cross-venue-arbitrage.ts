// Arbitrage between two venues: one follows the other, and we are faster than it.
import {
  Cerebro,
  Instrument,
  LobFeed,
  Strategy,
  constantLatency,
  simulateMarket,
  type Data,
} from 'lobtrader'

export class CrossVenue extends Strategy.with({ size: 0.1, maxPosition: 1, edgeBps: 1 }) {
  readonly lead = this.getData('simulated:SIM')
  readonly follower = this.getData('follower:SIM')
  #isBusy = false

  // Each change of either book: does one venue bid more than the other asks, after costs?
  override onBook() {
    this.#trade(this.lead, this.follower)
    this.#trade(this.follower, this.lead)
  }

  #trade(high: Data, low: Data) {
    const { size, maxPosition, edgeBps } = this.p
    const bid = this.bookOf(high).bestBid
    const ask = this.bookOf(low).bestAsk
    const edge = ((bid - ask) / ask) * 1e4
    if (this.#isBusy || !(edge > edgeBps) || this.positionOf(low).size >= maxPosition) return
    this.#isBusy = true
    this.buy({ data: low, price: ask, size, tif: 'IOC' })
    this.sell({ data: high, price: bid, size, tif: 'IOC' })
    this.after('200ms', () => (this.#isBusy = false))
  }
}

// The follower shows the same market 150 ms later, with an instrument of its own.
const { instrument, events } = simulateMarket({ seed: 11, durationNs: 120e9 })
const later = (times: Float64Array) => times.map((time) => time + 150e6)
const follower = new Instrument({ ...instrument.spec, venue: 'follower' })
const copy = { ...events, exchTime: later(events.exchTime), localTime: later(events.localTime) }

const near = constantLatency({ entry: '1ms', response: '1ms' })
const far = constantLatency({ entry: '20ms', response: '20ms' })
const options = { latency: near, fees: { makerBps: 0, takerBps: 0.2 } }
const cerebro = new Cerebro({ cash: 10_000 })
// On your own data: await LobFeed.open('./store', { symbol: 'BTCUSDT', venue: 'binance-usdm' }), ...
cerebro.addData(LobFeed.fromEvents(instrument, events), options)
cerebro.addData(LobFeed.fromEvents(follower, copy), options)
cerebro.addStrategy(CrossVenue, {}, 'near both venues')
cerebro.addStrategy(CrossVenue, {}, { name: 'far from one', latency: { follower: far } })
const results = await cerebro.run()
for (const result of results) console.log(result.summary())
