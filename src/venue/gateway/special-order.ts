/** One order that the gateway looks after: what it asks for by now, and where it is. */
import type { Side } from '../../market/index.ts'
import type { OrderType, SpecialTerms, TimeInForce } from '../../order/index.ts'
import type { CoreTimeInForce } from '../exchange.ts'
import type { VenueOrder } from './venue-order.ts'

/**
 * Where an order is: it waits for its parent's fill, for the price at which it begins to trail, for
 * its trigger, or, triggered or new, for a market that is open; it is in the core's hands; or done.
 */
export type Stage = 'parent' | 'activation' | 'trigger' | 'closed-market' | 'core' | 'done'

/** @see module comment */
export class SpecialOrder {
  readonly index: number
  readonly side: Side
  readonly owner: number
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly special: SpecialTerms
  stage: Stage = 'parent'
  /** Data ticks; NaN until the exchange sets it. */
  priceTicks: number
  /** Whole size by now: amendments and siblings' fills change it. */
  sizeLots: number
  filledLots = 0
  /** What fills of the parent let out so far; all of it without a parent. */
  grantedLots = Number.POSITIVE_INFINITY
  /** Taken from the size by fills of siblings: it goes off what the parent grants too. */
  takenLots = 0
  triggerTicks: number
  /** Best price of its source since it trails; NaN before the first. */
  bestTicks = Number.NaN
  isTriggered = false
  /** Size and price that its owner knows of. */
  toldLots: number
  toldTicks: number
  /** Exchange time behind whose last event it ends; Infinity for never. */
  expireTime = Number.POSITIVE_INFINITY
  /** Size of the piece that the core has, as the core was told, and what of it has filled. */
  pieceLots = 0
  pieceFilledLots = 0
  /** True while the piece rests in the core. */
  isResting = false
  /** True while an iceberg's next piece goes in: it has stood at its price all along. */
  isRefilling = false
  /** True once its owner was told that it waits, or that it rests. */
  isKnownToWait = false
  isKnownToRest = false
  /** Why it ends once nothing of it is left to trade, where no fill of its own is the reason. */
  cutReason = ''

  constructor(order: VenueOrder, special: SpecialTerms = {}) {
    this.index = order.index
    this.side = order.side
    this.owner = order.owner
    this.type = order.type
    this.timeInForce = order.timeInForce
    this.priceTicks = order.priceTicks
    this.sizeLots = order.sizeLots
    this.special = special
    this.toldLots = order.sizeLots
    this.toldTicks = order.priceTicks
    this.triggerTicks = special.triggerTicks ?? Number.NaN
  }

  /** True when all that its owner knows of has filled. */
  get isWhole(): boolean {
    return this.filledLots > 0 && this.filledLots === this.toldLots
  }

  /** What may still trade of the whole. */
  get openLots(): number {
    return this.sizeLots - this.filledLots
  }

  /** What may trade now. */
  get workableLots(): number {
    return Math.min(this.sizeLots, this.grantedLots - this.takenLots) - this.filledLots
  }

  /** What the core has of it. */
  get pieceOpenLots(): number {
    return this.isResting ? this.pieceLots - this.pieceFilledLots : 0
  }

  /** True while it waits outside the book. */
  get isWaiting(): boolean {
    return this.stage !== 'core' && this.stage !== 'done'
  }

  /** The time in force of its pieces in the core. */
  get coreTimeInForce(): CoreTimeInForce {
    const { timeInForce } = this
    if (timeInForce === 'IOC' || timeInForce === 'FOK') return timeInForce
    return timeInForce === 'GTX' || this.special.postOnly !== undefined ? 'GTX' : 'GTC'
  }

  /** True when it takes at any price. */
  get isMarket(): boolean {
    const { type } = this
    return (
      type === 'market' || type === 'stop' || type === 'take-profit' || type === 'trailing-stop'
    )
  }
}

/** Returns a plain order as one that rests in the core, with what is known of it there. */
export function restingOrder(
  order: VenueOrder,
  known: { readonly priceTicks: number; readonly sizeLots: number; readonly filledLots: number },
): SpecialOrder {
  const special = new SpecialOrder(order)
  special.stage = 'core'
  special.isResting = true
  special.isKnownToRest = true
  special.priceTicks = known.priceTicks
  special.toldTicks = known.priceTicks
  special.sizeLots = known.sizeLots
  special.toldLots = known.sizeLots
  special.pieceLots = known.sizeLots
  special.filledLots = known.filledLots
  special.pieceFilledLots = known.filledLots
  return special
}
