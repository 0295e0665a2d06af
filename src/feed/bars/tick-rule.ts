/** The sign of a trade from prices alone. */

/**
 * The tick rule: +1 above the last trade, -1 below it; at the same price, the sign of the last
 * trade that had another one.
 *
 * @source Lee & Ready (1991), "Inferring Trade Direction from Intraday Data", Journal of Finance
 *   46(2), section I; Lopez de Prado (2018), section 2.3.2.1
 */
export class TickRule {
  #price = Number.NaN
  #sign = 0

  /** Returns the sign of the next trade; 0 while no price has changed yet. */
  next(price: number): number {
    if (price > this.#price) this.#sign = 1
    else if (price < this.#price) this.#sign = -1
    this.#price = price
    return this.#sign
  }
}
