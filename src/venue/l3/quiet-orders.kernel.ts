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
import type { OwnPlaces } from './own-places.ts'
import type { ToldFills } from './told-fills.ts'

const ONE_SIDED = EXCH_ONLY_BIT | LOCAL_ONLY_BIT

/**
 * Returns the first row in [from, to) that may concern `own`, or that says more than the book's own
 * kernel reads in it; `to` where there is none. Of the rows before it, additions at prices of ours
 * are noted as arrivals, and fills as told.
 */
export function firstConcerning(
  own: OwnPlaces,
  told: ToldFills,
  events: EventColumns,
  from: number,
  to: number,
): number {
  const { code, tick, lots, orderRef, exchTime } = events
  const { bidMax, askMin } = own.resting
  let row = from
  for (; row < to; row++) {
    const c = code[row]!
    if ((c & ONE_SIDED) !== 0) return row
    const kind = c & KIND_MASK
    const ref = orderRef[row]!
    if (kind === EventKind.OrderAdd) {
      const t = tick[row]!
      if ((c & BUY_BIT) !== 0 ? t >= askMin : t <= bidMax) return row
      if (own.mayRestAt(t)) {
        // An addition of what is noted already may be none: the book must be asked.
        if (ref < 0 || own.isNear(ref) || (c & (BUY_BIT | SELL_BIT)) === 0) return row
        own.realArrives(ref)
      }
    } else if (kind === EventKind.OrderCancel) {
      if (own.isNear(ref)) return row
      if (told.time === exchTime[row]) told.done(exchTime[row]!, ref, lots[row]!)
    } else if (kind === EventKind.OrderModify) {
      const t = tick[row]!
      if (t >= askMin || t <= bidMax || own.isNear(ref) || own.mayRestAt(t)) return row
      // Behind a fill it may be the next part of an iceberg, which is new in the queue.
      if (told.of(exchTime[row]!, ref) > 0) return row
    } else if (kind === EventKind.Trade) {
      const t = tick[row]!
      if (t >= askMin || t <= bidMax) return row
    } else if (kind === EventKind.OrderFill || kind === EventKind.OrderExecute) {
      const t = tick[row]!
      if (t >= askMin || t <= bidMax || own.isNear(ref)) return row
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
