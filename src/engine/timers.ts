/** Timers of a run in simulated time. */
import { LobtraderError, assert } from '../core/index.ts'
import { durationNs, type Duration } from '../time/index.ts'

interface Timer {
  next: number
  readonly interval: number
  readonly callback: () => void
}

/** Fires callbacks at absolute times (ns since the epoch); ties in order of creation. */
export class Timers {
  readonly #timers: Timer[] = []
  #next = Number.POSITIVE_INFINITY

  /** Time of the earliest timer, Infinity when there is none. */
  get nextTime(): number {
    return this.#next
  }

  /** Fires first at `first`, then every `interval` ns; an interval of 0 fires once. */
  add(first: number, interval: number, callback: () => void): void {
    assert(interval >= 0, 'interval >= 0')
    this.#timers.push({ next: first, interval, callback })
    if (first < this.#next) this.#next = first
  }

  /** Fires every timer due at or before `time`. */
  fire(time: number): void {
    for (let i = 0; i < this.#timers.length; i++) {
      const timer = this.#timers[i]!
      if (timer.next > time) continue
      if (timer.interval === 0) {
        this.#timers.splice(i--, 1)
      } else {
        timer.next += timer.interval
      }
      timer.callback()
    }
    this.#next = Number.POSITIVE_INFINITY
    for (const timer of this.#timers) if (timer.next < this.#next) this.#next = timer.next
  }
}

/**
 * Returns the interval of a repeating timer in ns.
 *
 * @throws LobtraderError BAD_DURATION when it is 0 or no duration
 */
export function timerInterval(interval: Duration | string): number {
  const ns = durationNs(interval)
  if (ns === 0) {
    throw new LobtraderError('BAD_DURATION', 'a repeating timer needs an interval above 0')
  }
  return ns
}
