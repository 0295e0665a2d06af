/** What happens to the books of a manager, and what a manager tells of them. */
import type { OrderBookSnapshot, Side, Tick } from '../../market/index.ts'
import type { BookStatus } from '../book-state.ts'
import type { OrderUpdate, OrdersSnapshot } from '../order-book-l3.ts'
import type { BookUpdate } from '../order-book.ts'

/** One level of a managed book. */
export interface SymbolBookUpdate extends BookUpdate {
  readonly kind: 'level'
  readonly symbol: string
}

/** The best price of one side of a managed book, as a ticker tells it; volume 0: the side is empty. */
interface SymbolBestUpdate extends BookUpdate {
  readonly kind: 'best'
  readonly symbol: string
}

/** One change of one order of a managed book; `order.kind` says which. */
export interface SymbolOrderUpdate {
  readonly kind: 'order'
  readonly symbol: string
  readonly order: OrderUpdate
}

/** Where a message stands in its venue's sequence. */
interface Numbered {
  readonly symbol: string
  readonly timestampNs: bigint
  /** Id of the first change in the message. */
  readonly first: number
  /** Id of the last change in the message. */
  readonly last: number
  /** Id of the last change before the message; absent where the venue does not tell. */
  readonly previous?: number
  /** The venue's checksum of the book behind the message. */
  readonly checksum?: number
}

/** One message of a venue: levels that change together. */
export interface LevelsMessage extends Numbered {
  readonly kind: 'levels'
  readonly levels: readonly {
    readonly side: Side
    readonly price: number
    readonly volume: number
  }[]
}

/** One message of a venue: orders that change together. */
export interface OrdersMessage extends Numbered {
  readonly kind: 'orders'
  readonly orders: readonly OrderUpdate[]
}

/** Updates are missing here, such as when a connection was lost. */
export interface BookGap {
  readonly kind: 'gap'
  readonly symbol: string
  readonly timestampNs: bigint
}

/** What a manager takes. */
export type BookEvent =
  | SymbolBookUpdate
  | SymbolBestUpdate
  | SymbolOrderUpdate
  | LevelsMessage
  | OrdersMessage
  | BookGap
  | OrderBookSnapshot
  | OrdersSnapshot
  | (Tick & { readonly kind?: 'trade' })

/** A book is another status from now on. */
export interface BookStatusChange {
  readonly symbol: string
  readonly venue: string
  readonly from: BookStatus
  readonly to: BookStatus
  /** Unix ns, the local time of what changed it. */
  readonly timeNs: bigint
}

/** Why a book needs a snapshot. */
export type SnapshotReason =
  /** Updates came before the first snapshot. */
  | 'start'
  /** Updates are missing. */
  | 'gap'
  /** The venue's checksum is not that of the book. */
  | 'checksum'
  /** The snapshot that came is older than the updates that are left. */
  | 'old-snapshot'
  /** A message did not fit the book: an order that is not there, or a price that cannot be. */
  | 'misfit'
  /** The policy for crossings made it stale. */
  | 'crossed'

/** A book needs a snapshot; whoever has the connection fetches one and hands it to `update`. */
export interface SnapshotNeed {
  readonly symbol: string
  readonly venue: string
  readonly reason: SnapshotReason
  /** Id of the last update in the book, -1 where the rule does not know. */
  readonly lastId: number
}

/** Traded so far in one instrument, as far as its manager was told. */
export interface TradeTotals {
  readonly count: number
  /** Base units or contracts. */
  readonly volume: number
  readonly last: Tick
}
