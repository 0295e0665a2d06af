/** One row of a LOBSTER orderbook file: the best levels after a message, best first. */

import type { LobsterGrid } from './lobster-grid.ts'

/** Price of an unoccupied ask level; that of a bid is its negative. */
const DUMMY_PRICE = 9_999_999_999

/** One side of a row. */
export class RowSide {
  /** +1 for bids, -1 for asks. */
  readonly sign: 1 | -1
  count = 0
  readonly ticks: Float64Array
  readonly lots: Float64Array

  constructor(sign: 1 | -1, levels: number) {
    this.sign = sign
    // One more than the window: an order that enters pushes the last level out.
    this.ticks = new Float64Array(levels + 1)
    this.lots = new Float64Array(levels + 1)
  }

  copyFrom(other: RowSide): void {
    this.count = other.count
    this.ticks.set(other.ticks)
    this.lots.set(other.lots)
  }

  /** Returns where `tick` stands or would stand. */
  find(tick: number): number {
    let i = 0
    while (i < this.count && (this.ticks[i]! - tick) * this.sign > 0) i++
    return i
  }

  insertAt(index: number, tick: number, lots: number): void {
    this.ticks.copyWithin(index + 1, index, this.count)
    this.lots.copyWithin(index + 1, index, this.count)
    this.ticks[index] = tick
    this.lots[index] = lots
    this.count++
  }

  removeAt(index: number): void {
    this.ticks.copyWithin(index, index + 1, this.count)
    this.lots.copyWithin(index, index + 1, this.count)
    this.count--
  }

  /** True when levels [0, count) of both are equal. */
  startsLike(other: RowSide, count: number): boolean {
    for (let i = 0; i < count; i++) {
      if (this.ticks[i] !== other.ticks[i] || this.lots[i] !== other.lots[i]) return false
    }
    return true
  }
}

/** Both sides of a row. */
export class BookRow {
  readonly levels: number
  readonly bids: RowSide
  readonly asks: RowSide

  constructor(levels: number) {
    this.levels = levels
    this.bids = new RowSide(1, levels)
    this.asks = new RowSide(-1, levels)
  }

  /**
   * Fills the row from the values of a line: ask price, ask size, bid price, bid size, a level at
   * a time. Returns the index of a value that makes no sense, -1 when all do.
   */
  fill(values: Float64Array, grid: LobsterGrid): number {
    const askFault = this.#fillSide(this.asks, values, 0, grid)
    return askFault >= 0 ? askFault : this.#fillSide(this.bids, values, 2, grid)
  }

  #fillSide(side: RowSide, values: Float64Array, offset: number, grid: LobsterGrid): number {
    side.count = 0
    let hasEnded = false
    for (let level = 0; level < this.levels; level++) {
      const at = level * 4 + offset
      const price = values[at]!
      const size = values[at + 1]!
      if (price === -side.sign * DUMMY_PRICE && size === 0) {
        hasEnded = true
        continue
      }
      if (hasEnded || price <= 0) return at
      if (size <= 0) return at + 1
      const tick = grid.tickOf(price)
      const last = side.count - 1
      if (last >= 0 && (side.ticks[last]! - tick) * side.sign <= 0) return at
      side.ticks[side.count] = tick
      side.lots[side.count++] = grid.lotsOf(size)
    }
    return -1
  }
}
