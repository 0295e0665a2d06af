/**
 * Calendars of some venues as they stand in ordinary weeks. Holidays and half days are data that
 * each year brings: add them by `calendar.with({ holidays, earlyCloses })`.
 */
import type { DayPlan } from './day-plan.ts'
import { TradingCalendar, WEEKDAYS, type CalendarSpec, type Weekday } from './trading-calendar.ts'

/** The same plan on these days. */
function on(days: readonly Weekday[], plan: DayPlan): CalendarSpec['week'] {
  return Object.fromEntries(days.map((day) => [day, plan]))
}

const MONDAY_TO_FRIDAY = ['mon', 'tue', 'wed', 'thu', 'fri'] as const

/** Returns a calendar that never closes; its days are those of UTC. */
export function alwaysOpenCalendar(): TradingCalendar {
  return new TradingCalendar({
    name: '24x7',
    timeZone: 'UTC',
    week: on(WEEKDAYS, [{ phase: 'continuous', from: '00:00', to: '24:00' }]),
  })
}

/**
 * Returns the calendar of US equities on NASDAQ.
 *
 * @param hours `regular`: orders gather from 04:00, trading is from 09:30 to 16:00; `extended`:
 *   trading in three parts named `pre-market`, `regular` and `post-market`, to 20:00
 * @source Nasdaq Equity Rule 4701(g), "System Hours", and 4120(b)(4): pre-market from 4:00 a.m. to
 *   9:30 a.m., regular from 9:30 a.m. to 4:00 p.m., post-market to 8:00 p.m. Eastern Time
 */
export function nasdaqCalendar(hours: 'regular' | 'extended' = 'regular'): TradingCalendar {
  const regular = { phase: 'continuous', name: 'regular', from: '09:30', to: '16:00' } as const
  const plan: DayPlan =
    hours === 'regular'
      ? [{ phase: 'pre-open', from: '04:00', to: '09:30' }, regular]
      : [
          { phase: 'continuous', name: 'pre-market', from: '04:00', to: '09:30' },
          regular,
          { phase: 'continuous', name: 'post-market', from: '16:00', to: '20:00' },
        ]
  return new TradingCalendar({
    name: `NASDAQ ${hours}`,
    timeZone: 'America/New_York',
    week: on(MONDAY_TO_FRIDAY, plan),
  })
}

/**
 * Returns the calendar of equity index futures on CME Globex: each trading day begins at 17:00
 * Chicago time of the date before and ends at 16:00; an hour of maintenance lies between.
 *
 * @source CME Group, E-mini S&P 500 contract specifications, trading hours: Sunday - Friday
 *   6:00 p.m. - 5:00 p.m. ET with a daily maintenance period from 5:00 p.m. - 6:00 p.m. ET; CME
 *   Globex pre-open: 60 minutes on Sunday, 15 minutes on other days
 */
export function globexCalendar(): TradingCalendar {
  const day = (preOpen: string): DayPlan => [
    { phase: 'pre-open', from: preOpen, to: '-1d 17:00' },
    { phase: 'continuous', from: '-1d 17:00', to: '16:00' },
  ]
  return new TradingCalendar({
    name: 'CME Globex',
    timeZone: 'America/Chicago',
    week: { ...on(MONDAY_TO_FRIDAY, day('-1d 16:45')), mon: day('-1d 16:00') },
  })
}

/**
 * Returns the calendar of stock index futures on CFFEX, with their opening auction and the break
 * at noon.
 *
 * @source China Financial Futures Exchange, CSI 300 index futures contract: trading hours
 *   9:30-11:30 and 13:00-15:00; trading rules: opening call auction 9:25-9:30
 */
export function cffexCalendar(): TradingCalendar {
  return new TradingCalendar({
    name: 'CFFEX',
    timeZone: 'Asia/Shanghai',
    week: on(MONDAY_TO_FRIDAY, [
      { phase: 'auction', name: 'opening auction', from: '09:25', to: '09:30' },
      { phase: 'continuous', name: 'morning', from: '09:30', to: '11:30' },
      { phase: 'continuous', name: 'afternoon', from: '13:00', to: '15:00' },
    ]),
  })
}

/** Makers of the calendars above, by the names that files call them. */
export const KNOWN_CALENDARS = {
  '24x7': alwaysOpenCalendar,
  nasdaq: () => nasdaqCalendar('regular'),
  'nasdaq-extended': () => nasdaqCalendar('extended'),
  globex: globexCalendar,
  cffex: cffexCalendar,
} as const

/** One of {@link KNOWN_CALENDARS}. */
export type CalendarName = keyof typeof KNOWN_CALENDARS

/** The names of {@link KNOWN_CALENDARS}. */
export const CALENDAR_NAMES = Object.keys(KNOWN_CALENDARS) as readonly CalendarName[]
