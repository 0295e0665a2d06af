/**
 * Travel times drawn from a distribution.
 *
 * A draw belongs to the run's seed, the way (entry, response) and the nanosecond of sending, and to
 * nothing else: one message more, or one less, leaves the draws of all others as they were, and
 * messages sent in the same nanosecond travel together.
 */
import { LobtraderError, Prng, normalQuantile } from '../../core/index.ts'
import { durationNs, formatDuration, type Duration } from '../../time/index.ts'
import type { LatencyRun } from '../latency-model.ts'
import { DELAY_NS_MAX, type Delay, type DelayAt } from './delay.ts'

/** Bounds of a sampled delay. */
export interface DelayBounds {
  /** The way itself, which nothing beats; default 0. The distribution is that of the rest. */
  readonly min?: Duration | string | undefined
  /** Draws above it are set to it; default: none. */
  readonly max?: Duration | string | undefined
}

/** A quantile of travel times: `p` of the messages, 0 <= p <= 1, take at most `at`. */
export type DelayQuantile = readonly [p: number, at: Duration | string]

/** What fixes a log-normal delay. All durations are of the whole way, `min` included. */
export interface LognormalOptions extends DelayBounds {
  /** Half of the messages take longer; either this or `mean`. */
  readonly median?: Duration | string | undefined
  readonly mean?: Duration | string | undefined
  /** Standard deviation of the logarithm; either this or `quantile`. */
  readonly sigma?: number | undefined
  /** A second quantile, beside the median: p above 0.5 and below 1. */
  readonly quantile?: DelayQuantile | undefined
}

/** What fixes a gamma delay: `min` plus a gamma variate. */
export interface GammaOptions extends DelayBounds {
  readonly shape: number
  readonly scale: Duration | string
}

const SIGMA_MAX = 10
const SHAPE_MAX = 1e6

/**
 * Log-normal travel times above a least one (Johnson, Kotz & Balakrishnan (1994), "Continuous
 * Univariate Distributions" 1, chapter 14: the three-parameter form), by the transform of normal
 * variates.
 *
 * @throws LobtraderError BAD_DURATION or BAD_ARGUMENT
 */
export function lognormalDelay(options: LognormalOptions): Delay {
  const { min, bounded } = boundsOf('lognormal', options)
  const { mu, sigma } = lognormalParameters(options, min)
  return bounded(lognormalText(options), (prng) => min + Math.exp(mu + sigma * prng.nextNormal()))
}

function lognormalParameters(
  options: LognormalOptions,
  min: number,
): { readonly mu: number; readonly sigma: number } {
  const { median, mean, sigma, quantile } = options
  if ((median === undefined) === (mean === undefined)) {
    throw bad('lognormal needs either a median or a mean')
  }
  if ((sigma === undefined) === (quantile === undefined)) {
    throw bad('lognormal needs either a sigma or a second quantile such as p99')
  }
  if (sigma !== undefined && !(sigma > 0 && sigma <= SIGMA_MAX)) {
    throw bad(`the sigma of lognormal must be above 0 and at most ${SIGMA_MAX}, was ${sigma}`)
  }
  const centre = above('lognormal', median === undefined ? 'mean' : 'median', median ?? mean!, min)
  if (median === undefined) {
    if (sigma === undefined) throw bad('a lognormal of a mean needs a sigma; give the median')
    return { mu: Math.log(centre) - (sigma * sigma) / 2, sigma }
  }
  if (sigma !== undefined) return { mu: Math.log(centre), sigma }
  const [p, at] = quantile!
  if (!(p > 0.5 && p < 1)) {
    throw bad(`the second quantile of lognormal must be above p50 and below p100, was p${p * 100}`)
  }
  const high = above('lognormal', `p${percent(p)}`, at, min)
  if (high <= centre) throw bad(`p${percent(p)} of lognormal must be above its median`)
  return { mu: Math.log(centre), sigma: Math.log(high / centre) / normalQuantile(p) }
}

function lognormalText({ median, mean, sigma, quantile }: LognormalOptions): string {
  const centre = median === undefined ? `mean=${text(mean!)}` : `median=${text(median)}`
  const width = quantile === undefined ? `sigma=${sigma}` : quantileText(quantile)
  return `lognormal(${centre},${width}`
}

/**
 * Travel times of `min` plus a gamma variate; their mean is min + shape x scale.
 *
 * @throws LobtraderError BAD_DURATION or BAD_ARGUMENT
 */
