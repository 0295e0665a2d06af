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

  /** @param onStop acts on what has stopped a side, before anybody else hears of it */
  constructor(sides: readonly ExchangeSide[], onStop?: (side: number) => void) {
    this.#onStop = onStop
    this.#sides = sides
    this.#quiet = new NextTimes(sides.length)
    this.#rests = sides.map(() => false)
    this.#only = sides[0]!
  }

  /**
   * Applies rows up to `until` wherever an order of ours may meet one; true when one of ours did,
   * and what follows from it may happen before `until`.
   */
  advance(until: number): boolean {
    if (this.#restingSides === 0) return false
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

  /** Takes note of what rests at a side, after anything there has changed. */
  note(side: number): void {
    const at = this.#sides[side]!
    const rests = at.model.restingCount > 0
    if (rests !== this.#rests[side]) this.#restsOrNot(side, rests)
    if (this.#restingSides > 1) this.#quiet.set(side, rests ? at.quietUntil() : NEVER)
  }

  #restsOrNot(side: number, rests: boolean): void {
    this.#rests[side] = rests
    this.#restingSides += rests ? 1 : -1
    if (this.#restingSides === 1) this.#only = this.#sides[this.#rests.indexOf(true)]!
    else if (this.#restingSides === 2 && rests) this.#lookAhead()
  }

  #lookAhead(): void {
    for (const [side, rests] of this.#rests.entries()) {
      this.#quiet.set(side, rests ? this.#sides[side]!.quietUntil() : NEVER)
    }
  }
}
