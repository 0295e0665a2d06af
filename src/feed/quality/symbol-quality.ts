/** What was found in the rows of one instrument, in the units of people. */
import type { StreamState } from './stream-state.ts'
import { PAUSE_MIN_NS, Standing } from './stream-state.ts'
import { clockDrift, type ClockDrift } from './clock-drift.ts'
import { joinedWindows, type ClockWindow, type ClockWindows } from './clock-windows.ts'
import { LogHistogram } from './log-histogram.ts'
import type { QualityMeter } from './quality-meter.ts'
import type { Span, SpanList } from './span-list.ts'

/** A pause is a quiet span when it is longer than 5 s and than this many times the usual one. */
const QUIET_TIMES = 20
const USUAL_SHARE = 0.99
/** Bars of the latency histogram of a page. */
const BINS = 60

/** One stretch of receive time, Unix ns. */
export interface TimeSpan {
  readonly fromNs: bigint
  readonly toNs: bigint
}

/** Stretches of one kind; at most a thousand are listed, all are counted. */
export interface TimeSpans {
  readonly count: number
  readonly totalNs: number
  readonly longestNs: number
  readonly list: readonly TimeSpan[]
}

/** Feed latency (receive time less venue time) over depth and trade messages, ns. */
export interface LatencyQuality {
  readonly messages: number
  readonly min: number
  readonly p1: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
  /** Messages that were received before the venue sent them. */
  readonly negative: number
  /** Counts of `bins.length` equal parts of [binsFrom, binsTo). */
  readonly bins: readonly number[]
  readonly binsFrom: number
  readonly binsTo: number
  /** Through time; times in ns since `epochNs` of the symbol. */
  readonly windows: readonly ClockWindow[]
}

/** Shares of the covered time, 0 .. 1. */
export interface Coverage {
  /** Time between rows, without holes between captures. */
  readonly coveredNs: number
  readonly live: number
  readonly stale: number
  readonly crossed: number
  readonly locked: number
  readonly halted: number
  /** A side is empty, or the first snapshot is not complete. */
  readonly partial: number
}

/** Everything found in the rows of one instrument. */
export interface SymbolFacts {
  readonly venue: string
  readonly symbol: string
  readonly epochNs: bigint
  readonly span: TimeSpan
  readonly hasBook: boolean
  readonly messages: number
  readonly events: number
  readonly gaps: number
  /** Gaps at the end behind which no snapshot came. */
  readonly openGaps: number
  readonly duplicateTrades: number
  readonly missingTrades: number
  readonly sequenceBack: number
  readonly crossedMoments: number
  readonly zeroSizes: number
  readonly offTick: number
  /** The step that prices were held against, in quote units. */
  readonly tick: number
  /** Where the step comes from. */
  readonly tickSource: 'instrument' | 'dominant'
  readonly disorder: { readonly count: number; readonly largestNs: number }
  readonly trades: number
  readonly judgedTrades: number
  readonly outsideTrades: number
  readonly outsideLargest: number
  readonly orderFaults: number
  /** Undefined where the input has one time. */
  readonly latency: LatencyQuality | undefined
  readonly drift: ClockDrift
  readonly coverage: Coverage
  readonly levels: { readonly bids: number; readonly asks: number; readonly spread: number } | null
  readonly crossedSpans: TimeSpans
  readonly lockedSpans: TimeSpans
  readonly staleSpans: TimeSpans
  readonly haltedSpans: TimeSpans
  readonly quietSpans: TimeSpans
  readonly quietNsMin: number
}

