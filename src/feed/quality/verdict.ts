/**
 * Decides whether data would bias a backtest. Every rule and threshold is told in docs/quality.md;
 * change both together.
 */
import { formatInstant } from '../../time/index.ts'
import type { SymbolFacts } from './symbol-quality.ts'

/** What a verdict is drawn from beside the rows themselves. */
export interface SymbolCounts {
  readonly gaps: number
  readonly duplicates: number
  readonly reordered: number
  readonly crossed: number
  /** Checks of the importer: our book against the venue's best prices or checksums. */
  readonly checks: readonly { readonly what: string; compared: number; equal: number }[]
  /** Orders that the importer did not know, of all order messages. */
  readonly unknownOrders: number
}

/** One reason: which rule, and its sentence. */
export interface Finding {
  readonly rule: string
  readonly text: string
}

/** Thresholds of the rules. */
export const LIMITS = {
  staleShare: 0.01,
  crossedShare: 0.001,
  partialShare: 0.05,
  driftPpm: 10,
  driftMovedNs: 10e6,
  /** Below this a drift is not told from the resolution of venue times. */
  driftCertainNs: 1e6,
  /** Standard errors that a drift must lie away from 0. */
  driftErrors: 4,
  disorderNs: 1e9,
  missingTradeShare: 0.01,
  outsideTradeShare: 0.01,
  judgedTradesMin: 100,
  orderFaultShare: 0.01,
} as const

type Rule = (facts: SymbolFacts, counts: SymbolCounts) => string | undefined

const RULES: Readonly<Record<string, Rule>> = {
  'off-tick': ({ offTick, tick, tickSource }) =>
    offTick === 0
      ? undefined
      : `${many(offTick, 'price lies', 'prices lie')} off the tick ${tick}${
          tickSource === 'dominant' ? ' that nearly all others keep to' : ''
        }: mend or drop these rows, or correct the tick of the instrument`,
  gaps: ({ openGaps, staleSpans, coverage }) => {
    if (openGaps > 0) {
      const from = staleSpans.list.at(-1)?.fromNs
      const since = from === undefined ? '' : ` from ${formatInstant(from)}`
      return `no snapshot follows ${many(openGaps, 'gap', 'gaps')} in the updates, so the book is stale${since} to the end (${percent(coverage.stale)} of the time): end the backtest before it, or add a snapshot behind the gap`
    }
    if (coverage.stale <= LIMITS.staleShare) return undefined
    return `the book is stale behind gaps for ${percent(coverage.stale)} of the time (more than ${percent(LIMITS.staleShare)}): a strategy cannot trade then, so leave these stretches out`
  },
  crossed: ({ crossedSpans, coverage }) =>
    coverage.crossed <= LIMITS.crossedShare
      ? undefined
      : `the best bid stands above the best ask for ${percent(coverage.crossed)} of the time in ${many(crossedSpans.count, 'span', 'spans')} (more than ${percent(LIMITS.crossedShare)}): updates are missing or this is an auction; trade only outside of these spans`,
  reordered: ({ sequenceBack }) =>
    sequenceBack === 0
      ? undefined
      : `${many(sequenceBack, 'update of the book has a sequence number', 'updates of the book have sequence numbers')} before that of the update in front, so levels hold old sizes: sort the input by the venue's sequence`,
  book: ({ hasBook, coverage }) =>
    !hasBook || coverage.partial <= LIMITS.partialShare
      ? undefined
      : `the book has a side without levels, or no complete snapshot, for ${percent(coverage.partial)} of the time (more than ${percent(LIMITS.partialShare)}): begin the backtest where both sides are there`,
  clock: ({ latency }) =>
    latency === undefined || latency.min >= 0
      ? undefined
      : `${many(latency.negative, 'message was', 'messages were')} received up to ${span(-latency.min)} before the venue sent them, so the clock of the capture is behind the venue's: import with --fix-clock`,
  drift: ({ drift }) => {
    const { ppm, movedNs, errorNs } = drift
    const moved = Math.abs(movedNs)
    const isCertain = moved > LIMITS.driftErrors * errorNs && moved > LIMITS.driftCertainNs
    const isLarge = Math.abs(ppm) > LIMITS.driftPpm || moved > LIMITS.driftMovedNs
    if (!isCertain || !isLarge) return undefined
    return `the clock of the capture ${ppm > 0 ? 'gains' : 'loses'} ${Math.abs(ppm).toFixed(1)} us a second against the venue's, ${span(moved)} over the data (${LIMITS.driftPpm} us a second and ${span(LIMITS.driftMovedNs)} are borne): latencies are wrong by that much, so correct the receive times before the import`
  },
  disorder: ({ disorder }) =>
    disorder.largestNs <= LIMITS.disorderNs
      ? undefined
      : `venue time goes back by up to ${span(disorder.largestNs)} (${many(disorder.count, 'time', 'times')}; up to ${span(LIMITS.disorderNs)} is usual): the exchange side of a backtest would see these messages in another order than we did`,
  'duplicate trades': ({ duplicateTrades }) =>
    duplicateTrades === 0
      ? undefined
      : `${many(duplicateTrades, 'trade stands', 'trades stand')} in the data twice, so volumes and fills are too large: drop the second of each id`,
  'missing trades': ({ missingTrades, trades }) =>
    missingTrades <= LIMITS.missingTradeShare * (trades + missingTrades)
      ? undefined
      : `${missingTrades} trade ids are missing beside ${many(trades, 'trade', 'trades')} (more than ${percent(LIMITS.missingTradeShare)}), so resting orders would fill too late: take trades from an archive of the venue`,
  'outside trades': ({ outsideTrades, judgedTrades }) =>
    judgedTrades < LIMITS.judgedTradesMin ||
    outsideTrades <= LIMITS.outsideTradeShare * judgedTrades
      ? undefined
      : `${outsideTrades} of ${judgedTrades} trades lie more than the spread and 10 bps outside the best prices (more than ${percent(LIMITS.outsideTradeShare)}): book and trades are of different instruments or times`,
  'zero sizes': ({ zeroSizes }) =>
    zeroSizes === 0
      ? undefined
      : `${many(zeroSizes, 'trade, order or snapshot level has', 'trades, orders or snapshot levels have')} size 0: drop these rows`,
  orders: ({ orderFaults, events }, { unknownOrders }) =>
    orderFaults + unknownOrders <= LIMITS.orderFaultShare * events
      ? undefined
      : `${orderFaults + unknownOrders} order messages of ${events} do not fit the orders before them (more than ${percent(LIMITS.orderFaultShare)}): the data begin in the middle of a session or messages are missing`,
  checks: (_, { checks }) => {
    const unequal = checks.find(({ compared, equal }) => compared !== equal)
    if (unequal === undefined) return undefined
    const { what, compared, equal } = unequal
    return `${compared - equal} of ${compared} ${what} are not those of our book: messages are missing or changed`
  },
}

