/**
 * One strategy over ten instruments: the grid on each of ten tapes, beside the same strategy over one
 * tape of as many events.
 */
import { Cerebro, LobFeed, Strategy, constantLatency, powerProbQueue } from 'lobtrader'
import type { BenchCase } from './bench-case.ts'
import { generateTape } from './generated-tape.ts'
import { GridQuotes } from './grid-quotes.ts'

const INSTRUMENTS = 10
const ROWS = 1_000_000

/** Keeps the grid on each of its data. */
class ManyGrids extends Strategy.with({ size: 0.1, maxPosition: 20, every: '100ms' }) {
  readonly #quotes = this.datas.map((data) => new GridQuotes(this, data, this.p))

  override start(): void {
    this.every(this.p.every)
  }

  override onTimer(): void {
    for (const quotes of this.#quotes) quotes.requote()
  }
}

/** Runs the grids over the feeds and returns events per second. */
async function rate(feeds: readonly LobFeed[]): Promise<number> {
  const cerebro = new Cerebro()
  for (const feed of feeds) {
    cerebro.addData(feed, {
      latency: constantLatency({ entry: '1ms', response: '1ms' }),
      queue: powerProbQueue(3),
      exchange: 'no-partial',
      fees: { makerBps: -0.5, takerBps: 7 },
    })
  }
  cerebro.addStrategy(ManyGrids)
  const [result] = await cerebro.run({ heatmap: false })
  return result!.record.events / result!.record.seconds
}

/** Measures events per second over all instruments together. */
export function tenInstruments(): BenchCase {
  const feedOf = (rows: number, seed: number): LobFeed => {
    const { instrument, events } = generateTape(rows, seed, `BENCH${seed}`)
    return LobFeed.fromEvents(instrument, events)
  }
  const many = Array.from({ length: INSTRUMENTS }, (_, i) => feedOf(ROWS, i + 1))
  const single = [feedOf(INSTRUMENTS * ROWS, 7)]
  return {
    name: 'backtest-10-instruments',
    unit: 'events/s',
    note: `20-order grids on ${INSTRUMENTS} instruments of ${ROWS} generated L2 events each, no-partial, power-prob:3, 1 ms each way`,
    run: () => rate(many),
    against: {
      name: `the same over one instrument of ${INSTRUMENTS * ROWS} events`,
      run: () => rate(single),
    },
  }
}
