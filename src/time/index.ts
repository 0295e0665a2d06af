export { HighPrecisionClock } from './clock.ts'
export {
  DAY_NS,
  SECOND_NS,
  durationNs,
  formatDuration,
  type Duration,
  type DurationUnit,
} from './duration.ts'
export { formatInstant, instantNs, midnightBefore, utcDay, type Instant } from './instant.ts'
export { TimeZone, dayNumber, dayText, zoneMidnightNs, type WallTime } from './zone.ts'
export { ManualClock, SystemPacingClock, type PacingClock } from './pacing-clock.ts'
