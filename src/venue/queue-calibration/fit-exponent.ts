/**
 * The exponent of a power queue model, by maximum likelihood.
 *
 * A queue model is a rule without chance, so no data have a likelihood under it as it stands. Here its
 * share p of a decrease behind us is a probability (`front-filter.kernel.ts`), the fill of an order is
 * the first passage of its place through zero, and an order that was cancelled is censored: what it
 * tells is that it had not been filled. How many decreases are single orders (`wholeShare`) is a
 * second parameter, fitted beside the exponent; at 0 it is the model without chance, which is what our
 * own simulator does.
 */
import { LobtraderError } from '../../core/index.ts'
import { parseQueueModel, queueShare, type QueueShare } from '../queue-model.ts'
import { frontFilter } from './front-filter.kernel.ts'
import { PathStep, endSteps, type EndSteps, type QueueObservation } from './level-path.ts'
import { NO_STEP, follow, outcome, predictFill } from './predict-fill.ts'
import {
  exponentFit,
  requireSome,
  searchBounds,
  type ExponentFit,
  type PowerFamily,
} from './power-exponent.ts'
import { profileInterval } from './profile-interval.ts'

/** How {@link fitQueueExponent} fits. */
export interface QueueFitOptions {
  /** Default `fair-power-prob`. */
  readonly family?: PowerFamily
  /** Part of the decreases that are one order; default: fitted. */
  readonly wholeShare?: number
  /** Part of the observations that may be told wrong and say nothing; default 0.01. */
  readonly wrongShare?: number
  /** How far the told time of a fill may be from the step that made it, in ns; default 0. */
  readonly toleranceNs?: number
  /** Exponents that are looked at; default [0.05, 50]. */
  readonly bounds?: readonly [number, number]
  /** Places of the queue that are told apart at most; default 64. */
  readonly capacity?: number
}

/** An exponent fitted to the fates of orders. */
export interface QueueFit extends ExponentFit {
  /**
   * Part of the decreases that are one order, wholly ahead of us or behind. 0: the rule without
   * chance, as a simulator keeps it, is likelier than any other.
   */
  readonly wholeShare: number
  /** Of the observations, those that were filled. */
  readonly filled: number
  /**
   * Observations left out: nothing traded at their price while they rested, so that no exponent
   * could tell their end, or nothing on their path can have filled them although they were.
   */
  readonly leftOut: number
}

/** Entries of a tabulated share. */
const TABLE = 1024
/** Where the part of whole orders is looked for. */
const WHOLE_SHARES = [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]

/** Orders in one queue fill together: a rule's peak may be this narrow, in ln(exponent). */
const RULE_TOLERANCE = 2e-4

interface Prepared {
  readonly observation: QueueObservation
  readonly end: EndSteps
  /** Probability of the outcome if it was told at random. */
  readonly blind: number
}

/**
 * Fits the exponent of a queue model to what became of resting orders.
 *
 * @throws LobtraderError BAD_ARGUMENT when an option is out of its range
 * @throws LobtraderError TOO_FEW_ROWS when no observation tells anything
 * @cost some hundred passes over the paths of all observations
 */
export function fitQueueExponent(
  observations: readonly QueueObservation[],
  options: QueueFitOptions = {},
): QueueFit {
  const { family = 'fair-power-prob', wrongShare = 0.01, toleranceNs = 0, capacity = 64 } = options
  requireRange('wrongShare', wrongShare, 0, 0.5)
  if (options.wholeShare !== undefined) requireRange('wholeShare', options.wholeShare, 0, 1)
  const [from, to] = searchBounds(options.bounds)
  const told = observations.flatMap((observation) => prepare(observation, toleranceNs) ?? [])
  requireSome(told.length, observations.length)
  const likelihood = makeLikelihood(told, family, wrongShare, capacity)
  const shares = options.wholeShare === undefined ? WHOLE_SHARES : [options.wholeShare]
  // The rule without chance is a peak of its own, which no walk uphill from its neighbours finds.
  const fits = [shares.filter((share) => share === 0), shares.filter((share) => share > 0)]
    .filter((some) => some.length > 0)
    .map((some) => {
      const profile = new WholeShareProfile(likelihood, some)
      const how = some[0] === 0 ? { isJagged: true, tolerance: RULE_TOLERANCE } : {}
      const found = profileInterval((logExponent) => profile.at(logExponent), { from, to, ...how })
      return { found, wholeShare: profile.shareAt(found.best) }
    })
  const { found, wholeShare } = fits.reduce((best, fit) =>
    fit.found.logLikelihood > best.found.logLikelihood ? fit : best,
  )
  return {
    ...exponentFit(family, found, told.length),
    wholeShare,
    filled: told.filter(({ observation }) => observation.isFilled).length,
    leftOut: observations.length - told.length,
  }
}

