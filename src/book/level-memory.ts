/**
 * Books of levels in linear memory, and the kernel that applies rows to them.
 *
 * The kernel (`kernels/level-rows.ts`) does what is the same for nearly every row; whatever else a
 * row may ask for, it leaves to JavaScript, which sees the same bytes through typed arrays.
 */
import { Kernel } from '../core/index.ts'
import type { EventColumns } from '../market/index.ts'
import { PAGES, WASM } from './level-rows.wasm.ts'
import { BLOCK_BYTES, BLOCK_ROWS, RowBlock } from './row-block.ts'

/** Keys in the window of a side, all of them from the start. */
export const WINDOW = 16_384
/** Orders of ours that the kernel can look after. */
const RESTING = 1024

/** Places in the memory of a book, as the kernel has them. */
const LOTS = 64
const TOUCHED = LOTS + 2 * WINDOW * 8
const BOOK_BYTES = TOUCHED + 2 * (WINDOW >> 4)
/** Words of its header, behind those of its sides. */
const HEADER_WORDS = 16
const APPLIED = 6
const LAST = 7
const REACHED = 8
const QUEUE = 10
const TRADE_FROM = 11
const TRADE_TO = 12
const MOVED = 13
const TICKER = 14

/** Places of our resting orders, behind the book of their exchange. */
const SLOTS = BOOK_BYTES
const TICK = SLOTS + 2 * 4096 * 4
const NEXT = TICK + RESTING * 4
const FRONT = NEXT + RESTING * 4
const TRADED = FRONT + RESTING * 8
const BEHIND = TRADED + RESTING * 8
const FIRST = BEHIND + RESTING * 4
const SIDE = FIRST + RESTING * 4
const MARKED = SIDE + RESTING
const EXCHANGE_BYTES = MARKED + RESTING

/** Addresses. */
const CHANGES = 1024
/** Changes of levels that the kernel puts off are as many as a block has rows. */
const MARKETS = CHANGES + BLOCK_ROWS * 16
/** Of a market: its two books, and two blocks of rows. */
const BLOCKS = BOOK_BYTES + EXCHANGE_BYTES
const MARKET_BYTES = BLOCKS + 2 * BLOCK_BYTES

const PAGE_BYTES = 65_536
/** Markets in one memory, at most. */
const MARKETS_MAX = 256

/** What one side of a ladder is kept in; see `LadderSide`. */
export interface SideMemory {
  readonly lots: Float64Array
  /** A byte per 16 keys. */
  readonly touched: Uint8Array
}

/** A side of a ladder, as far as the kernel is concerned. */
interface LentSide {
  /** False where its window is cut short, which the kernel does not look at. */
  lend(header: Int32Array, index: 0 | 1): boolean
  takeBack(header: Int32Array, index: 0 | 1): void
}

/**
 * The columns of our own resting orders that the kernel moves; see `RestingOrders` of the venue, and
 * `OwnLevels`, which has them by levels.
 */
export interface RestingMemory {
  readonly slots: Int32Array
  /** By level its key. */
  readonly tick: Int32Array
  readonly nextInSlot: Int32Array
  readonly front: Float64Array
  readonly traded: Float64Array
  /** Of a level: its oldest order, 1 for the asks, 1 where the kernel has to leave it. */
  readonly first: Int32Array
  readonly side: Uint8Array
  readonly marked: Uint8Array
  /** Of an order: the next younger one at its level. */
  readonly behind: Int32Array
}

const kernel = new Kernel(WASM, PAGES)

/** Rows that are left to the caller of {@link CompiledBook.passResting}. */
export interface RestingWatch {
  /** No ask of ours rests below. */
  askMin: number
  /** No bid of ours rests above. */
  bidMax: number
  /**
   * How queues move: code of a model, see the kernel, 0 to ask {@link CompiledBook.frontAfter}, and
   * {@link BY_LEVEL} where orders share the queue of their level; -1 to be left each level that
   * shares a slot with one of ours, where one table holds both sides.
   */
  queue: number
  /** True to be left every trade, false those that may meet what rests. */
  isEachTrade: boolean
}

const LEAST = -2147483648

/** Of the code of a queue model: orders stand by levels. */
export const BY_LEVEL = 32

interface KernelExports {
  applyLevels(book: number, rows: number, from: number, to: number, hidden: number): number
  applyUntilMove(book: number, rows: number, from: number, to: number): number
  passResting(book: number, rows: number, from: number, to: number): number
}

