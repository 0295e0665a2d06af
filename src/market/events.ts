/**
 * Market events as columns: one row is one event, each field a parallel typed array.
 *
 * Rows stand in local (receive) order. The exchange side reads them through `exchOrder`, a stable
 * order by venue time, present only where the two orders differ.
 */
import { assert } from '../core/index.ts'
import { firstLateRow, orderByInsertion } from './exchange-order.kernel.ts'
import { allocateShared } from './shared-memory.ts'
import type { Side } from './side.ts'

/** What a row says; the low four bits of `code`. */
export const EventKind = {
  /** A trade: `tick`, `lots`, side of the aggressor. */
  Trade: 1,
  /** A price level now holds `lots` (0 removes it). */
  DepthSet: 2,
  /** All levels of `side` (or of both when it has none) are gone. */
  DepthClear: 3,
  /** A snapshot begins: what follows replaces the book when it ends. */
  SnapshotBegin: 4,
  /** One level of the snapshot. */
  SnapshotLevel: 5,
  /** The snapshot is complete and replaces the book at once. */
  SnapshotEnd: 6,
  /** Best price and size of one side, from a ticker channel. Never moves the exchange book. */
  Bbo: 7,
  /** A resting order appears: `orderRef`, `tick`, `lots`. */
  OrderAdd: 8,
  /** A resting order has a new price or size. */
  OrderModify: 9,
  /** A resting order loses `lots` by cancellation. */
  OrderCancel: 10,
  /** A resting order loses `lots` by execution. */
  OrderExecute: 11,
  /** Funding rate in 1e-9 in `lots` (signed), mark price in `tick`. */
  Funding: 12,
  /** Trading status in `lots`: 0 halted, 1 open. */
  Status: 13,
  /** Updates are missing here: the book is stale until the next snapshot ends. */
  Gap: 14,
  /** A resting order was filled: `orderRef`, `tick`, `lots`. Changes no book: the rows behind it do. */
  OrderFill: 15,
} as const

/** One of {@link EventKind}. */
export type EventKind = (typeof EventKind)[keyof typeof EventKind]

/** Mask of the kind in `code`. */
export const KIND_MASK = 0x0f
/** `code` bit of a buy or bid row. */
export const BUY_BIT = 0x10
/** `code` bit of a sell or ask row. */
export const SELL_BIT = 0x20
/** `code` bit of a row that only the exchange side sees. */
export const EXCH_ONLY_BIT = 0x40
/** `code` bit of a row that only the local side sees. */
export const LOCAL_ONLY_BIT = 0x80

/** Parallel columns of events; `length` rows of each are valid. */
export interface EventColumns {
  readonly length: number
  /** Unix nanoseconds of time 0: the UTC midnight at or before the first event. */
  readonly epochNs: bigint
  /** When the row reached us: integer ns since the epoch, non-decreasing. */
  readonly localTime: Float64Array
  /** When it happened at the venue: integer ns since the epoch. */
  readonly exchTime: Float64Array
  /** kind | side bit | visibility bits. */
  readonly code: Uint8Array
  /** Price in ticks of the instrument's data grid. */
  readonly tick: Int32Array
  /** Size in lots: a non-negative integer, except for signed funding. */
  readonly lots: Float64Array
  /** Dense reference of a resting order (L3), -1 where there is none. */
  readonly orderRef: Int32Array
  /** Venue sequence number or trade id, 0 where there is none. */
  readonly seq: Float64Array
  /** Rows in stable order of `exchTime`; absent where that is the order of the rows. */
  readonly exchOrder: Int32Array | undefined
}

/** Packs kind, side (0 for none) and visibility bits into one `code`. */
export function eventCode(kind: EventKind, side: Side | 0, visibility = 0): number {
  return kind | (side === 0 ? 0 : side > 0 ? BUY_BIT : SELL_BIT) | visibility
}

/** Returns the side in a `code`: +1 bid or buy, -1 ask or sell, 0 none. */
export function codeSide(code: number): Side | 0 {
  return (code & BUY_BIT) !== 0 ? 1 : (code & SELL_BIT) !== 0 ? -1 : 0
}

/** Bytes that one row takes in memory, without `exchOrder`. */
export const EVENT_ROW_BYTES = 8 + 8 + 1 + 4 + 8 + 4 + 8

/** Allocates columns of `length` rows over one shared buffer, so that workers can read them. */
export function allocateEvents(length: number, epochNs: bigint): EventColumns {
  const buffer = allocateShared(length * EVENT_ROW_BYTES + 8)
  let at = 0
  const take = (bytes: number): number => {
    const start = at
    at += bytes * length
    return start
  }
  return {
    length,
    epochNs,
    localTime: new Float64Array(buffer, take(8), length),
    exchTime: new Float64Array(buffer, take(8), length),
    lots: new Float64Array(buffer, take(8), length),
    seq: new Float64Array(buffer, take(8), length),
    tick: new Int32Array(buffer, take(4), length),
    orderRef: new Int32Array(buffer, take(4), length),
    code: new Uint8Array(buffer, take(1), length),
    exchOrder: undefined,
  }
}

/**
 * Returns the stable order of rows by venue time, or undefined when rows already stand in it.
 *
 * @cost O(n log n) only where rows are out of order; venue time goes back by milliseconds, so an
 *   insertion sort over the nearly sorted rows is used
 * @param room where the order may be written, at least `length` places; else it is allocated
 */
