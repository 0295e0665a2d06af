/** The messages between a desk and an exchange while they travel. */
import type { Order } from '../order/index.ts'
import type { AmendedTerms, ExchangeFill, FundingPaid } from '../venue/index.ts'

/** What a strategy asks of an exchange. */
export type Request =
  | { readonly kind: 'submit'; readonly order: Order }
  | { readonly kind: 'cancel'; readonly order: Order }
  | { readonly kind: 'amend'; readonly order: Order; readonly terms: AmendTerms }

/** Price and whole size that an amendment asks for. */
export interface AmendTerms {
  readonly priceTicks: number
  readonly sizeLots: number
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
