/**
 * The levels of a book that several streams tell of, each late in its own way: what was said last
 * by the venue's clock holds, whatever came last.
 *
 * Each row says something of the moment `time` at the venue, and no more than this:
 *
 * - a level holds `lots`; where these are above 0, nothing of the other side stood at or beyond it;
 * - a best price, besides, that nothing better stood on its side. A level that is the best one once
 *   it has been set says so too, and so does the level that is left best when one is taken away: the
 *   stream that tells of it would have told of a better one.
 *
 * A row is left out when something later is known of its price, and a best price when something
 * later is known of the best of its side. At equal times the row that comes later holds. So the book
 * is never crossed.
 */
import { NO_KEY } from '../far-levels.ts'
import type { LadderSide } from '../ladder-side.ts'
import type { Ladder } from '../ladder.ts'
import type { SnapshotLevels } from '../snapshot-levels.ts'
import { AbsenceSteps } from './absence-steps.ts'
import { LevelTimes } from './level-times.ts'

/** What is known of one side, and since when. */
class KnownSide {
  readonly levels: LadderSide
  readonly times = new LevelTimes()
  readonly absences = new AbsenceSteps()
  /** When the best of the side was last told. */
  bestTime = Number.NEGATIVE_INFINITY

  constructor(levels: LadderSide) {
    this.levels = levels
  }

  /** When the price at `key` was last told of. */
  timeAt(key: number): number {
    return Math.max(this.times.timeAt(key), this.absences.timeAt(key))
  }

  /** Notes that nothing stood at `from` and above, and takes the levels away that did before. */
  absent(from: number, time: number): void {
    this.absences.add(from, time)
    const { levels, times } = this
    for (let key = levels.best; key !== NO_KEY && key >= from; key = levels.nextBelow(key)) {
      if (times.timeAt(key) <= time) levels.set(key, 0)
    }
  }

  /** Notes that the best, as it now stands, was the best at `time`. */
  bestTold(time: number): void {
    const { best } = this.levels
    const from = best === NO_KEY ? Number.NEGATIVE_INFINITY : best + 1
    const told = best === NO_KEY ? time : Math.max(time, this.timeAt(best))
    this.absences.add(from, told)
    if (told > this.bestTime) this.bestTime = told
  }

  shift(shift: number): void {
    this.times.shift(shift)
    this.absences.shift(shift)
    this.bestTime += shift
  }
}

/** @see module comment */
export class FusedLevels {
  readonly #sides: readonly [KnownSide, KnownSide]

  /** @param ladder empty; written through this alone */
  constructor(ladder: Ladder) {
    this.#sides = [new KnownSide(ladder.bids), new KnownSide(ladder.asks)]
  }

  /**
   * Sets a level as it was at `time`; returns false when something later is known of its price.
   *
   * @param side 0 bids, 1 asks
   * @param key  its tick, of asks the complement
   * @throws InvariantError when `lots` is negative or NaN
   */
  set(side: 0 | 1, key: number, lots: number, time: number): boolean {
    const own = this.#sides[side]
    const { levels } = own
    if (time < own.timeAt(key)) return false
    const wasBest = key === levels.best
    levels.set(key, lots)
    own.times.set(key, time, own.absences)
    if (wasBest || key === levels.best) own.bestTold(time)
    // A level of the other side meets this one when its tick is at or beyond it.
    if (lots > 0) this.#sides[1 - side]!.absent(~key, time)
    return true
  }

  /**
   * Sets the best price of a side as it was at `time`, 0 lots: the side was empty. Returns false when
   * something later is known of the best of that side.
   */
  setBest(side: 0 | 1, key: number, lots: number, time: number): boolean {
    const own = this.#sides[side]
    const { best } = own.levels
    const known = best === NO_KEY ? own.bestTime : Math.max(own.bestTime, own.timeAt(best))
    if (time < known) return false
    own.bestTime = time
    if (!(lots > 0)) {
      own.absent(Number.NEGATIVE_INFINITY, time)
      return true
    }
    own.absent(key + 1, time)
    this.set(side, key, lots, time)
    return true
  }

  /** Takes all levels of a side away that stood at `time` or before; later ones stay. */
  clear(side: 0 | 1, time: number): void {
    const own = this.#sides[side]
    own.absent(Number.NEGATIVE_INFINITY, time)
    if (time > own.bestTime) own.bestTime = time
  }

  /** Puts the levels of a snapshot, as they stood at `time`, in the place of what was before. */
  restore(snapshot: SnapshotLevels, time: number): void {
    this.clear(0, time)
    this.clear(1, time)
    snapshot.forEach((isBid, tick, lots) => {
      const side = isBid ? 0 : 1
      this.set(side, tick ^ -side, lots, time)
    })
  }

  /** Counts times from another epoch: adds `shift` to all. */
  shift(shift: number): void {
    for (const side of this.#sides) side.shift(shift)
  }
}
