/** Measures how far a capture's clock stands from the venue's. */

/** Feed latency that the fastest message is given when the clock is fixed. */
export const LATENCY_MIN_NS = 500_000

/** Keeps the smallest feed latency. */
export class ClockMeter {
  #latencyMin = Number.POSITIVE_INFINITY

  /** Notes one message; both times in ns on one epoch. */
  note(localTime: number, venueTime: number): void {
    const latency = localTime - venueTime
    if (latency < this.#latencyMin) this.#latencyMin = latency
  }

  /** What to add to local times so that the smallest latency is 0.5 ms; 0 when none was noted. */
  get offsetNs(): number {
    return this.#latencyMin === Number.POSITIVE_INFINITY ? 0 : LATENCY_MIN_NS - this.#latencyMin
  }

  /** A sentence when messages seem to arrive before they were sent, else undefined. */
  get warning(): string | undefined {
    if (!(this.#latencyMin < 0)) return undefined
    return `messages seem to arrive up to ${(-this.#latencyMin / 1e6).toFixed(3)} ms before the venue sent them, so the clock of the capture is behind the venue's; import with --fix-clock to add ${this.offsetNs} ns to local times (smallest latency then 0.5 ms)`
  }
}
