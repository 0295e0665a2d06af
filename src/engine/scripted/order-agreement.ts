/** How well simulated outcomes of orders agree with those that a venue really gave. */
import { bootstrapMean, exactSum, wilsonInterval, type Interval } from '../../core/index.ts'
import type { OrderOutcome } from './order-outcomes.ts'

/** What really became of an order. */
export interface ActualOutcome {
  readonly id: number
  readonly filledLots: number
  /** Size-weighted price of its fills in ticks; NaN without one. */
  readonly averageTicks: number
  /** When it last filled, Unix ns on the exchange's clock; undefined without a fill. */
  readonly fillNs: bigint | undefined
  /** When it first filled, likewise; undefined where the account does not tell it. */
  readonly firstFillNs?: bigint | undefined
  /** When it was cancelled, likewise. */
  readonly cancelledNs?: bigint | undefined
  /** False where the account tells that it never rested: it took, or was refused; default true. */
  readonly mayHaveRested?: boolean
  /** How long its last request was under way, ns, where the account tells it. */
  readonly entryNs: number | undefined
}

/** A share with its 95 % interval. */
export interface AgreedShare extends Interval {
  readonly compared: number
  readonly agree: number
  /** agree / compared; NaN when nothing was compared. */
  readonly share: number
}

/** Orders by filled or not, here and there. A part that filled is filled. */
export interface FillTable {
  readonly bothFilled: number
  readonly onlySimulated: number
  readonly onlyActual: number
  readonly neither: number
}

/** Differences over orders that were filled here and there. */
export interface Difference extends Interval {
  readonly count: number
  /** Of those, how many differ not at all. */
  readonly equal: number
  /** NaN without orders, as its interval (95 %). */
  readonly mean: number
  /** Median of the size of the difference; NaN without orders. */
  readonly medianSize: number
}

/** Orders that stood about as far from the touch when they were sent. */
export interface DistanceRow extends AgreedShare {
  readonly distance: string
  readonly simulatedFilled: number
  readonly actualFilled: number
}

/** @see module comment */
export interface OrderAgreement extends AgreedShare {
  readonly table: FillTable
  /** Simulated minus actual time of the fill, ns. */
  readonly timeNs: Difference
  /** By how many ticks the simulated price was better than the actual one. */
  readonly priceTicks: Difference
  readonly byDistance: readonly DistanceRow[]
}

/** A simulated order and its real twin. */
export interface OrderPair {
  readonly simulated: OrderOutcome
  readonly actual: ActualOutcome
}

/** Distances from the touch, each up to its last tick. */
const DISTANCES: readonly (readonly [name: string, last: number])[] = [
  ['takes', Number.NEGATIVE_INFINITY],
  ['inside the spread', -1],
  ['0', 0],
  ['1', 1],
  ['2-3', 3],
  ['4-7', 7],
  ['8-15', 15],
  ['16-31', 31],
  ['32-63', 63],
  ['64 and more', Number.POSITIVE_INFINITY],
  ['no touch', Number.NaN],
]

/** Returns the pairs of orders that both sides know, in the order of the simulation. */
export function pairOrders(
  simulated: readonly OrderOutcome[],
  actual: ReadonlyMap<number, ActualOutcome>,
): readonly OrderPair[] {
  return simulated.flatMap((outcome) => {
    const twin = actual.get(outcome.id)
    return twin === undefined ? [] : [{ simulated: outcome, actual: twin }]
  })
}

/**
 * Compares pairs of orders.
 *
 * @param seed decides the resamples of the intervals of means
 */
export function compareOrders(pairs: readonly OrderPair[], seed: number): OrderAgreement {
  const both = pairs.filter(({ simulated, actual }) => isFilled(simulated) && isFilled(actual))
  const times = both.flatMap(({ simulated, actual }) =>
    simulated.fillNs === undefined || actual.fillNs === undefined
      ? []
      : [Number(simulated.fillNs - actual.fillNs)],
  )
  const count = (here: boolean, there: boolean): number =>
    pairs.filter(
      ({ simulated, actual }) => isFilled(simulated) === here && isFilled(actual) === there,
    ).length
  return {
    ...agreedShare(pairs),
    table: {
      bothFilled: both.length,
      onlySimulated: count(true, false),
      onlyActual: count(false, true),
      neither: count(false, false),
    },
    timeNs: difference(times, seed),
    priceTicks: difference(
      both.map(
        ({ simulated, actual }) =>
          // The sign of 0 would tell equal prices apart.
          simulated.side * (actual.averageTicks - simulated.averageTicks) + 0,
      ),
      seed,
    ),
    byDistance: DISTANCES.flatMap(([distance], i) => {
      const there = pairs.filter(({ simulated }) => distanceClass(simulated.distanceTicks) === i)
      return there.length === 0 ? [] : [distanceRow(distance, there)]
    }),
  }
}

/** True when any of the order was filled. */
export const isFilled = ({ filledLots }: { readonly filledLots: number }): boolean => filledLots > 0

/** Returns the share of pairs that agree on filled or not. */
export function agreedShare(pairs: readonly OrderPair[]): AgreedShare {
  const compared = pairs.length
  const agree = pairs.filter(agrees).length
  return { compared, agree, share: agree / compared, ...wilsonInterval(agree, compared) }
}

/** True when both were filled, or neither. */
export function agrees({ simulated, actual }: OrderPair): boolean {
  return isFilled(simulated) === isFilled(actual)
}

function distanceRow(distance: string, pairs: readonly OrderPair[]): DistanceRow {
  return {
    distance,
    simulatedFilled: pairs.filter(({ simulated }) => isFilled(simulated)).length,
    actualFilled: pairs.filter(({ actual }) => isFilled(actual)).length,
    ...agreedShare(pairs),
  }
}

function distanceClass(ticks: number): number {
  if (Number.isNaN(ticks)) return DISTANCES.length - 1
  return DISTANCES.findIndex(([, last]) => ticks <= last)
}

function difference(values: readonly number[], seed: number): Difference {
  const sizes = Float64Array.from(values, Math.abs).sort()
  const middle = sizes.length >> 1
  const medianSize =
    sizes.length % 2 === 1 ? sizes[middle]! : (sizes[middle - 1]! + sizes[middle]!) / 2
  return {
    count: values.length,
    equal: values.filter((value) => value === 0).length,
    mean: values.length === 0 ? Number.NaN : exactSum([...values]) / values.length,
    ...bootstrapMean(values, seed),
    medianSize: values.length === 0 ? Number.NaN : medianSize,
  }
}
