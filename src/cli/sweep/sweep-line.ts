/** Draws how far a sweep is: one line over itself, on a terminal only. */
import { HighPrecisionClock, formatDuration } from '../../time/index.ts'
import type { Terminal } from '../terminal.ts'

const BAR_WIDTH = 24

/** Takes the count of finished runs and shows it. */
export class SweepLine {
  readonly #terminal: Terminal
  readonly #total: number
  readonly #monotonicNs: () => bigint
  readonly #startNs: bigint

  /** @param monotonicNs nanoseconds of a clock that never goes back */
  constructor(
    terminal: Terminal,
    total: number,
    monotonicNs = () => HighPrecisionClock.monotonicNs(),
  ) {
    this.#terminal = terminal
    this.#total = total
    this.#monotonicNs = monotonicNs
    this.#startNs = monotonicNs()
    this.update(0)
  }

  /** Draws the line, unless nobody watches. */
  update(done: number): void {
    if (!this.#terminal.isWatched) return
    const elapsedNs = Number(this.#monotonicNs() - this.#startNs)
    this.#terminal.err(`\r\u001b[K${sweepLineText(done, this.#total, elapsedNs)}`)
  }

  /** Frees the line for whatever is printed next. */
  finish(): void {
    if (this.#terminal.isWatched) this.#terminal.err('\r\u001b[K')
  }
}

/** Returns share done, runs done and time left. */
export function sweepLineText(done: number, total: number, elapsedNs: number): string {
  const filled = Math.round((done / total) * BAR_WIDTH)
  const bar = '#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled)
  const leftNs = Math.round((elapsedNs / done) * (total - done) * 1e-8) * 1e8
  const left = done === 0 ? 'unknown' : formatDuration(leftNs)
  return `[${bar}] ${done} of ${total} runs  ETA ${left}`
}
