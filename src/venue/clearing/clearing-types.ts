/** What a clearing house is made of, and what it tells. */
import type { Instrument } from '../../market/index.ts'
import type { ForcedReason, MarginMode, MarginTerms, Order } from '../../order/index.ts'
import type { ExchangeFill } from '../exchange.ts'
import type { ClearedCore } from './cleared-core.ts'
import type { LaneFunding } from './lane-calendar.ts'

/** An order that the house makes for an account. */
export interface ForcedOrder {
  readonly side: 1 | -1
  readonly sizeLots: number
  /** Its limit; what is filled beyond the book is filled at it. */
  readonly priceTicks: number
  readonly reason: ForcedReason
}

/** A payment of funding as the account hears of it. */
export interface FundingPaid {
  readonly exchTime: number
  readonly rate: number
  /** Quote units. */
  readonly mark: number
  /** Signed position in base units or contracts. */
  readonly position: number
  /** Received (+) or paid (-), in the settlement currency. */
  readonly amount: number
}

/** The desk of an account at the exchange of a lane. */
export interface ClearedDesk {
  /** Makes an order that the account did not send. */
  force(order: ForcedOrder, exchTime: number): Order
  filled(index: number, exchTime: number, fill: ExchangeFill): void
  funded(payment: FundingPaid): void
}

/** The exchange of one instrument, as the house needs it. */
export interface ClearedLane {
  readonly core: ClearedCore
  /** By the owner of an account. */
  readonly desks: readonly ClearedDesk[]
  /** Applies rows up to `until`; true when it stopped early. */
  advance(until: number): boolean
  submit(order: Order, exchTime: number): void
  /** Cancels all orders of an owner, those that wait for a price too. */
  cancelAll(owner: number, exchTime: number): void
}

/** What the house is told of an instrument. */
export interface LaneTerms {
  readonly instrument: Instrument
  /** Undefined where positions are paid for in full, or margin is not checked. */
  readonly margin: MarginTerms | undefined
  readonly funding: LaneFunding
  /** Price at which positions are settled at expiry, quote units; default: the mid. */
  readonly settlementPrice?: number | undefined
}

/** What a clearing house is made of. */
export interface ClearingOptions {
  readonly lanes: readonly LaneTerms[]
  /** Of each account. */
  readonly accounts: number
  readonly mode: MarginMode
  readonly balances: Readonly<Record<string, number>>
  /** True to refuse orders that an account cannot bear, and to liquidate. */
  readonly checksMargin: boolean
  /** Charged on what is liquidated beside the fee of a taker: a share of its value. */
  readonly liquidationFee: number
  /** Unix ns of time 0. */
  readonly epochNs: bigint
}

/** A liquidation as it happened. */
export interface LiquidationRecord {
  readonly owner: number
  readonly lane: number
  readonly exchTime: number
  /** Of the margin pool when it was due, in the settlement currency. */
  readonly equity: number
  readonly maintenance: number
}
