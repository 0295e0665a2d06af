/** The price steps of a venue by price, and which order prices they leave. */
import { LobtraderError, decimalText } from '../../core/index.ts'
import type { Instrument, RoundMode } from '../../market/index.ts'
import { checkedRules, type VenueRules } from './venue-rules.ts'

interface TickBand {
  readonly fromTicks: number
  readonly stepTicks: number
  /** Data ticks between prices that are on the grid of orders too. */
  readonly orderStepTicks: number
  readonly tick: number
}

/** A middle between two prices is one in spite of the noise of a few roundings of a double. */
const NOISE_TICKS = 1e-6

/** The tick table of a venue's rules over one instrument; without one its own order grid counts. */
export class TickTable {
  readonly #instrument: Instrument
  readonly #bands: readonly TickBand[]

  /** @throws LobtraderError BAD_ARGUMENT when a price of the table is not on the instrument's grid */
  constructor(rules: VenueRules, instrument: Instrument) {
    this.#instrument = instrument
    this.#bands = (checkedRules(rules).tickTable ?? []).map((band) => bandOf(instrument, band))
  }

  /** Data ticks between two prices that an order near `ticks` may have. */
  stepAt(ticks: number): number {
    return this.#bands[this.#bandAt(ticks)]?.stepTicks ?? this.#instrument.orderTickStep
  }

  /** Why a price is none of the venue's; undefined when it is one, or NaN. */
  offTick(ticks: number): string | undefined {
    if (Number.isNaN(ticks)) return undefined
    const band = this.#bands[this.#bandAt(ticks)]
    if (band === undefined || ticks % band.stepTicks === 0) return undefined
    const [price, low, high] = [ticks, this.atMost(ticks), this.atLeast(ticks)].map((each) =>
      decimalText(this.#instrument.price(each)),
    )
    return `price ${price} is not a multiple of ${decimalText(band.tick)}, the tick there; nearest ${low} and ${high}`
  }

  /**
   * Returns the data tick of the order price for any price in quote units; of two that are equally
   * near, the upper one.
   *
   * @throws LobtraderError NOT_FINITE when `price` is NaN or infinite
   */
  roundToTicks(price: number, mode: RoundMode): number {
    const instrument = this.#instrument
    if (this.#bands.length === 0) return instrument.roundToTicks(price, mode)
    if (mode === 'down') return this.atMost(instrument.roundToTicks(price, 'down'))
    if (mode === 'up') return this.atLeast(instrument.roundToTicks(price, 'up'))
    const low = this.roundToTicks(price, 'down')
    const high = this.roundToTicks(price, 'up')
    return price / instrument.tickSize < (low + high) / 2 - NOISE_TICKS ? low : high
  }

  /** The highest order price at or below `ticks`, in data ticks. */
  atMost(ticks: number): number {
    const bands = this.#bands
    if (bands.length === 0) return below(ticks, this.#instrument.orderTickStep)
    let most = ticks
    // A step need not divide the start of its band: what lies below that is of the band before.
    for (let i = this.#bandAt(ticks); ; i--) {
      const { fromTicks, orderStepTicks } = bands[i]!
      const found = below(most, orderStepTicks)
      if (i === 0 || found >= fromTicks) return found
      most = fromTicks - 1
    }
  }

  /** The lowest order price at or above `ticks`, in data ticks. */
  atLeast(ticks: number): number {
    const bands = this.#bands
    if (bands.length === 0) return above(ticks, this.#instrument.orderTickStep)
    let least = ticks
    for (let i = this.#bandAt(ticks); ; i++) {
      const found = above(least, bands[i]!.orderStepTicks)
      const next = bands[i + 1]
      if (next === undefined || found < next.fromTicks) return found
      least = next.fromTicks
    }
  }

  /** Index of the band in which a price lies; prices below the first are of the first. */
  #bandAt(ticks: number): number {
    return Math.max(
      0,
      this.#bands.findLastIndex(({ fromTicks }) => fromTicks <= ticks),
    )
  }
}

const below = (ticks: number, step: number): number => Math.floor(ticks / step) * step
const above = (ticks: number, step: number): number => Math.ceil(ticks / step) * step

function bandOf(instrument: Instrument, band: { from: number; tick: number }): TickBand {
  const ticks = (value: number, field: string): number => {
    try {
      return instrument.ticksOf(value)
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      const message = `venue rule tickTable: ${field} ${value} is not on the price grid of ${instrument.symbol}, ${instrument.tickSize}`
      throw new LobtraderError('BAD_ARGUMENT', message, { rule: 'tickTable', value })
    }
  }
  const stepTicks = ticks(band.tick, 'tick')
  return {
    fromTicks: ticks(band.from, 'from'),
    stepTicks,
    orderStepTicks: leastCommonMultiple(stepTicks, instrument.orderTickStep),
    tick: band.tick,
  }
}

function leastCommonMultiple(a: number, b: number): number {
  let [divisor, rest] = [a, b]
  while (rest > 0) [divisor, rest] = [rest, divisor % rest]
  return (a / divisor) * b
}
