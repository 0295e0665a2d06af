/** Messages in flight, first in first out: a later one never overtakes an earlier one. */
import { assert } from '../core/index.ts'
import type { NextTimes } from './next-times.ts'

/** A FIFO of messages with arrival times that never decrease. */
export class MessageQueue<T> {
  readonly #nextTimes: NextTimes
  readonly #slot: number
  #times: number[] = []
  #messages: T[] = []
  #head = 0
  #lastArrival = Number.NEGATIVE_INFINITY

  /** Keeps the arrival time of its oldest message in a slot of `nextTimes`. */
  constructor(nextTimes: NextTimes, slot: number) {
    this.#nextTimes = nextTimes
    this.#slot = slot
  }

  /** Arrival time of the oldest message, Infinity when none is in flight. */
  get nextTime(): number {
    return this.#head < this.#times.length ? this.#times[this.#head]! : Number.POSITIVE_INFINITY
  }

  /**
   * Sends a message that would arrive at `arrival`, or with the one before it if that is later.
   *
   * @returns when it will arrive
   */
  push(arrival: number, message: T): number {
    assert(!Number.isNaN(arrival), 'arrival is a time')
    this.#lastArrival = Math.max(arrival, this.#lastArrival)
    this.#times.push(this.#lastArrival)
    this.#messages.push(message)
    if (this.#messages.length === this.#head + 1) this.#note()
    return this.#lastArrival
  }

  /** Removes and returns the oldest message. */
  shift(): T {
    assert(this.#head < this.#messages.length, 'a message is in flight')
    const message = this.#messages[this.#head]!
    this.#head++
    // Slides the window now and then instead of on every message.
    if (this.#head >= 1024 && this.#head * 2 >= this.#messages.length) {
      this.#times = this.#times.slice(this.#head)
      this.#messages = this.#messages.slice(this.#head)
      this.#head = 0
    }
    this.#note()
    return message
  }

  /** Loses all that is in flight. */
  clear(): void {
    this.#times = []
    this.#messages = []
    this.#head = 0
    this.#note()
  }

  #note(): void {
    this.#nextTimes.set(this.#slot, this.nextTime)
  }
}
