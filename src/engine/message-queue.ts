/** Messages in flight, first in first out: a later one never overtakes an earlier one. */
import { assert } from '../core/index.ts'
import type { NextTimes } from './next-times.ts'

/** A FIFO of messages with arrival times that never decrease: a ring that doubles when it is full. */
export class MessageQueue<T> {
  readonly #nextTimes: NextTimes
  readonly #slot: number = 0
  #times = new Float64Array(16)
  #messages = new Array<T | undefined>(16).fill(undefined)
  #mask = 15
  #head = 0
  #count = 0
  #lastArrival = Number.NEGATIVE_INFINITY

  /** Keeps the arrival time of its oldest message in a slot of `nextTimes`. */
  constructor(nextTimes: NextTimes, slot: number) {
    this.#nextTimes = nextTimes
    this.#slot = slot
  }

  /** Arrival time of the oldest message, Infinity when none is in flight. */
  get nextTime(): number {
    return this.#count > 0 ? this.#times[this.#head]! : Number.POSITIVE_INFINITY
  }

  /**
   * Sends a message that would arrive at `arrival`, or with the one before it if that is later.
   *
   * @returns when it will arrive
   */
  push(arrival: number, message: T): number {
    assert(!Number.isNaN(arrival), 'arrival is a time')
    if (this.#count > this.#mask) this.#grow()
    if (arrival > this.#lastArrival) this.#lastArrival = arrival
    const at = (this.#head + this.#count) & this.#mask
    this.#times[at] = this.#lastArrival
    this.#messages[at] = message
    if (++this.#count === 1) this.#note()
    return this.#lastArrival
  }

  /**
   * As {@link push} of a message that need not be kept, since whatever it does can be done at once.
   * Returns NaN, and has sent nothing, where it must be kept: others are in flight, or it arrives at
   * `until` or later.
   */
  pass(arrival: number, until: number): number {
    assert(!Number.isNaN(arrival), 'arrival is a time')
    const at = arrival > this.#lastArrival ? arrival : this.#lastArrival
    if (this.#count > 0 || !(at < until)) return Number.NaN
    this.#lastArrival = at
    return at
  }

  /** Removes and returns the oldest message. */
  shift(): T {
    assert(this.#count > 0, 'a message is in flight')
    const message = this.#messages[this.#head]!
    this.#messages[this.#head] = undefined
    this.#head = (this.#head + 1) & this.#mask
    this.#count--
    this.#note()
    return message
  }

  /** Loses all that is in flight. */
  clear(): void {
    this.#messages.fill(undefined)
    this.#count = 0
    this.#note()
  }

  #grow(): void {
    const size = this.#mask + 1
    const times = new Float64Array(size * 2)
    const messages = new Array<T | undefined>(size * 2).fill(undefined)
    for (let i = 0; i < size; i++) {
      const at = (this.#head + i) & this.#mask
      times[i] = this.#times[at]!
      messages[i] = this.#messages[at]
    }
    this.#times = times
    this.#messages = messages
    this.#mask = size * 2 - 1
    this.#head = 0
  }

  #note(): void {
    this.#nextTimes.set(this.#slot, this.nextTime)
  }
}
