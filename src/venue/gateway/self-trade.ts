/**
 * Orders of the same owner that an arriving order would meet.
 *
 * The four policies are those of Coinbase Exchange (cancel newest, cancel oldest, cancel both,
 * decrement and cancel; docs.cdp.coinbase.com, "Self-Trade Prevention"), which Binance has as
 * EXPIRE_TAKER, EXPIRE_MAKER, EXPIRE_BOTH and DECREMENT.
 */
import { NO_ASK, NO_BID, type Ladder } from '../../book/index.ts'
import type { Side } from '../../market/index.ts'
import type { ExchangeModel, OwnResting } from '../exchange.ts'

/** What arrives, as far as it matters here. */
export interface Arriving {
  readonly index: number
  readonly side: Side
  readonly owner: number
  /** Infinite (by side) for one that takes at any price. */
  readonly limitTicks: number
}

/** Returns the owner's resting orders that `arriving` could meet, in the order in which it would. */
export function ownInTheWay(core: ExchangeModel, arriving: Arriving): OwnResting[] {
  const { side, owner, limitTicks, index } = arriving
  const met: OwnResting[] = []
  core.eachResting((resting) => {
    if (resting.side === side || resting.owner !== owner || resting.index === index) return
    if (side * (limitTicks - resting.priceTicks) >= 0) met.push(resting)
  })
  // Sorting is stable: at one price the older comes first.
  return met.sort((a, b) => side * (a.priceTicks - b.priceTicks))
}

/** Lots of others that an order of `side` takes before it reaches `own`. */
export function lotsBefore(ladder: Ladder, side: Side, own: OwnResting): number {
  let lots = Math.floor(own.aheadLots)
  if (side > 0) {
    for (let tick = ladder.bestAskTick; tick < own.priceTicks; tick = ladder.nextAskAbove(tick)) {
      if (tick === NO_ASK) break
      lots += ladder.askLotsAt(tick)
    }
  } else {
    for (let tick = ladder.bestBidTick; tick > own.priceTicks; tick = ladder.nextBidBelow(tick)) {
      if (tick === NO_BID) break
      lots += ladder.bidLotsAt(tick)
    }
  }
  return lots
}
