/**
 * Our resting orders in the price-time queues of real orders.
 *
 * An order of ours remembers the lots of real orders ahead of it and the moment of its arrival. Of
 * real orders that moment is kept only where they arrive at a price of ours: all others were there
 * before us, whatever an old note says, because moments only grow.
 */
import type { OrderQueues } from '../../book/index.ts'
import type { Side } from '../../market/index.ts'
import { NO_ROW, RestingOrders, SLOT_BITS, SLOT_MASK } from '../resting-orders.ts'
import { Near, NearOrders } from './near-orders.ts'
import type { TakenLots } from './taken-lots.ts'

/** An order of ours as it joins a queue. */
export interface Joining {
  /** Lots left. */
  readonly lots: number
  /** Lots filled before. */
  readonly filled: number
  /** Lots of real orders ahead of it. */
  readonly ahead: number
  readonly owner: number
}

/** @see module comment */
export class OwnPlaces {
  /** `front` counts the lots of real orders ahead, `lots` what is left of ours. */
  readonly resting = new RestingOrders()
  readonly near = new NearOrders()
  readonly queues: OrderQueues
  /** By row of {@link resting}: when the order arrived. */
  #arrival = new Float64Array(64)
  /** By row: lots filled so far. */
  #filled = new Float64Array(64)
  #moments = 0

  /** @param queues the real orders */
  constructor(queues: OrderQueues) {
    this.queues = queues
  }

  /** Adds an order of ours behind all others. */
  add(order: number, side: Side, tick: number, { lots, filled, ahead, owner }: Joining): void {
    const { resting } = this
    resting.add(order, side, tick, { lots, front: ahead, owner })
    const row = resting.find(order)
    if (row >= this.#arrival.length) this.#growRows()
    this.#arrival[row] = ++this.#moments
    this.#filled[row] = filled
    this.#noteQueue(side, tick)
  }

  /** Notes every real order at prices of ours, and forgets all others. */
  noteAnew(): void {
    this.near.state.fill(Near.No)
    const { side, tick, first, next } = this.resting
    for (let row = first; row !== NO_ROW; row = next[row]!) {
      this.#noteQueue(side[row]! > 0 ? 1 : -1, tick[row]!)
    }
  }

  #noteQueue(side: Side, tick: number): void {
    const { near, queues } = this
    let ref = queues.firstAt(side > 0 ? 0 : 1, tick)
    for (; ref >= 0; ref = queues.nextOf(ref)) {
      if (near.stateOf(ref) === Near.No) near.sync(ref, queues, false)
    }
  }

  /** True when an order of ours may rest at a price, on either side; false is certain. */
  mayRestAt(tick: number): boolean {
    const { slots } = this.resting
    const slot = tick & SLOT_MASK
    return (slots[slot]! & slots[slot | (1 << SLOT_BITS)]!) !== NO_ROW
  }

  filledOf(row: number): number {
    return this.#filled[row]!
  }

  /** Takes lots off an order of ours that fills; with its last lot it goes. */
  fill(row: number, lots: number): void {
    this.#filled[row]! += lots
    this.resting.lots[row]! -= lots
    if (this.resting.lots[row] === 0) this.resting.remove(row)
  }

  /** A real order arrives behind all orders of ours at its price. */
  realArrives(ref: number, side: 0 | 1, tick: number, lots: number): void {
    this.near.note(ref, side, tick, lots)
    this.near.arrival[ref] = ++this.#moments
  }

  /** A cancellation of an order that is known: the book will hear of it later. */
  knownReduced(ref: number, lots: number): void {
    const { near } = this
    const held = near.lots[ref]!
    const size = Math.min(lots, held)
    this.realReduced(near.side[ref] === 0 ? 1 : -1, near.tick[ref]!, near.arrival[ref]!, size)
    near.lots[ref] = held - size
    if (size === held) near.state[ref] = Near.No
  }

  /** A modification of an order that is known: the book will hear of it later. */
  knownModified(ref: number, tick: number, lots: number): void {
    const { near } = this
    const { keepsPlace, growthMax } = this.queues.pool
    const held = near.lots[ref]!
    if (tick === near.tick[ref] && keepsPlace && lots - held <= growthMax) {
      this.realReduced(near.side[ref] === 0 ? 1 : -1, tick, near.arrival[ref]!, held - lots)
      near.lots[ref] = lots
      return
    }
    this.knownReduced(ref, held)
    if (this.mayRestAt(tick)) this.realArrives(ref, near.side[ref] as 0 | 1, tick, lots)
  }

