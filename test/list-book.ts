/** A market-by-order book without any idea of speed: what the real one is held to. */
import { NO_ASK, NO_BID, OrderOutcome, type ModifyPriority } from '../src/book/index.ts'

/** @see ListBook */
export interface NaiveOrder {
  readonly ref: number
  lots: number
}

/** @see ListBook */
export interface NaiveLevel {
  readonly side: 0 | 1
  readonly tick: number
  readonly orders: NaiveOrder[]
}

const { Applied, Duplicate, Excess, Unknown } = OrderOutcome

/** The obvious book: a list of levels, each a list of orders, searched from end to end. */
export class ListBook {
  levels: NaiveLevel[] = []
  readonly #priority: ModifyPriority

  constructor(priority: ModifyPriority) {
    this.#priority = priority
  }

  find(ref: number): { level: NaiveLevel; at: number } | undefined {
    for (const level of this.levels) {
      const at = level.orders.findIndex((order) => order.ref === ref)
      if (at >= 0) return { level, at }
    }
    return undefined
  }

  level(side: 0 | 1, tick: number): NaiveLevel | undefined {
    return this.levels.find((level) => level.side === side && level.tick === tick)
  }

  add(ref: number, side: 0 | 1, tick: number, lots: number): OrderOutcome {
    if (this.find(ref) !== undefined) return Duplicate
    const level = this.level(side, tick)
    if (level === undefined) this.levels.push({ side, tick, orders: [{ ref, lots }] })
    else level.orders.push({ ref, lots })
    return Applied
  }

  reduce(ref: number, lots: number): OrderOutcome {
    const place = this.find(ref)
    if (place === undefined) return Unknown
    const order = place.level.orders[place.at]!
    const excess = lots > order.lots
    order.lots -= lots
    if (order.lots <= 0) place.level.orders.splice(place.at, 1)
    this.#dropEmpty()
    return excess ? Excess : Applied
  }

  modify(ref: number, tick: number, lots: number): OrderOutcome {
    const place = this.find(ref)
    if (place === undefined) return Unknown
    const { level, at } = place
    const order = level.orders[at]!
    const keeps =
      level.tick === tick &&
      (this.#priority === 'keep' || (this.#priority === 'decrease-keeps' && lots <= order.lots))
    if (keeps) {
      order.lots = lots
      return Applied
    }
    level.orders.splice(at, 1)
    this.#dropEmpty()
    return this.add(ref, level.side, tick, lots)
  }

  replace(ref: number, newRef: number, tick: number, lots: number): OrderOutcome {
    const place = this.find(ref)
    if (place === undefined) return Unknown
    if (newRef !== ref && this.find(newRef) !== undefined) return Duplicate
    const { side } = place.level
    this.reduce(ref, place.level.orders[place.at]!.lots)
    return this.add(newRef, side, tick, lots)
  }

  clear(side?: 0 | 1): void {
    this.levels = side === undefined ? [] : this.levels.filter((level) => level.side !== side)
  }

  best(side: 0 | 1): number {
    const ticks = this.levels.filter((level) => level.side === side).map((level) => level.tick)
    return side === 0 ? Math.max(NO_BID, ...ticks) : Math.min(NO_ASK, ...ticks)
  }

  #dropEmpty(): void {
    this.levels = this.levels.filter((level) => level.orders.length > 0)
  }
}
