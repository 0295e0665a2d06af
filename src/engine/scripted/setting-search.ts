/** The search of a calibration by simulation: settings, each run once, and what they cost. */
import { Prng, exactSum, percentiles, type Interval } from '../../core/index.ts'
import type { QueueFit } from '../../venue/index.ts'
import { isFilled, pairOrders, type ActualOutcome, type OrderPair } from './order-agreement.ts'
import type { OrderOutcome } from './order-outcomes.ts'

/** What is fitted. */
export interface OrderSetting {
  /** Constant latency to the exchange, ns. */
  readonly entryNs: number
  /** Exponent of the queue model; undefined for a model that has none. */
  readonly exponent: number | undefined
}

/** What {@link calibrateOrders} works with. */
export interface CalibrationTask {
  readonly start: OrderSetting
  readonly actual: ReadonlyMap<number, ActualOutcome>
  /** Decides the halves and the resamples of the intervals. */
  readonly seed: number
  /** Sends all orders through the simulator under a setting. */
  readonly simulate: (setting: OrderSetting) => Promise<readonly OrderOutcome[]>
  /**
   * Fits the exponent to the ends of these orders by likelihood, without simulating; undefined where
   * they do not tell.
   */
  readonly likelihood?: (setting: OrderSetting, pairs: readonly OrderPair[]) => QueueFit | undefined
}

/** A fitted number, with the 95 % interval over resamples of the deciding half. */
export interface FittedNumber extends Interval {
  readonly value: number
}

const TIME_SCALE_NS = 1e9
const EXPONENTS = [0.5, 1, 1.5, 2, 3, 4, 6, 10]
const LATENCY_FACTORS = [0.1, 0.2, 0.4, 0.7, 1, 1.5, 2.5, 5, 10]
const FINE_FACTORS = [0.6, 0.75, 0.85, 0.93, 1, 1.08, 1.18, 1.35, 1.7]
const FINEST_FACTORS = [
  [0.95, 0.975, 1, 1.025, 1.05],
  [0.99, 0.995, 1, 1.005, 1.01],
]
/** A latency of 0 has no multiples: the search then starts from here. */
const LATENCY_NS_MIN = 100_000
const RESAMPLES = 500
const ZOOM_STEPS_MAX = 5

/** Filled orders, at least, that an exponent by likelihood is taken from. */
const FILLED_MIN = 30

/** What an order costs that a simulation got wrong; see the module comment. */
export function costOf({ simulated, actual }: OrderPair): number {
  if (isFilled(simulated) !== isFilled(actual)) return 1
  if (simulated.fillNs === undefined || actual.fillNs === undefined) return 0
  const apart = Math.abs(Number(simulated.fillNs - actual.fillNs))
  return apart / (apart + TIME_SCALE_NS)
}

interface Tried {
  readonly setting: OrderSetting
  readonly pairs: readonly OrderPair[]
  /** Costs of the deciding half. */
  readonly costs: Float64Array
  readonly mean: number
}

/** @see module comment */
export class SettingSearch {
  readonly #task: CalibrationTask
  readonly #tried = new Map<string, Tried>()
  /** By latency. */
  readonly #fits = new Map<number, QueueFit | undefined>()

  constructor(task: CalibrationTask) {
    this.#task = task
  }

  get runs(): number {
    return this.#tried.size
  }

