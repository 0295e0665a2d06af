/**
 * Trades between two snapshots of a market, from what was traded and what it was worth.
 *
 * The average price of the interval is turnover / volume / multiplier (Shen, 2015, "Order Imbalance
 * Based Strategy in High Frequency Trading", MSc thesis, University of Oxford, the average trade
 * price TP of CFFEX snapshots). Its place between the quotes before the interval signs it, which is
 * the quote rule of Lee & Ready (1991), "Inferring Trade Direction from Intraday Data", Journal of
 * Finance 46(2), applied to the interval: at the ask or above, buyers took all of it; at the bid or
 * below, sellers did; between them, both did, in the shares that give the average.
 */
import { assert } from '../../../core/index.ts'
import type { Side } from '../../../market/index.ts'

/** Prices that one interval may be split into. */
const PARTS_MAX = 3

/** Trades of one interval; the first `count` rows are valid. */
export class InferredTrades {
  count = 0
  readonly side = new Int8Array(PARTS_MAX)
  readonly ticks = new Int32Array(PARTS_MAX)
  readonly lots = new Float64Array(PARTS_MAX)

  /**
   * Splits what was traded so that the lots of the parts add up to `lots` and tick x lots to
   * `value`, exactly, each at a whole tick.
   *
   * Between the quotes, all lots stand at the bid or at the ask but for at most one, which takes
   * the rest of the value to a tick between them. Outside of them, and where a quote is missing,
   * the lots stand on the two ticks around the average.
   *
   * @param lots  what was traded, above 0
   * @param value sum of tick x lots, an integer, |value| < 2^53
   * @param bid   best bid tick before the interval, NaN where there was none
   * @param ask   best ask tick before the interval, NaN where there was none
   */
  split(lots: number, value: number, bid: number, ask: number): void {
    assert(lots > 0 && Number.isSafeInteger(lots), 'lots are a whole number above 0')
    assert(Number.isSafeInteger(value), 'the value is a whole number of tick-lots')
    this.count = 0
    const isSold = value <= bid * lots
    const isBought = value >= ask * lots
    if (bid < ask && !isSold && !isBought) this.#between(lots, value, bid, ask)
    // A locked or crossed market tells nothing about a price that is both.
    else this.#around(lots, value, isSold === isBought ? 0 : isSold ? -1 : 1)
  }

  #between(lots: number, value: number, bid: number, ask: number): void {
    const spread = ask - bid
    const excess = value - bid * lots
    const bought = Math.floor(excess / spread)
    const rest = excess - bought * spread
    const middle = rest > 0 ? 1 : 0
    this.#push(-1, bid, lots - bought - middle)
    this.#push(Math.sign(2 * rest - spread) as Side | 0, bid + rest, middle)
    this.#push(1, ask, bought)
  }

  #around(lots: number, value: number, side: Side | 0): void {
    const low = Math.floor(value / lots)
    const above = value - low * lots
    this.#push(side, low, lots - above)
    this.#push(side, low + 1, above)
  }

  #push(side: Side | 0, tick: number, lots: number): void {
    if (lots === 0) return
    this.side[this.count] = side
    this.ticks[this.count] = tick
    this.lots[this.count++] = lots
  }
}
