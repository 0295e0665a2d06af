/** Coarser bars from bars. */
import { LobtraderError } from '../../core/index.ts'
import type { BarColumns, TradingCalendar } from '../../market/index.ts'
import { TimeZone } from '../../time/index.ts'
import { joinBars, type BarGroup } from './bar-groups.ts'
import {
  SHORT_FRAMES,
  checkTimeframe,
  isShortFrame,
  longPeriods,
  shortPeriods,
  type PeriodOf,
  type Timeframe,
} from './timeframe.ts'

/** How {@link resampleBars} makes bars. */
export interface ResampleOptions {
  readonly timeframe: Timeframe
  /** Periods that make a bar; default 1. */
  readonly compression?: number | undefined
  /** Zone whose days count; default UTC. Ignored with a calendar. */
  readonly timeZone?: string | undefined
  /**
   * Days are its trading days, shorter periods count from the start of each phase of trading and end
   * with it, and what lies outside is left out.
   */
  readonly calendar?: TradingCalendar | undefined
  /**
   * What the time of a bar that is fed in says: `end`, it covers the time up to there; `start`, from
   * there. Default: `start` where every bar stands at a midnight (a date), else `end`.
   */
  readonly stamped?: 'start' | 'end' | undefined
  /** What becomes of a last bar whose period may not be over: default `keep`. */
  readonly last?: 'keep' | 'drop' | undefined
}

/**
 * Returns coarser bars: first open, highest high, lowest low, last close, sum of volume, last open
 * interest and quotes.
 *
 * A bar of a short timeframe stands at the end of its period; one of days or more, and a last bar
 * whose period is not over, at the time of its last bar. A bar that is stamped with the very end of a
 * period belongs to it. Several days, weeks, months or years make a bar of those that have bars, as
 * they follow each other from the first.
 *
 * @throws LobtraderError BAD_ARGUMENT for options that cannot be, TOO_FEW_ROWS when no bar is left
 * @source backtrader's documentation, "Data Resampling": `rightedge`, `bar2edge`, the last bar that
 *   is delivered as it is
 */
export function resampleBars(bars: BarColumns, options: ResampleOptions): BarColumns {
  const { timeframe, compression = 1, last = 'keep' } = options
  checkTimeframe(timeframe, compression)
  const zone = new TimeZone(options.calendar?.zone.name ?? options.timeZone ?? 'UTC')
  const groups = groupBars(bars, { ...options, compression }, zone)
  if (last === 'drop' && groups.at(-1)?.isWhole === false) groups.pop()
  if (groups.length > 0) return joinBars(bars, groups)
  throw new LobtraderError(
    'TOO_FEW_ROWS',
    `the bars of ${bars.symbol} complete no bar of ${compression} ${timeframe}`,
  )
}

function groupBars(
  bars: BarColumns,
  options: ResampleOptions & { readonly compression: number },
  zone: TimeZone,
): BarGroup[] {
  const { timeframe, compression, calendar } = options
  if (timeframe === 'ticks') return groupsOf(bars, compression)
  const rule = { epochNs: bars.epochNs, zone, calendar }
  const isShort = isShortFrame(timeframe)
  const periodOf = isShort
    ? shortPeriods(SHORT_FRAMES[timeframe] * compression, rule)
    : longPeriods(timeframe, rule)
  const stamped = options.stamped ?? (isDated(bars, zone) ? 'start' : 'end')
  const shift = stamped === 'end' ? 1 : 0
  return groupByPeriod(bars, { periodOf, shift, periods: isShort ? 1 : compression })
}

function groupsOf(bars: BarColumns, count: number): BarGroup[] {
  const groups: BarGroup[] = []
  for (let row = 0; row < bars.length; row++) {
    if (row % count === 0) groups.push({ rows: [], time: 0, isWhole: false })
    const group = groups.at(-1)!
    group.rows.push(row)
    group.time = bars.time[row]!
    group.isWhole = group.rows.length === count
  }
  return groups
}

function groupByPeriod(
  bars: BarColumns,
  {
    periodOf,
    shift,
    periods,
  }: { readonly periodOf: PeriodOf; readonly shift: number; readonly periods: number },
): BarGroup[] {
  const groups: BarGroup[] = []
  let key = Number.NaN
  let seen = 0
  let end = Number.NaN
  for (let row = 0; row < bars.length; row++) {
    const time = bars.time[row]!
    const period = periodOf(time - shift)
    if (period === undefined) continue
    if (period.key !== key) {
      const before = groups.at(-1)
      if (before !== undefined) closeGroup(before, end)
      if (seen % periods === 0) groups.push({ rows: [], time, isWhole: false })
      seen++
      ;({ key, end } = period)
    }
    const group = groups.at(-1)!
    group.rows.push(row)
    group.time = time
    group.isWhole = time === end
  }
  return groups
}

/** A later bar has shown that the period of this one is over. */
function closeGroup(group: BarGroup, end: number): void {
  group.isWhole = true
  if (!Number.isNaN(end)) group.time = end
}

/** True when every bar stands at a midnight of the zone. */
function isDated(bars: BarColumns, zone: TimeZone): boolean {
  for (let row = 0; row < bars.length; row++) {
    if (zone.wallTime(bars.epochNs + BigInt(bars.time[row]!)).timeNs !== 0) return false
  }
  return true
}
