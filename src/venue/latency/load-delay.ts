/** Travel times that grow when the market is busy, so that slow messages come in bursts. */
import { LobtraderError } from '../../core/index.ts'
import { durationNs, formatDuration, type Duration } from '../../time/index.ts'
import { DELAY_NS_MAX, delayOf, type Delay } from './delay.ts'
import { between } from './sampled-delay.ts'

/** How a delay answers to load. */
export interface LoadOptions {
  /** Trailing window over which events are counted; default 1s. */
  readonly window?: Duration | string | undefined
  /** Added for every 1,000 events per second. */
  readonly per1000?: Duration | string | undefined
  /**
   * Factors of the base: `[0.99, 5]` makes it five times as slow in the window whose event rate
   * 99 % of the windows of the whole tape stay below; linear between, level outside.
   */
  readonly factors?: readonly (readonly [rank: number, factor: number])[] | undefined
}

const SHORTEST_WINDOW_NS = 1e6
const FACTOR_MAX = 1e6

/**
 * `base` x factor + slope x events per second, where both follow the event rate of the market over
 * a trailing window by the exchange's clock.
 *
 * @throws LobtraderError BAD_DURATION or BAD_ARGUMENT
 */
export function loadDelay(base: Delay | Duration | string, options: LoadOptions): Delay {
  const inner = delayOf(base)
  const { per1000, factors } = options
  const window = durationNs(options.window ?? '1s')
  if (window < SHORTEST_WINDOW_NS) {
    throw bad(`the window of load must be 1ms or more, was ${formatDuration(window)}`)
  }
  if ((per1000 === undefined) === (factors === undefined)) {
    throw bad('load needs either per1000 or factors such as p99=5')
  }
  const slope = per1000 === undefined ? 0 : durationNs(per1000) / 1000
  const table = factors === undefined ? undefined : factorTable(factors)
  const growth =
    per1000 === undefined
      ? factors!.map(([rank, factor]) => `p${Number((rank * 100).toPrecision(12))}=${factor}`)
      : [`per1000=${formatDuration(durationNs(per1000))}`]
  return {
    name: `load(${[inner.name, ...growth, `window=${formatDuration(window)}`].join(',')})`,
    begin: (run, stream) => {
      const delay = inner.begin(run, stream)
      const rates = run.eventRate(window)
      return (time) => {
        const rate = rates.at(time)
        const factor =
          table === undefined ? 1 : between(table.ranks, table.factors, rates.rank(rate))
        return Math.min(Math.round(delay(time) * factor + slope * rate), DELAY_NS_MAX)
      }
    },
  }
}

function factorTable(factors: readonly (readonly [number, number])[]): {
  readonly ranks: Float64Array
  readonly factors: Float64Array
} {
  if (factors.length === 0) throw bad('load needs at least one factor such as p99=5')
  for (const [i, [rank, factor]] of factors.entries()) {
    if (!(rank >= 0 && rank <= 1)) throw bad(`p${rank * 100} of load is not between p0 and p100`)
    if (i > 0 && rank <= factors[i - 1]![0]) throw bad('the factors of load must rise in p')
    if (!(factor >= 0 && factor <= FACTOR_MAX)) {
      throw bad(`a factor of load must be a number from 0 to ${FACTOR_MAX}, was ${factor}`)
    }
  }
  return {
    ranks: Float64Array.from(factors, ([rank]) => rank),
    factors: Float64Array.from(factors, ([, factor]) => factor),
  }
}

function bad(message: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', message)
}
