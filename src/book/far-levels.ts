/**
 * Price levels that lie below a ladder's window: ordered by key, seldom touched, at times many.
 *
 * A key is a tick turned so that a greater key is a better price. Levels stand in chunks of up to
 * 128, ascending in each and from chunk to chunk, so that an insertion moves a few of them only,
 * however many there are and in whatever order they come.
 */
import { assert } from '../core/index.ts'

/** The key that no level may have: it stands for "no level". */
export const NO_KEY = -2147483648

const CHUNK = 128

/** An ordered map of levels in typed arrays that grow by doubling. */
export class FarLevels {
  /** Levels held. */
  count = 0
  /** Keys and lots of chunk `c` from slot `c * CHUNK` on. */
  #keys = new Int32Array(CHUNK)
  #lots = new Float64Array(CHUNK)
  #sizes = new Int32Array(1)
  /**
   * By position: the chunks in order of their keys, and where the keys of each begin. That bound
   * stays when the first level of a chunk goes: it still lies above every key before it.
   */
  #order = new Int32Array(1)
  #firstKeys = new Int32Array(1)
  #chunks = 0
  /** Chunks that are not in use: `#free[0 ... #freeCount)`. */
  #free = new Int32Array(1)
  #freeCount = 1

  /** The greatest key, {@link NO_KEY} when there is none. */
  get maxKey(): number {
    if (this.count === 0) return NO_KEY
    const chunk = this.#order[this.#chunks - 1]!
    return this.#keys[chunk * CHUNK + this.#sizes[chunk]! - 1]!
  }

  /** The least key, {@link NO_KEY} when there is none. */
  get minKey(): number {
    return this.count === 0 ? NO_KEY : this.#keys[this.#order[0]! * CHUNK]!
  }

  /** Sum of lots over all levels, added up when read. */
  get lotsTotal(): number {
    let total = 0
    for (let at = 0; at < this.#chunks; at++) {
      const chunk = this.#order[at]!
      const end = chunk * CHUNK + this.#sizes[chunk]!
      for (let slot = chunk * CHUNK; slot < end; slot++) total += this.#lots[slot]!
    }
    return total
  }

  /** Returns the lots at `key`, 0 when there is no level. */
  lotsAt(key: number): number {
    if (this.count === 0) return 0
    const chunk = this.#order[this.#positionFor(key)]!
    const slot = this.#slotFor(chunk, key)
    const isHeld = slot < chunk * CHUNK + this.#sizes[chunk]! && this.#keys[slot] === key
    return isHeld ? this.#lots[slot]! : 0
  }

  /** Returns the greatest key below `key`, {@link NO_KEY} when there is none. */
  nextBelow(key: number): number {
    if (this.count === 0) return NO_KEY
    const at = this.#positionFor(key)
    const chunk = this.#order[at]!
    const slot = this.#slotFor(chunk, key)
    if (slot > chunk * CHUNK) return this.#keys[slot - 1]!
    if (at === 0) return NO_KEY
    const before = this.#order[at - 1]!
    return this.#keys[before * CHUNK + this.#sizes[before]! - 1]!
  }

  /** Sets the lots at `key` (0 removes the level) and returns what was there. */
  set(key: number, lots: number): number {
    if (this.count === 0) {
      if (lots > 0) this.pushMax(key, lots)
      return 0
    }
    const at = this.#positionFor(key)
    const chunk = this.#order[at]!
    const slot = this.#slotFor(chunk, key)
    if (slot < chunk * CHUNK + this.#sizes[chunk]! && this.#keys[slot] === key) {
      const previous = this.#lots[slot]!
      if (lots > 0) this.#lots[slot] = lots
      else this.#remove(at, slot)
      return previous
    }
    if (lots > 0) {
      if (this.#sizes[chunk] === CHUNK) {
        this.#split(at)
        return this.set(key, lots)
      }
      this.#insert(at, slot, key)
      this.#lots[slot] = lots
    }
    return 0
  }

