/**
 * Our own orders that rest in the exchange's book, as parallel arrays in order of arrival.
 *
 * Small next to the market: a row of the tape asks `mayRestAt` first and looks further only when
 * one of ours may stand at its price.
 */
import { NO_ASK, NO_BID } from '../book/index.ts'
import type { Side } from '../market/index.ts'

const SLOTS = 4096
const SLOT_MASK = SLOTS - 1

/** Resting orders of ours; `count` rows of each column are valid. Ticks and lots are integers. */
export class RestingOrders {
  count = 0
  /** Index of the order in the run's order table. */
  order = new Int32Array(64)
  side = new Int8Array(64)
  tick = new Int32Array(64)
  lots = new Float64Array(64)
  /** Estimated lots ahead of us; negative once trades went beyond us. */
  front = new Float64Array(64)
  /** Lots traded at our price since the level last changed. */
  traded = new Float64Array(64)
  /** Extremes of our prices: no row outside them can concern us. */
  bidMax: number = NO_BID
  bidMin: number = NO_ASK
  askMin: number = NO_ASK
  askMax: number = NO_BID
  readonly #slots = new Uint16Array(SLOTS)

  /** True when an order of ours may rest at `tick`; false is certain, true must be looked at. */
  mayRestAt(tick: number): boolean {
    return this.#slots[tick & SLOT_MASK] !== 0
  }

  /** Adds an order behind all others. */
  add(order: number, side: Side, tick: number, lots: number, front: number): void {
    if (this.count === this.order.length) this.#grow()
    const row = this.count++
    this.order[row] = order
    this.side[row] = side
    this.tick[row] = tick
    this.lots[row] = lots
    this.front[row] = front
    this.traded[row] = 0
    this.#slots[tick & SLOT_MASK]!++
    this.#widen(side, tick)
  }

  /** Returns the row of an order, or -1 when it does not rest here. */
  find(order: number): number {
    for (let row = 0; row < this.count; row++) if (this.order[row] === order) return row
    return -1
  }

  /** Removes a row; later rows move up, so that rows stay in order of arrival. */
  remove(row: number): void {
    const side = this.side[row]!
    const tick = this.tick[row]!
    this.#slots[tick & SLOT_MASK]!--
    const end = this.count--
    for (const column of [this.order, this.side, this.tick, this.lots, this.front, this.traded]) {
      column.copyWithin(row, row + 1, end)
    }
    const atExtreme =
      side > 0
        ? tick === this.bidMax || tick === this.bidMin
        : tick === this.askMin || tick === this.askMax
    if (atExtreme) this.#measure()
  }

  #widen(side: number, tick: number): void {
    if (side > 0) {
      if (tick > this.bidMax) this.bidMax = tick
      if (tick < this.bidMin) this.bidMin = tick
    } else {
      if (tick < this.askMin) this.askMin = tick
      if (tick > this.askMax) this.askMax = tick
    }
  }

  #measure(): void {
    this.bidMax = NO_BID
    this.bidMin = NO_ASK
    this.askMin = NO_ASK
    this.askMax = NO_BID
    for (let row = 0; row < this.count; row++) this.#widen(this.side[row]!, this.tick[row]!)
  }

  #grow(): void {
    const capacity = this.order.length * 2
    const grow = <T extends Int32Array | Int8Array | Float64Array>(column: T, grown: T): T => {
      grown.set(column)
      return grown
    }
    this.order = grow(this.order, new Int32Array(capacity))
    this.side = grow(this.side, new Int8Array(capacity))
    this.tick = grow(this.tick, new Int32Array(capacity))
    this.lots = grow(this.lots, new Float64Array(capacity))
    this.front = grow(this.front, new Float64Array(capacity))
    this.traded = grow(this.traded, new Float64Array(capacity))
  }
}
