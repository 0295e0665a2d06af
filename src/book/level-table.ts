/**
 * The price levels of a market-by-order book, found by side and tick in typed arrays.
 *
 * Open addressing; a run of eight neighbouring ticks that meets another steps over the whole of it at
 * once. An emptied level keeps its place, because a level that
 * empties is the one that most likely fills again; the table is swept when it is half full.
 */

import { LEVELS, PLACES, type OrderMemory, type Stretch } from './order-memory.ts'

/** 32-bit words of one level, as a shift; its lots are the double in the first two. */
export const LEVEL = 3
/** The shift that leads from a level to its lots. */
export const LEVEL_LOTS = LEVEL - 1
/**
 * Words of a level: side index, tick, first and last order slot, orders, notes. Of these the lowest
 * bit is set while the level has sums; above it stands the first of our places there, 0 for none.
 */
export const LEVEL_SIDE = 2
export const LEVEL_TICK = 3
export const LEVEL_HEAD = 4
export const LEVEL_TAIL = 5
export const LEVEL_COUNT = 6
export const LEVEL_NOTES = 7
export const HAS_SUMS = 1
/** The shift that leads from the notes to the first of our places. */
export const FIRST_PLACE = 1

/** Places from one try to the next: over a run, and odd, so that every place is tried. */
const STEP = 9

/** Levels by number, from 1 on; 0 stands for "no level". */
export class LevelTable {
  /** Records of 8 words; replaced when the table grows. */
  words: Int32Array
  /** The same memory: lots of level `n` at `n << LEVEL_LOTS`. */
  lots: Float64Array
  /** Level numbers by hash. */
  #places: Int32Array
  /** Levels that have been numbered, emptied ones and free ones with them. */
  #numbered = 0
  /** Levels in {@link #places}. */
  #placed = 0
  #free = new Int32Array(1)
  #freeCount = 0
  #memory: OrderMemory | undefined
  #recordStretch: Stretch | undefined
  #placeStretch: Stretch | undefined

  /** @param places hash places to begin with, a power of two */
  constructor(places = 64) {
    this.#places = new Int32Array(places)
    this.words = new Int32Array((places / 2 + 1) << LEVEL)
    this.lots = new Float64Array(this.words.buffer)
  }

  /** Greatest number of a level so far. */
  get numbered(): number {
    return this.#numbered
  }

  /** Returns the level of a side (0 bids, 1 asks) and tick, emptied ones too, else 0. */
  find(side: number, tick: number): number {
    const places = this.#places
    const mask = places.length - 1
    for (let at = placeOf(side, tick) & mask; ; at = (at + STEP) & mask) {
      const level = places[at]!
      if (level === 0 || this.#is(level, side, tick)) return level
    }
  }

  /** Returns the level of a side and tick, a new one where there is none. */
  open(side: number, tick: number): number {
    const found = this.find(side, tick)
    return found === 0 ? this.#insert(side, tick) : found
  }

  /** True while a level keeps sums over its queue. */
  hasSums(level: number): boolean {
    return (this.words[(level << LEVEL) + LEVEL_NOTES]! & HAS_SUMS) !== 0
  }

  /** Takes all orders of a level, but no order from its place. */
  empty(level: number): void {
    const at = level << LEVEL
    const { words } = this
    this.lots[level << LEVEL_LOTS] = 0
    words[at + LEVEL_HEAD] = 0
    words[at + LEVEL_TAIL] = 0
    words[at + LEVEL_COUNT] = 0
    words[at + LEVEL_NOTES]! &= ~HAS_SUMS
  }

  #is(level: number, side: number, tick: number): boolean {
    const at = level << LEVEL
    return this.words[at + LEVEL_TICK] === tick && this.words[at + LEVEL_SIDE] === side
  }

  #insert(side: number, tick: number): number {
    if (this.#placed * 2 >= this.#places.length) this.#sweep()
    const level = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : ++this.#numbered
    this.words[(level << LEVEL) + LEVEL_SIDE] = side
    this.words[(level << LEVEL) + LEVEL_TICK] = tick
    this.#place(level)
    return level
  }

  #place(level: number): void {
    const places = this.#places
    const mask = places.length - 1
    const at = level << LEVEL
    let place = placeOf(this.words[at + LEVEL_SIDE]!, this.words[at + LEVEL_TICK]!) & mask
    while (places[place] !== 0) place = (place + STEP) & mask
    places[place] = level
    this.#placed++
  }

  /** Lets emptied levels go; doubles the table where a quarter of it is in use even so. */
  #sweep(): void {
    const before = this.#places.slice()
    let used = 0
    for (const level of before) {
      if (level !== 0 && this.#isUsed(level)) used++
    }
    const places = used * 4 > before.length ? before.length * 2 : before.length
    if (places > before.length) this.#grow(places)
    this.#places.fill(0)
    this.#placed = 0
    const free = new Int32Array(places / 2 + 1)
    free.set(this.#free.subarray(0, this.#freeCount))
    this.#free = free
    for (const level of before) {
      if (level === 0) continue
      if (this.#isUsed(level)) this.#place(level)
      else free[this.#freeCount++] = level
    }
  }

  /** True where orders stand at a level, real ones or ours. */
  #isUsed(level: number): boolean {
    const at = level << LEVEL
    return this.words[at + LEVEL_COUNT] !== 0 || this.words[at + LEVEL_NOTES] !== 0
  }

  #grow(places: number): void {
    if (this.#memory === undefined) {
      const words = new Int32Array((places / 2 + 1) << LEVEL)
      words.set(this.words)
      this.words = words
      this.lots = new Float64Array(words.buffer)
      this.#places = new Int32Array(places)
    } else {
      this.#recordStretch!.enlarge((places / 2 + 1) << (LEVEL + 2))
      this.#placeStretch!.enlarge(places * 4)
      this.#memory.setPlaces(places)
    }
  }

  /** Keeps the levels in linear memory from here on. */
  moveTo(memory: OrderMemory): void {
    const words = this.words
    const places = this.#places
    this.#memory = memory
    this.#recordStretch = memory.stretch(LEVELS, words.byteLength, (buffer, address, bytes) => {
      this.words = new Int32Array(buffer, address, bytes >> 2)
      this.lots = new Float64Array(buffer, address, bytes >> 3)
    })
    this.words.set(words)
    this.#placeStretch = memory.stretch(PLACES, places.byteLength, (buffer, address, bytes) => {
      this.#places = new Int32Array(buffer, address, bytes >> 2)
    })
    this.#places.set(places)
    memory.setPlaces(places.length)
  }
}

/** Eight neighbouring ticks share a run of places, so that those near the touch share memory. */
function placeOf(side: number, tick: number): number {
  const hash = Math.imul((tick >> 3) ^ (side << 30), 0x9e3779b1)
  return (((hash ^ (hash >>> 15)) << 3) | (tick & 7)) >>> 0
}