export function gammaDelay(options: GammaOptions): Delay {
  const { shape } = options
  const { min, bounded } = boundsOf('gamma', options)
  if (!(shape > 0 && shape <= SHAPE_MAX)) {
    throw bad(`the shape of gamma must be above 0 and at most ${SHAPE_MAX}, was ${shape}`)
  }
  const scale = durationNs(options.scale)
  if (scale === 0) throw bad('the scale of gamma must be above 0')
  return bounded(
    `gamma(shape=${shape},scale=${text(options.scale)}`,
    (prng) => min + scale * prng.nextGamma(shape),
  )
}

/**
 * Travel times with the quantiles that were measured: linear between them, by the inverse
 * transform. Below the first and above the last quantile there is nothing but that quantile.
 *
 * @param quantiles at least one; p rises and no time falls
 * @throws LobtraderError BAD_DURATION, BAD_ARGUMENT or TOO_FEW_ROWS
 */
export function quantileDelay(
  quantiles: readonly DelayQuantile[],
  bounds: DelayBounds = {},
): Delay {
  if (quantiles.length === 0) {
    throw new LobtraderError('TOO_FEW_ROWS', 'quantiles needs at least one quantile such as p50')
  }
  const { min, bounded } = boundsOf('quantiles', bounds)
  const shares = Float64Array.from(quantiles, ([p]) => p)
  const times = Float64Array.from(quantiles, ([, at]) => durationNs(at))
  for (const [i, p] of shares.entries()) {
    if (!(p >= 0 && p <= 1)) throw bad(`p${p * 100} of quantiles is not between p0 and p100`)
    if (i > 0 && p <= shares[i - 1]!) {
      throw bad(`p${percent(p)} of quantiles does not come after p${percent(shares[i - 1]!)}`)
    }
    if (i > 0 && times[i]! < times[i - 1]!) {
      throw bad(`p${percent(p)} of quantiles is below p${percent(shares[i - 1]!)}`)
    }
  }
  const names = quantiles.map((each) => quantileText(each)).join(',')
  return bounded(`quantiles(${names}`, (prng) => Math.max(min, between(shares, times, prng.next())))
}

/** Returns y at `x`, linear between the points and level outside them. */
export function between(xs: Float64Array, ys: Float64Array, x: number): number {
  const last = xs.length - 1
  if (x <= xs[0]!) return ys[0]!
  if (x >= xs[last]!) return ys[last]!
  let row = 1
  while (xs[row]! < x) row++
  const share = (x - xs[row - 1]!) / (xs[row]! - xs[row - 1]!)
  return ys[row - 1]! + share * (ys[row]! - ys[row - 1]!)
}

interface Bounds {
  readonly min: number
  /** Makes the delay of a sampler; `opened` is its text up to the closing bracket. */
  readonly bounded: (opened: string, draw: (prng: Prng) => number) => Delay
}

function boundsOf(family: string, { min, max }: DelayBounds): Bounds {
  const least = min === undefined ? 0 : durationNs(min)
  const most = max === undefined ? DELAY_NS_MAX : Math.min(durationNs(max), DELAY_NS_MAX)
  if (most < least) throw bad(`the max of ${family} is below its min`)
  const floor = min === undefined ? '' : `,min=${text(min)}`
  const ceiling = max === undefined ? '' : `,max=${text(max)}`
  return {
    min: least,
    bounded: (opened, draw) => ({
      name: `${opened}${floor}${ceiling})`,
      begin: (run, stream) => sampler(run, stream, (prng) => Math.min(draw(prng), most)),
    }),
  }
}

function sampler(run: LatencyRun, stream: number, draw: (prng: Prng) => number): DelayAt {
  return (time) =>
    Math.round(draw(Prng.keyed([run.seed, run.stream, stream, time, Math.floor(time / 2 ** 32)])))
}

function above(family: string, what: string, at: Duration | string, min: number): number {
  const ns = durationNs(at)
  if (ns > min) return ns - min
  throw bad(
    `the ${what} of ${family} must be above its min, ${formatDuration(min)}, was ${text(at)}`,
  )
}

const text = (duration: Duration | string): string => formatDuration(durationNs(duration))
const percent = (p: number): string => String(Number((p * 100).toPrecision(12)))
const quantileText = ([p, at]: DelayQuantile): string => `p${percent(p)}=${text(at)}`

function bad(message: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', message)
}
