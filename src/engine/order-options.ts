/**
 * What a strategy says of an order, in decimals: one form for each kind of order, so that what
 * cannot be does not compile. The kind follows from what is given: nothing is a market order, a
 * `price` a limit, a `trigger` a stop, both a stop-limit, a `trail` a trailing stop.
 */
import type { Order, SelfTradePolicy, TimeInForce, TriggerSource } from '../order/index.ts'
import type { Side } from '../market/index.ts'
import type { Duration, Instant } from '../time/index.ts'
import type { Data } from './data.ts'

/** How far a trailing trigger stays behind: quote units, percent of the price, or ticks. */
export type Trail =
  | { readonly price: number }
  | { readonly percent: number }
  | { readonly ticks: number }

/** What every order may say. */
interface AnyOrderOptions {
  /** Which data it is of; default: the first. */
  readonly data?: Data
  /** Base units or contracts; without one the sizer decides. */
  readonly size?: number
  /** It may reduce the position, never open or turn one. */
  readonly reduceOnly?: boolean
  /** When it would meet an order of ours. Default: what the venue does, else nothing is prevented. */
  readonly stp?: SelfTradePolicy
  /** One cancels the other: a fill of either, or its end, ends the other. */
  readonly oco?: Order
  /** One updates the other: a fill of either takes its size from the other. */
  readonly ouo?: Order
  /** It waits at the exchange until this order fills. */
  readonly parent?: Order
  /** Whether a part of the parent lets out as much, or nothing goes before the whole. Default: partial. */
  readonly parentFill?: 'partial' | 'full'
}

/** How long an order that can rest lives. */
interface Resting {
  /** Default: GTC, with `expire` GTD. */
  readonly tif?: 'GTC' | 'GTD' | 'DAY'
  /** When it ends by itself: so long from now, or a moment. */
  readonly expire?: Duration | Instant
}

/** How an order with a limit price behaves in the book; what never rests can ask for none of it. */
type InBook =
  | {
      readonly tif?: 'GTC' | 'GTX' | 'GTD' | 'DAY'
      /** When it ends by itself: so long from now, or a moment. */
      readonly expire?: Duration | Instant
      /** It never takes: refused, or moved to the best price at which it rests. */
      readonly postOnly?: 'reject' | 'slide'
      /** It is an iceberg that shows this much at a time, base units or contracts. */
      readonly displaySize?: number
    }
  | {
      readonly tif?: TimeInForce
      readonly expire?: never
      readonly postOnly?: never
      readonly displaySize?: never
    }

/** What lets a waiting order into the book. */
interface Triggered {
  /** Quote units. A stop goes when the market has run against it so far, a take-profit for it. */
  readonly trigger: number
  /** Default: last. */
  readonly triggerBy?: TriggerSource
}

interface Trailing {
  readonly trail: Trail
  /** Where the trigger starts, quote units; without one `trail` behind the market. */
  readonly trigger?: number
  /** Default: last. */
  readonly triggerBy?: TriggerSource
  /** It begins to follow once the market has reached this price, quote units. */
  readonly activation?: number
}

type MarketOrderOptions = AnyOrderOptions & {
  readonly type?: 'market'
  readonly tif?: 'GTC' | 'IOC' | 'FOK'
  readonly price?: never
  readonly trigger?: never
  readonly trail?: never
}

type LimitOrderOptions = AnyOrderOptions &
  InBook & {
    readonly type?: 'limit'
    /** Quote units. */
    readonly price: number
    readonly trigger?: never
    readonly trail?: never
  }

type StopOrderOptions = AnyOrderOptions &
  Resting &
  Triggered & {
    readonly type?: 'stop' | 'take-profit'
    readonly price?: never
    readonly trail?: never
  }

type StopLimitOrderOptions = AnyOrderOptions &
  InBook &
  Triggered & {
    readonly type?: 'stop-limit' | 'take-profit-limit'
    /** The limit once it was triggered, quote units. */
    readonly price: number
    readonly trail?: never
  }

type TrailingStopOrderOptions = AnyOrderOptions &
  Resting &
  Trailing & { readonly type?: 'trailing-stop'; readonly price?: never }

type TrailingStopLimitOrderOptions = AnyOrderOptions &
  InBook &
  Trailing & {
    readonly type?: 'trailing-stop-limit'
    /** How far the limit lies behind the trigger, quote units: below it for a sell. */
    readonly limitOffset: number
    readonly price?: never
  }

type MarketToLimitOrderOptions = AnyOrderOptions &
  Resting & {
    readonly type: 'market-to-limit'
    /** It is an iceberg that shows this much at a time, base units or contracts. */
    readonly displaySize?: number
    readonly price?: never
    readonly trigger?: never
    readonly trail?: never
  }

/** What an order asks for, in decimals. */
export type OrderOptions =
  | MarketOrderOptions
  | LimitOrderOptions
  | StopOrderOptions
  | StopLimitOrderOptions
  | TrailingStopOrderOptions
  | TrailingStopLimitOrderOptions
  | MarketToLimitOrderOptions

/** An order that protects or closes what its bracket's entry opens. */
export type ExitOptions = OrderOptions & {
  readonly size?: never
  readonly oco?: never
  readonly ouo?: never
  readonly parent?: never
  readonly parentFill?: never
}

/** An entry with the two orders that close it again. */
export type BracketOptions = OrderOptions & {
  /** Where the loss is cut: a trigger, or a trail. */
  readonly stop: ExitOptions
  /** Where the profit is taken: a limit price, or a trigger. */
  readonly profit: ExitOptions
  /** What a fill of one exit does to the other: takes its size from it, or cancels it. Default: ouo. */
  readonly exits?: 'ouo' | 'oco'
}

/** The three orders of a bracket. */
export interface Bracket {
  readonly entry: Order
  readonly stop: Order
  readonly profit: Order
}

/** Which orders are to be cancelled. */
export interface CancelAllOptions {
  /** +1 buys, -1 sells; default: both. */
  readonly side?: Side
  /** Default: those of all data. */
  readonly data?: Data
}

/** What an amendment changes of an order, in decimals. */
export interface OrderChange {
  /** Limit price in quote units. */
  readonly price?: number
  /** Whole size in base units or contracts, what has filled included. */
  readonly size?: number
  /** The price that lets a waiting order into the book, quote units. */
  readonly trigger?: number
}

/** Every field that any form of {@link OrderOptions} has, as it is read where types are not checked. */
export interface AskedOrder extends AnyOrderOptions {
  readonly type?: string
  readonly tif?: string
  readonly price?: number
  readonly trigger?: number
  readonly triggerBy?: string
  readonly trail?: Trail
  readonly activation?: number
  readonly limitOffset?: number
  readonly postOnly?: string
  readonly displaySize?: number
  readonly expire?: Duration | Instant
}
