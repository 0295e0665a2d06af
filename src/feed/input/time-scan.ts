/** Reads moments from bytes exactly: counts since 1970 of any unit, or ISO 8601. */

const MINUS = 45
const PLUS = 43
const POINT = 46
const SLASH = 47
const ZERO = 48
const COLON = 58
const BLANK = 32
const UPPER_T = 84
const UPPER_Z = 90
const NS_DIGITS = 9
/** Seconds have 10 digits until 2286; more than 11 are of another unit. */
const SECOND_DIGITS_MAX = 11
const DAY_S = 86_400

/** What a time column counts, or `iso` for ISO 8601 text. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns' | 'iso'

const UNIT_DIGITS: Readonly<Record<Exclude<TimeUnit, 'iso'>, number>> = {
  s: 0,
  ms: 3,
  us: 6,
  ns: 9,
}

/** The last moment read: `seconds` since 1970 and `nanos` behind them. */
export class TimeScan {
  seconds = 0
  /** 0 <= nanos < 1e9. */
  nanos = 0
  /** ISO: offset from UTC that the text gives, in seconds; NaN where it gives none. */
  offset = Number.NaN
  #at = 0

  /** Reads bytes [from, to); false when they are no moment of the unit. */
  read(bytes: Uint8Array, from: number, to: number, unit: TimeUnit): boolean {
    return unit === 'iso'
      ? this.#iso(bytes, from, to)
      : this.#count(bytes, from, to, UNIT_DIGITS[unit])
  }

  /** Reads a count of units of which a second has 10^places; digits beyond the ns are rounded. */
  #count(bytes: Uint8Array, from: number, to: number, places: number): boolean {
    let point = from
    while (point < to && bytes[point] !== POINT) point++
    const whole = point - from
    const secondsEnd = Math.max(from, point - places)
    if (whole === 0 || secondsEnd - from > SECOND_DIGITS_MAX) return false
    const seconds = digitsOf(bytes, from, secondsEnd)
    if (seconds < 0) return false
    this.seconds = seconds
    let nanos = 0
    let count = places - (point - secondsEnd)
    for (let at = secondsEnd; at < to; at++) {
      if (at === point) continue
      const digit = bytes[at]! - ZERO
      if (!(digit >= 0 && digit <= 9)) return false
      if (count < NS_DIGITS) nanos = nanos * 10 + digit
      else if (count === NS_DIGITS && digit >= 5) nanos++
      count++
    }
    for (; count < NS_DIGITS; count++) nanos *= 10
    this.#carry(nanos)
    return true
  }

  /** `2013-01-01 22:00:00.295+00:00`; also `2013/01/01`, `20130101`, `T`, `Z`, a date alone. */
  #iso(bytes: Uint8Array, from: number, to: number): boolean {
    this.#at = from
    this.offset = Number.NaN
    const year = this.#number(bytes, to, 4)
    const dash = bytes[this.#at]
    const isSplit = dash === MINUS || dash === SLASH
    if (isSplit) this.#at++
    const month = this.#number(bytes, to, 2)
    if (isSplit && bytes[this.#at++] !== dash) return false
    const day = this.#number(bytes, to, 2)
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false
    this.seconds = daysBefore(year, month, day) * DAY_S
    this.nanos = 0
    if (this.#at === to) return true
    const between = bytes[this.#at++]
    if (between !== BLANK && between !== UPPER_T) return false
    return this.#clock(bytes, to) && this.#zone(bytes, to) && this.#at === to
  }

  #clock(bytes: Uint8Array, to: number): boolean {
    const hour = this.#number(bytes, to, 2)
    if (bytes[this.#at++] !== COLON) return false
    const minute = this.#number(bytes, to, 2)
    if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60)) return false
    this.seconds += hour * 3600 + minute * 60
    if (this.#at >= to || bytes[this.#at] !== COLON) return true
    this.#at++
    const second = this.#number(bytes, to, 2)
    if (!(second >= 0 && second < 60)) return false
    this.seconds += second
    if (this.#at >= to || bytes[this.#at] !== POINT) return true
    const first = ++this.#at
    let nanos = 0
    for (; this.#at < to; this.#at++) {
      const digit = bytes[this.#at]! - ZERO
      if (!(digit >= 0 && digit <= 9)) break
      const place = this.#at - first
      if (place < NS_DIGITS) nanos = nanos * 10 + digit
      else if (place === NS_DIGITS && digit >= 5) nanos++
    }
    if (this.#at === first) return false
    for (let place = this.#at - first; place < NS_DIGITS; place++) nanos *= 10
    this.#carry(nanos)
    return true
  }

  #zone(bytes: Uint8Array, to: number): boolean {
    if (this.#at === to) return true
    const sign = bytes[this.#at++]
    if (sign === UPPER_Z) {
      this.offset = 0
      return true
    }
    if (sign !== PLUS && sign !== MINUS) return false
    const hours = this.#number(bytes, to, 2)
    if (bytes[this.#at] === COLON && this.#at < to) this.#at++
    const minutes = this.#at === to ? 0 : this.#number(bytes, to, 2)
    if (!(hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60)) return false
    this.offset = (sign === PLUS ? 1 : -1) * (hours * 3600 + minutes * 60)
    this.seconds -= this.offset
    return true
  }

  #carry(nanos: number): void {
    const over = nanos >= 1e9
    this.nanos = over ? nanos - 1e9 : nanos
    if (over) this.seconds++
  }

  /** Reads just `count` digits, -1 when there are others. */
  #number(bytes: Uint8Array, to: number, count: number): number {
    const from = this.#at
    this.#at += count
    return this.#at > to ? -1 : digitsOf(bytes, from, this.#at)
  }
}

function digitsOf(bytes: Uint8Array, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - ZERO
    if (!(digit >= 0 && digit <= 9)) return -1
    value = value * 10 + digit
  }
  return value
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

function daysIn(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : MONTH_DAYS[month - 1]!
}

/** Days from 1970-01-01 to a date; years that begin in March make leap days come last. */
function daysBefore(year: number, month: number, day: number): number {
  const from = month <= 2 ? year - 1 : year
  const days = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const centuries = Math.floor(from / 100)
  return 365 * from + Math.floor(from / 4) - centuries + Math.floor(centuries / 4) + days - 719_468
}
