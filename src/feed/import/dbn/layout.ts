/**
 * The Databento Binary Encoding (DBN), versions 1 to 3: what stands where.
 *
 * Source: Databento's documentation "Databento Binary Encoding" and the record definitions of its
 * reference implementation, github.com/databento/dbn, release 0.54.0 (read 2026-11). All numbers
 * are little-endian. A record begins with its length in 32-bit words, its type, the publisher, the
 * instrument and the venue time.
 */

/** Types of records that hold market data, and those that a reader must know by name. */
export const RecordType = {
  /** A trade. */
  Mbp0: 0x00,
  /** A change of the best level, or a trade (schemas mbp-1 and tbbo). */
  Mbp1: 0x01,
  /** A change within ten levels, or a trade. */
  Mbp10: 0x0a,
  Status: 0x12,
  InstrumentDef: 0x13,
  Error: 0x15,
  SymbolMapping: 0x16,
  System: 0x17,
  /** A change of one order, or a trade. */
  Mbo: 0xa0,
} as const

/** Names of record types, for messages. */
const NAMES: Readonly<Record<number, string>> = {
  0x00: 'trades',
  0x01: 'mbp-1',
  0x0a: 'mbp-10',
  0x11: 'ohlcv',
  0x12: 'status',
  0x13: 'definition',
  0x14: 'imbalance',
  0x15: 'error',
  0x16: 'symbol mapping',
  0x17: 'system',
  0x18: 'statistics',
  0x20: 'ohlcv-1s',
  0x21: 'ohlcv-1m',
  0x22: 'ohlcv-1h',
  0x23: 'ohlcv-1d',
  0x24: 'ohlcv-eod',
  0xa0: 'mbo',
  0xb1: 'cmbp-1',
  0xc0: 'cbbo-1s',
  0xc1: 'cbbo-1m',
  0xc2: 'tcbbo',
  0xc3: 'bbo-1s',
  0xc4: 'bbo-1m',
}

/** Returns what records of a type are called. */
export function recordTypeName(type: number): string {
  return NAMES[type] ?? `type 0x${type.toString(16).padStart(2, '0')}`
}

/** Bits of the flags of a record. */
export const RecordFlag = {
  /** Last record of an event of its instrument. */
  Last: 0x80,
  /** The order stands for all of a side's best level. */
  TopOfBook: 0x40,
  /** From a snapshot: venue time and sequence are those of long ago. */
  Snapshot: 0x20,
  /** The order stands for all of a level. */
  PriceLevel: 0x10,
  /** The receive time is not to be trusted. */
  BadReceiveTime: 0x08,
  /** Messages of the channel are lost. */
  MaybeBadBook: 0x04,
} as const

/** Bytes of the header of every record. */
export const HEADER_BYTES = 16
/** Bytes of an order record. */
export const MBO_BYTES = 56
/** Bytes of a trade record, and where the levels of an MBP record begin. */
export const TRADE_BYTES = 48
/** Bytes of one level: prices of both sides, then their sizes, then their counts of orders. */
export const LEVEL_BYTES = 32
/** Bytes of a status record. */
export const STATUS_BYTES = 40
/** Where a status record says its action, and whether there is trading. */
export const STATUS_ACTION_AT = 24
export const STATUS_IS_TRADING_AT = 30

/** Decimal places of a price. */
export const PRICE_SCALE = 9

/** Bytes in front of the metadata: "DBN", the version, the length of what follows. */
export const PRELUDE_BYTES = 8
/** Versions that are read. */
export const VERSION_MAX = 3

/** Where the fields of an instrument definition stand. */
export interface DefinitionLayout {
  readonly bytes: number
  readonly unitOfMeasureQty: number
  readonly minPriceIncrementAmount: number
  readonly minLotSize: number
  readonly contractMultiplier: number
  readonly currency: number
  readonly rawSymbol: number
  readonly rawSymbolBytes: number
  readonly asset: number
  readonly assetBytes: number
}

/** Where every version has the first fields of a definition. */
export const MIN_PRICE_INCREMENT_AT = 24
export const DISPLAY_FACTOR_AT = 32

/** Layouts of an instrument definition, told apart by the length of the record. */
export const DEFINITION_LAYOUTS: readonly DefinitionLayout[] = [
  {
    bytes: 360,
    unitOfMeasureQty: 88,
    minPriceIncrementAmount: 96,
    minLotSize: 140,
    contractMultiplier: 160,
    currency: 186,
    rawSymbol: 200,
    rawSymbolBytes: 22,
    asset: 248,
    assetBytes: 7,
  },
  {
    bytes: 400,
    unitOfMeasureQty: 88,
    minPriceIncrementAmount: 96,
    minLotSize: 148,
    contractMultiplier: 164,
    currency: 186,
    rawSymbol: 200,
    rawSymbolBytes: 71,
    asset: 297,
    assetBytes: 7,
  },
  {
    bytes: 520,
    unitOfMeasureQty: 80,
    minPriceIncrementAmount: 88,
    minLotSize: 160,
    contractMultiplier: 176,
    currency: 224,
    rawSymbol: 238,
    rawSymbolBytes: 71,
    asset: 335,
    assetBytes: 11,
  },
]
