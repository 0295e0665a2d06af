/**
 * What a run leaves behind: columns of orders, fills and samples in decimals, from which every
 * analyzer and report is computed. The engine writes it; nothing else does.
 *
 * Times are ns since `epochNs` on the local clock unless a name says `exch`. NaN marks "never".
 */
import type { Instrument } from '../market/index.ts'

/**
 * What only some orders ask for: columns of a run in which any does, absent from all others. Orders
 * are named by their id. NaN and 0 stand for what an order does not say.
 */
export interface SpecialOrderColumns {
  /** Price that lets it into the book, as last confirmed. */
  readonly trigger: Float64Array
  /** 1 + index into {@link TRIGGER_SOURCES} of `order/`. */
  readonly triggerBy: Uint8Array
  /** When its trigger was met; when we learnt that. */
  readonly triggerExch: Float64Array
  readonly triggerLocal: Float64Array
  /** What an iceberg shows at a time. */
  readonly displaySize: Float64Array
  /** 1: it may reduce the position only. */
  readonly reduceOnly: Uint8Array
  /** 1 refused, 2 moved where it would take. */
  readonly postOnly: Uint8Array
  /** When it was to end by itself, exchange clock. */
  readonly expireExch: Float64Array
  readonly parent: Float64Array
  readonly oco: Float64Array
  readonly ouo: Float64Array
}

/** One row an order, in order of submission. */
export interface OrderColumns extends Partial<SpecialOrderColumns> {
  readonly length: number
  /** Index into the instruments of the record. */
  readonly instrument: Uint16Array
  readonly id: Float64Array
  /** +1 buy, -1 sell. */
  readonly side: Int8Array
  /** Index into {@link ORDER_TYPES} of `order/`. */
  readonly type: Uint8Array
  /** Index into {@link TIMES_IN_FORCE} of `order/`. */
  readonly tif: Uint8Array
  /** Limit price; NaN without one. */
  readonly price: Float64Array
  readonly size: Float64Array
  readonly filled: Float64Array
  /** Size-weighted fill price; NaN without a fill. */
  readonly averagePrice: Float64Array
  /** Index into {@link ORDER_STATUSES} of `order/`. */
  readonly status: Uint8Array
  readonly submitLocal: Float64Array
  readonly acceptExch: Float64Array
  readonly acceptLocal: Float64Array
  readonly cancelLocal: Float64Array
  readonly doneExch: Float64Array
  readonly doneLocal: Float64Array
  /** Size ahead of us in the queue when accepted; NaN where it did not rest. */
  readonly queueAhead: Float64Array
}

/** One row a fill, in order of exchange time. */
export interface FillColumns {
  readonly length: number
  /** Index into the instruments of the record. */
  readonly instrument: Uint16Array
  readonly orderId: Float64Array
  /** +1 we bought, -1 we sold. */
  readonly side: Int8Array
  readonly price: Float64Array
  readonly size: Float64Array
  /** 1 maker, 0 taker. */
  readonly maker: Uint8Array
  /** Paid in settlement currency; negative is a rebate. */
  readonly fee: Float64Array
  readonly exchTime: Float64Array
  /** When we learnt of it. */
  readonly localTime: Float64Array
  /** Our signed position in the instrument after the fill. */
  readonly position: Float64Array
  /** Estimated size still ahead of us just before the fill; NaN for a taker. */
  readonly queueAhead: Float64Array
  /** The exchange's touch at the fill; NaN for an empty side or a bar. */
  readonly bidPrice: Float64Array
  readonly bidSize: Float64Array
  readonly askPrice: Float64Array
  readonly askSize: Float64Array
}

/**
 * Regular samples of the local book and of our account, one row every `intervalNs`: row i stands
 * at `firstTime + i * intervalNs`; the last row may come early, at the end of the run.
 */
export interface SampleColumns {
  readonly length: number
  readonly intervalNs: number
  readonly time: Float64Array
  /** The local book's touch; NaN for an empty side. */
  readonly bidPrice: Float64Array
  readonly askPrice: Float64Array
  readonly bidSize: Float64Array
  readonly askSize: Float64Array
  /** Mark price: the mid, or the last one known; the close on bars. */
  readonly mark: Float64Array
  readonly position: Float64Array
  /** Starting cash + cash flow of fills, fees not subtracted, in settlement currency. */
  readonly cash: Float64Array
  /** Fees paid so far (negative: rebates received). */
  readonly fees: Float64Array
  /** Funding received so far (negative: paid). */
  readonly funding: Float64Array
  /** cash + position x mark value - fees + funding. */
  readonly equity: Float64Array
  /** Best of our own resting quotes as the local side knows them; NaN for none. */
  readonly ownBid: Float64Array
  readonly ownAsk: Float64Array
}

