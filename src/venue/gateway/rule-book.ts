/** The rules of a venue over one instrument: why an order is refused, when its day ends. */
import { LobtraderError, decimalText } from '../../core/index.ts'
import type { Instrument } from '../../market/index.ts'
import { DAY_NS } from '../../time/index.ts'
import type { SourcePrices } from './trigger-prices.ts'
import { checkedRules, type CheckedRules, type VenueRules } from './venue-rules.ts'

/** What of an order the rules look at. */
export interface RuledOrder {
  readonly side: number
  /** NaN for one without a limit. */
  readonly priceTicks: number
  readonly sizeLots: number
  readonly reduceOnly: boolean
}

/** No market that we know of stays closed for longer. */
const DAYS_CLOSED_MAX = 30n

interface TickBand {
  readonly fromTicks: number
  readonly stepTicks: number
  readonly tick: number
}

/** @see module comment */
export class RuleBook {
  readonly rules: CheckedRules
  /** False where the venue refuses nothing that a core takes. */
  readonly hasAny: boolean
  readonly #instrument: Instrument
  readonly #epochNs: bigint
  readonly #bands: readonly TickBand[]

  /** @throws LobtraderError BAD_ARGUMENT when a rule makes no sense, or not for this instrument */
  constructor(rules: VenueRules, instrument: Instrument, epochNs: bigint) {
    this.rules = checkedRules(rules)
    this.hasAny = Object.keys(rules).length > 0
    this.#instrument = instrument
    this.#epochNs = epochNs
    this.#bands = (this.rules.tickTable ?? []).map((band) => bandOf(instrument, band))
  }

  /** Data ticks between two prices that an order near `ticks` may have. */
  stepAt(ticks: number): number {
    return this.#bandAt(ticks)?.stepTicks ?? this.#instrument.orderTickStep
  }

  /** Why the venue does not take an order; undefined when it does. */
  refusal(order: RuledOrder, prices: SourcePrices): string | undefined {
    return this.offTick(order.priceTicks) ?? this.#badSize(order, prices)
  }

  /** Why a price is none of the venue's; undefined when it is one, or NaN. */
  offTick(ticks: number): string | undefined {
    if (Number.isNaN(ticks)) return undefined
    const band = this.#bandAt(ticks)
    if (band === undefined || ticks % band.stepTicks === 0) return undefined
    const below = Math.floor(ticks / band.stepTicks) * band.stepTicks
    const [price, low, high] = [ticks, below, below + band.stepTicks].map((each) =>
      decimalText(this.#instrument.price(each)),
    )
    return `price ${price} is not a multiple of ${decimalText(band.tick)}, the tick there; nearest ${low} and ${high}`
  }

  /** Why a limit is too far from the market; undefined when it is not, or nothing is known. */
  outOfBand(ticks: number, prices: SourcePrices): string | undefined {
    const { priceBand } = this.rules
    if (priceBand === undefined || Number.isNaN(ticks)) return undefined
    const reference = prices[priceBand.from]
    const distance = (Math.abs(ticks - reference) / Math.abs(reference)) * 100
    if (!(distance > priceBand.percent)) return undefined
    const [price, from] = [ticks, reference].map((each) => this.#instrument.price(each))
    return `price ${price} is more than ${priceBand.percent} % from ${from}, the ${priceBand.from} price`
  }

  /** When the trading day of a moment ends, ns since the epoch. */
  dayEnd(time: number): number {
    const { calendar } = this.rules
    if (calendar === undefined) return (Math.floor(time / DAY_NS) + 1) * DAY_NS
    const at = this.#epochNs + BigInt(time)
    const until = at + DAYS_CLOSED_MAX * BigInt(DAY_NS)
    const session = calendar.sessionOf(at) ?? calendar.sessionsBetween(at, until)[0]
    return session === undefined ? time : Number(session.toNs - this.#epochNs)
  }

  #badSize(order: RuledOrder, prices: SourcePrices): string | undefined {
    const { maxSize, minNotional } = this.rules
    const instrument = this.#instrument
    const size = instrument.size(order.sizeLots)
    if (maxSize !== undefined && size > maxSize) {
      return `size ${size} is above ${maxSize}, the most that the venue takes`
    }
    if (minNotional === undefined || order.reduceOnly) return undefined
    const touch = order.side > 0 ? prices.ask : prices.bid
    const ticks = Number.isNaN(order.priceTicks) ? touch : order.priceTicks
    const value = instrument.notional(size, instrument.price(ticks))
    return value < minNotional
      ? `value ${value} is below ${minNotional}, the least that the venue takes`
      : undefined
  }

  #bandAt(ticks: number): TickBand | undefined {
    return this.#bands.findLast(({ fromTicks }) => fromTicks <= ticks) ?? this.#bands[0]
  }
}

function bandOf(instrument: Instrument, band: { from: number; tick: number }): TickBand {
  const ticks = (value: number, field: string): number => {
    try {
      return instrument.ticksOf(value)
    } catch (error) {
      if (!(error instanceof LobtraderError)) throw error
      const message = `venue rule tickTable: ${field} ${value} is not on the price grid of ${instrument.symbol}, ${instrument.tickSize}`
      throw new LobtraderError('BAD_ARGUMENT', message, { value })
    }
  }
  return {
    fromTicks: ticks(band.from, 'from'),
    stepTicks: ticks(band.tick, 'tick'),
    tick: band.tick,
  }
}
