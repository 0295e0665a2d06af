/**
 * The price levels at which something of ours matters: where our orders rest, in a queue of their
 * own, and where we took lots that the venue still shows.
 *
 * A level's key is its tick turned so that a greater key is a better price (the ladder's way): the
 * tick for side 0, the bids; its complement for side 1, the asks. Levels of a side are chained from
 * the best to the worst, orders of a level from the oldest to the youngest. A row of the tape asks
 * `mayConcern` first and looks further only when that says so.
 */
import { BY_LEVEL, type RestingMemory, type RestingWatch } from '../book/index.ts'
import type { Side } from '../market/index.ts'

const SLOTS = 4096
const SLOT_MASK = SLOTS - 1

/** The end of a chain. */
export const NONE = -1

/** The best price of no order: below every key. */
export const NO_KEY = -2147483648

/** Index of the side at which orders of `side` rest. */
export const sideIndexOf = (side: Side): 0 | 1 => (side > 0 ? 0 : 1)

/** Turns a tick into the key of a side, and a key into its tick. */
export const turned = (tickOrKey: number, side: number): number => tickOrKey ^ -side

/** Levels and orders by row, in parallel arrays; rows are reused when free. */
export class OwnLevels {
  /** Orders that rest. */
  restingCount = 0
  /** Levels at which the memory of what was taken holds something. */
  markedCount = 0
  /** By side: the best level, of any kind, {@link NONE} when there is none. */
  readonly best = Int32Array.of(NONE, NONE)
  /** By side: key of the best level with orders, {@link NO_KEY} without. */
  readonly bestKey = Int32Array.of(NO_KEY, NO_KEY)

  /** Of a level. */
  key: Int32Array
  side: Uint8Array
  /** The level of the side with the next worse price. */
  worse: Int32Array
  /** Its oldest order. */
  first: Int32Array
  isMarked: Uint8Array
  /** Lots that the venue shows, as far as a marked level has heard. */
  shown: Float64Array
  /** Lots that we took since the venue last sent the level. */
  taken: Float64Array
  /** Lots that others traded there since then, as far as known. */
  traded: Float64Array
  /** Number of the tape's row from which on `traded` counts by itself. */
  since: Float64Array

  /** Of an order: its index in the run's order table. */
  order: Int32Array
  level: Int32Array
  lots: Float64Array
  filled: Float64Array
  owner: Int32Array
  /** Estimated lots of the market ahead of it, >= 0; ours ahead of it are not among them. */
  front: Float64Array
  /** Lots that traded at its price since the venue last sent the level. */
  tradedSince: Float64Array
  /** The next younger order at its level. */
  next: Int32Array

  #better: Int32Array
  #last: Int32Array
  #nextInSlot: Int32Array
  #previous: Int32Array
  /** True while a kernel sees the columns: there are not more levels and orders than fit. */
  #isShared: boolean
  readonly #model: number = 0
  readonly #concerns = { askMin: 0, bidMax: 0, queue: 0, isEachTrade: false }
  readonly #worst = Int32Array.of(NONE, NONE)
  #freeLevel = NONE
  #usedLevels = 0
  #freeOrder = NONE
  #usedOrders = 0
  readonly #slots: Int32Array
  readonly #rowOf = new Map<number, number>()

  /**
   * @param shared what a compiled kernel sees of them
   * @param model  the queue model as the kernel knows it, see `QueueModel.kernelCode`
   */
  constructor(shared?: RestingMemory, model = 0) {
    this.#model = model
    const levels = shared?.tick.length ?? 32
    const orders = shared?.front.length ?? 64
    this.#isShared = shared !== undefined
    this.#slots = (shared?.slots ?? new Int32Array(SLOTS)).fill(NONE)
    this.key = shared?.tick ?? new Int32Array(levels)
    this.side = shared?.side ?? new Uint8Array(levels)
    this.first = shared?.first ?? new Int32Array(levels)
    this.isMarked = shared?.marked ?? new Uint8Array(levels)
    this.#nextInSlot = shared?.nextInSlot ?? new Int32Array(levels)
    this.worse = new Int32Array(levels)
    this.shown = new Float64Array(levels)
    this.taken = new Float64Array(levels)
    this.traded = new Float64Array(levels)
    this.since = new Float64Array(levels)
    this.#better = new Int32Array(levels)
    this.#last = new Int32Array(levels)
    this.front = shared?.front ?? new Float64Array(orders)
    this.tradedSince = shared?.traded ?? new Float64Array(orders)
    this.next = shared?.behind ?? new Int32Array(orders)
    this.order = new Int32Array(orders)
    this.level = new Int32Array(orders)
    this.lots = new Float64Array(orders)
    this.filled = new Float64Array(orders)
    this.owner = new Int32Array(orders)
    this.#previous = new Int32Array(orders)
  }

