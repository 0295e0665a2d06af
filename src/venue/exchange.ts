/** The seam between the engine and a model of an exchange. */
import { NO_ASK, NO_BID, movesPhase, type Ladder, type TouchMark } from '../book/index.ts'
import {
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  type EventColumns,
  type Side,
} from '../market/index.ts'

/** The types that a model of an exchange knows; the gateway before it makes all others of them. */
export type CoreOrderType = 'limit' | 'market'

/** The times in force that a model of an exchange knows. */
export type CoreTimeInForce = 'GTC' | 'GTX' | 'IOC' | 'FOK'

/** A new order as it arrives at the exchange, in integers. */
export interface ExchangeOrder {
  /** Names the order at this exchange: 0, 1, ... over the orders of all owners. */
  readonly index: number
  readonly side: Side
  readonly type: CoreOrderType
  readonly timeInForce: CoreTimeInForce
  readonly priceTicks: number
  /** The whole size, also where a part of it has filled. */
  readonly sizeLots: number
  /** Whose order it is, where several trade in one run: 0, 1, ... */
  readonly owner: number
}

/** What the exchange says of our orders. Times are ns since the epoch on its clock. */
export interface ExchangeReports {
  /** The order rests; `queueAheadLots` stand before it. */
  accepted(index: number, exchTime: number, queueAheadLots: number): void
  /** The order traded. `queueAheadLots` is the place just before a maker fill, NaN for a taker. */
  filled(index: number, exchTime: number, fill: ExchangeFill): void
  cancelled(index: number, exchTime: number): void
  expired(index: number, exchTime: number, reason: string): void
  rejected(index: number, exchTime: number, reason: string): void
  /** A cancel came too late or named no resting order; the order itself is untouched. */
  cancelRejected(index: number, exchTime: number, reason: string): void
  /** The order has new terms; `queueAheadLots` stand before it, NaN where it does not rest. */
  amended(index: number, exchTime: number, terms: AmendedTerms): void
  /** An amendment came too late or asked for the impossible; the order itself is untouched. */
  amendRejected(index: number, exchTime: number, reason: string): void
}

/** The terms of an order after an amendment. */
export interface AmendedTerms {
  readonly priceTicks: number
  readonly sizeLots: number
  readonly queueAheadLots: number
}

/** One execution of one of our orders. */
export interface ExchangeFill {
  readonly priceTicks: number
  readonly sizeLots: number
  readonly isMaker: boolean
  readonly queueAheadLots: number
}

/** One of our orders that rests at the exchange. */
export interface OwnResting {
  readonly index: number
  readonly side: Side
  readonly priceTicks: number
  /** What of it can still trade. */
  readonly openLots: number
  readonly owner: number
  /** Lots of others that stand before it at its price, as the queue model has it; 0 or more. */
  readonly aheadLots: number
}

/**
 * Prices, in ticks, that stop the tape right after the row that reaches one. While all are out of
 * reach, as they are from the start, the tape runs at full speed.
 */
export class PriceWatch {
  /** True when anything is watched. */
  isSet = false
  bidAtLeast = Number.POSITIVE_INFINITY
  bidAtMost = Number.NEGATIVE_INFINITY
  askAtLeast = Number.POSITIVE_INFINITY
  askAtMost = Number.NEGATIVE_INFINITY
  tradeAtLeast = Number.POSITIVE_INFINITY
  tradeAtMost = Number.NEGATIVE_INFINITY
  /** Best bid + best ask: twice the mid. */
  midSumAtLeast = Number.POSITIVE_INFINITY
  midSumAtMost = Number.NEGATIVE_INFINITY
  /** The mark price that funding rows tell. */
  markAtLeast = Number.POSITIVE_INFINITY
  markAtMost = Number.NEGATIVE_INFINITY
  /** True to stop behind each row that may end a halt or a gap. */
  watchesPhase = false
  /** Exchange time of the row that met the watch last, ns since the epoch; NaN before the first. */
  metTime = Number.NaN
}

/**
 * True when row `i`, just applied to `ladder`, reaches a watched price; its time is then noted. A
 * core calls this for each row that the exchange sees while the watch is set.
 */
export function meetsWatch(
  watch: PriceWatch,
  ladder: Ladder,
  events: EventColumns,
  i: number,
): boolean {
  const isMet = reaches(watch, ladder, events.code[i]!, events.tick[i]!)
  if (isMet) watch.metTime = events.exchTime[i]!
  return isMet
}

