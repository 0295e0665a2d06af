/**
 * Latency and queue exponent by simulation: the setting under which the simulator does to our orders
 * what the venue did.
 *
 * Half of the orders, drawn by the seed, decide; the other half judges. Each order costs 1 where
 * one side filled and the other did not, 0 where neither did, and d / (d + 1 s) where both did, d
 * apart in time; the setting with the least mean cost wins. The cost is a staircase in the exponent
 * (fills happen at trades), so it is searched on a grid that is refined around the best, first the
 * latency, then the exponent, and again; of settings that cost the same, the middle one is taken. Where the ends of the orders are likeliest by
 * a queue rule without chance, as the simulator's is, the likeliest exponent is tried too, and taken
 * unless the search has found a cheaper one.
 */
import { bootstrapMean, exactSum } from '../../core/index.ts'
import type { QueueFit } from '../../venue/index.ts'
import { agreedShare, isFilled, type AgreedShare, type OrderPair } from './order-agreement.ts'
import {
  SettingSearch,
  costOf,
  isOfSimulator,
  latenciesFrom,
  likelyExponent,
  type CalibrationTask,
  type FittedNumber,
  type OrderSetting,
} from './setting-search.ts'

const ROUNDS_MAX = 4

/** How one setting does on the judging half. */
export interface HeldOutScore extends AgreedShare {
  /** Mean cost of an order; see the module comment. */
  readonly cost: number
}

/** @see module comment */
export interface OrderCalibration {
  readonly setting: OrderSetting
  readonly entryNs: FittedNumber
  readonly exponent: FittedNumber | undefined
  /** The exponent by likelihood, whether or not it was chosen; undefined where nothing tells it. */
  readonly likelihood: QueueFit | undefined
  /** Simulations that were run. */
  readonly runs: number
  readonly decidingOrders: number
  readonly before: HeldOutScore
  readonly after: HeldOutScore
  /** Gain in agreed share on the judging half, with its interval over resamples of pairs. */
  readonly gain: FittedNumber
  /** Fall of the mean cost there, likewise. */
  readonly costSaved: FittedNumber
}

/** Fits the setting; see the module comment. */
export async function calibrateOrders(task: CalibrationTask): Promise<OrderCalibration> {
  const { start, seed } = task
  const search = new SettingSearch(task)
  let setting = await search.exponent(await search.best(latenciesFrom(start, task)))
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = setting
    setting = await search.latency(setting)
    if (setting.entryNs === before.entryNs) break
    setting = await search.exponent(setting)
    if (setting.exponent === before.exponent) break
  }
  const likelihood = await search.likelihood(setting)
  const [before, after] = [await search.judged(start), await search.judged(setting)]
  const differ = (of: (pair: OrderPair) => number): Float64Array =>
    Float64Array.from(after, (pair, i) => of(pair) - of(before[i]!))
  return {
    setting,
    entryNs: search.interval(setting, 'entryNs', seed),
    exponent: exponentOf(setting, likelihood, search, seed),
    likelihood,
    runs: search.runs,
    decidingOrders: search.decidingOrders,
    before: scoreOf(before),
    after: scoreOf(after),
    gain: meanOf(
      differ((pair) => (isFilled(pair.simulated) === isFilled(pair.actual) ? 1 : 0)),
      seed,
    ),
    costSaved: meanOf(
      differ((pair) => -costOf(pair)),
      seed,
    ),
  }
}

/** The exponent that was chosen, with the interval of the way in which it was found. */
function exponentOf(
  { exponent, ...setting }: OrderSetting,
  fit: QueueFit | undefined,
  search: SettingSearch,
  seed: number,
): FittedNumber | undefined {
  if (exponent === undefined) return undefined
  const isLikely = fit !== undefined && isOfSimulator(fit) && likelyExponent(fit) === exponent
  if (!isLikely) return search.interval({ ...setting, exponent }, 'exponent', seed)
  const { low, high } = fit
  return { value: exponent, low, high }
}

function scoreOf(pairs: readonly OrderPair[]): HeldOutScore {
  const costs = pairs.map((pair) => costOf(pair))
  return { ...agreedShare(pairs), cost: exactSum(costs) / costs.length }
}

function meanOf(values: Float64Array, seed: number): FittedNumber {
  return { value: exactSum([...values]) / values.length, ...bootstrapMean(values, seed) }
}
