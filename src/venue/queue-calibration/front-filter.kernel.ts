/**
 * Where an order may stand in its queue: a distribution over the lots ahead of it, as atoms.
 *
 * A queue model gives the share p of an unexplained decrease that stood behind us; this filter takes
 * p as a probability. A decrease of d lots is one order that stood ahead with probability 1 - p and
 * behind with p; or, for the part 1 - `wholeShare` of decreases, many that are split as the model
 * itself splits them. What cannot all stand on one side takes the rest from the other. With
 * `wholeShare` 0 the distribution is the model's own single place.
 *
 * Places are kept as they are, because a trade often takes just what stood ahead. Only where there are
 * more than `capacity` of them, neighbours become one, at the mean of their places.
 */
import { assert } from '../../core/index.ts'

/** Places nearer than this, in lots, are one. */
const SAME = 1e-6

/** State of one filter; reused for any number of orders. */
export interface FrontFilter {
  readonly capacity: number
  /** Atoms in order of their place: lots ahead, and probability. */
  place: Float64Array
  mass: Float64Array
  count: number
  /** Room for what the next step makes. */
  nextPlace: Float64Array
  nextMass: Float64Array
  /** Atoms of a decrease: all behind, all ahead, split as the model splits. */
  readonly stillPlace: Float64Array
  readonly stillMass: Float64Array
  readonly aheadPlace: Float64Array
  readonly aheadMass: Float64Array
  readonly splitPlace: Float64Array
  readonly splitMass: Float64Array
}

/** Makes a filter that tells at most `capacity` places apart. */
export function frontFilter(capacity: number): FrontFilter {
  assert(capacity >= 2, '2 <= capacity')
  return {
    capacity,
    place: new Float64Array(3 * capacity),
    mass: new Float64Array(3 * capacity),
    count: 0,
    nextPlace: new Float64Array(3 * capacity),
    nextMass: new Float64Array(3 * capacity),
    stillPlace: new Float64Array(capacity),
    stillMass: new Float64Array(capacity),
    aheadPlace: new Float64Array(capacity),
    aheadMass: new Float64Array(capacity),
    splitPlace: new Float64Array(capacity),
    splitMass: new Float64Array(capacity),
  }
}

/** Begins with all probability at `frontLots` ahead. */
export function startFilter(filter: FrontFilter, frontLots: number): void {
  filter.place[0] = frontLots
  filter.mass[0] = 1
  filter.count = 1
}

/**
 * Lets `lots` trade at our price. Returns the probability that they reached us, which leaves the
 * filter: beyond half a lot counts as reached, as in the simulated exchange.
 */
export function filterTrade(filter: FrontFilter, lots: number): number {
  const { place, mass, count } = filter
  let filled = 0
  let kept = 0
  for (let i = 0; i < count; i++) {
    const left = place[i]! - lots
    if (left <= -0.5) {
      filled += mass[i]!
    } else if (left <= 0 && kept > 0) {
      mass[0]! += mass[i]!
    } else {
      mass[kept] = mass[i]!
      place[kept++] = left > 0 ? left : 0
    }
  }
  filter.count = kept
  return filled
}

/**
 * Lets the level fall from `before` to `after`, of which `traded` is known from trades.
 *
 * @param behind the share of a decrease behind us, by lots ahead and lots behind
 * @param isFair true when what traded counts neither ahead nor behind
 */
export function filterDecrease(
  filter: FrontFilter,
  behind: (front: number, back: number) => number,
  isFair: boolean,
  wholeShare: number,
  before: number,
  traded: number,
  after: number,
): void {
  const { place, mass, count, stillPlace, stillMass } = filter
  const { aheadPlace, aheadMass, splitPlace, splitMass } = filter
  const decrease = before - traded - after
  const total = isFair ? before - traded : before
  for (let i = 0; i < count; i++) {
    const front = place[i]!
    const back = total - front
    let share = back <= 0 ? 0 : front <= 0 ? 1 : behind(front, back)
    // As the model: what is no number says nothing, and the level alone bounds our place.
    if (!(share >= 0 && share <= 1)) share = 1
    const whole = mass[i]! * wholeShare
    stillPlace[i] = front < after ? front : after
    stillMass[i] = whole * share
    aheadPlace[i] = front > decrease ? front - decrease : 0
    aheadMass[i] = whole * (1 - share)
    const rest = back - share * decrease
    const split = front - (1 - share) * decrease + (rest < 0 ? rest : 0)
    const most = split < after ? split : after
    splitPlace[i] = most > 0 ? most : 0
    splitMass[i] = mass[i]! * (1 - wholeShare)
  }
  if (wholeShare < 1) sortSplit(splitPlace, splitMass, count)
  mergeRuns(filter, wholeShare < 1 ? count : 0)
  if (filter.count > filter.capacity) joinNeighbours(filter)
}

/** The probability that is left: that we have not been filled. */
export function filterMass({ mass, count }: FrontFilter): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += mass[i]!
  return sum
}

/** Sorts what is nearly in order: a great share may move a place past its neighbour's. */
function sortSplit(place: Float64Array, mass: Float64Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const p = place[i]!
    const m = mass[i]!
    let j = i - 1
    while (j >= 0 && place[j]! > p) {
      place[j + 1] = place[j]!
      mass[j + 1] = mass[j]!
      j--
    }
    place[j + 1] = p
    mass[j + 1] = m
  }
}

/** Merges the three runs of a decrease, each in order, into the atoms. */
function mergeRuns(filter: FrontFilter, splitCount: number): void {
  const { count, nextPlace, nextMass, stillPlace, aheadPlace, splitPlace } = filter
  let s = 0
  let a = 0
  let p = 0
  let made = 0
  let last = Number.NEGATIVE_INFINITY
  while (s < count || a < count || p < splitCount) {
    const still = s < count ? stillPlace[s]! : Number.POSITIVE_INFINITY
    const ahead = a < count ? aheadPlace[a]! : Number.POSITIVE_INFINITY
    const split = p < splitCount ? splitPlace[p]! : Number.POSITIVE_INFINITY
    let at = still
    let m = 0
    if (ahead <= still && ahead <= split) {
      at = ahead
      m = filter.aheadMass[a++]!
    } else if (still <= split) {
      m = filter.stillMass[s++]!
    } else {
      at = split
      m = filter.splitMass[p++]!
    }
    if (m === 0) continue
    if (at - last < SAME) {
      nextMass[made - 1]! += m
    } else {
      nextPlace[made] = at
      nextMass[made++] = m
      last = at
    }
  }
  filter.nextPlace = filter.place
  filter.nextMass = filter.mass
  filter.place = nextPlace
  filter.mass = nextMass
  filter.count = made
}

/** Makes at most `capacity` atoms of those that there are; one that stands alone stays as it is. */
function joinNeighbours(filter: FrontFilter): void {
  const { place, mass, count, capacity } = filter
  const first = place[0]!
  const width = (place[count - 1]! - first) / (capacity - 1)
  let made = 0
  let bucket = -1
  for (let i = 0; i < count; i++) {
    const own = Math.floor((place[i]! - first) / width)
    const m = mass[i]!
    if (own === bucket) {
      const sum = mass[made - 1]! + m
      place[made - 1]! += (place[i]! - place[made - 1]!) * (m / sum)
      mass[made - 1] = sum
    } else {
      place[made] = place[i]!
      mass[made++] = m
      bucket = own
    }
  }
  filter.count = made
}
