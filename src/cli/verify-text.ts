/** A data-quality report as text for people. */
import type { QualityReport, SymbolQuality, TimeSpans } from '../feed/index.ts'
import { formatInstant } from '../time/index.ts'
import { grouped, textPairs, textTable } from './table.ts'

/** Spans to name of each kind. */
const SPANS_NAMED = 3
/** Instruments to describe one by one; more are a table. */
const DESCRIBED_MAX = 3

/** Returns the report, the verdict last. */
export function qualityText(report: QualityReport): string {
  const { symbols, badRows, source } = report
  const parts: string[] = []
  if (symbols.length > 0 && symbols.length <= DESCRIBED_MAX) {
    for (const symbol of symbols) parts.push(symbolText(symbol))
  } else if (symbols.length > 0) parts.push(symbolsTable(symbols))
  const what =
    source.type === 'files'
      ? `${source.files.length} ${source.files.length === 1 ? 'file' : 'files'} of format ${source.format}`
      : `${source.partitions} partitions of store ${source.store}`
  parts.push(
    textPairs([
      ['checked', `${grouped(report.messages)} messages, ${grouped(report.events)} rows, ${what}`],
      ['bad rows', badRowsText(report)],
    ]),
  )
  if (badRows.named.length > 0) {
    parts.push(badRows.named.map((sentence) => `  ${sentence}\n`).join(''))
  }
  parts.push(
    report.verdict === 'ok'
      ? 'verdict: ok, nothing here would bias a backtest\n'
      : `verdict: biased\n${report.reasons.map((reason) => `- ${reason}\n`).join('')}`,
  )
  return parts.join('\n')
}

function badRowsText({ badRows, offTick }: QualityReport): string {
  const off = offTick === 0 ? '' : `, and ${grouped(offTick)} prices off the tick`
  if (badRows.count === 0) return `none${off}`
  const kinds = [...badRows.kinds].map(([code, count]) => `${grouped(count)} ${code}`)
  return `${grouped(badRows.count)} (${kinds.join(', ')})${off}`
}

function symbolText(symbol: SymbolQuality): string {
  const { facts } = symbol
  const { span, coverage, disorder, levels, trades } = facts
  return textPairs([
    ['instrument', `${facts.venue} ${facts.symbol}, tick ${facts.tick}${dominantText(symbol)}`],
    [
      'received',
      `${formatInstant(span.fromNs)} to ${formatInstant(span.toNs)} (${spanText(coverage.coveredNs)})`,
    ],
    ['book', bookText(symbol)],
    ['levels', levels === null ? undefined : levelsText(levels)],
    ['gaps', countText(symbol.gaps, `${facts.openGaps} without a snapshot behind`)],
    ['stale', spansText(facts.staleSpans)],
    ['crossed', spansText(facts.crossedSpans)],
    ['locked', spansText(facts.lockedSpans)],
    ['halted', facts.haltedSpans.count === 0 ? undefined : spansText(facts.haltedSpans)],
    ['quiet', `${spansText(facts.quietSpans)} (pauses longer than ${spanText(facts.quietNsMin)})`],
    ['duplicates', countText(symbol.duplicates, 'left out or named below')],
    ['reordered', grouped(symbol.reordered)],
    [
      'venue time',
      disorder.count === 0
        ? 'in order'
        : `goes back ${grouped(disorder.count)} times, by ${spanText(disorder.largestNs)} at most`,
    ],
    ['latency', latencyText(symbol)],
    ['clock', clockText(symbol)],
    ['trades', trades === 0 ? 'none' : tradesText(symbol)],
    ['zero sizes', grouped(facts.zeroSizes)],
    ['orders', facts.orderFaults === 0 ? undefined : `${grouped(facts.orderFaults)} do not fit`],
  ])
}

function dominantText({ facts }: SymbolQuality): string {
  return facts.tickSource === 'dominant' ? ' (of nearly all prices; the data grid is finer)' : ''
}

function bookText({ facts: { coverage, hasBook } }: SymbolQuality): string {
  if (!hasBook) return 'none in these data'
  const shares: readonly (readonly [string, number])[] = [
    ['live', coverage.live],
    ['locked', coverage.locked],
    ['crossed', coverage.crossed],
    ['stale', coverage.stale],
    ['halted', coverage.halted],
    ['without a side or snapshot', coverage.partial],
  ]
  return shares
    .filter(([, share]) => share > 0)
    .map(([name, share]) => `${name} ${percentText(share)}`)
    .join(', ')
}

