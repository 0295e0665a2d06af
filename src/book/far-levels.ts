/**
 * Price levels that lie below a ladder's window: ordered by key, few in number, seldom touched.
 *
 * A key is a tick turned so that a greater key is a better price.
 */
import { assert } from '../core/index.ts'

/** The key that no level may have: it stands for "no level". */
export const NO_KEY = -2147483648

/** Levels in ascending order of key in typed arrays that grow by doubling. */
export class FarLevels {
  #keys: Int32Array
  #lots: Float64Array
  #count = 0

  /** @param capacity levels to make room for at first, >= 1 */
  constructor(capacity = 64) {
    assert(capacity >= 1, 'capacity >= 1')
    this.#keys = new Int32Array(capacity)
    this.#lots = new Float64Array(capacity)
  }

  /** Levels held. */
  get count(): number {
    return this.#count
  }

  /** The greatest key, {@link NO_KEY} when there is none. */
  get maxKey(): number {
    return this.#count === 0 ? NO_KEY : this.#keys[this.#count - 1]!
  }

  /** Returns the lots at `key`, 0 when there is no level. */
  lotsAt(key: number): number {
    const i = this.#firstAtOrAbove(key)
    return i < this.#count && this.#keys[i] === key ? this.#lots[i]! : 0
  }

  /** Returns the greatest key below `key`, {@link NO_KEY} when there is none. */
  nextBelow(key: number): number {
    const i = this.#firstAtOrAbove(key)
    return i === 0 ? NO_KEY : this.#keys[i - 1]!
  }

  /** Sets the lots at `key` (0 removes the level) and returns what was there. */
  set(key: number, lots: number): number {
    const i = this.#firstAtOrAbove(key)
    const isHeld = i < this.#count && this.#keys[i] === key
    const previous = isHeld ? this.#lots[i]! : 0
    if (lots > 0) {
      if (!isHeld) this.#open(i, key)
      this.#lots[i] = lots
    } else if (isHeld) {
      this.#keys.copyWithin(i, i + 1, this.#count)
      this.#lots.copyWithin(i, i + 1, this.#count)
      this.#count--
    }
    return previous
  }

  /** Adds a level above all others. */
  pushMax(key: number, lots: number): void {
    assert(key > this.maxKey, 'a pushed key lies above all others')
    this.#open(this.#count, key)
    this.#lots[this.#count - 1] = lots
  }

  /** Removes the level with the greatest key and returns its lots. */
  popMax(): number {
    assert(this.#count > 0, 'there is a level to pop')
    this.#count--
    return this.#lots[this.#count]!
  }

  /** Returns the sum of lots over all levels. */
  lotsTotal(): number {
    let total = 0
    for (let i = 0; i < this.#count; i++) total += this.#lots[i]!
    return total
  }

  clear(): void {
    this.#count = 0
  }

  #firstAtOrAbove(key: number): number {
    const keys = this.#keys
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (keys[middle]! < key) low = middle + 1
      else high = middle
    }
    return low
  }

  #open(at: number, key: number): void {
    if (this.#count === this.#keys.length) {
      const keys = new Int32Array(this.#count * 2)
      const lots = new Float64Array(this.#count * 2)
      keys.set(this.#keys)
      lots.set(this.#lots)
      this.#keys = keys
      this.#lots = lots
    }
    this.#keys.copyWithin(at + 1, at, this.#count)
    this.#lots.copyWithin(at + 1, at, this.#count)
    this.#keys[at] = key
    this.#count++
  }
}
