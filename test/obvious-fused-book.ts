/**
 * A fused book in the most obvious code: all that was ever said is kept, and a price holds what was
 * said of it with the latest venue time, of equal times what came last.
 */
import type { Side } from '../src/market/index.ts'

/** From one tick to another a side held these lots at some time. */
interface Statement {
  readonly side: Side
  readonly from: number
  readonly to: number
  readonly lots: number
  readonly time: number
}

/** Books of ticks 1 to `ticks`. */
export class ObviousFusedBook {
  readonly #ticks: number
  readonly #said: Statement[] = []
  readonly #bestTold = { 1: Number.NEGATIVE_INFINITY, [-1]: Number.NEGATIVE_INFINITY }

  constructor(ticks: number) {
    this.#ticks = ticks
  }

  #last(side: Side, tick: number): Statement | undefined {
    let last: Statement | undefined
    for (const one of this.#said) {
      if (one.side !== side || tick < one.from || tick > one.to) continue
      if (last === undefined || one.time >= last.time) last = one
    }
    return last
  }

  #timeOf(side: Side, tick: number): number {
    return this.#last(side, tick)?.time ?? Number.NEGATIVE_INFINITY
  }

  lotsAt(side: Side, tick: number): number {
    return this.#last(side, tick)?.lots ?? 0
  }

  /** Levels of a side, best first. */
  levels(side: Side): [tick: number, lots: number][] {
    const all = Array.from({ length: this.#ticks }, (_, i) => i + 1)
    if (side > 0) all.reverse()
    return all
      .map((tick): [number, number] => [tick, this.lotsAt(side, tick)])
      .filter(([, lots]) => lots > 0)
  }

  #best(side: Side): number | undefined {
    return this.levels(side)[0]?.[0]
  }

  #absent(side: Side, from: number, to: number, time: number): void {
    if (from <= to) this.#said.push({ side, from, to, lots: 0, time })
  }

  /** Nothing of `side` stands better than `tick`; undefined: nothing at all. */
  #nothingBetter(side: Side, tick: number | undefined, time: number): void {
    if (tick === undefined) this.#absent(side, 1, this.#ticks, time)
    else if (side > 0) this.#absent(side, tick + 1, this.#ticks, time)
    else this.#absent(side, 1, tick - 1, time)
  }

  #bestStands(side: Side, time: number): void {
    const best = this.#best(side)
    const told = best === undefined ? time : Math.max(time, this.#timeOf(side, best))
    this.#nothingBetter(side, best, told)
    this.#bestTold[side] = Math.max(this.#bestTold[side], told)
  }

  set(side: Side, tick: number, lots: number, time: number): boolean {
    if (time < this.#timeOf(side, tick)) return false
    const wasBest = this.#best(side) === tick
    this.#said.push({ side, from: tick, to: tick, lots, time })
    if (wasBest || this.#best(side) === tick) this.#bestStands(side, time)
    if (lots > 0 && side > 0) this.#absent(-1, 1, tick, time)
    if (lots > 0 && side < 0) this.#absent(1, tick, this.#ticks, time)
    return true
  }

  setBest(side: Side, tick: number, lots: number, time: number): boolean {
    const best = this.#best(side)
    const bestTime = best === undefined ? Number.NEGATIVE_INFINITY : this.#timeOf(side, best)
    if (time < Math.max(this.#bestTold[side], bestTime)) return false
    this.#bestTold[side] = time
    if (lots === 0) {
      this.#absent(side, 1, this.#ticks, time)
      return true
    }
    this.#nothingBetter(side, tick, time)
    this.set(side, tick, lots, time)
    return true
  }

  clear(side: Side, time: number): void {
    this.#absent(side, 1, this.#ticks, time)
    this.#bestTold[side] = Math.max(this.#bestTold[side], time)
  }
}
