/**
 * Sizes finer than the lot.
 *
 * Venues raise the lot of an instrument now and then, and what rested before stays in the book:
 * real levels of 25.426189 where orders are multiples of 0.00001. Such sizes are data, not faults;
 * the import begins again on a size grid that holds them, and orders keep the lot.
 */
import {
  DataError,
  decimalText,
  decimalToNumber,
  parseDecimal,
  type DataPlace,
} from '../../core/index.ts'
import { Instrument } from '../../market/index.ts'

/** Beyond this many decimals a size is taken for a fault. */
const DECIMALS_MAX = 12

/** Thrown where a size lies off the grid; the import catches it and begins again. */
export class FinerSize extends Error {
  override name = 'FinerSize'
  readonly text: string
  readonly place: DataPlace
  /** Whose size it is; undefined where the input has one instrument. */
  readonly symbol: string | undefined

  constructor(text: string, place: DataPlace, symbol?: string) {
    super(`size ${text} lies off the lot`)
    this.text = text
    this.place = place
    this.symbol = symbol
  }
}

/**
 * Returns the instrument with a size grid that holds `finer.text` and all that it held before.
 *
 * @throws DataError OFF_GRID when that would take more than 12 decimals
 */
export function withFinerLots(instrument: Instrument, finer: FinerSize): Instrument {
  const [, fraction = ''] = finer.text.split('.')
  const needed = Math.max(fraction.replace(/0+$/, '').length, instrument.sizeGrid.scale)
  // A grid that is not finer would bring the same size back for ever.
  if (needed > DECIMALS_MAX || instrument.spec.dataLotSize === lotOf(needed)) {
    throw new DataError(
      'OFF_GRID',
      `size ${finer.text} is none that ${instrument.symbol} can have (lot ${instrument.spec.lotSize})`,
      finer.place,
    )
  }
  return new Instrument({ ...instrument.spec, dataLotSize: lotOf(needed) })
}

function lotOf(decimals: number): string {
  return decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`
}

/** Says in one sentence what the import did about finer sizes. */
export function finerSizeWarning(instrument: Instrument, finer: FinerSize): string {
  const { file = '', line, row } = finer.place
  const at = line === undefined ? `row ${row ?? 0}` : `line ${line}`
  const lot = instrument.spec.lotSize
  const step = instrument.spec.dataLotSize ?? lot
  const size = decimalText(decimalToNumber(parseDecimal(finer.text)))
  return `sizes finer than the lot ${lot} occur, such as ${size} at ${file} ${at}: sizes are kept in steps of ${step}, orders keep the lot`
}
