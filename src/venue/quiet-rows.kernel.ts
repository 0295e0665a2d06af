/**
 * Finds the next row of a tape that may mean something to orders of ours, without applying any.
 *
 * A resting order fills by a trade at its price or through it, by a level of the other side that
 * reaches it, or by a row that changes more than a level. All other rows are quiet: an exchange may
 * pass them later, with equal results.
 */
import {
  BUY_BIT,
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  SELL_BIT,
  type EventColumns,
} from '../market/index.ts'
import type { ExchangeModel, PriceWatch } from './exchange.ts'

/** Turns the bit of a sell row into the index of its side. */
const SELL_SHIFT = 5

/** By side index: the key from which a level is loud; written anew by each search. */
const reach = new Int32Array(2)

/**
 * Returns the first position in [from, to) of the venue's order whose row may fill an order of ours
 * or meet the watch of `exchange`; `to` where none does.
 *
 * @param exchange stands at `from`: its book is what the rows before have made of it
 */
export function firstLoudRow(
  exchange: ExchangeModel,
  events: EventColumns,
  from: number,
  to: number,
): number {
  const { code, tick, exchOrder } = events
  const { watch, ladder, restingBidMax, restingAskMin } = exchange
  if (restingBidMax === undefined || restingAskMin === undefined) return from
  const { tradeAtLeast, tradeAtMost, isSet } = watch
  const bid = ladder.bestBidTick
  const ask = ladder.bestAskTick
  if (isSet && touchMeets(watch, bid, ask)) return from
  // Another watched touch can only come of a row at the touch, or better. Both sides in keys that
  // grow towards the better price: no branch on the side of a row, which nothing predicts.
  reach[0] = isSet ? Math.min(restingAskMin, bid) : restingAskMin
  reach[1] = ~(isSet ? Math.max(restingBidMax, ask) : restingBidMax)
  for (let position = from; position < to; position++) {
    const i = exchOrder === undefined ? position : exchOrder[position]!
    const c = code[i]!
    const t = tick[i]!
    const kind = c & (KIND_MASK | LOCAL_ONLY_BIT)
    if (kind === EventKind.DepthSet || kind === EventKind.OrderAdd) {
      const index = (c & SELL_BIT) >> SELL_SHIFT
      if ((t ^ -index) >= reach[index]!) return position
    } else if (kind === EventKind.Trade) {
      // A trade whose aggressor the venue does not tell may have met either side.
      if ((c & BUY_BIT) === 0 && t <= restingBidMax) return position
      if ((c & SELL_BIT) === 0 && t >= restingAskMin) return position
      if (t >= tradeAtLeast || t <= tradeAtMost) return position
    } else if (kind !== EventKind.Bbo && (kind & LOCAL_ONLY_BIT) === 0) {
      return position
    }
  }
  return to
}

/** True when a touch is one that is watched for. */
function touchMeets(watch: PriceWatch, bid: number, ask: number): boolean {
  if (bid >= watch.bidAtLeast || bid <= watch.bidAtMost) return true
  if (ask >= watch.askAtLeast || ask <= watch.askAtMost) return true
  return bid + ask >= watch.midSumAtLeast || bid + ask <= watch.midSumAtMost
}
