/**
 * What we took from real orders that still stand on the tape: the tape knows nothing of us, so it is
 * remembered here until the order is gone or its owner gives it new terms.
 */
import type { OrderQueues, QueuePlaces } from '../../book/index.ts'

/** Lots by reference of the real order; almost always none at all. */
export class TakenLots {
  /** Orders of which something is taken. */
  count = 0
  #lots = new Float64Array(256)
  /** Where an order stands in {@link #refs}. */
  #place = new Int32Array(256)
  #refs = new Int32Array(64)
  readonly #queues: OrderQueues
  readonly #places: QueuePlaces

  /** @param places where orders are marked whose rows must all be looked at */
  constructor(queues: OrderQueues, places: QueuePlaces) {
    this.#queues = queues
    this.#places = places
  }

  /** Lots taken of an order. */
  of(ref: number): number {
    return this.count > 0 && ref < this.#lots.length ? this.#lots[ref]! : 0
  }

  /** Lots that an order of the book has left for others. */
  leftOf(ref: number): number {
    return Math.max(0, this.#queues.lotsOf(ref) - this.of(ref))
  }

  /** Lots taken at a price, as far as they still stand there; `side` is 0 for bids. */
  at(side: 0 | 1, tick: number): number {
    const queues = this.#queues
    let lots = 0
    for (let n = 0; n < this.count; n++) {
      const ref = this.#refs[n]!
      if (queues.tickOf(ref) !== tick || queues.sideOf(ref) !== side) continue
      lots += Math.min(queues.lotsOf(ref), this.#lots[ref]!)
    }
    return lots
  }

  add(ref: number, lots: number): void {
    if (ref >= this.#lots.length) this.#grow(ref)
    if (this.#lots[ref] === 0) {
      if (this.count === this.#refs.length) this.#refs = grown(this.#refs, 2 * this.count)
      this.#place[ref] = this.count
      this.#refs[this.count++] = ref
      this.#places.mark(ref, true)
    }
    this.#lots[ref]! += lots
  }

  /** Forgets what was taken of an order. */
  drop(ref: number): void {
    if (this.of(ref) === 0) return
    this.#lots[ref] = 0
    this.#places.mark(ref, false)
    const last = this.#refs[--this.count]!
    this.#refs[this.#place[ref]!] = last
    this.#place[last] = this.#place[ref]!
  }

  /** The orders of which something is taken, with their place and size, to be held against later. */
  marks(): Mark[] {
    const queues = this.#queues
    return Array.from(this.#refs.subarray(0, this.count), (ref) => ({
      ref,
      side: queues.sideOf(ref),
      tick: queues.tickOf(ref),
      lots: queues.lotsOf(ref),
    }))
  }

  /** Marks its orders in a book that was written anew. */
  markAnew(): void {
    for (let n = 0; n < this.count; n++) this.#places.mark(this.#refs[n]!, true)
  }

  /** Forgets all orders but those that stand as they did when `marks` were made. */
  keepOnly(marks: readonly Mark[]): void {
    const queues = this.#queues
    for (const { ref, side, tick, lots } of marks) {
      const stands = queues.lotsOf(ref) === lots && queues.tickOf(ref) === tick
      if (!stands || queues.sideOf(ref) !== side) this.drop(ref)
    }
  }

  #grow(ref: number): void {
    const capacity = Math.max(ref + 1, 2 * this.#lots.length)
    const lots = new Float64Array(capacity)
    lots.set(this.#lots)
    this.#lots = lots
    this.#place = grown(this.#place, capacity)
  }
}

/** A real order as it stood. */
interface Mark {
  readonly ref: number
  readonly side: 0 | 1
  readonly tick: number
  readonly lots: number
}

function grown(column: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity)
  larger.set(column)
  return larger
}
