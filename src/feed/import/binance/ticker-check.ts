/**
 * Compares our book with the venue's own best prices: a `bookTicker` message that carries the
 * update id of a depth update tells what the best bid and ask are after exactly that update.
 *
 * Either of the two may arrive first.
 */
import type { Comparison } from '../import-result.ts'

/** Ids to remember on either side; the two channels are apart by fractions of a second. */
const WINDOW = 1 << 14
const WINDOW_FIRST = 1 << 6

/** Best prices and sizes by update id, the oldest forgotten first. */
class TopWindow {
  readonly #slotOf = new Map<number, number>()
  #ids = new Float64Array(WINDOW_FIRST).fill(-1)
  #tops = new Float64Array(WINDOW_FIRST * 4)
  #next = 0

  put(id: number, bidTick: number, bidLots: number, askTick: number, askLots: number): void {
    const slot = this.#next
    if (slot === this.#ids.length) this.#grow()
    this.#next = (slot + 1) % WINDOW
    const old = this.#ids[slot]!
    if (this.#slotOf.get(old) === slot) this.#slotOf.delete(old)
    this.#ids[slot] = id
    this.#slotOf.set(id, slot)
    this.#tops[slot * 4] = bidTick
    this.#tops[slot * 4 + 1] = bidLots
    this.#tops[slot * 4 + 2] = askTick
    this.#tops[slot * 4 + 3] = askLots
  }

  #grow(): void {
    const { length } = this.#ids
    const ids = new Float64Array(length * 2).fill(-1, length)
    ids.set(this.#ids)
    const tops = new Float64Array(ids.length * 4)
    tops.set(this.#tops)
    this.#ids = ids
    this.#tops = tops
  }

  has(id: number): boolean {
    return this.#slotOf.has(id)
  }

  equals(id: number, bidTick: number, bidLots: number, askTick: number, askLots: number): boolean {
    const at = this.#slotOf.get(id)! * 4
    const tops = this.#tops
    return (
      tops[at] === bidTick &&
      tops[at + 1] === bidLots &&
      tops[at + 2] === askTick &&
      tops[at + 3] === askLots
    )
  }
}

/** Counts how many tickers could be compared with the book and how many were equal. */
export class TickerCheck {
  readonly #tickers = new TopWindow()
  readonly #books = new TopWindow()
  #compared = 0
  #equal = 0

  /** Notes a `bookTicker` message. */
  ticker(id: number, bidTick: number, bidLots: number, askTick: number, askLots: number): void {
    if (this.#books.has(id)) {
      this.#count(this.#books.equals(id, bidTick, bidLots, askTick, askLots))
    } else {
      this.#tickers.put(id, bidTick, bidLots, askTick, askLots)
    }
  }

  /** Notes our book after the update `id`. */
  book(id: number, bidTick: number, bidLots: number, askTick: number, askLots: number): void {
    this.#books.put(id, bidTick, bidLots, askTick, askLots)
    if (this.#tickers.has(id)) {
      this.#count(this.#tickers.equals(id, bidTick, bidLots, askTick, askLots))
    }
  }

  get result(): Comparison {
    return { compared: this.#compared, equal: this.#equal }
  }

  #count(equal: boolean): void {
    this.#compared++
    if (equal) this.#equal++
  }
}
