/** Which statuses an order goes through, and what may follow which. */
import { ORDER_STATUSES, type OrderStatus } from './order-types.ts'

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

const codes = (statuses: readonly OrderStatus[]): number =>
  statuses.reduce((bits, status) => bits | (1 << ORDER_STATUSES.indexOf(status)), 0)

/** By code of a status, its place in the vocabulary: a bit for each that may follow. */
const NEXT_BITS = Uint8Array.from(ORDER_STATUSES, (status) => codes(NEXT[status]))
/** Codes of statuses. */
export const CODE_OF = {
  submitted: 0,
  accepted: 1,
  partial: 2,
  filled: 3,
  cancelPending: 4,
  cancelled: 5,
  rejected: 6,
  expired: 7,
} as const satisfies Record<OrderStatus, number>
/** Returns the code of a status; a name that is looked up costs more than all else of a step. */
export function codeOf(status: OrderStatus): number {
  switch (status) {
    case 'filled':
      return CODE_OF.filled
    case 'cancelled':
      return CODE_OF.cancelled
    case 'cancelPending':
      return CODE_OF.cancelPending
    default:
      return CODE_OF[status]
  }
}

/** Bits of the statuses in which an order can still trade: submitted, accepted, partial, cancelPending. */
export const OPEN = 0b1_0111
/** Bits of the statuses in which a request of ours is on its way: submitted, cancelPending. */
export const PENDING = 0b1_0001

/** True when an order in `from` may become `to`. */
export function mayBecome(from: OrderStatus, to: OrderStatus): boolean {
  return mayFollow(CODE_OF[from], CODE_OF[to])
}

/** As {@link mayBecome}, by codes. */
export function mayFollow(from: number, to: number): boolean {
  return (NEXT_BITS[from]! & (1 << to)) !== 0
}
