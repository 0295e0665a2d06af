/**
 * Places of our own orders in the queues of real ones: the lots ahead of each, and when it came.
 *
 * Of real orders the moment of arrival is kept where they come to a price of ours. All others were
 * there before us, whatever an old note says, because moments only grow. Where the book is in linear
 * memory, so are places, and its kernel moves them.
 */
import { BookPhase } from './book-state.ts'
import { FIRST_PLACE, HAS_SUMS, LEVEL, LEVEL_NOTES } from './level-table.ts'
import { OUR_PLACES, type OurPlaces, type PassedRows, type Stretch } from './order-memory.ts'
import type { OrderBookState } from './order-book-state.ts'
import { ORDER_ARRIVAL, ORDER_LOTS, type OrderPool } from './order-pool.ts'

/** Doubles of one place, as a shift, and its 32-bit words: lots ahead, arrival, the next at its level. */
const PLACE = 2
const ARRIVAL = 1
const WORDS = 3
const NEXT = 4

const FIRST_ROOM = 64

/** Places by row, 0, 1, ...; a place is numbered by its row + 1. */
export class QueuePlaces implements OurPlaces {
  /** Moments so far at which an order, of ours or at a price of ours, arrived. */
  moments = 0
  readonly #state: OrderBookState
  readonly #pool: OrderPool
  readonly #stretch: Stretch | undefined
  #room = FIRST_ROOM
  #doubles = new Float64Array((FIRST_ROOM + 1) << PLACE)
  #words = new Int32Array(this.#doubles.buffer)

  /** Moves the book into linear memory, where there is any. */
  constructor(state: OrderBookState) {
    this.#state = state
    this.#pool = state.queues.pool
    state.compile()
    const bytes = this.#doubles.byteLength
    this.#stretch = this.#pool.memory?.stretch(OUR_PLACES, bytes, (buffer, address, length) => {
      this.#doubles = new Float64Array(buffer, address, length >> 3)
      this.#words = new Int32Array(buffer, address, length >> 2)
    })
  }

  /** False where there is no kernel to {@link pass} rows. */
  get canPass(): boolean {
    return this.#pool.memory !== undefined
  }

  /**
   * Applies rows as the exchange saw them and moves our places, up to the first that may mean more.
   *
   * @returns the position of that row, or `to`
   */
  pass(rows: PassedRows): number {
    const { run } = this.#state
    run.applied = 0
    const position = this.#pool.memory!.pass(this.#pool, this, rows, run)
    this.#state.version += run.applied
    if (run.applied > 0 && this.#state.phase === BookPhase.Empty) this.#state.phase = BookPhase.Live
    return position
  }

  /** Puts an order of ours behind `ahead` lots and all orders that are there. */
  join(row: number, side: 0 | 1, tick: number, ahead: number): void {
    while (row >= this.#room) this.#grow()
    const { levels } = this.#pool
    const at = (levels.open(side, tick) << LEVEL) + LEVEL_NOTES
    const notes = levels.words[at]!
    const place = row + 1
    this.#words[(place << WORDS) + NEXT] = notes >> FIRST_PLACE
    levels.words[at] = (place << FIRST_PLACE) | (notes & HAS_SUMS)
    this.set(row, ahead)
  }

  /** Takes an order of ours out. */
  leave(row: number, side: 0 | 1, tick: number): void {
    const { levels } = this.#pool
    const words = this.#words
    const at = (levels.find(side, tick) << LEVEL) + LEVEL_NOTES
    const notes = levels.words[at]!
    const place = row + 1
    const next = words[(place << WORDS) + NEXT]!
    let before = notes >> FIRST_PLACE
    if (before === place) {
      levels.words[at] = (next << FIRST_PLACE) | (notes & HAS_SUMS)
      return
    }
    while (words[(before << WORDS) + NEXT] !== place) before = words[(before << WORDS) + NEXT]!
    words[(before << WORDS) + NEXT] = next
  }

  /** Places an order of ours anew: behind `ahead` lots, and behind all that arrived so far. */
  set(row: number, ahead: number): void {
    const at = (row + 1) << PLACE
    this.#doubles[at] = ahead
    this.#doubles[at + ARRIVAL] = ++this.moments
  }

  /** Lots of real orders ahead; below 0 where more was taken than was known to be there. */
  aheadOf(row: number): number {
    return this.#doubles[(row + 1) << PLACE]!
  }

  /** When an order of ours arrived. */
  arrivalOf(row: number): number {
    return this.#doubles[((row + 1) << PLACE) + ARRIVAL]!
  }

  /** When a real order came to a price of ours, as far as that matters; outlives the order. */
  realArrivalOf(ref: number): number {
    const { lots, room } = this.#pool
    if (ref < 0 || ref >= room) return 0
    const arrival = lots[((ref + 1) << ORDER_LOTS) + ORDER_ARRIVAL]!
    return arrival < 0 ? -1 - arrival : arrival
  }

  /** Notes that a real order of the book comes to a price of ours, behind all that are there. */
  realArrives(ref: number): void {
    const at = ((ref + 1) << ORDER_LOTS) + ORDER_ARRIVAL
    const { lots } = this.#pool
    this.moments++
    lots[at] = lots[at]! < 0 ? -1 - this.moments : this.moments
  }

  /** Marks a real order of the book, so that none of its rows passes, or no longer. */
  mark(ref: number, isMarked: boolean): void {
    if (ref < 0 || ref >= this.#pool.room) return
    const arrival = this.realArrivalOf(ref)
    this.#pool.lots[((ref + 1) << ORDER_LOTS) + ORDER_ARRIVAL] = isMarked ? -1 - arrival : arrival
  }

  /** A real order that came at `arrival` has `lots` less: what stands behind it moves up. */
  moveUp(side: 0 | 1, tick: number, arrival: number, lots: number): void {
    const { levels } = this.#pool
    const words = this.#words
    const doubles = this.#doubles
    let place = levels.words[(levels.find(side, tick) << LEVEL) + LEVEL_NOTES]! >> FIRST_PLACE
    for (; place !== 0; place = words[(place << WORDS) + NEXT]!) {
      if (doubles[(place << PLACE) + ARRIVAL]! > arrival) doubles[place << PLACE]! -= lots
    }
  }

  #grow(): void {
    this.#room *= 2
    const bytes = (this.#room + 1) << (PLACE + 3)
    if (this.#stretch !== undefined) {
      this.#stretch.enlarge(bytes)
      return
    }
    const doubles = new Float64Array(bytes >> 3)
    doubles.set(this.#doubles)
    this.#doubles = doubles
    this.#words = new Int32Array(doubles.buffer)
  }
}