/** The place in a queue as a model sees it, see `QueueModel` of the venue. */
export type FrontAfter = (front: number, traded: number, before: number, after: number) => number

/**
 * Memory of two books of one market: as we see it, and as the exchange does. They pass the same rows
 * shortly after each other, and need these but once.
 */
export class LevelMemory {
  /** The book as we see it. */
  readonly local: CompiledBook
  /** The book of the exchange, at which our orders rest. */
  readonly exchange: CompiledBook

  /** @param place which market of `shared` it is; default: the only one of a memory of its own */
  constructor(shared = new SharedLevels(1), place = 0) {
    const address = MARKETS + place * MARKET_BYTES
    const ours = new RowBlock(shared.buffer, address + BLOCKS)
    const theirs = new RowBlock(shared.buffer, address + BLOCKS + BLOCK_BYTES)
    this.local = new CompiledBook(shared, address, [ours, theirs])
    this.exchange = new CompiledBook(shared, address + BOOK_BYTES, [theirs, ours])
    shared.exchanges.push(this.exchange)
  }

  /** Memory of as many markets, together: one kernel serves them. */
  static of(markets: number): readonly LevelMemory[] {
    const made: LevelMemory[] = []
    while (made.length < markets) {
      const count = Math.min(markets - made.length, MARKETS_MAX)
      const shared = new SharedLevels(count)
      for (let place = 0; place < count; place++) made.push(new LevelMemory(shared, place))
    }
    return made
  }
}

/** What markets share: a linear memory and the kernel that works in it. */
class SharedLevels {
  readonly buffer: ArrayBuffer
  readonly kernel: KernelExports
  /** By place of their market. */
  readonly exchanges: CompiledBook[] = []

  constructor(markets: number) {
    const front = (
      book: number,
      ahead: number,
      traded: number,
      before: number,
      after: number,
    ): number => {
      const market = Math.floor((book - MARKETS) / MARKET_BYTES)
      return this.exchanges[market]!.frontAfter(ahead, traded, before, after)
    }
    const pages = Math.ceil((MARKETS + markets * MARKET_BYTES) / PAGE_BYTES)
    const { buffer, exports } = kernel.start({ queue: { front } }, pages)
    this.buffer = buffer
    this.kernel = exports as KernelExports
  }
}

/** One book in the memory. */
export class CompiledBook {
  readonly #buffer: ArrayBuffer
  readonly #address: number = 0
  readonly #header: Int32Array
  readonly #kernel: KernelExports
  /** Its own, and the other book's. */
  readonly #blocks: readonly [RowBlock, RowBlock]
  /** That of the last pass. */
  #block: RowBlock
  #bids: LentSide | undefined
  #asks: LentSide | undefined
  /** Asked for the place of an order where its model is none of those that the kernel knows. */
  frontAfter: FrontAfter = (front) => front

  constructor(shared: SharedLevels, address: number, blocks: readonly [RowBlock, RowBlock]) {
    const { buffer, kernel } = shared
    this.#buffer = buffer
    this.#address = address
    this.#header = new Int32Array(buffer, address, HEADER_WORDS)
    this.#kernel = kernel
    this.#blocks = blocks
    this.#block = blocks[0]
  }

  /** Memory of the bids (0) or the asks (1). */
  side(index: 0 | 1): SideMemory {
    const buffer = this.#buffer
    const address = this.#address
    return {
      lots: new Float64Array(buffer, address + LOTS + index * WINDOW * 8, WINDOW),
      touched: new Uint8Array(buffer, address + TOUCHED + index * (WINDOW >> 4), WINDOW >> 4),
    }
  }

  /** The sides whose levels are kept here. */
  serve(bids: LentSide, asks: LentSide): void {
    this.#bids = bids
    this.#asks = asks
  }

