/**
 * One side of a ladder: levels at `key & mask` in a window of keys that follows the best price.
 *
 * A key is a tick turned so that a greater key is a better price: the tick itself for bids, its
 * complement `~tick` for asks, which maps the 32-bit integers onto themselves. No level lies above
 * the window; those below it wait in {@link FarLevels}.
 */
import { InvariantError, assert } from '../core/index.ts'
import { FarLevels, NO_KEY } from './far-levels.ts'

const LOWEST_KEY = -2147483648
const KEYS = 2 ** 32

/** Levels of one side, best first; `best` is always the greatest occupied key. */
export class LadderSide {
  /** Greatest occupied key, {@link NO_KEY} when the side is empty. */
  best = NO_KEY
  readonly #mask: number
  readonly #window: number
  readonly #lots: Float64Array
  /** One bit per slot: 1 where the level holds lots. */
  readonly #words: Int32Array
  readonly #wordMask: number
  readonly #far = new FarLevels()
  /** Lowest key of the window, a multiple of 32. */
  #base = 0
  /** Levels inside the window. */
  #near = 0

  /** @param window keys in the window, a power of two, 128 <= window <= 2^24 */
  constructor(window: number) {
    assert(window >= 128 && window <= 2 ** 24, '128 <= window <= 2^24')
    assert((window & (window - 1)) === 0, 'the window is a power of two')
    this.#window = window
    this.#mask = window - 1
    this.#lots = new Float64Array(window)
    this.#words = new Int32Array(window >>> 5)
    this.#wordMask = (window >>> 5) - 1
  }

  /** Levels on this side. */
  get count(): number {
    return this.#near + this.#far.count
  }

  /** Lots at the best level, 0 when the side is empty. */
  get bestLots(): number {
    return this.#near === 0 ? 0 : this.#lots[this.best & this.#mask]!
  }

  /** Returns the lots at `key`, 0 when there is no level. */
  lotsAt(key: number): number {
    if ((key - this.#base) >>> 0 < this.#window) return this.#lots[key & this.#mask]!
    return key < this.#base ? this.#far.lotsAt(key) : 0
  }

  /**
   * Sets the lots at `key` (0 removes the level) and returns what was there.
   *
   * @throws InvariantError when `lots` is negative or NaN, or `key` is {@link NO_KEY}
   */
  set(key: number, lots: number): number {
    if ((key - this.#base) >>> 0 >= this.#window) return this.#setOutside(key, lots)
    const slot = key & this.#mask
    const previous = this.#lots[slot]!
    if (lots > 0) {
      this.#lots[slot] = lots
      if (previous === 0) {
        if (key === NO_KEY) throw reservedKey()
        this.#words[slot >>> 5]! |= 1 << (slot & 31)
        this.#near++
        if (key > this.best) this.best = key
      }
    } else if (lots !== 0) {
      throw badLots(lots)
    } else if (previous !== 0) {
      this.#lots[slot] = 0
      this.#words[slot >>> 5]! &= ~(1 << (slot & 31))
      this.#near--
      if (key === this.best) this.#bestRemoved(key)
    }
    return previous
  }

  /** Returns the greatest occupied key below `key`, {@link NO_KEY} when there is none. */
  nextBelow(key: number): number {
    if (key > this.best) return this.best
    if (key > this.#base) {
      const next = this.#nextInWindow(key)
      if (next !== NO_KEY) return next
    }
    return this.#far.nextBelow(key)
  }

  /** Returns the sum of lots over all levels. */
  lotsTotal(): number {
    let total = this.#far.lotsTotal()
    for (let key = this.best; key >= this.#base && key !== NO_KEY; key = this.#nextInWindow(key)) {
      total += this.#lots[key & this.#mask]!
    }
    return total
  }

  /** Removes every level. @cost O(window / 32 + levels) */
  clear(): void {
    const words = this.#words
    for (let w = 0; w < words.length; w++) {
      if (words[w] === 0) continue
      words[w] = 0
      this.#lots.fill(0, w << 5, (w + 1) << 5)
    }
    this.#far.clear()
    this.#near = 0
    this.best = NO_KEY
  }

  /** The greatest occupied key of the window below `key`; `key` > base. */
  #nextInWindow(key: number): number {
    const words = this.#words
    const wordMask = this.#wordMask
    const top = key - 1
    const last = this.#base >> 5
    let w = top >> 5
    if (w < last) return NO_KEY
    let word = words[w & wordMask]! & (-1 >>> (31 - (top & 31)))
    while (word === 0) {
      if (w === last) return NO_KEY
      w--
      word = words[w & wordMask]!
    }
    return (w << 5) + 31 - Math.clz32(word)
  }

  #bestRemoved(key: number): void {
    const next = this.#near === 0 ? NO_KEY : this.#nextInWindow(key)
    this.best = next === NO_KEY ? this.#far.maxKey : next
    if (this.best !== NO_KEY && this.best - this.#base < this.#window >>> 2) this.#moveDown()
  }

  #setOutside(key: number, lots: number): number {
    if (!(lots >= 0)) throw badLots(lots)
    if (key === NO_KEY) throw reservedKey()
    if (this.best === NO_KEY) {
      if (lots === 0) return 0
      this.#base = this.#baseFor(key)
      return this.set(key, lots)
    }
    if (key < this.#base) return this.#far.set(key, lots)
    if (lots === 0) return 0
    this.#moveUp(key)
    return this.set(key, lots)
  }

  /** Where a window begins that shows three quarters below `best` and one above. */
  #baseFor(best: number): number {
    const wanted = best - (this.#window - (this.#window >>> 2))
    const highest = LOWEST_KEY + KEYS - this.#window
    return Math.max(LOWEST_KEY, Math.min(highest, wanted)) & ~31
  }

  /** Moves the window so that `key`, above it, lies in it; levels that fall out wait far away. */
  #moveUp(key: number): void {
    const base = this.#baseFor(key)
    const words = this.#words
    const lots = this.#lots
    const first = this.#base >> 5
    const end = Math.min(base >> 5, first + words.length)
    for (let w = first; w < end; w++) {
      const at = w & this.#wordMask
      let word = words[at]!
      if (word === 0) continue
      words[at] = 0
      while (word !== 0) {
        const bit = 31 - Math.clz32(word & -word)
        word &= word - 1
        const slot = (at << 5) + bit
        this.#far.pushMax((w << 5) + bit, lots[slot]!)
        lots[slot] = 0
        this.#near--
      }
    }
    this.#base = base
  }

  /** Moves the window down around the best level and brings back the far levels that it covers. */
  #moveDown(): void {
    const base = this.#baseFor(this.best)
    this.#base = base
    const far = this.#far
    for (let key = far.maxKey; key >= base && key !== NO_KEY; key = far.maxKey) {
      const slot = key & this.#mask
      this.#lots[slot] = far.popMax()
      this.#words[slot >>> 5]! |= 1 << (slot & 31)
      this.#near++
    }
  }
}

function badLots(lots: number): InvariantError {
  return new InvariantError(`lots of a level are a number >= 0, was ${lots}`)
}

function reservedKey(): InvariantError {
  return new InvariantError('a bid at tick -2^31 or an ask at tick 2^31 - 1 is reserved for "none"')
}