  /** Adds a level above all others. */
  pushMax(key: number, lots: number): void {
    assert(key > this.maxKey, 'a pushed key lies above all others')
    let at = this.#chunks - 1
    if (at < 0 || this.#sizes[this.#order[at]!] === CHUNK) this.#open(++at)
    const chunk = this.#order[at]!
    const slot = chunk * CHUNK + this.#sizes[chunk]!
    this.#insert(at, slot, key)
    this.#lots[slot] = lots
  }

  /** Removes the level with the greatest key and returns its lots. */
  popMax(): number {
    assert(this.count > 0, 'there is a level to pop')
    const at = this.#chunks - 1
    const chunk = this.#order[at]!
    const slot = chunk * CHUNK + this.#sizes[chunk]! - 1
    const lots = this.#lots[slot]!
    this.#remove(at, slot)
    return lots
  }

  clear(): void {
    for (let at = 0; at < this.#chunks; at++) this.#free[this.#freeCount++] = this.#order[at]!
    this.#chunks = 0
    this.count = 0
  }

  /** Position of the chunk that holds `key` or would take it; there is at least one chunk. */
  #positionFor(key: number): number {
    const firstKeys = this.#firstKeys
    let low = 0
    let high = this.#chunks - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (firstKeys[middle]! <= key) low = middle
      else high = middle - 1
    }
    return low
  }

  /** First slot of a chunk with a key >= `key`, or the slot behind its last one. */
  #slotFor(chunk: number, key: number): number {
    const keys = this.#keys
    let low = chunk * CHUNK
    let high = low + this.#sizes[chunk]!
    while (low < high) {
      const middle = (low + high) >>> 1
      if (keys[middle]! < key) low = middle + 1
      else high = middle
    }
    return low
  }

  #insert(at: number, slot: number, key: number): void {
    const keys = this.#keys
    const lots = this.#lots
    const chunk = this.#order[at]!
    for (let i = chunk * CHUNK + this.#sizes[chunk]!; i > slot; i--) {
      keys[i] = keys[i - 1]!
      lots[i] = lots[i - 1]!
    }
    keys[slot] = key
    if (slot === chunk * CHUNK) this.#firstKeys[at] = key
    this.#sizes[chunk]!++
    this.count++
  }

  #remove(at: number, slot: number): void {
    const keys = this.#keys
    const lots = this.#lots
    const chunk = this.#order[at]!
    const size = --this.#sizes[chunk]!
    const end = chunk * CHUNK + size
    for (let i = slot; i < end; i++) {
      keys[i] = keys[i + 1]!
      lots[i] = lots[i + 1]!
    }
    this.count--
    if (size > 0) return
    this.#order.copyWithin(at, at + 1, this.#chunks)
    this.#firstKeys.copyWithin(at, at + 1, this.#chunks)
    this.#chunks--
    this.#free[this.#freeCount++] = chunk
  }

  /** Moves the upper half of a full chunk into a new one behind it. */
  #split(at: number): void {
    this.#open(at + 1)
    const from = this.#order[at]! * CHUNK
    const to = this.#order[at + 1]! * CHUNK
    const half = CHUNK / 2
    this.#keys.copyWithin(to, from + half, from + CHUNK)
    this.#lots.copyWithin(to, from + half, from + CHUNK)
    this.#sizes[this.#order[at]!] = half
    this.#sizes[this.#order[at + 1]!] = half
    this.#firstKeys[at + 1] = this.#keys[to]!
  }

  /** Puts an empty chunk at a position; its first key is the caller's to set. */
  #open(at: number): void {
    if (this.#freeCount === 0) this.#grow()
    const chunk = this.#free[--this.#freeCount]!
    this.#sizes[chunk] = 0
    this.#order.copyWithin(at + 1, at, this.#chunks)
    this.#firstKeys.copyWithin(at + 1, at, this.#chunks)
    this.#order[at] = chunk
    this.#chunks++
  }

  /** Doubles the room when every chunk is in use. */
  #grow(): void {
    const room = this.#sizes.length
    this.#keys = grownInt32(this.#keys)
    const lots = new Float64Array(room * 2 * CHUNK)
    lots.set(this.#lots)
    this.#lots = lots
    this.#sizes = grownInt32(this.#sizes)
    this.#order = grownInt32(this.#order)
    this.#firstKeys = grownInt32(this.#firstKeys)
    this.#free = grownInt32(this.#free)
    for (let chunk = room * 2 - 1; chunk >= room; chunk--) this.#free[this.#freeCount++] = chunk
  }
}

function grownInt32(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(values.length * 2)
  grown.set(values)
  return grown
}
