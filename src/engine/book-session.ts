/** Runs one strategy over a book feed and makes the record of it. */
import type { LobFeed } from '../feed/index.ts'
import type {
  ExchangeSetup,
  FeeModel,
  LatencyModel,
  QueueModel,
  RateLimit,
} from '../venue/index.ts'
import { BookRun } from './book-run.ts'
import { depthGrid, midHistory } from './market-history.ts'
import { ProgressMeter, type ProgressOption } from './progress.ts'
import { orderColumns } from './recorder.ts'
import { runHash } from './run-hash.ts'
import type { RunRecord, RunTotals } from './run-record.ts'
import type { Sizer } from './sizer.ts'
import type { Strategy, StrategyEntry } from './strategy.ts'

/** What {@link runBook} needs. */
export interface BookSession {
  readonly entry: StrategyEntry
  readonly feed: LobFeed
  readonly latency: LatencyModel
  readonly rateLimits: readonly RateLimit[]
  readonly queue: QueueModel
  readonly exchange: ExchangeSetup
  readonly fees: FeeModel
  readonly cash: number
  readonly sampleNs: number
  readonly sizer: Sizer
  readonly seed: number
  readonly progress: ProgressOption
  readonly heatmap: boolean
}

/** Cells of the heatmap: fine enough for a wide screen, small enough for a page. */
const HEATMAP = { times: 600, prices: 240 }

/** Runs the strategy to the end of the feed. */
export function runBook(session: BookSession): {
  readonly record: RunRecord
  readonly strategy: Strategy
} {
  const { feed, entry } = session
  const { tape, instrument } = feed
  const fromTime = Math.max(feed.fromTime, tape.firstTime)
  const toTime = Math.min(feed.toTime, tape.lastTime)
  const run = new BookRun({
    instrument,
    tape,
    fromTime,
    toTime,
    latency: session.latency,
    rateLimits: session.rateLimits,
    queue: session.queue,
    exchange: session.exchange,
    fees: session.fees,
    startingCash: session.cash,
    sampleNs: session.sampleNs,
    seed: session.seed,
    sizer: session.sizer,
  })
  const meter = new ProgressMeter(session.progress, tape.length, tape.epochNs)
  const strategy = run.run(entry.strategyClass, entry.parameters, meter)
  const { seconds } = meter
  const totals = totalsOf(run, session.cash)
  const stretch = { tape, instrument, fromTime, toTime }
  const mids = midHistory(stretch)
  const made = {
    strategy: entry.name,
    parameters: entry.parameters,
    instrument,
    seed: session.seed,
    epochNs: tape.epochNs,
    settings: {
      source: feed.source,
      latency: session.latency.name,
      queue: session.queue.name,
      fees: session.fees.name,
      exchange: session.exchange.name,
      ...rateSetting(session.rateLimits),
    },
    orders: orderColumns(run.desk.orders, instrument),
    fills: run.fills,
    totals,
  }
  const record: RunRecord = {
    ...made,
    source: 'book',
    fromTime,
    toTime: run.endTime,
    events: run.rowsSeen,
    seconds,
    runHash: runHash({ ...made, settings: hashedSettings(made.settings), dataDigest: feed.digest }),
    samples: run.samples.finish(),
    mids,
    depth: session.heatmap ? depthGrid(stretch, mids, HEATMAP) : undefined,
    trades: run.desk.roundTrips.finish(),
  }
  return { record, strategy }
}

function rateSetting(limits: readonly RateLimit[]): Readonly<Record<string, string>> {
  return limits.length === 0 ? {} : { rateLimits: limits.map(({ name }) => name).join(' ') }
}

/** The path of the data says nothing of its content and must not enter the hash. */
export function hashedSettings(
  settings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'source'))
}

function totalsOf(run: BookRun, startingCash: number): RunTotals {
  const { position, mark } = run
  const unrealized = position.unrealized(mark)
  return {
    position: position.size,
    startingCash,
    realized: position.realized,
    unrealized,
    fees: position.fees,
    net: position.cashFlow + position.valueAt(mark) - position.fees,
    mark,
  }
}
