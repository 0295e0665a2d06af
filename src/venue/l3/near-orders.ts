/**
 * The real orders at prices of ours as the tape last told of them, so that their rows need not be
 * looked up in the book, which is brought forward later and in one loop.
 */
import type { OrderQueues } from '../../book/index.ts'

/** How much is known of a real order. */
export const Near = {
  /** It stands at no price of ours. */
  No: 0,
  /** What is noted of it is what the book has. */
  Known: 1,
  /** We took of it: each of its rows must be looked at. */
  Taken: 2,
} as const

/** Notes by reference of the real order. */
export class NearOrders {
  /** One of {@link Near}. */
  state = new Uint8Array(1024)
  side = new Uint8Array(1024)
  tick = new Int32Array(1024)
  lots = new Float64Array(1024)
  /** When it arrived at a price of ours, 0 for "before any of ours". Outlives the order. */
  arrival = new Float64Array(1024)

  /** One of {@link Near} for any reference. */
  stateOf(ref: number): number {
    return this.state[ref] ?? Near.No
  }

  arrivalOf(ref: number): number {
    return ref < this.arrival.length ? this.arrival[ref]! : 0
  }

  note(ref: number, side: 0 | 1, tick: number, lots: number): void {
    if (ref >= this.state.length) this.#grow(ref)
    this.state[ref] = Near.Known
    this.side[ref] = side
    this.tick[ref] = tick
    this.lots[ref] = lots
  }

  /** Notes an order as the book has it; one that is gone is forgotten. */
  sync(ref: number, queues: OrderQueues, isTaken: boolean): void {
    const lots = queues.lotsOf(ref)
    if (lots > 0) {
      this.note(ref, queues.sideOf(ref), queues.tickOf(ref), lots)
      if (isTaken) this.state[ref] = Near.Taken
    } else if (ref >= 0 && ref < this.state.length) this.state[ref] = Near.No
  }

  #grow(ref: number): void {
    const capacity = Math.max(ref + 1, 2 * this.state.length)
    const copied = <T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T => {
      to.set(from)
      return to
    }
    this.state = copied(this.state, new Uint8Array(capacity))
    this.side = copied(this.side, new Uint8Array(capacity))
    this.tick = copied(this.tick, new Int32Array(capacity))
    this.lots = copied(this.lots, new Float64Array(capacity))
    this.arrival = copied(this.arrival, new Float64Array(capacity))
  }
}