  /** A real order loses lots (or gains them, where negative): what stands behind it moves up. */
  realReduced(side: Side, tick: number, arrival: number, lots: number): void {
    const { resting } = this
    const slot = ((side > 0 ? 0 : 1) << SLOT_BITS) | (tick & SLOT_MASK)
    for (let row = resting.slots[slot]!; row !== NO_ROW; row = resting.nextInSlot[row]!) {
      if (resting.tick[row] !== tick || resting.side[row] !== side) continue
      if (this.#arrival[row]! > arrival) resting.front[row]! -= lots
    }
  }

  /** Lots that stand before an order of ours: real ones, and ours that came before. */
  aheadOf(row: number): number {
    const { side, tick, lots, front, first, next } = this.resting
    let ahead = Math.max(0, front[row]!)
    for (let own = first; own !== row && own !== NO_ROW; own = next[own]!) {
      if (side[own] === side[row] && tick[own] === tick[row]) ahead += lots[own]!
    }
    return ahead
  }

  /** Lots of ours on a side, at `tick` and better. */
  lotsWithin(side: Side, tick: number): number {
    const { tick: ticks, side: sides, lots, first, next } = this.resting
    let sum = 0
    for (let row = first; row !== NO_ROW; row = next[row]!) {
      if (sides[row] === side && side * (ticks[row]! - tick) >= 0) sum += lots[row]!
    }
    return sum
  }

  /** True when an order of ours stands behind a real order at `tick` that arrived at `arrival`. */
  isBehind(row: number, tick: number, arrival: number): boolean {
    const { side, tick: ticks } = this.resting
    const worse = side[row]! * (tick - ticks[row]!)
    return worse > 0 || (worse === 0 && arrival < this.#arrival[row]!)
  }

  /**
   * Returns the next of our orders in priority at `tick` or better: the one behind `after`, the first
   * where that is {@link NO_ROW}; {@link NO_ROW} where there is none.
   */
  nextInPriority(side: Side, tick: number, after: number): number {
    const { tick: ticks, side: sides, first, next } = this.resting
    let found = NO_ROW
    for (let row = first; row !== NO_ROW; row = next[row]!) {
      if (sides[row] !== side || side * (ticks[row]! - tick) < 0) continue
      // Of one price the chain has the oldest first.
      if (found !== NO_ROW && side * (ticks[row]! - ticks[found]!) <= 0) continue
      if (after === NO_ROW || this.isBehind(row, ticks[after]!, this.#arrival[after]!)) found = row
    }
    return found
  }

  /**
   * Finds our places in queues that a snapshot has written anew. Behind as many lots as before, whole
   * orders: exactly where we stood, where the snapshot says what was known.
   */
  replace(taken: TakenLots): void {
    const { resting } = this
    const { side, tick, first, next } = resting
    for (let row = first; row !== NO_ROW; row = next[row]!) {
      let isFirst = true
      for (let own = first; own !== row; own = next[own]!) {
        if (side[own] === side[row] && tick[own] === tick[row]) isFirst = false
      }
      if (isFirst) this.#replaceAt(row, taken)
    }
  }

  /** Places `row`, the first of ours at its price, and those behind it. */
  #replaceAt(row: number, taken: TakenLots): void {
    const { queues } = this
    const { side, tick } = this.resting
    let own = row
    let ahead = 0
    const at = tick[row]!
    let ref = queues.firstAt(side[row]! > 0 ? 0 : 1, at)
    for (; ref >= 0; ref = queues.nextOf(ref)) {
      while (own !== NO_ROW && this.resting.front[own]! <= ahead) own = this.#settle(own, ahead)
      this.realArrives(ref, side[row]! > 0 ? 0 : 1, at, queues.lotsOf(ref))
      ahead += taken.leftOf(ref)
    }
    while (own !== NO_ROW) own = this.#settle(own, ahead)
  }

  /** Lets an order of ours stand here and returns the next of ours at its price. */
  #settle(row: number, ahead: number): number {
    const { side, tick, front, next } = this.resting
    front[row] = ahead
    this.#arrival[row] = ++this.#moments
    let own = next[row]!
    while (own !== NO_ROW && (tick[own] !== tick[row] || side[own] !== side[row])) own = next[own]!
    return own
  }

  #growRows(): void {
    const capacity = this.resting.order.length
    const arrival = new Float64Array(capacity)
    arrival.set(this.#arrival)
    this.#arrival = arrival
    const filled = new Float64Array(capacity)
    filled.set(this.#filled)
    this.#filled = filled
  }
}
