/** Bars as columns: one row is one bar. */

/** The touch of the book as each bar ended; NaN for an empty side. */
export interface BarQuoteColumns {
  /** Best prices, quote units. */
  readonly bidPrice: Float64Array
  readonly askPrice: Float64Array
  /** Sizes at the best prices, base units or contracts. */
  readonly bidVolume: Float64Array
  readonly askVolume: Float64Array
  /** Ask less bid, quote units. */
  readonly spread: Float64Array
  /** (bid volume - ask volume) / (bid volume + ask volume), in [-1, 1]. */
  readonly imbalance: Float64Array
}

/** Parallel columns of OHLCV bars, prices in quote units. */
export interface BarColumns {
  readonly length: number
  readonly symbol: string
  /** Unix nanoseconds of time 0. */
  readonly epochNs: bigint
  /**
   * Time of the bar as its file gives it, ns since the epoch, strictly increasing; bars of single
   * ticks that reached us together share theirs.
   */
  readonly time: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
  readonly openInterest: Float64Array
  /** Present where the bars were made of ticks with a book beside them. */
  readonly quotes?: BarQuoteColumns | undefined
}
