/** The figures of a run as text, for the terminal and the page alike. */
import type { Instrument } from '../market/index.ts'
import { DAY_NS } from '../time/index.ts'
import type { HorizonResult, RunAnalyses, RunRecord } from '../engine/index.ts'
import {
  NOTHING,
  bpsText,
  decimalsFor,
  groupedText,
  moneyText,
  percentText,
  plainText,
  signedText,
  spanText,
} from './number-text.ts'
import { reportHorizons } from './report-horizons.ts'
import { UnixTime } from './unix-time.ts'

/** One figure: what it is, its value with unit, and what else must be known to read it. */
export interface Figure {
  readonly label: string
  readonly value: string
  readonly note?: string
}

/** Figures under one title. */
export interface FigureGroup {
  readonly title: string
  readonly figures: readonly Figure[]
}

/** Returns the unit of sizes: the base currency, shares, or contracts; of several each, or units. */
export function sizeUnit({ instruments }: RunRecord): string {
  const units = new Set(instruments.map(unitOf))
  return units.size === 1 ? [...units][0]! : 'units'
}

function unitOf(instrument: Instrument): string {
  if (instrument.kind === 'equity') return 'shares'
  return instrument.isInverse || instrument.multiplier !== 1 ? 'contracts' : instrument.base
}

/** Returns all figures of a run, by topic. */
export function figureGroups(record: RunRecord, analyses: RunAnalyses): FigureGroup[] {
  return [
    { title: 'Result', figures: resultFigures(record, analyses) },
    { title: 'Risk', figures: riskFigures(record, analyses) },
    { title: 'Execution', figures: executionFigures(record, analyses) },
    { title: 'Instruments', figures: instrumentFigures(record) },
    { title: 'Inventory', figures: inventoryFigures(record, analyses) },
    { title: 'Round trips', figures: tradeFigures(record, analyses) },
    { title: 'Run', figures: runFigures(record) },
  ]
}

function resultFigures(record: RunRecord, { pnl, turnover }: RunAnalyses): Figure[] {
  const unit = record.currency
  const decimals = decimalsFor([pnl.net, pnl.realized, pnl.unrealized, pnl.fees, pnl.funding])
  const money = (value: number): string => `${groupedText(value, decimals)} ${unit}`
  const cash: Figure[] =
    pnl.returnOnCash === null
      ? []
      : [
          { label: 'Return on cash', value: percentText(pnl.returnOnCash, 3) },
          { label: 'Final equity', value: `${moneyText(pnl.finalEquity, 8)} ${unit}` },
        ]
  return [
    { label: 'Net profit', value: signedText(money(pnl.net)) },
    { label: 'Realised', value: money(pnl.realized), note: 'before fees' },
    { label: 'Unrealised', value: money(pnl.unrealized), note: 'at the last mark' },
    { label: 'Fees', value: money(pnl.fees), note: pnl.fees < 0 ? 'rebates received' : 'paid' },
    ...fundingFigures(pnl.funding, money),
    ...liquidationFigures(record),
    ...cash,
    { label: 'Turnover', value: `${moneyText(turnover.value, 8)} ${unit}` },
    { label: 'Net / turnover', value: withUnit(bpsText(turnover.netBps), 'bps') },
  ]
}

function fundingFigures(funding: number, money: (value: number) => string): Figure[] {
  if (funding === 0) return []
  return [{ label: 'Funding', value: money(funding), note: funding < 0 ? 'paid' : 'received' }]
}

function liquidationFigures({ liquidations, instruments, epochNs }: RunRecord): Figure[] {
  const [first] = liquidations
  if (first === undefined) return []
  const time = new UnixTime(epochNs).short(first.exchTime)
  const { symbol } = instruments[first.instrument]!
  const value = groupedText(liquidations.length, 0)
  return [{ label: 'Liquidations', value, note: `the first of ${symbol} at ${time}` }]
}

function riskFigures(record: RunRecord, analyses: RunAnalyses): Figure[] {
  const { sharpe, sortino, maxDrawdown } = analyses
  const unit = record.currency
  const time = new UnixTime(record.epochNs)
  const isWithinDay = record.toTime - record.fromTime < DAY_NS
  const moment = (at: number): string => (isWithinDay ? time.short(at).slice(11) : time.short(at))
  const sampling = `${spanText(sharpe.everyNs)} steps, annualised x ${plainText(sharpe.annualisation, 5)}`
  const share = maxDrawdown.share === null ? '' : ` (${percentText(maxDrawdown.share, 3)})`
  const span =
    maxDrawdown.from === null || maxDrawdown.to === null
      ? {}
      : {
          note: `${moment(maxDrawdown.from)} to ${moment(maxDrawdown.to)}, ${
            maxDrawdown.recovered === null ? 'not recovered' : 'recovered'
          } after ${spanText(maxDrawdown.durationNs)}`,
        }
  return [
    { label: 'Sharpe ratio', value: plainText(sharpe.value, 4), note: sampling },
    { label: 'Sortino ratio', value: plainText(sortino.value, 4), note: sampling },
    { label: 'Max drawdown', value: `${moneyText(maxDrawdown.value)} ${unit}${share}`, ...span },
    { label: 'Longest drawdown', value: spanText(maxDrawdown.longestNs) },
  ]
}

