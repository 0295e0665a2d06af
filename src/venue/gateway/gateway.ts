/**
 * The gateway of an exchange: it takes orders of every type, looks after what a matching core does
 * not know, and hands the rest on.
 *
 * A core knows limit and market orders. All else waits here, watches the core's book, and enters it
 * as a limit or market order, at the exchange's time and in the same call in which it may. While no
 * such order is alive, calls go straight through.
 */
import type { Ladder } from '../../book/index.ts'
import type { Side } from '../../market/index.ts'
import type { ExchangeParts, ExchangeSetup } from '../exchange-setup.ts'
import type { AmendedTerms, ExchangeFill, ExchangeModel, ExchangeReports } from '../exchange.ts'
import { CorePieces, type EntryFailure } from './core-pieces.ts'
import { OrderChecks } from './order-checks.ts'
import { OrderLedger } from './order-ledger.ts'
import { OrderTies } from './order-ties.ts'
import { RuleBook } from './rule-book.ts'
import { takeFrom } from './size-cut.ts'
import { SpecialDesk } from './special-desk.ts'
import { SpecialOrder, restingOrder } from './special-order.ts'
import { TapePrices } from './tape-prices.ts'
import { sourcePrices, type SourcePrices } from './trigger-prices.ts'
import { isPlain, type VenueAmendment, type VenueOrder, type VenueReports } from './venue-order.ts'
import type { VenueRules } from './venue-rules.ts'

/** What a gateway is made of. */
export interface GatewayParts extends Omit<ExchangeParts, 'reports'> {
  readonly exchange: ExchangeSetup
  readonly reports: VenueReports
  /** Unix ns of time 0. */
  readonly epochNs: bigint
  readonly rules?: VenueRules | undefined
}

/** A fill or an end of an order, of which something may follow. */
interface News {
  readonly kind: 'filled' | 'ended'
  readonly index: number
}

const OVER = 'the order no longer rests'

/** @see module comment */
export class Gateway implements ExchangeReports {
  readonly name: string
  readonly #core: ExchangeModel
  readonly #reports: VenueReports
  readonly #ledger = new OrderLedger()
  readonly #rules: RuleBook
  readonly #checks: OrderChecks
  readonly #tape: TapePrices
  readonly #pieces: CorePieces
  readonly #special: SpecialDesk
  readonly #ties: OrderTies
  #news: News[] = []
  #isSettling = false
  /** The moment whose rows must all be in before triggers look at the book; Infinity for none. */
  #bookDue = Number.POSITIVE_INFINITY
  /** Exchange time of what happens now, ns since the epoch. */
  #now = Number.NaN
  /** Why plain orders of ours are being cancelled here; undefined where the owner asked. */
  #cancelReason: string | undefined

