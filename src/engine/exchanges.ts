/** The exchanges of a run: which of them must be brought forward, and how far. */
import type { ExchangeSide } from './exchange-side.ts'
import { NextTimes } from './next-times.ts'

const NEVER = Number.POSITIVE_INFINITY

/** @see module comment */
export class Exchanges {
  readonly #sides: readonly ExchangeSide[]
  /** By side: when something may next happen there; kept while orders rest at two or more. */
  readonly #quiet: NextTimes
  readonly #rests: boolean[]
  readonly #onStop: ((side: number) => void) | undefined
  #restingSides = 0
  /** The side at which orders rest, where there is only one. */
  #only: ExchangeSide
  /** True where no fill can cause a request. */
  #runsAhead = false
  /** Up to here all sides at which orders rest have been brought, where they run ahead. */
  #aheadTo = Number.NEGATIVE_INFINITY

  /** @param onStop acts on what has stopped a side, before anybody else hears of it */
  constructor(sides: readonly ExchangeSide[], onStop?: (side: number) => void) {
    this.#onStop = onStop
    this.#sides = sides
    this.#quiet = new NextTimes(sides.length)
    this.#rests = sides.map(() => false)
    this.#only = sides[0]!
  }

  /** True while orders of ours rest nowhere: no exchange has to be brought forward. */
  get isIdle(): boolean {
    return this.#restingSides === 0
  }

  /**
   * Lets exchanges pass fills, which no strategy does anything about. False, and nothing done, where
   * an account is cleared.
   */
  runAhead(): boolean {
    this.#runsAhead = this.#onStop === undefined
    return this.#runsAhead
  }

  /**
   * Applies rows up to `until` wherever an order of ours may meet one; true when one of ours did,
   * and what follows from it may happen before `until`.
   */
  advance(until: number): boolean {
    if (this.#restingSides === 0) return false
    if (this.#runsAhead) return this.#advanceAll(until)
    if (this.#restingSides === 1) {
      if (!this.#only.model.advance(until)) return false
      this.#stopped(this.#sides.indexOf(this.#only))
      return true
    }
    const quiet = this.#quiet
    while (quiet.min <= until) {
      const side = quiet.first
      if (this.#sides[side]!.model.advance(quiet.min)) {
        this.#stopped(side)
        return true
      }
      this.note(side)
    }
    return false
  }

  #stopped(side: number): void {
    if (this.#onStop === undefined) this.note(side)
    else {
      this.#onStop(side)
      this.noteAll()
    }
  }

  /** As {@link note}, where more than one side may have changed. */
  noteAll(): void {
    for (const side of this.#sides.keys()) this.note(side)
  }

  /** Goes on past fills; true when there was one, whose answer may come before `until`. */
  #advanceAll(until: number): boolean {
    if (until <= this.#aheadTo) return false
    this.#aheadTo = until
    let hasStopped = false
    for (let side = 0; side < this.#sides.length; side++) {
      if (!this.#rests[side]) continue
      const { model } = this.#sides[side]!
      if (!model.advance(until)) continue
      while (model.advance(until));
      hasStopped = true
      this.#noteResting(side)
    }
    return hasStopped
  }

  /** Takes note of what rests at a side, after anything there has changed. */
  note(side: number): void {
    this.#noteResting(side)
    if (this.#restingSides < 2 || this.#runsAhead) return
    this.#quiet.set(side, this.#rests[side] ? this.#sides[side]!.quietUntil() : NEVER)
  }

  #noteResting(side: number): void {
    const rests = this.#sides[side]!.model.restingCount > 0
    if (rests === this.#rests[side]) return
    this.#rests[side] = rests
    this.#restingSides += rests ? 1 : -1
    if (this.#restingSides === 1) this.#only = this.#sides[this.#rests.indexOf(true)]!
    else if (this.#restingSides === 2 && rests && !this.#runsAhead) this.#lookAhead()
  }

  #lookAhead(): void {
    for (const [side, rests] of this.#rests.entries()) {
      this.#quiet.set(side, rests ? this.#sides[side]!.quietUntil() : NEVER)
    }
  }
}
