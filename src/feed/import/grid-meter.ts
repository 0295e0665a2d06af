/**
 * Finds the grids of an instrument from the decimals in its data.
 *
 * The greatest common divisor of all prices is the coarsest step that every one of them keeps to;
 * likewise for sizes. A capture that happens to hold few prices may give a step coarser than the
 * venue's; every value in the data is exact on it all the same.
 */
import { LobtraderError, POWERS_OF_TEN, decimalText } from '../../core/index.ts'
import { Instrument, type InstrumentSpec } from '../../market/index.ts'

/** Decimals beyond this are taken for noise of floats and refused by the importers. */
const SCALE_MAX = 15

/** The greatest common divisor of decimals. */
export class StepMeter {
  /** Values that were not 0. */
  count = 0
  #divisor = 0
  #scale = 0
  /** True while all values were one and the same, which tells of no step. */
  #isOne = true

  /** Notes `mantissa / 10^scale`. @param mantissa integer, |mantissa| < 2^53 */
  note(mantissa: number, scale: number): void {
    if (mantissa === 0) return
    this.count++
    let value = Math.abs(mantissa)
    if (scale === this.#scale && this.#divisor !== 0 && value % this.#divisor === 0) {
      if (value !== this.#divisor) this.#isOne = false
      return
    }
    let places = scale
    while (places > 0 && value % 10 === 0) {
      value /= 10
      places--
    }
    if (this.#divisor === 0) {
      this.#divisor = value
      this.#scale = places
      return
    }
    const common = Math.max(places, this.#scale)
    const a = BigInt(this.#divisor) * BigInt(POWERS_OF_TEN[common - this.#scale]!)
    const b = BigInt(value) * BigInt(POWERS_OF_TEN[common - places]!)
    if (a !== b) this.#isOne = false
    this.#divisor = Number(greatestDivisor(a, b))
    this.#scale = common
  }

  /** Notes a step that several values were found to keep to, `mantissa / 10^scale`. */
  noteStep(mantissa: number, scale: number): void {
    this.note(mantissa, scale)
    this.#isOne = false
  }

  /**
   * The step as a plain decimal; undefined while nothing but zeros was noted. Of a single value it
   * is its last decimal place: a price of 8531.5 alone does not make a tick of 8531.5.
   */
  get step(): string | undefined {
    if (this.#divisor === 0 || this.#scale > SCALE_MAX) return undefined
    let divisor = this.#isOne ? 1 : this.#divisor
    let scale = this.#scale
    while (scale > 0 && divisor % 10 === 0) {
      divisor /= 10
      scale--
    }
    const digits = String(divisor).padStart(scale + 1, '0')
    const point = digits.length - scale
    return scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`
  }
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b]
  return a
}

/** Measures both grids of one instrument. */
export class GridMeter {
  readonly prices = new StepMeter()
  readonly sizes = new StepMeter()

  /**
   * Returns the instrument on the grids that were seen; a side of the data without any value gets
   * the step 1.
   */
  instrument(spec: Omit<InstrumentSpec, 'tickSize' | 'lotSize'>): Instrument {
    const { prices, sizes } = this
    if (prices.count === 0) {
      throw new LobtraderError(
        'TOO_FEW_ROWS',
        `the input holds no price of ${spec.symbol}, so its tick size cannot be told; give it with --instrument`,
        { symbol: spec.symbol },
      )
    }
    return new Instrument({ ...spec, tickSize: prices.step ?? '1', lotSize: sizes.step ?? '1' })
  }
}

/** Says in one sentence where the grids of an instrument come from. */
export function measuredGridWarning(instrument: Instrument): string {
  const { symbol, tickSize, lotSize } = instrument
  return `${symbol}: tick size ${decimalText(tickSize)} and lot size ${decimalText(lotSize)} are the greatest common divisors of the prices and sizes seen; give the venue's own with --instrument`
}

/** Instruments to tell of in a sentence each. */
const TOLD_APART_MAX = 3

/** Says where the grids of instruments come from: a sentence for each of a few, one for many. */
export function measuredGridWarnings(instruments: readonly Instrument[]): readonly string[] {
  if (instruments.length <= TOLD_APART_MAX) return instruments.map(measuredGridWarning)
  const grids = instruments.map(
    ({ symbol, tickSize, lotSize }) =>
      `${symbol} ${decimalText(tickSize)} and ${decimalText(lotSize)}`,
  )
  return [
    `tick sizes and lot sizes are the greatest common divisors of the prices and sizes seen (${grids.join(', ')}); give the venue's own with --instrument, one symbol at a time`,
  ]
}
