/** The stretch of time that all charts show. */

/** A stretch in seconds since the run's epoch. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

const SHORTEST = 1e-5

/** Holds the stretch, keeps it within the run, tells who listens. */
export class Viewport {
  readonly whole: TimeRange
  #shown: TimeRange
  readonly #listeners: ((shown: TimeRange) => void)[] = []

  constructor(whole: TimeRange) {
    this.whole = whole
    this.#shown = whole
  }

  /** What is shown now. */
  get shown(): TimeRange {
    return this.#shown
  }

  /** True when something is hidden. */
  get isZoomed(): boolean {
    return this.#shown.from > this.whole.from || this.#shown.to < this.whole.to
  }

  /** Calls `listener` after each change. */
  onChange(listener: (shown: TimeRange) => void): void {
    this.#listeners.push(listener)
  }

  /** Shows a stretch, moved and cut so that it lies within the run. */
  show(from: number, to: number): void {
    const span = Math.min(Math.max(to - from, SHORTEST), this.whole.to - this.whole.from)
    const middle = (from + to) / 2
    const start = Math.min(Math.max(middle - span / 2, this.whole.from), this.whole.to - span)
    const next = { from: start, to: start + span }
    if (next.from === this.#shown.from && next.to === this.#shown.to) return
    this.#shown = next
    for (const listener of this.#listeners) listener(next)
  }

  /** Shows the whole run. */
  reset(): void {
    this.show(this.whole.from, this.whole.to)
  }

  /** Widens (`factor` > 1) or narrows what is shown around a time. */
  zoom(factor: number, around = (this.#shown.from + this.#shown.to) / 2): void {
    const { from, to } = this.#shown
    const at = Math.min(Math.max(around, from), to)
    const span = Math.min((to - from) * factor, this.whole.to - this.whole.from)
    // The time under the pointer stays under the pointer.
    const start = at - ((at - from) / (to - from)) * span
    this.show(start, start + span)
  }

  /** Moves what is shown by a share of its length. */
  pan(share: number): void {
    const { from, to } = this.#shown
    const shift = (to - from) * share
    this.show(from + shift, to + shift)
  }
}
