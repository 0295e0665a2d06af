/** A random market of single orders that never crosses, told as one or the other venue tells it. */
import type { EventColumns, Side } from '../src/market/index.ts'
import { OrderTape } from './order-tape.ts'

/** One thing that happens: what, and numbers that say how. */
export interface Move {
  readonly what:
    | 'add'
    | 'cancel'
    | 'modify'
    | 'sweep'
    | 'sweep and rest'
    | 'noise'
    | 'snapshot'
    | 'clear'
  readonly side: Side
  /** Any whole numbers >= 0. */
  readonly a: number
  readonly b: number
}

interface Order {
  readonly ref: number
  readonly side: Side
  tick: number
  lots: number
}

const MIDDLE = 100

/** The market behind a tape: orders of both sides, first to last. */
class Market {
  readonly tape = new OrderTape()
  readonly #tellsFills: boolean
  #orders: Order[] = []
  #free: number[] = []
  #used = 0
  time = 0

  constructor(tellsFills: boolean) {
    this.#tellsFills = tellsFills
  }

  move({ what, side, a, b }: Move): void {
    const order = this.#orders[a % Math.max(1, this.#orders.length)]
    const lots = 1 + (b % 7)
    if (what === 'add') this.#add(side, this.#passive(side, a), lots)
    else if (what === 'sweep') this.#sweep(side, lots, false)
    else if (what === 'sweep and rest') this.#sweep(side, lots + (a % 8), true)
    else if (what === 'noise') this.#noise(side, a, lots)
    else if (what === 'snapshot') this.#snapshot(a % 2 === 0)
    else if (what === 'clear') this.#clear(a % 3 === 0 ? 0 : side)
    else if (order !== undefined && what === 'cancel') {
      this.#cancel(order, b % 2 === 0 ? order.lots : lots)
    } else if (order !== undefined)
      this.#modify(order, a % 2 === 0 ? order.tick : this.#passive(order.side, b), lots)
  }