function reaches(watch: PriceWatch, ladder: Ladder, code: number, tick: number): boolean {
  const kind = code & KIND_MASK
  if ((code & LOCAL_ONLY_BIT) !== 0) return false
  if (kind === EventKind.Trade) return tick >= watch.tradeAtLeast || tick <= watch.tradeAtMost
  if (kind === EventKind.Funding) return tick >= watch.markAtLeast || tick <= watch.markAtMost
  if (watch.watchesPhase && movesPhase(code)) return true
  const bid = ladder.bestBidTick
  const ask = ladder.bestAskTick
  const hasBid = bid !== NO_BID
  const hasAsk = ask !== NO_ASK
  if (hasBid && (bid >= watch.bidAtLeast || bid <= watch.bidAtMost)) return true
  if (hasAsk && (ask >= watch.askAtLeast || ask <= watch.askAtMost)) return true
  if (!hasBid || !hasAsk) return false
  return bid + ask >= watch.midSumAtLeast || bid + ask <= watch.midSumAtMost
}

/** True where a row of levels may meet the watch: it looks at the touch, or at the mid. */
export function watchesTouch(watch: PriceWatch): boolean {
  return (
    watch.isSet &&
    (watch.bidAtLeast < Number.POSITIVE_INFINITY ||
      watch.bidAtMost > Number.NEGATIVE_INFINITY ||
      watch.askAtLeast < Number.POSITIVE_INFINITY ||
      watch.askAtMost > Number.NEGATIVE_INFINITY ||
      watch.midSumAtLeast < Number.POSITIVE_INFINITY ||
      watch.midSumAtMost > Number.NEGATIVE_INFINITY)
  )
}

/** True where a trade may meet the watch. */
export function watchesTrades(watch: PriceWatch): boolean {
  return (
    watch.isSet &&
    (watch.tradeAtLeast < Number.POSITIVE_INFINITY || watch.tradeAtMost > Number.NEGATIVE_INFINITY)
  )
}

const { metTime: _, ...NEVER_REACHED } = new PriceWatch()

/** Has the watch look at nothing. */
export function unsetWatch(watch: PriceWatch): void {
  Object.assign(watch, NEVER_REACHED)
}

/**
 * A model of an exchange over one instrument's tape: it moves its own book along the exchange's
 * clock and decides what happens to our orders.
 */
export interface ExchangeModel {
  readonly name: string
  /** The exchange's own book. */
  readonly ladder: Ladder
  /** Orders of ours resting now; while 0, the tape can wait until the next request arrives. */
  readonly restingCount: number
  /** Prices at which {@link advance} stops, for orders that wait for a price. */
  readonly watch: PriceWatch
  /** Takes the touch on the way past a row, where it is asked to; absent where it cannot. */
  readonly mark?: TouchMark
  /** Rows of the present window, in order of venue time, that {@link advance} has applied. */
  readonly row: number
  /** True while trading is halted. */
  readonly isHalted: boolean
  /** True while the exchange's book is whole: behind its first snapshot, and no gap since. */
  readonly hasBook: boolean
  /**
   * Bounds, in ticks, on what of ours rests: no bid above, no ask below. With them a run over
   * several instruments finds the rows that may fill; without, it goes from row to row.
   */
  readonly restingBidMax?: number
  readonly restingAskMin?: number
  /**
   * When it will act by its clock alone, such as to let an order expire, ns since the epoch on its
   * clock; absent or Infinity: never.
   */
  readonly nextClockTime?: number
  /**
   * Applies tape rows with exchange time <= `until`.
   *
   * @returns true when it stopped early, right after a row that filled an order of ours or met the
   *   watch: what follows from it may happen before `until`
   */
  advance(until: number): boolean
  submit(order: ExchangeOrder, exchTime: number): void
  cancel(index: number, exchTime: number): void
  /**
   * Gives a resting order new terms: `order` has its index and the terms asked for. It keeps its
   * place only when its price stays and its size does not grow; otherwise it is taken out and
   * arrives anew, and may take or expire. {@link ExchangeReports.amended} comes first.
   */
  amend(order: ExchangeOrder, exchTime: number): void
  /** Calls `visit` for each of our resting orders, the oldest first; it must not change any. */
  eachResting(visit: (resting: OwnResting) => void): void
}
