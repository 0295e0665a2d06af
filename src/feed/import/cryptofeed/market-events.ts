/** What the messages of every venue come down to. */
import type { Side } from '../../../market/index.ts'

/** A price level as the venue writes it; what stands behind the size is the venue's own. */
export type TextLevel = readonly [price: string, size: string, ...rest: unknown[]]

/** A snapshot of a book, or changes of one. */
export interface VenueBook {
  /** As the venue spells it. */
  readonly symbol: string
  /** The channel that it came through. */
  readonly channel: string
  /** Levels a side that the channel tells of, Infinity for whole books. */
  readonly depth: number
  /** True when no removal is sent for levels that fall out of the depth. */
  readonly isCut: boolean
  readonly isSnapshot: boolean
  readonly bids: readonly TextLevel[]
  readonly asks: readonly TextLevel[]
  /** Ids as the venue's sequence gate takes them, -1 where there is none. */
  readonly first: number
  readonly last: number
  readonly previous: number
  /** Venue time in ns since the epoch, NaN where the message has none. */
  readonly time: number
  readonly checksum?: string | number | undefined
}

/** Ids of a book message that has none. */
export const NO_IDS = { first: -1, last: -1, previous: -1 } as const

/** Of a channel that tells of whole books. */
export const WHOLE_BOOK = { depth: Infinity, isCut: false } as const

/** A trade. */
export interface VenueTrade {
  readonly symbol: string
  readonly channel: string
  /** Channels that tell of the same trades: the highest rank of a symbol is taken. */
  readonly rank: number
  readonly price: string
  readonly size: string
  /** Side of the aggressor. */
  readonly side: Side | 0
  /** -1 where the venue has none. */
  readonly id: number
  readonly time: number
  /** True for one from before the subscription: it says where the ids begin, and is no row. */
  readonly isPast: boolean
}

/** Best prices from a ticker channel. */
export interface VenueTop {
  readonly symbol: string
  readonly channel: string
  /** As in {@link VenueTrade}. */
  readonly rank: number
  /** Price and size; undefined where the side is empty. */
  readonly bid: TextLevel | undefined
  readonly ask: TextLevel | undefined
  /** Id of the book update that made them, 0 where the venue does not tell. */
  readonly id: number
  readonly time: number
}

/** Takes what a message says. */
export interface MarketSink {
  book(book: VenueBook): void
  trade(trade: VenueTrade): void
  top(top: VenueTop): void
  /** Messages of a connection are missing: every book that it feeds is stale. */
  lost(connection: string, reason: string): void
  /** Counts a message of a kind that is left out. */
  leftOut(name: string): void
}