/** The log likelihood of all observations by ln(exponent) and the part of whole orders. */
type Likelihood = (logExponent: number, wholeShare: number) => number

function makeLikelihood(
  told: readonly Prepared[],
  family: PowerFamily,
  wrongShare: number,
  capacity: number,
): Likelihood {
  const filter = frontFilter(capacity)
  const sumOf = (probabilityOf: (one: Prepared) => number): number => {
    let sum = 0
    for (const one of told) {
      sum += Math.log((1 - wrongShare) * probabilityOf(one) + wrongShare * one.blind)
    }
    return sum
  }
  return (logExponent, wholeShare) => {
    const name = `${family}:${Math.exp(logExponent)}`
    if (wholeShare === 0) {
      const model = parseQueueModel(name)
      return sumOf((one) => (isForetold(predictFill(model, one.observation), one) ? 1 : 0))
    }
    const share = tabulated(queueShare(name))
    return sumOf(({ observation, end }) =>
      Math.max(0, outcome(observation, follow(filter, share, wholeShare, observation, end))),
    )
  }
}

/**
 * The likelihood at the best part of whole orders for each exponent. It is looked for among a few
 * parts, uphill from the last one found.
 */
class WholeShareProfile {
  readonly #likelihood: Likelihood
  readonly #shares: readonly number[]
  readonly #found = new Map<number, number>()
  #last = -1

  constructor(likelihood: Likelihood, shares: readonly number[]) {
    this.#likelihood = likelihood
    this.#shares = shares
  }

  shareAt(logExponent: number): number {
    return this.#shares[this.#found.get(logExponent)!]!
  }

  at(logExponent: number): number {
    const values = this.#shares.map(() => Number.NaN)
    const valueAt = (i: number): number => {
      if (i < 0 || i >= values.length) return Number.NEGATIVE_INFINITY
      if (Number.isNaN(values[i]!)) values[i] = this.#likelihood(logExponent, this.#shares[i]!)
      return values[i]!
    }
    if (this.#last < 0) {
      for (let i = 0; i < values.length; i++) valueAt(i)
      this.#last = values.indexOf(Math.max(...values))
    }
    let best = this.#last
    while (valueAt(best + 1) > valueAt(best)) best++
    while (valueAt(best - 1) > valueAt(best)) best--
    this.#last = best
    this.#found.set(logExponent, best)
    return valueAt(best)
  }
}

/** True when the model without chance says what happened. */
function isForetold(step: number, { observation, end }: Prepared): boolean {
  if (observation.isFilled) return step >= end.from && step < end.to
  return step === NO_STEP || step >= end.to
}

/** Returns what the likelihood needs of an observation, undefined when no exponent can matter. */
function prepare(observation: QueueObservation, toleranceNs: number): Prepared | undefined {
  const end = endSteps(observation, toleranceNs)
  const { step } = observation.path
  let chances = 0
  let isExplained = !observation.isFilled
  for (let i = 0; i < end.to; i++) {
    if (step[i] === PathStep.Decrease) continue
    chances++
    if (i >= end.from) isExplained = true
  }
  if (chances === 0 || !isExplained) return undefined
  return { observation, end, blind: 1 / (chances + 1) }
}

/**
 * Returns the share as a table over front / (front + back), of which alone it depends in every power
 * family: two powers an entry instead of two a place and step.
 */
function tabulated({ behind, isFair }: QueueShare): QueueShare {
  const table = Float64Array.from({ length: TABLE + 1 }, (_, i) => behind(i / TABLE, 1 - i / TABLE))
  return {
    isFair,
    behind: (front, back) => {
      const at = (front / (front + back)) * TABLE
      const i = Math.min(TABLE - 1, Math.floor(at))
      return table[i]! + (at - i) * (table[i + 1]! - table[i]!)
    },
  }
}

function requireRange(name: string, value: number, from: number, to: number): void {
  if (value >= from && value <= to) return
  throw new LobtraderError('BAD_ARGUMENT', `${name} must be ${from} to ${to}, was ${value}`, {
    field: name,
    value: String(value),
  })
}
