/** Measures how full the present bar is. */
import { ensureNever } from '../../core/index.ts'
import type { Instrument } from '../../market/index.ts'
import type { AdaptiveImbalanceRule, BarRule } from './bar-rule.ts'
import { TickRule } from './tick-rule.ts'

/** Takes the trades of a bar; sums of decimals may fall short of a threshold by float noise. */
export interface BarMeter {
  take(side: number, price: number, size: number): void
  readonly isFull: boolean
  /**
   * The bar has been given out: the next one begins.
   *
   * @param isWhole false when the end of a session cut it
   */
  restart(isWhole: boolean): void
}

/** Share of a threshold that counts as the whole of it. */
const NEARLY = 1 - 1e-12

/** Returns the meter of a rule; that of bars by time or by tick is never full. */
export function barMeter(rule: BarRule, instrument: Instrument): BarMeter {
  switch (rule.by) {
    case 'tick':
    case 'time':
      return new SumMeter(() => 0, Number.POSITIVE_INFINITY)
    case 'trades':
      return new SumMeter(() => 1, rule.count)
    case 'volume':
      return new SumMeter((_side, _price, size) => size, rule.size)
    case 'value':
      return new SumMeter((_side, price, size) => instrument.notional(size, price), rule.value)
    case 'imbalance':
      return new SumMeter((side, _price, size) => side * size, rule.size)
    case 'adaptive-imbalance':
      return new AdaptiveMeter(rule, instrument)
    default:
      return ensureNever(rule)
  }
}

type TradeMeasure = (side: number, price: number, size: number) => number

class SumMeter implements BarMeter {
  readonly #measure: TradeMeasure
  readonly #threshold: number
  #sum = 0

  constructor(measure: TradeMeasure, threshold: number) {
    this.#measure = measure
    this.#threshold = threshold
  }

  get isFull(): boolean {
    return Math.abs(this.#sum) >= this.#threshold * NEARLY
  }

  take(side: number, price: number, size: number): void {
    this.#sum += this.#measure(side, price, size)
  }

  restart(): void {
    this.#sum = 0
  }
}

/** See {@link AdaptiveImbalanceRule}. */
class AdaptiveMeter implements BarMeter {
  readonly #rule: AdaptiveImbalanceRule
  readonly #instrument: Instrument
  readonly #signs = new TickRule()
  readonly #barAlpha: number
  readonly #tradeAlpha: number
  #expectedTrades: number
  /** NaN until the first bar has given it. */
  #expectedImbalance: number
  /** The mean of signed trades with those of the present bar, which the next bar expects. */
  #mean: number
  #trades = 0
  #theta = 0

  constructor(rule: AdaptiveImbalanceRule, instrument: Instrument) {
    this.#rule = rule
    this.#instrument = instrument
    const { expectedTrades, barSpan = 20, tradeSpan = barSpan * expectedTrades } = rule
    this.#barAlpha = 2 / (barSpan + 1)
    this.#tradeAlpha = 2 / (tradeSpan + 1)
    this.#expectedTrades = expectedTrades
    this.#expectedImbalance = rule.expectedImbalance ?? Number.NaN
    this.#mean = this.#expectedImbalance
  }

  get isFull(): boolean {
    if (this.#trades === 0) return false
    if (Number.isNaN(this.#expectedImbalance)) return this.#trades >= this.#expectedTrades
    const threshold = this.#expectedTrades * Math.abs(this.#expectedImbalance)
    return Math.abs(this.#theta) >= threshold * NEARLY
  }

  take(side: number, price: number, size: number): void {
    const tickSign = this.#signs.next(price)
    const sign = side === 0 ? tickSign : side
    const { of } = this.#rule
    const amount =
      of === 'trades' ? 1 : of === 'volume' ? size : this.#instrument.notional(size, price)
    const signed = sign * amount
    this.#trades++
    this.#theta += signed
    this.#mean += this.#tradeAlpha * (signed - this.#mean)
  }

  restart(isWhole: boolean): void {
    if (Number.isNaN(this.#expectedImbalance)) {
      if (this.#trades > 0 && isWhole) this.#mean = this.#theta / this.#trades
    }
    this.#expectedImbalance = this.#mean
    // A bar that was cut says nothing about how long bars are.
    if (isWhole) {
      const [least, most] = this.#rule.tradesBounds ?? [0, Number.POSITIVE_INFINITY]
      const trades = this.#expectedTrades + this.#barAlpha * (this.#trades - this.#expectedTrades)
      this.#expectedTrades = Math.min(most, Math.max(least, trades))
    }
    this.#trades = 0
    this.#theta = 0
  }
}
