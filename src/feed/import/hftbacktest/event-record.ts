/**
 * Event records of hftbacktest 2: 64 bytes, little-endian.
 *
 * Source: hftbacktest documentation, "Data" and `hftbacktest::types` (`Event`, `*_EVENT` flags).
 */

/** Fields of a record, as `name:type` of the array's header. */
export const RECORD_FIELDS = [
  'ev:<u8',
  'exch_ts:<i8',
  'local_ts:<i8',
  'px:<f8',
  'qty:<f8',
  'order_id:<u8',
  'ival:<i8',
  'fval:<f8',
] as const

/** Size of a record. */
export const RECORD_BYTES = 64

/** Bits of `ev`. */
export const RecordFlag = {
  /** The exchange side sees the row. */
  Exchange: 2 ** 31,
  /** The local side sees the row. */
  Local: 2 ** 30,
  Buy: 2 ** 29,
  Sell: 2 ** 28,
} as const

/** Low byte of `ev`. */
export const RecordKind = {
  Depth: 1,
  Trade: 2,
  /** Removes the levels of a side from its best price to `px`, all of them when `px` is no number. */
  DepthClear: 3,
  DepthSnapshot: 4,
  /** Best price and size of a side. */
  DepthBbo: 5,
  /** A resting order appears, `order_id`. */
  AddOrder: 10,
  /** It is gone, whatever was left of it. */
  CancelOrder: 11,
  /** It has a new price or size. */
  ModifyOrder: 12,
  /** It was executed in part or whole; a record of its own says what is left. */
  Fill: 13,
} as const

const KIND_BITS = 0xff
const TWO_32 = 2 ** 32

/** One record, reused for the next; times are ns since an epoch. */
export class EventRecord {
  kind = 0
  isExchange = false
  isLocal = false
  /** +1 buy or bid, -1 sell or ask, 0 none. */
  side: 1 | -1 | 0 = 0
  exchTime = 0
  localTime = 0
  price = 0
  size = 0
  /** Halves of `order_id`. */
  idHigh = 0
  idLow = 0
  /** Sequence number of the venue, where the array has it. */
  seq = 0
  /** `ival` is a sequence number: an export of ours has written the array. */
  hasSeq = false
  /** `ev` has bits that no record has. */
  hasUnknownBits = false
  #epochLow = 0
  #epochHigh = 0

  /** Sets time 0. */
  setEpoch(epochNs: bigint): void {
    this.#epochLow = Number(epochNs & 0xffffffffn)
    this.#epochHigh = Number(epochNs >> 32n)
  }

  /** Reads the record at byte `at`. */
  read(view: DataView, at: number): void {
    const ev = view.getUint32(at, true)
    this.kind = ev & KIND_BITS
    this.isExchange = ev >= RecordFlag.Exchange
    this.isLocal = (ev & RecordFlag.Local) !== 0
    const isBuy = (ev & RecordFlag.Buy) !== 0
    const isSell = (ev & RecordFlag.Sell) !== 0
    this.side = isBuy === isSell ? 0 : isBuy ? 1 : -1
    this.hasUnknownBits =
      view.getUint32(at + 4, true) !== 0 || (ev & 0x0fffff00) !== 0 || (isBuy && isSell)
    this.exchTime = this.#time(view, at + 8)
    this.localTime = this.#time(view, at + 16)
    this.price = view.getFloat64(at + 24, true)
    this.size = view.getFloat64(at + 32, true)
    this.idLow = view.getUint32(at + 40, true)
    this.idHigh = view.getUint32(at + 44, true)
    this.seq = this.hasSeq
      ? view.getInt32(at + 52, true) * TWO_32 + view.getUint32(at + 48, true)
      : 0
  }

  /** Reads an int64 minus the epoch, exactly while the difference is below 2^53. */
  #time(view: DataView, at: number): number {
    const high = view.getInt32(at + 4, true) - this.#epochHigh
    return high * TWO_32 + (view.getUint32(at, true) - this.#epochLow)
  }
}

/** Returns the Unix ns of the earlier time of the record at byte `at`. */
export function firstTimeNs(view: DataView, at: number): bigint {
  const exch = view.getBigInt64(at + 8, true)
  const local = view.getBigInt64(at + 16, true)
  return exch < local ? exch : local
}
