/**
 * Decodes DBN records into columns.
 *
 * Values come out as the file has them: prices in 1e-9 quote units, sizes whole, times relative to
 * an epoch; what the file leaves undefined becomes NaN. Records are aligned to four bytes, so that
 * each field is one or two loads of a word.
 */
import { assert } from '../../../core/index.ts'
import { HEADER_BYTES, LEVEL_BYTES, MBO_BYTES, RecordType, TRADE_BYTES } from './layout.ts'

const TWO_32 = 4294967296

/** Records as parallel columns; `length` rows of each are valid. */
export interface DbnColumns {
  readonly capacity: number
  length: number
  /** Offset of a record whose length is impossible, -1 where there is none. */
  faultAt: number
  /** Unix ns of time 0 as two unsigned 32-bit halves. */
  readonly epochHigh: number
  readonly epochLow: number
  readonly type: Uint8Array
  readonly publisher: Uint16Array
  readonly instrument: Uint32Array
  /** Receive time: integer ns since the epoch; that of the venue where the type has no other. */
  readonly localTime: Float64Array
  readonly exchTime: Float64Array
  /** Character code of the action, 0 for records of other types. */
  readonly action: Uint8Array
  /** +1 for `B`, -1 for `A`, 0 for any other. */
  readonly side: Int8Array
  readonly flags: Uint8Array
  readonly price: Float64Array
  readonly size: Float64Array
  readonly orderHigh: Uint32Array
  readonly orderLow: Uint32Array
  readonly sequence: Uint32Array
  /** Where the record begins in the bytes that were decoded. */
  readonly at: Int32Array
}

/** Allocates columns for `capacity` records with times relative to `epochNs`. */
export function allocateDbnColumns(capacity: number, epochNs: bigint): DbnColumns {
  return {
    capacity,
    length: 0,
    faultAt: -1,
    epochHigh: Number(epochNs >> 32n),
    epochLow: Number(epochNs & 0xffffffffn),
    type: new Uint8Array(capacity),
    publisher: new Uint16Array(capacity),
    instrument: new Uint32Array(capacity),
    localTime: new Float64Array(capacity),
    exchTime: new Float64Array(capacity),
    action: new Uint8Array(capacity),
    side: new Int8Array(capacity),
    flags: new Uint8Array(capacity),
    price: new Float64Array(capacity),
    size: new Float64Array(capacity),
    orderHigh: new Uint32Array(capacity),
    orderLow: new Uint32Array(capacity),
    sequence: new Uint32Array(capacity),
    at: new Int32Array(capacity),
  }
}

/**
 * Decodes whole records from `words[0]` on until `end` or until the columns are full.
 *
 * @param words 32-bit words of the bytes
 * @param end   bytes that are valid
 * @returns     bytes that were consumed: where the first record that was not decoded begins
 */
export function decodeDbnRecords(words: Int32Array, end: number, out: DbnColumns): number {
  assert(end <= words.length * 4, 'end <= bytes')
  const { capacity } = out
  let at = 0
  let row = 0
  out.faultAt = -1
  while (row < capacity && at + HEADER_BYTES <= end) {
    const w = at >> 2
    const head = words[w]!
    const bytes = (head & 0xff) << 2
    const type = (head >>> 8) & 0xff
    if (bytes < bytesMin(type)) {
      out.faultAt = at
      break
    }
    if (at + bytes > end) break
    out.type[row] = type
    out.publisher[row] = head >>> 16
    out.instrument[row] = words[w + 1]!
    out.at[row] = at
    out.exchTime[row] = timeOf(words[w + 3]!, words[w + 2]!, out)
    if (type === RecordType.Mbo) decodeOrder(words, w, out, row)
    else if (isTradeLike(type)) decodeTrade(words, w, out, row)
    else decodeOther(out, row)
    row++
    at += bytes
  }
  out.length = row
  return at
}

function isTradeLike(type: number): boolean {
  return type === RecordType.Mbp0 || type === RecordType.Mbp1 || type === RecordType.Mbp10
}

function bytesMin(type: number): number {
  switch (type) {
    case RecordType.Mbo:
      return MBO_BYTES
    case RecordType.Mbp0:
      return TRADE_BYTES
    case RecordType.Mbp1:
      return TRADE_BYTES + LEVEL_BYTES
    case RecordType.Mbp10:
      return TRADE_BYTES + 10 * LEVEL_BYTES
    default:
      return HEADER_BYTES
  }
}

/** Order id, price, size, then a byte each of flags, channel, action, side; times and sequence. */
function decodeOrder(words: Int32Array, w: number, out: DbnColumns, row: number): void {
  const packed = words[w + 9]!
  out.orderLow[row] = words[w + 4]!
  out.orderHigh[row] = words[w + 5]!
  out.price[row] = priceOf(words[w + 7]!, words[w + 6]!)
  out.size[row] = words[w + 8]! >>> 0
  out.flags[row] = packed
  out.action[row] = packed >>> 16
  out.side[row] = sideOf(packed >>> 24)
  out.localTime[row] = timeOf(words[w + 11]!, words[w + 10]!, out)
  out.sequence[row] = words[w + 13]!
}

/** Price, size, then a byte each of action, side, flags, depth; times and sequence. */
function decodeTrade(words: Int32Array, w: number, out: DbnColumns, row: number): void {
  const packed = words[w + 7]!
  out.orderLow[row] = 0
  out.orderHigh[row] = 0
  out.price[row] = priceOf(words[w + 5]!, words[w + 4]!)
  out.size[row] = words[w + 6]! >>> 0
  out.action[row] = packed
  out.side[row] = sideOf((packed >>> 8) & 0xff)
  out.flags[row] = packed >>> 16
  out.localTime[row] = timeOf(words[w + 9]!, words[w + 8]!, out)
  out.sequence[row] = words[w + 11]!
}

function decodeOther(out: DbnColumns, row: number): void {
  out.orderLow[row] = 0
  out.orderHigh[row] = 0
  out.price[row] = Number.NaN
  out.size[row] = 0
  out.action[row] = 0
  out.side[row] = 0
  out.flags[row] = 0
  out.localTime[row] = out.exchTime[row]!
  out.sequence[row] = 0
}

function sideOf(character: number): number {
  return character === 66 ? 1 : character === 65 ? -1 : 0
}

/** Unix ns in two halves as ns since the epoch; NaN where it is undefined (all bits set). */
function timeOf(high: number, low: number, { epochHigh, epochLow }: DbnColumns): number {
  if ((high & low) === -1) return Number.NaN
  return ((high >>> 0) - epochHigh) * TWO_32 + ((low >>> 0) - epochLow)
}

/** A signed 64-bit price; NaN where it is undefined (the greatest that there is). */
export function priceOf(high: number, low: number): number {
  if (high === 0x7fffffff && low === -1) return Number.NaN
  return high * TWO_32 + (low >>> 0)
}