function executionFigures(record: RunRecord, analyses: RunAnalyses): Figure[] {
  const { fillRatio, makerShare, spreadCaptured } = analyses
  const horizons = reportHorizons(record, analyses)
  const count = (value: number): string => groupedText(value, 0)
  const bps = withUnit(bpsText(spreadCaptured.all.meanBps), 'bps')
  // A bar has no spread to capture.
  const spread: Figure[] =
    record.source === 'bars' ? [] : [{ label: 'Spread captured', value: bps, note: 'mean a fill' }]
  const ends = (['cancelled', 'expired', 'rejected', 'open'] as const)
    .filter((end) => fillRatio[end] > 0)
    .map((end) => `${count(fillRatio[end])} ${end}`)
  return [
    {
      label: 'Orders',
      value: count(fillRatio.submitted),
      ...(ends.length === 0 ? {} : { note: ends.join(', ') }),
    },
    {
      label: 'Orders filled',
      value: count(fillRatio.filled),
      note: `${percentText(fillRatio.orderRatio)} of orders, ${percentText(fillRatio.sizeRatio)} of size`,
    },
    {
      label: 'Fills',
      value: count(record.fills.length),
      ...(analyses.turnover.size === null
        ? {}
        : { note: `${plainText(analyses.turnover.size, 8)} ${sizeUnit(record)}` }),
    },
    { label: 'Maker share', value: percentText(makerShare.bySize), note: 'of traded size' },
    ...spread,
    ...horizons.markout.map((horizon) => markoutFigure('Markout', horizon)),
    ...horizons.adverseSelection.map((horizon) => markoutFigure('Adverse selection', horizon)),
  ]
}

function markoutFigure(name: string, horizon: HorizonResult): Figure {
  const { mean, standardError } = horizon.all
  const late =
    horizon.beyondEnd === 0 ? [] : [`${groupedText(horizon.beyondEnd, 0)} beyond the end`]
  const error = standardError === null ? [] : [`standard error ${plainText(standardError, 3)}`]
  const note = [...error, ...late].join(', ')
  return {
    label: `${name} ${spanText(horizon.horizonNs)}`,
    value: withUnit(bpsText(mean), 'bps'),
    ...(note === '' ? {} : { note }),
  }
}

/** What each of several instruments brought. */
function instrumentFigures({ byInstrument }: RunRecord): Figure[] {
  const names = instrumentNames(byInstrument.map(({ instrument }) => instrument))
  return byInstrument.map((part, i) => {
    const { position, net } = part.totals
    const fills = `${groupedText(part.fills.length, 0)} fills`
    const held = `position ${withUnit(plainText(position), sizeUnit(part))}`
    return {
      label: names[i]!,
      value: signedText(`${moneyText(net, 6)} ${part.currency}`),
      note: `${fills}, ${held}`,
    }
  })
}

/** Returns symbols, each with its venue where several have it. */
export function instrumentNames(instruments: readonly Instrument[]): readonly string[] {
  return instruments.map(({ symbol, venue }) =>
    instruments.filter((each) => each.symbol === symbol).length === 1
      ? symbol
      : `${venue}:${symbol}`,
  )
}

function inventoryFigures(record: RunRecord, { inventory }: RunAnalyses): Figure[] {
  const unit = sizeUnit(record)
  const size = (value: number | null): string => withUnit(plainText(value), unit)
  if (record.byInstrument.length > 0) {
    return inventory.end === null
      ? []
      : [{ label: 'Net position at the end', value: size(inventory.end) }]
  }
  return [
    { label: 'Position at the end', value: size(inventory.end) },
    {
      label: 'Mean position',
      value: size(inventory.mean),
      note: `${plainText(inventory.meanAbsolute)} absolute`,
    },
    {
      label: 'Largest position',
      value: size(inventory.maxAbsolute),
      note: `${percentText(inventory.timeAtLimit)} of the time`,
    },
    {
      label: 'Long / short / flat',
      value: [inventory.timeLong, inventory.timeShort, inventory.timeFlat]
        .map((share) => percentText(share))
        .join(' / '),
    },
    { label: 'Mean holding time', value: spanText(inventory.meanHoldingNs) },
  ]
}

function tradeFigures(record: RunRecord, { trades }: RunAnalyses): Figure[] {
  const unit = record.currency
  const money = (value: number | null): string => withUnit(moneyText(value), unit)
  return [
    {
      label: 'Closed',
      value: groupedText(trades.count, 0),
      ...(trades.open > 0 ? { note: `${trades.open} still open` } : {}),
    },
    { label: 'Won', value: percentText(trades.winRate), note: 'after fees' },
    { label: 'Average', value: money(trades.average) },
    { label: 'Best / worst', value: `${money(trades.best)} / ${money(trades.worst)}` },
    { label: 'Profit factor', value: plainText(trades.profitFactor, 4) },
    { label: 'Average duration', value: spanText(trades.averageDurationNs) },
  ]
}

function runFigures(record: RunRecord): Figure[] {
  const { events, seconds } = record
  const rate = seconds > 0 ? `${groupedText(events / seconds, 0)} a second` : undefined
  return [
    {
      label: record.source === 'bars' ? 'Bars' : 'Events',
      value: groupedText(events, 0),
      note: `${spanText(seconds * 1e9)} of wall time${rate === undefined ? '' : `, ${rate}`}`,
    },
    { label: 'Seed', value: String(record.seed) },
    { label: 'Run hash', value: record.runHash },
  ]
}

function withUnit(text: string, unit: string): string {
  return text === NOTHING ? text : `${text} ${unit}`
}
