/**
 * Walks over market-by-order rows and says, message by message, what moves a queue: who comes, who
 * leaves and whether by execution, and what trades against which side.
 *
 * Two forms of tapes are understood. CME's tells trades and fills, and the cancellations and
 * modifications behind them change the book. The others tell executions of single orders; there a
 * trade is an execution of an order that had not come to take.
 */
import { OrderBookState, applyOrderEvents, type OrderQueues } from '../../book/index.ts'
import {
  BUY_BIT,
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  SELL_BIT,
  type EventColumns,
} from '../../market/index.ts'

/** 0 bids, 1 asks. */
export type SideIndex = 0 | 1

/** What an {@link OrderWalk} tells. The book is as it was before each of these, but for `came`. */
export interface OrderWatcher {
  /** An order has joined a queue; `isTaking` when it met the opposite side on arrival. */
  came(ref: number, isTaking: boolean): void
  /** An order loses lots; with all of them it goes. */
  leaves(ref: number, lots: number, isExecuted: boolean): void
  /** An order is filled, if only in part, as one that rested. */
  filled(ref: number): void
  /** An order's owner changes it; the rows of what it loses and gains follow. */
  modified(ref: number): void
  /** Something traded against orders of `side`. */
  traded(side: SideIndex, tick: number, lots: number): void
  /** Every order is gone, or nothing is known of them. */
  lost(): void
  /** All rows of a message have been told and the book is as they left it. */
  ended(): void
}

/** Which rows make one message, and which clock is read. */
export interface OrderWalkOptions {
  /** Rows of one time on this clock are one message; default `exchange`. */
  readonly clock?: 'exchange' | 'local'
}

/** @see module comment */
export class OrderWalk {
  readonly queues: OrderQueues
  /** Time of the present message, ns since the epoch. */
  time = Number.NEGATIVE_INFINITY
  /** Running number of the present message. */
  message = 0
  readonly #state = new OrderBookState()
  readonly #events: EventColumns
  readonly #times: Float64Array
  readonly #tellsExecutions: boolean
  /** Lots of fills that no change of the order has followed yet. */
  readonly #filledLots = new Map<number, number>()
  /** Orders that came to take and still meet the opposite side. */
  readonly #taking = new Set<number>()
  #aggressor: SideIndex | undefined

  constructor(events: EventColumns, { clock = 'exchange' }: OrderWalkOptions = {}) {
    this.queues = this.#state.queues
    this.#events = events
    this.#times = clock === 'exchange' ? events.exchTime : events.localTime
    this.#tellsExecutions = hasExecutions(events)
  }

  get ladder(): OrderBookState['ladder'] {
    return this.#state.ladder
  }

  /** Walks over all rows. */
  run(watcher: OrderWatcher): void {
    const { length, code } = this.#events
    const times = this.#times
    for (let i = 0; i < length; i++) {
      if ((code[i]! & EXCH_ONLY_BIT) !== 0) continue
      if (times[i]! > this.time) {
        if (this.message > 0) this.#end(watcher)
        this.time = times[i]!
        this.message++
      }
      this.#row(i, watcher)
    }
    this.#end(watcher)
  }

  #end(watcher: OrderWatcher): void {
    for (const ref of this.#taking) if (!this.#meets(ref)) this.#taking.delete(ref)
    watcher.ended()
  }

  #row(i: number, watcher: OrderWatcher): void {
    const { code, tick, lots, orderRef } = this.#events
    const ref = orderRef[i]!
    const kind = code[i]! & KIND_MASK
    if (kind === EventKind.Trade) {
      this.#trade(code[i]!, tick[i]!, lots[i]!, watcher)
      return
    }
    if (kind === EventKind.OrderFill) {
      this.#fill(ref, code[i]!, lots[i]!, watcher)
      return
    }
    const isLive = this.queues.levelOf(ref) !== 0
    const isCollecting = this.#state.isCollecting
    if (!isCollecting && isLive) this.#beforeChange(kind, i, watcher)
    if (kind === EventKind.Gap || kind === EventKind.DepthClear || kind === EventKind.SnapshotEnd) {
      watcher.lost()
    }
    applyOrderEvents(this.#state, this.#events, i, i + 1)
    if (isCollecting) return
    const hasCome = kind === EventKind.OrderAdd && !isLive && this.queues.levelOf(ref) !== 0
    if (hasCome) {
      const isTaking = this.#meets(ref)
      if (isTaking) this.#taking.add(ref)
      watcher.came(ref, isTaking)
    }
  }

  #beforeChange(kind: number, i: number, watcher: OrderWatcher): void {
    const { tick, lots, orderRef } = this.#events
    const { queues } = this
    const ref = orderRef[i]!
    const held = queues.lotsOf(ref)
    if (kind === EventKind.OrderExecute) {
      const isTaking = this.#taking.has(ref)
      const executed = Math.min(lots[i]!, held)
      if (!isTaking) {
        watcher.traded(queues.sideOf(ref), queues.tickOf(ref), executed)
        watcher.filled(ref)
      }
      watcher.leaves(ref, executed, true)
    } else if (kind === EventKind.OrderCancel) {
      const isExecuted = this.#wasFilled(ref, lots[i]!)
      if (!isExecuted && lots[i]! < held) watcher.modified(ref)
      watcher.leaves(ref, Math.min(lots[i]!, held), isExecuted)
    } else if (kind === EventKind.OrderModify) {
      const isSmaller = tick[i] === queues.tickOf(ref) && lots[i]! <= held
      const isExecuted = isSmaller && this.#wasFilled(ref, held - lots[i]!)
      if (!isExecuted) watcher.modified(ref)
      const loss = isSmaller ? held - lots[i]! : held
      if (loss > 0) watcher.leaves(ref, loss, isExecuted)
    }
  }

  #trade(code: number, tick: number, lots: number, watcher: OrderWatcher): void {
    const hasSide = (code & (BUY_BIT | SELL_BIT)) !== 0
    this.#aggressor = hasSide ? ((code & BUY_BIT) !== 0 ? 0 : 1) : undefined
    if (this.#tellsExecutions || this.#aggressor === undefined) return
    watcher.traded(this.#aggressor === 0 ? 1 : 0, tick, lots)
  }

  #fill(ref: number, code: number, lots: number, watcher: OrderWatcher): void {
    if (this.queues.levelOf(ref) === 0) return
    this.#filledLots.set(ref, (this.#filledLots.get(ref) ?? 0) + lots)
    // The aggressor's own order is told among the fills too; it took, it did not rest.
    const side = (code & BUY_BIT) !== 0 ? 0 : 1
    if (side !== this.#aggressor) watcher.filled(ref)
  }

  /** True when `lots` that an order loses are those that it was filled with. */
  #wasFilled(ref: number, lots: number): boolean {
    const filled = this.#filledLots.get(ref)
    if (filled === undefined) return false
    this.#filledLots.delete(ref)
    return lots <= filled
  }

  /** True when an order stands at or beyond the opposite best. */
  #meets(ref: number): boolean {
    if (this.queues.levelOf(ref) === 0) return false
    const { bestAskTick, bestBidTick } = this.ladder
    const tick = this.queues.tickOf(ref)
    return this.queues.sideOf(ref) === 0 ? tick >= bestAskTick : tick <= bestBidTick
  }
}

function hasExecutions({ code, orderRef, length }: EventColumns): boolean {
  for (let i = 0; i < length; i++) {
    if ((code[i]! & KIND_MASK) === EventKind.OrderExecute && orderRef[i]! >= 0) return true
  }
  return false
}
