/** What becomes of the decimals of rows: grid indexes, or a measure of the grids. */
import { LobtraderError, decimalText, type DataPlace } from '../../../core/index.ts'
import type { Instrument } from '../../../market/index.ts'
import { placedError } from '../field-error.ts'
import { FinerSize } from '../finer-size.ts'
import { GridFactors } from '../grid-factors.ts'
import { GridMeter } from '../grid-meter.ts'

/** Takes `mantissa / 10^scale`, |mantissa| < 2^53, 0 <= scale <= 15. */
export interface ValueGrid {
  /** Returns the data tick of a price, of either sign; NaN when there is none. */
  tickOf(mantissa: number, scale: number): number
  /** Returns the lots of a size >= 0; NaN when there are none. */
  lotsOf(mantissa: number, scale: number): number
  /** Returns what is wrong with a price for which there is no tick. */
  badPrice(text: string, place: DataPlace): Error
  /** Likewise for a size. */
  badSize(text: string, place: DataPlace): Error
}

/** The grids of an instrument. */
export class InstrumentGrid implements ValueGrid {
  readonly instrument: Instrument
  readonly #price: GridFactors
  readonly #size: GridFactors

  constructor(instrument: Instrument) {
    this.instrument = instrument
    this.#price = new GridFactors(instrument.priceGrid)
    this.#size = new GridFactors(instrument.sizeGrid)
  }

  tickOf(mantissa: number, scale: number): number {
    const index = this.#price.indexOf(Math.abs(mantissa), scale)
    return index < 0 || index !== (index | 0) ? Number.NaN : mantissa < 0 ? -index : index
  }

  lotsOf(mantissa: number, scale: number): number {
    const index = this.#size.indexOf(mantissa, scale)
    return index < 0 ? Number.NaN : index
  }

  badPrice(text: string, place: DataPlace): Error {
    return refused(() => this.instrument.ticksOf(text), place)
  }

  badSize(text: string, place: DataPlace): Error {
    const error = refused(() => this.instrument.lotsOf(text), place)
    if (error.code !== 'OFF_GRID') return error
    return new FinerSize(text, place, this.instrument.symbol)
  }
}

/** Measures the grids and gives no indexes worth having. */
export class MeasuredGrid implements ValueGrid {
  readonly meter = new GridMeter()

  tickOf(mantissa: number, scale: number): number {
    this.meter.prices.note(mantissa, scale)
    return mantissa
  }

  lotsOf(mantissa: number, scale: number): number {
    this.meter.sizes.note(mantissa, scale)
    return mantissa
  }

  badPrice(text: string): Error {
    return new LobtraderError('BAD_DECIMAL', `"${text}" is no price`)
  }

  badSize(text: string): Error {
    return new LobtraderError('BAD_DECIMAL', `"${text}" is no size`)
  }
}

function refused(convert: () => number, place: DataPlace): LobtraderError {
  try {
    const index = convert()
    return new LobtraderError('OUT_OF_RANGE', `${decimalText(index)} is beyond the grid`)
  } catch (error) {
    if (!(error instanceof LobtraderError)) throw error
    return placedError(error, place)
  }
}
