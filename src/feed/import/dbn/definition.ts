/** Reads instrument definitions out of DBN files. */
import { POWERS_OF_TEN, decimalText } from '../../../core/index.ts'
import {
  DEFINITION_LAYOUTS,
  DISPLAY_FACTOR_AT,
  MIN_PRICE_INCREMENT_AT,
  PRICE_SCALE,
  RecordType,
} from './layout.ts'
import { DbnReader } from './dbn-reader.ts'
import { latin1 } from './metadata.ts'

const UNDEFINED_INT64 = 0x7fff_ffff_ffff_ffffn
const UNDEFINED_INT32 = 0x7fff_ffff

/** What a definition says about grids and value; a decimal that it leaves open is undefined. */
export interface InstrumentDefinition {
  readonly instrumentId: number
  readonly symbol: string
  readonly asset: string
  readonly currency: string
  readonly tickSize: string | undefined
  /** Smallest order, where one is given. */
  readonly lotSize: string | undefined
  /** Value of one price unit of one contract. */
  readonly multiplier: string | undefined
}

/**
 * Returns every definition in a file by instrument id; the last of an id counts.
 *
 * @throws DataError as `DbnReader.read`
 */
export async function readDefinitions(
  file: string,
): Promise<ReadonlyMap<number, InstrumentDefinition>> {
  const found = new Map<number, InstrumentDefinition>()
  await new DbnReader([file]).read({
    block: ({ columns, bytes }) => {
      for (let row = 0; row < columns.length; row++) {
        if (columns.type[row] !== RecordType.InstrumentDef) continue
        const definition = readDefinition(bytes, columns.at[row]!)
        if (definition !== undefined) found.set(definition.instrumentId, definition)
      }
    },
  })
  return found
}

/** Reads the definition that begins at `at`; undefined where its length is of no version. */
export function readDefinition(bytes: Uint8Array, at: number): InstrumentDefinition | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.byteLength - at)
  const length = view.getUint8(0) * 4
  // A record may end with a time of sending.
  const layout = DEFINITION_LAYOUTS.find(({ bytes: own }) => length === own || length === own + 8)
  if (layout === undefined) return undefined
  const text = (offset: number, size: number): string =>
    latin1(bytes, at + offset, at + offset + size)
  const fixed = (offset: number): number => {
    const value = view.getBigInt64(offset, true)
    return value === UNDEFINED_INT64 || value <= 0n ? 0 : Number(value)
  }
  const whole = (offset: number): number => {
    const value = view.getInt32(offset, true)
    return value === UNDEFINED_INT32 || value <= 0 ? 0 : value
  }
  const increment = fixed(MIN_PRICE_INCREMENT_AT)
  const lot = whole(layout.minLotSize)
  const value = multiplierOf({
    increment,
    factor: fixed(DISPLAY_FACTOR_AT),
    amount: fixed(layout.minPriceIncrementAmount),
    quantity: fixed(layout.unitOfMeasureQty),
    multiplier: whole(layout.contractMultiplier),
  })
  return {
    instrumentId: view.getUint32(4, true),
    symbol: text(layout.rawSymbol, layout.rawSymbolBytes),
    asset: text(layout.asset, layout.assetBytes),
    currency: text(layout.currency, 4),
    tickSize: increment === 0 ? undefined : decimalText(increment / POWERS_OF_TEN[PRICE_SCALE]!),
    lotSize: lot === 0 ? undefined : String(lot),
    multiplier: value === 0 ? undefined : decimalText(value),
  }
}

/**
 * The value of one price unit: the contract multiplier where there is one; else what a tick is
 * worth over the tick, the display factor taken out of it; else the quantity of a contract.
 */
function multiplierOf(fields: {
  readonly increment: number
  readonly factor: number
  readonly amount: number
  readonly quantity: number
  readonly multiplier: number
}): number {
  const { increment, factor, amount, quantity, multiplier } = fields
  if (multiplier > 0) return multiplier
  if (increment > 0 && factor > 0 && amount > 0) {
    return Number(((amount * POWERS_OF_TEN[PRICE_SCALE]!) / factor / increment).toPrecision(12))
  }
  return quantity / POWERS_OF_TEN[PRICE_SCALE]!
}
