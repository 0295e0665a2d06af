/** The greatest value of a likelihood in one parameter, and the interval that it leaves open. */

/** 95 % quantile of the chi-square distribution with one degree of freedom, halved. */
const DROP = 3.841458820694124 / 2

/** What {@link profileInterval} found. */
export interface ProfileInterval {
  readonly best: number
  readonly logLikelihood: number
  /** 95 % interval; a bound of the search where the likelihood does not fall off before it. */
  readonly low: number
  readonly high: number
  /** True when the interval goes on below `low`, or above `high`. */
  readonly isOpenBelow: boolean
  readonly isOpenAbove: boolean
}

/** Where to look. */
export interface ProfileSearch {
  readonly from: number
  readonly to: number
  /** Values that are tried first, evenly from end to end; default 17. */
  readonly scan?: number
  /** How near to the true places the results are, in the parameter; default 2e-3. */
  readonly tolerance?: number
  /**
   * True for a likelihood that goes up and down in steps, as that of a rule without chance: it is
   * looked at on fine grids, where a search by halves would stay on a step. Default false.
   */
  readonly isJagged?: boolean
}

/** Differences of log likelihood that are none. */
const FLAT = 1e-9
/** Cells of each grid of a jagged search: the first meets peaks of a hundredth of its width. */
const GRID = 128
const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * Maximises a log likelihood in one parameter and returns its 95 % profile interval: all values
 * whose log likelihood is at most half the chi-square quantile below the greatest. Where the greatest
 * value is a plateau, as of data without chance, `best` is its middle.
 *
 * @source Wilks (1938), "The Large-Sample Distribution of the Likelihood Ratio for Testing Composite
 *   Hypotheses"
 */
export function profileInterval(
  logLikelihood: (parameter: number) => number,
  { from, to, scan = 17, tolerance = 2e-3, isJagged = false }: ProfileSearch,
): ProfileInterval {
  const gap = (to - from) / (scan - 1)
  const place = (i: number): number => from + i * gap
  const values = Array.from({ length: scan }, (_, i) => logLikelihood(place(i)))
  const start = values.indexOf(Math.max(...values))
  const [best, top] = (isJagged ? finerGrids : goldenSection)(
    logLikelihood,
    [place(start), values[start]!],
    [Math.max(from, place(start - 1)), Math.min(to, place(start + 1))],
    tolerance,
  )
  const isInside = (parameter: number): boolean => logLikelihood(parameter) >= top - DROP
  // Outwards from the best to the first scanned value that is out.
  let below = Math.ceil((best - from) / gap) - 1
  while (below >= 0 && values[below]! >= top - DROP) below--
  let above = Math.floor((best - from) / gap) + 1
  while (above < scan && values[above]! >= top - DROP) above++
  const isOpenBelow = below < 0
  const isOpenAbove = above >= scan
  const low = isOpenBelow
    ? from
    : edge(isInside, place(below), Math.min(best, place(below + 1)), tolerance)
  const high = isOpenAbove
    ? to
    : edge(isInside, place(above), Math.max(best, place(above - 1)), tolerance)
  const isTop = (parameter: number): boolean => logLikelihood(parameter) >= top - FLAT
  const middle =
    isTop(best - tolerance) || isTop(best + tolerance)
      ? (edge(isTop, low, best, tolerance) + edge(isTop, high, best, tolerance)) / 2
      : best
  return {
    best: isTop(middle) ? middle : best,
    logLikelihood: top,
    low,
    high,
    isOpenBelow,
    isOpenAbove,
  }
}

/** Returns the place and value of the greatest value between two ends, not less than the first. */
function goldenSection(
  valueAt: (parameter: number) => number,
  [first, firstValue]: readonly [number, number],
  ends: readonly [number, number],
  tolerance: number,
): readonly [number, number] {
  let [left, right] = ends
  let best = first
  let top = firstValue
  const look = (parameter: number): number => {
    const value = valueAt(parameter)
    if (value > top) [best, top] = [parameter, value]
    return value
  }
  let a = right - GOLDEN * (right - left)
  let b = left + GOLDEN * (right - left)
  let atA = look(a)
  let atB = look(b)
  while (right - left > tolerance) {
    // Steps of equal height say nothing; the side with the best so far is kept.
    if (atA > atB || (atA === atB && best <= b)) {
      right = b
      b = a
      atB = atA
      a = right - GOLDEN * (right - left)
      atA = look(a)
    } else {
      left = a
      a = b
      atA = atB
      b = left + GOLDEN * (right - left)
      atB = look(b)
    }
  }
  return [best, top]
}

/** As {@link goldenSection}, by grids of which each divides the cells beside the best of the last. */
function finerGrids(
  valueAt: (parameter: number) => number,
  [first, firstValue]: readonly [number, number],
  ends: readonly [number, number],
  tolerance: number,
): readonly [number, number] {
  let [left, right] = ends
  let best = first
  let top = firstValue
  while (right - left > tolerance) {
    const gap = (right - left) / GRID
    for (let i = 1; i < GRID; i++) {
      const value = valueAt(left + i * gap)
      if (value > top) [best, top] = [left + i * gap, value]
    }
    left = Math.max(left, best - gap)
    right = Math.min(right, best + gap)
  }
  return [best, top]
}

/** Returns, by bisection, the last place inside on the way from a place outside to one inside. */
function edge(
  isInside: (parameter: number) => boolean,
  outside: number,
  inside: number,
  tolerance: number,
): number {
  let out = outside
  let within = inside
  while (Math.abs(within - out) > tolerance) {
    const middle = (out + within) / 2
    if (isInside(middle)) within = middle
    else out = middle
  }
  return out
}
