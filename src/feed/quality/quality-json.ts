/** The JSON form of a report: `verify --json`. Times are Unix ns as text, spans ns as numbers. */
import type { QualityFigures, QualityReport, SymbolQuality } from './quality-report.ts'
import type { LatencyQuality, TimeSpans } from './symbol-quality.ts'

/** A stretch of receive time. */
export interface SpanJson {
  readonly from: string
  readonly to: string
}

/** Feed latency, ns. */
export interface LatencyJson {
  readonly messages: number
  readonly minNs: number
  readonly p1Ns: number
  readonly p50Ns: number
  readonly p90Ns: number
  readonly p99Ns: number
  readonly maxNs: number
  /** Messages that were received before the venue sent them. */
  readonly negative: number
}

/** One instrument. */
export interface SymbolQualityJson extends QualityFigures {
  readonly venue: string
  readonly symbol: string
  readonly from: string
  readonly to: string
  /** Null where the input has one time. */
  readonly latency: LatencyJson | null
  readonly clockDrift: { readonly movedNs: number; readonly errorNs: number }
  readonly coverage: SymbolQuality['facts']['coverage']
  readonly levels: SymbolQuality['facts']['levels']
  readonly disorder: { readonly count: number; readonly largestNs: number }
  readonly tick: number
  readonly tickSource: 'instrument' | 'dominant'
  readonly trades: number
  readonly duplicateTrades: number
  readonly missingTrades: number
  readonly outsideTrades: number
  /** Of the trades that came while the book was live. */
  readonly outsideShare: number
  readonly zeroSizes: number
  readonly orderFaults: number
  readonly openGaps: number
  readonly crossedNs: number
  readonly crossedLongestNs: number
  readonly crossedSpans: readonly SpanJson[]
  readonly lockedSpans: readonly SpanJson[]
  readonly staleSpans: readonly SpanJson[]
  readonly haltedSpans: readonly SpanJson[]
  readonly quiet: readonly SpanJson[]
  /** A pause longer than this is quiet. */
  readonly quietMinNs: number
}

/** A whole report. */
export interface QualityJson extends QualityFigures {
  readonly badRows: number
  /** Counts by error code. */
  readonly badRowKinds: Readonly<Record<string, number>>
  /** The first bad rows, a sentence each. */
  readonly badRowExamples: readonly string[]
  readonly warnings: readonly string[]
  readonly format?: string
  readonly files?: readonly string[]
  readonly store?: string
  readonly partitions?: number
  readonly symbols: readonly SymbolQualityJson[]
}

/** Returns the JSON form; of a report on one instrument its details stand at the top as well. */
export function qualityJson(report: QualityReport): QualityJson & Partial<SymbolQualityJson> {
  const { source, badRows, symbols, warnings, ...figures } = report
  const { type: _type, ...from } = source
  const named = symbols.map(symbolJson)
  return {
    ...(named.length === 1 ? named[0]! : {}),
    ...figures,
    badRows: badRows.count,
    badRowKinds: Object.fromEntries(badRows.kinds),
    badRowExamples: badRows.named,
    warnings,
    ...from,
    symbols: named,
  }
}

function symbolJson({ facts, findings: _findings, ...figures }: SymbolQuality): SymbolQualityJson {
  const { span, latency, drift, crossedSpans } = facts
  return {
    venue: facts.venue,
    symbol: facts.symbol,
    ...figures,
    from: String(span.fromNs),
    to: String(span.toNs),
    latency: latency === undefined ? null : latencyJson(latency),
    clockDrift: { movedNs: Math.round(drift.movedNs), errorNs: Math.round(drift.errorNs) },
    coverage: facts.coverage,
    levels: facts.levels,
    disorder: facts.disorder,
    tick: facts.tick,
    tickSource: facts.tickSource,
    trades: facts.trades,
    duplicateTrades: facts.duplicateTrades,
    missingTrades: facts.missingTrades,
    outsideTrades: facts.outsideTrades,
    outsideShare: facts.judgedTrades === 0 ? 0 : facts.outsideTrades / facts.judgedTrades,
    zeroSizes: facts.zeroSizes,
    orderFaults: facts.orderFaults,
    openGaps: facts.openGaps,
    crossedNs: crossedSpans.totalNs,
    crossedLongestNs: crossedSpans.longestNs,
    crossedSpans: spansJson(crossedSpans),
    lockedSpans: spansJson(facts.lockedSpans),
    staleSpans: spansJson(facts.staleSpans),
    haltedSpans: spansJson(facts.haltedSpans),
    quiet: spansJson(facts.quietSpans),
    quietMinNs: Math.round(facts.quietNsMin),
  }
}

function latencyJson(latency: LatencyQuality): LatencyJson {
  return {
    messages: latency.messages,
    minNs: latency.min,
    p1Ns: Math.round(latency.p1),
    p50Ns: Math.round(latency.p50),
    p90Ns: Math.round(latency.p90),
    p99Ns: Math.round(latency.p99),
    maxNs: latency.max,
    negative: latency.negative,
  }
}

function spansJson({ list }: TimeSpans): readonly SpanJson[] {
  return list.map(({ fromNs, toNs }) => ({ from: String(fromNs), to: String(toNs) }))
}