  /** Rows about an order may tell its side, or leave it to whoever knows the order. */
  #toldSide({ ref, side }: Order): Side | 0 {
    return ref % 3 === 0 ? 0 : side
  }

  /** A price at which an order of `side` does not cross, within two of the middle. */
  #passive(side: Side, a: number): number {
    const best = this.#best(-side as Side)
    const wanted = MIDDLE - side * (a % 4) + side
    return best === undefined || side * (best - wanted) > 0 ? wanted : best - side
  }

  #best(side: Side): number | undefined {
    const ticks = this.#orders.filter((order) => order.side === side).map(({ tick }) => tick)
    return ticks.length === 0 ? undefined : side * Math.max(...ticks.map((tick) => side * tick))
  }

  #add(side: Side, tick: number, lots: number): void {
    const ref = this.#free.pop() ?? this.#used++
    this.#orders.push({ ref, side, tick, lots })
    this.tape.add(this.time, ref, side, tick, lots)
  }

  #cancel(order: Order, lots: number): void {
    const size = Math.min(order.lots, lots)
    this.tape.cancel(this.time, order.ref, size, this.#toldSide(order))
    this.#reduce(order, size)
  }

  #reduce(order: Order, lots: number): void {
    order.lots -= lots
    if (order.lots > 0) return
    this.#orders = this.#orders.filter((other) => other !== order)
    this.#free.push(order.ref)
  }

  #modify(order: Order, tick: number, lots: number): void {
    this.tape.modify(this.time, order.ref, tick, lots, this.#toldSide(order))
    this.#place(order, tick, lots)
  }

  #place(order: Order, tick: number, lots: number): void {
    const keeps = tick === order.tick && lots <= order.lots
    order.tick = tick
    order.lots = lots
    if (!keeps) this.#orders = [...this.#orders.filter((other) => other !== order), order]
  }

  /** An aggressor of `side`; what is left of it may rest. */
  #sweep(side: Side, lots: number, rests: boolean): void {
    let left = lots
    const after: (() => void)[] = []
    for (let best = this.#best(-side as Side); left > 0 && best !== undefined;) {
      const price = best
      const queue = this.#orders.filter((order) => order.side === -side && order.tick === price)
      const size = Math.min(
        left,
        queue.reduce((sum, order) => sum + order.lots, 0),
      )
      left -= size
      if (this.#tellsFills) this.#tellTrade(side, price, size, queue, after)
      else this.#execute(side, price, size, queue)
      best = left > 0 ? this.#bestBehind(side, price) : undefined
      if (!rests && left < lots / 2) break
    }
    if (rests && left > 0 && this.#tellsFills) {
      for (const change of after) change()
      this.#add(side, this.#limitOf(side), left)
      return
    }
    for (const change of after) change()
  }

  #limitOf(side: Side): number {
    const best = this.#best(-side as Side)
    return best === undefined ? MIDDLE + side * 3 : best - side
  }

  #bestBehind(side: Side, price: number): number | undefined {
    const ticks = this.#orders
      .filter((order) => order.side === -side && side * (order.tick - price) > 0)
      .map(({ tick }) => tick)
    return ticks.length === 0 ? undefined : side * Math.min(...ticks.map((tick) => side * tick))
  }

  /** As ITCH tells it: each execution behind a trade of its own. */
  #execute(side: Side, price: number, size: number, queue: readonly Order[]): void {
    let left = size
    for (const order of queue) {
      const part = Math.min(left, order.lots)
      if (part === 0) break
      this.tape.trade(this.time, side, price, part).execute(this.time, order.ref, price, part)
      left -= part
      this.#reduce(order, part)
    }
  }

  /** As CME tells it: the trade, its fills, and then what they changed; some orders are icebergs. */
  #tellTrade(
    side: Side,
    price: number,
    size: number,
    queue: readonly Order[],
    after: (() => void)[],
  ): void {
    this.tape.trade(this.time, side, price, size)
    let left = size
    for (const order of queue) {
      const part = Math.min(left, order.lots)
      if (part === 0) break
      left -= part
      this.tape.fill(this.time, order.ref, order.side, price, part)
      const rest = order.lots - part
      const isIceberg = rest === 0 && order.ref % 4 === 0
      after.push(() => {
        if (rest === 0 && !isIceberg) this.#cancel(order, part)
        else {
          const left = rest === 0 ? part : rest
          this.tape.modify(this.time, order.ref, order.tick, left, this.#toldSide(order))
          if (isIceberg) this.#orders = [...this.#orders.filter((o) => o !== order), order]
          else order.lots = rest
        }
      })
    }
  }

  /** What is no queue event, and trades greater than what orders on the tape gave. */
  #noise(side: Side, a: number, lots: number): void {
    const best = this.#best(side)
    if (best === undefined) return
    if (a % 3 === 0) this.tape.trade(this.time, 0, best, lots)
    else this.tape.trade(this.time, -side as Side, best - side * (a % 2), lots)
  }

  #snapshot(isCleared: boolean): void {
    if (isCleared) this.tape.clear(this.time)
    this.tape.snapshotBegin(this.time)
    for (const { ref, side, tick, lots } of this.#orders) {
      this.tape.add(this.time, ref, side, tick, lots)
    }
    this.tape.snapshotEnd(this.time)
  }

  #clear(side: Side | 0): void {
    this.tape.clear(this.time, side)
    const gone = this.#orders.filter((order) => side === 0 || order.side === side)
    this.#orders = this.#orders.filter((order) => !gone.includes(order))
    this.#free.push(...gone.map(({ ref }) => ref))
  }
}

/** Writes the tape of some moves, one a moment 10 ns after the other. */
export function randomOrders(moves: readonly Move[], tellsFills: boolean): EventColumns {
  const market = new Market(tellsFills)
  for (const [n, move] of moves.entries()) {
    market.time = 10 * (n + 1)
    market.move(move)
  }
  return market.tape.events()
}
