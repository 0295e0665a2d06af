/**
 * A run that is far longer than memory: the grid over 100 M events streamed from a store within a
 * budget, beside the same over 1 M. What one event costs must not grow, and neither must memory
 * beyond what the run records.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cerebro, LobFeed, constantLatency, powerProbQueue } from 'lobtrader'
import type { EventColumns } from 'lobtrader/market'
import { beginImport } from 'lobtrader/store'
import type { BenchCase } from './bench-case.ts'
import { Grid } from './backtest-grid.ts'
import { generateTape } from './generated-tape.ts'

const PART = 1_000_000
const PARTS = 100
const BUDGET = '256MB'
/** Short runs before each long one. */
const SHORT_RUNS = 5

/** The same rows, `ns` later. */
function later(events: EventColumns, ns: number): EventColumns {
  return {
    ...events,
    localTime: events.localTime.map((time) => time + ns),
    exchTime: events.exchTime.map((time) => time + ns),
  }
}

/** Writes the part as often as asked, each behind the one before and with a snapshot of its own. */
function writeStore(dir: string, parts: number): string {
  const { instrument, events } = generateTape(PART, 7)
  const span = events.localTime[events.length - 1]! + 1e6
  const transaction = beginImport(dir, { instrument })
  for (let part = 0; part < parts; part++) transaction.append('l2', later(events, part * span))
  transaction.commit()
  return instrument.symbol
}

/** Runs the grid over a store and returns ns an event. */
async function cost(dir: string, symbol: string): Promise<number> {
  const cerebro = new Cerebro()
  cerebro.addData(await LobFeed.open(dir, { symbol, memory: BUDGET }), {
    latency: constantLatency({ entry: '1ms', response: '1ms' }),
    queue: powerProbQueue(3),
    exchange: 'no-partial',
    fees: { makerBps: -0.5, takerBps: 7 },
  })
  cerebro.addStrategy(Grid)
  const [result] = await cerebro.run({ heatmap: false })
  const { seconds, events } = result!.record
  return (1e9 * seconds) / events
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

/** Measures events per second of the long run, its memory, and what an event costs in either. */
export function backtestLong(): BenchCase {
  const root = mkdtempSync(join(tmpdir(), 'lobtrader-long-'))
  process.on('exit', () => rmSync(root, { recursive: true, force: true }))
  const [long, short] = [join(root, 'long'), join(root, 'short')]
  const symbol = writeStore(long, PARTS)
  writeStore(short, 1)
  const costs = { long: [] as number[], short: [] as number[] }
  return {
    name: 'backtest-long',
    unit: 'events/s',
    note: `20-order grid over ${PARTS * PART} generated L2 events, streamed from a store with memory ${BUDGET}`,
    async run() {
      for (let i = 0; i < SHORT_RUNS; i++) costs.short.push(await cost(short, symbol))
      const each = await cost(long, symbol)
      costs.long.push(each)
      return 1e9 / each
    },
    check: async () => {
      // The first round is the compiler's.
      const [a, b] = [costs.long.slice(1), costs.short.slice(SHORT_RUNS)].map(median)
      const lines = [
        `an event     ${a!.toFixed(1)} ns in ${PARTS} M, ${b!.toFixed(1)} ns in 1 M, ratio ${(a! / b!).toFixed(2)} (interleaved medians)`,
      ]
      return await Promise.resolve(lines)
    },
  }
}
