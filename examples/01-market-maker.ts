// A market maker on an order book: the built-in market, or a store of yours as first argument.
import {
  AvellanedaStoikov,
  Cerebro,
  LobFeed,
  Markout,
  SharpeRatio,
  constantLatency,
  fairPowerProbQueue,
  simulateMarket,
} from 'lobtrader'

const [store, symbol = 'BTCUSDT', out = './lobtrader-report'] = process.argv.slice(2)
const market = simulateMarket({ seed: 1, durationNs: 300e9 })
const feed =
  store === undefined
    ? LobFeed.fromEvents(market.instrument, market.events)
    : await LobFeed.open(store, { symbol })

const cerebro = new Cerebro()
cerebro.addData(feed, {
  latency: constantLatency({ entry: '1ms', response: '1ms' }), // how our requests travel
  queue: fairPowerProbQueue(3), // how our place in line moves
  fees: { makerBps: -0.5, takerBps: 7 },
})
cerebro.addStrategy(AvellanedaStoikov, { riskAversion: 0.5, maxInventory: 5 })
cerebro.addAnalyzer(SharpeRatio, { every: '1s' })
cerebro.addAnalyzer(Markout, { horizons: ['1s', '5s', '30s'] })

const [result] = await cerebro.run({ progress: true, seed: 1 })
console.log(result?.summary())
console.log((await result?.report(out))?.html)
