/** Public records at the edge of the library: decimals and Unix nanoseconds. */
import type { Side } from './side.ts'

/** One trade. */
export interface Tick {
  readonly timestampNs: bigint
  readonly symbol: string
  /** Quote units. */
  readonly price: number
  /** Base units or contracts. */
  readonly volume: number
  /** Side of the aggressor, 0 where the venue does not tell. */
  readonly side: Side | 0
  readonly tradeId?: number | string
}

/** One price level of a book. */
export interface OrderBookLevel {
  readonly price: number
  readonly volume: number
  /** Orders at the level; 0 where the feed does not tell (L2). */
  readonly numOrders: number
}

/** A book at one moment, best level first on each side. */
export interface OrderBookSnapshot {
  readonly timestampNs: bigint
  readonly symbol: string
  readonly bids: readonly OrderBookLevel[]
  readonly asks: readonly OrderBookLevel[]
  readonly seqNum: number
}
