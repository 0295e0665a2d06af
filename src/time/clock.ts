/** Wall clocks with real nanosecond steps. The only module that reads the machine's time. */

const NS_PER_MS = 1_000_000n

interface Anchor {
  readonly wallNs: bigint
  readonly monotonicNs: bigint
}

let anchor: Anchor | undefined

/**
 * Waits for the wall clock's millisecond to turn and pairs that moment with the monotonic clock,
 * because a wall reading taken at a random moment is late by up to a millisecond.
 */
function makeAnchor(): Anchor {
  const before = Date.now()
  let wall = before
  let monotonic = process.hrtime.bigint()
  while (wall === before) {
    wall = Date.now()
    monotonic = process.hrtime.bigint()
  }
  return { wallNs: BigInt(wall) * NS_PER_MS, monotonicNs: monotonic }
}

/**
 * The machine's wall clock carried forward by its monotonic clock: it steps in nanoseconds and
 * never goes back, whatever is done to the system time later.
 */
export class HighPrecisionClock {
  /** Returns Unix nanoseconds. */
  static nowNs(): bigint {
    anchor ??= makeAnchor()
    return anchor.wallNs + (process.hrtime.bigint() - anchor.monotonicNs)
  }

  /** Returns Unix microseconds, rounded down. */
  static nowUs(): bigint {
    return HighPrecisionClock.nowNs() / 1000n
  }

  /** Returns nanoseconds of the monotonic clock, for measuring spans. */
  static monotonicNs(): bigint {
    return process.hrtime.bigint()
  }

  /** Pairs wall and monotonic clock again, for instance after the machine slept. */
  static reanchor(): void {
    anchor = makeAnchor()
  }
}
