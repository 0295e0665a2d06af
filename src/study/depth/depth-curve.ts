/** The cumulative depth of one side of a book. */
import type { BookView } from '../../book/index.ts'
import type { Side } from '../../market/index.ts'
import {
  positiveMidTicks,
  requireBps,
  requireLevels,
  standingSide,
  tickWithinBps,
  walkSide,
} from './book-side.ts'

/** How deep {@link depthCurve} goes; without either, through the whole side. */
export interface DepthLimit {
  /** Levels at most, a whole number >= 1. */
  readonly levels?: number
  /** Distance from the mid at most, in 1/10,000 of the mid, itself included. */
  readonly bps?: number
}

/** Levels of one side, best first; every array has the shape [levels]. */
export interface DepthCurve {
  readonly levels: number
  /** Quote units. */
  readonly price: Float64Array
  /** Base units or contracts. */
  readonly size: Float64Array
  /** Size at this price and better. */
  readonly cumulativeSize: Float64Array
  /** Value at this price and better, in the settlement currency: size x price, or size / price of
   * an inverse contract, times the multiplier. */
  readonly cumulativeValue: Float64Array
}

/**
 * Returns the depth of the side of the book that `side` names (1 bids, -1 asks).
 *
 * An empty side gives a curve of 0 levels; a limit in bps without a mid above 0 gives undefined.
 *
 * @throws LobtraderError BAD_ARGUMENT
 * @cost two walks over the levels, four arrays
 */
export function depthCurve(
  book: BookView,
  side: Side,
  limit: DepthLimit = {},
): DepthCurve | undefined {
  const { levels = Number.POSITIVE_INFINITY, bps } = limit
  requireLevels(levels)
  const index = standingSide(side)
  if (bps === undefined) return curveOf(book, side, walkSide(book, index, { levels }).levels)
  requireBps(bps)
  const mid = positiveMidTicks(book)
  if (mid === undefined) return undefined
  const tick = tickWithinBps(index, mid, bps)
  return curveOf(book, side, walkSide(book, index, { levels, tick }).levels)
}

function curveOf(book: BookView, side: Side, count: number): DepthCurve {
  const { instrument } = book
  const index = standingSide(side)
  const ladderSide = book.ladder.sides[index]
  const price = new Float64Array(count)
  const size = new Float64Array(count)
  const cumulativeSize = new Float64Array(count)
  const cumulativeValue = new Float64Array(count)
  let key = ladderSide.best
  let lots = 0
  let value = 0
  for (let i = 0; i < count; i++) {
    const here = ladderSide.lotsAt(key)
    lots += here
    price[i] = instrument.price(key ^ -index)
    size[i] = instrument.size(here)
    value += instrument.notional(size[i]!, price[i]!)
    cumulativeSize[i] = instrument.size(lots)
    cumulativeValue[i] = value
    key = ladderSide.nextBelow(key)
  }
  return { levels: count, price, size, cumulativeSize, cumulativeValue }
}