  get decidingOrders(): number {
    for (const { costs } of this.#tried.values()) return costs.length
    return 0
  }

  /** Returns the setting that costs least; among equals that stand side by side, the middle one. */
  async best(settings: readonly OrderSetting[]): Promise<OrderSetting> {
    const tried: Tried[] = []
    for (const setting of settings) tried.push(await this.#try(setting))
    const least = Math.min(...tried.map(({ mean }) => mean))
    const from = tried.findIndex(({ mean }) => mean === least)
    let to = from
    while (tried[to + 1]?.mean === least) to++
    return settings[(from + to) >> 1]!
  }

  /** Returns the setting with the best exponent for its latency. */
  async exponent(setting: OrderSetting): Promise<OrderSetting> {
    if (setting.exponent === undefined) return setting
    const grid = new Set([...EXPONENTS, setting.exponent])
    const coarse = [...grid].sort((a, b) => a - b).map((exponent) => ({ ...setting, exponent }))
    const found = await this.#zoom(await this.best(coarse), scaledExponents, FINE_FACTORS)
    const likely = await this.#likeliest(setting)
    if (likely === undefined) return found
    const [atFound, atLikely] = [await this.#try(found), await this.#try(likely)]
    return atLikely.mean <= atFound.mean ? likely : found
  }

  /** The fit by likelihood under a latency; undefined where there is none. */
  async likelihood(setting: OrderSetting): Promise<QueueFit | undefined> {
    const { likelihood, seed } = this.#task
    const { entryNs, exponent } = setting
    if (likelihood === undefined || exponent === undefined) return undefined
    if (!this.#fits.has(entryNs)) {
      const { pairs } = await this.#try(setting)
      const deciding = pairs.filter(({ actual }) => decides(actual.id, seed))
      this.#fits.set(entryNs, likelihood(setting, deciding))
    }
    return this.#fits.get(entryNs)
  }

  /** The setting with the likeliest exponent, where the likelihood is of what a simulator does. */
  async #likeliest(setting: OrderSetting): Promise<OrderSetting | undefined> {
    const fit = await this.likelihood(setting)
    if (fit === undefined || !isOfSimulator(fit)) return undefined
    return { ...setting, exponent: likelyExponent(fit) }
  }

  /** Returns the setting with the best latency for its exponent. */
  async latency(from: OrderSetting): Promise<OrderSetting> {
    let setting = await this.#zoom(from, scaledLatencies, FINE_FACTORS)
    for (const factors of FINEST_FACTORS) {
      setting = await this.#zoom(setting, scaledLatencies, factors)
    }
    return setting
  }

  /** Returns the best around a setting, and goes on from there while it is the outermost one. */
  async #zoom(
    from: OrderSetting,
    around: (setting: OrderSetting, factors: readonly number[]) => OrderSetting[],
    factors: readonly number[],
  ): Promise<OrderSetting> {
    let setting = from
    for (let step = 0; step < ZOOM_STEPS_MAX; step++) {
      const settings = around(setting, factors)
      const best = await this.best(settings)
      const isInside = best !== settings[0] && best !== settings.at(-1)
      if (isInside || settings.length === 1) return best
      setting = best
    }
    return setting
  }

  /** The judging half under a setting. */
  async judged(setting: OrderSetting): Promise<readonly OrderPair[]> {
    const { pairs } = await this.#try(setting)
    return pairs.filter(({ actual }) => !decides(actual.id, this.#task.seed))
  }

  /** The interval of one number: where the least cost falls over resamples of the orders. */
  interval(setting: OrderSetting, name: 'entryNs' | 'exponent', seed: number): FittedNumber {
    const other = name === 'entryNs' ? 'exponent' : 'entryNs'
    const rivals = [...this.#tried.values()]
      .filter((tried) => tried.setting[other] === setting[other])
      .sort((a, b) => a.setting[name]! - b.setting[name]!)
    const prng = Prng.keyed([seed, rivals.length])
    const orders = this.decidingOrders
    const [lows, highs] = [new Float64Array(RESAMPLES), new Float64Array(RESAMPLES)]
    const sums = new Float64Array(rivals.length)
    for (let sample = 0; sample < RESAMPLES; sample++) {
      sums.fill(0)
      for (let k = 0; k < orders; k++) {
        const order = prng.nextInt(orders)
        for (let r = 0; r < rivals.length; r++) sums[r]! += rivals[r]!.costs[order]!
      }
      const least = Math.min(...sums)
      // What costs the same cannot be told apart: a resample speaks for all of its plateau.
      const equals = rivals.filter((_, r) => sums[r] === least)
      lows[sample] = equals[0]!.setting[name]!
      highs[sample] = equals.at(-1)!.setting[name]!
    }
    const { low } = percentiles(lows.sort())
    const { high } = percentiles(highs.sort())
    const steps = rivals.map((tried) => tried.setting[name]!)
    return { value: setting[name]!, ...withinSteps({ low, high }, steps) }
  }

  async #try(setting: OrderSetting): Promise<Tried> {
    const key = `${setting.entryNs} ${setting.exponent}`
    const known = this.#tried.get(key)
    if (known !== undefined) return known
    const pairs = pairOrders(await this.#task.simulate(setting), this.#task.actual)
    const deciding = pairs.filter(({ actual }) => decides(actual.id, this.#task.seed))
    const costs = Float64Array.from(deciding, (pair) => costOf(pair))
    const tried = { setting, pairs, costs, mean: exactSum([...costs]) / costs.length }
    this.#tried.set(key, tried)
    return tried
  }
}

/** Widens an interval half-way to the next settings that were tried: between them nothing is known. */
function withinSteps({ low, high }: Interval, steps: readonly number[]): Interval {
  const below = steps.findLast((step) => step < low) ?? low
  const above = steps.find((step) => step > high) ?? high
  return { low: (low + below) / 2, high: (high + above) / 2 }
}

/** True for the half of the orders that decides. */
function decides(id: number, seed: number): boolean {
  return Prng.keyed([seed, id, Math.floor(id / 2 ** 32)]).next() < 0.5
}

/** Multiples of the start, and what the account itself says of its deciding half. */
export function latenciesFrom(
  start: OrderSetting,
  { actual, seed }: CalibrationTask,
): OrderSetting[] {
  const base = Math.max(start.entryNs, LATENCY_NS_MIN)
  const told = [...actual.values()]
    .filter(({ id, entryNs }) => entryNs !== undefined && entryNs >= 0 && decides(id, seed))
    .map(({ entryNs }) => entryNs!)
    .sort((a, b) => a - b)
  const all = [start.entryNs, ...LATENCY_FACTORS.map((factor) => Math.round(base * factor))]
  if (told.length > 0) all.push(told[told.length >> 1]!)
  return [...new Set(all)].sort((a, b) => a - b).map((entryNs) => ({ ...start, entryNs }))
}

function scaledLatencies(setting: OrderSetting, factors: readonly number[]): OrderSetting[] {
  const all = new Set(factors.map((factor) => Math.round(setting.entryNs * factor)))
  return [...all].map((entryNs) => ({ ...setting, entryNs }))
}

function scaledExponents(setting: OrderSetting, factors: readonly number[]): OrderSetting[] {
  const { exponent } = setting
  if (exponent === undefined) return [setting]
  return factors.map((factor) => ({
    ...setting,
    exponent: Number((exponent * factor).toPrecision(4)),
  }))
}

/**
 * True when a fit by likelihood is of the rule without chance, which is the simulator's, and enough
 * orders were filled for its interval to mean something.
 */
export function isOfSimulator({ wholeShare, filled, isOpenBelow, isOpenAbove }: QueueFit): boolean {
  return wholeShare === 0 && filled >= FILLED_MIN && !isOpenBelow && !isOpenAbove
}

/** The exponent of a fit as settings have it. */
export function likelyExponent({ exponent }: QueueFit): number {
  return Number(exponent.toPrecision(4))
}
