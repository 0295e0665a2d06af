/** What a taker of a size, or up to a price, would get from the book as it stands. */
import type { BookView } from '../../book/index.ts'
import type { Side } from '../../market/index.ts'
import { averageTicks, requireThat, takenSide, walkSide } from './book-side.ts'
import type { SideIndex, Taken } from './take-levels.kernel.ts'

/** What was taken from one side of a book, from its best level on. */
export interface DepthFill {
  /** Volume-weighted average price in quote units; of an inverse contract the harmonic mean, so
   * that `filled` at this price has the value of its parts on any instrument. */
  readonly price: number
  /** Size taken, base units or contracts. */
  readonly filled: number
  /** Value taken in the settlement currency. */
  readonly value: number
  /** Levels touched, the last one perhaps in part. */
  readonly levels: number
  /** Price of the last level touched, quote units. */
  readonly worstPrice: number
}

/** The answer to how a size would be filled. */
export interface VwapFill extends DepthFill {
  /** True when the book was too thin: then `filled` is all that stood there. */
  readonly isPartial: boolean
}

/**
 * Returns the average price at which a taker of `side` (1 buys from the asks) would fill `size`.
 *
 * A book too thin gives what it has, with `isPartial`; an empty side gives undefined.
 *
 * @throws LobtraderError OFF_GRID, NOT_FINITE, NEGATIVE, or BAD_ARGUMENT (a size of 0)
 */
export function vwapToFill(book: BookView, side: Side, size: number): VwapFill | undefined {
  const lots = wantedLots(book, size)
  const index = takenSide(side)
  const taken = walkSide(book, index, { lots })
  if (taken.lots === 0) return undefined
  return { ...depthFill(book, index, taken), isPartial: taken.lots < lots }
}

/**
 * Returns all that a taker of `side` (1 buys from the asks) could take at `price` and better;
 * undefined when nothing stands there.
 *
 * @throws LobtraderError OFF_GRID, NOT_FINITE or OUT_OF_RANGE
 */
export function sizeUntilPrice(book: BookView, side: Side, price: number): DepthFill | undefined {
  const index = takenSide(side)
  const taken = walkSide(book, index, { tick: book.instrument.ticksOf(price) })
  return taken.lots === 0 ? undefined : depthFill(book, index, taken)
}

/** Returns the lots of a size to be taken. @throws LobtraderError as {@link vwapToFill} */
export function wantedLots(book: BookView, size: number): number {
  const lots = book.instrument.lotsOf(size)
  requireThat(lots > 0, 'size', size, 'more than 0')
  return lots
}

/** Returns what a walk took, in decimals; `taken.lots` > 0, its reference the best price. */
export function depthFill(book: BookView, index: SideIndex, taken: Taken): DepthFill {
  const { instrument } = book
  const price = instrument.price(averageTicks(book, index, taken, taken.bestTick))
  const filled = instrument.size(taken.lots)
  return {
    price,
    filled,
    value: instrument.notional(filled, price),
    levels: taken.levels,
    worstPrice: instrument.price(taken.worstTick),
  }
}
