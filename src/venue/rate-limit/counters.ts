/** The three ways in which venues count requests. Times are ns and never go back. */

/** Counts weights against one limit. */
export interface RequestCounter {
  /** True when a request of `weight` at `time` stays within the limit; counts nothing. */
  fits(weight: number, time: number): boolean
  /** Counts a request that fits. */
  take(weight: number, time: number): void
}

/** At most `limit` in each window; windows begin at multiples of their length from time 0. */
export class FixedWindow implements RequestCounter {
  readonly #limit: number
  readonly #intervalNs: number
  #window = Number.NEGATIVE_INFINITY
  #used = 0

  constructor(limit: number, intervalNs: number) {
    this.#limit = limit
    this.#intervalNs = intervalNs
  }

  fits(weight: number, time: number): boolean {
    return weight === 0 || this.#usedAt(time) + weight <= this.#limit
  }

  take(weight: number, time: number): void {
    this.#used = this.#usedAt(time) + weight
    this.#window = this.#windowOf(time)
  }

  #usedAt(time: number): number {
    return this.#windowOf(time) === this.#window ? this.#used : 0
  }

  #windowOf(time: number): number {
    return Math.floor(time / this.#intervalNs)
  }
}

/** At most `limit` in any stretch of the interval's length, its start left out. */
export class SlidingWindow implements RequestCounter {
  readonly #limit: number
  readonly #intervalNs: number
  #times: number[] = []
  #weights: number[] = []
  #head = 0
  #used = 0

  constructor(limit: number, intervalNs: number) {
    this.#limit = limit
    this.#intervalNs = intervalNs
  }

  fits(weight: number, time: number): boolean {
    this.#forget(time)
    return weight === 0 || this.#used + weight <= this.#limit
  }

  take(weight: number, time: number): void {
    if (weight === 0) return
    this.#forget(time)
    this.#times.push(time)
    this.#weights.push(weight)
    this.#used += weight
  }

  #forget(time: number): void {
    while (this.#head < this.#times.length && this.#times[this.#head]! <= time - this.#intervalNs) {
      this.#used -= this.#weights[this.#head++]!
    }
    // Slides the memory now and then instead of on every request.
    if (this.#head < 1024 || this.#head * 2 < this.#times.length) return
    this.#times = this.#times.slice(this.#head)
    this.#weights = this.#weights.slice(this.#head)
    this.#head = 0
  }
}

/** Tokens flow in evenly, `limit` in each interval, up to `burst`; a request takes its weight. */
export class TokenBucket implements RequestCounter {
  readonly #perNs: number
  readonly #burst: number
  #tokens: number
  #time = Number.NaN

  constructor(limit: number, intervalNs: number, burst: number) {
    this.#perNs = limit / intervalNs
    this.#burst = burst
    this.#tokens = burst
  }

  fits(weight: number, time: number): boolean {
    // The sum of many small flows must not refuse a request for the last bit of a token.
    return weight === 0 || this.#tokensAt(time) + 1e-9 * this.#burst >= weight
  }

  take(weight: number, time: number): void {
    this.#tokens = Math.max(0, this.#tokensAt(time) - weight)
    this.#time = time
  }

  #tokensAt(time: number): number {
    if (Number.isNaN(this.#time)) return this.#burst
    return Math.min(this.#burst, this.#tokens + (time - this.#time) * this.#perNs)
  }
}
