/**
 * Where an order may stand in its queue: a distribution over the lots ahead of it, on a grid.
 *
 * A queue model gives the share p of an unexplained decrease that stood behind us; this filter takes
 * p as a probability. A decrease of d lots is one order that stood ahead with probability 1 - p and
 * behind with p; or, for the part 1 - `wholeShare` of decreases, many that are split as the model
 * itself splits them. What cannot all stand on one side takes the rest from the other. With
 * `wholeShare` 0 the distribution is the model's own single place.
 *
 * Places that fall between two cells are shared between them so that the mean is kept. Up to
 * `cells - 1` lots ahead, cells are lots.
 */
import { assert } from '../../core/index.ts'

/** State of one filter; reused for any number of orders. */
export interface FrontFilter {
  readonly cells: number
  mass: Float64Array
  next: Float64Array
  /** Lots between two cells. */
  unit: number
  /** Cells outside [low, high] hold nothing. */
  low: number
  high: number
}

/** Makes a filter of at most `cells` places. */
export function frontFilter(cells: number): FrontFilter {
  assert(cells >= 2, '2 <= cells')
  const mass = new Float64Array(cells + 1)
  return { cells, mass, next: new Float64Array(cells + 1), unit: 1, low: 0, high: 0 }
}

/** Begins with all probability at `frontLots` ahead. */
export function startFilter(filter: FrontFilter, frontLots: number): void {
  const last = filter.cells - 1
  filter.unit = frontLots <= last ? 1 : frontLots / last
  filter.mass.fill(0)
  filter.next.fill(0)
  const cell = Math.min(last, frontLots / filter.unit)
  filter.low = Math.floor(cell)
  filter.high = Math.ceil(cell)
  filter.mass[filter.low]! += 1 - (cell - filter.low)
  filter.mass[filter.high]! += cell - filter.low
}

/**
 * Lets `lots` trade at our price. Returns the probability that they reached us, which leaves the
 * filter: beyond half a lot counts as reached, as in the simulated exchange.
 */
export function filterTrade(filter: FrontFilter, lots: number): number {
  const { mass, next, unit, low, high } = filter
  let filled = 0
  for (let i = low; i <= high; i++) {
    const m = mass[i]!
    mass[i] = 0
    if (m === 0) continue
    const left = i * unit - lots
    if (left <= -0.5) filled += m
    else put(next, left <= 0 ? 0 : left / unit, m)
  }
  const moved = Math.max(0, Math.ceil(lots / unit))
  finishStep(filter, Math.max(0, low - moved), high)
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
  const { mass, next, unit, low, high } = filter
  const decrease = before - traded - after
  const total = isFair ? before - traded : before
  for (let i = low; i <= high; i++) {
    const m = mass[i]!
    mass[i] = 0
    if (m === 0) continue
    const front = i * unit
    const back = total - front
    let share = back <= 0 ? 0 : front <= 0 ? 1 : behind(front, back)
    // As the model: what is no number says nothing, and the level alone bounds our place.
    if (!(share >= 0 && share <= 1)) share = 1
    const ahead = front > decrease ? front - decrease : 0
    const still = front < after ? front : after
    if (wholeShare > 0) {
      put(next, ahead / unit, m * wholeShare * (1 - share))
      put(next, still / unit, m * wholeShare * share)
    }
    if (wholeShare < 1) {
      const rest = back - share * decrease
      const place = front - (1 - share) * decrease + (rest < 0 ? rest : 0)
      put(next, clamp(place, after) / unit, m * (1 - wholeShare))
    }
  }
  finishStep(filter, 0, high)
}

/** The probability that is left: that we have not been filled. */
export function filterMass(filter: FrontFilter): number {
  let sum = 0
  for (let i = filter.low; i <= filter.high; i++) sum += filter.mass[i]!
  return sum
}

function clamp(place: number, after: number): number {
  const most = place < after ? place : after
  return most > 0 ? most : 0
}

function put(cells: Float64Array, at: number, mass: number): void {
  const cell = Math.floor(at)
  const above = at - cell
  cells[cell]! += mass * (1 - above)
  if (above > 0) cells[cell + 1]! += mass * above
}

/** Makes what was put the present distribution; `mass` has been emptied. */
function finishStep(filter: FrontFilter, low: number, high: number): void {
  const { mass, next } = filter
  filter.mass = next
  filter.next = mass
  let first = low
  while (first < high && next[first] === 0) first++
  // A place that rounding puts a hair above the highest cell reaches into the next.
  let last = Math.min(high + 1, filter.cells)
  while (last > first && next[last] === 0) last--
  filter.low = first
  filter.high = last
}
