/**
 * When each price of one side was last spoken of, by key, in typed arrays: also prices at which
 * nothing stands any more, so that a late row does not bring them back.
 *
 * Open addressing. A table that is half full first lets go of what nobody needs to know.
 */

/** Times from which on a key is spoken of as a whole range; see `AbsenceSteps`. */
interface RangeTimes {
  timeAt(key: number): number
}

const NOT_YET = Number.NEGATIVE_INFINITY

/** @see module comment */
export class LevelTimes {
  #keys = new Int32Array(256)
  /** Time by place, {@link NOT_YET} where the place is free. */
  #times = new Float64Array(256).fill(NOT_YET)
  #count = 0

  /** Returns when `key` was last spoken of, -Infinity when it never was. */
  timeAt(key: number): number {
    return this.#times[this.#placeOf(key)]!
  }

  /**
   * Notes that `key` was spoken of at `time`, a finite number.
   *
   * @param ranges times of whole ranges of keys: those later than the time of a key outdate it
   */
  set(key: number, time: number, ranges: RangeTimes): void {
    let place = this.#placeOf(key)
    if (this.#times[place] === NOT_YET) {
      if (2 * this.#count >= this.#keys.length) {
        this.#sweep(ranges)
        place = this.#placeOf(key)
      }
      this.#keys[place] = key
      this.#count++
    }
    this.#times[place] = time
  }

  /** Counts times from another epoch: adds `shift` to all. */
  shift(shift: number): void {
    for (let place = 0; place < this.#times.length; place++) this.#times[place]! += shift
  }

  /** The place of `key`, or the free one where it belongs. */
  #placeOf(key: number): number {
    const keys = this.#keys
    const times = this.#times
    const mask = keys.length - 1
    let place = (Math.imul(key, 0x9e3779b1) >>> 7) & mask
    while (times[place] !== NOT_YET && keys[place] !== key) place = (place + 1) & mask
    return place
  }

  /** Lets go of times that a range has outdated; doubles the table where most are needed. */
  #sweep(ranges: RangeTimes): void {
    const keys = this.#keys
    const times = this.#times
    const isNeeded = (place: number): boolean =>
      times[place] !== NOT_YET && times[place]! >= ranges.timeAt(keys[place]!)
    let needed = 0
    for (let place = 0; place < keys.length; place++) if (isNeeded(place)) needed++
    const size = 4 * needed > keys.length ? 2 * keys.length : keys.length
    this.#keys = new Int32Array(size)
    this.#times = new Float64Array(size).fill(NOT_YET)
    this.#count = needed
    for (let place = 0; place < keys.length; place++) {
      if (!isNeeded(place)) continue
      const to = this.#placeOf(keys[place]!)
      this.#keys[to] = keys[place]!
      this.#times[to] = times[place]!
    }
  }
}
