/** Sides of the market. */

/** The side of an order or of a trade's aggressor: +1 buy (bid), -1 sell (ask). */
export type Side = 1 | -1

/** +1: buy, bid. */
export const BUY: Side = 1

/** -1: sell, ask. */
export const SELL: Side = -1
