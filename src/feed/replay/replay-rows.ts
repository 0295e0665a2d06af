/** Walks over the rows of a feed, window by window, and can begin anew. */
import {
  EXCH_ONLY_BIT,
  EventKind,
  KIND_MASK,
  firstRowAfter,
  type EventColumns,
} from '../../market/index.ts'
import type { FeedWindows, RowSource } from '../feed-windows.ts'

/** @see module comment */
export class ReplayRows {
  readonly #source: RowSource
  #windows: FeedWindows
  #events: EventColumns | undefined
  /** Next row, and the end of the rows that belong to the feed. */
  #row = 0
  #end = 0

  constructor(source: RowSource) {
    this.#source = source
    this.#windows = source.windows()
  }

  /** The window in which the next row stands; undefined behind the last row. */
  get events(): EventColumns | undefined {
    while (this.#row === this.#end) {
      const events = this.#windows.next()
      this.#events = events
      if (events === undefined) return undefined
      const { localTime, length } = events
      this.#row = 0
      this.#end = firstRowAfter(localTime, undefined, { from: 0, length }, this.#source.toTime)
      if (this.#end === 0) this.#events = undefined
      if (this.#end === 0) return undefined
    }
    return this.#events
  }

  get row(): number {
    return this.#row
  }

  /** Local time of the next row; there must be one. */
  get time(): number {
    return this.events!.localTime[this.#row]!
  }

  /** Returns the end of the rows of this window up to a time, that moment included. */
  endAt(time: number): number {
    const { localTime } = this.events!
    return firstRowAfter(localTime, undefined, { from: this.#row, length: this.#end }, time)
  }

  /** Returns the end of rows of whole moments, `most` rows or a few more. */
  endWithin(end: number, most: number): number {
    if (end - this.#row <= most) return end
    return Math.min(end, this.endAt(this.events!.localTime[this.#row + most - 1]!))
  }

  /** Returns the end of the rows of this window with the next trade, and whether there is one. */
  endOfTrade(): { readonly end: number; readonly isTrade: boolean } {
    const { code } = this.events!
    for (let i = this.#row; i < this.#end; i++) {
      if ((code[i]! & (KIND_MASK | EXCH_ONLY_BIT)) === EventKind.Trade)
        return { end: i + 1, isTrade: true }
    }
    return { end: this.#end, isTrade: false }
  }

  moveTo(row: number): void {
    this.#row = row
  }

  /** Begins anew at the first row. */
  rewind(): void {
    this.close()
    this.#windows = this.#source.windows()
  }

  close(): void {
    this.#windows.close()
    this.#events = undefined
    this.#row = 0
    this.#end = 0
  }
}
