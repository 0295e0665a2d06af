/**
 * How busy the market is: events per second over a trailing window, by the exchange's clock.
 *
 * A pure function of the tape. The count moves on in tenths of the window, and a moment sees only
 * tenths that are over: nothing that happens later has a part in it.
 */
import { LobtraderError, assert } from '../../core/index.ts'
import { LOCAL_ONLY_BIT, type EventTape } from '../../market/index.ts'
import { SECOND_NS, formatDuration } from '../../time/index.ts'

/** Steps of the count in one window. */
const STEPS = 10
/** Most steps that are counted, 256 MB of them. */
const STEPS_MAX = 2 ** 26

/** @see module comment */
export class EventRate {
  readonly #stepNs: number
  readonly #from: number
  /** Rows in each step and all before it, in rows since the first. */
  readonly #sums: Uint32Array
  #sorted: Float64Array | undefined

  /** @param counts rows of each step from `from` on, ns since the epoch; becomes their sums */
  constructor(windowNs: number, from: number, counts: Uint32Array) {
    this.#stepNs = stepOf(windowNs)
    this.#from = from
    for (let i = 1; i < counts.length; i++) counts[i]! += counts[i - 1]!
    this.#sums = counts
  }

  /** Events per second in the window that ended at, or less than a tenth of it before, `time`. */
  at(time: number): number {
    return this.#rate(Math.floor((time - this.#from) / this.#stepNs))
  }

  /** Share of the windows of the whole tape whose rate is below `rate`; half of those equal to it. */
  rank(rate: number): number {
    const sorted = (this.#sorted ??= this.#sortedRates())
    const below = countBelow(sorted, rate, false)
    const upTo = countBelow(sorted, rate, true)
    return sorted.length === 0 ? 0.5 : (below + upTo) / (2 * sorted.length)
  }

  #rate(step: number): number {
    const events = this.#sum(step - 1) - this.#sum(step - 1 - STEPS)
    return (events / (this.#stepNs * STEPS)) * SECOND_NS
  }

  #sum(step: number): number {
    if (step < 0 || this.#sums.length === 0) return 0
    return this.#sums[Math.min(step, this.#sums.length - 1)]!
  }

  #sortedRates(): Float64Array {
    return Float64Array.from(this.#sums, (_, step) => this.#rate(step + 1)).sort()
  }
}

/**
 * Counts the rows of a tape that happened at the exchange.
 *
 * @param windowNs length of the trailing window, at least 10 ns
 * @throws LobtraderError OUT_OF_RANGE when the window is so short that the tape has too many steps
 */
export function eventRate(tape: EventTape, windowNs: number): EventRate {
  assert(windowNs >= STEPS, 'a window has its steps')
  if (tape.length === 0) return new EventRate(windowNs, 0, new Uint32Array(0))
  const { firstTime: from, lastTime } = tape
  const stepNs = stepOf(windowNs)
  const steps = Math.floor((lastTime - from) / stepNs) + 1
  if (steps > STEPS_MAX) {
    throw new LobtraderError(
      'OUT_OF_RANGE',
      `event rates over ${formatDuration(windowNs)} need ${steps} counts for this tape, more than ${STEPS_MAX}; take a longer window`,
      { window: windowNs, counts: steps },
    )
  }
  const counts = new Uint32Array(steps)
  const windows = tape.local()
  for (let rows = windows.next(); rows !== undefined; rows = windows.next()) {
    const { code, exchTime, length } = rows
    for (let row = 0; row < length; row++) {
      if ((code[row]! & LOCAL_ONLY_BIT) !== 0) continue
      const step = Math.floor((exchTime[row]! - from) / stepNs)
      counts[Math.max(0, Math.min(step, steps - 1))]!++
    }
  }
  windows.close()
  return new EventRate(windowNs, from, counts)
}

const stepOf = (windowNs: number): number => Math.ceil(windowNs / STEPS)

function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const isBelow = orEqual ? sorted[middle]! <= value : sorted[middle]! < value
    if (isBelow) low = middle + 1
    else high = middle
  }
  return low
}
