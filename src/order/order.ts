/**
 * One order as its owner sees it: what was asked, what is known of its life.
 *
 * The same record and the same transitions serve the backtest and live trading.
 */
import { InvariantError } from '../core/index.ts'
import type { Instrument, Side } from '../market/index.ts'
import type { OrderStatus, OrderType, TimeInForce } from './order-types.ts'

/** What an order asks for, in integers. */
export interface OrderRequest {
  readonly id: number
  readonly instrument: Instrument
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  /** Limit price in data ticks; 0 for a market order. */
  readonly priceTicks: number
  readonly sizeLots: number
  /** Which of the strategies of a run sent it; default 0. */
  readonly owner?: number
  /** Set where the venue made it: its margin was gone, or the contract expired. */
  readonly forced?: ForcedReason
}

/** Why a venue makes an order for an account. */
export type ForcedReason = 'liquidation' | 'settlement'

/** What each status may become; a report that asks for anything else is a bug of the sender. */
const NEXT: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  submitted: ['accepted', 'partial', 'filled', 'cancelPending', 'cancelled', 'rejected', 'expired'],
  accepted: ['partial', 'filled', 'cancelPending', 'cancelled', 'expired'],
  partial: ['partial', 'filled', 'cancelPending', 'cancelled', 'expired'],
  // A cancel request can lose the race: the order then returns to what it was, or is filled.
  cancelPending: [
    'accepted',
    'partial',
    'filled',
    'cancelled',
    'rejected',
    'expired',
    'cancelPending',
  ],
  filled: [],
  cancelled: [],
  rejected: [],
  expired: [],
}

/** True when an order in `from` may become `to`. */
export function mayBecome(from: OrderStatus, to: OrderStatus): boolean {
  return NEXT[from].includes(to)
}

/** An order; read-only to strategies, moved by the broker alone. Times are ns since the epoch. */
export class Order {
  readonly id: number
  readonly instrument: Instrument
  /** +1 buy, -1 sell. */
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  /** Limit price in data ticks as last confirmed; 0 for a market order. */
  priceTicks: number
  /** Whole size as last confirmed. */
  sizeLots: number
  /** Which of the strategies of a run sent it: 0, 1, ... */
  readonly owner: number
  /** Set where the venue made it for us; {@link Order.reason} says the same. */
  readonly forced: ForcedReason | undefined
  /** True while an amendment of ours is on its way. */
  isAmending = false
  /**
   * Why it was rejected or has expired; while it works, why its last cancel or amendment was
   * refused; empty otherwise.
   */
  reason = ''
  filledLots = 0
  /** Sum of fill tick x lots, for the average price. */
  filledTickLots = 0
  /** When it was sent, local clock. */
  submitLocal = Number.NaN
  /** When the exchange took it on or refused it, exchange clock. */
  acceptExch = Number.NaN
  /** When we learnt that. */
  acceptLocal = Number.NaN
  /** When the last cancel request was sent. */
  cancelLocal = Number.NaN
  /** When its life ended, exchange clock and local clock. */
  doneExch = Number.NaN
  doneLocal = Number.NaN
  /** Estimated lots ahead of it in the queue when it came to rest; NaN where it did not rest. */
  queueAheadLots = Number.NaN
  /** Names this order at its exchange: 0, 1, ... over the orders of all strategies there. */
  readonly index: number
  #status: OrderStatus = 'submitted'

  constructor(request: OrderRequest, index: number) {
    this.id = request.id
    this.instrument = request.instrument
    this.side = request.side
    this.type = request.type
    this.timeInForce = request.timeInForce
    this.priceTicks = request.priceTicks
    this.sizeLots = request.sizeLots
    this.owner = request.owner ?? 0
    this.forced = request.forced
    this.reason = request.forced ?? ''
    this.index = index
  }

  get status(): OrderStatus {
    return this.#status
  }

  /** Limit price in quote units; NaN for a market order. */
  get price(): number {
    return this.type === 'market' ? Number.NaN : this.instrument.price(this.priceTicks)
  }

  /** Base units or contracts. */
  get size(): number {
    return this.instrument.size(this.sizeLots)
  }

  get filled(): number {
    return this.instrument.size(this.filledLots)
  }

  get remaining(): number {
    return this.instrument.size(this.sizeLots - this.filledLots)
  }

  /** Size-weighted fill price in quote units; NaN without a fill. */
  get averagePrice(): number {
    return this.filledLots === 0
      ? Number.NaN
      : this.instrument.price(this.filledTickLots / this.filledLots)
  }

  get isBuy(): boolean {
    return this.side > 0
  }

  /** True while the order can still trade, as far as we know. */
  get isOpen(): boolean {
    return NEXT[this.#status].length > 0
  }

  /** True when nothing can happen to it any more. */
  get isDone(): boolean {
    return !this.isOpen
  }

  /** True while a request of ours about it is on its way. */
  get isPending(): boolean {
    return this.isAmending || this.#status === 'submitted' || this.#status === 'cancelPending'
  }

  /** Moves the order to `status`. @throws InvariantError when its life does not allow that */
  become(status: OrderStatus): void {
    if (!mayBecome(this.#status, status)) {
      throw new InvariantError(`order ${this.id} cannot go from ${this.#status} to ${status}`)
    }
    this.#status = status
  }

  /** The status that the fills so far give an order which is not done. */
  get workingStatus(): OrderStatus {
    return this.filledLots === 0 ? 'accepted' : 'partial'
  }
}
