/** Trades and quotes as columns, in decimals, for those who compare the two. */

/** Trades of one instrument in order of time. */
export interface TradeColumns {
  readonly length: number
  /** Unix nanoseconds of time 0. */
  readonly epochNs: bigint
  /** When each reached us, ns since the epoch, non-decreasing. */
  readonly time: Float64Array
  /** Quote units. */
  readonly price: Float64Array
  /** Base units or contracts. */
  readonly size: Float64Array
  /** Side of the aggressor: +1, -1, 0 where the venue does not tell. */
  readonly side: Int8Array
}

/** Best prices of one instrument, a row each time that they or their sizes have changed. */
export interface QuoteColumns {
  readonly length: number
  readonly epochNs: bigint
  /** From when on each holds, ns since the epoch, non-decreasing. */
  readonly time: Float64Array
  /** Best prices, quote units; NaN for an empty side. */
  readonly bidPrice: Float64Array
  readonly askPrice: Float64Array
  /** Sizes at the best prices, base units or contracts; NaN for an empty side. */
  readonly bidVolume: Float64Array
  readonly askVolume: Float64Array
}
