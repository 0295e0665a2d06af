/** Bars as columns: one row is one bar. */

/** Parallel columns of OHLCV bars, prices in quote units. */
export interface BarColumns {
  readonly length: number
  readonly symbol: string
  /** Unix nanoseconds of time 0. */
  readonly epochNs: bigint
  /** Time of the bar as its file gives it, ns since the epoch, strictly increasing. */
  readonly time: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
  readonly openInterest: Float64Array
}
