/** What the gateway takes and what it tells: orders of every type, and more reports than a core has. */
import type { Side } from '../../market/index.ts'
import type { OrderType, SpecialTerms, TimeInForce } from '../../order/index.ts'
import type { ExchangeOrder, ExchangeReports } from '../exchange.ts'

/** An order as it arrives at the exchange, in integers. */
export interface VenueOrder {
  /** Index in the run's order table. */
  readonly index: number
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  /** 0 of a type without a limit; NaN where the exchange will set it. */
  readonly priceTicks: number
  readonly sizeLots: number
  /** Whose order it is, where several trade in one run: 0, 1, ... */
  readonly owner: number
  /** What it asks for beyond what a core knows; undefined for plain orders. */
  readonly special: SpecialTerms | undefined
  /** Why the venue itself sent it for an account; undefined where its owner did. */
  readonly forced?: string | undefined
}

/** New terms of an order that has arrived before. */
export interface VenueAmendment {
  readonly index: number
  readonly priceTicks: number
  /** The whole size, what has filled included. */
  readonly sizeLots: number
  /** NaN without one. */
  readonly triggerTicks: number
}

/** What an order enters the book with once its trigger was met. */
export interface TriggeredTerms {
  readonly triggerTicks: number
  /** The limit, as in {@link VenueOrder}. */
  readonly priceTicks: number
}

/** Reports of the gateway. Times are ns since the epoch on the exchange's clock. */
export interface VenueReports extends ExchangeReports {
  /** `reason` where it was not the owner who asked. */
  cancelled(index: number, exchTime: number, reason?: string): void
  /** The order waits at the exchange, outside the book. */
  parked(index: number, exchTime: number): void
  /** Its trigger is another now: it trails the market, or was amended. */
  triggerMoved(index: number, exchTime: number, triggerTicks: number): void
  /** The market has met its trigger. */
  triggered(index: number, exchTime: number, terms: TriggeredTerms): void
}

/** True when a core knows all that the order asks for. */
export function isPlain(order: VenueOrder): order is VenueOrder & ExchangeOrder {
  return order.special === undefined
}
