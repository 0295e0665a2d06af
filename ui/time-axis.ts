/** Ticks of a time axis in UTC. Positions are seconds since the run's epoch. */
import type { RunClock } from './time-text.ts'

const DAY = 86_400
const MONTH = 30.4 * DAY
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Steps that ticks may have, in seconds: 1 us to 10 years. */
export const TIME_STEPS: readonly number[] = [
  ...[1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1].flatMap((unit) => [unit, 2 * unit, 5 * unit]),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800],
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3600),
  ...[1, 2, 7, 14].map((days) => days * DAY),
  ...[1, 2, 3, 6, 12, 24, 60, 120].map((months) => months * MONTH),
]

/** Returns the positions of ticks between two positions, at round UTC times. */
export function timeTicks(clock: RunClock, from: number, to: number, step: number): number[] {
  const ticks: number[] = []
  const epoch = clock.split(0)
  const epochSeconds = epoch.seconds + epoch.rest / 1e9
  if (step < MONTH) {
    // Aligned to UTC midnight, which the epoch of a run is; of another epoch this is the offset.
    const offset = epochSeconds % DAY
    for (let k = Math.ceil((from + offset) / step); k * step - offset <= to; k++) {
      ticks.push(k * step - offset)
    }
    return ticks
  }
  const months = Math.round(step / MONTH)
  const start = new Date((epochSeconds + from) * 1000)
  let month = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months
  for (; ; month += months) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1) / 1000 - epochSeconds
    if (at > to) return ticks
    if (at >= from) ticks.push(at)
  }
}

/** Returns the text of each tick; the date stands below the first and below each new day. */
export function timeLabels(clock: RunClock, ticks: readonly number[], step: number): string[] {
  let day = ''
  return ticks.map((tick) => {
    const ns = Math.round(tick * 1e9)
    const [year = '', month = '', date = ''] = clock.day(ns).split('-')
    const name = MONTHS[Number(month) - 1]!
    if (step >= 12 * MONTH) return year
    if (step >= MONTH) return `${name} ${year}`
    const isNewDay = day !== clock.day(ns)
    day = clock.day(ns)
    if (step >= DAY) return `${name} ${Number(date)}`
    const time = clock.timeOfDay(ns, decimalsOf(step))
    const shown = step >= 60 ? time.slice(0, 5) : time
    return isNewDay ? `${shown}\n${name} ${Number(date)}` : shown
  })
}

function decimalsOf(step: number): number {
  return step >= 1 ? 0 : step >= 1e-3 ? 3 : 6
}