  /** False is certain: nothing of ours stands at `tick`, whatever the side. */
  mayConcern(tick: number): boolean {
    return this.#slots[tick & SLOT_MASK] !== NONE
  }

  /** What of the tape may concern us, where all trades do or only those that meet us. */
  concernsWith(allTrades: boolean): RestingWatch {
    const concerns = this.#concerns
    concerns.askMin = ~this.bestKey[1]!
    concerns.bidMax = this.bestKey[0]!
    concerns.queue = this.#isShared ? BY_LEVEL | this.#model : -1
    concerns.isEachTrade = allTrades || this.markedCount > 0
    return concerns
  }

  /** Greatest key of any level of a side, {@link NO_KEY} without levels. */
  highestKey(side: number): number {
    const level = this.best[side]!
    return level === NONE ? NO_KEY : this.key[level]!
  }

  /** Least key of any level of a side, 2^31 - 1 without levels. */
  lowestKey(side: number): number {
    const level = this.#worst[side]!
    return level === NONE ? ~NO_KEY : this.key[level]!
  }

  /** The level at a key, {@link NONE} where nothing of ours stands. */
  levelAt(side: number, key: number): number {
    let level = this.#slots[turned(key, side) & SLOT_MASK]!
    while (level !== NONE && (this.key[level] !== key || this.side[level] !== side)) {
      level = this.#nextInSlot[level]!
    }
    return level
  }

  /** The row of an order, {@link NONE} when it does not rest. */
  find(order: number): number {
    return this.#rowOf.get(order) ?? NONE
  }

  /** Rows of all orders, the oldest first. */
  rows(): IterableIterator<number> {
    return this.#rowOf.values()
  }

  /** The youngest order at a level, {@link NONE} where none rests. */
  lastAt(level: number): number {
    return this.#last[level]!
  }

  /**
   * Puts an order of `lots` behind all others of ours at its price and returns its row, of which
   * the caller sets `filled`, `owner` and `front`.
   */
  add(order: number, side: number, key: number, lots: number): number {
    const level = this.#levelFor(side, key)
    const row = this.#takeOrderRow()
    const previous = this.#last[level]!
    this.order[row] = order
    this.level[row] = level
    this.lots[row] = lots
    this.tradedSince[row] = 0
    this.next[row] = NONE
    this.#previous[row] = previous
    if (previous === NONE) this.first[level] = row
    else this.next[previous] = row
    this.#last[level] = row
    this.#rowOf.set(order, row)
    this.restingCount++
    if (key > this.bestKey[side]!) this.bestKey[side] = key
    return row
  }

  /** The levels at which orders rest. */
  withOrders(): number[] {
    const found = []
    for (const side of [0, 1]) {
      for (let level = this.best[side]!; level !== NONE; level = this.worse[level]!) {
        if (this.first[level] !== NONE) found.push(level)
      }
    }
    return found
  }

  /** Takes an order out; its level goes too when nothing else of ours stands there. */
  remove(row: number): void {
    const level = this.level[row]!
    const next = this.next[row]!
    const previous = this.#previous[row]!
    if (previous === NONE) this.first[level] = next
    else this.next[previous] = next
    if (next === NONE) this.#last[level] = previous
    else this.#previous[next] = previous
    this.#rowOf.delete(this.order[row]!)
    this.next[row] = this.#freeOrder
    this.#freeOrder = row
    this.restingCount--
    if (this.first[level] !== NONE) return
    const side = this.side[level]!
    if (this.key[level] === this.bestKey[side]) this.#findBestKey(side, this.worse[level]!)
    if (this.isMarked[level] === 0) this.#dropLevel(level)
  }

  /**
   * Returns the level at a key, remembered from now on.
   *
   * @param shown lots that the venue shows there
   * @param since number of the tape's next row
   */
  mark(side: number, key: number, shown: number, since: number): number {
    const level = this.#levelFor(side, key)
    if (this.isMarked[level] === 0) {
      this.isMarked[level] = 1
      this.shown[level] = shown
      this.taken[level] = 0
      this.traded[level] = 0
      this.since[level] = since
      this.markedCount++
    }
    return level
  }

  /** Forgets what was taken at a level. */
  unmark(level: number): void {
    if (this.isMarked[level] === 0) return
    this.isMarked[level] = 0
    this.markedCount--
    if (this.first[level] === NONE) this.#dropLevel(level)
  }

