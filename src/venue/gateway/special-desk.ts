/**
 * The life of special orders: from their arrival, through what they wait for, into the book, to
 * their end.
 *
 * Nothing here runs while a core is in the midst of its own work: fills are noted as they come, and
 * what follows from them is done once the core is at rest, in order ({@link SpecialDesk.refresh}).
 */
import type { ExchangeModel } from '../exchange.ts'
import { BookEntry, type EntryParts } from './book-entry.ts'
import type { CorePieces, EntryFailure } from './core-pieces.ts'
import type { OrderLedger } from './order-ledger.ts'
import type { RuleBook } from './rule-book.ts'
import { takeFrom } from './size-cut.ts'
import type { SpecialOrder } from './special-order.ts'
import type { SourcePrices } from './trigger-prices.ts'
import { TriggerWatch } from './trigger-watch.ts'
import type { VenueAmendment, VenueReports } from './venue-order.ts'

/** What the desk works with. */
export interface SpecialDeskParts extends EntryParts {
  readonly reports: VenueReports
  /** Hears of every end, once it is told. */
  readonly onEnd: (index: number) => void
}

/** @see module comment */
export class SpecialDesk {
  readonly #core: ExchangeModel
  readonly #pieces: CorePieces
  readonly #ledger: OrderLedger
  readonly #rules: RuleBook
  readonly #reports: VenueReports
  readonly #prices: () => SourcePrices
  readonly #onEnd: (index: number) => void
  readonly #entry: BookEntry
  readonly #triggers: TriggerWatch
  /** In order of arrival. */
  readonly #orders = new Map<number, SpecialOrder>()
  /** Those that wait for an open market, in the order in which they may enter it. */
  readonly #closedOut = new Set<SpecialOrder>()
  #nextExpiry = Number.POSITIVE_INFINITY

  constructor(parts: SpecialDeskParts) {
    this.#core = parts.core
    this.#pieces = parts.pieces
    this.#ledger = parts.ledger
    this.#rules = parts.rules
    this.#reports = parts.reports
    this.#prices = parts.prices
    this.#onEnd = parts.onEnd
    this.#entry = new BookEntry(parts)
    this.#triggers = new TriggerWatch((ticks) => parts.rules.ticks.stepAt(ticks))
  }

  /** Orders that are not over. */
  get count(): number {
    return this.#orders.size
  }

  /** When the next one ends by itself; Infinity for never. */
  get nextExpiry(): number {
    return this.#nextExpiry
  }

  find(index: number): SpecialOrder | undefined {
    return this.#orders.get(index)
  }

