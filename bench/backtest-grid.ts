/**
 * A full backtest: 20 resting orders, re-quoted every 100 ms of simulated time; beside it the peer
 * on the same job, whose fills must be the same, and what a bare replay of the two books costs.
 */
import { Cerebro, LobFeed, Strategy, constantLatency, powerProbQueue } from 'lobtrader'
import { BookState, LevelMemory, applyEvents, applyExchangeEvents } from 'lobtrader/book'
import type { RunRecord } from 'lobtrader/engine'
import type { EventColumns } from 'lobtrader/market'
import { ORDER_STATUSES } from 'lobtrader/order'
import { HighPrecisionClock } from 'lobtrader/time'
import type { BenchCase } from './bench-case.ts'
import { generateTape } from './generated-tape.ts'
import { GridQuotes } from './grid-quotes.ts'
import { GRID_PEER_MISSING, GridPeer, IS_GRID_PEER_BUILT, type GridOutcome } from './grid-peer.ts'

const ROWS = 10_000_000
const STEP_NS = 1e8
/** The peer's word for each of our statuses, by their order. */
const PEER_WORDS = ORDER_STATUSES.map((status) => (status === 'cancelled' ? 'canceled' : status))
/** Rows between two wake-ups of the strategy. */
const ROWS_A_STEP = 200

/** Keeps the grid on its first data. */
export class Grid extends Strategy.with({ size: 0.1, maxPosition: 20, every: '100ms' }) {
  readonly #quotes = new GridQuotes(this, this.data, this.p)

  override start(): void {
    // At whole multiples of the step, as the peer wakes.
    this.after(STEP_NS - (this.now % STEP_NS), () => {
      this.onTimer()
      this.every(this.p.every)
    })
  }

  override onTimer(): void {
    this.#quotes.requote()
  }
}

/**
 * The floor under a backtest of two books: the same tape through two bare books, nothing else.
 * Returns tape rows per second.
 */
function replayTwice(events: EventColumns): number {
  const memory = new LevelMemory()
  const local = new BookState({ compiled: memory.local })
  const exchange = new BookState({ compiled: memory.exchange })
  const begin = HighPrecisionClock.nowNs()
  for (let from = 0; from < events.length; from += ROWS_A_STEP) {
    const to = Math.min(events.length, from + ROWS_A_STEP)
    applyEvents(local, events, from, to)
    applyExchangeEvents(exchange, events, from, to)
  }
  return events.length / (Number(HighPrecisionClock.nowNs() - begin) / 1e9)
}

/** Measures events per second of the whole run, both books, latency 1 ms each way. */
export function backtestGrid(): BenchCase {
  const { instrument, events } = generateTape(ROWS, 7)
  const feed = LobFeed.fromEvents(instrument, events)
  const peer = IS_GRID_PEER_BUILT ? new GridPeer(events) : undefined
  const bare = { name: 'two bare books over the same tape', run: () => replayTwice(events) }
  let record: RunRecord | undefined
  return {
    name: 'backtest-grid',
    unit: 'events/s',
    note: `20-order grid over ${events.length} generated L2 events, no-partial, power-prob:3, 1 ms each way`,
    async run() {
      const cerebro = new Cerebro()
      cerebro.addData(feed, {
        latency: constantLatency({ entry: '1ms', response: '1ms' }),
        queue: powerProbQueue(3),
        exchange: 'no-partial',
        fees: { makerBps: -0.5, takerBps: 7 },
      })
      cerebro.addStrategy(Grid)
      const [result] = await cerebro.run({ heatmap: false })
      record = result!.record
      return record.events / record.seconds
    },
    ...(peer === undefined
      ? { against: bare, peerMissing: GRID_PEER_MISSING }
      : {
          against: peer.peer('roi'),
          beside: [peer.peer('hash'), bare],
          check: async () => [comparison(record!, peer.outcomes('roi'), events)],
        }),
  }
}

/** Holds our orders against the peer's, but for those still alive in the last second. */
function comparison(record: RunRecord, theirs: readonly GridOutcome[], tape: EventColumns): string {
  const { orders, instrument } = record
  const end = tape.localTime[tape.length - 1]! - 1e9
  const key = (sent: number, side: number, tick: number): string => `${sent} ${side} ${tick}`
  const peers = new Map(theirs.map((each) => [key(each.sent, each.side, each.tick), each]))
  let compared = 0
  let equal = 0
  let fills = 0
  for (let i = 0; i < orders.length; i++) {
    if (!(orders.doneExch[i]! < end)) continue
    compared++
    const status = PEER_WORDS[orders.status[i]!]
    if (status === 'filled') fills++
    const sent = orders.submitLocal[i]!
    const other = peers.get(key(sent, orders.side[i]!, instrument.ticksOf(orders.price[i]!)))
    if (other?.status === status && other?.exch === orders.doneExch[i]) equal++
  }
  const theirCount = theirs.filter(({ exch }) => exch < end).length
  return `compared     ${equal} of ${compared} orders (${fills} filled) end alike and at the same exchange time; the peer has ${theirCount}`
}
