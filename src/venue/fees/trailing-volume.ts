/** The volume of the last days, by which venues set their fee tiers. */
import { DAY_NS } from '../../time/index.ts'

/** How volume is counted. */
export interface TrailingVolumeOptions {
  /** Whole days that count. */
  readonly days: number
  /** `daily`: the whole days before today's UTC midnight; `fill`: the time before now. */
  readonly update: 'daily' | 'fill'
  /** Volume of the window before the first day, taken as traded evenly over it. */
  readonly startVolume: number
}

/** Sums volume over a window that moves with time. Times are ns since a UTC midnight. */
export class TrailingVolume {
  readonly #options: TrailingVolumeOptions
  readonly #times: number[] = []
  readonly #amounts: number[] = []
  #oldest = 0
  #sum = 0
  /** Midnight of the day under way, and its volume, which counts from the next midnight on. */
  #today = 0
  #todayAmount = 0

  constructor(options: TrailingVolumeOptions) {
    this.#options = options
  }

  /** Adds volume at `time`, which never goes back. */
  add(time: number, amount: number): void {
    if (this.#options.update === 'fill') {
      this.#push(time, amount)
      return
    }
    this.#beginDay(midnight(time))
    this.#todayAmount += amount
  }

  /** The volume that counts at `time`. */
  at(time: number): number {
    const { days, update, startVolume } = this.#options
    const now = update === 'daily' ? midnight(time) : time
    if (update === 'daily') this.#beginDay(now)
    const from = now - days * DAY_NS
    while (this.#oldest < this.#times.length && this.#times[this.#oldest]! < from) {
      this.#sum -= this.#amounts[this.#oldest++]!
    }
    // What rounding left of an empty window is nothing.
    if (this.#oldest === this.#times.length) this.#sum = 0
    const left = 1 - Math.max(0, now) / (days * DAY_NS)
    return this.#sum + startVolume * Math.max(0, left)
  }

  #beginDay(day: number): void {
    if (day <= this.#today) return
    if (this.#todayAmount > 0) this.#push(this.#today, this.#todayAmount)
    this.#today = day
    this.#todayAmount = 0
  }

  #push(time: number, amount: number): void {
    this.#times.push(time)
    this.#amounts.push(amount)
    this.#sum += amount
  }
}

function midnight(time: number): number {
  return Math.floor(time / DAY_NS) * DAY_NS
}
