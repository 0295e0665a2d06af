/** Relates market time to a clock: absolute deadlines, so that lateness never adds up. */
import { LobtraderError } from '../../core/index.ts'

/** Times real time, or `max`: as fast as rows are taken. */
export type ReplaySpeed = number | 'max'

/** @see module comment */
export class ReplayPace {
  #speed: number
  #clock = 0
  #market = Number.NaN
  #isFrozen = false

  /** @throws LobtraderError BAD_ARGUMENT as {@link speedNumber} */
  constructor(speed: ReplaySpeed) {
    this.#speed = speedNumber(speed)
  }

  get speed(): ReplaySpeed {
    return Number.isFinite(this.#speed) ? this.#speed : 'max'
  }

  /** True once market time is tied to the clock. */
  get isTied(): boolean {
    return !Number.isNaN(this.#market)
  }

  /** Ties a market time to a moment of the clock. */
  tie(clock: number, market: number): void {
    this.#clock = clock
    this.#market = market
  }

  /** Lets go: the next row is due whenever it comes. */
  untie(): void {
    this.#market = Number.NaN
  }

  /** Stops market time. */
  freeze(clock: number): void {
    if (this.#isFrozen) return
    this.#advance(clock)
    this.#isFrozen = true
  }

  /** Market time has stood still, but for a row of `time` that was let through. */
  reach(time: number): void {
    this.#market = time < this.#market ? this.#market : time
  }

  /** Lets market time go on from where it stands. */
  thaw(clock: number): void {
    if (!this.#isFrozen) return
    this.#isFrozen = false
    this.#clock = clock
  }

  /** Changes the speed from a moment of the clock on. */
  change(speed: ReplaySpeed, clock: number): void {
    const next = speedNumber(speed)
    if (!this.#isFrozen) this.#advance(clock)
    this.#speed = next
  }

  /** Ties the market time of a moment to that moment; at speed `max` there is none. */
  #advance(clock: number): void {
    this.tie(clock, Number.isFinite(this.#speed) ? this.marketAt(clock) : Number.NaN)
  }

  /** Market time at a moment of the clock; Infinity at speed `max`. */
  marketAt(clock: number): number {
    return Number.isFinite(this.#speed)
      ? this.#market + (clock - this.#clock) * this.#speed
      : Number.POSITIVE_INFINITY
  }

  /** The moment of the clock at which a market time is due; the past at speed `max`. */
  dueAt(market: number): number {
    return Number.isFinite(this.#speed)
      ? this.#clock + (market - this.#market) / this.#speed
      : this.#clock
  }
}

/**
 * Returns the factor of a speed, Infinity for `max`.
 *
 * @throws LobtraderError BAD_ARGUMENT unless it is above 0 and finite, or `max`
 */
function speedNumber(speed: ReplaySpeed): number {
  if (speed === 'max') return Number.POSITIVE_INFINITY
  if (Number.isFinite(speed) && speed > 0) return speed
  throw new LobtraderError(
    'BAD_ARGUMENT',
    `a replay speed is a finite number above 0, or "max", was ${String(speed)}`,
    { value: String(speed) },
  )
}
