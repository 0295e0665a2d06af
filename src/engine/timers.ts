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
  readonly #tellNext: ((time: number) => void) | undefined
  #next = Number.POSITIVE_INFINITY

  /** @param tellNext told the time of the earliest timer whenever it is another */
  constructor(tellNext?: (time: number) => void) {
    this.#tellNext = tellNext
  }

  /** Time of the earliest timer, Infinity when there is none. */
  get nextTime(): number {
    return this.#next
  }

  /** Fires first at `first`, then every `interval` ns; an interval of 0 fires once. */
  add(first: number, interval: number, callback: () => void): void {
    assert(interval >= 0, 'interval >= 0')
    this.#timers.push({ next: first, interval, callback })
    if (first < this.#next) this.#setNext(first)
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
    let next = Number.POSITIVE_INFINITY
    for (const timer of this.#timers) if (timer.next < next) next = timer.next
    this.#setNext(next)
  }

  /** Forgets all timers. */
  clear(): void {
    this.#timers.length = 0
    this.#setNext(Number.POSITIVE_INFINITY)
  }

  #setNext(time: number): void {
    this.#next = time
    this.#tellNext?.(time)
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
