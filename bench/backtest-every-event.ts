/** A strategy that is woken at every change of the book, and looks at its touch. */
import { Cerebro, LobFeed, Strategy, constantLatency } from 'lobtrader'
import { BookState, applyEvents } from 'lobtrader/book'
import type { EventColumns } from 'lobtrader/market'
import { HighPrecisionClock } from 'lobtrader/time'
import type { BenchCase } from './bench-case.ts'
import { generateTape } from './generated-tape.ts'

const ROWS = 6_000_000

/** Follows the touch and counts its moves. */
class TouchWatch extends Strategy {
  moves = 0
  #sum = 0

  override onBook(): void {
    const { bestBidTicks, bestAskTicks } = this.book
    const sum = bestBidTicks + bestAskTicks
    if (sum !== this.#sum) this.moves++
    this.#sum = sum
  }
}

/** Applies row by row to one bare book: the same work without an engine. Returns rows a second. */
function rowByRow(events: EventColumns): number {
  const book = new BookState()
  let moves = 0
  let last = 0
  const begin = HighPrecisionClock.monotonicNs()
  for (let row = 0; row < events.length; row++) {
    applyEvents(book, events, row, row + 1)
    const sum = book.ladder.bestBidTick + book.ladder.bestAskTick
    if (sum !== last) moves++
    last = sum
  }
  const seconds = Number(HighPrecisionClock.monotonicNs() - begin) / 1e9
  if (moves === 0) throw new Error('the touch never moved')
  return events.length / seconds
}

/** Measures events per second of the whole run. */
export function everyEvent(): BenchCase {
  const { instrument, events } = generateTape(ROWS, 7)
  const feed = LobFeed.fromEvents(instrument, events)
  return {
    name: 'backtest-every-event',
    unit: 'events/s',
    note: `a strategy woken at each book change of ${ROWS} generated L2 events`,
    async run() {
      const cerebro = new Cerebro()
      cerebro.addData(feed, { latency: constantLatency({ entry: '1ms', response: '1ms' }) })
      cerebro.addStrategy(TouchWatch)
      const [result] = await cerebro.run({ heatmap: false })
      return result!.record.events / result!.record.seconds
    },
    against: { name: 'one bare book, row by row', run: () => rowByRow(events) },
  }
}
