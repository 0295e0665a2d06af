/** The orders of a run as the calibration of queue models asks for them. */
import type { RestingOrderFate } from '../venue/index.ts'
import type { RunRecord } from './run-record.ts'

/**
 * Returns the limit orders of a run that came to rest, with their ends on the exchange's clock.
 *
 * Orders that were amended to another price, or filled at another than their own, are left out: they
 * have stood in more than one queue. So are those whose end the run does not know by a cancellation,
 * an expiry or a fill, unless they rested to its end.
 *
 * @param record of one instrument, on its tape; times are ns since its epoch
 */
export function restingFates(record: RunRecord): RestingOrderFate[] {
  const { orders, fills, instrument } = record
  const firstFill = new Map<number, number>()
  for (let i = 0; i < fills.length; i++) {
    if (fills.maker[i] === 1 && !firstFill.has(fills.orderId[i]!)) {
      firstFill.set(fills.orderId[i]!, i)
    }
  }
  const fates: RestingOrderFate[] = []
  for (let i = 0; i < orders.length; i++) {
    const acceptTime = orders.acceptExch[i]!
    // What never stood behind anything did not rest: it took, or never was there.
    if (Number.isNaN(acceptTime) || Number.isNaN(orders.queueAhead[i]!)) continue
    const price = orders.price[i]!
    const fill = firstFill.get(orders.id[i]!)
    if (fill !== undefined && fills.price[fill] !== price) continue
    const fillTime = fill === undefined ? Number.NaN : fills.exchTime[fill]!
    const doneTime = orders.doneExch[i]!
    fates.push({
      side: orders.side[i]! > 0 ? 1 : -1,
      tick: instrument.ticksOf(price),
      lots: instrument.lotsOf(orders.size[i]!),
      acceptTime,
      fillTime,
      endTime: Number.isNaN(doneTime) ? Number.POSITIVE_INFINITY : doneTime,
      // An exchange model may estimate a part of a lot.
      frontLots: Math.round((orders.queueAhead[i]! / instrument.lotSize) * 1e6) / 1e6,
    })
  }
  return fates
}