  #lend(): boolean {
    return this.#bids!.lend(this.#header, 0) && this.#asks!.lend(this.#header, 1)
  }

  #takeBack(): void {
    this.#bids!.takeBack(this.#header, 0)
    this.#asks!.takeBack(this.#header, 1)
  }

  /**
   * Memory of resting orders, as many as fit; the book is that of an exchange.
   *
   * @param model asked where a change of a level leaves an order that the kernel cannot move itself
   */
  resting(model: { readonly frontAfterChange: FrontAfter }): RestingMemory {
    this.frontAfter = (front, traded, before, after) =>
      model.frontAfterChange(front, traded, before, after)
    const buffer = this.#buffer
    const book = this.#address
    return {
      slots: new Int32Array(buffer, book + SLOTS, 2 * 4096),
      tick: new Int32Array(buffer, book + TICK, RESTING),
      nextInSlot: new Int32Array(buffer, book + NEXT, RESTING),
      front: new Float64Array(buffer, book + FRONT, RESTING),
      traded: new Float64Array(buffer, book + TRADED, RESTING),
      first: new Int32Array(buffer, book + FIRST, RESTING),
      side: new Uint8Array(buffer, book + SIDE, RESTING),
      marked: new Uint8Array(buffer, book + MARKED, RESTING),
      behind: new Int32Array(buffer, book + BEHIND, RESTING),
    }
  }

  /** True when the rows from a position on are here already. */
  holds(events: EventColumns, order: Int32Array | undefined, from: number): boolean {
    const [own, others] = this.#blocks
    return own.has(events, order, from) || others.has(events, order, from)
  }

  /** Rows that were levels in the last {@link applyLevels}. */
  get applied(): number {
    return this.#header[APPLIED]!
  }

  /** Position of the last of them; -1 where there was none. */
  get lastApplied(): number {
    const row = this.#header[LAST]!
    return row < 0 ? -1 : this.#block.begin + row
  }

  /**
   * Position of the row that told the ticker's best bid (0) or ask (1) last, of those that the last
   * {@link applyLevels} passed over; -1 where there was none.
   */
  lastTicker(index: 0 | 1): number {
    const row = this.#header[TICKER + index]!
    return row < 0 ? -1 : this.#block.begin + row
  }

  /** Where the block in memory ends: a position before it that came back is left to the caller. */
  get end(): number {
    return this.#block.end
  }

  /**
   * Applies positions [from, to) of a tape to the book, passing over rows that carry `hidden`.
   *
   * @param order rows by position; undefined where they stand in order
   * @returns the first position that is left to the caller; `to`, or an earlier {@link end}, where
   *   there was none
   */
  applyLevels(
    events: EventColumns,
    order: Int32Array | undefined,
    hidden: number,
    from: number,
    to: number,
  ): number {
    const { address, begin, end } = this.#blockWith(events, order, from)
    const last = Math.min(to, end) - begin
    const begun = from - begin
    if (!this.#lend()) return this.#left(from)
    const row = this.#kernel.applyLevels(this.#address, address, begun, last, hidden)
    this.#takeBack()
    return begin + row
  }

  /**
   * As {@link applyLevels} for rows as we see them, in their order; it also stops right behind a row
   * that has moved the best price of a side, which {@link hasMoved} then tells.
   */
  applyUntilMove(events: EventColumns, from: number, to: number): number {
    const { address, begin, end } = this.#blockWith(events, undefined, from)
    const last = Math.min(to, end) - begin
    if (!this.#lend()) return this.#left(from)
    const row = this.#kernel.applyUntilMove(this.#address, address, from - begin, last)
    this.#takeBack()
    return begin + row
  }

  /** True where the last pass stopped because a best price has moved. */
  get hasMoved(): boolean {
    return this.#header[MOVED] === 1
  }

  /**
   * As {@link applyLevels} for an exchange at which orders of ours rest: it also moves them in their
   * queues, and stops before a row that may fill one or is no level.
   */
  passResting(events: EventColumns, from: number, to: number): number {
    const block = this.#blockWith(events, events.exchOrder, from)
    block.readTimes()
    const { address, begin, end } = block
    const last = Math.min(to, end) - begin
    if (!this.#lend()) return from
    const row = this.#kernel.passResting(this.#address, address, from - begin, last)
    this.#takeBack()
    return begin + row
  }

  /** Leaves a row to the caller, none having been applied. */
  #left(row: number): number {
    const header = this.#header
    header[APPLIED] = 0
    header[LAST] = -1
    header[MOVED] = 0
    header[TICKER] = -1
    header[TICKER + 1] = -1
    return row
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

  #blockWith(events: EventColumns, order: Int32Array | undefined, from: number): RowBlock {
    if (this.#block.has(events, order, from)) return this.#block
    const [own, others] = this.#blocks
    const isThere = others.has(events, order, from)
    this.#block = isThere ? others : own
    if (!isThere && !own.has(events, order, from)) own.load(events, order, from, others)
    return this.#block
  }
}
