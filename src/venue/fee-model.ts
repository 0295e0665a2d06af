/** Fee models: what a fill costs. */
import { LobtraderError } from '../core/index.ts'

/** Fee in the settlement currency for a fill of a traded value (>= 0); negative is a rebate. */
export interface FeeModel {
  readonly name: string
  fee(value: number, isMaker: boolean): number
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
  for (const [side, bps] of Object.entries(rates)) {
    if (!Number.isFinite(bps)) {
      throw new LobtraderError('BAD_ARGUMENT', `fee ${side} must be a finite number, was ${bps}`, {
        value: String(bps),
      })
    }
  }
  const { makerBps, takerBps } = rates
  return {
    name: `maker ${makerBps} bps, taker ${takerBps} bps`,
    fee: (value, isMaker) => (value * (isMaker ? makerBps : takerBps)) / 1e4,
  }
}

/**
 * Reads fees from text such as `maker=-0.5bps,taker=7bps`.
 *
 * @throws LobtraderError BAD_ARGUMENT
 */
export function parseFees(text: string): FeeModel {
  const rates = new Map<string, number>()
  for (const part of text.split(',')) {
    const match = /^(maker|taker)=(-?\d+(?:\.\d+)?)bps$/.exec(part.trim())
    if (match === null || rates.has(match[1]!)) {
      throw new LobtraderError(
        'BAD_ARGUMENT',
        `"${text}" is not a fee table; expected maker=RATEbps,taker=RATEbps such as maker=-0.5bps,taker=7bps`,
        { value: text },
      )
    }
    rates.set(match[1]!, Number(match[2]))
  }
  const makerBps = rates.get('maker')
  const takerBps = rates.get('taker')
  if (makerBps === undefined || takerBps === undefined) {
    throw new LobtraderError('BAD_ARGUMENT', `fees "${text}" must name both maker and taker`, {
      value: text,
    })
  }
  return makerTakerFees({ makerBps, takerBps })
}
