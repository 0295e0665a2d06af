/**
 * What is known of whole ranges of one side: from each of several keys upwards nothing stood at some
 * time. A greater key is a better price, so that a best price says this of all keys above it.
 *
 * Of two such ranges the one that begins lower and is told later makes the other superfluous. What is
 * left is a staircase, higher keys with later times.
 */
import { assert } from '../../core/index.ts'

/** @see module comment */
export class AbsenceSteps {
  /** First key of each range, ascending; -Infinity: the whole side. */
  #from = new Float64Array(16)
  /** When nothing stood there, ascending. */
  #time = new Float64Array(16)
  #count = 0

  /** Returns the latest time at which nothing stood at `key`, -Infinity when there is none. */
  timeAt(key: number): number {
    const step = this.#firstAbove(key) - 1
    return step < 0 ? Number.NEGATIVE_INFINITY : this.#time[step]!
  }

  /** Notes that nothing stood at `from` and above it at `time`. */
  add(from: number, time: number): void {
    assert(!Number.isNaN(from) && Number.isFinite(time), 'a key and a time')
    if (this.timeAt(from) >= time) return
    let at = this.#firstAbove(from)
    if (at > 0 && this.#from[at - 1] === from) at--
    let end = at
    while (end < this.#count && this.#time[end]! <= time) end++
    if (end === at) this.#open(at)
    else if (end > at + 1) this.#close(at + 1, end)
    this.#from[at] = from
    this.#time[at] = time
  }

  /** Counts times from another epoch: adds `shift` to all. */
  shift(shift: number): void {
    for (let step = 0; step < this.#count; step++) this.#time[step]! += shift
  }

  /** The first step that begins above `key`. */
  #firstAbove(key: number): number {
    const from = this.#from
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (from[middle]! <= key) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Makes room for one step at `at`. */
  #open(at: number): void {
    if (this.#count === this.#from.length) this.#grow()
    this.#from.copyWithin(at + 1, at, this.#count)
    this.#time.copyWithin(at + 1, at, this.#count)
    this.#count++
  }

  /** Takes steps [from, to) out. */
  #close(from: number, to: number): void {
    if (to < this.#count) {
      this.#from.copyWithin(from, to, this.#count)
      this.#time.copyWithin(from, to, this.#count)
    }
    this.#count -= to - from
  }

  #grow(): void {
    const from = new Float64Array(2 * this.#count)
    const time = new Float64Array(2 * this.#count)
    from.set(this.#from)
    time.set(this.#time)
    this.#from = from
    this.#time = time
  }
}
