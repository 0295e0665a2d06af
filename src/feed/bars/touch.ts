/** The best prices of a book as the six quote columns of bars and tick feeds have them. */
import { NO_ASK, NO_BID, type Ladder } from '../../book/index.ts'
import type { BarQuoteColumns, Instrument } from '../../market/index.ts'

/** The columns of {@link BarQuoteColumns}, in their order. */
export const QUOTE_COLUMNS = [
  'bidPrice',
  'askPrice',
  'bidVolume',
  'askVolume',
  'spread',
  'imbalance',
] as const satisfies readonly (keyof BarQuoteColumns)[]

/** Writes the touch into a row; an empty side, and what needs both, is NaN. */
export function writeTouch(
  quotes: BarQuoteColumns,
  row: number,
  ladder: Ladder,
  instrument: Instrument,
): void {
  const { bestBidTick, bestAskTick, bestBidLots, bestAskLots } = ladder
  const hasBid = bestBidTick !== NO_BID
  const hasAsk = bestAskTick !== NO_ASK
  quotes.bidPrice[row] = hasBid ? instrument.price(bestBidTick) : Number.NaN
  quotes.askPrice[row] = hasAsk ? instrument.price(bestAskTick) : Number.NaN
  quotes.bidVolume[row] = hasBid ? instrument.size(bestBidLots) : Number.NaN
  quotes.askVolume[row] = hasAsk ? instrument.size(bestAskLots) : Number.NaN
  // Of ticks: the difference of two decimals in doubles is none.
  quotes.spread[row] = hasBid && hasAsk ? instrument.price(bestAskTick - bestBidTick) : Number.NaN
  quotes.imbalance[row] =
    hasBid && hasAsk ? (bestBidLots - bestAskLots) / (bestBidLots + bestAskLots) : Number.NaN
}
