/**
 * Positions in the queue of those orders that somebody asks for, kept by what leaves before them.
 *
 * The watched orders of one level form a singly linked list whose first slot the level holds; a
 * slot is an order reference + 1, and 0 stands for "none".
 */
import { assert } from '../core/index.ts'

/** Ends a list; 0 says that an order is in none. */
const LAST = -1

/** Lots and orders ahead of each watched order. */
export class WatchedPositions {
  /** Lots ahead, by reference. */
  lots = new Float64Array(0)
  /** Orders ahead, by reference. */
  orders = new Int32Array(0)
  /** Arrival numbers of the watched orders, by reference. */
  #arrivals = new Float64Array(0)
  /** The slot that follows, by reference. */
  #links = new Int32Array(0)

  has(ref: number): boolean {
    return ref < this.#links.length && this.#links[ref] !== 0
  }

  /** Watches an order before the others of its level; `first` was their first slot, or 0. */
  begin(slot: number, first: number, arrival: number): void {
    if (slot > this.#links.length) this.#grow(slot)
    assert(this.#links[slot - 1] === 0, 'an order is watched once')
    this.#links[slot - 1] = first === 0 ? LAST : first
    this.#arrivals[slot - 1] = arrival
  }

  /** Takes lots off before every watched order that came later than `arrival`. */
  shrunk(first: number, arrival: number, lots: number): void {
    for (let slot = first; slot > 0; slot = this.#links[slot - 1]!) {
      if (this.#arrivals[slot - 1]! > arrival) this.lots[slot - 1]! -= lots
    }
  }

  /** Takes an order off before the later ones and out of the list; returns the new first slot. */
  left(first: number, leaving: number, arrival: number, lots: number): number {
    for (let slot = first; slot > 0; slot = this.#links[slot - 1]!) {
      if (this.#arrivals[slot - 1]! > arrival) {
        this.lots[slot - 1]! -= lots
        this.orders[slot - 1]!--
      }
    }
    return this.has(leaving - 1) ? this.without(first, leaving) : first
  }

  /** Takes a slot out of the list that begins at `first`; returns the new first slot, or 0. */
  without(first: number, leaving: number): number {
    const links = this.#links
    const next = links[leaving - 1]!
    links[leaving - 1] = 0
    if (first === leaving) return next === LAST ? 0 : next
    let slot = first
    while (links[slot - 1] !== leaving) slot = links[slot - 1]!
    links[slot - 1] = next
    return first
  }

  /** Forgets the whole list that begins at `first`. */
  forgetAll(first: number): void {
    for (let slot = first; slot > 0;) {
      const next = this.#links[slot - 1]!
      this.#links[slot - 1] = 0
      slot = next
    }
  }

  #grow(slot: number): void {
    const room = Math.max(1024, 2 ** Math.ceil(Math.log2(slot)))
    const lots = new Float64Array(room)
    const orders = new Int32Array(room)
    const arrivals = new Float64Array(room)
    const links = new Int32Array(room)
    lots.set(this.lots)
    orders.set(this.orders)
    arrivals.set(this.#arrivals)
    links.set(this.#links)
    this.lots = lots
    this.orders = orders
    this.#arrivals = arrivals
    this.#links = links
  }
}
