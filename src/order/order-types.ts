/** The closed vocabularies of an order. */

/**
 * What decides when an order enters the book and at which price. `stop` and `take-profit` become
 * market orders, the `-limit` ones limit orders, once the market has reached their trigger; a
 * trailing trigger follows the market. `market-to-limit` takes at the best price, and what is left
 * rests there.
 */
export const ORDER_TYPES = [
  'limit',
  'market',
  'stop',
  'stop-limit',
  'take-profit',
  'take-profit-limit',
  'trailing-stop',
  'trailing-stop-limit',
  'market-to-limit',
] as const
export type OrderType = (typeof ORDER_TYPES)[number]

/** True for types that stand or take at a limit price. */
export function hasLimit(type: OrderType): boolean {
  return type.endsWith('limit')
}

/**
 * How long an order lives: GTC until cancelled; GTX post-only (refused when it would take); IOC
 * fills what it can at once, the rest expires; FOK fills whole at once or expires; GTD until a
 * moment; DAY until the trading day ends.
 */
export const TIMES_IN_FORCE = ['GTC', 'GTX', 'IOC', 'FOK', 'GTD', 'DAY'] as const
export type TimeInForce = (typeof TIMES_IN_FORCE)[number]

/**
 * The price that a trigger looks at: the last trade; the side of the touch that an order of its
 * side would meet; the mid; the mark price of the data's funding rows.
 */
export const TRIGGER_SOURCES = ['last', 'bid-ask', 'mid', 'mark'] as const
export type TriggerSource = (typeof TRIGGER_SOURCES)[number]

/**
 * What happens when an order would meet one of the same owner: the newer one goes, the resting one
 * goes, both go, both lose the size they have in common, or nothing is prevented.
 */
export const SELF_TRADE_POLICIES = [
  'none',
  'cancel-newest',
  'cancel-resting',
  'cancel-both',
  'decrement',
] as const
export type SelfTradePolicy = (typeof SELF_TRADE_POLICIES)[number]

/** Where an order is in its life, as the local side knows it. */
export const ORDER_STATUSES = [
  'submitted',
  'accepted',
  'partial',
  'filled',
  'cancelPending',
  'cancelled',
  'rejected',
  'expired',
] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]
/** How an order can end. */
export type EndStatus = Extract<OrderStatus, 'filled' | 'cancelled' | 'expired' | 'rejected'>
