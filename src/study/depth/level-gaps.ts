/** Holes in one side of a book. */
import type { BookView } from '../../book/index.ts'
import type { Side } from '../../market/index.ts'
import { requireLevels, standingSide, walkSide } from './book-side.ts'

/**
 * Returns the distances between neighbouring levels of the side that `side` names (1 bids, -1
 * asks), best first, in quote units: how far the best price moves when the levels before it go.
 * Shape [m - 1] for m levels, m at most `levels`; shape [0] with fewer than two.
 *
 * @throws LobtraderError BAD_ARGUMENT
 */
export function levelGaps(
  book: BookView,
  side: Side,
  levels = Number.POSITIVE_INFINITY,
): Float64Array {
  requireLevels(levels)
  const index = standingSide(side)
  const ladderSide = book.ladder.sides[index]
  const gaps = new Float64Array(Math.max(0, walkSide(book, index, { levels }).levels - 1))
  let key = ladderSide.best
  for (let i = 0; i < gaps.length; i++) {
    const next = ladderSide.nextBelow(key)
    gaps[i] = book.instrument.price(key - next)
    key = next
  }
  return gaps
}
