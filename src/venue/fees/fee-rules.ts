/** Fees by rules: on value, on each share or contract, on each fill; by side; bounded per order. */
import { LobtraderError, decimalText } from '../../core/index.ts'
import { checkRate, type FeeFill, type FeeMeter, type FeeModel } from './fee-model.ts'

/** One thing that is charged. */
export interface FeeRule {
  /** What `rate` counts: the traded value, each unit of size, each fill. */
  readonly per: 'value' | 'unit' | 'fill'
  /**
   * Basis points of the value, or settlement currency for a unit (share, contract, base unit) or a
   * fill; negative is a rebate.
   */
  readonly rate: number
  /** Charged to resting or to taking fills only; default both. */
  readonly liquidity?: 'maker' | 'taker'
  /** Charged on purchases or on sales only; default both. */
  readonly side?: 'buy' | 'sell'
  /** Bounds of what this rule charges an order over all its fills; without fills it costs nothing. */
  readonly order?: OrderBounds
}

/** Bounds of what an order is charged, in the settlement currency. The maximum wins over the minimum. */
export interface OrderBounds {
  readonly min?: number
  readonly max?: number
  /** As a share of the order's traded value: 0.01 is one per cent. */
  readonly maxShare?: number
}

/**
 * Fees that are the sum of what each rule charges.
 *
 * Example, a US broker's tiered price for shares: 0.0035 USD a share, at least 0.35 and at most 1 %
 * of the value an order, with the levies on sales: `[{ per: 'unit', rate: 0.0035, order: { min: 0.35,
 * maxShare: 0.01 } }, { per: 'value', rate: 0.278, side: 'sell' }]`.
 *
 * @throws LobtraderError BAD_ARGUMENT when a rate or bound is not finite, or a bound is negative
 */
export function ruleFees(
  rules: readonly FeeRule[],
  name = rules.map(ruleText).join(', '),
): FeeModel {
  for (const rule of rules) checkRule(rule)
  return {
    name,
    meter: () => {
      const meters = rules.map(meterOf)
      return {
        fee: (fill) => {
          let sum = 0
          for (const meter of meters) sum += meter.fee(fill)
          return sum
        },
      }
    },
  }
}

/** Counts what an order has been charged, so that its bounds hold over all its fills. */
export class BoundedCharge {
  readonly #bounds: OrderBounds
  readonly #orders = new WeakMap<object, { raw: number; value: number; charged: number }>()

  constructor(bounds: OrderBounds) {
    this.#bounds = bounds
  }

  /** Returns what a fill is charged that would cost `raw` without bounds. */
  charge(fill: Readonly<FeeFill>, raw: number): number {
    let order = this.#orders.get(fill.order)
    if (order === undefined)
      this.#orders.set(fill.order, (order = { raw: 0, value: 0, charged: 0 }))
    order.raw += raw
    order.value += fill.value
    const { min = 0, max = Number.POSITIVE_INFINITY, maxShare } = this.#bounds
    const most = maxShare === undefined ? max : Math.min(max, maxShare * order.value)
    const owed = Math.min(most, Math.max(min, order.raw))
    const charge = owed - order.charged
    order.charged = owed
    return charge
  }
}

/** @throws LobtraderError BAD_ARGUMENT */
export function checkBounds(bounds: OrderBounds): void {
  for (const [name, bound] of Object.entries(bounds)) {
    checkRate(`${name} per order`, bound)
    if (bound < 0) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `fee ${name} per order must be 0 or more, was ${bound}`,
        { value: bound },
      )
    }
  }
}

function checkRule(rule: FeeRule): void {
  checkRate(`rate per ${rule.per}`, rule.rate)
  if (rule.order !== undefined) checkBounds(rule.order)
}

function meterOf(rule: FeeRule): FeeMeter {
  const { per, rate, liquidity, side, order } = rule
  const wantsMaker = liquidity === undefined ? undefined : liquidity === 'maker'
  const wantedSide = side === undefined ? 0 : side === 'buy' ? 1 : -1
  const bounded = order === undefined ? undefined : new BoundedCharge(order)
  return {
    fee: (fill) => {
      if (wantsMaker !== undefined && fill.isMaker !== wantsMaker) return 0
      if (wantedSide !== 0 && fill.side !== wantedSide) return 0
      const raw =
        per === 'value' ? (fill.value * rate) / 1e4 : per === 'unit' ? fill.size * rate : rate
      return bounded === undefined ? raw : bounded.charge(fill, raw)
    },
  }
}

/** Returns a short text of a rule: `sell 0.278 bps`, `0.0035 a unit (0.35 to 1% an order)`. */
function ruleText(rule: FeeRule): string {
  const { per, rate, liquidity, side, order } = rule
  const who = [liquidity, side].filter((word) => word !== undefined).map((word) => `${word} `)
  const what = per === 'value' ? ' bps' : per === 'unit' ? ' a unit' : ' a fill'
  return `${who.join('')}${decimalText(rate)}${what}${boundsText(order)}`
}

/** Returns a text of bounds with a blank before it; empty where there are none. */
export function boundsText(bounds: OrderBounds | undefined): string {
  if (bounds === undefined) return ''
  const { min, max, maxShare } = bounds
  const parts = [
    min === undefined ? [] : [`at least ${decimalText(min)}`],
    max === undefined ? [] : [`at most ${decimalText(max)}`],
    maxShare === undefined
      ? []
      : [`at most ${decimalText(Number((maxShare * 100).toPrecision(12)))}%`],
  ].flat()
  return parts.length === 0 ? '' : ` (${parts.join(', ')} an order)`
}
