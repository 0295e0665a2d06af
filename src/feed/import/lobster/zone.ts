/** Wall-clock time of a zone as Unix time. */
import { LobtraderError } from '../../../core/index.ts'
import { instantNs } from '../../../time/index.ts'

/**
 * Returns Unix ns of the moment at which the clocks of `timeZone` show midnight of `date` plus
 * `afterMidnightNs`, minus that span: what to add to times of that day. Exact while the zone's
 * offset stays what it is at that moment, daylight saving time included.
 *
 * @param date `2012-06-21`
 * @throws LobtraderError BAD_ARGUMENT for an unknown zone, BAD_INSTANT for a bad date
 */
export function zoneMidnightNs(date: string, timeZone: string, afterMidnightNs: number): bigint {
  const midnightUtc = instantNs(date)
  const format = zoneFormat(timeZone)
  const wallMs = Number(midnightUtc / 1_000_000n) + Math.floor(afterMidnightNs / 1e6)
  // The offset at the wall time read as UTC is right unless a change lies between: then ask again.
  let offsetMs = offsetAt(format, wallMs)
  offsetMs = offsetAt(format, wallMs - offsetMs)
  return midnightUtc - BigInt(offsetMs) * 1_000_000n
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
function offsetAt(format: Intl.DateTimeFormat, unixMs: number): number {
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
