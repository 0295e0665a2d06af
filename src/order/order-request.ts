/** What an order asks for when it is made. */
import type { Side } from '../market/index.ts'
import type { OrderType, TimeInForce } from './order-types.ts'
import type { SpecialTerms } from './special-terms.ts'

/** What an order asks for, in integers. */
export interface OrderRequest {
  readonly id: number
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