const UNITS: readonly (readonly [string, number])[] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
]

/** Returns every reason why the rows of one instrument would bias a backtest. */
export function findingsOf(facts: SymbolFacts, counts: SymbolCounts): readonly Finding[] {
  return Object.entries(RULES).flatMap(([rule, judge]) => {
    const text = judge(facts, counts)
    return text === undefined ? [] : [{ rule, text }]
  })
}

/** Joins the reasons of several instruments: each rule is told once, with who else breaks it. */
export function joinedFindings(
  symbols: readonly { readonly name: string; readonly findings: readonly Finding[] }[],
): readonly string[] {
  const reasons: string[] = []
  const rules = new Set(symbols.flatMap(({ findings }) => findings.map(({ rule }) => rule)))
  for (const rule of rules) {
    const broken = symbols.flatMap(({ name, findings }) =>
      findings.filter((finding) => finding.rule === rule).map(({ text }) => ({ name, text })),
    )
    const first = broken[0]!
    const others = broken.slice(1).map(({ name }) => name)
    const shown = others.slice(0, 5).join(', ')
    const more = others.length > 5 ? ` and ${others.length - 5} more` : ''
    const likewise = others.length === 0 ? '' : ` (likewise ${shown}${more})`
    const named = symbols.length > 1 ? `${first.name}: ` : ''
    reasons.push(`${named}${first.text}${likewise}`)
  }
  return reasons
}

function many(count: number, one: string, more: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : more}`
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`
}

function span(ns: number): string {
  const [unit, size] = UNITS.find(([, least]) => ns >= least) ?? UNITS.at(-1)!
  return `${Number((ns / size).toPrecision(4))} ${unit}`
}