  /** @throws LobtraderError BAD_ARGUMENT when a rule makes no sense */
  constructor(parts: GatewayParts) {
    const { exchange, instrument, epochNs, rules = {} } = parts
    this.#reports = parts.reports
    this.#rules = new RuleBook(rules, instrument, epochNs)
    this.#tape = new TapePrices(parts.windows)
    this.#core = exchange.make({ ...parts, windows: this.#tape.windows, reports: this })
    this.name = this.#core.name
    this.#pieces = new CorePieces(this.#core)
    const shared = {
      core: this.#core,
      ledger: this.#ledger,
      rules: this.#rules,
      prices: () => this.#prices(),
    }
    const endOther = (index: number, reason: string): void => this.#endOther(index, reason)
    this.#checks = new OrderChecks(shared)
    this.#special = new SpecialDesk({
      ...shared,
      pieces: this.#pieces,
      reports: this.#reports,
      endOther,
      shrinkOther: (index, lots, reason) => this.#shrinkOther(index, lots, reason),
      onEnd: (index) => {
        this.#ledger.end(index)
        this.#news.push({ kind: 'ended', index })
      },
    })
    this.#ties = new OrderTies({
      ledger: this.#ledger,
      special: this.#special,
      adopt: (index) => this.#adopt(index),
      endOther,
    })
  }

  /** The matching core behind it, to be looked at only. */
  get core(): ExchangeModel {
    return this.#core
  }

  /** When something next happens by the clock alone, ns since the epoch; Infinity for never. */
  get nextClockTime(): number {
    const coreTime = this.#core.nextClockTime ?? Number.POSITIVE_INFINITY
    return Math.min(this.#special.nextExpiry, this.#bookDue, coreTime)
  }

  /** The exchange's own book. */
  get ladder(): Ladder {
    return this.#core.ladder
  }

  /** Orders at the exchange that may still trade; while 0, the tape can wait for a request. */
  get restingCount(): number {
    return this.#core.restingCount + this.#special.count
  }

  /** As {@link ExchangeModel.advance}; it also stops where an order has been triggered or expired. */
  advance(until: number): boolean {
    if (this.#special.count === 0) return this.#core.advance(until)
    const due = Math.min(this.#special.nextExpiry, this.#bookDue)
    this.#now = Number.NaN
    if (this.#core.advance(Math.min(until, due))) {
      if (Number.isNaN(this.#now)) this.#now = this.#core.watch.metTime
      this.#settle()
      this.#special.look(this.#now, false)
      if (this.#special.looksAtBook && !Number.isNaN(this.#now)) this.#bookDue = this.#now
      this.#settle()
      return true
    }
    if (due > until) return false
    this.#now = due
    if (this.#bookDue === due) {
      this.#bookDue = Number.POSITIVE_INFINITY
      this.#special.look(due, true)
    } else this.#special.expire(due)
    this.#settle()
    return true
  }

  submit(order: VenueOrder, exchTime: number): void {
    this.#now = exchTime
    // What the venue itself sends for an account is bound by none of its rules.
    const refusal = order.forced === undefined ? this.#checks.refusal(order) : undefined
    this.#ledger.add(order)
    if (refusal !== undefined) this.rejected(order.index, exchTime, refusal)
    else if (isPlain(order) && !this.#checks.needsCare(order, order.priceTicks)) {
      this.#core.submit(order, exchTime)
    } else this.#admit(order)
    this.#settle()
  }

  /** Takes note that a position was moved by `lots`, signed, and not by an order that was sent. */
  movePosition(owner: number, lots: number, exchTime: number): void {
    this.#now = exchTime
    this.#ledger.move(owner, lots)
    this.#special.refreshReducers(exchTime)
    this.#settle()
  }

  cancel(index: number, exchTime: number): void {
    this.#now = exchTime
    this.#cancel(index, undefined)
    this.#settle()
  }

  /** Cancels every open order of an owner, of one side or of both, the oldest first. */
  cancelAll(owner: number, side: Side | undefined, exchTime: number): void {
    this.#now = exchTime
    const isAsked = (each: { owner: number; side: Side }): boolean =>
      each.owner === owner && (side === undefined || each.side === side)
    const found = new Set(
      this.#special
        .all()
        .filter(isAsked)
        .map(({ index }) => index),
    )
    this.#core.eachResting((resting) => {
      if (isAsked(resting)) found.add(resting.index)
    })
    for (const index of [...found].sort((a, b) => a - b)) {
      if (this.#ledger.find(index) !== undefined) this.#cancel(index, undefined)
    }
    this.#settle()
  }

  /** Gives an order new terms; see {@link ExchangeModel.amend}. */
  amend(to: VenueAmendment, exchTime: number): void {
    this.#now = exchTime
    const { index } = to
    const order = this.#ledger.find(index)
    if (order === undefined) {
      this.#reports.amendRejected(index, exchTime, OVER)
      return
    }
    const refusal = this.#checks.amendRefusal(order, to)
    if (refusal !== undefined) {
      this.#reports.amendRejected(index, exchTime, refusal)
      return
    }
    const needsCare = this.#checks.needsCare(order, to.priceTicks)
    const special = needsCare ? this.#adopt(index) : this.#special.find(index)
    if (special !== undefined) {
      const failure = this.#special.amend(special, to, exchTime)
      if (failure !== undefined) this.#reports.amendRejected(index, exchTime, failure)
    } else if (isPlain(order)) {
      const { side, type, timeInForce, owner } = order
      const { priceTicks, sizeLots } = to
      this.#core.amend({ index, side, type, timeInForce, priceTicks, sizeLots, owner }, exchTime)
    }
    this.#settle()
  }

  accepted(index: number, exchTime: number, queueAheadLots: number): void {
    const special = this.#special.find(index)
    if (special === undefined) {
      this.#reports.accepted(index, exchTime, queueAheadLots)
      return
    }
    this.#pieces.answer(special, undefined)
    this.#pieces.aheadLots = queueAheadLots
  }

  filled(index: number, exchTime: number, fill: ExchangeFill): void {
    this.#now = exchTime
    const special = this.#special.find(index)
    if (special !== undefined) {
      this.#specialFilled(special, exchTime, fill)
      return
    }
    const isWhole = this.#ledger.fill(index, fill.sizeLots)
    this.#reports.filled(index, exchTime, fill)
    if (this.#special.count > 0) this.#news.push({ kind: 'filled', index })
    if (isWhole) this.#ended(index)
  }

  cancelled(index: number, exchTime: number): void {
    const reason = 'the exchange took it out of its book'
    if (this.#specialLeft(index, exchTime, { kind: 'cancelled', reason })) return
    this.#reports.cancelled(index, exchTime, this.#cancelReason)
    this.#ended(index)
  }

  expired(index: number, exchTime: number, reason: string): void {
    if (this.#specialLeft(index, exchTime, { kind: 'expired', reason })) return
    this.#reports.expired(index, exchTime, reason)
    this.#ended(index)
  }

  rejected(index: number, exchTime: number, reason: string): void {
    if (this.#specialLeft(index, exchTime, { kind: 'rejected', reason })) return
    this.#reports.rejected(index, exchTime, reason)
    this.#ended(index)
  }

  cancelRejected(index: number, exchTime: number, reason: string): void {
    if (!this.#pieces.isMuted(index)) this.#reports.cancelRejected(index, exchTime, reason)
  }

  amended(index: number, exchTime: number, terms: AmendedTerms): void {
    if (this.#pieces.isMuted(index)) return
    this.#ledger.resize(index, terms.sizeLots)
    this.#reports.amended(index, exchTime, terms)
  }

  amendRejected(index: number, exchTime: number, reason: string): void {
    if (!this.#pieces.isMuted(index)) this.#reports.amendRejected(index, exchTime, reason)
  }

  #prices(): SourcePrices {
    const { ladder, row } = this.#core
    return sourcePrices(ladder, this.#tape.lastTrade(row), this.#tape.lastMark(row))
  }

  #admit(order: VenueOrder): void {
    const special = new SpecialOrder(order, order.special)
    const { expireTime } = special.special
    if (order.timeInForce === 'DAY') special.expireTime = this.#rules.dayEnd(this.#now)
    if (expireTime !== undefined) special.expireTime = expireTime
    this.#special.add(special)
    if (special.expireTime <= this.#now) {
      const reason = 'it was to end before it arrived'
      this.#special.end(special, { kind: 'rejected', reason }, this.#now)
      return
    }
    if (this.#ties.tie(special, this.#now)) this.#special.begin(special, this.#now)
  }

  /** Takes a plain order that rests in the core into care. */
  #adopt(index: number): SpecialOrder | undefined {
    const known = this.#special.find(index)
    const order = this.#ledger.find(index)
    if (known !== undefined || order === undefined) return known
    let priceTicks = order.priceTicks
    this.#core.eachResting((resting) => {
      if (resting.index === index) priceTicks = resting.priceTicks
    })
    const sizeLots = this.#ledger.sizeLots(index)
    const special = restingOrder(order, {
      priceTicks,
      sizeLots,
      filledLots: this.#ledger.filledLots(index),
    })
    this.#special.add(special)
    return special
  }

  #specialFilled(special: SpecialOrder, exchTime: number, fill: ExchangeFill): void {
    const { index, owner, side } = special
    special.pieceFilledLots += fill.sizeLots
    if (special.pieceFilledLots >= special.pieceLots) special.isResting = false
    const isReduceOnly = special.special.reduceOnly === true
    const most = isReduceOnly ? this.#ledger.reducibleLots(owner, side) : Number.POSITIVE_INFINITY
    // A core that fills two orders by one row knows nothing of what ties them.
    const lots = Math.min(fill.sizeLots, special.workableLots, most)
    if (lots > 0) {
      special.filledLots += lots
      this.#ledger.fill(index, lots)
      this.#reports.filled(index, exchTime, reported(special, fill, lots))
      this.#ties.noteFill(index, lots)
    }
    this.#news.push({ kind: 'filled', index })
  }

  /** Takes note that the core let go of an order; false where that is no special one. */
  #specialLeft(index: number, exchTime: number, failure: EntryFailure): boolean {
    this.#now = exchTime
    const special = this.#special.find(index)
    if (special === undefined) return false
    this.#pieces.answer(special, failure)
    if (!this.#pieces.isMuted(index)) this.#special.end(special, failure, exchTime)
    return true
  }

  #endOther(index: number, reason: string): void {
    if (this.#ledger.find(index) !== undefined) this.#cancel(index, reason)
  }

  #shrinkOther(index: number, lots: number, reason: string): void {
    const other = this.#adopt(index)
    if (other === undefined) return
    takeFrom(other, lots, reason)
    this.#special.refresh(other, this.#now)
  }

  #cancel(index: number, reason: string | undefined): void {
    const special = this.#special.find(index)
    if (special === undefined) {
      this.#cancelReason = reason
      this.#core.cancel(index, this.#now)
      this.#cancelReason = undefined
    } else {
      this.#special.end(special, { kind: 'cancelled', reason: reason ?? '' }, this.#now)
    }
  }

  #ended(index: number): void {
    this.#ledger.end(index)
    if (this.#special.count > 0) this.#news.push({ kind: 'ended', index })
  }

  /** Does what follows from fills and ends, and from what that brings about, in order. */
  #settle(): void {
    if (this.#isSettling) return
    if (this.#news.length > 0) {
      this.#isSettling = true
      for (let i = 0; i < this.#news.length; i++) this.#follow(this.#news[i]!)
      this.#news = []
      this.#isSettling = false
    }
    if (this.#special.count === 0) this.#bookDue = Number.POSITIVE_INFINITY
    if (this.#special.count > 0 || this.#core.watch.isSet) this.#special.arm()
  }

  #follow(news: News): void {
    const { index, kind } = news
    const now = this.#now
    if (kind === 'ended') {
      this.#ties.followEnd(index, now)
      return
    }
    this.#ties.followFill(index, now)
    const order = this.#special.find(index)
    if (order !== undefined) this.#special.refresh(order, now)
    this.#special.refreshReducers(now)
  }
}

/** The fill as its owner is told of it. */
function reported(special: SpecialOrder, fill: ExchangeFill, sizeLots: number): ExchangeFill {
  if (!special.isRefilling || fill.isMaker) {
    return sizeLots === fill.sizeLots ? fill : { ...fill, sizeLots }
  }
  return { priceTicks: special.priceTicks, sizeLots, isMaker: true, queueAheadLots: 0 }
}
