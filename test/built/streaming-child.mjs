/**
 * Runs a strategy over a store and tells what came of it and how much memory that took:
 * `node streaming-child.mjs STORE MEMORY [TO]`, MEMORY `all` for all rows at once.
 */
import { Cerebro, LobFeed, Strategy, constantLatency } from '../../dist/index.js'

const [, , dir, memory, to] = process.argv

/** Quotes at the touch every two seconds. */
class Quotes extends Strategy.with({ every: '2s' }) {
  #open = []

  start() {
    this.every(this.p.every)
  }

  onTimer() {
    for (const order of this.#open) if (order.isOpen) this.cancel(order)
    const { bestBid, bestAsk } = this.book
    this.#open = [
      this.buy({ price: bestBid, size: 0.001 }),
      this.sell({ price: bestAsk, size: 0.001 }),
    ]
  }
}

const feed = await LobFeed.open(dir, {
  symbol: 'BTCUSDT',
  ...(memory === 'all' ? {} : { memory }),
  ...(to === undefined ? {} : { to }),
})
const cerebro = new Cerebro()
cerebro.addData(feed, { latency: constantLatency({ entry: '1ms', response: '1ms' }) })
cerebro.addStrategy(Quotes)
const [result] = await cerebro.run({ seed: 1 })
const { record } = result
const told = {
  runHash: record.runHash,
  events: record.events,
  fills: record.fills.length,
  mids: record.mids.length,
  seconds: record.seconds,
  peakMb: process.resourceUsage().maxRSS / 1024,
}
process.stdout.write(`${JSON.stringify(told)}\n`)
