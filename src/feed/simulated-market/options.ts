/** What the simulated market is made of: every parameter with its unit and source. */
import { LobtraderError } from '../../core/index.ts'
import { Instrument } from '../../market/index.ts'

/**
 * Parameters of {@link simulateMarket}.
 *
 * Rates are those of Cont, Stoikov & Talreja (2010), "A Stochastic Model for Order Book Dynamics",
 * Operations Research 58(3), section 3.2, table of parameters estimated for Sky Perfect
 * Communications: orders per minute, one side, distance in ticks from the opposite best price. The
 * paper's clock is that of a Tokyo stock; `tempo` runs it faster, which leaves the shape of the
 * book and of the spread as they are.
 */
export interface SimulatedMarketOptions {
  /** Seeds every random draw. */
  readonly seed: number
  /** Length of the session, ns. */
  readonly durationNs: number
  /** Start of the session, Unix ns. */
  readonly startNs: bigint
  readonly instrument: Instrument
  /** Fundamental price when the session starts, quote units. */
  readonly startPrice: number
  /** Market minutes per minute. */
  readonly tempo: number
  /** Limit orders per market minute at 1, 2, ... ticks; the table's lambda(i). */
  readonly limitRates: readonly number[]
  /** Scale of the power law `scale / i^exponent` behind the end of `limitRates`; the table's k. */
  readonly limitRateScale: number
  /** Exponent of that power law; the table's alpha. */
  readonly limitRateExponent: number
  /** Largest distance at which limit orders arrive, ticks. */
  readonly limitDistanceMax: number
  /** Market orders per market minute, one side, with no news; the table's mu. */
  readonly marketRate: number
  /** Share of its orders cancelled per market minute at 1, 2, ... ticks, the last one also behind
   * the end; the table's theta(i). */
  readonly cancelRates: readonly number[]
  /** Mean limit order, base units or contracts. */
  readonly limitSizeMean: number
  /** Standard deviation of the logarithm of limit order sizes, which are log-normal: Maslov & Mills
   * (2001), "Price fluctuations from the order book perspective", Physica A 299, section 2. */
  readonly limitSizeLogDeviation: number
  /** Mean market order, base units or contracts. Equal to that of limit orders, because the table's
   * mu counts market orders in units of the mean limit order. */
  readonly marketSizeMean: number
  /** Tail exponent of market order sizes, > 1: Maslov & Mills (2001) measure a density exponent of
   * 2.4, which is a tail of 1.4. */
  readonly marketSizeTail: number
  /** Price protection: a market order takes nothing more than this many ticks behind the best
   * price that it met; the rest of it expires. */
  readonly sweepTicksMax: number
  /** Volatility of the fundamental price, a Brownian motion, quote units per sqrt(second). */
  readonly fundamentalVolatility: number
  /** Drift of the fundamental price, quote units per second. */
  readonly fundamentalDrift: number
  /** Share of market orders, in 0..1, whose side follows the fundamental rather than a coin when
   * the price is far from it: the informed flow. */
  readonly informedShare: number
  /** The like for the side of limit orders and for the choice of orders to cancel, in 0..1. */
  readonly quoteTilt: number
  /** Distance of the mid from the fundamental at which the flow leans tanh(1) = 76 % of the way,
   * ticks. */
  readonly tiltTicks: number
  /** Smallest travel time of a message from the venue to us, ns. */
  readonly feedLatencyNs: number
  /** Mean of the exponential delay on top, ns; messages do not overtake one another. */
  readonly feedJitterNs: number
}

/** A made-up perpetual: tick 0.1, lot 0.001. */
export const SIMULATED_INSTRUMENT = new Instrument({
  venue: 'simulated',
  symbol: 'SIM',
  kind: 'linear-perpetual',
  base: 'SIM',
  quote: 'USD',
  tickSize: '0.1',
  lotSize: '0.001',
  multiplier: '1',
})

/**
 * Half an hour of a lively perpetual at 1,000: 12.5 market orders, 23 trades and 630 level changes a
 * second, a tick of one basis point.
 *
 * Over 200 seeds of five minutes: the spread is 1 to 3 ticks 97 % of the time (1 tick 78 %), no
 * side is ever empty, the realised volatility at 10 s is 0.31 +- 0.04 quote units per sqrt(second),
 * 174 % a year; at 100 ms it is 0.45, as trades bounce. The mid goes 0.3 ticks with a market order
 * within a second: at the touch a maker earns a fraction of a tick before it is picked off, the
 * sweeps behind the touch are what pays. For comparison, Binance USD-M BTCUSDT in the six minutes
 * before 2024-08-09 had 15.6 market orders, 62 trades and 1,288 level changes a second.
 */
