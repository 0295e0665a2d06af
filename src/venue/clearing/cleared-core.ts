/**
 * An exchange that somebody clears: it stops the tape at what moves accounts by itself (funding
 * rows, set times, marks that positions cannot bear) and lets the clearer refuse orders.
 *
 * It stands between a core and whoever uses it (the gateway, the engine), who see one more reason
 * for `advance` to stop early and no other difference.
 */
import type { Ladder } from '../../book/index.ts'
import { EventKind, KIND_MASK, type EventColumns, type EventWindows } from '../../market/index.ts'
import type { ExchangeParts, ExchangeSetup } from '../exchange-setup.ts'
import {
  PriceWatch,
  type AmendedTerms,
  type ExchangeFill,
  type ExchangeModel,
  type ExchangeOrder,
  type ExchangeReports,
  type OwnResting,
} from '../exchange.ts'

const NEVER = Number.POSITIVE_INFINITY

/** A row of the tape that tells of funding. */
export interface FundingRow {
  readonly exchTime: number
  /** Share of the value of a position. */
  readonly rate: number
  readonly markTicks: number
}

/** Who keeps the accounts. */
export interface Clearer {
  /** Returns why an order, or new terms of one, must be refused; undefined where not. */
  refusal(order: ExchangeOrder, exchTime: number): string | undefined
  /** The order is at work with `openLots`; 0: it is done. */
  working(order: ExchangeOrder, openLots: number): void
}

/** @see module comment */
export class ClearedCore implements ExchangeModel {
  readonly name: string
  readonly watch: PriceWatch
  /** What the clearer watches. */
  readonly clearerWatch = new PriceWatch()
  /** When the clearer acts by the clock, ns since the epoch; it must move it on once it has. */
  nextTime = NEVER
  /** True while there is something to clear though no order rests. */
  isHeld = false
  readonly #core: ExchangeModel
  readonly #clearer: Clearer
  readonly #tape: PresentWindow
  readonly #orders = new Map<number, { order: ExchangeOrder; openLots: number }>()
  readonly #reports: ExchangeReports
  #expiryReason: string | undefined
  #fundingRow: FundingRow | undefined
  #stopTime = Number.NaN

  constructor(parts: ExchangeParts, setup: ExchangeSetup, clearer: Clearer) {
    this.#clearer = clearer
    this.#reports = parts.reports
    this.#tape = new PresentWindow(parts.windows)
    this.#core = setup.make({ ...parts, windows: this.#tape, reports: this.#tee() })
    this.name = this.#core.name
    this.watch = joinedWatch(this.clearerWatch)
  }

  get ladder(): Ladder {
    return this.#core.ladder
  }

  get restingCount(): number {
    return this.#core.restingCount + (this.isHeld ? 1 : 0)
  }

  get restingBidMax(): number {
    return this.#core.restingBidMax ?? NEVER
  }

  get restingAskMin(): number {
    return this.#core.restingAskMin ?? -NEVER
  }

