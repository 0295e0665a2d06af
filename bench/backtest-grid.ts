/** A full backtest: 20 resting orders, re-quoted every 100 ms of simulated time. */
import { Cerebro, LobFeed, Strategy, constantLatency, powerProbQueue, type Order } from 'lobtrader'
import { BookState, applyEvents, applyExchangeEvents } from 'lobtrader/book'
import type { EventColumns } from 'lobtrader/market'
import { HighPrecisionClock } from 'lobtrader/time'
import { generateTape } from './generated-tape.ts'

const LEVELS = 10
/** Rows between two wake-ups of the strategy. */
const ROWS_A_STEP = 200

/** Keeps ten post-only orders on each side, one every other tick from the touch. */
class Grid extends Strategy.with({ size: 0.1, maxPosition: 20, every: '100ms' }) {
  readonly #bids = new Map<number, Order>()
  readonly #asks = new Map<number, Order>()

  override start(): void {
    this.every(this.p.every)
  }

  override onTimer(): void {
    const { bestBidTicks, bestAskTicks } = this.book
    const { size, maxPosition } = this.p
    const position = this.position.size
    this.#quote(this.#bids, 1, position < maxPosition ? bestBidTicks : undefined, size)
    this.#quote(this.#asks, -1, position > -maxPosition ? bestAskTicks : undefined, size)
  }

  #quote(working: Map<number, Order>, side: 1 | -1, touch: number | undefined, size: number): void {
    // Prices on even ticks, so that a touch that moves by one tick leaves most orders in place.
    const first = touch === undefined ? 0 : side > 0 ? touch & ~1 : (touch + 1) & ~1
    const last = first - side * 2 * (LEVELS - 1)
    for (const [tick, order] of working) {
      if (order.isDone) working.delete(tick)
      else if (touch === undefined || side * (first - tick) < 0 || side * (tick - last) < 0) {
        this.cancel(order)
        working.delete(tick)
      }
    }
    if (touch === undefined) return
    for (let level = 0; level < LEVELS; level++) {
      const tick = first - side * 2 * level
      if (working.has(tick)) continue
      const price = this.instrument.price(tick)
      working.set(
        tick,
        side > 0 ? this.buy({ price, size, tif: 'GTX' }) : this.sell({ price, size, tif: 'GTX' }),
      )
    }
  }
}

/**
 * The floor under a backtest of two books: the same tape through two bare books, nothing else.
 * Returns tape rows per second.
 */
function replayTwice(events: EventColumns): number {
  const local = new BookState()
  const exchange = new BookState()
  const begin = HighPrecisionClock.nowNs()
  for (let from = 0; from < events.length; from += ROWS_A_STEP) {
    const to = Math.min(events.length, from + ROWS_A_STEP)
    applyEvents(local, events, from, to)
    applyExchangeEvents(exchange, events, from, to)
  }
  return events.length / (Number(HighPrecisionClock.nowNs() - begin) / 1e9)
}

/** Measures events per second of the whole run, both books, latency 1 ms each way. */
export async function backtestGrid(): Promise<{
  name: 'backtest-grid'
  unit: 'events/s'
  note: string
  run: () => Promise<number>
  against: { name: string; run: () => number }
}> {
  const { instrument, events } = generateTape(6_000_000, 7)
  const feed = LobFeed.fromEvents(instrument, events)
  return {
    name: 'backtest-grid',
    unit: 'events/s',
    note: `20-order grid over ${events.length} generated L2 events, power-prob:3, 1 ms each way`,
    async run() {
      const cerebro = new Cerebro()
      cerebro.addData(feed, {
        latency: constantLatency({ entry: '1ms', response: '1ms' }),
        queue: powerProbQueue(3),
        fees: { makerBps: -0.5, takerBps: 7 },
      })
      cerebro.addStrategy(Grid)
      const [result] = await cerebro.run({ heatmap: false })
      return result!.record.events / result!.record.seconds
    },
    against: { name: 'two bare books over the same tape', run: () => replayTwice(events) },
  }
}
