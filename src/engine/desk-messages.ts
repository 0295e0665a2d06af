/** The messages between a desk and an exchange while they travel. */
import type { Side } from '../market/index.ts'
import type { Order } from '../order/index.ts'
import type { AmendedTerms, ExchangeFill, FundingPaid, TriggeredTerms } from '../venue/index.ts'
import type { AmendTerms } from './order-terms.ts'

/** What a strategy asks of an exchange. */
export type Request =
  | { readonly kind: 'submit'; readonly order: Order }
  | { readonly kind: 'cancel'; readonly order: Order }
  | { readonly kind: 'amend'; readonly order: Order; readonly terms: AmendTerms }
  | {
      readonly kind: 'cancelAll'
      /** Those that were open when it was sent. */
      readonly orders: readonly Order[]
      readonly side: Side | undefined
    }

/** What an exchange answers, and what it tells unasked. */
export type Response =
  | { readonly kind: 'funded'; readonly payment: FundingPaid }
  | {
      readonly kind: 'accepted'
      readonly order: Order
      readonly exchTime: number
      readonly queueAheadLots: number
    }
  | {
      readonly kind: 'filled'
      readonly order: Order
      readonly exchTime: number
      readonly fill: ExchangeFill
      readonly fee: number
    }
  | {
      readonly kind: 'cancelled'
      readonly order: Order
      readonly exchTime: number
      /** Why, where it was not its owner who asked. */
      readonly reason: string
    }
  | {
      readonly kind: 'parked'
      readonly order: Order
      readonly exchTime: number
    }
  | {
      readonly kind: 'triggerMoved'
      readonly order: Order
      readonly exchTime: number
      readonly triggerTicks: number
    }
  | {
      readonly kind: 'triggered'
      readonly order: Order
      readonly exchTime: number
      readonly terms: TriggeredTerms
    }
  | {
      readonly kind: 'amended'
      readonly order: Order
      readonly exchTime: number
      readonly terms: AmendedTerms
    }
  | {
      readonly kind: 'expired' | 'rejected' | 'cancelRejected' | 'amendRejected'
      readonly order: Order
      readonly exchTime: number
      readonly reason: string
    }
