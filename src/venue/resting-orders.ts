/**
 * Our own orders that rest in the exchange's book, in parallel arrays.
 *
 * A row of the tape looks into `slots` first, and further only when one of ours may stand at its
 * price; orders at one price are chained, so that a change of a level meets them alone. All orders
 * are chained in order of arrival too.
 */
import { NO_ASK, NO_BID, type RestingMemory, type RestingWatch } from '../book/index.ts'
import type { Side } from '../market/index.ts'

/** log2 of the price slots of a side. */
export const SLOT_BITS = 12
/** Takes the slot of a side from a tick. */
export const SLOT_MASK = (1 << SLOT_BITS) - 1

/** Prices that are looked at one by one, before every order is. */
const NEAR = 16

/** The end of a chain. */
export const NO_ROW = -1

/** Resting orders of ours by row; ticks and lots are integers. Rows are reused when free. */
export class RestingOrders {
  count = 0
  /** Index of the order in the run's order table. */
  order: Int32Array
  side: Int8Array
  tick: Int32Array
  lots: Float64Array
  /** Estimated lots ahead of us; negative once trades went beyond us. */
  front: Float64Array
  /** Whose order it is. */
  owner: Int32Array
  /** Lots traded at our price since the level last changed. */
  traded: Float64Array
  /** The next row in order of arrival, {@link NO_ROW} at the end. */
  next: Int32Array
  /** The next row whose price falls into the same slot. */
  nextInSlot: Int32Array
  /** The oldest order, {@link NO_ROW} when none rests. */
  first = NO_ROW
  /**
   * The first row of each price slot, bids before asks; {@link NO_ROW} where none of ours can rest.
   * A slot holds every price that shares it: follow `nextInSlot` and look at the tick.
   */
  readonly slots: Int32Array
  /** True while the columns are those that it was given: there are not more orders than fit. */
  isShared: boolean
  /** Extremes of our prices: no row outside them can concern us. */
  bidMax: number = NO_BID
  bidMin: number = NO_ASK
  askMin: number = NO_ASK
  askMax: number = NO_BID
  #previous: Int32Array
  #last = NO_ROW
  #free = NO_ROW
  #used = 0
  /** By order: its row, {@link NO_ROW} where it does not rest. */
  #rowOf = new Int32Array(256).fill(NO_ROW)

  readonly #concerns: RestingWatch

  /**
   * @param shared what a compiled kernel sees of them
   * @param model  the queue model as the kernel knows it, see `QueueModel.kernelCode`
   */
  constructor(shared?: RestingMemory, model = 0) {
    this.#concerns = { askMin: NO_ASK, bidMax: NO_BID, queue: model, isEachTrade: false }
    const capacity = shared?.tick.length ?? 64
    this.isShared = shared !== undefined
    this.order = new Int32Array(capacity)
    this.side = new Int8Array(capacity)
    this.lots = new Float64Array(capacity)
    this.owner = new Int32Array(capacity)
    this.next = new Int32Array(capacity)
    this.#previous = new Int32Array(capacity)
    this.tick = shared?.tick ?? new Int32Array(capacity)
    this.front = shared?.front ?? new Float64Array(capacity)
    this.traded = shared?.traded ?? new Float64Array(capacity)
    this.nextInSlot = shared?.nextInSlot ?? new Int32Array(capacity)
    this.slots = (shared?.slots ?? new Int32Array(2 << SLOT_BITS)).fill(NO_ROW)
  }

  /** What of the tape may concern us, where all trades do or only those that meet us. */
  concernsWith(allTrades: boolean): RestingWatch {
    const concerns = this.#concerns
    concerns.askMin = this.askMin
    concerns.bidMax = this.bidMax
    concerns.isEachTrade = allTrades
    return concerns
  }

