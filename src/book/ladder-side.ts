/**
 * One side of a ladder: levels at `key & mask` in a window of keys that follows the best price.
 *
 * A key is a tick turned so that a greater key is a better price: the tick itself for bids, its
 * complement `~tick` for asks, which maps the 32-bit integers onto themselves. No level lies above
 * the window; those below it wait in {@link FarLevels}.
 *
 * The lots themselves say which levels exist. Beside them stands one byte per block of 16 slots,
 * set by every write and cleared only by a search that finds the block empty: an exact bitmap would
 * cost each update a read, a write and two branches that no processor predicts, to spare the rare
 * search a few loads.
 */
import { InvariantError, assert } from '../core/index.ts'
import { FarLevels, NO_KEY } from './far-levels.ts'
import type { SideMemory } from './level-memory.ts'

const LOWEST_KEY = -2147483648
const HIGHEST_KEY = 2147483647
/** log2 of the slots in a block. */
const BLOCK = 4
/** The window begins at a multiple of this: four blocks, whose bytes are searched as one word. */
const ALIGN = 64
/** Keys in a window at first; it doubles while levels lie below it, as far as it may. */
const WINDOW_FIRST = 256

/** Levels of one side, best first. */
export class LadderSide {
  /** Greatest occupied key, {@link NO_KEY} when the side is empty; written by this class only. */
  best = NO_KEY
  /** What has the window as it is. */
  #lentTo: Int32Array | undefined
  /** Lowest key of the window and the number of keys in it; {@link NO_KEY} is never in it. */
  #floor = 0
  #span = 0
  #mask = 0
  readonly #maskMax: number = 0
  #lots: Float64Array
  /** 1 where a block may hold levels, 0 where it holds none. */
  #touched: Uint8Array
  #touchedWords: Int32Array
  readonly #far = new FarLevels()

  /**
   * @param window keys in the window at most, a power of two, 256 <= window <= 2^24
   * @param memory where the levels are kept; default: of its own, for few levels at first
   */
  constructor(window: number, memory?: SideMemory) {
    assert(window >= WINDOW_FIRST && window <= 2 ** 24, '256 <= window <= 2^24')
    assert((window & (window - 1)) === 0, 'the window is a power of two')
    const span = memory?.lots.length ?? WINDOW_FIRST
    this.#span = span
    this.#mask = span - 1
    this.#maskMax = window - 1
    this.#lots = memory?.lots ?? new Float64Array(span)
    this.#touched = memory?.touched ?? new Uint8Array(span >>> BLOCK)
    this.#touchedWords = wordsOf(this.#touched)
  }

  /**
   * Writes best key, lowest key of the window and keys in it for a kernel, as side `index`. False
   * where the last of all keys cuts the window short.
   */
  lend(header: Int32Array, index: 0 | 1): boolean {
    header[index] = this.best
    if (header !== this.#lentTo) {
      header[index + 2] = this.#floor
      header[index + 4] = this.#span
      this.#lentTo = header
    }
    return this.#span > this.#mask
  }

  /** Reads the best key that the kernel has left. */
  takeBack(header: Int32Array, index: 0 | 1): void {
    this.best = header[index]!
  }

  /** Lots at the best level, 0 when the side is empty. */
  get bestLots(): number {
    return this.best === NO_KEY ? 0 : this.#lots[this.best & this.#mask]!
  }

