/** The book at the end of an import, in decimals. */
import { NO_ASK, NO_BID, type Ladder } from '../../book/index.ts'
import type { Instrument } from '../../market/index.ts'
import type { FinalBook } from './import-result.ts'

/** Describes what `ladder` holds. */
export function finalBook(ladder: Ladder, instrument: Instrument): FinalBook {
  const best = (tick: number, lots: number, none: number): readonly [number, number] | null =>
    tick === none ? null : [instrument.price(tick), instrument.size(lots)]
  return {
    bestBid: best(ladder.bestBidTick, ladder.bestBidLots, NO_BID),
    bestAsk: best(ladder.bestAskTick, ladder.bestAskLots, NO_ASK),
    bidLevels: ladder.bidLevels,
    askLevels: ladder.askLevels,
    bidSize: instrument.size(ladder.bidLotsTotal),
    askSize: instrument.size(ladder.askLotsTotal),
  }
}
