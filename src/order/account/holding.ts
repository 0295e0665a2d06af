/** One instrument in an account as the venue knows it: the position, its margin, orders at work. */
import type { Instrument, Side } from '../../market/index.ts'
import { Position } from '../position.ts'
import type { MarginTerms } from './margin-terms.ts'

/** An order at the venue that is not done: what is left of it. */
export interface WorkingOrder {
  readonly side: Side
  readonly lots: number
  /** Limit price in quote units; for a market order the price that is assumed for it. */
  readonly price: number
}

/** What an order would change: the terms with which it is at work from then on. */
export interface OrderChange {
  readonly index: number
  readonly order: WorkingOrder
}

/** @see module comment */
export class AccountHolding {
  readonly instrument: Instrument
  readonly position: Position
  /** Undefined where no margin is asked for. */
  readonly terms: MarginTerms | undefined
  /** True where a position is paid for and held: its base is a balance of the account. */
  readonly isPaidInFull: boolean
  /** Orders at work by their index at the exchange. */
  readonly working = new Map<number, WorkingOrder>()
  /** What was set aside for the position, in the settlement currency; isolated margin only. */
  isolatedMargin = 0
  readonly #mark: () => number
  #lastMark = Number.NaN

  readonly #isIsolated: boolean

  /** @param mark gives the price at which the venue values the position; NaN while there is none */
  constructor(
    instrument: Instrument,
    terms: MarginTerms | undefined,
    mark: () => number,
    isIsolated: boolean,
  ) {
    this.instrument = instrument
    this.position = new Position(instrument)
    this.terms = terms
    this.#isIsolated = isIsolated && terms !== undefined
    this.isPaidInFull = terms === undefined && instrument.isAsset
    this.#mark = mark
  }

  /** The mark, or the last one known, or the entry price. */
  get mark(): number {
    const mark = this.#mark()
    if (!Number.isNaN(mark)) this.#lastMark = mark
    return Number.isNaN(this.#lastMark) ? this.position.price : this.#lastMark
  }

  get isOpen(): boolean {
    return this.position.lots !== 0
  }

  /** Value (>= 0) of the position at the mark. */
  get value(): number {
    return Math.abs(this.position.valueAt(this.mark))
  }

  get unrealized(): number {
    return this.isOpen ? this.position.unrealized(this.mark) : 0
  }

  /** Maintenance margin of the position; 0 where none is asked for. */
  get maintenance(): number {
    if (this.terms === undefined || !this.isOpen) return 0
    return this.terms.maintenance(Math.abs(this.position.size), this.value)
  }

  /** Initial margin of the position alone, at the mark. */
  get positionInitial(): number {
    if (this.terms === undefined || !this.isOpen) return 0
    return this.terms.initial(Math.abs(this.position.size), this.value)
  }

  /**
   * Initial margin of the position with its orders, and the open loss of the orders.
   *
   * The margin is that of the larger of two positions: with all purchases filled, or with all sales.
   * Open loss: what a fill at the order's price would lose at once at the mark. Binance, "How to
   * Calculate Cost Required to Open a Position in Perpetual Futures Contracts": cost = initial margin
   * + open loss, open loss = size x |min(0, direction x (mark - order price))|; COIN-M with 1 / price.
   */
  initialWith(change?: OrderChange): number {
    const { terms, instrument, position } = this
    if (terms === undefined) return 0
    const mark = this.mark
    const size = position.size
    const value = size === 0 ? 0 : Math.sign(size) * this.value
    let [buySize, buyValue, sellSize, sellValue, openLoss] = [0, 0, 0, 0, 0]
    this.#eachWorking(change, ({ side, lots, price }) => {
      const units = instrument.size(lots)
      const worth = instrument.notional(units, price)
      if (side > 0) {
        buySize += units
        buyValue += worth
      } else {
        sellSize += units
        sellValue += worth
      }
      const gap = side * (instrument.unitValue(price) - instrument.unitValue(mark))
      if (gap > 0) openLoss += units * gap
    })
    const long = terms.initial(Math.abs(size + buySize), Math.abs(value + buyValue))
    const short = terms.initial(Math.abs(size - sellSize), Math.abs(value - sellValue))
    return Math.max(long, short) + openLoss
  }

  /** Books a fill. `lots` > 0, `fee` in the settlement currency. */
  fill(side: Side, ticks: number, lots: number, fee: number): void {
    if (this.#isIsolated) this.#setAside(side * lots, ticks)
    this.position.fill(side, ticks, lots, fee)
  }

  /** Books funding: received (+) or paid (-), in the settlement currency. */
  fund(amount: number): void {
    this.position.fund(amount)
    // The margin of an isolated position bears its funding.
    if (this.#isIsolated) this.isolatedMargin += amount
  }

  /** Books a fee that belongs to no fill, in the settlement currency. */
  charge(fee: number): void {
    this.position.charge(fee)
    // It is paid from what the position has set aside, where there is such.
    if (this.#isIsolated) this.isolatedMargin = Math.max(0, this.isolatedMargin - fee)
  }

  /**
   * Moves margin of an isolated position before a fill: what is closed gives back its share, what is
   * opened sets aside its initial margin.
   */
  #setAside(change: number, ticks: number): void {
    const { instrument, position } = this
    const before = position.lots
    const isReducing = before * change < 0
    const closed = isReducing ? Math.min(Math.abs(before), Math.abs(change)) : 0
    if (closed > 0) this.isolatedMargin *= (Math.abs(before) - closed) / Math.abs(before)
    const opened = instrument.size(Math.abs(change) - closed)
    if (opened === 0) return
    const value = instrument.notional(opened, instrument.price(ticks))
    this.isolatedMargin += this.terms!.initial(opened, value)
  }

  /** What purchases at work would pay, in the quote currency. */
  boughtWith(change?: OrderChange): number {
    let sum = 0
    this.#eachWorking(change, ({ side, lots, price }) => {
      if (side > 0) sum += this.instrument.notional(this.instrument.size(lots), price)
    })
    return sum
  }

  /** What sales at work would deliver, in base units. */
  soldWith(change?: OrderChange): number {
    let sum = 0
    this.#eachWorking(change, ({ side, lots }) => {
      if (side < 0) sum += this.instrument.size(lots)
    })
    return sum
  }

  #eachWorking(change: OrderChange | undefined, visit: (order: WorkingOrder) => void): void {
    for (const [index, order] of this.working) {
      if (index !== change?.index) visit(order)
    }
    if (change !== undefined) visit(change.order)
  }
}
