/** What every market maker can be told. */
import { z } from 'zod'
import { durationParameter } from './duration-parameter.ts'

const notNegative = (preset: number): z.ZodDefault<z.ZodNumber> =>
  z.number().nonnegative().default(preset)
const numberOrAuto = (): z.ZodDefault<z.ZodType<number | 'auto'>> =>
  z
    .union([z.literal('auto'), z.number().positive()], {
      error: "expected a positive number or 'auto'",
    })
    .default('auto')

/**
 * Parameters of every market maker. Inventory is counted in multiples of `orderSize`, prices in
 * quote units, volatility in quote units per sqrt(second).
 */
export const marketMakingParameters = z.object({
  /** gamma, 1 / quote unit: how much more than fair the maker asks for carrying inventory. */
  riskAversion: notNegative(0.5),
  /** Inventory that the maker is content with. */
  inventoryTarget: z.number().default(0),
  /** Largest inventory, long or short: no order that could exceed it is sent. */
  maxInventory: z.number().min(1).default(5),
  /** Smallest distance between bid and ask, quote units; never less than a tick. */
  minSpread: notNegative(0),
  /** T: the horizon over which inventory risk counts; it begins anew when it is over. */
  tradingPeriod: durationParameter('1s', '1ms'),
  /** How often the maker samples the mid and reconsiders its quotes. */
  rebalanceFreq: durationParameter('50ms', '1us'),
  /** How far the volatility looks back. */
  volatilityWindow: durationParameter('60s', '1ms'),
  /** Volatility until twenty changes of the mid are known. */
  defaultVolatility: notNegative(1),
  /** Inventory beyond which the excess is hedged by market order; 0: never. */
  hedgeThreshold: notNegative(0),
  /** Share of the inventory that a hedge takes off, 0..1. */
  hedgeRatio: z.number().min(0).max(1).default(0.5),
  /** Base units or contracts of one quote; 'auto': ten lots. */
  orderSize: numberOrAuto(),
  /** k, 1 / quote unit: how fast the flow thins out behind the mid; 'auto': fitted to the trades. */
  k: numberOrAuto(),
  /** k until a fit is possible. */
  defaultK: z.number().positive().default(1.5),
  /** Time after which a trade counts half in the fit of k. */
  intensityHalfLife: durationParameter('5m', '1ms'),
})
