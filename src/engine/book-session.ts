/** Runs strategies over book feeds and makes the record of each. */
import type { LobFeed } from '../feed/index.ts'
import type { Instrument } from '../market/index.ts'
import type {
  ExchangeSetup,
  FeeModel,
  LatencyModel,
  LiquidationRecord,
  QueueModel,
  RateLimit,
  VenueRules,
} from '../venue/index.ts'
import { rulesText } from '../venue/index.ts'
import {
  accountSettings,
  accountText,
  type AccountOptions,
  type AccountSettings,
} from './account-options.ts'
import type { Agent } from './agent.ts'
import { BookRun } from './book-run.ts'
import type { RunStrategy } from './book-run-options.ts'
import { Data } from './data.ts'
import { instrumentKey } from './instrument-key.ts'
import { delayedFeed, type FeedDelay } from './feed-delay.ts'
import { fundingText, type FundingSource } from './funding-source.ts'
import { depthGrid, midHistory } from './market-history.ts'
import { ProgressMeter, type ProgressOption } from './progress.ts'
import { cutByInstrument } from './record-parts.ts'
import { orderColumns } from './order-columns.ts'
import { runHash } from './run-hash.ts'
import { checkLatencyNames, latencyFor, latencyOfRun } from './run-latency.ts'
import { keepRun } from './kept-run.ts'
import { LentTape } from './lent-tape.ts'
import { inLaneOrder, inTieOrder } from './run-order.ts'
import type { DepthGrid, LiquidationRow, MidColumns, RunRecord, TradeRecord } from './run-record.ts'
import { runWindow, type RunWindow } from './run-window.ts'
import type { Sizer } from './sizer.ts'
import type { Strategy, StrategyEntry } from './strategy.ts'
import { textHash } from './text-hash.ts'

/** A book feed, and how its exchange treats us. */
export interface SessionFeed {
  readonly feed: LobFeed
  readonly name: string | undefined
  readonly feedDelay: FeedDelay | undefined
  readonly latency: LatencyModel
  readonly rateLimits: readonly RateLimit[]
  readonly rules: VenueRules | undefined
  readonly queue: QueueModel
  readonly exchange: ExchangeSetup
  readonly fees: FeeModel
  readonly funding: FundingSource
  readonly settlementPrice: number | undefined
}

/** What {@link runBooks} needs. */
export interface BookSession {
  /** In the order in which they were added. */
  readonly feeds: readonly SessionFeed[]
  readonly strategies: readonly StrategyEntry[]
  readonly cash: number
  readonly account: AccountOptions | undefined
  readonly sampleNs: number
  readonly sizer: Sizer
  readonly seed: number
  readonly progress: ProgressOption
  readonly heatmap: boolean
}

/** A strategy that has run, and what it left. */
export interface FinishedRun {
  readonly record: RunRecord
  readonly strategy: Strategy
}

/** Cells of the heatmap: fine enough for a wide screen, small enough for a page. */
const HEATMAP = { times: 600, prices: 240 }

/**
 * Runs the strategies to the end of the feeds; results stand in order of `session.strategies`.
 *
 * @throws LobtraderError BAD_ARGUMENT (an instrument twice, a latency for none of them, an account
 *   that cannot be) or OUT_OF_RANGE as {@link runWindow}
 */
