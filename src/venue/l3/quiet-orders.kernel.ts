/**
 * Finds the next row that may mean something to orders of ours in the queues of a tape, so that the
 * book's own kernel can apply all rows before it in one loop.
 *
 * Which order stands at a price of ours is noted as it arrives there: no row is looked up.
 */
import {
  BUY_BIT,
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  SELL_BIT,
  type EventColumns,
} from '../../market/index.ts'
import { NO_ROW, SLOT_BITS, SLOT_MASK } from '../resting-orders.ts'
import { Near } from './near-orders.ts'
import type { OwnPlaces } from './own-places.ts'
import type { ToldFills } from './told-fills.ts'

/** Where the price slots of asks begin, see `RestingOrders`. */
const ASK_SLOTS = 1 << SLOT_BITS

const ONE_SIDED = EXCH_ONLY_BIT | LOCAL_ONLY_BIT

/**
 * Returns the first row in [from, to) that may concern `own`, or that says more than the book's own
 * kernel reads in it; `to` where there is none. What the rows before it mean for the queues of ours is
 * noted, so that the book may hear of them all at once.
 */
export function firstConcerning(
  own: OwnPlaces,
  told: ToldFills,
  events: EventColumns,
  from: number,
  to: number,
): number {
  const { code, tick, lots, orderRef, exchTime } = events
  const { near, queues } = own
  const { bidMax, askMin, slots } = own.resting
  let row = from
  for (; row < to; row++) {
    const c = code[row]!
    if ((c & ONE_SIDED) !== 0) return row
    const kind = c & KIND_MASK
    const ref = orderRef[row]!
    if (kind === EventKind.OrderAdd) {
      const t = tick[row]!
      if ((c & BUY_BIT) !== 0 ? t >= askMin : t <= bidMax) return row
      // An addition of what is known already is none: the book must be asked.
      if (near.stateOf(ref) !== Near.No) return row
      if ((slots[t & SLOT_MASK]! & slots[(t & SLOT_MASK) | ASK_SLOTS]!) !== NO_ROW) {
        const size = lots[row]!
        if (ref < 0 || !isSize(size) || (c & (BUY_BIT | SELL_BIT)) === 0) return row
        own.realArrives(ref, (c & BUY_BIT) === 0 ? 1 : 0, t, size)
      }
    } else if (kind === EventKind.OrderCancel) {
      const state = near.stateOf(ref)
      if (state === Near.Taken || (state === Near.Known && !isSize(lots[row]!))) return row
      if (state === Near.Known) own.knownReduced(ref, lots[row]!)
      if (told.time === exchTime[row]) told.done(exchTime[row]!, ref, lots[row]!)
    } else if (kind === EventKind.OrderModify) {
      const t = tick[row]!
      const state = near.stateOf(ref)
      if (state === Near.Taken) return row
      if (((c & BUY_BIT) === 0 && t <= bidMax) || ((c & SELL_BIT) === 0 && t >= askMin)) return row
      // Behind a fill it may be the next part of an iceberg, which is new in the queue.
      if (told.of(exchTime[row]!, ref) > 0) return row
      if (state === Near.Known) {
        const sides = c & (BUY_BIT | SELL_BIT)
        const isOfSide = sides === 0 || (sides === BUY_BIT ? 0 : 1) === near.side[ref]
        if (!isOfSide || !isSize(lots[row]!)) return row
        own.knownModified(ref, t, lots[row]!)
      } else if ((slots[t & SLOT_MASK]! & slots[(t & SLOT_MASK) | ASK_SLOTS]!) !== NO_ROW) {
        // It comes to a price of ours: from where, only the book knows, as it stands at `from`.
        const side = (c & BUY_BIT) === 0 ? 1 : 0
        if (queues.levelOf(ref) === 0 || queues.sideOf(ref) !== side) return row
        if (!isSize(lots[row]!) || queues.tickOf(ref) === t) return row
        own.realArrives(ref, side, t, lots[row]!)
      }
    } else if (kind === EventKind.Trade) {
      // What buys meets asks; where the side is not told, both.
      const t = tick[row]!
      if (((c & BUY_BIT) === 0 && t <= bidMax) || ((c & SELL_BIT) === 0 && t >= askMin)) return row
    } else if (kind === EventKind.OrderFill || kind === EventKind.OrderExecute) {
      const t = tick[row]!
      if (near.stateOf(ref) !== Near.No) return row
      if (((c & SELL_BIT) === 0 && t <= bidMax) || ((c & BUY_BIT) === 0 && t >= askMin)) return row
      if (kind === EventKind.OrderFill && ref >= 0) told.note(exchTime[row]!, ref, lots[row]!)
    } else if (kind !== EventKind.Bbo) {
      return row
    }
  }
  return row
}

/** Returns the first row in [from, to) that is not an addition for both sides, `to` where there is none. */
export function firstButAddition({ code }: EventColumns, from: number, to: number): number {
  const mask = KIND_MASK | ONE_SIDED
  let row = from
  while (row < to && (code[row]! & mask) === EventKind.OrderAdd) row++
  return row
}

function isSize(lots: number): boolean {
  return lots > 0 && lots === Math.floor(lots)
}
