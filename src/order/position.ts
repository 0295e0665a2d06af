/**
 * Position and money of one instrument.
 *
 * cash + position value - fees + funding = equity holds by construction: cash is the sum of what
 * fills moved, realised profit is cash plus the cost of what is still open.
 */
import { ExactSum } from '../core/index.ts'
import type { Instrument, Side } from '../market/index.ts'

/** A position by average cost, and the cash flow behind it, in the settlement currency. */
export class Position {
  readonly instrument: Instrument
  #lots = 0
  /** Linear: sum of side x tick x lots, an exact integer; inverse: exact sum of values. */
  #tickLots = 0
  readonly #inverseFlow = new ExactSum()
  #openCost = 0
  readonly #fees = new ExactSum()
  readonly #funding = new ExactSum()
  #tradedLots = 0
  #tradedValue = 0

  /** A tick x lot is `#flowStep / #flowScale` quote units. */
  readonly #flowStep: number = Number.NaN
  readonly #flowScale: number = Number.NaN

  constructor(instrument: Instrument) {
    this.instrument = instrument
    const { priceGrid, sizeGrid } = instrument
    this.#flowStep = priceGrid.step * sizeGrid.step
    this.#flowScale = 10 ** (priceGrid.scale + sizeGrid.scale)
  }

  /** Signed position in lots. */
  get lots(): number {
    return this.#lots
  }

  /** Signed position in base units or contracts. */
  get size(): number {
    return this.instrument.size(this.#lots)
  }

  /** Average entry price in quote units; NaN when flat. */
  get price(): number {
    if (this.#lots === 0) return Number.NaN
    const unit = this.#openCost / this.size
    return this.instrument.isInverse
      ? -this.instrument.multiplier / unit
      : unit / this.instrument.multiplier
  }

  /** What fills paid in (+) and out (-), fees apart. */
  get cashFlow(): number {
    if (this.instrument.isInverse) return -this.#inverseFlow.value
    // One division of exact integers: the flow is rounded once, however many fills it sums.
    return ((-this.#tickLots * this.#flowStep) / this.#flowScale) * this.instrument.multiplier
  }

  /** Fees paid (negative: rebates received). */
  get fees(): number {
    return this.#fees.value
  }

  /** Funding received (negative: paid). */
  get funding(): number {
    return this.#funding.value
  }

  /** Cost of the open position: size x entry value. */
  get openCost(): number {
    return this.#openCost
  }

  /** Profit of what was closed, fees apart. */
  get realized(): number {
    return this.cashFlow + this.#openCost
  }

  /** Traded size in lots, both sides. */
  get tradedLots(): number {
    return this.#tradedLots
  }

  /** Traded value in the settlement currency, both sides. */
  get tradedValue(): number {
    return this.#tradedValue
  }

  /** Value of the open position at a mark price; 0 when flat, whatever the mark. */
  valueAt(mark: number): number {
    return this.#lots === 0 ? 0 : this.size * this.instrument.unitValue(mark)
  }

  /** Profit of the open position at a mark price. */
  unrealized(mark: number): number {
    return this.valueAt(mark) - this.#openCost
  }

  /** What fills, fees and funding moved, and what the open position is worth at a mark. */
  equityAt(mark: number): number {
    return this.cashFlow + this.valueAt(mark) - this.fees + this.funding
  }

  /** Books a payment of funding: received (+) or paid (-), in the settlement currency. */
  fund(amount: number): void {
    this.#funding.add(amount)
  }

  /** Books a fee that belongs to no fill; as in {@link fill}. */
  charge(fee: number): void {
    this.#fees.add(fee)
  }

  /** Books one fill. `lots` > 0, `fee` in the settlement currency. */
  fill(side: Side, ticks: number, lots: number, fee: number): void {
    const value =
      this.instrument.size(lots) * this.instrument.unitValue(this.instrument.price(ticks))
    if (this.instrument.isInverse) this.#inverseFlow.add(side * value)
    else this.#tickLots += side * ticks * lots
    this.#fees.add(fee)
    this.#tradedLots += lots
    this.#tradedValue += Math.abs(value)
    this.#openCost = costAfter(this.#lots, this.#openCost, side * lots, side * value)
    this.#lots += side * lots
  }
}

/** Average-cost rule: adding adds its cost, reducing releases a share, crossing zero starts anew. */
function costAfter(lots: number, cost: number, change: number, value: number): number {
  if (lots === 0 || Math.sign(lots) === Math.sign(change)) return cost + value
  const after = lots + change
  if (after === 0) return 0
  if (Math.sign(after) === Math.sign(lots)) return (cost * after) / lots
  return (value * after) / change
}
