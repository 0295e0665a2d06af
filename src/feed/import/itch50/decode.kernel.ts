/**
 * Decodes ITCH messages into columns.
 *
 * A field that a type of message does not have is left as it was: who reads a row reads what its
 * type has. Numbers are big-endian and unaligned, so they are put together byte by byte.
 */
import { HEADER_BYTES, MESSAGE_BYTES, MessageType } from './layout.ts'

const TWO_32 = 4294967296

/** Messages as parallel columns; `length` rows of each are valid. */
export interface ItchColumns {
  readonly capacity: number
  length: number
  /** Where a message begins that makes no sense, -1 where there is none. */
  faultAt: number
  /** Character code. */
  readonly type: Uint8Array
  readonly locate: Uint16Array
  /** ns after midnight. */
  readonly time: Float64Array
  /** Order number as two halves; of a replacement the old one. */
  readonly orderHigh: Uint32Array
  readonly orderLow: Uint32Array
  /** New order number of a replacement; match number of an execution or a trade. */
  readonly otherHigh: Uint32Array
  readonly otherLow: Uint32Array
  readonly shares: Float64Array
  /** In 1e-4 dollars. */
  readonly price: Uint32Array
  /** Side, printable flag or state: the one letter that the type has. */
  readonly letter: Uint8Array
  /** Where the message begins in the bytes that were decoded. */
  readonly at: Int32Array
}

/** Allocates columns for `capacity` messages. */
export function allocateItchColumns(capacity: number): ItchColumns {
  return {
    capacity,
    length: 0,
    faultAt: -1,
    type: new Uint8Array(capacity),
    locate: new Uint16Array(capacity),
    time: new Float64Array(capacity),
    orderHigh: new Uint32Array(capacity),
    orderLow: new Uint32Array(capacity),
    otherHigh: new Uint32Array(capacity),
    otherLow: new Uint32Array(capacity),
    shares: new Float64Array(capacity),
    price: new Uint32Array(capacity),
    letter: new Uint8Array(capacity),
    at: new Int32Array(capacity),
  }
}

/**
 * Decodes whole messages from `bytes[from]` on until `end` or until the columns are full.
 *
 * @param prefix    bytes in front of each message, 0 or 2
 * @param hasLength true when those are the length of the message
 * @returns where the first message (or its prefix) begins that was not decoded
 */
export function decodeItchMessages(
  bytes: Uint8Array,
  from: number,
  end: number,
  prefix: number,
  hasLength: boolean,
  out: ItchColumns,
): number {
  const { capacity } = out
  let at = from
  let row = 0
  out.faultAt = -1
  while (row < capacity && at + prefix < end) {
    const start = at + prefix
    const type = bytes[start]!
    const known = MESSAGE_BYTES[type]!
    const length = hasLength ? (bytes[at]! << 8) | bytes[at + 1]! : known
    if (length < HEADER_BYTES || (known !== 0 && known !== length)) {
      out.faultAt = at
      break
    }
    if (start + length > end) break
    out.type[row] = type
    out.locate[row] = (bytes[start + 1]! << 8) | bytes[start + 2]!
    out.time[row] = ((bytes[start + 5]! << 8) | bytes[start + 6]!) * TWO_32 + u32(bytes, start + 7)
    out.at[row] = start
    decodeBody(bytes, start, type, out, row)
    row++
    at = start + length
  }
  out.length = row
  return at
}

function decodeBody(
  bytes: Uint8Array,
  at: number,
  type: number,
  out: ItchColumns,
  row: number,
): void {
  switch (type) {
    case MessageType.Add:
    case MessageType.AddNamed:
    case MessageType.HiddenTrade:
      decodeOrder(bytes, at, out, row)
      out.letter[row] = bytes[at + 19]!
      out.shares[row] = u32(bytes, at + 20)
      out.price[row] = u32(bytes, at + 32)
      if (type === MessageType.HiddenTrade) decodeOther(bytes, at + 36, out, row)
      return
    case MessageType.Delete:
      decodeOrder(bytes, at, out, row)
      return
    case MessageType.Cancel:
      decodeOrder(bytes, at, out, row)
      out.shares[row] = u32(bytes, at + 19)
      return
    case MessageType.Replace:
      decodeOrder(bytes, at, out, row)
      decodeOther(bytes, at + 19, out, row)
      out.shares[row] = u32(bytes, at + 27)
      out.price[row] = u32(bytes, at + 31)
      return
    case MessageType.Execute:
    case MessageType.ExecutePrice:
      decodeOrder(bytes, at, out, row)
      out.shares[row] = u32(bytes, at + 19)
      decodeOther(bytes, at + 23, out, row)
      if (type === MessageType.Execute) return
      out.letter[row] = bytes[at + 31]!
      out.price[row] = u32(bytes, at + 32)
      return
    default:
      decodeRare(bytes, at, type, out, row)
  }
}

function decodeRare(
  bytes: Uint8Array,
  at: number,
  type: number,
  out: ItchColumns,
  row: number,
): void {
  switch (type) {
    case MessageType.Cross:
      out.shares[row] = u32(bytes, at + 11) * TWO_32 + u32(bytes, at + 15)
      out.price[row] = u32(bytes, at + 27)
      decodeOther(bytes, at + 31, out, row)
      return
    case MessageType.BrokenTrade:
      decodeOther(bytes, at + 11, out, row)
      return
    case MessageType.TradingAction:
      out.letter[row] = bytes[at + 19]!
      return
    case MessageType.OperationalHalt:
      out.letter[row] = bytes[at + 20]!
      return
    case MessageType.System:
      out.letter[row] = bytes[at + 11]!
      break
    default:
  }
}

function decodeOrder(bytes: Uint8Array, at: number, out: ItchColumns, row: number): void {
  out.orderHigh[row] = u32(bytes, at + 11)
  out.orderLow[row] = u32(bytes, at + 15)
}

function decodeOther(bytes: Uint8Array, at: number, out: ItchColumns, row: number): void {
  out.otherHigh[row] = u32(bytes, at)
  out.otherLow[row] = u32(bytes, at + 4)
}

function u32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
  )
}