/** Returns what a finished meter has found; undefined where no row came. */
export function symbolFacts(meter: QualityMeter): SymbolFacts | undefined {
  const all = streamsOf(meter)
  if (all.length === 0) return undefined
  const books = all.filter(({ form }) => form !== 'ticker')
  // Where the best prices are all there is, they are the book.
  const main = books.length > 0 ? books : all
  const { instrument, epochNs } = meter
  const sum = (value: (state: StreamState) => number, of = main): number =>
    of.reduce((total, state) => total + value(state), 0)
  const most = (value: (state: StreamState) => number): number => Math.max(...main.map(value))
  const at = (time: number): bigint => epochNs + BigInt(Math.round(time))
  const spans = (choose: (state: StreamState) => SpanList): TimeSpans =>
    timeSpans(main.map(choose), at)
  const offTick = offTickOf(all, meter)
  const { quietSpans, quietNsMin } = quietOf(main, at)
  return {
    venue: instrument.venue,
    symbol: instrument.symbol,
    epochNs,
    span: {
      fromNs: at(Math.min(...all.map(({ firstTime }) => firstTime))),
      toNs: at(Math.max(...all.map(({ lastTime }) => lastTime))),
    },
    hasBook: main.some(hasBook),
    messages: sum((state) => state.messages, all),
    events: sum((state) => state.events, all),
    gaps: sum((state) => state.gaps),
    openGaps: sum((state) => state.openGaps),
    duplicateTrades: sum((state) => state.ids.repeated),
    missingTrades: sum((state) => state.ids.missing),
    sequenceBack: sum((state) => state.sequenceBack),
    crossedMoments: sum((state) => state.crossedMoments),
    zeroSizes: sum((state) => state.zeroSizes),
    offTick: offTick.count,
    tick: instrument.price(offTick.step),
    tickSource: offTick.source,
    disorder: { count: sum((s) => s.disorders), largestNs: most((s) => s.disorderNsMax) },
    trades: sum((state) => state.trades),
    judgedTrades: sum((state) => state.judgedTrades),
    outsideTrades: sum((state) => state.outsideTrades),
    outsideLargest: instrument.price(most((state) => state.outsideTicksMax)),
    orderFaults: sum(orderFaultsOf),
    latency: latencyOf(main),
    drift: clockDrift(joinedWindows(main.map(({ clock }) => clock)).windows()),
    coverage: coverageOf(main),
    levels: levelsOf(main, (ticks) => instrument.price(ticks)),
    crossedSpans: spans((state) => state.crossed),
    lockedSpans: spans((state) => state.locked),
    staleSpans: spans((state) => state.stale),
    haltedSpans: spans((state) => state.halted),
    quietSpans,
    quietNsMin,
  }
}

/** The clocks of a finished meter's main streams, to be joined with those of others. */
export function clocksOf(meter: QualityMeter): readonly ClockWindows[] {
  const all = streamsOf(meter)
  const books = all.filter(({ form }) => form !== 'ticker')
  return (books.length > 0 ? books : all).map(({ clock }) => clock)
}

/** The streams in which any row could be used. */
function streamsOf(meter: QualityMeter): StreamState[] {
  return [...meter.streams.values()].filter(({ firstTime }) => !Number.isNaN(firstTime))
}

function hasBook({ form, book, statusNs }: StreamState): boolean {
  if (form === 'ticker' || book.ladder.bidLevels + book.ladder.askLevels > 0) return true
  return statusNs.some((ns, standing) => standing !== Standing.Partial && ns > 0)
}

function orderFaultsOf({ orders }: StreamState): number {
  if (orders === undefined) return 0
  return Object.values(orders.faults).reduce((total: number, count: number) => total + count, 0)
}

function offTickOf(
  streams: readonly StreamState[],
  { instrument, isTickGiven }: QualityMeter,
): { count: number; step: number; source: 'instrument' | 'dominant' } {
  const count = streams.reduce((total, { offTick }) => total + offTick, 0)
  const step = instrument.orderTickStep
  if (step > 1 || isTickGiven) return { count, step, source: 'instrument' }
  const found = streams.map(({ steps }) => steps.dominant())
  const off = found.reduce((total, one) => total + one.off, 0)
  if (off === 0) return { count, step, source: 'instrument' }
  return { count: off, step: Math.max(...found.map((one) => one.step)), source: 'dominant' }
}