export function exchangeOrder(
  exchTime: Float64Array,
  length: number,
  room?: Int32Array,
): Int32Array | undefined {
  if (firstLateRow(exchTime, length) >= length) return undefined
  const order = room?.subarray(0, length) ?? new Int32Array(allocateShared(length * 4))
  // Long runs out of order (a merge of two feeds) would make insertion quadratic: fall back.
  if (orderByInsertion(exchTime, length, order, 64 * length + 1024)) return order
  for (let row = 0; row < length; row++) order[row] = row
  return order.sort((a, b) => exchTime[a]! - exchTime[b]! || a - b)
}

/** Appends rows to columns that grow by doubling; times are given as ns since `epochNs`. */
export class EventWriter {
  readonly epochNs: bigint
  #columns: EventColumns
  #length = 0

  /** @param epochNs Unix ns of time 0 @param capacity rows to make room for at first */
  constructor(epochNs: bigint, capacity = 4096) {
    this.epochNs = epochNs
    this.#columns = allocateEvents(capacity, epochNs)
  }

  get length(): number {
    return this.#length
  }

  push(
    localTime: number,
    exchTime: number,
    code: number,
    tick: number,
    lots: number,
    orderRef = -1,
    seq = 0,
  ): void {
    if (this.#length === this.#columns.length) this.#grow()
    const columns = this.#columns
    const row = this.#length++
    columns.localTime[row] = localTime
    columns.exchTime[row] = exchTime
    columns.code[row] = code
    columns.tick[row] = tick
    columns.lots[row] = lots
    columns.orderRef[row] = orderRef
    columns.seq[row] = seq
  }

  /**
   * Appends a row for each of the first `count` levels, with one time and one number.
   *
   * @param code of every row @param ticks of each level @param lots of each level
   */
  pushLevels(
    localTime: number,
    exchTime: number,
    code: number,
    ticks: Int32Array,
    lots: Float64Array,
    count: number,
    seq: number,
  ): void {
    assert(count <= ticks.length && count <= lots.length, 'count <= levels')
    const first = this.#length
    while (first + count > this.#columns.length) this.#grow()
    const columns = this.#columns
    for (let i = 0; i < count; i++) {
      const row = first + i
      columns.localTime[row] = localTime
      columns.exchTime[row] = exchTime
      columns.code[row] = code
      columns.tick[row] = ticks[i]!
      columns.lots[row] = lots[i]!
      columns.orderRef[row] = -1
      columns.seq[row] = seq
    }
    this.#length = first + count
  }

  /** Appends rows [from, to) of columns that share the epoch; without their exchange order. */
  append(source: EventColumns, from: number, to: number): void {
    while (this.#length + to - from > this.#columns.length) this.#grow()
    copyEvents(source, from, to, this.#columns, this.#length)
    this.#length += to - from
  }

  /** Returns the rows so far, with their exchange order; the writer must not be used afterwards. */
  finish(): EventColumns {
    const columns = sliceEvents(this.#columns, 0, this.#length)
    return { ...columns, exchOrder: exchangeOrder(columns.exchTime, columns.length) }
  }

  /** Forgets the rows, keeps the memory. */
  clear(): void {
    this.#length = 0
  }

  /** The rows so far as views that the next `push` may overwrite; without exchange order. */
  get rows(): EventColumns {
    return sliceEvents(this.#columns, 0, this.#length)
  }

  #grow(): void {
    const grown = allocateEvents(this.#columns.length * 2, this.epochNs)
    copyEvents(this.#columns, 0, this.#length, grown, 0)
    this.#columns = grown
  }
}

/** Returns views of rows [from, to), no copy; `exchOrder` is left out. */
export function sliceEvents(columns: EventColumns, from: number, to: number): EventColumns {
  assert(from >= 0 && from <= to && to <= columns.length, '0 <= from <= to <= length')
  return {
    length: to - from,
    epochNs: columns.epochNs,
    localTime: columns.localTime.subarray(from, to),
    exchTime: columns.exchTime.subarray(from, to),
    code: columns.code.subarray(from, to),
    tick: columns.tick.subarray(from, to),
    lots: columns.lots.subarray(from, to),
    orderRef: columns.orderRef.subarray(from, to),
    seq: columns.seq.subarray(from, to),
    exchOrder: undefined,
  }
}

/** Copies rows [from, to) of `source` into `target` at row `at`; both must share the epoch. */
export function copyEvents(
  source: EventColumns,
  from: number,
  to: number,
  target: EventColumns,
  at: number,
): void {
  assert(source.epochNs === target.epochNs, 'columns share their epoch')
  const rows = sliceEvents(source, from, to)
  target.localTime.set(rows.localTime, at)
  target.exchTime.set(rows.exchTime, at)
  target.code.set(rows.code, at)
  target.tick.set(rows.tick, at)
  target.lots.set(rows.lots, at)
  target.orderRef.set(rows.orderRef, at)
  target.seq.set(rows.seq, at)
}

/** Joins columns in order into one, on the first one's epoch, and orders them for the exchange. */
export function concatEvents(parts: readonly EventColumns[]): EventColumns {
  const first = parts[0]
  assert(first !== undefined, 'at least one part')
  if (parts.length === 1) return first
  const total = parts.reduce((sum, part) => sum + part.length, 0)
  const joined = allocateEvents(total, first.epochNs)
  let at = 0
  for (const part of parts) {
    const shift = Number(part.epochNs - first.epochNs)
    copyEvents({ ...part, epochNs: first.epochNs }, 0, part.length, joined, at)
    for (let i = at; i < at + part.length; i++) {
      joined.localTime[i]! += shift
      joined.exchTime[i]! += shift
    }
    at += part.length
  }
  return { ...joined, exchOrder: exchangeOrder(joined.exchTime, total) }
}
