/**
 * What the page finds in its data element. Free of imports: the browser's side uses it too.
 *
 * Times are ns since `epochNs`; NaN in a column means none.
 */

/**
 * A column: `length` numbers of one type, little-endian, their bytes regrouped by significance
 * (all first bytes, all second bytes ...), raw deflate, base64.
 */
export interface PackedColumn {
  readonly type: 'f64' | 'f32' | 'i8' | 'u8'
  readonly length: number
  readonly data: string
}

/** Columns of one table that have the same length. */
export interface PackedTable<Name extends string> {
  readonly length: number
  /** Rows of the record that the table was made from; more when it was thinned out. */
  readonly rowsBefore: number
  readonly columns: Readonly<Record<Name, PackedColumn>>
}

/** Columns of the account, one row a sample. */
export type AccountColumn =
  | 'time'
  | 'equity'
  | 'fees'
  | 'position'
  | 'mark'
  | 'bidPrice'
  | 'askPrice'
  | 'ownBid'
  | 'ownAsk'

/** Columns of fills. */
export type FillColumn =
  | 'instrument'
  | 'orderId'
  | 'side'
  | 'maker'
  | 'price'
  | 'size'
  | 'fee'
  | 'position'
  | 'queueAhead'
  | 'bidPrice'
  | 'bidSize'
  | 'askPrice'
  | 'askSize'
  | 'exchTime'
  | 'localTime'
  | 'markout'

/** Columns of our quotes: limit orders while they rested, as the local side knew. */
export type QuoteColumn = 'side' | 'price' | 'from' | 'to'

/** Book depth for the heatmap, see `DepthGrid` of the engine. */
export interface PageDepth {
  readonly times: number
  readonly prices: number
  readonly time: PackedColumn
  readonly priceFirst: number
  readonly priceStep: number
  readonly size: PackedColumn
}

/** Markout of a group of fills at one horizon. */
export interface PageMarkoutStats {
  readonly count: number
  readonly mean: number | null
  readonly median: number | null
  readonly standardError: number | null
}

/** Markout at one horizon. */
export interface PageMarkout {
  readonly label: string
  readonly all: PageMarkoutStats
  readonly buy: PageMarkoutStats
  readonly sell: PageMarkoutStats
  readonly maker: PageMarkoutStats
  readonly taker: PageMarkoutStats
}

/** All that the page draws. */
export interface PageData {
  readonly source: 'book' | 'bars'
  /** Unix ns. */
  readonly epochNs: string
  readonly fromTime: number
  readonly toTime: number
  /** Interval of the account's samples. */
  readonly sampleNs: number
  readonly settlement: string
  readonly quote: string
  readonly sizeUnit: string
  readonly tickSize: number
  /** Decimal places of the price grid and of the size grid. */
  readonly priceDecimals: number
  readonly sizeDecimals: number
  /** What the `instrument` column of fills counts: one where the page is of one. */
  readonly instruments: readonly {
    readonly name: string
    readonly priceDecimals: number
    readonly sizeDecimals: number
  }[]
  /** Horizon of the fills' `markout` column. */
  readonly markoutLabel: string
  readonly account: PackedTable<AccountColumn>
  readonly mids: PackedTable<'time' | 'mid'>
  readonly fills: PackedTable<FillColumn>
  readonly quotes: PackedTable<QuoteColumn>
  readonly depth: PageDepth | null
  readonly markouts: readonly PageMarkout[]
}
