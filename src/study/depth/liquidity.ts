/** What stands near the mid. */
import type { BookView } from '../../book/index.ts'
import { averageTicks, positiveMidTicks, requireBps, tickWithinBps, walkSide } from './book-side.ts'
import type { SideIndex } from './take-levels.kernel.ts'

/** What stands on one side, or on both together. */
export interface StandingDepth {
  /** Base units or contracts. */
  readonly size: number
  /** Settlement currency. */
  readonly value: number
  readonly levels: number
}

/** What stands within a distance of the mid. */
export interface BookLiquidity {
  readonly bids: StandingDepth
  readonly asks: StandingDepth
  readonly total: StandingDepth
}

/**
 * Returns what stands within `bps` (1/10,000 of the mid, that distance included) on either side.
 *
 * A side with nothing so near has zeros. Undefined unless both sides have levels and the mid is
 * above 0.
 *
 * @throws LobtraderError BAD_ARGUMENT
 */
export function liquidityWithinBps(book: BookView, bps: number): BookLiquidity | undefined {
  requireBps(bps)
  const mid = positiveMidTicks(book)
  if (mid === undefined) return undefined
  const bids = standingDepth(book, 0, tickWithinBps(0, mid, bps))
  const asks = standingDepth(book, 1, tickWithinBps(1, mid, bps))
  const total = {
    size: bids.size + asks.size,
    value: bids.value + asks.value,
    levels: bids.levels + asks.levels,
  }
  return { bids, asks, total }
}

function standingDepth(book: BookView, index: SideIndex, tick: number): StandingDepth {
  const { instrument } = book
  const taken = walkSide(book, index, { tick })
  if (taken.lots === 0) return { size: 0, value: 0, levels: 0 }
  const size = instrument.size(taken.lots)
  const price = instrument.price(averageTicks(book, index, taken, taken.bestTick))
  return { size, value: instrument.notional(size, price), levels: taken.levels }
}