  /** Adds an order behind all others. */
  add(
    order: number,
    side: Side,
    tick: number,
    terms: { readonly lots: number; readonly front: number; readonly owner: number },
  ): void {
    const row = this.#takeRow()
    this.order[row] = order
    this.side[row] = side
    this.tick[row] = tick
    this.lots[row] = terms.lots
    this.front[row] = terms.front
    this.owner[row] = terms.owner
    this.traded[row] = 0
    this.next[row] = NO_ROW
    this.#previous[row] = this.#last
    if (this.#last === NO_ROW) this.first = row
    else this.next[this.#last] = row
    this.#last = row
    const slot = slotOf(side, tick)
    this.nextInSlot[row] = this.slots[slot]!
    this.slots[slot] = row
    if (order >= this.#rowOf.length) this.#growIndex(order)
    this.#rowOf[order] = row
    this.count++
    this.#widen(side, tick)
  }

  /** Returns the row of an order, {@link NO_ROW} when it does not rest here. */
  find(order: number): number {
    return order < this.#rowOf.length ? this.#rowOf[order]! : NO_ROW
  }

  /**
   * Returns the row of the only order of `side` at `tick` or at a better price, {@link NO_ROW} where
   * there may be none or several.
   */
  onlyAt(side: Side, tick: number): number {
    if (tick !== (side > 0 ? this.bidMax : this.askMin)) return NO_ROW
    const row = this.slots[slotOf(side, tick)]!
    // The best price of a side has an order, so that one which shares its slot is another.
    return this.nextInSlot[row] === NO_ROW ? row : NO_ROW
  }

  /**
   * Returns the row of the only order of `side` at `tick` or at a better price, as {@link onlyAt},
   * also where others could stand between; {@link NO_ROW} where there is none, or may be several.
   */
  onlyUpTo(side: Side, tick: number): number {
    const best = side > 0 ? this.bidMax : this.askMin
    if (side * (best - tick) >= NEAR) return NO_ROW
    let only = NO_ROW
    for (let at = best; side * (at - tick) >= 0; at -= side) {
      for (let row = this.slots[slotOf(side, at)]!; row !== NO_ROW; row = this.nextInSlot[row]!) {
        if (this.tick[row] !== at) continue
        if (only !== NO_ROW) return NO_ROW
        only = row
      }
    }
    return only
  }

  /** Removes a row; `next` of it stays readable until the next `add`. */
  remove(row: number): void {
    const side = this.side[row]!
    const tick = this.tick[row]!
    const next = this.next[row]!
    const previous = this.#previous[row]!
    if (previous === NO_ROW) this.first = next
    else this.next[previous] = next
    if (next === NO_ROW) this.#last = previous
    else this.#previous[next] = previous
    this.#unchain(row, slotOf(side, tick))
    this.#rowOf[this.order[row]!] = NO_ROW
    this.nextInSlot[row] = this.#free
    this.#free = row
    this.count--
    const isExtreme =
      side > 0
        ? tick === this.bidMax || tick === this.bidMin
        : tick === this.askMin || tick === this.askMax
    if (isExtreme) this.#moveExtreme(side, tick)
  }

  #unchain(row: number, slot: number): void {
    let at = this.slots[slot]!
    if (at === row) {
      this.slots[slot] = this.nextInSlot[row]!
      return
    }
    while (this.nextInSlot[at] !== row) at = this.nextInSlot[at]!
    this.nextInSlot[at] = this.nextInSlot[row]!
  }

  #widen(side: number, tick: number): void {
    if (side > 0) {
      if (tick > this.bidMax) this.bidMax = tick
      if (tick < this.bidMin) this.bidMin = tick
    } else {
      if (tick < this.askMin) this.askMin = tick
      if (tick > this.askMax) this.askMax = tick
    }
  }

  /** Takes note that an order at an extreme price of a side is gone. */
  #moveExtreme(side: number, tick: number): void {
    const [least, most] = side > 0 ? [this.bidMin, this.bidMax] : [this.askMin, this.askMax]
    const step = tick === most ? -1 : 1
    const found = least === most ? NO_BID : this.#nearest(side, tick, step)
    if (found === NO_BID) this.#measure(side)
    else if (side > 0) {
      if (step < 0) this.bidMax = found
      else this.bidMin = found
    } else if (step < 0) this.askMax = found
    else this.askMin = found
  }

  /** The first price from `tick` on at which an order of a side rests; NO_BID where none is near. */
  #nearest(side: number, tick: number, step: number): number {
    for (let at = tick, end = tick + NEAR * step; at !== end; at += step) {
      for (let row = this.slots[slotOf(side, at)]!; row !== NO_ROW; row = this.nextInSlot[row]!) {
        if (this.tick[row] === at) return at
      }
    }
    return NO_BID
  }

  /** Finds the extremes of one side anew. */
  #measure(side: number): void {
    const { side: sides, tick: ticks, next } = this
    let least: number = NO_ASK
    let most: number = NO_BID
    for (let row = this.first; row !== NO_ROW; row = next[row]!) {
      if (sides[row] !== side) continue
      const tick = ticks[row]!
      if (tick < least) least = tick
      if (tick > most) most = tick
    }
    if (side > 0) {
      this.bidMin = least
      this.bidMax = most
    } else {
      this.askMin = least
      this.askMax = most
    }
  }

  #takeRow(): number {
    if (this.#free !== NO_ROW) {
      const row = this.#free
      this.#free = this.nextInSlot[row]!
      return row
    }
    if (this.#used === this.order.length) this.#grow()
    return this.#used++
  }

  #growIndex(order: number): void {
    const wider = new Int32Array(Math.max(this.#rowOf.length * 2, order + 1)).fill(NO_ROW)
    wider.set(this.#rowOf)
    this.#rowOf = wider
  }

  #grow(): void {
    const capacity = this.order.length * 2
    this.isShared = false
    const grow = <T extends Int32Array | Int8Array | Float64Array>(column: T, grown: T): T => {
      grown.set(column)
      return grown
    }
    this.order = grow(this.order, new Int32Array(capacity))
    this.side = grow(this.side, new Int8Array(capacity))
    this.tick = grow(this.tick, new Int32Array(capacity))
    this.lots = grow(this.lots, new Float64Array(capacity))
    this.front = grow(this.front, new Float64Array(capacity))
    this.traded = grow(this.traded, new Float64Array(capacity))
    this.owner = grow(this.owner, new Int32Array(capacity))
    this.next = grow(this.next, new Int32Array(capacity))
    this.nextInSlot = grow(this.nextInSlot, new Int32Array(capacity))
    this.#previous = grow(this.#previous, new Int32Array(capacity))
  }
}

function slotOf(side: number, tick: number): number {
  return ((side > 0 ? 0 : 1) << SLOT_BITS) | (tick & SLOT_MASK)
}
