/** The seam between the engine and a model of an exchange. */
import { NO_ASK, NO_BID, type Ladder } from '../book/index.ts'
import { EventKind, KIND_MASK, LOCAL_ONLY_BIT, type Side } from '../market/index.ts'
import type { OrderType, TimeInForce } from '../order/index.ts'

/** A new order as it arrives at the exchange, in integers. */
export interface ExchangeOrder {
  /** Index in the run's order table. */
  readonly index: number
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly priceTicks: number
  /** The whole size, also where a part of it has filled. */
  readonly sizeLots: number
  /** Whose order it is, where several trade in one run: 0, 1, ... */
  readonly owner: number
}

/** What the exchange says of our orders. Times are ns since the epoch on its clock. */
export interface ExchangeReports {
  /** The order rests; `queueAheadLots` stand before it. */
  accepted(index: number, exchTime: number, queueAheadLots: number): void
  /** The order traded. `queueAheadLots` is the place just before a maker fill, NaN for a taker. */
  filled(index: number, exchTime: number, fill: ExchangeFill): void
  cancelled(index: number, exchTime: number): void
  expired(index: number, exchTime: number, reason: string): void
  rejected(index: number, exchTime: number, reason: string): void
  /** A cancel came too late or named no resting order; the order itself is untouched. */
  cancelRejected(index: number, exchTime: number, reason: string): void
  /** The order has new terms; `queueAheadLots` stand before it, NaN where it does not rest. */
  amended(index: number, exchTime: number, terms: AmendedTerms): void
  /** An amendment came too late or asked for the impossible; the order itself is untouched. */
  amendRejected(index: number, exchTime: number, reason: string): void
}

/** The terms of an order after an amendment. */
export interface AmendedTerms {
  readonly priceTicks: number
  readonly sizeLots: number
  readonly queueAheadLots: number
}

/** One execution of one of our orders. */
export interface ExchangeFill {
  readonly priceTicks: number
  readonly sizeLots: number
  readonly isMaker: boolean
  readonly queueAheadLots: number
}

/**
 * Prices, in ticks, that stop the tape right after the row that reaches one. While all are out of
 * reach  the tape runs at full speed.
 */
export interface PriceWatch {
  /** True when any price is watched. */
  isSet: boolean
  bidAtLeast: number
  bidAtMost: number
  askAtLeast: number
  askAtMost: number
  tradeAtLeast: number
  tradeAtMost: number
  /** The last trade: what the watch has seen when `advance` stops. */
  lastTradeTicks: number
}

/** True when a row with this `code` and `tick`, just applied to `ladder`, reaches a watched price. */
export function meetsWatch(watch: PriceWatch, ladder: Ladder, code: number, tick: number): boolean {
  const isTrade = (code & KIND_MASK) === EventKind.Trade && (code & LOCAL_ONLY_BIT) === 0
  if (isTrade) {
    watch.lastTradeTicks = tick
    return tick >= watch.tradeAtLeast || tick <= watch.tradeAtMost
  }
  const bid = ladder.bestBidTick
  const ask = ladder.bestAskTick
  const meetsBid = bid !== NO_BID && (bid >= watch.bidAtLeast || bid <= watch.bidAtMost)
  return meetsBid || (ask !== NO_ASK && (ask >= watch.askAtLeast || ask <= watch.askAtMost))
}

/** Returns a watch that nothing reaches. */
export function noWatch(): PriceWatch {
  return {
    isSet: false,
    bidAtLeast: Number.POSITIVE_INFINITY,
    bidAtMost: Number.NEGATIVE_INFINITY,
    askAtLeast: Number.POSITIVE_INFINITY,
    askAtMost: Number.NEGATIVE_INFINITY,
    tradeAtLeast: Number.POSITIVE_INFINITY,
    tradeAtMost: Number.NEGATIVE_INFINITY,
    lastTradeTicks: Number.NaN,
  }
}

/**
 * A model of an exchange over one instrument's tape: it moves its own book along the exchange's
 * clock and decides what happens to our orders.
 */
export interface ExchangeModel {
  readonly name: string
  /** The exchange's own book. */
  readonly ladder: Ladder
  /** Orders of ours resting now; while 0, the tape can wait until the next request arrives. */
  readonly restingCount: number
  /** Prices at which {@link advance} stops, for orders that wait for a price. */
  readonly watch: PriceWatch
  /**
   * Applies tape rows with exchange time <= `until`.
   *
   * @returns true when it stopped early, right after a row that filled an order of ours or met the
   *   watch: what follows from it may happen before `until`
   */
  advance(until: number): boolean
  submit(order: ExchangeOrder, exchTime: number): void
  cancel(index: number, exchTime: number): void
  /**
   * Gives a resting order new terms: `order` has its index and the terms asked for. It keeps its
   * place only when its price stays and its size does not grow; otherwise it is taken out and
   * arrives anew, and may take or expire. {@link ExchangeReports.amended} comes first.
   */
  amend(order: ExchangeOrder, exchTime: number): void
}
