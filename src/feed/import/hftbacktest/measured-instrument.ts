/**
 * The instrument of arrays that nobody described: its grids are the greatest common divisors of
 * the prices and sizes in them.
 *
 * A double stands for the shortest decimal that reads back as it, which is what was written into
 * the array unless somebody computed with it. Values that need more than 15 digits are such
 * computed ones; they measure nothing, and the import refuses them by row.
 */
import { basename } from 'node:path'
import { LobtraderError, parseDecimal } from '../../../core/index.ts'
import type { Instrument, InstrumentKind } from '../../../market/index.ts'
import { GridMeter, measuredGridWarning, type StepMeter } from '../grid-meter.ts'
import type { ImportCaptureOptions } from '../import-options.ts'
import { onlySymbol } from '../one-instrument.ts'
import { ArrayReader, type RecordPass } from './array-reader.ts'
import { RecordKind } from './event-record.ts'

/** 10^15: every decimal of 15 digits survives a double. */
const MANTISSA_MAX = 1e15
/** Values to remember, a power of two: the same prices come again and again. */
const REMEMBERED = 1 << 14
const REMEMBERED_FIRST = 1 << 6

/** Feeds a meter with doubles, each value once in a while. */
class DoubleMeter {
  readonly #meter: StepMeter
  #seen = new Float64Array(REMEMBERED_FIRST).fill(Number.NaN)
  #missed = 0
  readonly #view = new DataView(new ArrayBuffer(8))

  constructor(meter: StepMeter) {
    this.#meter = meter
  }

  note(value: number): void {
    if (!(value > 0 && value < MANTISSA_MAX)) return
    this.#view.setFloat64(0, value)
    const mixed = Math.imul(this.#view.getInt32(0) ^ this.#view.getInt32(4), 0x9e3779b1)
    const slot = (mixed >>> 18) & (this.#seen.length - 1)
    if (this.#seen[slot] === value) return
    this.#seen[slot] = value
    this.#missed++
    if (this.#missed > this.#seen.length && this.#seen.length < REMEMBERED) {
      this.#seen = new Float64Array(this.#seen.length * 2).fill(Number.NaN)
    }
    const text = String(value)
    if (text.includes('e')) return
    const { mantissa, scale } = parsed(text)
    if (mantissa < MANTISSA_MAX) this.#meter.note(mantissa, scale)
  }
}

/** Decimals of a double's text; more digits than a decimal can hold count as too many. */
function parsed(text: string): { readonly mantissa: number; readonly scale: number } {
  try {
    return parseDecimal(text)
  } catch (error) {
    if (!(error instanceof LobtraderError)) throw error
    return { mantissa: Number.POSITIVE_INFINITY, scale: 0 }
  }
}

class MeasuringPass implements RecordPass {
  readonly grids = new GridMeter()
  readonly #reader: ArrayReader
  readonly #prices = new DoubleMeter(this.grids.prices)
  readonly #sizes = new DoubleMeter(this.grids.sizes)

  constructor(reader: ArrayReader) {
    this.#reader = reader
  }

  begin(): void {}

  record(): void {
    const { kind, price, size } = this.#reader.record
    if (kind === RecordKind.DepthClear) return
    this.#prices.note(price)
    this.#sizes.note(size)
  }

  rest(): void {}
}

/**
 * Reads all arrays once and returns the instrument on the grids that they keep to.
 *
 * @throws DataError for a file that is no sound array
 * @throws LobtraderError BAD_ARGUMENT, BAD_INSTRUMENT or TOO_FEW_ROWS (no price)
 */
export async function measuredInstrument(
  options: ImportCaptureOptions,
): Promise<{ readonly instrument: Instrument; readonly warning: string }> {
  const named = onlySymbol(options)
  const reader = new ArrayReader(options.files)
  const pass = new MeasuringPass(reader)
  await reader.read(pass)
  const symbol = named ?? symbolOf(options.files[0]!)
  const instrument = pass.grids.instrument({
    venue: options.venue ?? 'unknown',
    symbol,
    // `Instrument` refuses any other text.
    kind: (options.kind ?? 'spot') as InstrumentKind,
    base: symbol,
    quote: 'quote',
  })
  const assumed = [
    ...(named === undefined ? [`symbol ${symbol} (from the file's name)`] : []),
    ...(options.kind === undefined ? ['kind spot'] : []),
  ]
  const more = assumed.length === 0 ? '' : `; assumed: ${assumed.join(', ')}`
  return { instrument, warning: `${measuredGridWarning(instrument)}${more}` }
}

/** The first part of a file's name, without what a symbol cannot hold. */
function symbolOf(file: string): string {
  const [stem = ''] = basename(file).split('.')
  const name = stem.replace(/[^A-Za-z0-9_-]/g, '').replace(/^-+/, '')
  return name === '' ? 'UNKNOWN' : name.slice(0, 64).toUpperCase()
}
