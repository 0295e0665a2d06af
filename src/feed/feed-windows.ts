/** The rows of a feed, window by window, in local order; the one place that asks a feed for them. */
import type { EventColumns } from '../market/index.ts'
import type { LobFeed } from './lob-feed.ts'

/** Successive windows over rows; each call of {@link FeedWindows.next} ends the window before it. */
export interface FeedWindows {
  /** Returns the next window, never empty; undefined behind the last. */
  next(): EventColumns | undefined
  close(): void
}

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
  const { events, toTime } = feed
  return { epochNs: events.epochNs, toTime, windows: () => windowsOver([events]) }
}

/** Returns the windows over columns that are in memory. */
export function windowsOver(columns: readonly EventColumns[]): FeedWindows {
  const rest = columns.filter(({ length }) => length > 0)
  return {
    next: () => rest.shift(),
    close: () => rest.splice(0),
  }
}
