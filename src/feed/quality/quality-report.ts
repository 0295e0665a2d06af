/** The report of a check of market data, as `verify --json` prints it. */
import { clockDrift } from './clock-drift.ts'
import { joinedWindows } from './clock-windows.ts'
import type { BadRows } from './bad-rows.ts'
import type { QualityMeter } from './quality-meter.ts'
import { clocksOf, symbolFacts, type SymbolFacts } from './symbol-quality.ts'
import { findingsOf, joinedFindings, type Finding, type SymbolCounts } from './verdict.ts'

/** Feed latency that the fastest message is given when a clock is fixed; see `importCapture`. */
const LATENCY_MIN_NS = 500_000

/** The figures that every report and every symbol of one has. */
export interface QualityFigures {
  /** Lines or rows of files; runs of rows of one message in a store. */
  readonly messages: number
  /** Rows, over all kinds. */
  readonly events: number
  readonly gaps: number
  /** Updates and trades that came twice. */
  readonly duplicates: number
  readonly reordered: number
  /** Messages after which the best bid stood above the best ask. */
  readonly crossed: number
  /** Prices off the tick. */
  readonly offTick: number
  /** What to add to receive times so that the smallest feed latency is 0.5 ms; 0 with one time. */
  readonly clockOffsetNs: number
  /** ns that the clock of the capture gains on the venue's in a ms; below 0 it is slow. */
  readonly clockDriftPpm: number
  /** Pauses between messages that are far longer than usual. */
  readonly quietSpans: number
  readonly verdict: 'ok' | 'biased'
  /** Why the data would bias a backtest, a sentence each. */
  readonly reasons: readonly string[]
}

/** One instrument of a report. */
export interface SymbolQuality extends QualityFigures {
  readonly facts: SymbolFacts
  /** The reasons and the rules that they come from. */
  readonly findings: readonly Finding[]
}

/** What was checked. */
export type QualitySource =
  | { readonly type: 'files'; readonly format: string; readonly files: readonly string[] }
  | { readonly type: 'store'; readonly store: string; readonly partitions: number }

/** A whole report. */
export interface QualityReport extends QualityFigures {
  readonly source: QualitySource
  readonly badRows: BadRows
  readonly symbols: readonly SymbolQuality[]
  /** Sentences that a user should read, beside the reasons. */
  readonly warnings: readonly string[]
}

/** What is known of one instrument when all rows have been measured. */
export interface MeteredSymbol {
  readonly meter: QualityMeter
  readonly counts: SymbolCounts | undefined
  /** Messages that the importer counts; rows alone do not tell of lines. */
  readonly messages?: number | undefined
  readonly clockOffsetNs?: number | undefined
}

const NO_COUNTS: SymbolCounts = {
  gaps: 0,
  duplicates: 0,
  reordered: 0,
  crossed: 0,
  checks: [],
  unknownOrders: 0,
}

/** Draws up the report of one instrument; undefined where it has no rows. */
function symbolQuality(metered: MeteredSymbol): SymbolQuality | undefined {
  const facts = symbolFacts(metered.meter)
  if (facts === undefined) return undefined
  const counts = metered.counts ?? NO_COUNTS
  const findings = findingsOf(facts, counts)
  return {
    messages: metered.messages ?? facts.messages,
    events: facts.events,
    gaps: Math.max(facts.gaps, counts.gaps),
    duplicates: counts.duplicates + facts.duplicateTrades,
    reordered: counts.reordered + facts.sequenceBack,
    crossed: metered.counts === undefined ? facts.crossedMoments : counts.crossed,
    offTick: facts.offTick,
    clockOffsetNs: metered.clockOffsetNs ?? offsetOf(facts.latency?.min),
    clockDriftPpm: rounded(facts.drift.ppm),
    quietSpans: facts.quietSpans.count,
    verdict: findings.length === 0 ? 'ok' : 'biased',
    reasons: findings.map(({ text }) => text),
    facts,
    findings,
  }
}

/** What of a report is known beside its instruments. */
export interface ReportParts {
  readonly source: QualitySource
  readonly badRows: BadRows
  readonly warnings: readonly string[]
  /** Lines or rows read, where the input counts them. */
  readonly messages?: number | undefined
  /** True where one clock has stamped all instruments. */
  readonly hasOneClock: boolean
}

/** Puts the instruments together. */
export function qualityReport(
  metered: readonly MeteredSymbol[],
  parts: ReportParts,
): QualityReport {
  const symbols = metered.map(symbolQuality).filter((symbol) => symbol !== undefined)
  const total = (value: (symbol: QualityFigures) => number): number =>
    symbols.reduce((sum, symbol) => sum + value(symbol), 0)
  const offsets = symbols
    .filter(({ facts, clockOffsetNs }) => facts.latency !== undefined || clockOffsetNs !== 0)
    .map(({ clockOffsetNs }) => clockOffsetNs)
  const { badRows } = parts
  const reasons = [
    ...badRows.reasons,
    ...joinedFindings(
      symbols.map(({ facts, findings }) => ({ name: `${facts.venue} ${facts.symbol}`, findings })),
    ),
  ]
  return {
    source: parts.source,
    messages: parts.messages ?? total(({ messages }) => messages),
    events: total(({ events }) => events),
    gaps: total(({ gaps }) => gaps),
    duplicates: total(({ duplicates }) => duplicates),
    reordered: total(({ reordered }) => reordered),
    crossed: total(({ crossed }) => crossed),
    badRows,
    offTick: badRows.offTick + total(({ offTick }) => offTick),
    clockOffsetNs: offsets.length === 0 ? 0 : Math.max(...offsets),
    clockDriftPpm: driftOf(metered, symbols, parts.hasOneClock),
    quietSpans: total(({ quietSpans }) => quietSpans),
    verdict: reasons.length === 0 ? 'ok' : 'biased',
    reasons,
    symbols,
    warnings: parts.warnings,
  }
}

/** Of one clock all messages tell; of several the worst is told. */
function driftOf(
  metered: readonly MeteredSymbol[],
  symbols: readonly SymbolQuality[],
  hasOneClock: boolean,
): number {
  const epochs = new Set(metered.map(({ meter }) => meter.epochNs))
  if (hasOneClock && epochs.size === 1) {
    const clocks = metered.flatMap(({ meter }) => clocksOf(meter))
    if (clocks.length > 0) return rounded(clockDrift(joinedWindows(clocks).windows()).ppm)
  }
  const drifts = symbols.map(({ clockDriftPpm }) => clockDriftPpm)
  return drifts.reduce((worst, ppm) => (Math.abs(ppm) > Math.abs(worst) ? ppm : worst), 0)
}

function offsetOf(latencyMin: number | undefined): number {
  return latencyMin === undefined ? 0 : LATENCY_MIN_NS - latencyMin
}

function rounded(ppm: number): number {
  return Number(ppm.toFixed(3)) + 0
}
