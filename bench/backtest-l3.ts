/**
 * A full backtest on market-by-order data: the grid of 20 resting orders between real orders, beside
 * what a bare replay of the book costs.
 */
import { Cerebro, LobFeed, constantLatency } from 'lobtrader'
import { OrderBookState, applyOrderEvents } from 'lobtrader/book'
import { Instrument, type EventColumns } from 'lobtrader/market'
import { HighPrecisionClock } from 'lobtrader/time'
import { Grid } from './backtest-grid.ts'
import type { BenchCase } from './bench-case.ts'
import { orderTape } from './order-tapes.ts'

/** Rows between two wake-ups of the strategy, in the mean. */
const ROWS_A_STEP = 200
const STEP_NS = 1e8

const ES = new Instrument({
  venue: 'glbx.mdp3',
  symbol: 'ESH4',
  kind: 'linear-future',
  base: 'ES',
  quote: 'USD',
  tickSize: '0.25',
  lotSize: '1',
  multiplier: '50',
})

/**
 * The tape with its moments at equal distances, so that a clock wakes the strategy as often in quiet
 * hours as in busy ones: rows of one time stay together.
 */
function evenly(events: EventColumns): EventColumns {
  const { length, exchTime } = events
  const time = new Float64Array(length)
  let moments = 0
  for (let i = 1; i < length; i++) {
    if (exchTime[i] !== exchTime[i - 1]) moments++
    time[i] = moments
  }
  const apart = Math.floor((STEP_NS * length) / ROWS_A_STEP / moments)
  for (let i = 0; i < length; i++) time[i]! *= apart
  return { ...events, localTime: time, exchTime: time }
}

/** Replays one bare book; returns rows per second. */
function replayOnce(events: EventColumns): number {
  const state = new OrderBookState({ rowsAreFinal: true })
  const begin = HighPrecisionClock.nowNs()
  for (let from = 0; from < events.length; from += ROWS_A_STEP) {
    applyOrderEvents(state, events, from, Math.min(events.length, from + ROWS_A_STEP))
  }
  return events.length / (Number(HighPrecisionClock.nowNs() - begin) / 1e9)
}

/** Measures events per second of the whole run, both books, latency 1 ms each way. */
export async function backtestL3(): Promise<BenchCase> {
  const { events: told, what } = await orderTape()
  const events = evenly(told)
  const feed = LobFeed.fromEvents(ES, events)
  let details: string[] = []
  return {
    name: 'backtest-l3',
    unit: 'events/s',
    note: `20-order grid over ${events.length} ${what}, exchange l3, 1 ms each way`,
    get details() {
      return details
    },
    async run() {
      const cerebro = new Cerebro()
      cerebro.addData(feed, {
        latency: constantLatency({ entry: '1ms', response: '1ms' }),
        exchange: 'l3',
        fees: { makerBps: 0, takerBps: 0 },
      })
      cerebro.addStrategy(Grid, { size: 1 })
      const [result] = await cerebro.run({ heatmap: false })
      const { record } = result!
      if (record.fills.length === 0) throw new Error('no order of the grid filled')
      details = [`${record.orders.length} orders, ${record.fills.length} fills`]
      return record.events / record.seconds
    },
    against: { name: 'one bare L3 book over the same tape', run: () => replayOnce(events) },
  }
}
