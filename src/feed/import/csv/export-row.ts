/** Reads a row of our own CSV export back into the numbers that it was written from. */
import { DataError, LobtraderError } from '../../../core/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  LOCAL_ONLY_BIT,
  eventCode,
  type Side,
} from '../../../market/index.ts'
import { EXPORT_CSV_HEADER, kindOfWord } from '../../../store/index.ts'
import { TimeScan } from '../../input/time-scan.ts'
import type { CsvFields } from '../table/csv-fields.ts'

const NAMES = EXPORT_CSV_HEADER.split(',')
const at = (name: string): number => NAMES.indexOf(name)
const LOCAL = at('local_time_ns')
const EXCH = at('exch_time_ns')
const KIND = at('kind')
const SIDE = at('side')
const PRICE = at('price')
const SIZE = at('size')
const TICK = at('tick')
const LOTS = at('lots')
const REF = at('order_ref')
const SEQ = at('seq')
const VISIBILITY = at('visibility')

const SIDES: ReadonlyMap<string, Side | 0> = new Map([
  ['1', 1],
  ['-1', -1],
  ['0', 0],
])
const VISIBILITIES: ReadonlyMap<string, number> = new Map([
  ['both', 0],
  ['exchange', EXCH_ONLY_BIT],
  ['local', LOCAL_ONLY_BIT],
])
const INT32_MAX = 2 ** 31

/** True for the header line of our own export. */
export function isExportHeader(line: string): boolean {
  return line.trimEnd() === EXPORT_CSV_HEADER
}

/** What the step of a grid is, as `mantissa / 10^scale`. */
export interface GridStep {
  readonly mantissa: number
  readonly scale: number
}

/** The row at hand. */
export class ExportRow {
  readonly local = new TimeScan()
  readonly exch = new TimeScan()
  kind: EventKind = EventKind.Gap
  code = 0
  tick = 0
  lots = 0
  orderRef = -1
  seq = 0
  /** Steps of the grids, from the first row that tells: price / tick and size / lots. */
  priceStep: GridStep | undefined
  sizeStep: GridStep | undefined
  readonly #fields: CsvFields

  constructor(fields: CsvFields) {
    this.#fields = fields
  }

  /**
   * Takes the fields that were read last.
   *
   * @throws DataError BAD_INSTANT, BAD_FIELD, OUT_OF_RANGE or OFF_GRID
   */
  read(): void {
    const fields = this.#fields
    if (!fields.anyTime(LOCAL, 'ns', this.local)) throw fields.badTime(LOCAL, 'ns')
    if (!fields.anyTime(EXCH, 'ns', this.exch)) throw fields.badTime(EXCH, 'ns')
    const kind = kindOfWord(fields.row.text(KIND))
    if (kind === undefined) throw fields.bad(KIND, 'a kind of event such as depth_set or trade')
    const side = SIDES.get(fields.row.text(SIDE))
    if (side === undefined) throw fields.bad(SIDE, '1, -1 or 0')
    const visibility = VISIBILITIES.get(fields.row.text(VISIBILITY))
    if (visibility === undefined) throw fields.bad(VISIBILITY, 'both, exchange or local')
    this.kind = kind
    this.code = eventCode(kind, side, visibility)
    this.tick = this.#integer(TICK, 1 - INT32_MAX, INT32_MAX - 2)
    this.lots = this.#integer(LOTS, kind === EventKind.Funding ? -Infinity : 0, Infinity)
    this.orderRef = this.#integer(REF, -1, INT32_MAX - 1)
    this.seq = this.#integer(SEQ, -Infinity, Infinity)
    this.priceStep = this.#step(PRICE, this.tick, this.priceStep)
    this.sizeStep = this.#step(SIZE, this.lots, this.sizeStep)
  }

  /** Checks that a decimal is its integer times the step, and finds the step with the first. */
  #step(column: number, index: number, known: GridStep | undefined): GridStep | undefined {
    const fields = this.#fields
    if (fields.row.isEmpty(column)) return known
    const isShort = fields.isShortDecimal(column)
    const { mantissa, scale } = fields.decimal
    if (known === undefined) {
      if (!isShort || (index === 0 && mantissa === 0)) return known
      const step = stepOf(mantissa, scale, index)
      if (step !== undefined) return step
    } else if (isShort && scale === known.scale && mantissa === index * known.mantissa) {
      return known
    } else if (isSteps(fields.row.text(column), index, known)) {
      return known
    }
    throw new DataError(
      'OFF_GRID',
      `${fields.row.text(column)} is not ${index} steps of ${known === undefined ? 'any grid' : stepText(known)}`,
      fields.placeOf(column),
    )
  }

  #integer(column: number, min: number, max: number): number {
    const fields = this.#fields
    fields.decimalOf(column)
    const { mantissa, scale } = fields.decimal
    if (scale === 0 && mantissa >= min && mantissa <= max) return mantissa
    throw fields.bad(column, 'a whole number in its range')
  }
}

/** Returns the step of which `mantissa / 10^scale` is `index`, undefined when none is a decimal. */
function stepOf(mantissa: number, scale: number, index: number): GridStep | undefined {
  // A program that saved the file again may have cut zeros, which the quotient needs.
  for (let shown = BigInt(mantissa), places = scale; places <= 15; shown *= 10n, places++) {
    const step = index === 0 ? 0n : shown / BigInt(index)
    if (step > 0n && step * BigInt(index) === shown && step <= Number.MAX_SAFE_INTEGER) {
      return { mantissa: Number(step), scale: places }
    }
  }
  return undefined
}

/** True when the decimal `text` is `index` times `step`, however many digits it takes. */
function isSteps(text: string, index: number, step: GridStep): boolean {
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) return false
  const scale = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0
  const value = BigInt(text.replace('.', ''))
  const expected = BigInt(index) * BigInt(step.mantissa)
  return value * 10n ** BigInt(step.scale) === expected * 10n ** BigInt(scale)
}

/** Returns a step as decimal text. @throws LobtraderError OUT_OF_RANGE for a step of 0 */
export function stepText({ mantissa, scale }: GridStep): string {
  if (mantissa <= 0) throw new LobtraderError('OUT_OF_RANGE', 'a step is above 0')
  const digits = String(mantissa).padStart(scale + 1, '0')
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
