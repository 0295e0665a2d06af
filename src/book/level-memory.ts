/**
 * A book of levels in linear memory, and the kernel that applies rows to it.
 *
 * The kernel (`kernels/level-rows.ts`) does what is the same for nearly every row; whatever else a
 * row may ask for, it leaves to JavaScript, which sees the same bytes through typed arrays.
 */
import { assert } from '../core/index.ts'
import type { EventColumns } from '../market/index.ts'
import { PAGES, WASM } from './level-rows.wasm.ts'

/** Keys in the window of a side, all of them from the start. */
export const WINDOW = 16_384
/** Orders of ours that the kernel can look after. */
const RESTING = 1024
/** Rows that are brought in at once. */
const ROWS = 2048

/** Addresses, as the kernel has them. */
const HEADER = 1024
const LOTS = 2048
const TOUCHED = LOTS + 2 * WINDOW * 8
const SLOTS = TOUCHED + 2 * (WINDOW >> 4)
const TICK = SLOTS + 2 * 4096 * 4
const NEXT = TICK + RESTING * 4
const FRONT = NEXT + RESTING * 4
const TRADED = FRONT + RESTING * 8
const ROW_TIME = TRADED + RESTING * 8
const ROW_LOTS = ROW_TIME + ROWS * 8
const ROW_TICK = ROW_LOTS + ROWS * 8
const ROW_CODE = ROW_TICK + ROWS * 4

/** Words of the header. */
const APPLIED = 6
const LAST = 7
const REACHED = 8
const QUEUE = 10
const TRADE_FROM = 11
const TRADE_TO = 12

/** What one side of a ladder is kept in; see `LadderSide`. */
export interface SideMemory {
  /** By side: best keys, then the lowest keys of the windows, then the keys in them. */
  readonly header: Int32Array
  readonly lots: Float64Array
  /** A byte per 16 keys. */
  readonly touched: Uint8Array
}

/** The columns of our own resting orders that the kernel moves; see `RestingOrders` of the venue. */
export interface RestingMemory {
  readonly slots: Int32Array
  readonly tick: Int32Array
  readonly nextInSlot: Int32Array
  readonly front: Float64Array
  readonly traded: Float64Array
}

/** What is used of the host's WebAssembly, which the types of Node do not tell. */
interface WebAssemblyHost {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (size: { initial: number; maximum: number }) => { buffer: ArrayBuffer }
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

const host = (globalThis as unknown as { readonly WebAssembly: WebAssemblyHost }).WebAssembly

/** Rows that are left to the caller of {@link LevelMemory.passResting}. */
export interface RestingWatch {
  /** No ask of ours rests below. */
  readonly askMin: number
  /** No bid of ours rests above. */
  readonly bidMax: number
  /**
   * How queues move: code of a model, see the kernel; 0 to ask {@link LevelMemory.frontAfter}; -1 to
   * be left each level that shares a slot with one of ours, where one table holds both sides.
   */
  readonly queue: number
  /** True to be left every trade, false those that may meet what rests. */
  readonly isEachTrade: boolean
}

const LEAST = -2147483648

interface KernelExports {
  applyLevels(from: number, to: number, hidden: number): number
  passResting(from: number, to: number, until: number): number
}

/** The place in a queue as a model sees it, see `QueueModel` of the venue. */
export type FrontAfter = (front: number, traded: number, before: number, after: number) => number

let compiled: object | undefined

function kernelModule(): object {
  compiled ??= new host.Module(Uint8Array.from(atob(WASM), (byte) => byte.charCodeAt(0)))
  return compiled
}

/** @see module comment */
export class LevelMemory {
  readonly #buffer: ArrayBuffer
  readonly #header: Int32Array
  readonly #kernel: KernelExports
  readonly #time: Float64Array
  readonly #lots: Float64Array
  readonly #tick: Int32Array
  readonly #code: Uint8Array
  /** The rows that are in: positions [#begin, #end) of a tape, in one of its two orders. */
  #rows: EventColumns | undefined
  #order: Int32Array | undefined
  #hasTime = false
  #begin = 0
  #end = 0
  /** Asked for the place of an order where its model is none of those that the kernel knows. */
  frontAfter: FrontAfter = (front) => front

