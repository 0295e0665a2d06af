/** Which trades of a tape count. */
import { LobtraderError } from '../core/index.ts'
import { SessionCursor, TradingCalendar, type MarketPhase, type Side } from '../market/index.ts'

/** A trade as a condition sees it; the same object is handed in again for the next trade. */
export interface TickFacts {
  /** When it reached us, ns since the feed's epoch. */
  readonly time: number
  /** Quote units. */
  readonly price: number
  /** Base units or contracts. */
  readonly size: number
  /** Side of the aggressor, 0 where the venue does not tell. */
  readonly side: Side | 0
}

/** Hours of every day, by the clocks of a zone. */
export interface HoursFilter {
  /** `09:30`, included. */
  readonly from: string
  /** `16:00`, not included; at or before `from`: on the next day. */
  readonly to: string
  /** Default: `UTC`. */
  readonly timeZone?: string | undefined
}

/** Phases of a calendar. */
export interface SessionFilter {
  readonly calendar: TradingCalendar
  /** Default: auctions and continuous trading. */
  readonly phases?: readonly MarketPhase[] | undefined
  /** Names of parts of the day, such as `regular`; default: all. */
  readonly parts?: readonly string[] | undefined
}

/** Bounds that a trade must keep to; those left out let everything pass. Bounds are inclusive. */
export interface TickFilter {
  /** Base units or contracts. */
  readonly minSize?: number | undefined
  readonly maxSize?: number | undefined
  /** Quote units. */
  readonly minPrice?: number | undefined
  readonly maxPrice?: number | undefined
  /** Side of the aggressor. */
  readonly side?: Side | undefined
  /** Time of day at which the trade reached us. */
  readonly hours?: HoursFilter | undefined
  /** Phase of the market in which it reached us. */
  readonly session?: SessionFilter | undefined
  /** Any other condition. */
  readonly where?: ((trade: TickFacts) => boolean) | undefined
}

/** Phases in which a market trades. */
export const TRADING_PHASES: readonly MarketPhase[] = ['auction', 'continuous']

/** Filters made ready for the times of one feed. */
export class TickSieve {
  readonly #checks: readonly ((trade: TickFacts) => boolean)[]
  readonly #trade: { time: number; price: number; size: number; side: Side | 0 } = {
    time: 0,
    price: 0,
    size: 0,
    side: 0,
  }

  /** @throws LobtraderError BAD_ARGUMENT for hours that are none or an unknown zone */
  constructor(filters: readonly TickFilter[], epochNs: bigint) {
    this.#checks = filters.flatMap((filter) => checksOf(filter, epochNs))
  }

  /** True when a trade passes every filter. */
  passes(time: number, side: Side | 0, price: number, size: number): boolean {
    const trade = this.#trade
    trade.time = time
    trade.side = side
    trade.price = price
    trade.size = size
    for (let i = 0; i < this.#checks.length; i++) if (!this.#checks[i]!(trade)) return false
    return true
  }
}

function checksOf(filter: TickFilter, epochNs: bigint): ((trade: TickFacts) => boolean)[] {
  const { minSize, maxSize, minPrice, maxPrice, side, hours, session, where } = filter
  const checks: ((trade: TickFacts) => boolean)[] = []
  if (side !== undefined) checks.push((trade) => trade.side === side)
  if (minSize !== undefined) checks.push((trade) => trade.size >= minSize)
  if (maxSize !== undefined) checks.push((trade) => trade.size <= maxSize)
  if (minPrice !== undefined) checks.push((trade) => trade.price >= minPrice)
  if (maxPrice !== undefined) checks.push((trade) => trade.price <= maxPrice)
  if (hours !== undefined) checks.push(sessionCheck({ calendar: hoursCalendar(hours) }, epochNs))
  if (session !== undefined) checks.push(sessionCheck(session, epochNs))
  if (where !== undefined) checks.push(where)
  return checks
}

function sessionCheck(filter: SessionFilter, epochNs: bigint): (trade: TickFacts) => boolean {
  const { calendar, phases = TRADING_PHASES, parts } = filter
  const cursor = new SessionCursor(calendar, epochNs)
  let isIn = false
  return ({ time }) => {
    if (cursor.moveTo(time)) {
      isIn = phases.includes(cursor.phase) && (parts === undefined || parts.includes(cursor.name))
    }
    return isIn
  }
}

/** Hours of every day are the sessions of a market that trades then. */
function hoursCalendar({ from, to, timeZone = 'UTC' }: HoursFilter): TradingCalendar {
  if (from === to) {
    throw new LobtraderError('BAD_ARGUMENT', `hours from ${from} to ${to} are none; leave them out`)
  }
  const plan = [{ phase: 'continuous', from, to: to < from ? `+1d ${to}` : to } as const]
  const week = { sun: plan, mon: plan, tue: plan, wed: plan, thu: plan, fri: plan, sat: plan }
  return new TradingCalendar({ name: `hours ${from} to ${to}`, timeZone, week })
}
