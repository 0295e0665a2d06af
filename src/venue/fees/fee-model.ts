/** Fee models: what a fill costs. */
import { LobtraderError, decimalText } from '../../core/index.ts'
import type { Side } from '../../market/index.ts'

/** What a fee may depend on. The caller may reuse one record: a meter keeps none. */
export interface FeeFill {
  /** Identity of the order: what is bounded per order is counted by it. */
  order: object
  side: Side
  isMaker: boolean
  /** Traded value (>= 0) in the settlement currency. */
  value: number
  /** Traded size (> 0) in base units, shares or contracts. */
  size: number
  /** Exchange clock, ns since the run's epoch, a UTC midnight. */
  time: number
}

/** The fees of one account: counts whatever they depend on, such as the volume so far. */
export interface FeeMeter {
  /**
   * Returns the fee of a fill in the settlement currency, negative for a rebate. To be called once
   * a fill, in order of time.
   */
  fee(fill: Readonly<FeeFill>): number
}

/** How fees are charged. */
export interface FeeModel {
  readonly name: string
  /** Returns a meter that has seen no fill, for one account of one run. */
  meter(): FeeMeter
}

/** Maker and taker rates in basis points of the traded value; negative is a rebate. */
export interface MakerTakerRates {
  readonly makerBps: number
  readonly takerBps: number
}

/**
 * A share of the traded value, by maker or taker.
 *
 * @throws LobtraderError BAD_ARGUMENT when a rate is not finite
 */
export function makerTakerFees(rates: MakerTakerRates): FeeModel {
  const { makerBps, takerBps } = rates
  checkRate('makerBps', makerBps)
  checkRate('takerBps', takerBps)
  const meter: FeeMeter = {
    fee: ({ value, isMaker }) => (value * (isMaker ? makerBps : takerBps)) / 1e4,
  }
  return {
    name: `maker ${decimalText(makerBps)} bps, taker ${decimalText(takerBps)} bps`,
    meter: () => meter,
  }
}

/** Fees that are charged together; the names stand in order. */
export function sumOfFees(models: readonly FeeModel[]): FeeModel {
  return {
    name: models.map(({ name }) => name).join(', '),
    meter: () => {
      const meters = models.map((model) => model.meter())
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

/** @throws LobtraderError BAD_ARGUMENT when a rate is not finite */
export function checkRate(name: string, value: number): void {
  if (Number.isFinite(value)) return
  throw new LobtraderError('BAD_ARGUMENT', `fee ${name} must be a finite number, was ${value}`, {
    value: String(value),
  })
}
