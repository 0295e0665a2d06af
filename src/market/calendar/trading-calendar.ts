/**
 * Trading calendars: which day and which phase of a market a moment lies in.
 *
 * A trading day is named by its date in the venue's zone; its phases may begin on the date before
 * (an evening open). Wall times become moments day by day, so that a session keeps its wall times
 * over a change of daylight saving time and moves in UTC.
 */
import { LobtraderError } from '../../core/index.ts'
import { DAY_NS, TimeZone, dayNumber, dayText, instantNs, type Instant } from '../../time/index.ts'
import {
  cutPlan,
  wallSpans,
  type DayPlan,
  type MarketPhase,
  type SessionPhase,
  type WallSpan,
} from './day-plan.ts'
import { cutByHalts, joinHalts, type Halt } from './halts.ts'

/** Days of the week, as a {@link CalendarSpec} names them; index 0 is Sunday. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** Days that are unlike their day of the week; dates such as `2024-07-04`, in the venue's zone. */
export interface CalendarExceptions {
  /** Days without any session. */
  readonly holidays?: readonly string[] | undefined
  /** Days that end early, with the wall time at which they do: `{ '2024-07-03': '13:00' }`. */
  readonly earlyCloses?: Readonly<Record<string, string>> | undefined
  /** Days with a plan of their own, also on a day of the week that has none. */
  readonly specialDays?: Readonly<Record<string, DayPlan>> | undefined
}

/** What a {@link TradingCalendar} is made of. */
export interface CalendarSpec extends CalendarExceptions {
  readonly name: string
  /** IANA name, such as `America/New_York`. */
  readonly timeZone: string
  /** Plans by day of the week of the trading day; a day left out has no session. */
  readonly week: Partial<Readonly<Record<Weekday, DayPlan>>>
}

/** One trading day: from the start of its first phase to the end of its last, breaks included. */
export interface TradingSession {
  /** Date of the trading day. */
  readonly day: string
  readonly fromNs: bigint
  readonly toNs: bigint
  readonly phases: readonly SessionPhase[]
}

/** How far {@link TradingCalendar.nextOpen} looks. */
const DAYS_AHEAD = 400

/** @see module comment */
export class TradingCalendar {
  readonly name: string
  readonly zone: TimeZone
  readonly #spec: CalendarSpec
  readonly #week: readonly (readonly WallSpan[])[]
  readonly #exceptions: ReadonlyMap<number, readonly WallSpan[]>
  readonly #halts: readonly Halt[]
  readonly #sessions = new Map<number, TradingSession | undefined>()

  /**
   * @param halts stops of trading inside sessions; see {@link TradingCalendar.withHalts}
   * @throws LobtraderError BAD_ARGUMENT for an unknown zone, a bad wall time, phases out of order,
   *   or days that overlap; BAD_INSTANT for a bad date
   */
  constructor(spec: CalendarSpec, halts: readonly Halt[] = []) {
    this.name = spec.name
    this.zone = new TimeZone(spec.timeZone)
    this.#spec = spec
    this.#week = WEEKDAYS.map((day) => wallSpans(spec.week[day] ?? [], `${spec.name}, ${day}`))
    this.#exceptions = exceptionsOf(spec, this.#week)
    this.#halts = joinHalts(halts)
    this.#checkOverlaps()
  }

  /** Returns the phase of the market at a moment; `closed` between sessions and in a break. */
  phaseAt(at: Instant): MarketPhase {
    return this.partAt(at)?.phase ?? 'closed'
  }

  /** Returns the phase of a session in which a moment lies; undefined where the market is closed. */
  partAt(at: Instant): SessionPhase | undefined {
    const ns = instantNs(at)
    return this.sessionOf(ns)?.phases.find(({ fromNs, toNs }) => fromNs <= ns && ns < toNs)
  }

  /** Returns the trading day in which a moment lies, breaks included; undefined between them. */
  sessionOf(at: Instant): TradingSession | undefined {
    const ns = instantNs(at)
    const { day } = this.zone.wallTime(ns)
    for (let d = day - 1; d <= day + 1; d++) {
      const session = this.#session(d)
      if (session !== undefined && session.fromNs <= ns && ns < session.toNs) return session
    }
    return undefined
  }

  /** Returns the session of a trading day such as `2024-03-11`; undefined when it has none. */
  sessionOn(day: string): TradingSession | undefined {
    return this.#session(dayNumber(day))
  }

  /** Returns the sessions that have a moment in [from, to), in order. */
  sessionsBetween(from: Instant, to: Instant): TradingSession[] {
    const fromNs = instantNs(from)
    const toNs = instantNs(to)
    const first = this.zone.wallTime(fromNs).day - 1
    const last = this.zone.wallTime(toNs).day + 1
    const sessions: TradingSession[] = []
    for (let day = first; day <= last; day++) {
      const session = this.#session(day)
      if (session !== undefined && session.fromNs < toNs && session.toNs > fromNs)
        sessions.push(session)
    }
    return sessions
  }

