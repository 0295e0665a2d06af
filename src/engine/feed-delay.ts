/** Feeds as they reach us elsewhere than where they were recorded. */
import type { LobFeed } from '../feed/index.ts'
import { durationNs, formatDuration, type Duration } from '../time/index.ts'
import { eventRate, type Delay } from '../venue/index.ts'

/** What is added to receive times: a duration, also below 0 (`-2ms`), or a delay. */
export type FeedDelay = Delay | Duration | string

/** Draws of feed delays; the streams before it are those of requests and answers. */
const FEED_STREAM = 4

/**
 * Returns the feed with `delay` added to its receive times.
 *
 * @param run seed of the run, and the index of the feed in it
 * @throws LobtraderError BAD_DURATION, or OUT_OF_RANGE when no row is left in the feed's window
 */
export function delayedFeed(
  feed: LobFeed,
  delay: FeedDelay | undefined,
  run: { readonly seed: number; readonly stream: number },
): LobFeed {
  if (delay === undefined) return feed
  if (typeof delay !== 'object') {
    const ns = signedNs(delay)
    if (ns === 0) return feed
    const how = `${formatDuration(Math.abs(ns))} ${ns < 0 ? 'earlier' : 'later'}`
    return feed.retimed(how, () => ns)
  }
  const { tape } = feed
  const delayAt = delay.begin(
    { ...run, epochNs: tape.epochNs, eventRate: (windowNs) => eventRate(tape, windowNs) },
    FEED_STREAM,
  )
  return feed.retimed(`${delay.name} later`, delayAt)
}

function signedNs(duration: Duration | string): number {
  if (typeof duration === 'number')
    return duration < 0 ? -durationNs(-duration) : durationNs(duration)
  return duration.startsWith('-') ? -durationNs(duration.slice(1)) : durationNs(duration)
}
