/**
 * The simulated venue's own book: every resting order in a first-in-first-out queue at its price.
 *
 * Queues are intrusive lists over order slots in typed arrays; levels stand at `tick & mask`.
 */
import { assert } from '../../core/index.ts'
import type { Side } from '../../market/index.ts'

const NONE = -1

/** One side's levels: queues of slots and their total lots. */
class Levels {
  readonly lots: Float64Array
  readonly head: Int32Array
  readonly tail: Int32Array
  readonly tick: Int32Array

  constructor(size: number) {
    this.lots = new Float64Array(size)
    this.head = new Int32Array(size).fill(NONE)
    this.tail = new Int32Array(size).fill(NONE)
    this.tick = new Int32Array(size)
  }
}

/** An order-by-order book with price-time priority. Never crosses; the caller sees to it. */
export class QueueBook {
  /** Best bid tick; the last one known while the side is empty. */
  bestBidTick: number
  /** Best ask tick; the last one known while the side is empty. */
  bestAskTick: number
  /** Resting orders on each side. */
  bidCount = 0
  askCount = 0
  readonly #mask: number
  readonly #bids: Levels
  readonly #asks: Levels
  #slotTick = new Int32Array(1024)
  #slotLots = new Float64Array(1024)
  #slotSide = new Int8Array(1024)
  #next = new Int32Array(1024)
  #previous = new Int32Array(1024)
  /** Where the slot stands in `#live`; free slots are chained through `#next`. */
  #liveIndex = new Int32Array(1024)
  /** Slots in use, in no order, so that one can be drawn at random. */
  #live = new Int32Array(1024)
  #free = NONE
  #slots = 0

  /** @param windowTicks largest distance in ticks between any two resting orders of one side */
  constructor(bestBidTick: number, bestAskTick: number, windowTicks: number) {
    const size = 2 ** Math.ceil(Math.log2(windowTicks + 1))
    this.#mask = size - 1
    this.#bids = new Levels(size)
    this.#asks = new Levels(size)
    this.bestBidTick = bestBidTick
    this.bestAskTick = bestAskTick
  }

  /** Resting orders on both sides. */
  get count(): number {
    return this.bidCount + this.askCount
  }

  /** Returns the slot of the resting order at `index` in no particular order, 0 <= index < count. */
  slotAt(index: number): number {
    return this.#live[index]!
  }

  sideOf(slot: number): Side {
    return this.#slotSide[slot]! as Side
  }

  tickOf(slot: number): number {
    return this.#slotTick[slot]!
  }

  lotsOf(slot: number): number {
    return this.#slotLots[slot]!
  }

  /** Returns the lots at a level, 0 where it is empty. */
  lotsAt(side: Side, tick: number): number {
    const levels = side > 0 ? this.#bids : this.#asks
    const at = tick & this.#mask
    return levels.tick[at] === tick ? levels.lots[at]! : 0
  }

  /** Returns the slot at the front of a level's queue, or -1 where the level is empty. */
  frontOf(side: Side, tick: number): number {
    const levels = side > 0 ? this.#bids : this.#asks
    const at = tick & this.#mask
    return levels.tick[at] === tick ? levels.head[at]! : NONE
  }

  /** Returns the order behind `slot` in its queue, or -1 at the end. */
  behind(slot: number): number {
    return this.#next[slot]!
  }

  /** Queues an order at the back of its level; returns its slot. */
  add(side: Side, tick: number, lots: number): number {
    assert(lots > 0, 'an order has lots')
    const levels = side > 0 ? this.#bids : this.#asks
    const at = tick & this.#mask
    const slot = this.#takeSlot()
    const tail = levels.tail[at]!
    assert(tail === NONE || levels.tick[at] === tick, 'resting orders span less than the window')
    this.#slotTick[slot] = tick
    this.#slotLots[slot] = lots
    this.#slotSide[slot] = side
    this.#next[slot] = NONE
    this.#previous[slot] = tail
    if (tail === NONE) levels.head[at] = slot
    else this.#next[tail] = slot
    levels.tail[at] = slot
    levels.tick[at] = tick
    levels.lots[at]! += lots
    const live = this.count
    this.#live[live] = slot
    this.#liveIndex[slot] = live
    if (side > 0) {
      if (this.bidCount++ === 0 || tick > this.bestBidTick) this.bestBidTick = tick
    } else if (this.askCount++ === 0 || tick < this.bestAskTick) {
      this.bestAskTick = tick
    }
    return slot
  }

  /** Takes `lots` off an order, by trade or by cancellation; the order leaves when none are left. */
  reduce(slot: number, lots: number): void {
    const rest = this.#slotLots[slot]! - lots
    assert(lots > 0 && rest >= 0, 'an order loses no more than it has')
    const side = this.#slotSide[slot]!
    const levels = side > 0 ? this.#bids : this.#asks
    const tick = this.#slotTick[slot]!
    const at = tick & this.#mask
    levels.lots[at]! -= lots
    this.#slotLots[slot] = rest
    if (rest > 0) return
    const previous = this.#previous[slot]!
    const next = this.#next[slot]!
    if (previous === NONE) levels.head[at] = next
    else this.#next[previous] = next
    if (next === NONE) levels.tail[at] = previous
    else this.#previous[next] = previous
    const last = this.#live[this.count - 1]!
    this.#live[this.#liveIndex[slot]!] = last
    this.#liveIndex[last] = this.#liveIndex[slot]!
    this.#next[slot] = this.#free
    this.#free = slot
    if (side > 0) this.#leaveBids(tick)
    else this.#leaveAsks(tick)
  }

  #leaveBids(tick: number): void {
    this.bidCount--
    if (this.bidCount === 0 || tick !== this.bestBidTick) return
    const { lots } = this.#bids
    let best = tick
    while (lots[best & this.#mask] === 0) best--
    this.bestBidTick = best
  }

  #leaveAsks(tick: number): void {
    this.askCount--
    if (this.askCount === 0 || tick !== this.bestAskTick) return
    const { lots } = this.#asks
    let best = tick
    while (lots[best & this.#mask] === 0) best++
    this.bestAskTick = best
  }

  #takeSlot(): number {
    if (this.#free !== NONE) {
      const slot = this.#free
      this.#free = this.#next[slot]!
      return slot
    }
    if (this.#slots === this.#slotTick.length) this.#grow()
    return this.#slots++
  }

  #grow(): void {
    const size = this.#slots * 2
    const wider = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(size)
      to.set(from)
      return to
    }
    this.#slotTick = wider(this.#slotTick)
    this.#next = wider(this.#next)
    this.#previous = wider(this.#previous)
    this.#liveIndex = wider(this.#liveIndex)
    this.#live = wider(this.#live)
    const lots = new Float64Array(size)
    lots.set(this.#slotLots)
    this.#slotLots = lots
    const sides = new Int8Array(size)
    sides.set(this.#slotSide)
    this.#slotSide = sides
  }
}
