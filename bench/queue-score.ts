/** What a queue model said of orders whose end is known, and what it is worth. */
import {
  NO_STEP,
  PathStep,
  endSteps,
  forecastFill,
  parseQueueModel,
  predictFill,
  reliability,
  type Forecast,
  type QueueObservation,
  type Reliability,
} from 'lobtrader/venue'

/** Scores of one model over some orders. */
export interface ModelScore {
  readonly model: string
  /**
   * Mean of ln(probability of what happened): of a fill with just the step that filled the order, or
   * of none before it was cancelled. One in a hundred is given to chance, so that a sure miss counts
   * ln(0.01 / steps) and not minus infinity. 0 is best.
   */
  readonly logScore: number
  /** Mean squared error of the probability of a fill by the order's real end. */
  readonly brier: number
  /** The model without chance: filled by the real end, in truth and as foretold. */
  readonly both: number
  readonly onlyModel: number
  readonly onlyReal: number
  readonly neither: number
  /** Of those filled, how many the model fills with the very same message. */
  readonly sameMessage: number
  /**
   * Distance of foretold and real fill of those filled, median and 90 % quantile; a fill that is not
   * foretold within the time that the model is given is Infinity.
   */
  readonly errorMs: readonly [number, number]
  readonly errorMessages: readonly [number, number]
  /** Forecasts of a fill by the real end against what happened. */
  readonly reliability: Reliability
}

const WRONG_SHARE = 0.01

/** Returns the median and the 90 % quantile: the least value that so many do not exceed. */
function quantiles(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  return [at(0.5), at(0.9)]
}

function chances({ path }: QueueObservation, to: number): number {
  let count = 0
  for (let i = 0; i < to; i++) if (path.step[i] !== PathStep.Decrease) count++
  return count
}

/** Scores a queue model, as `parseQueueModel` names it. */
export function scoreModel(
  name: string,
  orders: readonly QueueObservation[],
  lotSize: number,
): ModelScore {
  const model = parseQueueModel(name).forLotSize(lotSize)
  let logSum = 0
  const forecasts: Forecast[] = []
  let sameMessage = 0
  const counts = { both: 0, onlyModel: 0, onlyReal: 0, neither: 0 }
  const errorsMs: number[] = []
  const errorsMessages: number[] = []
  for (const order of orders) {
    const { byEnd, ofOutcome } = forecastFill(name, order, { lotSize })
    const { from, to } = endSteps(order)
    logSum += Math.log((1 - WRONG_SHARE) * ofOutcome + WRONG_SHARE / (chances(order, to) + 1))
    forecasts.push({ probability: byEnd, hasHappened: order.isFilled })
    const step = predictFill(model, order)
    const isForetold = step !== NO_STEP && step < to
    if (order.isFilled) counts[isForetold ? 'both' : 'onlyReal']++
    else counts[isForetold ? 'onlyModel' : 'neither']++
    if (!order.isFilled) continue
    if (isForetold && step >= from) sameMessage++
    const { time, message } = order.path
    errorsMs.push(step === NO_STEP ? Infinity : Math.abs(time[step]! - order.endTime) / 1e6)
    errorsMessages.push(step === NO_STEP ? Infinity : Math.abs(message[step]! - order.endMessage))
  }
  const told = reliability(forecasts)
  return {
    model: name,
    logScore: logSum / orders.length,
    brier: told.brier,
    ...counts,
    sameMessage,
    errorMs: quantiles(errorsMs),
    errorMessages: quantiles(errorsMessages),
    reliability: told,
  }
}