  /** Number of levels, counted when read. @cost O(window / 64 + levels near the touch) */
  get count(): number {
    let count = this.#far.count
    for (let key = this.best; key !== NO_KEY; key = this.#nextInWindow(key)) count++
    return count
  }

  /** Sum of lots over all levels, added up when read. */
  get lotsTotal(): number {
    let total = this.#far.lotsTotal
    for (let key = this.best; key !== NO_KEY; key = this.#nextInWindow(key)) {
      total += this.#lots[key & this.#mask]!
    }
    return total
  }

  /** Least occupied key, {@link NO_KEY} when the side is empty. @cost O(window / 64) */
  get worst(): number {
    if (this.#far.count > 0) return this.#far.minKey
    if (this.best === NO_KEY) return NO_KEY
    const touched = this.#touched
    for (let block = this.#floor >> BLOCK; block <= this.best >> BLOCK; block++) {
      if (touched[block & (touched.length - 1)] === 0) continue
      const first = Math.max(this.#floor, block << BLOCK)
      for (let key = first; key < (block + 1) << BLOCK; key++) {
        if (this.#lots[key & this.#mask]! > 0) return key
      }
    }
    return this.best
  }

  /** Returns the lots at `key`, 0 when there is no level. */
  lotsAt(key: number): number {
    if ((key - this.#floor) >>> 0 < this.#span) return this.#lots[key & this.#mask]!
    return key < this.#floor ? this.#far.lotsAt(key) : 0
  }

  /**
   * Sets the lots at `key` (0 removes the level) and returns what was there.
   *
   * @throws InvariantError when `lots` is negative or NaN, or `key` is {@link NO_KEY}
   */
  set(key: number, lots: number): number {
    // One unsigned comparison for both ends: a fifth faster than two.
    if ((key - this.#floor) >>> 0 >= this.#span || !(lots >= 0)) return this.#setOutside(key, lots)
    const slot = key & this.#mask
    const previous = this.#lots[slot]!
    this.#lots[slot] = lots
    this.#touched[slot >>> BLOCK] = 1
    if (key >= this.best) {
      if (lots > 0) this.best = key
      else if (key === this.best) this.#bestRemoved(key)
    }
    return previous
  }

  /** Returns the greatest occupied key below `key`, {@link NO_KEY} when there is none. */
  nextBelow(key: number): number {
    if (key > this.best) return this.best
    const next = this.#nextInWindow(key)
    return next === NO_KEY ? this.#far.nextBelow(key) : next
  }

  /** Removes every level. @cost O(window / 64 + levels) */
  clear(): void {
    for (let w = 0; w < this.#touchedWords.length; w++) {
      if (this.#touchedWords[w] === 0) continue
      this.#touchedWords[w] = 0
      this.#lots.fill(0, w << (BLOCK + 2), (w + 1) << (BLOCK + 2))
    }
    this.#far.clear()
    this.best = NO_KEY
  }

  /** Takes the levels of another side in place of its own. @cost O(levels) */
  copyFrom(other: LadderSide): void {
    this.clear()
    // From the best on, so that the window is where it has to be from the first level on.
    for (let key = other.best; key !== NO_KEY; key = other.nextBelow(key)) {
      this.set(key, other.lotsAt(key))
    }
  }

  /** The greatest occupied key of the window below `key`, which is at most the window's end. */
  #nextInWindow(key: number): number {
    if (key <= this.#floor) return NO_KEY
    const touched = this.#touched
    const words = this.#touchedWords
    const wordMask = words.length - 1
    const blockMask = touched.length - 1
    const last = this.#floor >> BLOCK
    const top = key - 1
    for (let block = top >> BLOCK; block >= last; block--) {
      if (touched[block & blockMask] !== 0) {
        const found = this.#lastInBlock(block, top)
        if (found !== NO_KEY) return found
      }
      if ((block & 3) === 0) {
        let word = (block >> 2) - 1
        while (word >= last >> 2 && words[word & wordMask] === 0) word--
        block = (word + 1) << 2
      }
    }
    return NO_KEY
  }

  /** The greatest occupied key <= `top` of a block; notes when the whole block proves empty. */
  #lastInBlock(block: number, top: number): number {
    const lots = this.#lots
    const first = block << BLOCK
    const end = first + (1 << BLOCK) - 1
    for (let key = Math.min(top, end); key >= first; key--) {
      if (lots[key & this.#mask]! > 0) return key
    }
    if (top >= end) this.#touched[block & (this.#touched.length - 1)] = 0
    return NO_KEY
  }

  #bestRemoved(key: number): void {
    const next = this.#nextInWindow(key)
    this.best = next === NO_KEY ? this.#far.maxKey : next
    if (this.best !== NO_KEY && this.best - this.#floor < (this.#mask + 1) >>> 2) this.#moveDown()
  }

  #setOutside(key: number, lots: number): number {
    if (!(lots >= 0)) throw new InvariantError(`lots of a level are a number >= 0, was ${lots}`)
    if (key === NO_KEY) {
      throw new InvariantError('a bid at tick -2^31 or an ask at tick 2^31 - 1 stands for "none"')
    }
    if (key < this.#floor && this.best !== NO_KEY) {
      if (lots === 0 || this.#mask === this.#maskMax) return this.#far.set(key, lots)
      this.#widen()
      return this.set(key, lots)
    }
    if (lots === 0) return 0
    if (this.best === NO_KEY) this.#place(this.#baseFor(key))
    else this.#moveUp(key)
    return this.set(key, lots)
  }

  /** Where a window begins that shows three quarters below `best` and one above. */
  #baseFor(best: number): number {
    const window = this.#mask + 1
    const wanted = best - (window - (window >>> 2))
    const highest = HIGHEST_KEY - this.#mask
    return Math.max(LOWEST_KEY, Math.min(highest, wanted)) & -ALIGN
  }

  #place(base: number): void {
    this.#lentTo = undefined
    this.#floor = Math.max(base, NO_KEY + 1)
    this.#span = this.#mask + 1 - (this.#floor - base)
  }

  /** Moves the window so that `key`, above it, lies in it; levels that fall out wait far away. */
  #moveUp(key: number): void {
    const base = this.#baseFor(key)
    const words = this.#touchedWords
    const first = this.#floor >> (BLOCK + 2)
    const end = Math.min(base >> (BLOCK + 2), first + words.length)
    for (let word = first; word < end; word++) {
      const at = word & (words.length - 1)
      if (words[at] === 0) continue
      words[at] = 0
      this.#spill(word << (BLOCK + 2))
    }
    this.#place(base)
  }

  /** Moves the levels at `ALIGN` keys from `first` on behind the far ones, all of them lower. */
  #spill(first: number): void {
    const lots = this.#lots
    for (let key = first; key < first + ALIGN; key++) {
      const slot = key & this.#mask
      if (lots[slot] === 0) continue
      this.#far.pushMax(key, lots[slot]!)
      lots[slot] = 0
    }
  }

  /** Doubles the window around the best level. */
  #widen(): void {
    const window = (this.#mask + 1) * 2
    this.moveTo({ lots: new Float64Array(window), touched: new Uint8Array(window >>> BLOCK) })
  }

  /** Keeps the levels in other memory, all 0 as yet, with as many keys in the window or more. */
  moveTo(memory: SideMemory): void {
    const lots = this.#lots
    const mask = this.#mask
    assert(memory.lots.length > mask && memory.lots.length <= this.#maskMax + 1, 'the levels fit')
    this.seeAnew(memory)
    this.#mask = memory.lots.length - 1
    for (let key = this.#floor; key <= this.best; key++) {
      const slot = key & this.#mask
      this.#lots[slot] = lots[key & mask]!
      this.#touched[slot >>> BLOCK] = 1
    }
    if (this.#mask === mask) return
    if (this.best === NO_KEY) this.#place(0)
    else this.#moveDown()
  }

  /** Sees the same levels through other views. */
  seeAnew({ lots, touched }: SideMemory): void {
    this.#lots = lots
    this.#touched = touched
    this.#touchedWords = wordsOf(touched)
  }

  /** Moves the window down around the best level and brings back the far levels that it covers. */
  #moveDown(): void {
    this.#place(this.#baseFor(this.best))
    const far = this.#far
    for (let key = far.maxKey; key >= this.#floor; key = far.maxKey) {
      const slot = key & this.#mask
      this.#lots[slot] = far.popMax()
      this.#touched[slot >>> BLOCK] = 1
    }
  }
}

/** The same bytes, four at a time. */
function wordsOf({ buffer, byteOffset, length }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length >> 2)
}
