/** How fast depth grows with the distance from the mid. */
import type { BookView } from '../../book/index.ts'
import { positiveMidTicks, requireLevels } from './book-side.ts'
import { sideSlope } from './take-levels.kernel.ts'

/** Slopes of a book: growth of ln(depth) per growth of price, both relative; no unit, >= 0. */
export interface BookSlope {
  readonly bid: number
  readonly ask: number
  /** Mean of both. */
  readonly mean: number
}

/**
 * Returns the slope of the book over up to `levels` levels of each side. With V(i) the lots at the
 * best i levels, v(i) = ln V(i), p(i) the i-th best price and p(0) the mid, that of one side is
 *
 *   1/N ( v(1) / |p(1)/p(0) - 1|  +  sum over i < N of (v(i+1)/v(i) - 1) / |p(i+1)/p(i) - 1| )
 *
 * The logarithm makes it depend on the unit of size; it is the lot here, as it was the share in the
 * paper, so compare it over time, not between instruments with other lots. No scale of prices
 * matters.
 *
 * Undefined unless bid < ask, both above 0, and where the best level of a side is a single lot with
 * others behind it (ln 1 = 0, from which there is no relative growth).
 *
 * @throws LobtraderError BAD_ARGUMENT
 * @source Naes & Skjeltorp (2006), "Order book characteristics and the volume-volatility relation:
 *   Empirical evidence from a limit order market", Journal of Financial Markets 9(4), the slopes of
 *   the bid side, of the ask side and of the book
 */
export function bookSlope(
  book: BookView,
  levels = Number.POSITIVE_INFINITY,
): BookSlope | undefined {
  requireLevels(levels)
  const { bids, asks, bestBidTick, bestAskTick } = book.ladder
  const mid = positiveMidTicks(book)
  if (mid === undefined || bestBidTick <= 0 || bestBidTick >= bestAskTick) return undefined
  const bid = sideSlope(bids, 0, levels, mid)
  const ask = sideSlope(asks, 1, levels, mid)
  const mean = (bid + ask) / 2
  return Number.isFinite(mean) ? { bid, ask, mean } : undefined
}
