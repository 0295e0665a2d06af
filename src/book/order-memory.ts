/**
 * A market-by-order book in linear memory, and the kernel that applies rows to it.
 *
 * The kernel (`kernels/order-rows.ts`) does what is the same for nearly every row; whatever else a
 * row may ask for, it leaves to JavaScript, which sees the same bytes through typed arrays. The memory
 * grows with the book, and whoever has views of it is given new ones.
 */
import { Kernel, assert, type GrowingKernel, type LinearMemory } from '../core/index.ts'
import type { EventColumns } from '../market/index.ts'
import { WINDOW, type SideMemory } from './level-memory.ts'
import type { LadderSide } from './ladder-side.ts'
import { PAGES, WASM } from './order-rows.wasm.ts'

const KERNEL = new Kernel(WASM, PAGES)

/** Rows that are brought in at once. */
const ROWS = 2048
const PAGE = 65_536

/** Places in the memory, as the kernel has them. */
const HEADER = 1024
const HEADER_BYTES = 128
const ROW_TIME = HEADER + HEADER_BYTES
const ROW_LOTS = ROW_TIME + ROWS * 8
const ROW_TICK = ROW_LOTS + ROWS * 8
const ROW_REF = ROW_TICK + ROWS * 4
const ROW_CODE = ROW_REF + ROWS * 4
const LOTS = ROW_CODE + ROWS
const TOUCHED = LOTS + 2 * WINDOW * 8
const FREE = TOUCHED + 2 * (WINDOW >> 4)

/** Words of the header, behind those of the sides. */
const APPLIED = 6
const LAST = 7
const COUNT = 8
const ROOM = 9
/** Where orders, levels and the places of these begin. */
export const ORDERS = 10
export const LEVELS = 11
export const PLACES = 12
const PLACE_MASK = 13
const ASK_MIN = 16
const BID_MAX = 17
/** Where places of ours begin. */
export const OUR_PLACES = 18
/** Doubles of the header. */
const GROWTH_MAX = 7
const MOMENTS = 10

/** What rows that were applied have done. */
export interface OrderRun {
  /** Rows that changed the book, and the last one of them; -1 where there is none. */
  applied: number
  bookRow: number
}

/** Given the memory, anew whenever it has grown or the stretch has moved. */
export type Holder = (buffer: ArrayBuffer, address: number, bytes: number) => void

/** A stretch of the memory that can be enlarged. */
export interface Stretch {
  /** Makes it so long; what is new of it is 0. */
  enlarge(bytes: number): void
}

/** Orders of ours at an exchange, see `QueuePlaces`. */
export interface OurPlaces {
  /** Counted on. */
  moments: number
}

/** Rows of an exchange that are to pass. */
export interface PassedRows {
  readonly events: EventColumns
  /** Positions in the order of the exchange. */
  readonly from: number
  readonly to: number
  /** Rows behind this time are left. */
  readonly until: number
  /** No ask of ours rests below, no bid of ours above. */
  readonly askMin: number
  readonly bidMax: number
}

interface KernelExports {
  applyOrders(from: number, to: number): number
  passOrders(from: number, to: number, until: number): number
}

/** @see module comment */
export class OrderMemory {
  readonly #memory: LinearMemory
  readonly #kernel: KernelExports
  readonly #holders: (() => void)[] = []
  /** The first byte behind all stretches. */
  #end = FREE
  #header!: Int32Array
  #doubles!: Float64Array
  #time!: Float64Array
  #lots!: Float64Array
  #tick!: Int32Array
  #ref!: Int32Array
  #code!: Uint8Array
  #sides: readonly [LadderSide, LadderSide] | undefined
  /** The rows that are open, and those of them that are here: [begin, end). */
  #events: EventColumns | undefined
  #areFinal = false
  /** True where they stand in the order of the exchange, with their time there. */
  #hasTime = false
  #begin = 0
  #blockEnd = 0

  private constructor({ memory, exports }: GrowingKernel) {
    this.#memory = memory
    this.#kernel = exports as KernelExports
    this.#viewRows()
  }

  /** Returns the memory of one book, undefined where the host has none to give. */
  static make(): OrderMemory | undefined {
    const started = KERNEL.startGrowing()
    return started && new OrderMemory(started)
  }

