/** Prices (dollars x 10,000) and sizes (shares) of LOBSTER on an instrument's grids. */
import { LobtraderError, type DataPlace } from '../../../core/index.ts'
import type { Instrument } from '../../../market/index.ts'
import { placedError } from '../field-error.ts'
import { FinerSize } from '../finer-size.ts'
import { GridFactors } from '../grid-factors.ts'

const PRICE_SCALE = 4

/** Converts the integers of both files. */
export class LobsterGrid {
  readonly #instrument: Instrument
  readonly #place: () => DataPlace
  readonly #price: GridFactors
  readonly #size: GridFactors

  /** @param place file and line of the value at hand, for errors */
  constructor(instrument: Instrument, place: () => DataPlace) {
    this.#instrument = instrument
    this.#place = place
    this.#price = new GridFactors(instrument.priceGrid)
    this.#size = new GridFactors(instrument.sizeGrid)
  }

  /** Returns data ticks of a price >= 0. @throws DataError OFF_GRID or OUT_OF_RANGE */
  tickOf(price: number): number {
    const tick = this.#price.indexOf(price, PRICE_SCALE)
    if (tick >= 0 && tick === (tick | 0)) return tick
    const digits = String(price).padStart(PRICE_SCALE + 1, '0')
    const text = `${digits.slice(0, -PRICE_SCALE)}.${digits.slice(-PRICE_SCALE)}`
    try {
      return this.#instrument.ticksOf(text)
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      throw placedError(error, { ...this.#place(), field: 'price', value: price })
    }
  }

  /** Returns lots of a size >= 0. @throws FinerSize */
  lotsOf(size: number): number {
    const lots = this.#size.indexOf(size, 0)
    if (lots < 0) throw new FinerSize(String(size), this.#place())
    return lots
  }
}
