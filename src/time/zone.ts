/** Wall-clock time of a zone as Unix time and back, exact at the change of daylight saving time. */
import { LobtraderError } from '../core/index.ts'
import { DAY_NS } from './duration.ts'
import { instantNs } from './instant.ts'

const DAY_MS = DAY_NS / 1e6
const WEEK_MS = 7 * DAY_MS
const NS_PER_MS = 1_000_000n
/** Years of a zone to remember; no capture has so many. */
const YEARS_KEPT = 256

/** Stretches of one offset in a UTC year: stretch i begins at `fromMs[i]`, the first with the year. */
interface YearOffsets {
  readonly fromMs: readonly number[]
  readonly offsetMs: readonly number[]
}

/** What a zone's clocks show: a date as days since 1970-01-01, and the time on the dial. */
export interface WallTime {
  readonly day: number
  /** Nanoseconds since midnight as the dial shows them; 0 <= timeNs < 86,400e9. */
  readonly timeNs: number
}

/** Returns a date such as `2024-03-10` as days since 1970-01-01. @throws LobtraderError BAD_INSTANT */
export function dayNumber(date: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    throw new LobtraderError('BAD_INSTANT', `"${date}" is not a date; expected 2024-08-08`, {
      value: date,
    })
  }
  return Number(instantNs(date) / BigInt(DAY_NS))
}

/** Returns days since 1970-01-01 as a date. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** The clocks of one zone of the IANA time zone database. */
export class TimeZone {
  readonly name: string
  readonly #format: Intl.DateTimeFormat
  readonly #years: Map<number, YearOffsets>

  /** @throws LobtraderError BAD_ARGUMENT for a zone that the machine does not know */
  constructor(name: string) {
    this.name = name
    const { format, years } = zoneRules(name)
    this.#format = format
    this.#years = years
  }

  /** Returns local time minus UTC in ns. */
  offsetNs(unixNs: bigint): number {
    return this.#offsetMs(floorMs(unixNs)) * 1e6
  }

  /** Returns what the zone's clocks show at a moment. */
  wallTime(unixNs: bigint): WallTime {
    const localNs = unixNs + BigInt(this.offsetNs(unixNs))
    const day = Number(floorDivide(localNs, BigInt(DAY_NS)))
    return { day, timeNs: Number(localNs - BigInt(day) * BigInt(DAY_NS)) }
  }

  /**
   * Returns Unix ns of the moment at which the zone's clocks show a date and time.
   *
   * A time that they show twice, when clocks go back, is the first of the two; one that they skip,
   * when clocks go forward, is as far behind the change as it would have been behind it.
   *
   * @param day days since 1970-01-01
   * @param timeNs what the dial shows, ns since midnight; may lie outside of the day
   * @source RFC 5545 section 3.3.5, form 3: the reading of times that occur twice or never
   */
  instantOf(day: number, timeNs: number): bigint {
    const wallNs = BigInt(day) * BigInt(DAY_NS) + BigInt(timeNs)
    const wallMs = floorMs(wallNs)
    const before = this.#offsetMs(wallMs - DAY_MS)
    const after = this.#offsetMs(wallMs + DAY_MS)
    const isBefore = this.#offsetMs(wallMs - before) === before
    const isAfter = this.#offsetMs(wallMs - after) === after
    const offsetMs = isBefore || !isAfter ? before : after
    return wallNs - BigInt(offsetMs) * NS_PER_MS
  }

  #offsetMs(unixMs: number): number {
    const year = new Date(unixMs).getUTCFullYear()
    let offsets = this.#years.get(year)
    if (offsets === undefined) {
      offsets = this.#offsetsOf(year)
      if (this.#years.size === YEARS_KEPT) this.#years.clear()
      this.#years.set(year, offsets)
    }
    let i = offsets.fromMs.length - 1
    while (i > 0 && offsets.fromMs[i]! > unixMs) i--
    return offsets.offsetMs[i]!
  }

  /** Looks once a week, and for the exact moment of a change where two looks differ. */
  #offsetsOf(year: number): YearOffsets {
    const start = Date.UTC(year, 0, 1)
    const end = Date.UTC(year + 1, 0, 1)
    const fromMs = [start]
    const offsetMs = [readOffset(this.#format, start)]
    for (let at = start; at < end; at += WEEK_MS) {
      const next = Math.min(at + WEEK_MS, end - 1000)
      const known = offsetMs.at(-1)!
      const now = readOffset(this.#format, next)
      if (now === known) continue
      let low = at
      let high = next
      while (high - low > 1000) {
        const middle = low + Math.floor((high - low) / 2000) * 1000
        if (readOffset(this.#format, middle) === known) low = middle
        else high = middle
      }
      fromMs.push(high)
      offsetMs.push(now)
    }
    return { fromMs, offsetMs }
  }
}

/**
 * Returns Unix ns of the moment at which the clocks of `timeZone` show midnight of `date` plus
 * `afterMidnightNs`, minus that span: what to add to times of that day. Exact while the zone's
 * offset stays what it is at that moment, daylight saving time included.
 *
 * @param date `2012-06-21`
 * @throws LobtraderError BAD_ARGUMENT for an unknown zone, BAD_INSTANT for a bad date
 */
export function zoneMidnightNs(date: string, timeZone: string, afterMidnightNs: number): bigint {
  const zone = new TimeZone(timeZone)
  return zone.instantOf(dayNumber(date), afterMidnightNs) - BigInt(afterMidnightNs)
}

const floorDivide = (a: bigint, b: bigint): bigint => a / b - (a % b < 0n ? 1n : 0n)

const floorMs = (unixNs: bigint): number => Number(floorDivide(unixNs, NS_PER_MS))

/** What is known of a zone: the same for everybody, and slow to find out. */
interface ZoneRules {
  readonly format: Intl.DateTimeFormat
  readonly years: Map<number, YearOffsets>
}

const rulesOf = new Map<string, ZoneRules>()

function zoneRules(timeZone: string): ZoneRules {
  const known = rulesOf.get(timeZone)
  if (known !== undefined) return known
  const rules = { format: zoneFormat(timeZone), years: new Map<number, YearOffsets>() }
  rulesOf.set(timeZone, rules)
  return rules
}

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `unknown time zone "${timeZone}"; expected a name such as America/New_York`,
      { timeZone },
    )
  }
}

/** Returns local time minus UTC in ms at a Unix time. */
function readOffset(format: Intl.DateTimeFormat, unixMs: number): number {
  const parts = new Map(
    format.formatToParts(unixMs).map(({ type, value }) => [type, Number(value)]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return local - Math.floor(unixMs / 1000) * 1000
}
