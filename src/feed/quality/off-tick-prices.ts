/**
 * Prices that an importer refuses because they lie off the tick.
 *
 * A check wants them counted, not left out: a depth message without one of its levels would make
 * a gap that is not in the data. So the reading begins again on a data grid that holds them.
 */
import { decimalText, type DataError } from '../../core/index.ts'
import type { Instrument } from '../../market/index.ts'

/** Beyond this many decimals a price is noise and stays refused. */
const DECIMALS_MAX = 9
const TICKS_MAX = 2 ** 31 - 1
/** Room for prices above those that were refused. */
const HEADROOM = 4

/** Gathers refused prices. */
export class OffTickPrices {
  count = 0
  #decimals = 0
  #largest = 0

  /** Notes an error; others than prices off the grid are passed by. */
  note(error: DataError): void {
    if (error.code !== 'OFF_GRID' || error.value === undefined) return
    const text =
      typeof error.value === 'number' ? decimalText(error.value) : error.value.replace(/0+$/, '')
    const match = /^(\d+)(?:\.(\d*))?$/.exec(text)
    if (match === null) return
    const decimals = match[2]?.length ?? 0
    if (decimals > DECIMALS_MAX) return
    this.count++
    this.#decimals = Math.max(this.#decimals, decimals)
    this.#largest = Math.max(this.#largest, Number(text))
  }

  /** Returns a data tick that holds what was noted, if ticks can be so fine. */
  dataTickSize(instrument: Instrument): string | undefined {
    if (this.count === 0) return undefined
    const decimals = Math.max(this.#decimals, instrument.priceGrid.scale)
    if (this.#largest * HEADROOM * 10 ** decimals > TICKS_MAX) return undefined
    return decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`
  }
}