  /** Orders that are not over, in order of arrival. */
  all(): readonly SpecialOrder[] {
    return [...this.#orders.values()]
  }

  /** Takes an order into care, wherever it is. */
  add(order: SpecialOrder): void {
    this.#orders.set(order.index, order)
    this.#nextExpiry = Math.min(this.#nextExpiry, order.expireTime)
  }

  /** Lets an order begin that has arrived: it waits, or enters. */
  begin(order: SpecialOrder, time: number): void {
    if (order.workableLots <= 0) {
      this.#park(order, 'parent', time)
      return
    }
    const { activationTicks, triggerBy } = order.special
    if (triggerBy === undefined) {
      this.enter(order, time)
      return
    }
    order.stage = activationTicks === undefined ? 'trigger' : 'activation'
    this.#triggers.add(order)
    const isMet = this.#triggers.meets(order, this.#prices())
    if (isMet && this.#rules.rules.rejectStops) {
      this.end(order, { kind: 'rejected', reason: 'its trigger is met already' }, time)
      return
    }
    this.#park(order, order.stage, time)
    const { triggerTicks } = order
    if (!Number.isNaN(triggerTicks) && triggerTicks !== order.special.triggerTicks) {
      this.#reports.triggerMoved(order.index, time, order.triggerTicks)
    }
    if (isMet) this.#trigger(order, time)
  }

  /** True when an order waits for a price of the book. */
  get looksAtBook(): boolean {
    return this.#triggers.looksAtBook
  }

  /**
   * Lets the orders that wait see the prices of the book, or behind a single row those of trades and
   * marks, and whether the market is open.
   */
  look(time: number, atBook: boolean): void {
    if (this.#triggers.count > 0) {
      const { met, moved } = this.#triggers.look(this.#prices(), atBook)
      for (const order of moved) {
        this.#reports.triggerMoved(order.index, time, order.triggerTicks)
      }
      for (const order of met) {
        // What one of them does may end another.
        if (order.stage === 'trigger' && order.openLots > 0) this.#trigger(order, time)
      }
    }
    if (atBook || this.#closedOut.size === 0 || !this.#isOpen) return
    for (const order of this.#closedOut) {
      if (order.stage === 'closed-market') this.enter(order, time)
    }
  }

  /** Sets the watch of the core to what the waiting orders wait for. */
  arm(): void {
    const { watch } = this.#core
    watch.watchesPhase = this.#closedOut.size > 0
    this.#triggers.arm(watch)
  }

  /** Ends what ends by itself at `time`. */
  expire(time: number): void {
    for (const order of this.all()) {
      if (order.stage === 'done' || order.expireTime > time) continue
      this.end(order, { kind: 'expired', reason: 'its time was over' }, time)
    }
  }

  /** Puts an order into the book, or ends it where it cannot be. */
  enter(order: SpecialOrder, time: number): void {
    if (order.openLots <= 0) return
    if (!this.#isOpen && (order.isTriggered || this.#isQueued(order))) {
      this.#park(order, 'closed-market', time)
      this.#closedOut.add(order)
      return
    }
    this.#closedOut.delete(order)
    order.stage = 'core'
    let failure = this.#entry.prepare(order)
    if (failure === undefined) {
      this.#tell(order, time)
      failure = this.#entry.clearWay(order, time)
    }
    if (failure === undefined) {
      if (order.openLots > 0) this.#tell(order, time)
      failure = this.#entry.enter(order, time)
    }
    this.#settleEntry(order, failure, time)
  }

  /**
   * Brings core and owner in line with an order whose size, grant or fills have changed: takes out
   * what is too much, puts in what is missing, ends it when nothing is left.
   */
  refresh(order: SpecialOrder, time: number): void {
    if (order.stage === 'done') return
    if (order.stage === 'core') this.#cutToPosition(order)
    if (order.openLots <= 0) {
      this.end(order, { kind: 'cancelled', reason: order.cutReason }, time)
      return
    }
    this.#tell(order, time)
    if (order.stage === 'parent') {
      if (order.workableLots > 0) this.begin(order, time)
      return
    }
    if (order.stage !== 'core') return
    const wanted = Math.min(order.workableLots, order.special.displayLots ?? Infinity)
    const has = order.pieceOpenLots
    if (order.isResting) {
      const grows = wanted > has && order.special.displayLots === undefined
      if (wanted <= 0) this.#pieces.takeOut(order, time)
      else if (wanted < has || grows) this.#pieces.resize(order, wanted, time)
    } else if (wanted > 0) {
      order.isRefilling = order.special.displayLots !== undefined
      const failure = this.#entry.place(order, time)
      order.isRefilling = false
      this.#settleEntry(order, failure, time)
    }
  }

  /** The same for every order that may only reduce a position, after one has changed. */
  refreshReducers(time: number): void {
    for (const order of this.all()) {
      if (order.special.reduceOnly === true) this.refresh(order, time)
    }
  }

  /** Gives an order new terms. Returns why it cannot have them; it is then as before. */
  amend(order: SpecialOrder, to: VenueAmendment, time: number): string | undefined {
    const isPriceNew = to.priceTicks !== order.priceTicks && !Number.isNaN(to.priceTicks)
    const keepsPlace = !isPriceNew && to.sizeLots <= order.sizeLots
    if (order.stage === 'core' && isPriceNew && this.#wouldTake(order, to.priceTicks)) {
      return 'a post-only order would have taken'
    }
    // Whatever is new of it, the owner waits for an answer.
    order.toldLots = Number.NaN
    order.sizeLots = to.sizeLots
    if (isPriceNew) order.priceTicks = to.priceTicks
    this.#ledger.resize(order.index, to.sizeLots)
    if (order.stage === 'core') {
      if (keepsPlace) {
        this.refresh(order, time)
        return undefined
      }
      this.#pieces.takeOut(order, time)
      order.isKnownToRest = false
      this.#tell(order, time)
      this.enter(order, time)
      return undefined
    }
    this.#tell(order, time)
    if (Number.isNaN(to.triggerTicks) || to.triggerTicks === order.triggerTicks) return undefined
    order.triggerTicks = to.triggerTicks
    this.#reports.triggerMoved(order.index, time, to.triggerTicks)
    if (order.stage === 'trigger' && this.#triggers.meets(order, this.#prices())) {
      this.#trigger(order, time)
    }
    return undefined
  }

  /** Ends an order and tells why. */
  end(order: SpecialOrder, { kind, reason }: EntryFailure, time: number): void {
    if (order.stage === 'done') return
    this.#pieces.takeOut(order, time)
    this.#remove(order)
    if (order.isWhole) {
      // It has filled, and nothing was done about that yet.
      this.#onEnd(order.index)
      return
    }
    if (kind === 'cancelled') this.#reports.cancelled(order.index, time, reason)
    else this.#reports[kind](order.index, time, reason)
    this.#onEnd(order.index)
  }

  get #isOpen(): boolean {
    return this.#core.hasBook && !this.#core.isHalted
  }

  /** True for an order that a venue keeps through a halt instead of refusing it. */
  #isQueued(order: SpecialOrder): boolean {
    if (!this.#core.isHalted || this.#rules.rules.halts !== 'queue') return false
    return order.timeInForce !== 'IOC' && order.timeInForce !== 'FOK' && !order.isMarket
  }

  #park(
    order: SpecialOrder,
    stage: 'parent' | 'activation' | 'trigger' | 'closed-market',
    time: number,
  ): void {
    order.stage = stage
    if (order.isKnownToWait) return
    order.isKnownToWait = true
    this.#reports.parked(order.index, time)
  }

