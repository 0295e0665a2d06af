/** Holds orders and amendments against the rules of the venue. */
import { hasLimit } from '../../order/index.ts'
import type { ExchangeModel } from '../exchange.ts'
import type { OrderLedger } from './order-ledger.ts'
import type { RuleBook } from './rule-book.ts'
import { ownInTheWay } from './self-trade.ts'
import type { SourcePrices } from './trigger-prices.ts'
import type { VenueAmendment, VenueOrder } from './venue-order.ts'

/** What the checks look at. */
export interface CheckParts {
  readonly core: ExchangeModel
  readonly ledger: OrderLedger
  readonly rules: RuleBook
  readonly prices: () => SourcePrices
}

/** @see module comment */
export class OrderChecks {
  readonly #parts: CheckParts

  constructor(parts: CheckParts) {
    this.#parts = parts
  }

  /** Why the venue does not take an order; undefined when it does. */
  refusal(order: VenueOrder): string | undefined {
    const { rules, ledger } = this.#parts
    if (!rules.hasAny) return undefined
    const { maxOpenOrders } = rules.rules
    if (maxOpenOrders !== undefined && ledger.openOrders(order.owner) >= maxOpenOrders) {
      return `${maxOpenOrders} orders are open already, the most that the venue takes`
    }
    return this.#badTerms(order, order)
  }

  /** Why an order cannot have new terms; undefined when it can, as far as rules say. */
  amendRefusal(order: VenueOrder, to: VenueAmendment): string | undefined {
    const { rules, ledger } = this.#parts
    if (to.sizeLots <= ledger.filledLots(order.index)) return 'as much of it has filled already'
    return rules.hasAny ? this.#badTerms(order, to) : undefined
  }

  /** True for a plain order that a rule of the venue keeps from going straight to the core. */
  needsCare(order: VenueOrder, priceTicks: number): boolean {
    const { rules, core } = this.#parts
    if (!rules.hasAny) return false
    const { halts, stp } = rules.rules
    if (halts === 'queue' && core.isHalted) return true
    if (stp === 'none') return false
    const { index, side, owner, type } = order
    const limitTicks = type === 'market' ? side * Number.POSITIVE_INFINITY : priceTicks
    return ownInTheWay(core, { index, side, owner, limitTicks }).length > 0
  }

  #badTerms(
    order: VenueOrder,
    { priceTicks, sizeLots }: { readonly priceTicks: number; readonly sizeLots: number },
  ): string | undefined {
    const { rules } = this.#parts
    const { side, special, type } = order
    const limit = hasLimit(type) ? priceTicks : Number.NaN
    const prices = this.#parts.prices()
    const asked = { side, priceTicks: limit, sizeLots, reduceOnly: special?.reduceOnly === true }
    const refusal =
      rules.refusal(asked, prices) ?? rules.ticks.offTick(special?.triggerTicks ?? Number.NaN)
    // A limit that waits for its trigger is held against the market of that moment.
    return refusal ?? (type === 'limit' ? rules.outOfBand(limit, prices) : undefined)
  }
}