  /** Forgets what was taken anywhere on a side. */
  unmarkSide(side: number): void {
    for (let level = this.best[side]!; level !== NONE;) {
      const worse = this.worse[level]!
      this.unmark(level)
      level = worse
    }
  }

  #findBestKey(side: number, from: number): void {
    let level = from
    while (level !== NONE && this.first[level] === NONE) level = this.worse[level]!
    this.bestKey[side] = level === NONE ? NO_KEY : this.key[level]!
  }

  #levelFor(side: number, key: number): number {
    const found = this.levelAt(side, key)
    if (found !== NONE) return found
    const level = this.#takeLevelRow()
    this.key[level] = key
    this.side[level] = side
    this.first[level] = NONE
    this.#last[level] = NONE
    this.isMarked[level] = 0
    this.#chain(level, side, key)
    const slot = turned(key, side) & SLOT_MASK
    this.#nextInSlot[level] = this.#slots[slot]!
    this.#slots[slot] = level
    return level
  }

  /** Puts a level between its neighbours in price. */
  #chain(level: number, side: number, key: number): void {
    let better = NONE
    let worse = this.best[side]!
    if (worse !== NONE && this.key[this.#worst[side]!]! > key) {
      better = this.#worst[side]!
      worse = NONE
    }
    while (worse !== NONE && this.key[worse]! > key) {
      better = worse
      worse = this.worse[worse]!
    }
    this.#better[level] = better
    this.worse[level] = worse
    if (better === NONE) this.best[side] = level
    else this.worse[better] = level
    if (worse === NONE) this.#worst[side] = level
    else this.#better[worse] = level
  }

  #dropLevel(level: number): void {
    const side = this.side[level]!
    const better = this.#better[level]!
    const worse = this.worse[level]!
    if (better === NONE) this.best[side] = worse
    else this.worse[better] = worse
    if (worse === NONE) this.#worst[side] = better
    else this.#better[worse] = better
    const slot = turned(this.key[level]!, side) & SLOT_MASK
    let at = this.#slots[slot]!
    if (at === level) {
      this.#slots[slot] = this.#nextInSlot[level]!
    } else {
      while (this.#nextInSlot[at] !== level) at = this.#nextInSlot[at]!
      this.#nextInSlot[at] = this.#nextInSlot[level]!
    }
    this.#nextInSlot[level] = this.#freeLevel
    this.#freeLevel = level
  }

  #takeLevelRow(): number {
    if (this.#freeLevel !== NONE) {
      const level = this.#freeLevel
      this.#freeLevel = this.#nextInSlot[level]!
      return level
    }
    if (this.#usedLevels === this.key.length) this.#growLevels()
    return this.#usedLevels++
  }

  #takeOrderRow(): number {
    if (this.#freeOrder !== NONE) {
      const row = this.#freeOrder
      this.#freeOrder = this.next[row]!
      return row
    }
    if (this.#usedOrders === this.order.length) this.#growOrders()
    return this.#usedOrders++
  }

  #growLevels(): void {
    const length = this.key.length * 2
    this.#isShared = false
    this.key = grown(this.key, new Int32Array(length))
    this.side = grown(this.side, new Uint8Array(length))
    this.worse = grown(this.worse, new Int32Array(length))
    this.first = grown(this.first, new Int32Array(length))
    this.isMarked = grown(this.isMarked, new Uint8Array(length))
    this.shown = grown(this.shown, new Float64Array(length))
    this.taken = grown(this.taken, new Float64Array(length))
    this.traded = grown(this.traded, new Float64Array(length))
    this.since = grown(this.since, new Float64Array(length))
    this.#better = grown(this.#better, new Int32Array(length))
    this.#last = grown(this.#last, new Int32Array(length))
    this.#nextInSlot = grown(this.#nextInSlot, new Int32Array(length))
  }

  #growOrders(): void {
    const length = this.order.length * 2
    this.#isShared = false
    this.order = grown(this.order, new Int32Array(length))
    this.level = grown(this.level, new Int32Array(length))
    this.lots = grown(this.lots, new Float64Array(length))
    this.filled = grown(this.filled, new Float64Array(length))
    this.owner = grown(this.owner, new Int32Array(length))
    this.front = grown(this.front, new Float64Array(length))
    this.tradedSince = grown(this.tradedSince, new Float64Array(length))
    this.next = grown(this.next, new Int32Array(length))
    this.#previous = grown(this.#previous, new Int32Array(length))
  }
}

function grown<T extends Int32Array | Uint8Array | Float64Array>(column: T, longer: T): T {
  longer.set(column)
  return longer
}
