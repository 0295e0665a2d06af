/**
 * The best levels of a book, told whole in each row: what changes from row to row.
 *
 * A level that leaves the window is removed, one that enters takes its size from the row: the tape
 * holds just what the rows show.
 */
import type { Side } from '../../../market/index.ts'
import type { LevelTape } from '../level-tape.ts'

/** Levels of one side of a row, from the best on. */
export class PartialSide {
  readonly side: Side
  count = 0
  readonly ticks: Int32Array
  readonly lots: Float64Array

  constructor(side: Side, levelsMax: number) {
    this.side = side
    this.ticks = new Int32Array(levelsMax)
    this.lots = new Float64Array(levelsMax)
  }

  /** Adds the next level; false when it does not go away from the best price. */
  push(tick: number, lots: number): boolean {
    const { count } = this
    if (count > 0 && (tick - this.ticks[count - 1]!) * this.side >= 0) return false
    this.ticks[count] = tick
    this.lots[count] = lots
    this.count++
    return true
  }

  /** Takes over the levels of another. */
  copy({ count, ticks, lots }: PartialSide): void {
    this.count = count
    this.ticks.set(ticks)
    this.lots.set(lots)
  }

  /** Returns where `tick` stands, or -1. */
  find(tick: number): number {
    for (let i = 0; i < this.count; i++) if (this.ticks[i] === tick) return i
    return -1
  }
}

/** What the tape has of a symbol's best levels. */
export class PartialBook {
  readonly #bids: PartialSide
  readonly #asks: PartialSide
  #hasBegun = false

  /** @param levelsMax levels of a side that a row may have */
  constructor(levelsMax: number) {
    this.#bids = new PartialSide(1, levelsMax)
    this.#asks = new PartialSide(-1, levelsMax)
  }

  /** Writes what a row changes; the first one is a snapshot. Call `tape.at` before. */
  write(tape: LevelTape, bids: PartialSide, asks: PartialSide): void {
    if (this.#hasBegun) {
      // What is gone goes first on both sides, or the book would be crossed in between.
      removeGone(tape, this.#bids, bids)
      removeGone(tape, this.#asks, asks)
      setChanged(tape, this.#bids, bids)
      setChanged(tape, this.#asks, asks)
      tape.endLevels()
    } else {
      this.#hasBegun = true
      tape.beginSnapshot()
      for (const { side, ticks, lots, count } of [bids, asks]) {
        for (let i = 0; i < count; i++) tape.snapshotLevel(side, ticks[i]!, lots[i]!)
      }
      tape.endSnapshot()
      tape.endLevels()
    }
    this.#bids.copy(bids)
    this.#asks.copy(asks)
  }
}

function removeGone(tape: LevelTape, before: PartialSide, after: PartialSide): void {
  for (let i = 0; i < before.count; i++) {
    const tick = before.ticks[i]!
    if (after.find(tick) < 0) tape.level(before.side, tick, 0)
  }
}

function setChanged(tape: LevelTape, before: PartialSide, after: PartialSide): void {
  for (let i = 0; i < after.count; i++) {
    const at = before.find(after.ticks[i]!)
    if (at >= 0 && before.lots[at] === after.lots[i]) continue
    tape.level(after.side, after.ticks[i]!, after.lots[i]!)
  }
}
