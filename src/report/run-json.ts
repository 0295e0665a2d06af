/** The machine-readable form of a run. */
import type { PnLResult, RunAnalyses, RunRecord } from '../engine/index.ts'
import type { InstrumentSpec } from '../market/index.ts'
import { analysesOf } from './analyses.ts'
import { UnixTime } from './unix-time.ts'

/** A value that JSON holds as it is. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json }

/**
 * What `run.json` and `backtest --json` hold. Money is in `settlement` (over several instruments the
 * base currency of the account), sizes in base
 * units or contracts; `null` stands for what cannot be computed. Times in `analyses` are ns since
 * `period.epoch`.
 */
export interface RunJson {
  readonly runHash: string
  readonly strategy: string
  readonly parameters: Json
  /** The first of `instruments`. */
  readonly instrument: InstrumentSpec
  /** In order of venue and symbol, each with its share of the run where there are several. */
  readonly instruments: readonly InstrumentJson[]
  readonly settlement: string
  readonly source: 'book' | 'bars'
  readonly seed: number
  readonly settings: Readonly<Record<string, string>>
  /** Unix ns as text, and ISO 8601. */
  readonly period: {
    readonly epoch: string
    readonly from: string
    readonly to: string
    readonly fromIso: string
    readonly toIso: string
  }
  readonly events: number
  /** Wall seconds of the run. */
  readonly seconds: number
  readonly eventsPerSecond: number | null
  readonly orders: number
  readonly fills: number
  /** Signed position at the end; null where those of several instruments do not add up. */
  readonly position: number | null
  readonly pnl: {
    readonly realized: number
    readonly unrealized: number
    readonly fees: number
    /** Received; negative: paid. */
    readonly funding: number
    readonly net: number
  }
  /** What the account holds at the end. */
  readonly account: Json
  /** Payments of funding, times in Unix ns as text. */
  readonly funding: readonly Json[]
  /** Positions that the venue closed. */
  readonly liquidations: readonly Json[]
  /** Of PnL changes a second, annualised; see `analyses.sharpe` for the sampling. */
  readonly sharpe: number | null
  readonly maxDrawdown: number
  /** Share of traded size, 0 to 1. */
  readonly makerShare: number | null
  /** Mean markout in bps, positive is good for us. */
  readonly markoutBps: Readonly<Record<'1s' | '5s' | '30s', number | null>>
  /** Every built-in analyzer's result by its key, without the equity curve. */
  readonly analyses: Omit<RunAnalyses, 'pnl'> & { readonly pnl: Omit<PnLResult, 'equityCurve'> }
}

/** Returns the machine-readable form of a run; `JSON.stringify` loses nothing of it. */
export function runJson(record: RunRecord, analyses: RunAnalyses = analysesOf(record)): RunJson {
  const { equityCurve: _, ...pnl } = analyses.pnl
  const markoutAt = (label: string): number | null =>
    analyses.markout.horizons.find((horizon) => horizon.label === label)?.all.mean ?? null
  const time = new UnixTime(record.epochNs)
  return {
    runHash: record.runHash,
    strategy: record.strategy,
    parameters: plain(record.parameters),
    instrument: record.instrument.spec,
    instruments: record.instruments.map((each, i) => instrumentJson(record, i, each.spec)),
    settlement: record.currency,
    source: record.source,
    seed: record.seed,
    settings: record.settings,
    period: {
      epoch: String(record.epochNs),
      from: time.ns(record.fromTime),
      to: time.ns(record.toTime),
      fromIso: time.iso(record.fromTime),
      toIso: time.iso(record.toTime),
    },
    events: record.events,
    seconds: record.seconds,
    eventsPerSecond: record.seconds > 0 ? record.events / record.seconds : null,
    orders: record.orders.length,
    fills: record.fills.length,
    position: finite(record.totals.position),
    pnl: {
      realized: pnl.realized,
      unrealized: pnl.unrealized,
      fees: pnl.fees,
      funding: pnl.funding,
      net: pnl.net,
    },
    account: plain(record.account),
    funding: record.funding.map(({ exchTime, localTime, instrument, ...rest }) =>
      plain({
        symbol: record.instruments[instrument]!.symbol,
        exchTime: time.ns(exchTime),
        localTime: time.ns(localTime),
        ...rest,
      }),
    ),
    liquidations: record.liquidations.map(({ exchTime, instrument, ...rest }) =>
      plain({
        symbol: record.instruments[instrument]!.symbol,
        exchTime: time.ns(exchTime),
        ...rest,
      }),
    ),
    sharpe: analyses.sharpe.value,
    maxDrawdown: analyses.maxDrawdown.value,
    makerShare: analyses.makerShare.bySize,
    markoutBps: { '1s': markoutAt('1s'), '5s': markoutAt('5s'), '30s': markoutAt('30s') },
    analyses: { ...analyses, pnl },
  }
}

/** One instrument of a run, and what the run did there; money in its settlement currency. */
export interface InstrumentJson {
  readonly venue: string
  readonly symbol: string
  readonly spec: InstrumentSpec
  readonly settlement: string
  readonly orders: number
  readonly fills: number
  readonly position: number | null
  readonly mark: number | null
  readonly pnl: RunJson['pnl']
}

function instrumentJson(record: RunRecord, index: number, spec: InstrumentSpec): InstrumentJson {
  const part = record.byInstrument[index] ?? record
  const { position, mark, realized, unrealized, fees, funding, net } = part.totals
  const known = finite(net) ?? realized - fees + funding
  return {
    venue: spec.venue,
    symbol: spec.symbol,
    spec,
    settlement: part.instrument.settlement,
    orders: part.orders.length,
    fills: part.fills.length,
    position: finite(position),
    mark: finite(mark),
    pnl: { realized, unrealized: finite(unrealized) ?? 0, fees, funding, net: known },
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** Parameters are whatever a strategy declares; what JSON cannot hold becomes text. */
function plain(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([name, item]) => [name, plain(item)]),
    )
  }
  return value === undefined ? null : typeof value === 'bigint' ? `${value}` : typeof value
}
