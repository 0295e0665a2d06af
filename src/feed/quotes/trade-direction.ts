/** Who started a trade, inferred where the venue does not tell. */
import { LobtraderError } from '../../core/index.ts'
import type { TradeColumns } from '../../market/index.ts'
import { TickRule } from '../bars/tick-rule.ts'

/** How {@link leeReady} tells a price at the midpoint from one beside it. */
export interface LeeReadyOptions {
  /**
   * Share of the price by which it may miss the midpoint and still be at it; default 1e-9, which
   * forgives what decimals in doubles are off by. 0 compares doubles as they are.
   */
  readonly tolerance?: number | undefined
}

/**
 * Returns the direction of each trade by the tick rule: +1 above the trade before, -1 below it, at
 * the same price that of the last trade with another one; 0 before the first change of price.
 *
 * @source Lee & Ready (1991), section I
 */
export function tickRule(prices: Float64Array): Int8Array {
  const rule = new TickRule()
  return Int8Array.from(prices, (price) => rule.next(price))
}

/**
 * Returns the direction of each trade by the rule of Lee and Ready: +1 above the midpoint of the
 * quote that prevailed, -1 below it; at the midpoint, and without a quote, by the tick rule.
 *
 * @param midPrices midpoint for each trade, NaN without a quote; from {@link matchTradesQuotes}
 * @throws LobtraderError BAD_ARGUMENT when the two have different lengths
 * @source Lee & Ready (1991), section IV
 */
export function leeReady(
  prices: Float64Array,
  midPrices: Float64Array,
  { tolerance = 1e-9 }: LeeReadyOptions = {},
): Int8Array {
  if (prices.length !== midPrices.length) {
    throw new LobtraderError(
      'BAD_ARGUMENT',
      `there are ${prices.length} prices and ${midPrices.length} midpoints; expected one for each`,
    )
  }
  const rule = new TickRule()
  return Int8Array.from(prices, (price, i) => {
    const tick = rule.next(price)
    const above = price - midPrices[i]!
    if (above > tolerance * price) return 1
    return above < -tolerance * price ? -1 : tick
  })
}

/**
 * Returns the side of each trade: the venue's where it tells, else by {@link leeReady}.
 *
 * @throws LobtraderError BAD_ARGUMENT as leeReady
 */
export function tradeSides(
  trades: TradeColumns,
  midPrices: Float64Array,
  options: LeeReadyOptions = {},
): Int8Array {
  const inferred = leeReady(trades.price.subarray(0, trades.length), midPrices, options)
  return inferred.map((side, i) => trades.side[i]! || side)
}