  constructor() {
    const memory = new host.Memory({ initial: PAGES, maximum: PAGES })
    this.#buffer = memory.buffer
    this.#header = new Int32Array(memory.buffer, HEADER, 16)
    this.#time = new Float64Array(memory.buffer, ROW_TIME, ROWS)
    this.#lots = new Float64Array(memory.buffer, ROW_LOTS, ROWS)
    this.#tick = new Int32Array(memory.buffer, ROW_TICK, ROWS)
    this.#code = new Uint8Array(memory.buffer, ROW_CODE, ROWS)
    const front: FrontAfter = (ahead, traded, before, after) =>
      this.frontAfter(ahead, traded, before, after)
    const instance = new host.Instance(kernelModule(), {
      env: { memory, abort: () => assert(false, 'the kernel does not fail') },
      queue: { front },
    })
    this.#kernel = instance.exports as KernelExports
  }

  /** Memory of the bids (0) or the asks (1). */
  side(index: 0 | 1): SideMemory {
    const buffer = this.#buffer
    return {
      header: this.#header,
      lots: new Float64Array(buffer, LOTS + index * WINDOW * 8, WINDOW),
      touched: new Uint8Array(buffer, TOUCHED + index * (WINDOW >> 4), WINDOW >> 4),
    }
  }

  /** Memory of resting orders, as many as fit. */
  resting(): RestingMemory {
    const buffer = this.#buffer
    return {
      slots: new Int32Array(buffer, SLOTS, 2 * 4096),
      tick: new Int32Array(buffer, TICK, RESTING),
      nextInSlot: new Int32Array(buffer, NEXT, RESTING),
      front: new Float64Array(buffer, FRONT, RESTING),
      traded: new Float64Array(buffer, TRADED, RESTING),
    }
  }

  /** Rows that were levels in the last {@link applyLevels}. */
  get applied(): number {
    return this.#header[APPLIED]!
  }

  /** Position of the last of them, as it was given; -1 where there was none. */
  get lastApplied(): number {
    const row = this.#header[LAST]!
    return row < 0 ? -1 : this.#begin + row
  }

  /**
   * Applies positions [from, to) of a tape to the book, passing over rows that carry `hidden`.
   *
   * @param order rows by position; undefined where they stand in order
   * @returns the first position that is left to the caller; `to`, or an earlier end of what is in
   *   memory, where there was none
   */
  applyLevels(
    events: EventColumns,
    order: Int32Array | undefined,
    hidden: number,
    from: number,
    to: number,
  ): number {
    this.#load(events, order, from, false)
    const begin = this.#begin
    const end = Math.min(to, this.#end)
    return begin + this.#kernel.applyLevels(from - begin, end - begin, hidden)
  }

  /** Where the block in memory ends: a position before it that came back is left to the caller. */
  get end(): number {
    return this.#end
  }

  /**
   * As {@link applyLevels} for an exchange at which orders of ours rest: it also moves them in their
   * queues, and stops before a row that may fill one, is no level, or is later than `until`.
   */
  passResting(events: EventColumns, from: number, to: number, until: number): number {
    this.#load(events, events.exchOrder, from, true)
    const begin = this.#begin
    const end = Math.min(to, this.#end)
    return begin + this.#kernel.passResting(from - begin, end - begin, until)
  }

  /** Says what concerns us, before {@link passResting}. */
  watchResting({ askMin, bidMax, queue, isEachTrade }: RestingWatch): void {
    const header = this.#header
    header[REACHED] = askMin
    header[REACHED + 1] = ~bidMax
    header[QUEUE] = queue
    header[TRADE_FROM] = isEachTrade ? LEAST : askMin
    header[TRADE_TO] = isEachTrade ? ~LEAST : bidMax
  }

  /** Brings in the rows from a position on. */
  #load(
    events: EventColumns,
    order: Int32Array | undefined,
    from: number,
    needsTime: boolean,
  ): void {
    const isSame = this.#rows === events && this.#order === order && (this.#hasTime || !needsTime)
    if (isSame && from >= this.#begin && from < this.#end) return
    this.#hasTime = needsTime
    const end = Math.min(events.length, from + ROWS)
    this.#rows = events
    this.#order = order
    this.#begin = from
    this.#end = end
    if (order === undefined) {
      if (needsTime) this.#time.set(events.exchTime.subarray(from, end))
      this.#lots.set(events.lots.subarray(from, end))
      this.#tick.set(events.tick.subarray(from, end))
      this.#code.set(events.code.subarray(from, end))
      return
    }
    for (let position = from, at = 0; position < end; position++, at++) {
      const row = order[position]!
      this.#time[at] = events.exchTime[row]!
      this.#lots[at] = events.lots[row]!
      this.#tick[at] = events.tick[row]!
      this.#code[at] = events.code[row]!
    }
  }
}
