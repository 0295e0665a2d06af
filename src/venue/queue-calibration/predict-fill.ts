/** What a queue model says of an order whose level is known: when it fills, and how likely. */
import { queueShare, type QueueModel, type QueueShare } from '../queue-model.ts'
import {
  filterDecrease,
  filterMass,
  filterTrade,
  frontFilter,
  startFilter,
  type FrontFilter,
} from './front-filter.kernel.ts'
import { PathStep, endSteps, type EndSteps, type QueueObservation } from './level-path.ts'

/** No step of the path fills the order. */
export const NO_STEP = -1

/**
 * Returns the step at which a queue model first fills an order, {@link NO_STEP} for none.
 *
 * The rules are those of the simulated exchange: a trade at the order's price that reaches more than
 * half a lot beyond the lots ahead, or a market that goes through its price.
 */
export function predictFill(model: QueueModel, { frontLots, path }: QueueObservation): number {
  let front = frontLots
  for (let i = 0; i < path.length; i++) {
    const step = path.step[i]!
    if (step === PathStep.Through) return i
    if (step === PathStep.Decrease) {
      front = model.frontAfterChange(front, path.traded[i]!, path.before[i]!, path.lots[i]!)
    } else {
      front -= path.lots[i]!
      if (Math.round(-front) > 0) return i
    }
  }
  return NO_STEP
}

/** How the share of a queue model is read as a probability; see `front-filter.kernel.ts`. */
export interface FilterOptions {
  /** Part of the decreases that are one order, wholly ahead or behind; 0..1, default 1. */
  readonly wholeShare?: number
  /** Places that are told apart at most, default 128. */
  readonly capacity?: number
}

/** What a queue model says of what really happened to an order. */
export interface FillForecast {
  /** Probability of a fill before the order ended or with the step that ended it. */
  readonly byEnd: number
  /** Probability of what happened: of a fill with just the step that filled it, or of none. */
  readonly ofOutcome: number
}

/**
 * Returns how likely a queue model takes the end of an order.
 *
 * @param name a queue model, as `parseQueueModel` takes it
 * @param lotSize base units of a lot; only the logarithms ask for it
 * @throws LobtraderError BAD_ARGUMENT when the name is no model
 */
export function forecastFill(
  name: string,
  observation: QueueObservation,
  options: FilterOptions & { readonly lotSize?: number; readonly toleranceNs?: number } = {},
): FillForecast {
  const { wholeShare = 1, capacity = 128, lotSize = 1, toleranceNs = 0 } = options
  const share = queueShare(name, lotSize)
  const { from, to } = endSteps(observation, toleranceNs)
  const survival = follow(frontFilter(capacity), share, wholeShare, observation, { from, to })
  // Sums of probabilities round.
  const asProbability = (value: number): number => Math.min(1, Math.max(0, value))
  return {
    byEnd: asProbability(1 - survival.after),
    ofOutcome: asProbability(outcome(observation, survival)),
  }
}

/** Probabilities of no fill before the first and behind the last of some steps. */
export interface Survival {
  readonly before: number
  readonly after: number
}

/** Returns the probability of what happened. */
export function outcome({ isFilled }: QueueObservation, { before, after }: Survival): number {
  return isFilled ? before - after : after
}

/** Follows one order along its path, up to step `to`. */
export function follow(
  filter: FrontFilter,
  { behind, isFair }: QueueShare,
  wholeShare: number,
  { frontLots, path }: QueueObservation,
  { from, to }: EndSteps,
): Survival {
  const { step, lots, before, traded } = path
  startFilter(filter, frontLots)
  let atFrom = 1
  let left = 1
  for (let i = 0; i < to && left > 0; i++) {
    if (i === from) atFrom = left
    if (step[i] === PathStep.Decrease) {
      filterDecrease(filter, behind, isFair, wholeShare, before[i]!, traded[i]!, lots[i]!)
    } else if (step[i] === PathStep.Through) {
      return { before: i < from ? 0 : atFrom, after: 0 }
    } else if (filterTrade(filter, lots[i]!) > 0) {
      left = filterMass(filter)
      if (left === 0 && i < from) return { before: 0, after: 0 }
    }
  }
  // Without a step among which it may have ended, an order can only have been left alone.
  return { before: from < to ? atFrom : left, after: left }
}