export function runBooks(session: BookSession): readonly FinishedRun[] {
  const feeds = inLaneOrder(session.feeds).map((each) => delayed(each, session))
  const instruments = feeds.map(({ feed }) => feed.instrument)
  const account = accountSettings(session.account ?? {}, session.cash, instruments)
  const ranked = inTieOrder(session.strategies)
  const found = runWindow(feeds.map(({ feed }) => feed))
  const tapes = found.tapes.map((tape) => new LentTape(tape))
  const window = { ...found, tapes }
  const names = dataNames(session.feeds)
  const strategies = ranked.map(({ entry, randomStream }): RunStrategy => {
    checkLatencyNames(entry.name, entry.latency, instruments)
    const latencies = feeds.map(({ feed, latency, stream }, lane) => {
      const model = latencyFor(feed.instrument, entry.latency, latency)
      return latencyOfRun(model, { seed: session.seed, stream, tape: window.tapes[lane]! })
    })
    return { entry, randomStream, latencies }
  })
  const run = new BookRun({
    ...window,
    lanes: feeds.map((each, lane) => {
      const { index, queue, exchange, fees, rateLimits, rules, funding, settlementPrice } = each
      const data = new Data(each.feed.instrument, { index, name: names[index]! })
      const tape = window.tapes[lane]!
      const { localBook } = each.feed
      const money = { fees, rateLimits, rules, funding, settlementPrice }
      return { data, tape, queue, exchange, localBook, ...money }
    }),
    strategies,
    startingCash: account.balances[account.baseCurrency]!,
    account,
    sampleNs: session.sampleNs,
    seed: session.seed,
    sizer: session.sizer,
  })
  const rows = window.tapes.reduce((sum, tape) => sum + tape.length, 0)
  const meter = new ProgressMeter(session.progress, rows, window.epochNs)
  run.run(meter)
  const { seconds } = meter
  const markets = marketsOf(feeds, window, session.heatmap)
  const finished: FinishedRun[] = []
  for (const [rank, { position }] of ranked.entries()) {
    const agent = run.agents[rank]!
    const { latencies } = strategies[rank]!
    const { rowsSeen: events, liquidations } = run
    const shared = { session, feeds, window, markets, seconds, events, account, liquidations }
    const given = { ...shared, latencies }
    finished[position] = { record: recordOf(agent, given), strategy: agent.strategy }
  }
  keepRun(run, tapes)
  return finished
}

/** A feed in its lane, as it reaches us. */
interface LaneFeed extends SessionFeed {
  /** Its place among the feeds of the session. */
  readonly index: number
  /** What is drawn at random about it has a stream of its own; 0 where there is no other. */
  readonly stream: number
}

function delayed(given: SessionFeed, { seed, feeds }: BookSession): LaneFeed {
  const stream = feeds.length === 1 ? 0 : textHash(instrumentKey(given.feed.instrument))
  const feed = delayedFeed(given.feed, given.feedDelay, { seed, stream })
  return { ...given, feed, index: feeds.indexOf(given), stream }
}

/** What data are called: as they were told, else by symbol, with the venue where that is needed. */
function dataNames(feeds: readonly SessionFeed[]): readonly string[] {
  const instruments = feeds.map(({ feed }) => feed.instrument)
  return feeds.map(({ name, feed }) => {
    const { symbol } = feed.instrument
    const isAlone = instruments.filter((each) => each.symbol === symbol).length === 1
    return name ?? (isAlone ? symbol : instrumentKey(feed.instrument))
  })
}

/** What the market of one instrument did. */
interface Market {
  readonly mids: MidColumns
  readonly depth: DepthGrid | undefined
}

function marketsOf(
  feeds: readonly SessionFeed[],
  { tapes, fromTime, toTime }: RunWindow,
  heatmap: boolean,
): readonly Market[] {
  return feeds.map(({ feed }, lane) => {
    const { instrument, localBook } = feed
    const stretch = { tape: tapes[lane]!, instrument, localBook, fromTime, toTime }
    const mids = midHistory(stretch)
    return { mids, depth: heatmap ? depthGrid(stretch, mids, HEATMAP) : undefined }
  })
}

/** What the records of all strategies of a run share, and the latencies of one. */
interface RecordGiven {
  readonly session: BookSession
  readonly feeds: readonly SessionFeed[]
  readonly window: RunWindow
  readonly markets: readonly Market[]
  readonly latencies: readonly LatencyModel[]
  readonly seconds: number
  readonly events: number
  readonly account: AccountSettings
  /** Of all strategies. */
  readonly liquidations: readonly LiquidationRecord[]
}

