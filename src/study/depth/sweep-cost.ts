/** What it costs to take a size at once, against the mid; and how much a cost can take. */
import type { BookView } from '../../book/index.ts'
import type { Side } from '../../market/index.ts'
import { positiveMidTicks, requireBps, takenSide, walkSide } from './book-side.ts'
import { depthFill, wantedLots, type DepthFill } from './fill-price.ts'
import { lotsForCost } from './take-levels.kernel.ts'

/** The cost of a sweep; fees are not in it. */
export interface SweepCost {
  /** Value paid above, or received below, that of `filled` at the mid; settlement currency. */
  readonly cost: number
  /** Cost in 1/10,000 of the value of `filled` at the mid. */
  readonly costBps: number
  /** Size taken, base units or contracts. */
  readonly filled: number
  /** True when the book was too thin: the cost is that of `filled`, not of the size asked for. */
  readonly isPartial: boolean
}

/**
 * Returns what a taker of `side` (1 buys from the asks) would pay against the mid to take `size`.
 *
 * Never negative, and never falling as the size grows, unless the book is crossed. The sum over
 * both sides is the cost of a round trip. Undefined unless both sides have levels and the mid is
 * above 0.
 *
 * @throws LobtraderError OFF_GRID, NOT_FINITE, NEGATIVE, or BAD_ARGUMENT (a size of 0)
 * @source Irvine, Benston & Kandel (2000), "Liquidity Beyond the Inside Spread: Measuring and Using
 *   Information in the Limit Order Book", the cost of round trip, one side of it
 */
export function sweepCost(book: BookView, side: Side, size: number): SweepCost | undefined {
  const lots = wantedLots(book, size)
  const mid = positiveMidTicks(book)
  if (mid === undefined) return undefined
  const { instrument } = book
  const taken = walkSide(book, takenSide(side), { lots, referenceTick: mid })
  if (taken.lots === 0) return undefined
  const filled = instrument.size(taken.lots)
  // The sign is that of the distance: against the taker unless the book is crossed.
  const cost = instrument.isInverse
    ? (taken.cost / taken.lots) * instrument.notional(filled, instrument.price(mid))
    : filled * instrument.unitValue(instrument.price(taken.cost / taken.lots))
  const atMid = instrument.isInverse ? taken.lots : taken.lots * mid
  return {
    cost,
    costBps: (taken.cost * 10_000) / atMid,
    filled,
    isPartial: taken.lots < lots,
  }
}

/**
 * Returns the largest size, in whole lots, that a taker of `side` could take with a
 * {@link sweepCost} of at most `bps` in all: the inverse of that function. The levels beyond `bps`
 * that the cheaper ones make up for are in it; `liquidityWithinBps` leaves those out.
 *
 * Undefined when not even one lot costs so little, one of the sides is empty or the mid is not
 * above 0.
 *
 * @throws LobtraderError BAD_ARGUMENT
 */
export function sizeForCostBps(book: BookView, side: Side, bps: number): DepthFill | undefined {
  requireBps(bps)
  const mid = positiveMidTicks(book)
  if (mid === undefined) return undefined
  const index = takenSide(side)
  const { isInverse } = book.instrument
  const lots = lotsForCost(book.ladder.sides[index], index, mid, bps / 10_000, isInverse)
  return lots === 0 ? undefined : depthFill(book, index, walkSide(book, index, { lots }))
}
