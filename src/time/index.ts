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
