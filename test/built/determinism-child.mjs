/**
 * The same run in a thread, or in a process of its own: several instruments and strategies, random
 * latencies, orders that fill, expire and are cancelled. Prints or posts the hash of each strategy.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import {
  AvellanedaStoikov,
  Cerebro,
  Instrument,
  LobFeed,
  Strategy,
  parseQueueModel,
  sampledLatency,
  lognormalDelay,
  simulateMarket,
} from '../../dist/index.js'

/** Crosses from one venue to the other when it feels like it. */
class Crosser extends Strategy.with({ every: '50ms' }) {
  start() {
    this.every(this.p.every)
  }
  onTimer() {
    const data = this.datas[this.random.nextInt(this.datas.length)]
    const book = this.bookOf(data)
    const tif = this.random.next() < 0.5 ? 'IOC' : 'GTC'
    if (this.random.next() < 0.5) this.buy({ data, price: book.bestAsk, size: 0.1, tif })
    else this.sell({ data, price: book.bestBid, size: 0.1, tif })
    const open = this.orders.filter((order) => order.isOpen)
    if (open.length > 6) this.cancel(open[this.random.nextInt(open.length)])
  }
}

/** The columns of the run, in memory that threads share. */
export function markets() {
  return [21, 22].map((seed) => simulateMarket({ seed, durationNs: 20e9 }))
}

/** Runs over `given` and returns the hash of each strategy. */
export async function hashes(given) {
  const cerebro = new Cerebro()
  for (const [i, { spec, events }] of given.entries()) {
    const instrument = new Instrument({ ...spec, venue: `venue${i}` })
    cerebro.addData(LobFeed.fromEvents(instrument, events), {
      latency: sampledLatency({
        entry: lognormalDelay({ median: '1ms', sigma: 0.5 }),
        response: '1ms',
      }),
      queue: parseQueueModel('power-prob:3'),
      fees: { makerBps: -0.5, takerBps: 5 },
    })
  }
  cerebro.addStrategy(Crosser)
  cerebro.addStrategy(Crosser, { every: '70ms' })
  cerebro.addStrategy(AvellanedaStoikov, { orderSize: 0.1 })
  const results = await cerebro.run({ seed: 9, heatmap: false })
  const trades = results.map(({ record }) => record.fills.length)
  return { hashes: results.map(({ runHash }) => runHash), trades }
}

/** What a thread is given: plain columns, which are shared, not copied. */
export function given() {
  return markets().map(({ instrument, events }) => ({ spec: instrument.spec, events }))
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
if (!isMainThread) parentPort.postMessage(await hashes(workerData))
else if (process.argv[1]?.endsWith('determinism-child.mjs')) {
  process.stdout.write(`${JSON.stringify(await hashes(given()))}\n`)
}