  #viewRows(): void {
    const { buffer } = this.#memory
    this.#header = new Int32Array(buffer, HEADER, HEADER_BYTES / 4)
    this.#doubles = new Float64Array(buffer, HEADER, HEADER_BYTES / 8)
    this.#time = new Float64Array(buffer, ROW_TIME, ROWS)
    this.#lots = new Float64Array(buffer, ROW_LOTS, ROWS)
    this.#tick = new Int32Array(buffer, ROW_TICK, ROWS)
    this.#ref = new Int32Array(buffer, ROW_REF, ROWS)
    this.#code = new Uint8Array(buffer, ROW_CODE, ROWS)
  }

  /** Takes the levels of both sides in. */
  serve(sides: readonly [LadderSide, LadderSide]): void {
    this.#sides = sides
    for (const index of [0, 1] as const) {
      sides[index].moveTo(this.#side(index))
      this.#holders.push(() => sides[index].seeAnew(this.#side(index)))
    }
  }

  /** Memory of the bids (0) or the asks (1). */
  #side(index: 0 | 1): SideMemory {
    const { buffer } = this.#memory
    return {
      lots: new Float64Array(buffer, LOTS + index * WINDOW * 8, WINDOW),
      touched: new Uint8Array(buffer, TOUCHED + index * (WINDOW >> 4), WINDOW >> 4),
    }
  }

  /** Gives `holder` a stretch of its own, whose address stands in a word of the header. */
  stretch(word: number, length: number, holder: Holder): Stretch {
    let bytes = length
    let address = this.#take(bytes)
    const tell = (): void => {
      this.#header[word] = address
      holder(this.#memory.buffer, address, bytes)
    }
    tell()
    this.#holders.push(tell)
    return {
      enlarge: (wanted) => {
        const old = address
        // The last of all grows where it is, any other goes behind it.
        const isLast = address + bytes === this.#end
        const taken = this.#take(isLast ? wanted - bytes : wanted)
        if (!isLast) {
          new Uint8Array(this.#memory.buffer).copyWithin(taken, old, old + bytes)
          address = taken
        }
        bytes = wanted
        tell()
      },
    }
  }

  /** Takes bytes, all 0, behind all that are taken. */
  #take(bytes: number): number {
    assert(bytes % 8 === 0, 'a stretch is of whole doubles')
    const address = this.#end
    const pages = Math.ceil((address + bytes) / PAGE)
    const missing = pages - this.#memory.buffer.byteLength / PAGE
    if (missing > 0) {
      this.#memory.grow(missing)
      this.#viewRows()
      for (const renew of this.#holders) renew()
    }
    this.#end = address + bytes
    return address
  }

  /** Says for how many references there is room, before the rows that follow. */
  setRoom(room: number): void {
    this.#header[ROOM] = room
  }

  /** Says how many places levels have, a power of two. */
  setPlaces(places: number): void {
    this.#header[PLACE_MASK] = places - 1
  }

  /** Says what a modification at the same price may add without loss of the place; -1 for nothing. */
  setGrowthMax(lots: number): void {
    this.#doubles[GROWTH_MAX] = lots
  }

  /**
   * Opens rows to be applied. What was brought in before is not looked at again, unless rows never
   * change: then as many as there is room for are brought in, also behind those that are asked for.
   */
  open(events: EventColumns, areFinal: boolean): void {
    if (areFinal && events === this.#events && !this.#hasTime) return
    this.#events = events
    this.#areFinal = areFinal
    this.#hasTime = false
    this.#begin = 0
    this.#blockEnd = 0
  }

  /**
   * Applies rows from `from` on of those that are open, up to the first that is left to the caller.
   *
   * @param pool its count is kept
   * @param run  counts on
   * @returns    that row, or `to`
   */
  apply(pool: { count: number }, from: number, to: number, run: OrderRun): number {
    const header = this.#header
    this.#lend(pool)
    let row = from
    while (row < to) {
      if (row < this.#begin || row >= this.#blockEnd) this.#load(row, to)
      const begin = this.#begin
      const last = Math.min(to, this.#blockEnd)
      row = begin + this.#kernel.applyOrders(row - begin, last - begin)
      run.applied += header[APPLIED]!
      if (header[LAST]! >= 0) run.bookRow = begin + header[LAST]!
      if (row < last) break
    }
    this.#takeBack(pool)
    return row
  }

  /**
   * Applies rows as the exchange saw them, which are final, to the book at which orders of ours rest,
   * and moves these in their queues; up to the first row that is late or left to the caller: one that
   * may meet an order of ours, that names an order of which we took, or that does not fit.
   *
   * @returns its position, or `to`
   */
  pass(pool: { count: number }, places: OurPlaces, rows: PassedRows, run: OrderRun): number {
    const { events, to, until } = rows
    const header = this.#header
    if (events !== this.#events || !this.#hasTime) {
      this.#events = events
      this.#areFinal = true
      this.#hasTime = true
      this.#blockEnd = 0
    }
    header[ASK_MIN] = rows.askMin
    header[BID_MAX] = rows.bidMax
    this.#doubles[MOMENTS] = places.moments
    this.#lend(pool)
    let row = rows.from
    while (row < to) {
      if (row < this.#begin || row >= this.#blockEnd) this.#load(row, to)
      const begin = this.#begin
      const last = Math.min(to, this.#blockEnd)
      row = begin + this.#kernel.passOrders(row - begin, last - begin, until)
      run.applied += header[APPLIED]!
      if (row < last) break
    }
    this.#takeBack(pool)
    places.moments = this.#doubles[MOMENTS]!
    return row
  }

  #lend(pool: { readonly count: number }): void {
    const [bids, asks] = this.#sides!
    const header = this.#header
    header[COUNT] = pool.count
    bids.lend(header, 0)
    asks.lend(header, 1)
  }

  #takeBack(pool: { count: number }): void {
    const [bids, asks] = this.#sides!
    const header = this.#header
    pool.count = header[COUNT]!
    bids.takeBack(header, 0)
    asks.takeBack(header, 1)
  }

  #load(from: number, asked: number): void {
    const { code, tick, lots, orderRef, exchTime, exchOrder, length } = this.#events!
    const to = Math.min(from + ROWS, this.#areFinal ? length : asked)
    this.#begin = from
    this.#blockEnd = to
    if (this.#hasTime && exchOrder !== undefined) {
      for (let position = from, at = 0; position < to; position++, at++) {
        const row = exchOrder[position]!
        this.#time[at] = exchTime[row]!
        this.#lots[at] = lots[row]!
        this.#tick[at] = tick[row]!
        this.#ref[at] = orderRef[row]!
        this.#code[at] = code[row]!
      }
      return
    }
    if (this.#hasTime) this.#time.set(exchTime.subarray(from, to))
    this.#lots.set(lots.subarray(from, to))
    this.#tick.set(tick.subarray(from, to))
    this.#ref.set(orderRef.subarray(from, to))
    this.#code.set(code.subarray(from, to))
  }
}
