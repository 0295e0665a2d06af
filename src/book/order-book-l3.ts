/** The market-by-order book at the edge of the library: every order, its queue and its place. */
import { LobtraderError } from '../core/index.ts'
import { BUY, EventKind, type EventColumns, type Instrument, type Side } from '../market/index.ts'
import { applyOrderEvents, noteFault } from './apply-orders.kernel.ts'
import { BookPhase } from './book-state.ts'
import { BookView } from './book-view.ts'
import { NO_KEY } from './far-levels.ts'
import { OrderBookState, type OrderBookStateOptions, type OrderFaults } from './order-book-state.ts'
import { OrderOutcome, type OrderQueues } from './order-queues.ts'

/** How an {@link OrderBookL3} behaves: the layout of its ladder and the venue's rule of priority. */
export type OrderBookL3Options = OrderBookStateOptions

/** One resting order. */
export interface RestingOrder {
  /** Dense reference: a small integer >= 0 that may be used again once the order is gone. */
  readonly orderRef: number
  readonly side: Side
  /** Quote units, on the instrument's data grid. */
  readonly price: number
  /** Base units or contracts, > 0. */
  readonly volume: number
}

interface Stamp {
  readonly timestampNs: bigint
  /** Venue sequence number. */
  readonly seqNum?: number
}

/** One change of one order. */
export type OrderUpdate = Stamp &
  (
    | ({ readonly kind: 'add' } & RestingOrder)
    /** New price and size; the venue's rule says whether the order keeps its place. 0 removes it. */
    | {
        readonly kind: 'modify'
        readonly orderRef: number
        readonly price: number
        readonly volume: number
      }
    /** A part, or the whole where `volume` is absent. */
    | { readonly kind: 'cancel'; readonly orderRef: number; readonly volume?: number }
    /** `orderRef` absent: a hidden order, no change. `price` is what was paid; it moves no order. */
    | {
        readonly kind: 'execute'
        readonly orderRef?: number
        readonly volume: number
        readonly price?: number
      }
    /** A new order on the side of an old one that goes; last at its price. */
    | {
        readonly kind: 'replace'
        readonly orderRef: number
        readonly newRef: number
        readonly price: number
        readonly volume: number
      }
  )

/** Every order of a book at one moment. */
export interface OrdersSnapshot {
  readonly timestampNs: bigint
  readonly symbol: string
  /** Those of one price in the order of their queue. */
  readonly orders: readonly RestingOrder[]
  readonly seqNum: number
}

/** Where an order stands at its price. */
export interface QueuePosition {
  readonly ordersAhead: number
  readonly lotsAhead: number
  /** Base units or contracts. */
  readonly volumeAhead: number
}

const KINDS = {
  add: EventKind.OrderAdd,
  modify: EventKind.OrderModify,
  cancel: EventKind.OrderCancel,
  execute: EventKind.OrderExecute,
  replace: EventKind.OrderModify,
} as const

/**
 * One instrument's resting orders in price-time priority, and the price levels that they make.
 *
 * All queries of {@link BookView} hold; `numOrders` is told. `apply` counts what does not fit in
 * {@link faults} and goes on, `update` counts it and throws.
 */
export class OrderBookL3 extends BookView {
  constructor(instrument: Instrument, options: OrderBookL3Options = {}) {
    super(instrument, new OrderBookState(options))
  }

  protected override get state(): OrderBookState {
    return super.state as OrderBookState
  }

  /** The orders in ticks and lots, for engine code; do not write to it. */
  get queues(): OrderQueues {
    return this.state.queues
  }

  /** Live orders of both sides. */
  get openOrders(): number {
    return this.state.queues.count
  }

  /** What did not fit the book so far, counted by kind. */
  get faults(): Readonly<OrderFaults> {
    return this.state.faults
  }

  /** Additions, modifications and cancellations so far that named no order they could mean. */
  get unknownOrders(): number {
    const { unknownAdds, unknownModifies, unknownCancels } = this.state.faults
    return unknownAdds + unknownModifies + unknownCancels
  }

  /** Applies rows [from, to) as we saw them: without those that only the venue sees. */
  override apply(events: EventColumns, from: number, to: number): void {
    this.adopt(events)
    applyOrderEvents(this.state, events, from, to)
  }

  /**
   * Applies one change of one order.
   *
   * @throws LobtraderError NOT_FINITE, NEGATIVE, OFF_GRID, BAD_DECIMAL, OUT_OF_RANGE or
   *   BAD_ARGUMENT (an order that is not live or is so already, more than the order has); the book
   *   is then as it was before
   */
  update(event: OrderUpdate): void {
    const outcome = this.#change(event)
    if (outcome !== OrderOutcome.Applied) {
      noteFault(this.state, KINDS[event.kind], outcome)
      throw refusal(event, outcome)
    }
    if (this.state.phase === BookPhase.Empty) this.state.phase = BookPhase.Live
    this.stamp(event.timestampNs, event.seqNum ?? 0)
  }

