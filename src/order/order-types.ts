/** The closed vocabularies of an order. */

/** What decides an order's price. */
export const ORDER_TYPES = ['limit', 'market'] as const
export type OrderType = (typeof ORDER_TYPES)[number]

/**
 * How long an order lives: GTC until cancelled; GTX post-only (expires when it would take); IOC
 * fills what it can at once, the rest expires; FOK fills whole at once or expires.
 */
export const TIMES_IN_FORCE = ['GTC', 'GTX', 'IOC', 'FOK'] as const
export type TimeInForce = (typeof TIMES_IN_FORCE)[number]

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
