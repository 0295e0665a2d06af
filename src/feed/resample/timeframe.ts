/** Timeframes of bars, and the periods of time that they cut a feed into. */
import { LobtraderError } from '../../core/index.ts'
import { SessionCursor, type TradingCalendar } from '../../market/index.ts'
import { DAY_NS, dayNumber, type TimeZone } from '../../time/index.ts'
import { TRADING_PHASES } from '../tick-filter.ts'

/** Lengths of the timeframes shorter than a day, ns. */
export const SHORT_FRAMES = {
  microseconds: 1e3,
  seconds: 1e9,
  minutes: 60e9,
  hours: 3600e9,
} as const

/** Timeframes that follow the calendar. */
export const LONG_FRAMES = ['days', 'weeks', 'months', 'years'] as const

/** What bars are made by: `ticks` counts what is fed in, all others are spans of time. */
export type Timeframe = 'ticks' | keyof typeof SHORT_FRAMES | (typeof LONG_FRAMES)[number]

/** True for a timeframe shorter than a day. */
export function isShortFrame(timeframe: Timeframe): timeframe is keyof typeof SHORT_FRAMES {
  return Object.hasOwn(SHORT_FRAMES, timeframe)
}

/**
 * Checks a timeframe and how many of it make a bar.
 *
 * @throws LobtraderError BAD_ARGUMENT
 */
export function checkTimeframe(timeframe: Timeframe, compression: number): void {
  const names = ['ticks', ...Object.keys(SHORT_FRAMES), ...LONG_FRAMES]
  if (!names.includes(timeframe)) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `unknown timeframe "${timeframe}"; expected ${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`,
      { value: timeframe },
    )
  }
  if (Number.isSafeInteger(compression) && compression > 0) return
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `compression must be a whole number above 0, was ${compression}`,
    { value: String(compression) },
  )
}

/** Which period a bar belongs to. */
export interface Period {
  /** Equal for bars of one period. */
  readonly key: number
  /** Where the period ends, ns since the epoch; NaN where only its last bar can tell. */
  readonly end: number
}

/** Finds the period of a time, ns since the epoch; undefined where the market is closed. */
export type PeriodOf = (time: number) => Period | undefined

/** Where days begin. */
export interface DayRule {
  readonly epochNs: bigint
  readonly zone: TimeZone
  readonly calendar: TradingCalendar | undefined
}

/** Returns the periods of a short timeframe: multiples of it since midnight, or since the open. */
export function shortPeriods(spanNs: number, { epochNs, zone, calendar }: DayRule): PeriodOf {
  const key = (start: number, time: number): Period => {
    const from = start + Math.floor((time - start) / spanNs) * spanNs
    return { key: from, end: from + spanNs }
  }
  if (calendar !== undefined) {
    const cursor = new SessionCursor(calendar, epochNs)
    return (time) => {
      cursor.moveTo(time)
      if (!TRADING_PHASES.includes(cursor.phase)) return undefined
      const period = key(cursor.from, time)
      return { key: period.key, end: Math.min(period.end, cursor.to) }
    }
  }
  const days = new DayBounds(epochNs, zone)
  return (time) => {
    days.moveTo(time)
    const period = key(days.from, time)
    return { key: period.key, end: Math.min(period.end, days.to) }
  }
}

/** Returns the periods of a long timeframe, by date or by trading day. */
export function longPeriods(frame: (typeof LONG_FRAMES)[number], rule: DayRule): PeriodOf {
  const { epochNs, zone, calendar } = rule
  const keyOf = LONG_KEYS[frame]
  if (calendar !== undefined) {
    const cursor = new SessionCursor(calendar, epochNs)
    let period: Period | undefined
    return (time) => {
      if (cursor.moveTo(time)) {
        const { session, phase } = cursor
        const isOpen = session !== undefined && TRADING_PHASES.includes(phase)
        period = isOpen ? { key: keyOf(dayNumber(session.day)), end: Number.NaN } : undefined
      }
      return period
    }
  }
  const days = new DayBounds(epochNs, zone)
  return (time) => {
    days.moveTo(time)
    return { key: keyOf(days.day), end: Number.NaN }
  }
}

const monthOf = (day: number): number => {
  const date = new Date((day * DAY_NS) / 1e6)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** Periods by number of the day since 1970-01-01, a Thursday; weeks begin on Monday (ISO 8601). */
const LONG_KEYS = {
  days: (day: number): number => day,
  weeks: (day: number): number => Math.floor((day + 3) / 7),
  months: monthOf,
  years: (day: number): number => Math.floor(monthOf(day) / 12),
} as const satisfies Record<(typeof LONG_FRAMES)[number], (day: number) => number>

/** The day of a zone in which a time lies; times are ns since the epoch. */
class DayBounds {
  day = Number.NaN
  from = Number.POSITIVE_INFINITY
  to = Number.NEGATIVE_INFINITY
  readonly #epochNs: bigint
  readonly #zone: TimeZone

  constructor(epochNs: bigint, zone: TimeZone) {
    this.#epochNs = epochNs
    this.#zone = zone
  }

  moveTo(time: number): void {
    if (time >= this.from && time < this.to) return
    const { day } = this.#zone.wallTime(this.#epochNs + BigInt(Math.floor(time)))
    this.day = day
    this.from = Number(this.#zone.instantOf(day, 0) - this.#epochNs)
    this.to = Number(this.#zone.instantOf(day + 1, 0) - this.#epochNs)
  }
}
