/** The memory of a market-by-order book: orders and price levels in typed arrays. */
import type { Ladder } from './ladder.ts'
import { LevelTable } from './level-table.ts'
import { ORDERS, type OrderMemory, type Stretch } from './order-memory.ts'

/** 32-bit words of one order, as a shift; its lots are the double in the first two. */
export const ORDER = 3
/** The shift that leads from an order's slot to its lots. */
export const ORDER_LOTS = ORDER - 1
/** Words of an order: its neighbours in the queue, its level (0: not live), its block of sums. */
export const ORDER_PREV = 2
export const ORDER_NEXT = 3
export const ORDER_LEVEL = 4
export const ORDER_BLOCK = 5
/** The double of an order, behind its lots: when it came to a price of ours, see `QueuePlaces`. */
export const ORDER_ARRIVAL = 3

/** Orders by slot, a reference + 1; half a cache line each. Written by the queues only. */
export class OrderPool {
  readonly levels = new LevelTable()
  readonly sides: Ladder['sides']
  /** Lots that a modification at the same price may add without loss of the place. */
  readonly growthMax: number
  /** False where no modification at all leaves an order its place. */
  readonly keepsPlace: boolean
  /** Records of 8 words; replaced when the pool grows. */
  words = new Int32Array(1 << ORDER)
  /** The same memory: lots of slot `n` at `n << ORDER_LOTS`. */
  lots = new Float64Array(this.words.buffer)
  /** References that the pool has room for: those below. */
  room = 0
  /** Live orders. */
  count = 0
  /** Where orders and levels are kept, and what applies rows to them; undefined at first. */
  memory: OrderMemory | undefined
  #stretch: Stretch | undefined
  readonly #refsMax: number = 0

  constructor(
    sides: Ladder['sides'],
    rules: { readonly growthMax: number; readonly keepsPlace: boolean; readonly refsMax: number },
  ) {
    this.sides = sides
    this.growthMax = rules.growthMax
    this.keepsPlace = rules.keepsPlace
    this.#refsMax = rules.refsMax
  }

  /** Makes room for a reference, at least twice what there was. */
  grow(ref: number): void {
    let room = Math.max(64, this.room * 2)
    while (room <= ref) room *= 2
    room = Math.min(room, this.#refsMax)
    if (this.#stretch === undefined) {
      const words = new Int32Array((room + 1) << ORDER)
      words.set(this.words)
      this.words = words
      this.lots = new Float64Array(words.buffer)
    } else {
      this.#stretch.enlarge((room + 1) * (4 << ORDER))
    }
    this.room = room
    this.memory?.setRoom(room)
  }

  /** Keeps orders, queues and levels in linear memory from here on. */
  moveTo(memory: OrderMemory): void {
    const { words } = this
    this.memory = memory
    memory.serve(this.sides)
    this.levels.moveTo(memory)
    this.#stretch = memory.stretch(ORDERS, words.byteLength, (buffer, address, bytes) => {
      this.words = new Int32Array(buffer, address, bytes >>> 2)
      this.lots = new Float64Array(buffer, address, bytes >>> 3)
    })
    this.words.set(words)
    memory.setRoom(this.room)
    memory.setGrowthMax(this.keepsPlace ? this.growthMax : Number.NEGATIVE_INFINITY)
  }
}
