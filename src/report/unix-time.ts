/** Times of a run as Unix nanoseconds and as ISO 8601, fast enough for a million rows. */

/** Turns ns since a run's epoch into text. */
export class UnixTime {
  readonly #seconds: number
  readonly #rest: number
  #stemSecond = Number.NaN
  #stem = ''

  constructor(epochNs: bigint) {
    this.#seconds = Number(epochNs / 1_000_000_000n)
    this.#rest = Number(epochNs % 1_000_000_000n)
  }

  /** Returns Unix ns as a decimal integer; an empty text for NaN. */
  ns(time: number): string {
    if (Number.isNaN(time)) return ''
    const { second, rest } = this.#split(time)
    return second === 0 ? String(rest) : `${second}${String(rest).padStart(9, '0')}`
  }

  /** Returns ISO 8601 in UTC with nine decimals; an empty text for NaN. */
  iso(time: number): string {
    if (Number.isNaN(time)) return ''
    const { second, rest } = this.#split(time)
    if (second !== this.#stemSecond) {
      this.#stemSecond = second
      this.#stem = new Date(second * 1000).toISOString().slice(0, 19)
    }
    return `${this.#stem}.${String(rest).padStart(9, '0')}Z`
  }

  /** Returns date and time to the second: `2024-08-08 23:55:00`. */
  short(time: number): string {
    return this.iso(time).slice(0, 19).replace('T', ' ')
  }

  #split(time: number): { readonly second: number; readonly rest: number } {
    const whole = Math.floor(time / 1e9)
    const rest = time - whole * 1e9 + this.#rest
    const carry = Math.floor(rest / 1e9)
    return { second: this.#seconds + whole + carry, rest: rest - carry * 1e9 }
  }
}
