/** Clocks to wait on: the machine's, and one that a test moves by hand. */
import { assert } from '../core/index.ts'
import { HighPrecisionClock } from './clock.ts'

/** A clock that never goes back and can be waited on. */
export interface PacingClock {
  /** Nanoseconds since some moment. */
  now(): number
  /**
   * Resolves at `deadline` or a moment later, never before; sooner only when the signal is aborted.
   * Where the deadline has passed, it still lets other work of the process run first.
   */
  waitUntil(deadline: number, signal: AbortSignal): Promise<void>
}

/** Timers of the machine take no longer span. */
const TIMEOUT_MS_MOST = 2 ** 31 - 1

/** The machine's monotonic clock; its timers are late by a millisecond or so, and never early. */
export class SystemPacingClock implements PacingClock {
  readonly #start = HighPrecisionClock.monotonicNs()

  now(): number {
    return Number(HighPrecisionClock.monotonicNs() - this.#start)
  }

  async waitUntil(deadline: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve))
    // A timer counts in whole milliseconds and may fire a fraction of one early.
    for (
      let left = deadline - this.now();
      left > 0 && !signal.aborted;
      left = deadline - this.now()
    )
      await pause(Math.min(Math.ceil(left / 1e6), TIMEOUT_MS_MOST), signal)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

interface Waiter {
  readonly deadline: number
  readonly resolve: () => void
}

/** A clock that stands still until it is moved: for programs that must run the same each time. */
export class ManualClock implements PacingClock {
  #now: number
  #waiters: Waiter[] = []

  constructor(now = 0) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  /** The earliest moment that somebody waits for, Infinity when nobody waits. */
  get nextDeadline(): number {
    return Math.min(...this.#waiters.map(({ deadline }) => deadline))
  }

  waitUntil(deadline: number, signal: AbortSignal): Promise<void> {
    if (deadline <= this.#now || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const waiter: Waiter = {
        deadline,
        resolve: () => {
          signal.removeEventListener('abort', waiter.resolve)
          this.#waiters = this.#waiters.filter((other) => other !== waiter)
          resolve()
        },
      }
      this.#waiters.push(waiter)
      signal.addEventListener('abort', waiter.resolve)
    })
  }

  /** Moves to a time, not back, and wakes whoever waited for it or for a moment before. */
  moveTo(now: number): void {
    assert(now >= this.#now, 'a clock does not go back')
    this.#now = now
    for (const { deadline, resolve } of this.#waiters.slice()) if (deadline <= now) resolve()
  }
}
