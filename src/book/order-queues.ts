/**
 * The orders of a market-by-order book: price-time queues over pools of typed arrays.
 *
 * The importer's dense reference of an order is its place in the pool: nothing is looked up. The
 * orders of a level form a doubly linked list in order of arrival, and the ladder is told of each
 * change. A slot is a reference + 1, and 0 stands for "none", so that fresh memory is an empty pool.
 *
 * Positions in the queue. No structure answers them in O(1) and takes departures from the middle in
 * O(1) as well: prefix sums that change cost log n / log log n (Fredman & Saks 1989). Who asks, asks
 * of few orders, his own, again and again. So an order whose position was asked is watched: its
 * position is counted once, from the nearer end of its queue, and then each departure ahead of it
 * is taken off. Replays that nobody asks pay one load a departure.
 */
import { assert } from '../core/index.ts'
import { NO_ASK, NO_BID, type Ladder } from './ladder.ts'
import {
  LEVEL_COUNT,
  LEVEL_HEAD,
  LEVEL_SIDE,
  LEVEL_TAIL,
  LEVEL_TICK,
  LEVEL_WATCHED,
  LEVEL_WORDS,
  LevelTable,
} from './level-table.ts'
import { WatchedPositions } from './watched-positions.ts'

/** 32-bit words of one order: lots (double), arrival (double), then the words below. */
const ORDER_WORDS = 8
const ORDER_PREV = 4
const ORDER_NEXT = 5
const ORDER_LEVEL = 6

/** What became of one change of an order. */
export const OrderOutcome = {
  Applied: 0,
  /** No live order has the reference, or none could have it; nothing has changed. */
  Unknown: 1,
  /** A live order has the reference already; nothing has changed. */
  Duplicate: 2,
  /** The tick, the lots or the new reference are none; nothing has changed. */
  Invalid: 3,
  /** More lots were taken than the order had: the order is gone. */
  Excess: 4,
} as const

/** One of {@link OrderOutcome}. */
export type OrderOutcome = (typeof OrderOutcome)[keyof typeof OrderOutcome]

/**
 * What a modification at the same price costs an order; at another price it always goes last.
 *
 * `decrease-keeps`: a greater size loses the place, a smaller or equal one keeps it (CME, NASDAQ).
 * `always-lose`: every modification loses it. `keep`: none does.
 */
export type ModifyPriority = 'decrease-keeps' | 'always-lose' | 'keep'

/** How {@link OrderQueues} behave. */
export interface OrderQueuesOptions {
  /** Default `decrease-keeps`. */
  readonly modifyPriority?: ModifyPriority
  /** References are below this, so that a wrong one cannot claim the memory; default 2^24. */
  readonly ordersMax?: number
}

/** Every live order, by reference and by its place in the queue of its price. */
export class OrderQueues {
  readonly ladder: Ladder
  /** Live orders. */
  count = 0
  readonly #levels = new LevelTable()
  readonly #watched = new WatchedPositions()
  readonly #refsMax: number
  /** Lots that a modification at the same price may add without loss of the place. */
  readonly #growthMax: number
  /** False where no modification at all leaves an order its place. */
  readonly #keepsPlace: boolean
  #words = new Int32Array(ORDER_WORDS)
  #doubles = new Float64Array(this.#words.buffer)
  /** References that the pool has room for: those below. */
  #room = 0

  constructor(ladder: Ladder, options: OrderQueuesOptions = {}) {
    const { modifyPriority = 'decrease-keeps', ordersMax = 2 ** 24 } = options
    assert(ordersMax >= 1 && ordersMax <= 2 ** 26, '1 <= ordersMax <= 2^26')
    this.ladder = ladder
    this.#refsMax = ordersMax
    this.#growthMax = modifyPriority === 'keep' ? Number.POSITIVE_INFINITY : 0
    this.#keepsPlace = modifyPriority !== 'always-lose'
  }