  /**
   * Returns the first moment after `at` at which continuous trading begins: of a day, behind a
   * break, or after a halt. Undefined when it does not within 400 days: a market that never closes.
   */
  nextOpen(at: Instant): bigint | undefined {
    return this.#nextChange(instantNs(at), true)
  }

  /** Returns the first moment after `at` at which continuous trading ends; else as `nextOpen`. */
  nextClose(at: Instant): bigint | undefined {
    return this.#nextChange(instantNs(at), false)
  }

  /** Returns the same calendar with more holidays, early closes and special days. */
  with(exceptions: CalendarExceptions): TradingCalendar {
    const { holidays = [], earlyCloses, specialDays } = this.#spec
    return new TradingCalendar(
      {
        ...this.#spec,
        holidays: [...holidays, ...(exceptions.holidays ?? [])],
        earlyCloses: { ...earlyCloses, ...exceptions.earlyCloses },
        specialDays: { ...specialDays, ...exceptions.specialDays },
      },
      this.#halts,
    )
  }

  /** Returns the same calendar in which the market's phase is `halt` inside these spans. */
  withHalts(halts: readonly Halt[]): TradingCalendar {
    return new TradingCalendar(this.#spec, [...this.#halts, ...halts])
  }

  #session(day: number): TradingSession | undefined {
    if (!this.#sessions.has(day)) this.#sessions.set(day, this.#makeSession(day))
    return this.#sessions.get(day)
  }

  #makeSession(day: number): TradingSession | undefined {
    const phases = this.#spansOn(day).map(({ phase, name, from, to }) => ({
      phase,
      name,
      fromNs: this.zone.instantOf(day, from),
      toNs: this.zone.instantOf(day, to),
    }))
    // Where clocks skip an hour, a phase inside that hour has no length.
    const real = phases.filter(({ fromNs, toNs }) => fromNs < toNs)
    const [first] = real
    if (first === undefined) return undefined
    return {
      day: dayText(day),
      fromNs: first.fromNs,
      toNs: real.at(-1)!.toNs,
      phases: cutByHalts(real, this.#halts),
    }
  }

  #spansOn(day: number): readonly WallSpan[] {
    return this.#exceptions.get(day) ?? this.#week[weekdayOf(day)]!
  }

  #nextChange(ns: bigint, isOpening: boolean): bigint | undefined {
    const { day } = this.zone.wallTime(ns)
    let isOpen = this.phaseAt(ns) === 'continuous'
    let end = ns
    for (let d = day - 1; d <= day + DAYS_AHEAD; d++) {
      for (const { phase, fromNs, toNs } of this.#session(d)?.phases ?? []) {
        if (toNs <= ns) continue
        if (fromNs > end) {
          if (isOpen && !isOpening) return end
          isOpen = false
        }
        const opens = phase === 'continuous'
        if (opens !== isOpen && opens === isOpening) return fromNs
        isOpen = opens
        end = toNs
      }
    }
    const isOver = end < ns + BigInt(DAYS_AHEAD - 2) * BigInt(DAY_NS)
    return isOpen && isOver && !isOpening ? end : undefined
  }

  #checkOverlaps(): void {
    const days = [...this.#exceptions.keys()].flatMap((day) => [day - 1, day])
    // 1970-01-04 was a Sunday: one week of plain days.
    for (let day = 3; day <= 10; day++) days.push(day)
    for (const day of days) {
      const last = this.#spansOn(day).at(-1)
      const first = this.#spansOn(day + 1)[0]
      if (last === undefined || first === undefined || last.to <= first.from + DAY_NS) continue
      const isPlain = !this.#exceptions.has(day) && !this.#exceptions.has(day + 1)
      const which = isPlain ? WEEKDAYS[weekdayOf(day)]! : dayText(day)
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `${this.name}: the trading day after ${which} begins before that day ends`,
        { calendar: this.name },
      )
    }
  }
}

// Day 0, 1970-01-01, was a Thursday.
const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7

function exceptionsOf(
  spec: CalendarSpec,
  week: readonly (readonly WallSpan[])[],
): Map<number, readonly WallSpan[]> {
  const found = new Map<number, readonly WallSpan[]>()
  for (const [date, plan] of Object.entries(spec.specialDays ?? {}))
    found.set(dayNumber(date), wallSpans(plan, `${spec.name}, ${date}`))
  for (const [date, close] of Object.entries(spec.earlyCloses ?? {})) {
    const day = dayNumber(date)
    const plan = found.get(day) ?? week[weekdayOf(day)]!
    found.set(day, cutPlan(plan, close, `${spec.name}, ${date}`))
  }
  for (const date of spec.holidays ?? []) found.set(dayNumber(date), [])
  return found
}
