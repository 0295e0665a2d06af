/** Draws the progress of an import: one line over itself, on a terminal only. */
import type { ImportProgress } from '../feed/index.ts'
import { HighPrecisionClock, formatDuration } from '../time/index.ts'
import type { Terminal } from './terminal.ts'

const INTERVAL_NS = 100_000_000n
const BAR_WIDTH = 24

/** Takes the progress of an import and shows it at most ten times a second. */
export class ImportProgressLine {
  readonly #terminal: Terminal
  readonly #monotonicNs: () => bigint
  readonly #startNs: bigint
  #lastNs: bigint
  #isDrawn = false

  /** @param monotonicNs nanoseconds of a clock that never goes back */
  constructor(terminal: Terminal, monotonicNs = () => HighPrecisionClock.monotonicNs()) {
    this.#terminal = terminal
    this.#monotonicNs = monotonicNs
    this.#startNs = monotonicNs()
    this.#lastNs = this.#startNs
  }

  /** Draws the line, unless nobody watches or it was drawn a moment ago. */
  update(progress: ImportProgress): void {
    if (!this.#terminal.isWatched) return
    const nowNs = this.#monotonicNs()
    if (nowNs - this.#lastNs < INTERVAL_NS) return
    this.#lastNs = nowNs
    this.#isDrawn = true
    const seconds = Number(nowNs - this.#startNs) / 1e9
    this.#terminal.err(`\r\u001b[K${progressText(progress, seconds)}`)
  }

  /** Frees the line for whatever is printed next. */
  finish(): void {
    if (!this.#isDrawn) return
    this.#isDrawn = false
    this.#terminal.err('\r\u001b[K')
  }
}

/** Returns share done, messages/s, events so far and time left. */
export function progressText(progress: ImportProgress, seconds: number): string {
  const { bytesRead, bytesTotal } = progress
  const share = bytesTotal === 0 ? 1 : Math.min(1, bytesRead / bytesTotal)
  const filled = Math.round(share * BAR_WIDTH)
  const bar = '#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled)
  const rate = Math.round(progress.messages / Math.max(seconds, 1e-9))
  const leftNs = share === 0 ? Number.NaN : Math.round(((1 - share) / share) * seconds * 10) * 1e8
  const left = Number.isNaN(leftNs) ? 'unknown' : formatDuration(leftNs)
  const percent = (share * 100).toFixed(0).padStart(3)
  const count = (value: number): string => value.toLocaleString('en-US')
  return `[${bar}] ${percent}%  ${count(rate)} messages/s  ${count(progress.events)} events  ETA ${left}`
}
