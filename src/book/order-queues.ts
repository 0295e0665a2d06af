/**
 * The orders of a market-by-order book: price-time queues over pools of typed arrays.
 *
 * The importer's dense reference of an order is its place in the pool: nothing is looked up. The
 * orders of a level form a doubly linked list in order of arrival, and the ladder is told of each
 * change. A slot is a reference + 1, and 0 stands for "none", so that fresh memory is an empty pool.
 *
 * Positions in the queue. No structure has both changes and sums in O(1): one of them costs
 * log n / log log n (Fredman & Saks 1989). Most queues are never asked about, so a queue gets its
 * {@link QueueBlocks} with the first question and keeps them until it is empty. An order enters
 * them once while it rests: the cost of that is part of its arrival, whoever asks how often.
 */
import { assert } from '../core/index.ts'
import { NO_KEY } from './far-levels.ts'
import { NO_ASK, NO_BID, type Ladder } from './ladder.ts'
import {
  LEVEL,
  HAS_SUMS,
  LEVEL_COUNT,
  LEVEL_HEAD,
  LEVEL_LOTS,
  LEVEL_SIDE,
  LEVEL_NOTES,
  LEVEL_TAIL,
  LEVEL_TICK,
  type LevelTable,
} from './level-table.ts'
import {
  ORDER,
  ORDER_BLOCK,
  ORDER_LEVEL,
  ORDER_LOTS,
  ORDER_NEXT,
  ORDER_PREV,
  OrderPool,
} from './order-pool.ts'
import { QueueBlocks } from './queue-blocks.ts'

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
  /** Where the orders are; for `order-rows.kernel.ts`, which does in one loop what this class does. */
  readonly pool: OrderPool
  readonly #levels: LevelTable
  readonly #blocks = new QueueBlocks()
  readonly #refsMax: number = 0
  /** What the last {@link #sumAhead} found. */
  #lotsAhead = 0
  #ordersAhead = 0

  constructor(ladder: Ladder, options: OrderQueuesOptions = {}) {
    const { modifyPriority = 'decrease-keeps', ordersMax = 2 ** 24 } = options
    assert(ordersMax >= 1 && ordersMax <= 2 ** 26, '1 <= ordersMax <= 2^26')
    this.ladder = ladder
    this.#refsMax = ordersMax
    this.pool = new OrderPool(ladder.sides, {
      growthMax: modifyPriority === 'keep' ? Number.POSITIVE_INFINITY : 0,
      keepsPlace: modifyPriority !== 'always-lose',
      refsMax: ordersMax,
    })
    this.#levels = this.pool.levels
  }

  /** Live orders. */
  get count(): number {
    return this.pool.count
  }

  /** Adds an order behind all others of its price; `side` is 0 for a bid, 1 for an ask. */
  add(ref: number, side: 0 | 1, tick: number, lots: number): OrderOutcome {
    if (ref >>> 0 !== ref || ref >= this.#refsMax) return OrderOutcome.Unknown
    if (ref >= this.pool.room) this.pool.grow(ref)
    else if (this.pool.words[((ref + 1) << ORDER) + ORDER_LEVEL] !== 0)
      return OrderOutcome.Duplicate
    if (!isSize(lots) || !isTick(side, tick)) return OrderOutcome.Invalid
    this.#append(ref + 1, side, tick, lots)
    return OrderOutcome.Applied
  }

  /** Takes lots from an order, by cancellation or execution; with its last lot the order goes. */
  reduce(ref: number, lots: number): OrderOutcome {
    const level = this.levelOf(ref)
    if (level === 0) return OrderOutcome.Unknown
    if (!isSize(lots)) return OrderOutcome.Invalid
    const slot = ref + 1
    const held = this.pool.lots[slot << ORDER_LOTS]!
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
    const at = level << LEVEL
    const side = this.#levels.words[at + LEVEL_SIDE] as 0 | 1
    if (!isSize(lots) || !isTick(side, tick)) return OrderOutcome.Invalid
    const slot = ref + 1
    const growth = lots - this.pool.lots[slot << ORDER_LOTS]!
    const isSamePrice = this.#levels.words[at + LEVEL_TICK] === tick
    if (isSamePrice && this.pool.keepsPlace && growth <= this.pool.growthMax) {
      if (growth !== 0) this.#shrink(slot, level, -growth)
      return OrderOutcome.Applied
    }
    this.#leave(slot, level)
    this.#append(slot, side, tick, lots)
    return OrderOutcome.Applied
  }

  /**
   * Puts a new order in the place of an old one, behind all others of its price and on the same
   * side. `newRef` may be the old one's; a live order of that reference is a duplicate.
   */
  replace(oldRef: number, newRef: number, tick: number, lots: number): OrderOutcome {
    const level = this.levelOf(oldRef)
    if (level === 0) return OrderOutcome.Unknown
    const side = this.#levels.words[(level << LEVEL) + LEVEL_SIDE] as 0 | 1
    if (newRef !== oldRef && this.levelOf(newRef) !== 0) return OrderOutcome.Duplicate
    const isRef = newRef >>> 0 === newRef && newRef < this.#refsMax
    if (!isRef || !isSize(lots) || !isTick(side, tick)) return OrderOutcome.Invalid
    this.#leave(oldRef + 1, level)
    return this.add(newRef, side, tick, lots)
  }

  /** Takes every order of one side away, or of both. */
  clear(side?: 0 | 1): void {
    if (side === undefined) {
      this.#clearAll()
      return
    }
    const { words, numbered } = this.#levels
    for (let level = 1; level <= numbered; level++) {
      const at = level << LEVEL
      if (words[at + LEVEL_SIDE] !== side || words[at + LEVEL_COUNT] === 0) continue
      for (let slot = words[at + LEVEL_HEAD]!; slot !== 0;) {
        const order = slot << ORDER
        this.pool.words[order + ORDER_LEVEL] = 0
        if ((words[at + LEVEL_NOTES]! & HAS_SUMS) !== 0) {
          this.#blocks.leave(
            this.pool.words[order + ORDER_BLOCK]!,
            this.pool.lots[order >> 1]!,
            false,
          )
        }
        slot = this.pool.words[order + ORDER_NEXT]!
      }
      this.pool.count -= words[at + LEVEL_COUNT]!
      this.#levels.empty(level)
    }
    this.ladder.sides[side].clear()
  }

  /** In the order of memory: a walk through the queues would go to and fro in it. */
  #clearAll(): void {
    this.pool.words.fill(0)
    this.pool.count = 0
    const { words, numbered } = this.#levels
    for (let level = 1; level <= numbered; level++) {
      if (words[(level << LEVEL) + LEVEL_COUNT] !== 0) this.#levels.empty(level)
    }
    this.#blocks.clear()
    this.ladder.clear()
  }

  /** Replaces every order by those of another book, queue by queue. */
  copyFrom(other: OrderQueues): void {
    this.clear()
    for (const side of [0, 1] as const) {
      const levels = other.ladder.sides[side]
      for (let key = levels.best; key !== NO_KEY; key = levels.nextBelow(key)) {
        const tick = key ^ -side
        for (let ref = other.firstAt(side, tick); ref >= 0; ref = other.nextOf(ref)) {
          this.add(ref, side, tick, other.lotsOf(ref))
        }
      }
    }
  }

  /** Number of the level on which an order stands, 0 where no live order has the reference. */
  levelOf(ref: number): number {
    // A reference that is no integer, negative or too great is none of ours.
    if (ref >>> 0 !== ref || ref >= this.pool.room) return 0
    return this.pool.words[((ref + 1) << ORDER) + ORDER_LEVEL]!
  }

  /** Lots that an order has left, 0 where no live order has the reference. */
  lotsOf(ref: number): number {
    return this.levelOf(ref) === 0 ? 0 : this.pool.lots[(ref + 1) << ORDER_LOTS]!
  }

  /** Side index of a live order's level: 0 bids, 1 asks. */
  sideOf(ref: number): 0 | 1 {
    return this.#levels.words[(this.levelOf(ref) << LEVEL) + LEVEL_SIDE] as 0 | 1
  }

  /** Tick of a live order. */
  tickOf(ref: number): number {
    return this.#levels.words[(this.levelOf(ref) << LEVEL) + LEVEL_TICK]!
  }

  /** Orders at a price. */
  countAt(side: 0 | 1, tick: number): number {
    return this.#levels.words[(this.#levels.find(side, tick) << LEVEL) + LEVEL_COUNT]!
  }

  /** Reference of the order that is first at a price, -1 where there is none. */
  firstAt(side: 0 | 1, tick: number): number {
    return this.#levels.words[(this.#levels.find(side, tick) << LEVEL) + LEVEL_HEAD]! - 1
  }

  /** Reference of the order next behind a live order, -1 where there is none. */
  nextOf(ref: number): number {
    return this.pool.words[((ref + 1) << ORDER) + ORDER_NEXT]! - 1
  }

  /**
   * Lots ahead of an order at its price, -1 where no live order has the reference.
   *
   * @cost at most 31 additions, and 31 more for each power of 32 that the arrivals since the oldest
   *   order of the queue reach: 93 in a queue of 32,768, however many orders are asked for. The
   *   first question about a queue also sums it up, once.
   */
  lotsAhead(ref: number): number {
    return this.#sumAhead(ref) ? this.#lotsAhead : -1
  }

  /** Orders ahead of an order at its price, -1 as for {@link lotsAhead}. @cost as lotsAhead */
  ordersAhead(ref: number): number {
    return this.#sumAhead(ref) ? this.#ordersAhead : -1
  }

  /** Sums up what stands ahead of an order; false where no live order has the reference. */
  #sumAhead(ref: number): boolean {
    if (this.levelOf(ref) === 0) return false
    const words = this.pool.words
    const level = words[((ref + 1) << ORDER) + ORDER_LEVEL]!
    if (!this.#levels.hasSums(level)) this.#sumUp(level)
    const block = words[((ref + 1) << ORDER) + ORDER_BLOCK]!
    this.#blocks.sumBefore(block)
    let lots = this.#blocks.lotsBefore
    let orders = this.#blocks.ordersBefore
    let slot = words[((ref + 1) << ORDER) + ORDER_PREV]!
    while (slot !== 0 && words[(slot << ORDER) + ORDER_BLOCK] === block) {
      lots += this.pool.lots[slot << ORDER_LOTS]!
      orders++
      slot = words[(slot << ORDER) + ORDER_PREV]!
    }
    this.#lotsAhead = lots
    this.#ordersAhead = orders
    return true
  }

  /** Puts the orders of a level into blocks, first to last. */
  #sumUp(level: number): void {
    const at = level << LEVEL
    const words = this.pool.words
    let block = 0
    for (let slot = this.#levels.words[at + LEVEL_HEAD]!; slot !== 0;) {
      block = this.#blocks.append(block, this.pool.lots[slot << ORDER_LOTS]!)
      words[(slot << ORDER) + ORDER_BLOCK] = block
      slot = words[(slot << ORDER) + ORDER_NEXT]!
    }
    this.#levels.words[at + LEVEL_NOTES]! |= HAS_SUMS
  }

  #append(slot: number, side: 0 | 1, tick: number, lots: number): void {
    const levels = this.#levels
    const level = levels.open(side, tick)
    const at = level << LEVEL
    const tail = levels.words[at + LEVEL_TAIL]!
    const order = slot << ORDER
    const words = this.pool.words
    this.pool.lots[slot << ORDER_LOTS] = lots
    words[order + ORDER_PREV] = tail
    words[order + ORDER_NEXT] = 0
    words[order + ORDER_LEVEL] = level
    if (tail === 0) levels.words[at + LEVEL_HEAD] = slot
    else words[(tail << ORDER) + ORDER_NEXT] = slot
    if (levels.hasSums(level)) {
      const last = words[(tail << ORDER) + ORDER_BLOCK]!
      words[order + ORDER_BLOCK] = this.#blocks.append(last, lots)
    }
    levels.words[at + LEVEL_TAIL] = slot
    levels.words[at + LEVEL_COUNT]!++
    this.pool.count++
    this.#tellLadder(level, lots)
  }

  /** Takes lots from an order that stays; a negative number adds to it. */
  #shrink(slot: number, level: number, lots: number): void {
    this.pool.lots[slot << ORDER_LOTS]! -= lots
    if (this.#levels.hasSums(level)) {
      this.#blocks.shrink(this.pool.words[(slot << ORDER) + ORDER_BLOCK]!, lots)
    }
    this.#tellLadder(level, -lots)
  }

  #leave(slot: number, level: number): void {
    const at = level << LEVEL
    const levelWords = this.#levels.words
    const words = this.pool.words
    const order = slot << ORDER
    const lots = this.pool.lots[slot << ORDER_LOTS]!
    const prev = words[order + ORDER_PREV]!
    const next = words[order + ORDER_NEXT]!
    if ((levelWords[at + LEVEL_NOTES]! & HAS_SUMS) !== 0) {
      this.#blocks.leave(words[order + ORDER_BLOCK]!, lots, next === 0)
      // A queue that is asked about again is summed up again: those that nobody asks cost nothing.
      if (levelWords[at + LEVEL_COUNT] === 1) levelWords[at + LEVEL_NOTES]! &= ~HAS_SUMS
    }
    if (prev === 0) levelWords[at + LEVEL_HEAD] = next
    else words[(prev << ORDER) + ORDER_NEXT] = next
    if (next === 0) levelWords[at + LEVEL_TAIL] = prev
    else words[(next << ORDER) + ORDER_PREV] = prev
    levelWords[at + LEVEL_COUNT]!--
    words[order + ORDER_LEVEL] = 0
    this.pool.count--
    this.#tellLadder(level, -lots)
  }

  #tellLadder(level: number, change: number): void {
    const { words, lots } = this.#levels
    const at = level << LEVEL
    const side = words[at + LEVEL_SIDE] as 0 | 1
    const total = lots[level << LEVEL_LOTS]! + change
    lots[level << LEVEL_LOTS] = total
    this.pool.sides[side].set(words[at + LEVEL_TICK]! ^ -side, total)
  }
}

function isSize(lots: number): boolean {
  return Number.isSafeInteger(lots) && lots > 0
}

function isTick(side: 0 | 1, tick: number): boolean {
  return (tick | 0) === tick && tick !== (side === 0 ? NO_BID : NO_ASK)
}
