/**
 * One order as its owner sees it: what was asked, what is known of its life.
 *
 * The same record and the same transitions serve the backtest and live trading.
 */
import { InvariantError } from '../core/index.ts'
import type { Instrument, Side } from '../market/index.ts'
import { hasLimit, type OrderStatus, type OrderType, type TimeInForce } from './order-types.ts'
import type { SpecialTerms } from './special-terms.ts'

/** What an order asks for, in integers. */
export interface OrderRequest {
  readonly id: number
  readonly instrument: Instrument
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  /** Limit price in data ticks; 0 of a type without one, NaN where the exchange will set it. */
  readonly priceTicks: number
  readonly sizeLots: number
  /** What it asks for beyond a plain limit or market order. */
  readonly special?: SpecialTerms | undefined
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
  // What has waited at the exchange, or was amended, can be refused when it enters the book.
  accepted: ['partial', 'filled', 'cancelPending', 'cancelled', 'rejected', 'expired'],
  partial: ['partial', 'filled', 'cancelPending', 'cancelled', 'rejected', 'expired'],
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
  /** True for the types that stand or take at a limit price. */
  readonly hasLimit: boolean
  /** What it asks for beyond a plain limit or market order. */
  readonly special: SpecialTerms | undefined
  /** As in {@link OrderRequest}, as last confirmed. */
  priceTicks: number
  /** Whole size as last confirmed. */
  sizeLots: number
  /** Which of the strategies of a run sent it: 0, 1, ... */
  readonly owner: number
  /** Set where the venue made it for us; {@link Order.reason} says the same. */
  readonly forced: ForcedReason | undefined
  /** The price that lets it into the book, data ticks as last confirmed; NaN without one. */
  triggerTicks: number
  /** True while it waits at the exchange outside the book: for a price, a parent, or a halt. */
  isParked = false
  /** When its trigger was met, exchange clock; NaN before. */
  triggerExch = Number.NaN
  /** When we learnt that. */
  triggerLocal = Number.NaN
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
    this.hasLimit = hasLimit(request.type)
    this.special = request.special
    this.triggerTicks = request.special?.triggerTicks ?? Number.NaN
    this.index = index
  }

  get status(): OrderStatus {
    return this.#status
  }

  /** Limit price in quote units; NaN without one. */
  get price(): number {
    return this.hasLimit ? this.instrument.price(this.priceTicks) : Number.NaN
  }

  /** The price that lets it into the book, quote units; NaN without one. */
  get trigger(): number {
    return this.instrument.price(this.triggerTicks)
  }

  /** True once its trigger was met, as far as we know. */
  get isTriggered(): boolean {
    return !Number.isNaN(this.triggerExch)
  }

  /** What an iceberg shows at a time, base units or contracts; NaN for any other order. */
  get displaySize(): number {
    return this.instrument.size(this.special?.displayLots ?? Number.NaN)
  }

  /** True when it may reduce the position only. */
  get isReduceOnly(): boolean {
    return this.special?.reduceOnly ?? false
  }

  /** When it ends by itself, ns since the epoch; NaN where no moment was named. */
  get expireTime(): number {
    return this.special?.expireTime ?? Number.NaN
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
