/** The rules of a venue over one instrument: why an order is refused, when its day ends. */
import type { Instrument } from '../../market/index.ts'
import { DAY_NS } from '../../time/index.ts'
import { TickTable } from './tick-table.ts'
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

/** @see module comment */
export class RuleBook {
  readonly rules: CheckedRules
  /** False where the venue refuses nothing that a core takes. */
  readonly hasAny: boolean
  readonly ticks: TickTable
  readonly #instrument: Instrument
  readonly #epochNs: bigint

  /** @throws LobtraderError BAD_ARGUMENT when a rule makes no sense, or not for this instrument */
  constructor(rules: VenueRules, instrument: Instrument, epochNs: bigint) {
    this.rules = checkedRules(rules)
    this.hasAny = Object.keys(rules).length > 0
    this.#instrument = instrument
    this.#epochNs = epochNs
    this.ticks = new TickTable(rules, instrument)
  }

  /** Why the venue does not take an order; undefined when it does. */
  refusal(order: RuledOrder, prices: SourcePrices): string | undefined {
    return this.ticks.offTick(order.priceTicks) ?? this.#badSize(order, prices)
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
}
