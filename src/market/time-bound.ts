/** How far a tape goes up to some time, for one who asks again and again while it goes on. */
import type { EventColumns } from './events.ts'
import { firstRowAfter } from './row-search.ts'

/** Remembers its last answer: an exchange is often brought to one time in several steps. */
export class TimeBound {
  #events: EventColumns | undefined
  #time = Number.NaN
  #position = 0
  /** Positions that the last question went ahead: mostly as many as the next one will. */
  #ahead = 0

  /** Returns the first position at or behind `from` with a venue time > `time`; `length` for none. */
  find(events: EventColumns, from: number, time: number): number {
    if (time === this.#time && events === this.#events && from <= this.#position) {
      return this.#position
    }
    const { exchTime, exchOrder, length } = events
    const range = { from, length, guess: this.#ahead }
    const position = firstRowAfter(exchTime, exchOrder, range, time)
    this.#events = events
    this.#time = time
    this.#position = position
    this.#ahead = position - from
    return position
  }
}
