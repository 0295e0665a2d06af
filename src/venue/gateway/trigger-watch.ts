/**
 * The orders that wait for a price, in order of arrival, and the watch that stops the tape when one
 * of them may be concerned.
 */
import type { Side } from '../../market/index.ts'
import type { TriggerSource } from '../../order/index.ts'
import { unsetWatch, type PriceWatch } from '../exchange.ts'
import type { SpecialOrder } from './special-order.ts'
import {
  isMet,
  isOfBook,
  sourceOf,
  trail,
  triggerDirection,
  type SourcePrices,
} from './trigger-prices.ts'

/** What a look at the prices has found. */
export interface TriggerNews {
  /** Orders whose trigger is met, in order of arrival. */
  readonly met: readonly SpecialOrder[]
  /** Orders whose trigger has moved. */
  readonly moved: readonly SpecialOrder[]
}

/** @see module comment */
export class TriggerWatch {
  readonly #waiting = new Set<SpecialOrder>()
  readonly #stepAt: (ticks: number) => number

  /** @param stepAt data ticks between two prices that an order near `ticks` may have */
  constructor(stepAt: (ticks: number) => number) {
    this.#stepAt = stepAt
  }

  get count(): number {
    return this.#waiting.size
  }

  add(order: SpecialOrder): void {
    this.#waiting.add(order)
  }

  remove(order: SpecialOrder): void {
    this.#waiting.delete(order)
  }

  /** True when any order waits for a price of the book. */
  get looksAtBook(): boolean {
    for (const { special } of this.#waiting) if (isOfBook(special.triggerBy!)) return true
    return false
  }

  /**
   * Looks at the orders that wait for prices of the book, or at those that wait for others. Those
   * whose trigger is met stay until they are removed.
   */
  look(prices: SourcePrices, atBook: boolean): TriggerNews {
    const met: SpecialOrder[] = []
    const moved: SpecialOrder[] = []
    for (const order of this.#waiting) {
      if (isOfBook(order.special.triggerBy!) !== atBook) continue
      const before = order.triggerTicks
      if (this.meets(order, prices)) met.push(order)
      else if (order.triggerTicks !== before && !Number.isNaN(order.triggerTicks)) moved.push(order)
    }
    return { met, moved }
  }

  /** Lets one order see the prices: true when its trigger is met. */
  meets(order: SpecialOrder, prices: SourcePrices): boolean {
    const { side, special } = order
    const price = sourceOf(prices, special.triggerBy!, side)
    if (order.stage === 'activation') {
      if (!isMet(opposite(side), price, special.activationTicks!)) return false
      order.stage = 'trigger'
    }
    if (special.trail !== undefined) trail(order, price, this.#stepAt(price))
    return isMet(triggerDirection(order), price, order.triggerTicks)
  }

  /** Sets the watch to what these orders wait for. */
  arm(watch: PriceWatch): void {
    const { watchesPhase } = watch
    unsetWatch(watch)
    watch.watchesPhase = watchesPhase
    watch.isSet = watchesPhase || this.#waiting.size > 0
    for (const order of this.#waiting) this.#watchFor(watch, order)
  }

  #watchFor(watch: PriceWatch, order: SpecialOrder): void {
    const { side, special } = order
    const by = special.triggerBy!
    if (order.stage === 'activation') {
      reach(watch, [by, side], opposite(side), special.activationTicks!)
      return
    }
    if (!Number.isNaN(order.triggerTicks)) {
      reach(watch, [by, side], triggerDirection(order), order.triggerTicks)
    }
    if (special.trail === undefined) return
    // Any price is news to an order that has seen none. A mid can move by half a tick.
    const nearest = order.bestTicks - side * (by === 'mid' ? 0.5 : 1)
    reach(watch, [by, side], opposite(side), Number.isNaN(nearest) ? side * Infinity : nearest)
  }
}

const opposite = (side: Side): Side => (side > 0 ? -1 : 1)

/** Has the watch stop where the source of an order reaches `ticks` from below (+1) or above (-1). */
function reach(
  watch: PriceWatch,
  [by, side]: readonly [TriggerSource, Side],
  direction: Side,
  ticks: number,
): void {
  const isUp = direction > 0
  if (by === 'last') {
    if (isUp) watch.tradeAtLeast = Math.min(watch.tradeAtLeast, ticks)
    else watch.tradeAtMost = Math.max(watch.tradeAtMost, ticks)
  } else if (by === 'mark') {
    if (isUp) watch.markAtLeast = Math.min(watch.markAtLeast, ticks)
    else watch.markAtMost = Math.max(watch.markAtMost, ticks)
  } else if (by === 'mid') {
    if (isUp) watch.midSumAtLeast = Math.min(watch.midSumAtLeast, 2 * ticks)
    else watch.midSumAtMost = Math.max(watch.midSumAtMost, 2 * ticks)
  } else if (side > 0) {
    if (isUp) watch.askAtLeast = Math.min(watch.askAtLeast, ticks)
    else watch.askAtMost = Math.max(watch.askAtMost, ticks)
  } else if (isUp) watch.bidAtLeast = Math.min(watch.bidAtLeast, ticks)
  else watch.bidAtMost = Math.max(watch.bidAtMost, ticks)
}