  get nextClockTime(): number {
    return Math.min(this.nextTime, this.#core.nextClockTime ?? NEVER)
  }

  get row(): number {
    return this.#core.row
  }

  get isHalted(): boolean {
    return this.#core.isHalted
  }

  get hasBook(): boolean {
    return this.#core.hasBook
  }

  /** Exchange time at which {@link advance} stopped for the clearer; NaN where it did not. */
  get stopTime(): number {
    return this.#stopTime
  }

  /** Returns the funding row at which {@link advance} stopped, once. */
  takeFundingRow(): FundingRow | undefined {
    const row = this.#fundingRow
    this.#fundingRow = undefined
    return row
  }

  advance(until: number): boolean {
    const { watch } = this.#core
    joinWatches(this.watch, this.clearerWatch, watch)
    watch.metTime = Number.NaN
    this.#stopTime = Number.NaN
    const isDue = this.nextTime <= until
    if (this.#core.advance(isDue ? this.nextTime : until)) {
      this.#stopTime = watch.metTime
      if (!Number.isNaN(watch.metTime)) {
        this.watch.metTime = watch.metTime
        this.#fundingRow = this.#tape.fundingRow(this.#core.row)
      }
      return true
    }
    if (isDue) {
      this.#stopTime = this.nextTime
      this.watch.metTime = this.nextTime
    }
    return isDue
  }

  submit(order: ExchangeOrder, exchTime: number): void {
    const refusal = this.#clearer.refusal(order, exchTime)
    if (refusal !== undefined) {
      this.#reports.rejected(order.index, exchTime, refusal)
      return
    }
    this.#orders.set(order.index, { order, openLots: order.sizeLots })
    this.#clearer.working(order, order.sizeLots)
    this.#core.submit(order, exchTime)
  }

  cancel(index: number, exchTime: number): void {
    this.#core.cancel(index, exchTime)
  }

  amend(order: ExchangeOrder, exchTime: number): void {
    const known = this.#orders.get(order.index)
    if (known !== undefined) {
      const openLots = order.sizeLots - (known.order.sizeLots - known.openLots)
      const left = withTerms(order, order.priceTicks, Math.max(0, openLots))
      const refusal = this.#clearer.refusal(left, exchTime)
      if (refusal !== undefined) {
        this.#reports.amendRejected(order.index, exchTime, refusal)
        return
      }
    }
    this.#core.amend(order, exchTime)
  }

  eachResting(visit: (resting: OwnResting) => void): void {
    this.#core.eachResting(visit)
  }

  /** Lets every order that rests expire, or those of one owner be cancelled. */
  endAll(exchTime: number, given: { readonly owner?: number; readonly expiry?: string }): void {
    const found: number[] = []
    this.#core.eachResting(({ index, owner }) => {
      if (given.owner === undefined || owner === given.owner) found.push(index)
    })
    this.#expiryReason = given.expiry
    for (const index of found) this.#core.cancel(index, exchTime)
    this.#expiryReason = undefined
  }

  #end(index: number): void {
    const known = this.#orders.get(index)
    if (known === undefined) return
    this.#orders.delete(index)
    this.#clearer.working(known.order, 0)
  }

  #filled(index: number, fill: ExchangeFill): void {
    const known = this.#orders.get(index)
    if (known === undefined) return
    known.openLots -= fill.sizeLots
    if (known.openLots <= 0) this.#orders.delete(index)
    this.#clearer.working(known.order, Math.max(0, known.openLots))
  }

  #amended(index: number, terms: AmendedTerms): void {
    const known = this.#orders.get(index)
    if (known === undefined) return
    const { priceTicks, sizeLots } = terms
    known.openLots += sizeLots - known.order.sizeLots
    known.order = withTerms(known.order, priceTicks, sizeLots)
    this.#clearer.working(known.order, known.openLots)
  }

  /** The reports of the core on their way. The account hears of an end before anyone acts on it. */
  #tee(): ExchangeReports {
    const to = this.#reports
    return {
      accepted: (...report) => to.accepted(...report),
      filled: (index, exchTime, fill) => {
        this.#filled(index, fill)
        to.filled(index, exchTime, fill)
      },
      cancelled: (index, exchTime) => {
        this.#end(index)
        if (this.#expiryReason === undefined) to.cancelled(index, exchTime)
        else to.expired(index, exchTime, this.#expiryReason)
      },
      expired: (index, exchTime, reason) => {
        this.#end(index)
        to.expired(index, exchTime, reason)
      },
      rejected: (index, exchTime, reason) => {
        this.#end(index)
        to.rejected(index, exchTime, reason)
      },
      cancelRejected: (...report) => to.cancelRejected(...report),
      amended: (index, exchTime, terms) => {
        this.#amended(index, terms)
        to.amended(index, exchTime, terms)
      },
      amendRejected: (...report) => to.amendRejected(...report),
    }
  }
}

/** A watch that counts as set while the other one is. */
function joinedWatch(other: PriceWatch): PriceWatch {
  let isSet = false
  return Object.defineProperty(new PriceWatch(), 'isSet', {
    get: () => isSet || other.isSet,
    set: (value: boolean) => {
      isSet = value
    },
  })
}

/** Has `into` stop where `a` or `b` would. */
function joinWatches(a: PriceWatch, b: PriceWatch, into: PriceWatch): void {
  into.isSet = a.isSet || b.isSet
  if (!into.isSet) return
  into.bidAtLeast = Math.min(a.bidAtLeast, b.bidAtLeast)
  into.bidAtMost = Math.max(a.bidAtMost, b.bidAtMost)
  into.askAtLeast = Math.min(a.askAtLeast, b.askAtLeast)
  into.askAtMost = Math.max(a.askAtMost, b.askAtMost)
  into.tradeAtLeast = Math.min(a.tradeAtLeast, b.tradeAtLeast)
  into.tradeAtMost = Math.max(a.tradeAtMost, b.tradeAtMost)
  into.midSumAtLeast = Math.min(a.midSumAtLeast, b.midSumAtLeast)
  into.midSumAtMost = Math.max(a.midSumAtMost, b.midSumAtMost)
  into.markAtLeast = Math.min(a.markAtLeast, b.markAtLeast)
  into.markAtMost = Math.max(a.markAtMost, b.markAtMost)
  into.watchesPhase = a.watchesPhase || b.watchesPhase
}

/** The order with other terms; field by field, since an order may be a name for a row of a table. */
function withTerms(
  { index, side, type, timeInForce, owner }: ExchangeOrder,
  priceTicks: number,
  sizeLots: number,
): ExchangeOrder {
  return { index, side, type, timeInForce, priceTicks, sizeLots, owner }
}

/** Windows in order of venue time, with the one that was last given. */
class PresentWindow implements EventWindows {
  readonly #windows: EventWindows
  #events: EventColumns | undefined

  constructor(windows: EventWindows) {
    this.#windows = windows
  }

  get isLast(): boolean {
    return this.#windows.isLast
  }

  next(): EventColumns | undefined {
    const next = this.#windows.next()
    if (next !== undefined) this.#events = next
    return next
  }

  close(): void {
    this.#windows.close()
  }

  /** The row before `row`, where it tells of funding. */
  fundingRow(row: number): FundingRow | undefined {
    const events = this.#events
    if (events === undefined || row === 0) return undefined
    const i = events.exchOrder === undefined ? row - 1 : events.exchOrder[row - 1]!
    if ((events.code[i]! & KIND_MASK) !== EventKind.Funding) return undefined
    return {
      exchTime: events.exchTime[i]!,
      rate: events.lots[i]! / 1e9,
      markTicks: events.tick[i]!,
    }
  }
}
