/** Prices (1e-9) and sizes of DBN on an instrument's grids. */
import { DataError, POWERS_OF_TEN, type DataPlace } from '../../../core/index.ts'
import type { Instrument } from '../../../market/index.ts'
import { FinerSize } from '../finer-size.ts'
import { PRICE_SCALE } from './layout.ts'

/** Converts the values of one instrument. */
export class DbnGrid {
  readonly #instrument: Instrument
  readonly #priceTimes: number
  readonly #priceOver: number
  readonly #sizeTimes: number
  readonly #sizeOver: number

  constructor(instrument: Instrument) {
    const { priceGrid, sizeGrid } = instrument
    this.#instrument = instrument
    this.#priceTimes = POWERS_OF_TEN[Math.max(0, priceGrid.scale - PRICE_SCALE)]!
    this.#priceOver = priceGrid.step * POWERS_OF_TEN[Math.max(0, PRICE_SCALE - priceGrid.scale)]!
    this.#sizeTimes = POWERS_OF_TEN[sizeGrid.scale]!
    this.#sizeOver = sizeGrid.step
  }

  /** Returns the tick of a price, NaN where it lies off the grid or beyond 2^31 ticks. */
  tickOf(price: number): number {
    const scaled = price * this.#priceTimes
    const tick = scaled / this.#priceOver
    return tick === (tick | 0) && tick * this.#priceOver === scaled ? tick : Number.NaN
  }

  /** Says why {@link tickOf} gave NaN for a price. */
  badPrice(price: number, place: DataPlace): DataError {
    const { symbol, tickSize } = this.#instrument
    const shown = price / POWERS_OF_TEN[PRICE_SCALE]!
    const tick = shown / tickSize
    return Math.abs(tick) >= 2 ** 31
      ? new DataError(
          'OUT_OF_RANGE',
          `price ${shown} of ${symbol} is beyond 2^31 ticks of ${tickSize}`,
          {
            ...place,
            field: 'price',
            value: shown,
          },
        )
      : new DataError('OFF_GRID', `price ${shown} of ${symbol} is not a multiple of ${tickSize}`, {
          ...place,
          field: 'price',
          value: shown,
        })
  }

  /** Returns the lots of a size, NaN where it lies off the grid. */
  lotsOf(size: number): number {
    const lots = (size * this.#sizeTimes) / this.#sizeOver
    return Number.isInteger(lots) ? lots : Number.NaN
  }

  /** Says that a size is finer than the lot. */
  finerSize(size: number, place: DataPlace): FinerSize {
    return new FinerSize(String(size), place, this.#instrument.symbol)
  }
}
