/** `--latency`, which may name a file. */
import type { FeedDelay } from '../engine/index.ts'
import { durationNs } from '../time/index.ts'
import { parseDelay, parseLatency, type LatencyModel } from '../venue/index.ts'
import { readOptionFile } from './option-file.ts'

/** What the help says of `--latency`. */
export const LATENCY_HELP =
  'time of our messages to the exchange and of its answers to us: 1ms,1ms, or each drawn from lognormal(median=1ms,sigma=0.5), gamma(shape=2,scale=300us), quantiles(p50=1ms,p99=5ms), slowed by load(1ms,per1000=100us), by request kinds(submit=2ms,cancel=1ms), or recorded:FILE.csv'

/**
 * Reads a latency model; a file is read from the disk.
 *
 * @throws LobtraderError BAD_ARGUMENT or BAD_DURATION; DataError naming file, line and field
 */
export function readLatency(text: string): LatencyModel {
  return parseLatency(text, (path) => readOptionFile('--latency', path))
}

/**
 * Reads `--feed-delay`: a duration, also one below 0, or a delay as {@link parseDelay} takes it.
 *
 * @throws LobtraderError BAD_ARGUMENT or BAD_DURATION
 */
export function readFeedDelay(text: string): FeedDelay {
  if (text.startsWith('-')) return -durationNs(text.slice(1))
  return text.includes('(') ? parseDelay(text) : durationNs(text)
}