  /** Adds an order behind all others of its price; `side` is 0 for a bid, 1 for an ask. */
  add(ref: number, side: 0 | 1, tick: number, lots: number): OrderOutcome {
    if (ref >>> 0 !== ref || ref >= this.#refsMax) return OrderOutcome.Unknown
    if (this.levelOf(ref) !== 0) return OrderOutcome.Duplicate
    if (!isSize(lots) || !isTick(side, tick)) return OrderOutcome.Invalid
    if (ref >= this.#room) this.#grow(ref)
    this.#append(ref + 1, side, tick, lots)
    this.count++
    return OrderOutcome.Applied
  }

  /** Takes lots from an order, by cancellation or execution; with its last lot the order goes. */
  reduce(ref: number, lots: number): OrderOutcome {
    const level = this.levelOf(ref)
    if (level === 0) return OrderOutcome.Unknown
    if (!isSize(lots)) return OrderOutcome.Invalid
    const slot = ref + 1
    const held = this.#doubles[slot * (ORDER_WORDS / 2)]!
    if (lots < held) {
      this.#shrink(slot, level, lots)
      return OrderOutcome.Applied
    }
    this.#leave(slot, level)
    return lots > held ? OrderOutcome.Excess : OrderOutcome.Applied
  }

  /** Takes a whole order away. */
  remove(ref: number): OrderOutcome {
    const level = this.levelOf(ref)
    if (level === 0) return OrderOutcome.Unknown
    this.#leave(ref + 1, level)
    return OrderOutcome.Applied
  }

  /** Gives an order another price, size or both; 0 lots take it away. */
  modify(ref: number, tick: number, lots: number): OrderOutcome {
    const level = this.levelOf(ref)
    if (level === 0) return OrderOutcome.Unknown
    if (lots === 0) return this.remove(ref)
    const at = level * LEVEL_WORDS
    const side = this.#levels.words[at + LEVEL_SIDE] as 0 | 1
    if (!isSize(lots) || !isTick(side, tick)) return OrderOutcome.Invalid
    const slot = ref + 1
    const growth = lots - this.#doubles[slot * (ORDER_WORDS / 2)]!
    const isSamePrice = this.#levels.words[at + LEVEL_TICK] === tick
    if (isSamePrice && this.#keepsPlace && growth <= this.#growthMax) {
      if (growth !== 0) this.#shrink(slot, level, -growth)
      return OrderOutcome.Applied
    }
    this.#leave(slot, level)
    this.#append(slot, side, tick, lots)
    this.count++
    return OrderOutcome.Applied
  }

  /**
   * Puts a new order in the place of an old one, behind all others of its price and on the same
   * side. `newRef` may be the old one's; a live order of that reference is a duplicate.
   */
  replace(oldRef: number, newRef: number, tick: number, lots: number): OrderOutcome {
    const level = this.levelOf(oldRef)
    if (level === 0) return OrderOutcome.Unknown
    const side = this.#levels.words[level * LEVEL_WORDS + LEVEL_SIDE] as 0 | 1
    if (newRef !== oldRef && this.levelOf(newRef) !== 0) return OrderOutcome.Duplicate
    const isRef = newRef >>> 0 === newRef && newRef < this.#refsMax
    if (!isRef || !isSize(lots) || !isTick(side, tick)) return OrderOutcome.Invalid
    this.#leave(oldRef + 1, level)
    return this.add(newRef, side, tick, lots)
  }

  /** Takes every order of one side away, or of both. */
  clear(side?: 0 | 1): void {
    const { words, lots, numbered } = this.#levels
    for (let level = 1; level <= numbered; level++) {
      const at = level * LEVEL_WORDS
      if (side !== undefined && words[at + LEVEL_SIDE] !== side) continue
      for (let slot = words[at + LEVEL_HEAD]!; slot !== 0;) {
        const next = this.#words[slot * ORDER_WORDS + ORDER_NEXT]!
        this.#words[slot * ORDER_WORDS + ORDER_LEVEL] = 0
        slot = next
      }
      this.count -= words[at + LEVEL_COUNT]!
      this.#watched.forgetAll(words[at + LEVEL_WATCHED]!)
      words.fill(0, at + LEVEL_HEAD, at + LEVEL_WORDS)
      lots[at / 2] = 0
    }
    if (side !== 1) this.ladder.clearBids()
    if (side !== 0) this.ladder.clearAsks()
  }

  /** Number of the level on which an order stands, 0 where no live order has the reference. */
  levelOf(ref: number): number {
    // A reference that is no integer, negative or too great is none of ours.
    if (ref >>> 0 !== ref || ref >= this.#room) return 0
    return this.#words[(ref + 1) * ORDER_WORDS + ORDER_LEVEL]!
  }

  /** Lots that an order has left, 0 where no live order has the reference. */
  lotsOf(ref: number): number {
    return this.levelOf(ref) === 0 ? 0 : this.#doubles[(ref + 1) * (ORDER_WORDS / 2)]!
  }

  /** Side index of a live order's level: 0 bids, 1 asks. */
  sideOf(ref: number): 0 | 1 {
    return this.#levels.words[this.levelOf(ref) * LEVEL_WORDS + LEVEL_SIDE] as 0 | 1
  }

  /** Tick of a live order. */
  tickOf(ref: number): number {
    return this.#levels.words[this.levelOf(ref) * LEVEL_WORDS + LEVEL_TICK]!
  }

  /** Orders at a price. */
  countAt(side: 0 | 1, tick: number): number {
    return this.#levels.words[this.#levels.find(side, tick) * LEVEL_WORDS + LEVEL_COUNT]!
  }

  /** Reference of the order that is first at a price, -1 where there is none. */
  firstAt(side: 0 | 1, tick: number): number {
    return this.#levels.words[this.#levels.find(side, tick) * LEVEL_WORDS + LEVEL_HEAD]! - 1
  }

  /** Reference of the order next behind a live order, -1 where there is none. */
  nextOf(ref: number): number {
    return this.#words[(ref + 1) * ORDER_WORDS + ORDER_NEXT]! - 1
  }

  /**
   * Lots ahead of an order at its price, -1 where no live order has the reference.
   *
   * @cost O(1) once asked; the first time O(min(orders ahead, orders behind)), which is O(1) for an
   *   order that has just arrived
   */
  lotsAhead(ref: number): number {
    return this.#watch(ref) ? this.#watched.lots[ref]! : -1
  }

  /** Orders ahead of an order at its price, -1 as for {@link lotsAhead}. @cost as lotsAhead */
  ordersAhead(ref: number): number {
    return this.#watch(ref) ? this.#watched.orders[ref]! : -1
  }

  /** Stops counting the position of an order; the next question counts it anew. */
  unwatch(ref: number): void {
    const at = this.levelOf(ref) * LEVEL_WORDS + LEVEL_WATCHED
    if (at < LEVEL_WORDS || !this.#watched.has(ref)) return
    this.#levels.words[at] = this.#watched.without(this.#levels.words[at]!, ref + 1)
  }

  #append(slot: number, side: 0 | 1, tick: number, lots: number): void {
    const levels = this.#levels
    const level = levels.open(side, tick)
    const at = level * LEVEL_WORDS
    const tail = levels.words[at + LEVEL_TAIL]!
    const order = slot * ORDER_WORDS
    const words = this.#words
    const doubles = this.#doubles
    doubles[order / 2] = lots
    // Arrivals rise along a queue; a number that its last order takes away may come again.
    doubles[order / 2 + 1] = tail === 0 ? 0 : doubles[tail * (ORDER_WORDS / 2) + 1]! + 1
    words[order + ORDER_PREV] = tail
    words[order + ORDER_NEXT] = 0
    words[order + ORDER_LEVEL] = level
    if (tail === 0) levels.words[at + LEVEL_HEAD] = slot
    else words[tail * ORDER_WORDS + ORDER_NEXT] = slot
    levels.words[at + LEVEL_TAIL] = slot
    levels.words[at + LEVEL_COUNT]!++
    this.#tellLadder(level, lots)
  }

  /** Takes lots from an order that stays; a negative number adds to it. */
  #shrink(slot: number, level: number, lots: number): void {
    this.#doubles[slot * (ORDER_WORDS / 2)]! -= lots
    const watched = this.#levels.words[level * LEVEL_WORDS + LEVEL_WATCHED]!
    if (watched !== 0) this.#watched.shrunk(watched, this.#arrivalOf(slot), lots)
    this.#tellLadder(level, -lots)
  }

  #leave(slot: number, level: number): void {
    const at = level * LEVEL_WORDS
    const levelWords = this.#levels.words
    const words = this.#words
    const order = slot * ORDER_WORDS
    const lots = this.#doubles[order / 2]!
    const watched = levelWords[at + LEVEL_WATCHED]!
    if (watched !== 0) {
      levelWords[at + LEVEL_WATCHED] = this.#watched.left(
        watched,
        slot,
        this.#arrivalOf(slot),
        lots,
      )
    }
    const prev = words[order + ORDER_PREV]!
    const next = words[order + ORDER_NEXT]!
    if (prev === 0) levelWords[at + LEVEL_HEAD] = next
    else words[prev * ORDER_WORDS + ORDER_NEXT] = next
    if (next === 0) levelWords[at + LEVEL_TAIL] = prev
    else words[next * ORDER_WORDS + ORDER_PREV] = prev
    levelWords[at + LEVEL_COUNT]!--
    words[order + ORDER_LEVEL] = 0
    this.count--
    this.#tellLadder(level, -lots)
  }

