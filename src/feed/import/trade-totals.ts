/** Totals over trades in integers, so that no order of adding changes them. */
import type { Instrument } from '../../market/index.ts'
import type { TradeSummary } from './import-result.ts'

/** Above this a partial sum moves into the exact total. */
const CARRY = 2 ** 52

/** Adds up trades. */
export class TradeTotals {
  count = 0
  #lots = 0
  #buyLots = 0
  #tickLots = 0
  #carried = 0n

  /** Adds one trade; `isBuy` when its aggressor bought. */
  add(tick: number, lots: number, isBuy: boolean): void {
    this.count++
    this.#lots += lots
    if (isBuy) this.#buyLots += lots
    const product = tick * lots
    if (Math.abs(product) > CARRY) this.#carried += BigInt(tick) * BigInt(lots)
    else this.#tickLots += product
    if (Math.abs(this.#tickLots) > CARRY) {
      this.#carried += BigInt(this.#tickLots)
      this.#tickLots = 0
    }
  }

  /** Returns the totals in decimals. */
  summary(instrument: Instrument): TradeSummary {
    const { priceGrid } = instrument
    const tickLots = Number(this.#carried + BigInt(this.#tickLots))
    return {
      count: this.count,
      volume: instrument.size(this.#lots),
      buyVolume: instrument.size(this.#buyLots),
      vwap:
        this.#lots === 0
          ? null
          : ((tickLots / this.#lots) * priceGrid.step) / 10 ** priceGrid.scale,
    }
  }
}
