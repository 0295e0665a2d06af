/** Our resting orders in the price-time queues of real orders. */
import { QueuePlaces, type OrderBookState, type OrderQueues } from '../../book/index.ts'
import type { Side } from '../../market/index.ts'
import { NO_ROW, RestingOrders, SLOT_BITS, SLOT_MASK } from '../resting-orders.ts'
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
  /** `lots` counts what is left of ours; what stands ahead is in {@link places}. */
  readonly resting = new RestingOrders()
  /** By row of {@link resting}. */
  readonly places: QueuePlaces
  readonly queues: OrderQueues
  /** By row: lots filled so far. */
  #filled = new Float64Array(64)

  /** @param state the real orders */
  constructor(state: OrderBookState) {
    this.queues = state.queues
    this.places = new QueuePlaces(state)
  }

  /** Adds an order of ours behind all others. */
  add(order: number, side: Side, tick: number, { lots, filled, ahead, owner }: Joining): void {
    const { resting } = this
    resting.add(order, side, tick, { lots, front: ahead, owner })
    const row = resting.find(order)
    if (row >= this.#filled.length) this.#growRows()
    this.#filled[row] = filled
    this.places.join(row, indexOfSide(side), tick, ahead)
  }

  /** Takes an order of ours out. */
  remove(row: number): void {
    const { resting } = this
    this.places.leave(row, indexOfSide(resting.side[row]!), resting.tick[row]!)
    resting.remove(row)
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
    if (this.resting.lots[row] === 0) this.remove(row)
  }

  /** Lots that stand before an order of ours: real ones, and ours that came before. */
  aheadOf(row: number): number {
    const { side, tick, lots, slots, nextInSlot } = this.resting
    const { places } = this
    const slot = (indexOfSide(side[row]!) << SLOT_BITS) | (tick[row]! & SLOT_MASK)
    const arrival = places.arrivalOf(row)
    let ahead = Math.max(0, places.aheadOf(row))
    for (let own = slots[slot]!; own !== NO_ROW; own = nextInSlot[own]!) {
      if (tick[own] === tick[row] && places.arrivalOf(own) < arrival) ahead += lots[own]!
    }
    return ahead
  }

  /** True when an order of ours rests on a side at `tick` or better. */
  #reaches(side: Side, tick: number): boolean {
    return side > 0 ? this.resting.bidMax >= tick : this.resting.askMin <= tick
  }

  /** Lots of ours on a side, at `tick` and better. */
  lotsWithin(side: Side, tick: number): number {
    const { tick: ticks, side: sides, lots, first, next } = this.resting
    let sum = 0
    if (!this.#reaches(side, tick)) return 0
    for (let row = first; row !== NO_ROW; row = next[row]!) {
      if (sides[row] === side && side * (ticks[row]! - tick) >= 0) sum += lots[row]!
    }
    return sum
  }

  /** True when an order of ours stands behind a real order at `tick` that arrived at `arrival`. */
  isBehind(row: number, tick: number, arrival: number): boolean {
    const { side, tick: ticks } = this.resting
    const worse = side[row]! * (tick - ticks[row]!)
    return worse > 0 || (worse === 0 && arrival < this.places.arrivalOf(row))
  }

  /**
   * Returns the next of our orders in priority at `tick` or better: the one behind `after`, the first
   * where that is {@link NO_ROW}; {@link NO_ROW} where there is none.
   */
  nextInPriority(side: Side, tick: number, after: number): number {
    const { tick: ticks, side: sides, first, next } = this.resting
    let found = NO_ROW
    if (!this.#reaches(side, tick)) return NO_ROW
    for (let row = first; row !== NO_ROW; row = next[row]!) {
      if (sides[row] !== side || side * (ticks[row]! - tick) < 0) continue
      // Of one price the chain has the oldest first.
      if (found !== NO_ROW && side * (ticks[row]! - ticks[found]!) <= 0) continue
      if (after === NO_ROW || this.isBehind(row, ticks[after]!, this.places.arrivalOf(after))) {
        found = row
      }
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
      while (own !== NO_ROW && this.places.aheadOf(own) <= ahead) own = this.#settle(own, ahead)
      this.places.realArrives(ref)
      ahead += taken.leftOf(ref)
    }
    while (own !== NO_ROW) own = this.#settle(own, ahead)
  }

  /** Lets an order of ours stand here and returns the next of ours at its price. */
  #settle(row: number, ahead: number): number {
    const { side, tick, next } = this.resting
    this.places.set(row, ahead)
    let own = next[row]!
    while (own !== NO_ROW && (tick[own] !== tick[row] || side[own] !== side[row])) own = next[own]!
    return own
  }

  #growRows(): void {
    const filled = new Float64Array(this.resting.order.length)
    filled.set(this.#filled)
    this.#filled = filled
  }
}

function indexOfSide(side: number): 0 | 1 {
  return side > 0 ? 0 : 1
}
