/**
 * Dense references for the order ids of a venue.
 *
 * Venues number orders with 64 bits over a whole day; books want small integers. Open addressing
 * with linear probing over two 32-bit halves, deletion by moving entries back: no tombstones, no
 * object an id. A reference is given again once its order is gone, the last freed first.
 */
import { assert } from '../../core/index.ts'

/** Entries a slot of the table may hold before it grows, in 1/4. */
const FILL_MAX_QUARTERS = 2

/** Live orders of one instrument by their 64-bit id, given as two unsigned halves. */
export class OrderRefs {
  #high = new Uint32Array(64)
  #low = new Uint32Array(64)
  /** Reference + 1 in each slot; 0 where it is empty. */
  #slots = new Int32Array(64)
  #mask = 63
  #free = new Int32Array(16)
  #freeCount = 0
  #next = 0
  /** Live ids. */
  count = 0

  /** Returns the reference of a live id, -1 when it has none. */
  get(high: number, low: number): number {
    const slots = this.#slots
    let at = hash(high, low) & this.#mask
    for (;;) {
      const slot = slots[at]!
      if (slot === 0) return -1
      if (this.#low[at] === low && this.#high[at] === high) return slot - 1
      at = (at + 1) & this.#mask
    }
  }

  /** Gives an id that is not live a reference and returns it. */
  add(high: number, low: number): number {
    assert(high >>> 0 === high && low >>> 0 === low, 'the halves are unsigned 32-bit integers')
    if ((this.count + 1) * 4 > (this.#mask + 1) * FILL_MAX_QUARTERS) this.#grow()
    const ref = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#next++
    this.#put(high, low, ref + 1)
    this.count++
    return ref
  }

  /** Forgets a live id and returns the reference that it had, -1 when it was not live. */
  remove(high: number, low: number): number {
    const slots = this.#slots
    let at = hash(high, low) & this.#mask
    for (;;) {
      const slot = slots[at]!
      if (slot === 0) return -1
      if (this.#low[at] === low && this.#high[at] === high) {
        this.#closeHole(at)
        this.#release(slot - 1)
        this.count--
        return slot - 1
      }
      at = (at + 1) & this.#mask
    }
  }

  /** Forgets every id. */
  clear(): void {
    this.#slots.fill(0)
    this.#freeCount = 0
    this.#next = 0
    this.count = 0
  }

  /** Moves entries behind a removed one back, so that every probe still meets its id. */
  #closeHole(at: number): void {
    const mask = this.#mask
    const slots = this.#slots
    let hole = at
    let probe = (at + 1) & mask
    while (slots[probe] !== 0) {
      const home = hash(this.#high[probe]!, this.#low[probe]!) & mask
      // The entry may fill the hole unless its home lies behind the hole on the way to it.
      if (((probe - home) & mask) >= ((probe - hole) & mask)) {
        slots[hole] = slots[probe]!
        this.#high[hole] = this.#high[probe]!
        this.#low[hole] = this.#low[probe]!
        hole = probe
      }
      probe = (probe + 1) & mask
    }
    slots[hole] = 0
  }

  #put(high: number, low: number, slot: number): void {
    let at = hash(high, low) & this.#mask
    while (this.#slots[at] !== 0) at = (at + 1) & this.#mask
    this.#slots[at] = slot
    this.#high[at] = high
    this.#low[at] = low
  }

  #release(ref: number): void {
    if (this.#freeCount === this.#free.length) {
      const grown = new Int32Array(this.#free.length * 2)
      grown.set(this.#free)
      this.#free = grown
    }
    this.#free[this.#freeCount++] = ref
  }

  #grow(): void {
    const slots = this.#slots
    const high = this.#high
    const low = this.#low
    const size = slots.length * 2
    this.#slots = new Int32Array(size)
    this.#high = new Uint32Array(size)
    this.#low = new Uint32Array(size)
    this.#mask = size - 1
    for (let i = 0; i < slots.length; i++) {
      if (slots[i] !== 0) this.#put(high[i]!, low[i]!, slots[i]!)
    }
  }
}

/** Mixes both halves; venues count ids up, so neighbours must not end as neighbours. */
function hash(high: number, low: number): number {
  let h = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b)
  h ^= h >>> 15
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 13)) >>> 0
}
