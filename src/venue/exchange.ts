/** The seam between the engine and a model of an exchange. */
import type { Ladder } from '../book/index.ts'
import type { Side } from '../market/index.ts'
import type { OrderType, TimeInForce } from '../order/index.ts'

/** A new order as it arrives at the exchange, in integers. */
export interface ExchangeOrder {
  /** Index in the run's order table. */
  readonly index: number
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly priceTicks: number
  readonly sizeLots: number
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
}

/** One execution of one of our orders. */
export interface ExchangeFill {
  readonly priceTicks: number
  readonly sizeLots: number
  readonly isMaker: boolean
  readonly queueAheadLots: number
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
  /**
   * Applies tape rows with exchange time <= `until`.
   *
   * @returns true when it stopped early, right after a row that filled an order of ours: what we
   *   send in answer may arrive before `until`
   */
  advance(until: number): boolean
  submit(order: ExchangeOrder, exchTime: number): void
  cancel(index: number, exchTime: number): void
}
