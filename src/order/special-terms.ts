/** What an order asks for beyond a plain limit or market order, in integers. */
import type { SelfTradePolicy, TriggerSource } from './order-types.ts'

/** How far a trailing trigger stays behind the best price seen. */
export type TrailDistance =
  | { readonly by: 'ticks'; readonly ticks: number }
  | { readonly by: 'percent'; readonly percent: number }

/** Another order that this one is tied to, by its index at the exchange. */
export interface OrderRef {
  readonly index: number
  /** Its number among those of its owner. */
  readonly id?: number
}

/** Terms of an order that a gateway, not the book, looks after; what is left out is not asked. */
export interface SpecialTerms {
  /** Data ticks; of a trailing order where it starts, left out to start from the market. */
  readonly triggerTicks?: number | undefined
  readonly triggerBy?: TriggerSource | undefined
  readonly trail?: TrailDistance | undefined
  /** A trailing order begins to follow once the market has reached this price. */
  readonly activationTicks?: number | undefined
  /** Of a trailing limit order: how far its limit lies behind its trigger, data ticks. */
  readonly limitOffsetTicks?: number | undefined
  /** An iceberg shows this much at a time. */
  readonly displayLots?: number | undefined
  /** It may reduce the position, never open or turn one. */
  readonly reduceOnly?: boolean | undefined
  /** It never takes: refused, or moved to the best price at which it rests. */
  readonly postOnly?: 'reject' | 'slide' | undefined
  /** It ends behind the last event of this time, ns since the epoch on the exchange's clock. */
  readonly expireTime?: number | undefined
  /** Default: what the venue does. */
  readonly stp?: SelfTradePolicy | undefined
  /** A fill of either cancels the other, and so does its end. */
  readonly oco?: OrderRef | undefined
  /** A fill of either takes its size from the other; its end ends the other. */
  readonly ouo?: OrderRef | undefined
  /** It waits at the exchange until this order fills. */
  readonly parent?: OrderRef | undefined
  /** Whether a part of the parent lets out as much, or nothing goes before the whole. */
  readonly parentFill?: 'partial' | 'full' | undefined
}
