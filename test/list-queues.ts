/** Queues of real orders and ours as lists, searched from end to end. */
import type { Side } from '../src/market/index.ts'
import type { ExchangeOrder } from '../src/venue/exchange.ts'

/** A real order. */
export interface Real {
  readonly ref: number
  lots: number
  /** What we took of it. */
  taken: number
  /** What fills of this moment told and the book has not taken off yet. */
  told: number
}

/** An order of ours. */
export interface Own {
  readonly order: ExchangeOrder
  readonly age: number
  lots: number
  filled: number
}

type Entry = Real | Own

/** The orders of one price, first to last. */
export interface Queue {
  readonly side: Side
  readonly tick: number
  entries: Entry[]
}

/** True for orders of ours. */
export const isOwn = (entry: Entry): entry is Own => 'order' in entry
/** Lots of a real order that we did not take. */
export const leftOf = (real: Real): number => Math.max(0, real.lots - real.taken)
/** The sum of numbers. */
export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** @see module comment */
export class ListQueues {
  all: Queue[] = []

  find(ref: number): { queue: Queue; real: Real } | undefined {
    for (const queue of this.all) {
      for (const entry of queue.entries) {
        if (!isOwn(entry) && entry.ref === ref) return { queue, real: entry }
      }
    }
    return undefined
  }

  reduce(ref: number, lots: number): void {
    const found = this.find(ref)
    if (found === undefined) return
    const { queue, real } = found
    real.lots -= lots
    real.told = Math.max(0, real.told - lots)
    if (real.lots <= 0) queue.entries = queue.entries.filter((entry) => entry !== real)
  }

  modify(ref: number, tick: number, lots: number): void {
    const found = this.find(ref)
    if (found === undefined) return
    const { queue, real } = found
    if (queue.tick === tick && lots <= real.lots - real.told) {
      this.reduce(ref, real.lots - lots)
      return
    }
    queue.entries = queue.entries.filter((entry) => entry !== real)
    if (lots === 0) return
    queueAt(this.all, queue.side, tick).entries.push({ ref, lots, taken: 0, told: 0 })
  }

  /** Our orders stand behind as many lots as before, whole orders. */
  restate(incoming: Queue[]): void {
    const before = this.all
    for (const { side, tick, entries } of incoming) {
      for (const entry of entries) {
        const old = this.find((entry as Real).ref)
        const isSame =
          old !== undefined &&
          old.queue.side === side &&
          old.queue.tick === tick &&
          old.real.lots === (entry as Real).lots
        if (isSame) (entry as Real).taken = old.real.taken
      }
    }
    for (const queue of before) {
      const owns = queue.entries.filter((entry) => isOwn(entry))
      for (const own of owns) {
        const ahead = realAhead(queue, own)
        const target = queueAt(incoming, queue.side, queue.tick)
        let at = 0
        let passed = 0
        while (at < target.entries.length && (passed < ahead || isOwn(target.entries[at]!))) {
          const entry = target.entries[at++]!
          if (!isOwn(entry)) passed += leftOf(entry)
        }
        target.entries.splice(at, 0, own)
      }
    }
    this.all = incoming
  }

  remove(own: Own): void {
    for (const queue of this.all) {
      queue.entries = queue.entries.filter((entry) => entry !== own)
    }
  }

  findOwn(index: number): { queue: Queue; own: Own } | undefined {
    return [...this.ownOrders(1), ...this.ownOrders(-1)].find(
      ({ own }) => own.order.index === index,
    )
  }

  /** Queues of a side, best first. */
  levels(side: Side): Queue[] {
    return this.all
      .filter((queue) => queue.side === side)
      .toSorted((a, b) => side * (b.tick - a.tick))
  }

  /** Our orders of a side in price-time priority. */
  ownOrders(side: Side): { queue: Queue; own: Own }[] {
    return this.levels(side).flatMap((queue) =>
      queue.entries.filter((entry) => isOwn(entry)).map((own) => ({ queue, own })),
    )
  }
}

/** Returns the queue of a price, made where there is none. */
export function queueAt(queues: Queue[], side: Side, tick: number): Queue {
  const found = queues.find((queue) => queue.side === side && queue.tick === tick)
  if (found !== undefined) return found
  const queue: Queue = { side, tick, entries: [] }
  queues.push(queue)
  return queue
}

function before(queue: Queue, own: Own): Entry[] {
  return queue.entries.slice(0, queue.entries.indexOf(own))
}

/** Lots of real orders before one of ours. */
export function realAhead(queue: Queue, own: Own): number {
  return sum(before(queue, own).map((entry) => (isOwn(entry) ? 0 : leftOf(entry))))
}

/** Lots before one of ours, real ones and ours. */
export function allAhead(queue: Queue, own: Own): number {
  return sum(before(queue, own).map((entry) => (isOwn(entry) ? entry.lots : leftOf(entry))))
}
