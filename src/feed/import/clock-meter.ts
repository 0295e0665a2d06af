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

  /** True when a message seems to arrive before the venue sent it: then a clock is wrong. */
  get isBehind(): boolean {
    return this.#latencyMin < 0
  }

  /**
   * What fixing the clock adds to local times: {@link offsetNs} where a message seems to arrive before
   * it was sent. Where none does, nothing shows the clock to be wrong, and it stays.
   */
  get fixNs(): number {
    return this.isBehind ? this.offsetNs : 0
  }

  /** A sentence when the clock is wrong and not to be fixed, or to be fixed and not wrong. */
  warning(isToBeFixed: boolean): string | undefined {
    if (this.isBehind) {
      return isToBeFixed
        ? undefined
        : `messages seem to arrive up to ${(-this.#latencyMin / 1e6).toFixed(3)} ms before the venue sent them, so the clock of the capture is behind the venue's; import with --fix-clock to add ${this.offsetNs} ns to local times (smallest latency then 0.5 ms)`
    }
    return isToBeFixed && this.offsetNs !== 0
      ? `no message arrives before the venue sent it (smallest latency ${(this.#latencyMin / 1e6).toFixed(3)} ms), so nothing shows the clock to be wrong and --fix-clock changes nothing`
      : undefined
  }
}