  /**
   * Replaces every order by those of a snapshot; the book is live again.
   *
   * @throws LobtraderError as {@link update}; the book is then as it was before
   */
  restore(snapshot: OrdersSnapshot): void {
    if (snapshot.symbol !== this.instrument.symbol) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `a snapshot of ${snapshot.symbol} does not fit the book of ${this.instrument.symbol}`,
        { field: 'symbol', value: snapshot.symbol },
      )
    }
    const { state } = this
    state.beginSnapshot()
    try {
      for (const order of snapshot.orders) {
        const outcome = this.#add(state.target, order)
        if (outcome !== OrderOutcome.Applied) throw refusal({ kind: 'add', ...order }, outcome)
      }
      state.endSnapshot()
    } finally {
      state.dropSnapshot()
    }
    state.phase = BookPhase.Live
    this.stamp(snapshot.timestampNs, snapshot.seqNum)
  }

  /** Makes the book stale until its next snapshot; one that has had none yet waits for its first. */
  markStale(timestampNs: bigint): void {
    this.state.dropSnapshot()
    this.lose(timestampNs)
  }

  /** Empties both sides. */
  clear(timestampNs: bigint): void {
    this.state.queues.clear()
    this.stamp(timestampNs, 0)
  }

  /** Returns every order, bids before asks, best price first, in the order of the queues. */
  snapshotOrders(): OrdersSnapshot {
    const orders = this.#ordersNow().map(([orderRef]) => this.getOrder(orderRef)!)
    return {
      timestampNs: this.timeNs,
      symbol: this.instrument.symbol,
      orders,
      seqNum: this.seqNum,
    }
  }

  /** Returns a live order, undefined where none has the reference. */
  getOrder(orderRef: number): RestingOrder | undefined {
    const { queues } = this.state
    if (queues.levelOf(orderRef) === 0) return undefined
    return {
      orderRef,
      side: queues.sideOf(orderRef) === 0 ? 1 : -1,
      price: this.instrument.price(queues.tickOf(orderRef)),
      volume: this.instrument.size(queues.lotsOf(orderRef)),
    }
  }

  /**
   * Returns the orders at a price in the order of their queue.
   *
   * @throws LobtraderError as {@link update}
   */
  getOrdersAt(side: Side, price: number): RestingOrder[] {
    const { queues } = this.state
    const orders: RestingOrder[] = []
    const tick = this.ticksOf(side, price)
    for (let ref = queues.firstAt(side === BUY ? 0 : 1, tick); ref >= 0; ref = queues.nextOf(ref)) {
      orders.push(this.getOrder(ref)!)
    }
    return orders
  }

  /**
   * Returns what stands ahead of an order at its price, undefined where it is not live.
   *
   * @cost at most 93 additions in a queue of 32,768 orders; see {@link OrderQueues.lotsAhead}
   */
  getQueuePosition(orderRef: number): QueuePosition | undefined {
    const { queues } = this.state
    const lotsAhead = queues.lotsAhead(orderRef)
    if (lotsAhead < 0) return undefined
    return {
      ordersAhead: queues.ordersAhead(orderRef),
      lotsAhead,
      volumeAhead: this.instrument.size(lotsAhead),
    }
  }

  protected override ordersAt(side: 0 | 1, tick: number): number {
    return this.state.queues.countAt(side, tick)
  }

  #add(queues: OrderQueues, order: RestingOrder): OrderOutcome {
    const tick = this.ticksOf(order.side, order.price)
    const lots = this.instrument.lotsOf(order.volume)
    return queues.add(order.orderRef, order.side === BUY ? 0 : 1, tick, lots)
  }

  #change(event: OrderUpdate): OrderOutcome {
    const { queues } = this.state
    if (event.kind === 'add') return this.#add(queues, event)
    if (event.kind === 'cancel' && event.volume === undefined) return queues.remove(event.orderRef)
    const lots = this.instrument.lotsOf(event.volume!)
    if (event.kind === 'execute' && event.orderRef === undefined) return OrderOutcome.Applied
    const orderRef = event.orderRef!
    if (event.kind === 'cancel' || event.kind === 'execute') {
      if (lots > queues.lotsOf(orderRef) && queues.levelOf(orderRef) !== 0) {
        return OrderOutcome.Excess
      }
      return queues.reduce(orderRef, lots)
    }
    const tick = this.instrument.ticksOf(event.price)
    return event.kind === 'replace'
      ? queues.replace(orderRef, event.newRef, tick, lots)
      : queues.modify(orderRef, tick, lots)
  }

  /** Every order in ticks and lots, in the order of {@link snapshotOrders}. */
  #ordersNow(): [ref: number, side: 0 | 1, tick: number, lots: number][] {
    const { queues } = this.state
    const orders: [number, 0 | 1, number, number][] = []
    for (const side of [0, 1] as const) {
      const levels = this.ladder.sides[side]
      for (let key = levels.best; key !== NO_KEY; key = levels.nextBelow(key)) {
        const tick = key ^ -side
        for (let ref = queues.firstAt(side, tick); ref >= 0; ref = queues.nextOf(ref)) {
          orders.push([ref, side, tick, queues.lotsOf(ref)])
        }
      }
    }
    return orders
  }
}

const REASONS = {
  [OrderOutcome.Applied]: 'is applied',
  [OrderOutcome.Unknown]: 'names no order of the book',
  [OrderOutcome.Duplicate]: 'names an order that is in the book already',
  [OrderOutcome.Invalid]: 'has a price, volume or new reference that no order can have',
  [OrderOutcome.Excess]: 'takes more than the order has',
} as const

function refusal(
  event: { readonly kind: string; readonly orderRef?: number },
  outcome: OrderOutcome,
): LobtraderError {
  const orderRef = event.orderRef ?? -1
  return new LobtraderError(
    'BAD_ARGUMENT',
    `${event.kind} of order ${orderRef} ${REASONS[outcome]}`,
    { field: 'orderRef', value: orderRef },
  )
}
