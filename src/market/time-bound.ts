/** How far a tape goes up to some time, for one who asks again and again while it goes on. */
import type { EventColumns } from './events.ts'
import { firstRowAfter } from './row-search.ts'

/** Rows in which a step of time must end for it to tell how many come in a nanosecond. */
const TELLING_ROWS = 16

/**
 * Remembers its last answer, since an exchange is often brought to one time in several steps, and how
 * many rows came in a nanosecond of late: the column of times is memory that nobody else has just
 * read, so that each place looked at in vain costs more than all else.
 */
export class TimeBound {
  #events: EventColumns | undefined
  #time = Number.NaN
  #position = 0
  #rowsPerNs = 0
  readonly #range = { from: 0, length: 0, guess: 0 }

  /** Returns the first position at or behind `from` with a venue time > `time`; `length` for none. */
  find(events: EventColumns, from: number, time: number): number {
    if (time === this.#time && events === this.#events && from <= this.#position) {
      return this.#position
    }
    const { exchTime, exchOrder, length } = events
    let position = from
    if (from < length) {
      const begin = exchTime[exchOrder === undefined ? from : exchOrder[from]!]!
      if (begin <= time) position = this.#search(events, from, begin, time)
    }
    this.#events = events
    this.#time = time
    this.#position = position
    return position
  }

  #search(events: EventColumns, from: number, begin: number, time: number): number {
    const { exchTime, exchOrder, length } = events
    const range = this.#range
    range.from = from
    range.length = length
    const ahead = (time - begin) * this.#rowsPerNs
    const most = length - 1 - from
    // Not a number where nothing is known of the rate and the time is without end.
    range.guess = ahead < most ? Math.floor(ahead) : most
    const position = firstRowAfter(exchTime, exchOrder, range, time)
    const passed = position - from
    if (passed >= TELLING_ROWS && position < length && time > begin) {
      this.#rowsPerNs = passed / (time - begin)
    }
    return position
  }
}
