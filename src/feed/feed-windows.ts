/** The rows of a feed, window by window, in local order. */
import type { EventWindows } from '../market/index.ts'
import type { LobFeed } from './lob-feed.ts'

/** Successive windows over rows; each call of `next` ends the window before it. */
export type FeedWindows = Pick<EventWindows, 'next' | 'close'>

/** Rows that can be gone through from the start, as often as one likes. */
export interface RowSource {
  readonly epochNs: bigint
  /** Rows behind this local time do not belong to the source, ns since the epoch. */
  readonly toTime: number
  /** Windows in local order; rows of one local time always stand in one window. */
  windows(): FeedWindows
}

/** Returns the rows of a feed. */
export function rowsOf(feed: LobFeed): RowSource {
  const { tape, toTime } = feed
  return { epochNs: tape.epochNs, toTime, windows: () => tape.local() }
}
