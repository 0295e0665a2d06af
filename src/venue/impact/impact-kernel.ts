/**
 * Market impact as liquidity that is slow to come back: of each lot that we took from what the venue
 * shows, the share K(t) is still missing from that side of the book a time t later.
 *
 * Exponential: K(t) = 2^(-t / halfLife), the resilience of Obizhaeva and Wang (2013), "Optimal
 * trading strategy and supply/demand dynamics". Power law: K(t) = (1 + t / scale)^(-exponent), the
 * decay of the propagator of Bouchaud, Gefen, Potters and Wyart (2004), "Fluctuations and response
 * in financial markets"; it is kept as a mixture of exponentials, so that the cost of an order does
 * not grow with their number.
 */
import { LobtraderError } from '../../core/index.ts'
import { durationNs, formatDuration, type Duration } from '../../time/index.ts'

/** How our impact decays: missing share of a lot = sum of weights[n] x exp(-rates[n] x ns). */
export interface ImpactKernel {
  /** Text form, as the command line takes it. */
  readonly name: string
  readonly weights: Float64Array
  /** Per ns, >= 0. */
  readonly rates: Float64Array
}

/** The mixture's nodes in ln(x), x being the rate in units of 1 / scale. */
const NODE_FIRST = -32
const NODE_LAST = 4
const NODE_STEP = 0.4

/**
 * Half of what is missing comes back within each `halfLife`.
 *
 * @param strength share of a taken lot that is missing at first, 0 to 1
 * @throws LobtraderError BAD_DURATION, or BAD_ARGUMENT for a strength or half-life out of range
 */
export function exponentialImpact(options: {
  readonly halfLife: Duration | string
  readonly strength?: number
}): ImpactKernel {
  const { halfLife, strength = 1 } = options
  const ns = positiveNs('halflife', halfLife)
  return {
    name: `exponential(halflife=${formatDuration(ns)}${strengthText(strength)})`,
    weights: Float64Array.of(checkedStrength(strength)),
    rates: Float64Array.of(Math.LN2 / ns),
  }
}

/**
 * (1 + t / scale)^(-exponent) of what was taken is missing after t, to a relative 1e-6 up to 10^9
 * scales.
 *
 * @param exponent > 0, at most 4; propagators fitted to real markets have 0.2 to 0.7
 * @param strength share of a taken lot that is missing at first, 0 to 1
 * @throws LobtraderError BAD_DURATION, or BAD_ARGUMENT for a number out of range
 */
export function powerImpact(options: {
  readonly exponent: number
  readonly scale: Duration | string
  readonly strength?: number
}): ImpactKernel {
  const { exponent, scale, strength = 1 } = options
  const ns = positiveNs('scale', scale)
  if (!(exponent > 0 && exponent <= 4)) {
    throw bad(`the exponent of a power-law impact is above 0 and at most 4, was ${exponent}`)
  }
  // (1 + u)^-b = 1 / Gamma(b) x integral of x^(b - 1) exp(-x (1 + u)) dx: the trapezoid rule in
  // ln x converges faster than any power of its step. The nodes below the first, a geometric
  // series, decay so slowly that they count as not decaying.
  const count = Math.round((NODE_LAST - NODE_FIRST) / NODE_STEP) + 1
  const weights = new Float64Array(count + 1)
  const rates = new Float64Array(count + 1)
  const ratio = Math.exp(-exponent * NODE_STEP)
  weights[count] = (NODE_STEP * Math.exp(exponent * NODE_FIRST) * ratio) / (1 - ratio)
  for (let n = 0; n < count; n++) {
    const y = NODE_FIRST + n * NODE_STEP
    weights[n] = NODE_STEP * Math.exp(exponent * y - Math.exp(y))
    rates[n] = Math.exp(y) / ns
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const scaleTo = checkedStrength(strength) / total
  return {
    name: `power(exponent=${exponent},scale=${formatDuration(ns)}${strengthText(strength)})`,
    weights: weights.map((weight) => weight * scaleTo),
    rates,
  }
}

/** What is missing of one book because of us. Times are ns since the epoch and never go back. */
export class MissingLiquidity {
  readonly #kernel: ImpactKernel
  /** By side, then by node: lots taken, decayed to the side's time. */
  readonly #sums: readonly [Float64Array, Float64Array]
  readonly #times = Float64Array.of(0, 0)

  constructor(kernel: ImpactKernel) {
    this.#kernel = kernel
    const { length } = kernel.weights
    this.#sums = [new Float64Array(length), new Float64Array(length)]
  }

  /** Notes lots that we took from a side, 0 bids, 1 asks. */
  add(side: 0 | 1, lots: number, time: number): void {
    this.#decay(side, time)
    const sums = this.#sums[side]
    for (let n = 0; n < sums.length; n++) sums[n]! += lots
  }

  /** Returns the lots that are missing from a side at `time`, best prices first; no whole number. */
  at(side: 0 | 1, time: number): number {
    this.#decay(side, time)
    const sums = this.#sums[side]
    const { weights } = this.#kernel
    let missing = 0
    for (let n = 0; n < sums.length; n++) missing += weights[n]! * sums[n]!
    return missing
  }

  #decay(side: 0 | 1, time: number): void {
    const elapsed = time - this.#times[side]!
    if (elapsed <= 0) return
    this.#times[side] = time
    const sums = this.#sums[side]
    const { rates } = this.#kernel
    for (let n = 0; n < sums.length; n++) sums[n]! *= Math.exp(-rates[n]! * elapsed)
  }
}

function positiveNs(what: string, duration: Duration | string): number {
  const ns = durationNs(duration)
  if (ns > 0) return ns
  throw bad(`the ${what} of an impact is above 0, was ${duration}`)
}

function checkedStrength(strength: number): number {
  if (strength >= 0 && strength <= 1) return strength
  throw bad(`the strength of an impact is a share from 0 to 1, was ${strength}`)
}

const strengthText = (strength: number): string => (strength === 1 ? '' : `,strength=${strength}`)

function bad(message: string): LobtraderError {
  return new LobtraderError('BAD_ARGUMENT', message)
}