  #trigger(order: SpecialOrder, time: number): void {
    order.isTriggered = true
    order.isKnownToWait = false
    this.#triggers.remove(order)
    const { limitOffsetTicks } = order.special
    if (limitOffsetTicks !== undefined) {
      order.priceTicks = order.triggerTicks + order.side * limitOffsetTicks
      order.toldTicks = order.priceTicks
    }
    const { triggerTicks, priceTicks } = order
    this.#reports.triggered(order.index, time, { triggerTicks, priceTicks })
    this.enter(order, time)
  }

  /** Tells the owner of a piece that now rests, or of the end of an order that did not stay. */
  #settleEntry(order: SpecialOrder, failure: EntryFailure | undefined, time: number): void {
    if (failure !== undefined) {
      this.end(order, failure, time)
      return
    }
    if (!order.isResting || order.isKnownToRest) return
    order.isKnownToRest = true
    this.#reports.accepted(order.index, time, this.#pieces.aheadLots)
  }

  #wouldTake(order: SpecialOrder, priceTicks: number): boolean {
    const isPostOnly = order.special.postOnly === 'reject' || order.timeInForce === 'GTX'
    return isPostOnly && this.#entry.crossesAt(order.side, priceTicks)
  }

  #cutToPosition(order: SpecialOrder): void {
    if (order.special.reduceOnly !== true) return
    const lots = this.#ledger.reducibleLots(order.owner, order.side)
    // What its parent has not let out yet may still find a position.
    takeFrom(order, order.workableLots - lots, 'there is no position left for it to reduce')
  }

  #remove(order: SpecialOrder): void {
    order.stage = 'done'
    this.#orders.delete(order.index)
    this.#triggers.remove(order)
    this.#closedOut.delete(order)
    if (order.expireTime > this.#nextExpiry) return
    this.#nextExpiry = Number.POSITIVE_INFINITY
    for (const { expireTime } of this.#orders.values()) {
      this.#nextExpiry = Math.min(this.#nextExpiry, expireTime)
    }
  }

  /** Tells the owner of a size or price that is not the one it knows. */
  #tell(order: SpecialOrder, time: number): void {
    const { index, priceTicks, sizeLots } = order
    if (sizeLots === order.toldLots && Object.is(priceTicks, order.toldTicks)) return
    order.toldLots = sizeLots
    order.toldTicks = priceTicks
    this.#ledger.resize(index, sizeLots)
    this.#reports.amended(index, time, { priceTicks, sizeLots, queueAheadLots: Number.NaN })
  }
}
