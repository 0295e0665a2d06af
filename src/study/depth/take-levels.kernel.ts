/**
 * Walks one side of a ladder from its best level on: the loops under every depth figure. Ticks and
 * lots in, numbers out; no allocation, no change of the book.
 */
import { NO_BID, type Ladder } from '../../book/index.ts'

/** One side of a ladder: levels by key, a greater key being a better price. */
export type SideLevels = Ladder['bids']

/** Which side of a book: 0 bids, 1 asks; a level's tick is `key ^ -index`. */
export type SideIndex = 0 | 1

/** The key that stands for "no level", on both sides. */
export const NO_LEVEL = NO_BID

/** What {@link takeLevels} writes. */
export interface Taken {
  /** Lots taken; 0 when nothing was. */
  lots: number
  /** Levels touched, the last one perhaps in part. */
  levels: number
  /** First and last tick touched; meaningless while `levels` is 0. */
  bestTick: number
  worstTick: number
  /**
   * Sum of lots x distance from the reference, positive where the taker is worse off. Linear:
   * distance in ticks. Inverse: as a share of the level's own price, as value is size / price.
   */
  cost: number
}

/**
 * Takes up to `lotsMax` lots over up to `levelsMax` levels with keys >= `limitKey`. Levels of an
 * inverse contract at a price of 0 or less have no value and end the walk.
 */
export function takeLevels(
  side: SideLevels,
  index: SideIndex,
  lotsMax: number,
  levelsMax: number,
  limitKey: number,
  referenceTick: number,
  isInverse: boolean,
  out: Taken,
): void {
  const away = index === 0 ? -1 : 1
  let lots = 0
  let levels = 0
  let cost = 0
  let key = side.best
  out.bestTick = key ^ -index
  while (key !== NO_LEVEL && key >= limitKey && lots < lotsMax && levels < levelsMax) {
    const tick = key ^ -index
    if (isInverse && tick <= 0) break
    const taken = Math.min(side.lotsAt(key), lotsMax - lots)
    const distance = (tick - referenceTick) * away
    cost += isInverse ? (taken * distance) / tick : taken * distance
    lots += taken
    levels++
    out.worstTick = tick
    key = side.nextBelow(key)
  }
  out.lots = lots
  out.levels = levels
  out.cost = cost
}

/**
 * Returns the most whole lots whose mean cost against `midTick` is at most `share` of their value at
 * the mid. The mean grows with every level, so the first level that does not fit whole is the last.
 */
export function lotsForCost(
  side: SideLevels,
  index: SideIndex,
  midTick: number,
  share: number,
  isInverse: boolean,
): number {
  const away = index === 0 ? -1 : 1
  let lots = 0
  let cost = 0
  for (let key = side.best; key !== NO_LEVEL; key = side.nextBelow(key)) {
    const tick = key ^ -index
    if (isInverse && tick <= 0) break
    const here = side.lotsAt(key)
    const costOfOne = ((tick - midTick) * away) / (isInverse ? tick : midTick)
    if (cost + here * costOfOne > share * (lots + here)) {
      const part = Math.floor((share * lots - cost) / (costOfOne - share))
      return lots + Math.max(0, Math.min(here, part))
    }
    lots += here
    cost += here * costOfOne
  }
  return lots
}

/**
 * Returns the lots of the best `levelsMax` levels, each weighted by exp(-decay x d): d is the number
 * of levels before it (`unitTicks` 0), or its distance from the best in units of `unitTicks`.
 */
export function decayedLots(
  side: SideLevels,
  index: SideIndex,
  levelsMax: number,
  decay: number,
  unitTicks: number,
): number {
  const best = side.best ^ -index
  let sum = 0
  let key = side.best
  for (let level = 0; level < levelsMax && key !== NO_LEVEL; level++) {
    const distance = unitTicks === 0 ? level : Math.abs((key ^ -index) - best) / unitTicks
    sum += side.lotsAt(key) * Math.exp(-decay * distance)
    key = side.nextBelow(key)
  }
  return sum
}

/**
 * Returns the slope of one side after Naes & Skjeltorp, not finite where it is not defined: volumes
 * in lots, prices in ticks, `midTick` > 0.
 */
export function sideSlope(
  side: SideLevels,
  index: SideIndex,
  levelsMax: number,
  midTick: number,
): number {
  let key = side.best
  let total = side.lotsAt(key)
  let log = Math.log(total)
  let tick = key ^ -index
  let sum = log / Math.abs(tick / midTick - 1)
  let levels = 1
  for (key = side.nextBelow(key); levels < levelsMax && key !== NO_LEVEL; levels++) {
    total += side.lotsAt(key)
    const nextLog = Math.log(total)
    const nextTick = key ^ -index
    sum += (nextLog / log - 1) / Math.abs(nextTick / tick - 1)
    log = nextLog
    tick = nextTick
    key = side.nextBelow(key)
  }
  return sum / levels
}
