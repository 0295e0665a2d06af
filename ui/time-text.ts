/** UTC times as text, exact to the nanosecond. */

/** A run's clock: turns ns since its epoch into UTC text. */
export class RunClock {
  readonly #epochSeconds: number
  readonly #epochRest: number

  /** @param epochNs Unix ns, as a decimal integer */
  constructor(epochNs: string) {
    const epoch = BigInt(epochNs)
    this.#epochSeconds = Number(epoch / 1_000_000_000n)
    this.#epochRest = Number(epoch % 1_000_000_000n)
  }

  /** Returns Unix seconds, whole, and the ns beyond them. */
  split(timeNs: number): { readonly seconds: number; readonly rest: number } {
    const whole = Math.floor(timeNs / 1e9)
    const rest = timeNs - whole * 1e9 + this.#epochRest
    const carry = Math.floor(rest / 1e9)
    return { seconds: this.#epochSeconds + whole + carry, rest: rest - carry * 1e9 }
  }

  /** Returns `2024-08-08`. */
  day(timeNs: number): string {
    return new Date(this.split(timeNs).seconds * 1000).toISOString().slice(0, 10)
  }

  /** Returns `23:55:00.123` with 0 to 9 decimals, cut off, not rounded. */
  timeOfDay(timeNs: number, decimals: number): string {
    const { seconds, rest } = this.split(timeNs)
    const stem = new Date(seconds * 1000).toISOString().slice(11, 19)
    return decimals === 0 ? stem : `${stem}.${String(rest).padStart(9, '0').slice(0, decimals)}`
  }

  /** Returns date and time with as many decimals as say something. */
  full(timeNs: number): string {
    const { rest } = this.split(timeNs)
    const decimals = rest === 0 ? 0 : rest % 1e6 === 0 ? 3 : rest % 1e3 === 0 ? 6 : 9
    return `${this.day(timeNs)} ${this.timeOfDay(timeNs, decimals)}`
  }
}
