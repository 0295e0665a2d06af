/**
 * How a special order enters the book: cut to the position, priced, moved behind the touch, kept
 * from meeting its owner's other orders, then handed to the core piece by piece.
 */
import { NO_ASK, NO_BID } from '../../book/index.ts'
import type { Side } from '../../market/index.ts'
import type { SelfTradePolicy } from '../../order/index.ts'
import type { ExchangeModel } from '../exchange.ts'
import type { CorePieces, EntryFailure } from './core-pieces.ts'
import type { OrderLedger } from './order-ledger.ts'
import { takeFrom } from './size-cut.ts'
import type { RuleBook } from './rule-book.ts'
import { lotsBefore, ownInTheWay } from './self-trade.ts'
import type { SpecialOrder } from './special-order.ts'
import type { SourcePrices } from './trigger-prices.ts'

/** What the entry needs of the gateway. */
export interface EntryParts {
  readonly core: ExchangeModel
  readonly pieces: CorePieces
  readonly ledger: OrderLedger
  readonly rules: RuleBook
  readonly prices: () => SourcePrices
  /** Cancels another order of the same owner, if it is not over. */
  readonly endOther: (index: number, reason: string) => void
  /** Takes `lots` off another order of the same owner. */
  readonly shrinkOther: (index: number, lots: number, reason: string) => void
}

const SELF_TRADE = 'it would have met an order of the same owner'
const POST_ONLY = 'a post-only order would have taken'

/** @see module comment */
export class BookEntry {
  readonly #parts: EntryParts

  constructor(parts: EntryParts) {
    this.#parts = parts
  }

  /**
   * Settles price and size of an order that is about to enter, as far as the market and the position
   * of this moment decide them. Returns why it cannot enter.
   */
  prepare(order: SpecialOrder): EntryFailure | undefined {
    const { ledger, rules, prices } = this.#parts
    if (order.special.reduceOnly === true) {
      const lots = ledger.reducibleLots(order.owner, order.side)
      if (lots === 0) return rejected('there is no position for it to reduce')
      takeFrom(order, order.workableLots - lots, 'there is no more of a position to reduce')
    }
    if (order.type === 'market-to-limit' && Number.isNaN(order.priceTicks)) {
      const best = this.#opposite(order.side)
      if (Number.isNaN(best)) return expired('nothing stands on the opposite side')
      order.priceTicks = best
    }
    if (order.isMarket) return undefined
    const refusal =
      rules.ticks.offTick(order.priceTicks) ?? rules.outOfBand(order.priceTicks, prices())
    if (refusal !== undefined) return rejected(refusal)
    if (order.special.postOnly === undefined || !this.crosses(order)) return undefined
    if (order.special.postOnly === 'reject') return rejected(POST_ONLY)
    this.#slide(order)
    return undefined
  }

  /**
   * Clears the way of an order that has been prepared of its owner's own, by the policy that holds
   * for it. Returns what that makes of the order where it does not go on.
   */
  clearWay(order: SpecialOrder, time: number): EntryFailure | undefined {
    const policy = order.special.stp ?? this.#parts.rules.rules.stp
    return policy === 'none' ? undefined : this.#keepApart(order, policy, time)
  }

  /** Hands an order whose way is clear to the core. Returns why it did not stay there. */
  enter(order: SpecialOrder, time: number): EntryFailure | undefined {
    if (order.workableLots <= 0) return undefined
    const { displayLots } = order.special
    if (displayLots !== undefined && this.crosses(order)) {
      // An iceberg hides nothing from what it takes.
      this.#take(order, order.workableLots, { limitTicks: order.priceTicks, time })
      if (order.workableLots <= 0) return undefined
    }
    return this.place(order, time)
  }

  /** Puts the next piece of an order in. Returns why it did not stay there. */
  place(order: SpecialOrder, time: number): EntryFailure | undefined {
    const lots = Math.min(order.workableLots, order.special.displayLots ?? Number.POSITIVE_INFINITY)
    const limitTicks = order.isMarket ? undefined : order.priceTicks
    const failure = this.#parts.pieces.put(order, lots, {
      // What has stood there hidden is no taker, whatever has come to its price by now.
      tif: order.isRefilling ? 'GTC' : order.coreTimeInForce,
      limitTicks,
      time,
    })
    const isPostOnly = order.special.postOnly !== undefined && order.filledLots === 0
    return failure !== undefined && isPostOnly ? rejected(failure.reason) : failure
  }

  /** True when the order's limit reaches the opposite side of the touch. */
  crosses(order: SpecialOrder): boolean {
    return this.crossesAt(order.side, order.priceTicks)
  }

  /** True when a limit of `side` at `ticks` reaches the opposite side of the touch. */
  crossesAt(side: Side, ticks: number): boolean {
    return side * (ticks - this.#opposite(side)) >= 0
  }

  /** Moves a limit to the best price at which it does not take (Deribit, "post_only"). */
  #slide(order: SpecialOrder): void {
    const { ticks } = this.#parts.rules
    const behind = this.#opposite(order.side) - order.side
    order.priceTicks = order.side > 0 ? ticks.atMost(behind) : ticks.atLeast(behind)
  }

  #opposite(side: Side): number {
    const { bestBidTick, bestAskTick } = this.#parts.core.ladder
    const best = side > 0 ? bestAskTick : bestBidTick
    return best === NO_ASK || best === NO_BID ? Number.NaN : best
  }

  /** Takes up to `lots` at once; what is left stays with the order. */
  #take(
    order: SpecialOrder,
    lots: number,
    { limitTicks, time }: { readonly limitTicks: number; readonly time: number },
  ): void {
    this.#parts.pieces.put(order, lots, { tif: 'IOC', limitTicks, time })
  }

  /** Lets the order take what stands before each of its owner's, and applies the policy there. */
  #keepApart(order: SpecialOrder, policy: SelfTradePolicy, time: number): EntryFailure | undefined {
    const { core, endOther, shrinkOther } = this.#parts
    const { index, side, owner } = order
    const limitTicks = order.isMarket ? side * Number.POSITIVE_INFINITY : order.priceTicks
    const filledBefore = order.filledLots
    for (const own of ownInTheWay(core, { index, side, owner, limitTicks })) {
      const taken = order.filledLots - filledBefore
      const before = Math.min(order.workableLots, lotsBefore(core.ladder, side, own) - taken)
      if (order.timeInForce === 'FOK') {
        if (before >= order.workableLots) break
      } else if (before > 0) {
        this.#take(order, before, { limitTicks: own.priceTicks, time })
      }
      if (order.workableLots <= 0) return undefined
      if (policy === 'cancel-resting' || policy === 'cancel-both') endOther(own.index, SELF_TRADE)
      if (policy === 'cancel-newest' || policy === 'cancel-both') {
        return { kind: 'cancelled', reason: SELF_TRADE }
      }
      if (policy !== 'decrement') continue
      const common = Math.min(order.workableLots, own.openLots)
      shrinkOther(own.index, common, SELF_TRADE)
      takeFrom(order, common, SELF_TRADE)
      if (order.openLots <= 0) return { kind: 'cancelled', reason: SELF_TRADE }
    }
    return undefined
  }
}

const rejected = (reason: string): EntryFailure => ({ kind: 'rejected', reason })
const expired = (reason: string): EntryFailure => ({ kind: 'expired', reason })