function recordOf(agent: Agent, given: RecordGiven): RunRecord {
  const { session, feeds, window, markets, seconds, events } = given
  const { entry, accounts } = agent
  const instruments = feeds.map(({ feed }) => feed.instrument)
  const settings = settingsOf(given)
  const made = {
    strategy: entry.name,
    parameters: entry.parameters,
    instrument: instruments[0]!,
    instruments,
    seed: session.seed,
    epochNs: window.epochNs,
    settings: sharedSettings(instruments, settings),
    orders: orderColumns(agent.orders, agent.orders.count, instruments),
    fills: agent.fills.finish(instruments),
    totals: agent.totals(),
  }
  const { baseCurrency } = given.account
  const money = {
    funding: agent.fundings,
    liquidations: given.liquidations
      .filter(({ owner }) => owner === agent.rank)
      .map(({ lane: instrument, exchTime, equity, maintenance }): LiquidationRow => ({
        instrument,
        exchTime,
        equity,
        maintenance,
      })),
    currency: instruments.length === 1 ? instruments[0]!.settlement : baseCurrency,
    account: agent.summary(),
  }
  const digests = feeds.map(({ feed }) => feed.digest)
  const common = {
    ...made,
    ...money,
    source: 'book' as const,
    fromTime: window.fromTime,
    toTime: agent.endTime,
    events,
    seconds,
    runHash: runHash({
      ...made,
      settings: hashedSettings(made.settings),
      dataDigest: digests.join(' '),
    }),
  }
  const shares = accounts.length === 1 ? [] : sharesOf({ ...made, ...money })
  const parts = accounts.map((account, lane): RunRecord => {
    const { desk, samples } = account
    return {
      ...common,
      ...markets[lane]!,
      byInstrument: [],
      samples: samples.finish(),
      trades: desk.roundTrips.finish(),
      ...shares[lane],
      ...(accounts.length === 1 ? {} : { settings: settings[lane]!, totals: account.totals(0) }),
    }
  })
  if (parts.length === 1) return parts[0]!
  return {
    ...common,
    byInstrument: parts,
    samples: agent.samples.finish(),
    mids: { length: 0, time: new Float64Array(0), mid: new Float64Array(0) },
    depth: undefined,
    trades: parts.flatMap(({ trades }) => trades).toSorted(byOpening),
  }
}

type Tables = Pick<RunRecord, 'instruments' | 'orders' | 'fills' | 'funding' | 'liquidations'>

/** What of the whole belongs to each instrument. */
function sharesOf({
  instruments,
  orders,
  fills,
  funding,
  liquidations,
}: Tables): readonly (Tables & Pick<RunRecord, 'instrument' | 'currency'>)[] {
  const ordersOf = cutByInstrument(orders, instruments.length)
  const fillsOf = cutByInstrument(fills, instruments.length)
  return instruments.map((instrument, lane) => {
    const isOwn = (row: { readonly instrument: number }): boolean => row.instrument === lane
    return {
      instrument,
      instruments: [instrument],
      currency: instrument.settlement,
      funding: funding.filter(isOwn).map((row) => ({ ...row, instrument: 0 })),
      liquidations: liquidations.filter(isOwn).map((row) => ({ ...row, instrument: 0 })),
      orders: ordersOf[lane]!,
      fills: fillsOf[lane]!,
    }
  })
}

function byOpening(a: TradeRecord, b: TradeRecord): number {
  return a.openTime - b.openTime
}

type Settings = Readonly<Record<string, string>>

/** The settings of each lane. */
function settingsOf({ session, feeds, latencies }: RecordGiven): readonly Settings[] {
  const account = accountText(session.account)
  return feeds.map(({ feed, queue, fees, exchange, rateLimits, ...given }, lane) => ({
    source: feed.source,
    ...(feed.localBook === 'depth' ? {} : { localBook: feed.localBook }),
    latency: latencies[lane]!.name,
    // Where single orders are read, no place in a queue is estimated.
    queue: exchange.reads === 'orders' ? 'as the orders stand' : queue.name,
    fees: fees.name,
    exchange: exchange.name,
    ...(rateLimits.length === 0
      ? {}
      : { rateLimits: rateLimits.map(({ name }) => name).join(' ') }),
    ...rulesSetting(given.rules),
    ...(given.funding === 'tape' ? {} : { funding: fundingText(given.funding) }),
    ...(account === undefined ? {} : { account }),
  }))
}

function rulesSetting(rules: VenueRules | undefined): Settings {
  const text = rulesText(rules)
  return text === undefined ? {} : { rules: text }
}

/** What all lanes share stands once, what differs once for each with its `venue:symbol`. */
function sharedSettings(
  instruments: readonly Instrument[],
  settings: readonly Settings[],
): Settings {
  const names = new Set(settings.flatMap((each) => Object.keys(each)))
  const entries = [...names].flatMap((name) => {
    const [first] = settings
    const isShared = settings.every((each) => each[name] === first![name])
    if (isShared) return [[name, first![name]!]]
    // What only some lanes have is not said of the others.
    return settings.flatMap((each, lane) =>
      each[name] === undefined
        ? []
        : [[`${name} ${instrumentKey(instruments[lane]!)}`, each[name]]],
    )
  })
  return Object.fromEntries(entries) as Settings
}

/** The path of the data says nothing of its content and must not enter the hash. */
export function hashedSettings(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => name !== 'source' && !name.startsWith('source ')),
  )
}