/** The mid of the local book at each of its changes of mid: a step function of local time. */
export interface MidColumns {
  readonly length: number
  readonly time: Float64Array
  readonly mid: Float64Array
}

/** Book depth around the mid on a grid of time and price, for the heatmap. */
export interface DepthGrid {
  /** Columns of time, row-major: cell (t, p) is `size[t * prices + p]`, signed: + bid, - ask. */
  readonly times: number
  readonly prices: number
  readonly time: Float64Array
  /** Price of bin 0 and the height of a bin, in quote units. */
  readonly priceFirst: number
  readonly priceStep: number
  readonly size: Float32Array
}

/** A closed or open round trip: from flat to flat. */
export interface TradeRecord {
  readonly openTime: number
  /** NaN while open. */
  readonly closeTime: number
  readonly side: 1 | -1
  /** Largest absolute position during the trade. */
  readonly size: number
  readonly entryPrice: number
  readonly pnl: number
  readonly fees: number
  /** Received while it was open; negative: paid. */
  readonly funding: number
}

/** One payment of funding. */
export interface FundingRecord {
  /** Index into the instruments of the record. */
  readonly instrument: number
  readonly exchTime: number
  /** When we learnt of it. */
  readonly localTime: number
  /** Share of the value of the position. */
  readonly rate: number
  readonly mark: number
  /** Signed, in base units or contracts. */
  readonly position: number
  /** Received (+) or paid (-) in the instrument's settlement currency. */
  readonly amount: number
}

/** A position that the venue closed because its margin was gone. */
export interface LiquidationRow {
  /** Index into the instruments of the record. */
  readonly instrument: number
  readonly exchTime: number
  /** Of the margin pool when it was due, in the instrument's settlement currency. */
  readonly equity: number
  readonly maintenance: number
}

/** The account at the end of a run. */
export interface AccountSummary {
  readonly baseCurrency: string
  /** By currency, profit of open positions apart. */
  readonly balances: Readonly<Record<string, number>>
  /** All of it in the base currency, at the last marks; NaN where a mark is unknown. */
  readonly value: number
}

/** Totals of the run in {@link RunRecord.currency}. */
export interface RunTotals {
  /**
   * Signed position at the end; of several instruments the sum, where sizes of all are units of one
   * base, else NaN.
   */
  readonly position: number
  readonly startingCash: number
  readonly realized: number
  readonly unrealized: number
  readonly fees: number
  /** Received; negative: paid. */
  readonly funding: number
  /** realized + unrealized - fees + funding. */
  readonly net: number
  /** Mark at the end; NaN when there never was one, and over several instruments. */
  readonly mark: number
}

/**
 * Everything that a run of one strategy leaves behind.
 *
 * Over several instruments: `orders`, `fills` and `trades` are those of all, samples have the
 * account and no market, and there are neither mids nor a depth; each of `byInstrument` has all
 * that belongs to one.
 */
export interface RunRecord {
  readonly strategy: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** The first of {@link instruments}. */
  readonly instrument: Instrument
  /** In order of `venue:symbol`. */
  readonly instruments: readonly Instrument[]
  /**
   * The records of single instruments, in order of {@link instruments}, each with a starting cash of
   * 0; empty where there is one instrument, whose record this is.
   */
  readonly byInstrument: readonly RunRecord[]
  readonly source: 'book' | 'bars'
  readonly seed: number
  readonly epochNs: bigint
  /** First and last local time of the traded window, ns since the epoch. */
  readonly fromTime: number
  readonly toTime: number
  readonly events: number
  /** Wall seconds of the run itself. */
  readonly seconds: number
  readonly runHash: string
  readonly settings: Readonly<Record<string, string>>
  readonly orders: OrderColumns
  readonly fills: FillColumns
  readonly samples: SampleColumns
  readonly mids: MidColumns
  readonly depth: DepthGrid | undefined
  readonly trades: readonly TradeRecord[]
  readonly funding: readonly FundingRecord[]
  readonly liquidations: readonly LiquidationRow[]
  /**
   * Of totals and samples: what the instrument settles in; over several instruments the base
   * currency of the account, at the marks of the moment.
   */
  readonly currency: string
  readonly account: AccountSummary
  readonly totals: RunTotals
}
