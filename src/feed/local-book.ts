/** The book of a tape as it reached us, of levels or of orders: the first row of either decides. */
import {
  BookState,
  FusedBookState,
  OrderBookState,
  applyEvents,
  applyFusedEvents,
  applyOrderEvents,
} from '../book/index.ts'
import { EventKind, KIND_MASK, type EventColumns } from '../market/index.ts'
import type { LocalBookKind } from './stored-tape.ts'

/** @see module comment */
export class LocalBook {
  readonly #fused: FusedBookState | undefined
  #levels: BookState | undefined = new BookState()
  #orders: OrderBookState | undefined
  #isDecided = false

  constructor(kind: LocalBookKind = 'depth') {
    if (kind === 'fused') this.#fused = new FusedBookState()
  }

  /** What has been applied so far. */
  get state(): BookState {
    return this.#fused ?? this.#orders ?? this.#levels!
  }

  /** Applies rows [from, to) in row order. */
  apply(events: EventColumns, from: number, to: number): void {
    if (this.#fused !== undefined) {
      applyFusedEvents(this.#fused, events, from, to)
      return
    }
    if (!this.#isDecided) this.#decide(events, from, to)
    if (this.#orders === undefined) applyEvents(this.#levels!, events, from, to)
    else applyOrderEvents(this.#orders, events, from, to)
  }

  /** A snapshot may have begun before its first row tells of what it is: then it begins anew here. */
  #decide(events: EventColumns, from: number, to: number): void {
    const { code } = events
    for (let i = from; i < to && !this.#isDecided; i++) {
      const kind = code[i]! & KIND_MASK
      const isLevel = kind === EventKind.DepthSet || kind === EventKind.SnapshotLevel
      const isOrder = kind >= EventKind.OrderAdd && kind <= EventKind.OrderExecute
      this.#isDecided = isLevel || isOrder
      if (!isOrder) continue
      const begun = this.#levels!
      this.#orders = new OrderBookState()
      this.#orders.phase = begun.phase
      this.#orders.isHalted = begun.isHalted
      if (begun.isCollecting) this.#orders.beginSnapshot()
      this.#levels = undefined
    }
  }
}
