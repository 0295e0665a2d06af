/** Mid and spread of a book from several levels of each side. */
import type { BookView } from '../../book/index.ts'
import { averageTicks, requireLevels, walkSide } from './book-side.ts'

/**
 * Returns the mid weighted by size over `levels` levels: with P the average price of the best
 * levels of a side (as `vwapToFill` takes it) and Q their size,
 * (P(bid) Q(ask) + P(ask) Q(bid)) / (Q(bid) + Q(ask)), in quote units.
 *
 * One level gives `book.microprice`. Undefined unless both sides have levels.
 *
 * @throws LobtraderError BAD_ARGUMENT
 */
export function weightedMid(book: BookView, levels: number): number | undefined {
  const both = averages(book, levels)
  if (both === undefined) return undefined
  const { bid, ask, bidLots, askLots } = both
  return book.instrument.price(bid + (ask - bid) * (bidLots / (bidLots + askLots)))
}

/**
 * Returns the average price of the best `levels` asks less that of the best `levels` bids, each
 * weighted by size (as `vwapToFill` takes it), in quote units.
 *
 * One level gives `book.spread`. Undefined unless both sides have levels; negative only while the
 * book is crossed.
 *
 * @throws LobtraderError BAD_ARGUMENT
 */
export function depthWeightedSpread(book: BookView, levels: number): number | undefined {
  const both = averages(book, levels)
  return both === undefined ? undefined : book.instrument.price(both.ask - both.bid)
}

/** Average prices in ticks and sizes in lots of the best levels. */
interface Averages {
  readonly bid: number
  readonly ask: number
  readonly bidLots: number
  readonly askLots: number
}

function averages(book: BookView, levels: number): Averages | undefined {
  requireLevels(levels)
  const bids = walkSide(book, 0, { levels })
  const asks = walkSide(book, 1, { levels })
  if (bids.lots === 0 || asks.lots === 0) return undefined
  return {
    bid: averageTicks(book, 0, bids, bids.bestTick),
    ask: averageTicks(book, 1, asks, asks.bestTick),
    bidLots: bids.lots,
    askLots: asks.lots,
  }
}
