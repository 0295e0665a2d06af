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
  const bid = hasBid ? instrument.price(bestBidTick) : Number.NaN
  const ask = hasAsk ? instrument.price(bestAskTick) : Number.NaN
  quotes.bidPrice[row] = bid
  quotes.askPrice[row] = ask
  quotes.bidVolume[row] = hasBid ? instrument.size(bestBidLots) : Number.NaN
  quotes.askVolume[row] = hasAsk ? instrument.size(bestAskLots) : Number.NaN
  quotes.spread[row] = ask - bid
  quotes.imbalance[row] =
    hasBid && hasAsk ? (bestBidLots - bestAskLots) / (bestBidLots + bestAskLots) : Number.NaN
}
