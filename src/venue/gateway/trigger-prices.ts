/** When the price that a trigger looks at has reached it, and how a trailing trigger follows. */
import { NO_ASK, NO_BID, type Ladder } from '../../book/index.ts'
import type { Side } from '../../market/index.ts'
import type { TrailDistance, TriggerSource } from '../../order/index.ts'
import type { SpecialOrder } from './special-order.ts'

/** The prices of one moment at the exchange, data ticks; NaN for what is not known. */
export interface SourcePrices {
  readonly last: number
  readonly bid: number
  readonly ask: number
  /** May lie half a tick between. */
  readonly mid: number
  readonly mark: number
}

/** Returns the prices of this moment. */
export function sourcePrices(ladder: Ladder, last: number, mark: number): SourcePrices {
  const { bestBidTick, bestAskTick } = ladder
  const bid = bestBidTick === NO_BID ? Number.NaN : bestBidTick
  const ask = bestAskTick === NO_ASK ? Number.NaN : bestAskTick
  return { last, bid, ask, mid: (bid + ask) / 2, mark }
}

/**
 * True for sources that the rows of one moment move together. In the midst of a message levels are
 * gone whose successors are still to come: nobody ever saw such a book, and no trigger looks at it.
 */
export function isOfBook(by: TriggerSource): boolean {
  return by === 'bid-ask' || by === 'mid'
}

/** The price that a trigger looks at; an order of `side` meets the opposite side of the touch. */
export function sourceOf(prices: SourcePrices, by: TriggerSource, side: Side): number {
  if (by === 'bid-ask') return side > 0 ? prices.ask : prices.bid
  return prices[by]
}

/**
 * +1 where a price at or above the trigger meets it, -1 where one at or below does: a stop to buy
 * waits above the market, a take-profit to buy below it.
 */
export function triggerDirection(order: SpecialOrder): Side {
  const isProfit = order.type === 'take-profit' || order.type === 'take-profit-limit'
  return isProfit === order.side > 0 ? -1 : 1
}

/** True when `price` has reached a trigger in `direction`; a price that is not known has not. */
export function isMet(direction: Side, price: number, triggerTicks: number): boolean {
  return direction * (price - triggerTicks) >= 0
}

/**
 * Returns the trigger of a trailing order of `side` when the best price since it trails is
 * `bestTicks`: below it for a sell, above it for a buy, never nearer than the distance, on the grid
 * of order prices.
 *
 * @param step data ticks between two prices that an order may have
 */
export function trailedTrigger(
  bestTicks: number,
  side: Side,
  distance: TrailDistance,
  step: number,
): number {
  const away =
    distance.by === 'ticks' ? distance.ticks : (Math.abs(bestTicks) * distance.percent) / 100
  const raw = (bestTicks + side * away) / step
  // Percent of a price misses its grid point by float noise; a miss below that is none.
  const whole = Math.round(raw)
  if (Math.abs(raw - whole) < 1e-9 * Math.max(1, Math.abs(raw))) return whole * step
  return (side > 0 ? Math.ceil(raw) : Math.floor(raw)) * step
}

/**
 * Lets a trailing order see `price`. Returns true when its trigger moved, which it does towards the
 * market only.
 */
export function trail(order: SpecialOrder, price: number, step: number): boolean {
  const { side, special } = order
  // A sell trails below rising prices, a buy above falling ones.
  if (Number.isNaN(price) || side * (price - order.bestTicks) >= 0) return false
  order.bestTicks = price
  const trigger = trailedTrigger(price, side, special.trail!, step)
  if (side * (trigger - order.triggerTicks) >= 0) return false
  order.triggerTicks = trigger
  return true
}