export const SIMULATED_MARKET_DEFAULTS: SimulatedMarketOptions = {
  seed: 1,
  durationNs: 1800e9,
  // 2024-01-02T00:00Z
  startNs: 1_704_153_600_000_000_000n,
  instrument: SIMULATED_INSTRUMENT,
  startPrice: 1000,
  // 12.5 market orders a second: between a quiet and a busy hour of a large perpetual.
  tempo: 400,
  limitRates: [1.85, 1.51, 1.09, 0.88, 0.77],
  limitRateScale: 1.92,
  limitRateExponent: 0.52,
  limitDistanceMax: 50,
  marketRate: 0.94,
  cancelRates: [0.71, 0.81, 0.68, 0.56, 0.47],
  limitSizeMean: 0.5,
  limitSizeLogDeviation: 1,
  marketSizeMean: 0.5,
  marketSizeTail: 1.4,
  sweepTicksMax: 10,
  fundamentalVolatility: 0.3,
  fundamentalDrift: 0,
  informedShare: 0.2,
  quoteTilt: 0.5,
  tiltTicks: 4,
  feedLatencyNs: 1e6,
  feedJitterNs: 0.3e6,
}

type NumericOption = {
  [K in keyof SimulatedMarketOptions]: SimulatedMarketOptions[K] extends number ? K : never
}[keyof SimulatedMarketOptions]

/** Smallest and largest value of each number, and whether it must be whole. */
const RANGES: Readonly<Record<NumericOption, readonly [number, number, 'whole'?]>> = {
  seed: [-(2 ** 31), 2 ** 32 - 1, 'whole'],
  durationNs: [1, 100 * 86_400e9, 'whole'],
  startPrice: [0, 1e9],
  tempo: [1e-3, 1e6],
  limitRateScale: [0, 1e6],
  limitRateExponent: [0, 100],
  limitDistanceMax: [1, 2048, 'whole'],
  marketRate: [0, 1e6],
  limitSizeMean: [0, 1e9],
  limitSizeLogDeviation: [0, 5],
  marketSizeMean: [0, 1e9],
  marketSizeTail: [1.01, 100],
  sweepTicksMax: [0, 2048, 'whole'],
  fundamentalVolatility: [0, 1e6],
  fundamentalDrift: [-1e6, 1e6],
  informedShare: [0, 1],
  quoteTilt: [0, 1],
  tiltTicks: [1e-3, 1e6],
  feedLatencyNs: [0, 60e9, 'whole'],
  feedJitterNs: [0, 60e9],
}

/**
 * Fills in the defaults and checks every parameter.
 *
 * @throws LobtraderError BAD_ARGUMENT naming the parameter, its value and its range
 */
export function simulatedMarketOptions(
  options: Partial<SimulatedMarketOptions>,
): SimulatedMarketOptions {
  const all: SimulatedMarketOptions = { ...SIMULATED_MARKET_DEFAULTS, ...options }
  for (const [name, [low, high, whole]] of Object.entries(RANGES)) {
    const value = all[name as NumericOption]
    const isRight =
      value >= low && value <= high && (whole === undefined || Number.isInteger(value))
    if (!isRight)
      throw badOption(name, value, `a ${whole ?? 'finite'} number from ${low} to ${high}`)
  }
  for (const name of ['limitRates', 'cancelRates'] as const) {
    const rates = all[name]
    const isRight = rates.length > 0 && rates.every((rate) => rate > 0 && rate <= 1e6)
    if (!isRight) throw badOption(name, rates.join(', '), 'one or more positive rates')
  }
  const { instrument, startPrice, limitDistanceMax } = all
  if (startPrice < instrument.price(8 * limitDistanceMax)) {
    throw badOption('startPrice', startPrice, `${instrument.price(8 * limitDistanceMax)} or more`)
  }
  return all
}

function badOption(name: string, value: number | string, expected: string): LobtraderError {
  return new LobtraderError(
    'BAD_ARGUMENT',
    `${name} of the simulated market must be ${expected}, was ${value}`,
    { field: name, value: String(value) },
  )
}
