/** Instants: Unix nanoseconds as `bigint`, or ISO 8601 text with up to nine decimals. */
import { LobtraderError } from '../core/index.ts'
import { DAY_NS } from './duration.ts'

/** Unix nanoseconds, or ISO 8601 text (`2024-08-08`, `2024-08-08T23:55Z`, `...:30.123456789+02:00`). */
export type Instant = bigint | string

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/

/**
 * Returns Unix nanoseconds. A text without an offset is UTC.
 *
 * @throws LobtraderError BAD_INSTANT when the text is not ISO 8601 or names no real moment
 */
export function instantNs(instant: Instant): bigint {
  if (typeof instant === 'bigint') return instant
  if (/^\d{16,19}$/.test(instant)) return BigInt(instant)
  const match = ISO.exec(instant)
  if (match === null) throw badInstant(instant)
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] =
    match
  const parts = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const ms = Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5])
  const date = new Date(ms)
  const real =
    date.getUTCMonth() === parts[1] - 1 &&
    date.getUTCDate() === parts[2] &&
    parts[3] < 24 &&
    parts[4] < 60 &&
    parts[5] < 60
  if (!real) throw badInstant(instant)
  let offsetMinutes = 0
  if (zone !== 'Z') {
    const digits = zone.slice(1).replace(':', '')
    offsetMinutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
    if (zone.startsWith('-')) offsetMinutes = -offsetMinutes
  }
  return BigInt(ms - offsetMinutes * 60_000) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}

function badInstant(text: string): LobtraderError {
  return new LobtraderError(
    'BAD_INSTANT',
    `"${text}" is not a moment in time; expected ISO 8601 such as 2024-08-08T23:55:00.123456789Z`,
    { value: text },
  )
}

/** Returns ISO 8601 text in UTC with nine decimals. */
export function formatInstant(unixNs: bigint): string {
  const seconds = unixNs / 1_000_000_000n - (unixNs % 1_000_000_000n < 0n ? 1n : 0n)
  const rest = unixNs - seconds * 1_000_000_000n
  const stem = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  return `${stem}.${String(rest).padStart(9, '0')}Z`
}

/** Returns the UTC midnight at or before an instant: the epoch of a run that begins there. */
export function midnightBefore(unixNs: bigint): bigint {
  const day = BigInt(DAY_NS)
  const rest = ((unixNs % day) + day) % day
  return unixNs - rest
}

/** Returns the UTC day of an instant as `2024-08-08`. */
export function utcDay(unixNs: bigint): string {
  return formatInstant(unixNs).slice(0, 10)
}
