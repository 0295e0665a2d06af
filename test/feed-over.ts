/** Feeds over other tapes than those in memory, for tests of what streams. */
import type { LobFeed } from '../src/feed/index.ts'
import type { EventTape } from '../src/market/index.ts'

/** Returns a feed as it would be with `tape` in the place of its own. */
export function feedOver(feed: LobFeed, tape: EventTape): LobFeed {
  const { kind, instrument, fromTime, toTime, source, digest, localBook } = feed
  const parts = { kind, instrument, fromTime, toTime, source, digest, localBook, tape }
  return parts as unknown as LobFeed
}
