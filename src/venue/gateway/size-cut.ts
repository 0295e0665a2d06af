/** Cuts the size of a special order; its owner and the core hear of it when it is refreshed. */
import type { SpecialOrder } from './special-order.ts'

/** Takes up to `lots` of what is open of an order, and of what its parent may still grant. */
export function takeFrom(order: SpecialOrder, lots: number, reason: string): void {
  const taken = Math.min(lots, order.openLots)
  if (taken <= 0) return
  order.takenLots += taken
  cutTo(order, order.sizeLots - taken, reason)
}

/** Leaves an order no more than `sizeLots`. */
export function cutTo(order: SpecialOrder, sizeLots: number, reason: string): void {
  if (sizeLots >= order.sizeLots) return
  order.sizeLots = sizeLots
  order.cutReason = reason
}