function levelsText(levels: NonNullable<SymbolQuality['facts']['levels']>): string {
  const { bids, asks, spread } = levels
  return `${grouped(Math.round(bids))} bids and ${grouped(Math.round(asks))} asks on average, spread ${Number(spread.toPrecision(4))}`
}

function latencyText({ facts: { latency } }: SymbolQuality): string {
  if (latency === undefined) return 'not told: the data have one time'
  const { min, p1, p50, p90, p99, max, negative } = latency
  const quantiles: readonly (readonly [string, number])[] = [
    ['min', min],
    ['p1', p1],
    ['p50', p50],
    ['p90', p90],
    ['p99', p99],
    ['max', max],
  ]
  const early =
    negative === 0 ? '' : `; ${grouped(negative)} of ${grouped(latency.messages)} negative`
  return quantiles.map(([name, ns]) => `${name} ${spanText(ns)}`).join(', ') + early
}

function clockText({ facts, clockOffsetNs, clockDriftPpm }: SymbolQuality): string {
  if (facts.latency === undefined) return 'not told'
  const { movedNs, errorNs, stretches } = facts.drift
  const drift =
    stretches === 0
      ? 'too short to tell a drift'
      : `drift ${clockDriftPpm} ppm (${spanText(movedNs)} over the data, standard error ${spanText(errorNs)})`
  return `offset ${spanText(clockOffsetNs)}, ${drift}`
}

function tradesText({ facts }: SymbolQuality): string {
  const { trades, duplicateTrades, missingTrades, outsideTrades, judgedTrades } = facts
  const more = [
    ...(duplicateTrades > 0 ? [`${grouped(duplicateTrades)} twice`] : []),
    ...(missingTrades > 0 ? [`${grouped(missingTrades)} ids missing`] : []),
    ...(judgedTrades > 0
      ? [`${grouped(outsideTrades)} of ${grouped(judgedTrades)} far outside the best prices`]
      : []),
  ]
  return [grouped(trades), ...more].join(', ')
}

function countText(count: number, more: string): string {
  return count === 0 ? '0' : `${grouped(count)} (${more})`
}

function spansText(spans: TimeSpans): string {
  if (spans.count === 0) return 'never'
  const shown = spans.list.slice(0, SPANS_NAMED).map(({ fromNs, toNs }) => {
    return `${formatInstant(fromNs).slice(0, 23)} for ${spanText(Number(toNs - fromNs))}`
  })
  const more = spans.count > SPANS_NAMED ? ', ...' : ''
  const times = spans.count === 1 ? 'once' : `${grouped(spans.count)} times`
  return `${times}, ${spanText(spans.totalNs)} in all, longest ${spanText(spans.longestNs)}: ${shown.join(', ')}${more}`
}

function symbolsTable(symbols: readonly SymbolQuality[]): string {
  const columns = [
    { heading: 'venue' },
    { heading: 'symbol' },
    { heading: 'messages', isNumber: true },
    { heading: 'gaps', isNumber: true },
    { heading: 'crossed', isNumber: true },
    { heading: 'off tick', isNumber: true },
    { heading: 'quiet', isNumber: true },
    { heading: 'live', isNumber: true },
    { heading: 'latency p50', isNumber: true },
    { heading: 'verdict' },
  ]
  const rows = symbols.map(({ facts, ...figures }) => [
    facts.venue,
    facts.symbol,
    grouped(figures.messages),
    grouped(figures.gaps),
    grouped(figures.crossed),
    grouped(figures.offTick),
    grouped(figures.quietSpans),
    percentText(facts.coverage.live),
    facts.latency === undefined ? '-' : spanText(facts.latency.p50),
    figures.verdict,
  ])
  return textTable(columns, rows)
}

function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`
}

const UNITS: readonly (readonly [string, number])[] = [
  ['h', 3600e9],
  ['min', 60e9],
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
]

function spanText(ns: number): string {
  const [unit, size] = UNITS.find(([, least]) => Math.abs(ns) >= least) ?? ['ns', 1]
  return `${Number((ns / size).toPrecision(4))} ${unit}`
}
