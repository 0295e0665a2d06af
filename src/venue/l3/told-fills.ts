/** Fills of one moment that a row of their own has told of, and no change of the book yet. */

import type { OrderQueues } from '../../book/index.ts'
import { EventKind, KIND_MASK, LOCAL_ONLY_BIT, type EventColumns } from '../../market/index.ts'
import type { TakenLots } from './taken-lots.ts'

/** Lots by order; forgotten with the moment. */
export class ToldFills {
  /** The moment of the last fill that was told. */
  time = Number.NaN
  #count = 0
  #refs = new Int32Array(64)
  #lots = new Float64Array(64)
  readonly #queues: OrderQueues
  readonly #taken: TakenLots

  constructor(queues: OrderQueues, taken: TakenLots) {
    this.#queues = queues
    this.#taken = taken
  }

  note(time: number, ref: number, lots: number): void {
    if (time !== this.time) this.#count = 0
    this.time = time
    if (this.#count === this.#refs.length) this.#grow()
    this.#refs[this.#count] = ref
    this.#lots[this.#count++] = lots
  }

  /** Lots of an order that fills of this moment told of. */
  of(time: number, ref: number): number {
    if (time !== this.time) return 0
    let lots = 0
    for (let n = 0; n < this.#count; n++) if (this.#refs[n] === ref) lots += this.#lots[n]!
    return lots
  }

  /** Lots told of orders at a price that they still have for others; `side` is 0 for bids. */
  at(time: number, side: 0 | 1, tick: number): number {
    if (time !== this.time) return 0
    const queues = this.#queues
    let lots = 0
    for (let n = 0; n < this.#count; n++) {
      const ref = this.#refs[n]!
      if (queues.tickOf(ref) !== tick || queues.sideOf(ref) !== side) continue
      lots += Math.min(this.#lots[n]!, this.#taken.leftOf(ref))
    }
    return lots
  }

  /** The book has taken lots of an order: so many of those told are no longer to come. */
  done(time: number, ref: number, lots: number): void {
    if (time !== this.time) return
    let left = lots
    for (let n = 0; n < this.#count && left > 0; n++) {
      if (this.#refs[n] !== ref) continue
      const told = Math.min(left, this.#lots[n]!)
      this.#lots[n]! -= told
      left -= told
    }
  }

  #grow(): void {
    const refs = new Int32Array(2 * this.#count)
    refs.set(this.#refs)
    this.#refs = refs
    const lots = new Float64Array(2 * this.#count)
    lots.set(this.#lots)
    this.#lots = lots
  }
}

/**
 * Notes the fills at `time` of rows that have passed unseen: of positions [from, to) in the order of
 * the exchange, the last ones.
 */
export function notePassedFills(
  told: ToldFills,
  { code, lots, orderRef, exchTime, exchOrder }: EventColumns,
  { from, to }: { readonly from: number; readonly to: number },
  time: number,
): void {
  const rowAt = (position: number): number =>
    exchOrder === undefined ? position : exchOrder[position]!
  let first = to
  while (first > from && exchTime[rowAt(first - 1)] === time) first--
  for (let position = first; position < to; position++) {
    const i = rowAt(position)
    const kind = code[i]! & (KIND_MASK | LOCAL_ONLY_BIT)
    const ref = orderRef[i]!
    if (kind === EventKind.OrderFill && ref >= 0) told.note(time, ref, lots[i]!)
    else if (kind === EventKind.OrderCancel) told.done(time, ref, lots[i]!)
  }
}
