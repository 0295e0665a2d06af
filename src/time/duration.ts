/** Durations: nanoseconds as a number, or text such as `'250us'`. */
import { LobtraderError } from '../core/index.ts'

/** A unit that a duration text may end in. */
export type DurationUnit = 'ns' | 'us' | 'ms' | 's' | 'm' | 'h' | 'd'

/** Nanoseconds as a number, or a number with a unit: `'100ms'`, `'1.5s'`. */
export type Duration = number | `${number}${DurationUnit}`

const UNIT_NS: Readonly<Record<DurationUnit, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
}

/** Nanoseconds in one second. */
export const SECOND_NS = 1e9

/** Nanoseconds in one UTC day. */
export const DAY_NS = 86_400e9

/**
 * Returns the duration in whole nanoseconds.
 *
 * @throws LobtraderError BAD_DURATION when the text has no unit, or the value is negative, not
 *   finite, or not a whole number of nanoseconds
 */
export function durationNs(duration: Duration | string): number {
  if (typeof duration === 'number') return wholeNs(duration, String(duration))
  const match = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d)$/.exec(duration)
  if (match === null) {
    throw new LobtraderError(
      'BAD_DURATION',
      `"${duration}" is not a duration; expected a number with ns, us, ms, s, m, h or d, such as 250us`,
      { value: duration },
    )
  }
  return wholeNs(
    Math.round(Number(match[1]) * UNIT_NS[match[2] as DurationUnit] * 1e3) / 1e3,
    duration,
  )
}

function wholeNs(value: number, text: string): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new LobtraderError(
      'BAD_DURATION',
      `"${text}" is not a whole number of nanoseconds, 0 or more`,
      { value: text },
    )
  }
  return value
}

/** Returns a short text for a duration: `1.5ms`, `2m 03s`, `1h 00m`. */
export function formatDuration(ns: number): string {
  if (ns < 0) return `-${formatDuration(-ns)}`
  if (ns < 1e3) return `${ns}ns`
  if (ns < 1e6) return `${trim(ns / 1e3)}us`
  if (ns < 1e9) return `${trim(ns / 1e6)}ms`
  if (ns < 60e9) return `${trim(ns / 1e9)}s`
  const seconds = Math.round(ns / 1e9)
  const two = (value: number): string => String(value).padStart(2, '0')
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`
  return `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`
}

function trim(value: number): string {
  return String(Number(value.toPrecision(4)))
}
