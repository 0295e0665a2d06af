/** Imbalance of a book in which what stands further back counts less. */
import type { BookView } from '../../book/index.ts'
import { positiveMidTicks, requireLevels, requireThat } from './book-side.ts'
import { decayedLots } from './take-levels.kernel.ts'

/**
 * Returns (bids - asks) / (bids + asks) over the sizes of `levels` levels of each side, the i-th
 * best (from 0) weighted by exp(-decay i); -1 to 1.
 *
 * A decay of 0, and a single level, give `book.getImbalance(levels)`. As there: 1 or -1 with one
 * side only, 0 with none.
 *
 * @param decay per level, 0 or more
 * @throws LobtraderError BAD_ARGUMENT
 */
export function imbalanceByLevel(book: BookView, levels: number, decay: number): number {
  requireLevels(levels)
  requireDecay(decay)
  return imbalance(book, levels, decay, 0)
}

/**
 * Returns (bids - asks) / (bids + asks) over the sizes of `levels` levels of each side, each
 * weighted by exp(-decay d), d its distance from the mid in 1/10,000 of the mid; -1 to 1.
 *
 * A decay of 0, and a single level, give `book.getImbalance(levels)`. As there: 1 or -1 with one
 * side only, 0 with none. Undefined when the mid is not above 0.
 *
 * @param decay per 1/10,000 of the mid, 0 or more
 * @throws LobtraderError BAD_ARGUMENT
 */
export function imbalanceByDistance(
  book: BookView,
  levels: number,
  decay: number,
): number | undefined {
  requireLevels(levels)
  requireDecay(decay)
  const { bestBidLots, bestAskLots } = book.ladder
  if (bestBidLots === 0 || bestAskLots === 0) return Math.sign(bestBidLots - bestAskLots)
  const mid = positiveMidTicks(book)
  return mid === undefined ? undefined : imbalance(book, levels, decay, mid / 10_000)
}

/** Distances are taken from the best price: half the spread is common to both sides and cancels. */
function imbalance(book: BookView, levels: number, decay: number, unitTicks: number): number {
  const bids = decayedLots(book.ladder.bids, 0, levels, decay, unitTicks)
  const asks = decayedLots(book.ladder.asks, 1, levels, decay, unitTicks)
  return bids + asks === 0 ? 0 : (bids - asks) / (bids + asks)
}

function requireDecay(decay: number): void {
  requireThat(Number.isFinite(decay) && decay >= 0, 'decay', decay, 'a finite number, 0 or more')
}