  #tellLadder(level: number, change: number): void {
    const { words, lots } = this.#levels
    const at = level * LEVEL_WORDS
    const side = words[at + LEVEL_SIDE] as 0 | 1
    const total = lots[at / 2]! + change
    lots[at / 2] = total
    this.ladder.sides[side].set(words[at + LEVEL_TICK]! ^ -side, total)
  }

  #arrivalOf(slot: number): number {
    return this.#doubles[slot * (ORDER_WORDS / 2) + 1]!
  }

  /** Watches an order where it is not yet; false when there is none. */
  #watch(ref: number): boolean {
    const level = this.levelOf(ref)
    if (level === 0) return false
    if (this.#watched.has(ref)) return true
    const { words, lots } = this.#levels
    const at = level * LEVEL_WORDS
    const slot = ref + 1
    const orders = this.#words
    let ahead = orders[slot * ORDER_WORDS + ORDER_PREV]!
    let behind = orders[slot * ORDER_WORDS + ORDER_NEXT]!
    let steps = 0
    let lotsAhead = 0
    let lotsBehind = 0
    while (ahead !== 0 && behind !== 0) {
      steps++
      lotsAhead += this.#doubles[ahead * (ORDER_WORDS / 2)]!
      lotsBehind += this.#doubles[behind * (ORDER_WORDS / 2)]!
      ahead = orders[ahead * ORDER_WORDS + ORDER_PREV]!
      behind = orders[behind * ORDER_WORDS + ORDER_NEXT]!
    }
    let ordersAhead = steps
    if (ahead !== 0) {
      const held = this.#doubles[slot * (ORDER_WORDS / 2)]!
      ordersAhead = words[at + LEVEL_COUNT]! - 1 - steps
      lotsAhead = lots[at / 2]! - held - lotsBehind
    }
    this.#watched.begin(slot, words[at + LEVEL_WATCHED]!, this.#arrivalOf(slot))
    this.#watched.lots[ref] = lotsAhead
    this.#watched.orders[ref] = ordersAhead
    words[at + LEVEL_WATCHED] = slot
    return true
  }

  /** Makes room for a reference, at least twice what there was. */
  #grow(ref: number): void {
    let room = Math.max(64, this.#room * 2)
    while (room <= ref) room *= 2
    room = Math.min(room, this.#refsMax)
    const words = new Int32Array((room + 1) * ORDER_WORDS)
    words.set(this.#words)
    this.#words = words
    this.#doubles = new Float64Array(words.buffer)
    this.#room = room
  }
}

function isSize(lots: number): boolean {
  return Number.isSafeInteger(lots) && lots > 0
}

function isTick(side: 0 | 1, tick: number): boolean {
  return (tick | 0) === tick && tick !== (side === 0 ? NO_BID : NO_ASK)
}
