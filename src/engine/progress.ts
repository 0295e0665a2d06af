/** Tells how far a run is. */
import { HighPrecisionClock, formatDuration, formatInstant } from '../time/index.ts'

/** How far a run is. */
export interface Progress {
  readonly events: number
  readonly eventsTotal: number
  /** Simulated moment, Unix ns. */
  readonly simulatedNs: bigint
  readonly eventsPerSecond: number
  readonly etaSeconds: number
}

/** Where progress goes: `true` draws a line on a terminal's stderr. */
export type ProgressOption = boolean | ((progress: Progress) => void)

const INTERVAL_NS = 100_000_000n

/** Calls its sink at most ten times a second. */
export class ProgressMeter {
  readonly #sink: ((progress: Progress) => void) | undefined
  readonly #eventsTotal: number
  readonly #epochNs: bigint
  readonly #start = HighPrecisionClock.monotonicNs()
  #last = this.#start
  readonly #draws: boolean

  constructor(option: ProgressOption, eventsTotal: number, epochNs: bigint) {
    this.#draws = option === true && process.stderr.isTTY
    this.#sink = typeof option === 'function' ? option : this.#draws ? drawProgress : undefined
    this.#eventsTotal = eventsTotal
    this.#epochNs = epochNs
  }

  /** True when somebody is told. */
  get isWatched(): boolean {
    return this.#sink !== undefined
  }

  /** Wall seconds since the run began. */
  get seconds(): number {
    return Number(HighPrecisionClock.monotonicNs() - this.#start) / 1e9
  }

  /** @param time simulated ns since the epoch */
  update(events: number, time: number): void {
    if (this.#sink === undefined) return
    const now = HighPrecisionClock.monotonicNs()
    if (now - this.#last < INTERVAL_NS) return
    this.#last = now
    this.#tell(events, time)
  }

  /** Tells the end and frees the line. */
  finish(events: number, time: number): void {
    if (this.#sink === undefined) return
    this.#tell(events, time)
    if (this.#draws) process.stderr.write('\n')
  }

  #tell(events: number, time: number): void {
    const seconds = Math.max(this.seconds, 1e-9)
    const eventsPerSecond = events / seconds
    this.#sink?.({
      events,
      eventsTotal: this.#eventsTotal,
      simulatedNs: this.#epochNs + BigInt(Math.trunc(time)),
      eventsPerSecond,
      etaSeconds: (this.#eventsTotal - events) / Math.max(eventsPerSecond, 1e-9),
    })
  }
}

/** Draws one line over itself on stderr: share done, events/s, simulated time, ETA. */
export function drawProgress(progress: Progress): void {
  const share = progress.eventsTotal === 0 ? 1 : progress.events / progress.eventsTotal
  const width = 24
  const filled = Math.round(share * width)
  const bar = '#'.repeat(filled) + '-'.repeat(width - filled)
  const rate = (progress.eventsPerSecond / 1e6).toFixed(2)
  const moment = formatInstant(progress.simulatedNs).slice(0, 19).replace('T', ' ')
  const eta = formatDuration(Math.round(progress.etaSeconds * 10) * 1e8)
  process.stderr.write(
    `\r\u001b[K[${bar}] ${(share * 100).toFixed(0).padStart(3)}%  ${rate} M events/s  ${moment} UTC  ETA ${eta}`,
  )
}