function latencyOf(streams: readonly StreamState[]): LatencyQuality | undefined {
  const all = new LogHistogram()
  for (const { latency } of streams) all.add(latency)
  if (all.count === 0 || (all.min === 0 && all.max === 0)) return undefined
  const binsFrom = all.min
  const binsTo = Math.max(binsFrom + BINS, all.quantile(0.995))
  return {
    messages: all.count,
    min: all.min,
    p1: all.quantile(0.01),
    p50: all.quantile(0.5),
    p90: all.quantile(0.9),
    p99: all.quantile(0.99),
    max: all.max,
    negative: streams.reduce((total, { earlyMessages }) => total + earlyMessages, 0),
    bins: [...all.bins(binsFrom, binsTo, BINS)],
    binsFrom,
    binsTo,
    windows: joinedWindows(streams.map(({ clock }) => clock)).windows(),
  }
}

function coverageOf(streams: readonly StreamState[]): Coverage {
  const coveredNs = streams.reduce((total, state) => total + state.coveredNs, 0)
  const share = (...standings: number[]): number => {
    if (coveredNs === 0) return 0
    let ns = 0
    for (const { statusNs } of streams) for (const standing of standings) ns += statusNs[standing]!
    return ns / coveredNs
  }
  return {
    coveredNs,
    live: share(Standing.Live),
    stale: share(Standing.Stale),
    crossed: share(Standing.Crossed),
    locked: share(Standing.Locked),
    halted: share(Standing.Halted),
    partial: share(Standing.Partial, Standing.Syncing),
  }
}

function levelsOf(
  streams: readonly StreamState[],
  price: (ticks: number) => number,
): SymbolFacts['levels'] {
  const samples = streams.reduce((total, { levelSamples }) => total + levelSamples, 0)
  if (samples === 0) return null
  const mean = (value: (state: StreamState) => number): number =>
    streams.reduce((total, state) => total + value(state), 0) / samples
  return {
    bids: mean(({ bidLevelsSum }) => bidLevelsSum),
    asks: mean(({ askLevelsSum }) => askLevelsSum),
    spread: price(mean(({ spreadTicksSum }) => spreadTicksSum)),
  }
}

function timeSpans(lists: readonly SpanList[], at: (time: number) => bigint): TimeSpans {
  return {
    count: lists.reduce((total, { count }) => total + count, 0),
    totalNs: lists.reduce((total, { totalNs }) => total + totalNs, 0),
    longestNs: Math.max(...lists.map(({ longestNs }) => longestNs)),
    list: lists.flatMap(({ kept }) => kept.map((span) => timeSpan(span, at))),
  }
}

function timeSpan({ from, to }: Span, at: (time: number) => bigint): TimeSpan {
  return { fromNs: at(from), toNs: at(to) }
}

function quietOf(
  streams: readonly StreamState[],
  at: (time: number) => bigint,
): { quietSpans: TimeSpans; quietNsMin: number } {
  const pauses = new LogHistogram()
  for (const state of streams) pauses.add(state.pauses)
  const usual = pauses.count === 0 ? 0 : pauses.quantile(USUAL_SHARE)
  const quietNsMin = Math.max(PAUSE_MIN_NS, QUIET_TIMES * usual)
  const spans = streams
    .flatMap(({ longPauses }) => longPauses.kept)
    .filter(({ from, to }) => to - from > quietNsMin)
  const lengths = spans.map(({ from, to }) => to - from)
  const quietSpans: TimeSpans = {
    count: spans.length,
    totalNs: lengths.reduce((total, length) => total + length, 0),
    longestNs: Math.max(0, ...lengths),
    list: spans.map((span) => timeSpan(span, at)),
  }
  return { quietSpans, quietNsMin }
}
