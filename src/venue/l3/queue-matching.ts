/**
 * What the rows of a market-by-order tape mean for orders of ours that stand between real ones.
 *
 * Three things fill a resting order of ours, always at its own price:
 * - a real order behind it is executed: what that got, we would have got;
 * - a trade is greater than what real orders gave for it, and none is ahead of us: the rest met us;
 * - a real order of the other side arrives at our price or beyond, and no real order is ahead of us.
 *
 * In all three our orders share the size in price-time priority. The tape itself never changes: what
 * we took from real orders is remembered in {@link TakenLots}.
 */
import {
  NO_BID,
  OrderOutcome,
  type ModifyPriority,
  type OrderBookState,
  type OrderQueues,
} from '../../book/index.ts'
import { BUY_BIT, SELL_BIT, type Side } from '../../market/index.ts'
import type { ExchangeReports } from '../exchange.ts'
import { NO_ROW } from '../resting-orders.ts'
import { SELL_SHIFT, keepsSide, noteOrders } from './apply-rows.kernel.ts'
import { MomentTrades } from './moment-trades.ts'
import { OwnPlaces } from './own-places.ts'
import { TakenLots } from './taken-lots.ts'
import { ToldFills } from './told-fills.ts'

/** Both tellings of one execution come within this: the clock of some feeds counts seconds. */
const TELLINGS_APART_NS = 1e9

/** Side index of what a trade met, where the venue does not tell its aggressor. */
const BOTH = 2

/** What a taker may have: up to a key of the side that it takes from, up to so many lots. */
interface Taking {
  readonly limit: number
  readonly lots: number
  readonly time: number
}

const sideOfIndex = (index: 0 | 1): Side => (index === 0 ? 1 : -1)

/** @see module comment */
export class QueueMatching {
  readonly own: OwnPlaces
  readonly taken: TakenLots
  readonly told: ToldFills
  readonly trades = new MomentTrades()
  /** True once an order of ours was reported on; whoever reads it sets it back. */
  hasReported = false
  /** True while an order of ours may cross the other side: changes of any order must be looked at. */
  isCrossed = false
  readonly #state: OrderBookState
  readonly #queues: OrderQueues
  readonly #priority: ModifyPriority
  readonly #reports: ExchangeReports
  #tradeTime = Number.NaN
  #tradeTick = 0
  #tradeMet: 0 | 1 | typeof BOTH = BOTH
  /**
   * By side: lots executed on it in a crossed market and not yet on the other side. Where takers show
   * in the book, each execution is told twice, and between the two tellings one order still has lots
   * that are gone.
   */
  readonly #unmatched = new Float64Array(2)
  #unmatchedTime = Number.NaN

  constructor(state: OrderBookState, priority: ModifyPriority, reports: ExchangeReports) {
    this.#state = state
    this.#priority = priority
    this.#queues = state.queues
    this.#reports = reports
    this.own = new OwnPlaces(state)
    this.taken = new TakenLots(state.queues, this.own.places)
    this.told = new ToldFills(state.queues, this.taken)
  }

  /** True while the real book is crossed or locked: the venue is not matching continuously. */
  get isMarketCrossed(): boolean {
    const [bids, asks] = this.#state.ladder.sides
    return bids.best !== NO_BID && asks.best !== NO_BID && bids.best >= ~asks.best
  }

  /** Lots of real orders at a price of a side, without what we took. */
  leftAt(side: 0 | 1, tick: number): number {
    const lots = this.#state.ladder.sides[side].lotsAt(tick ^ -side)
    return this.taken.count === 0 ? lots : Math.max(0, lots - this.taken.at(side, tick))
  }

  trade(time: number, code: number, tick: number, lots: number): void {
    this.#tradeTime = time
    this.#tradeTick = tick
    const isSided = (code & (BUY_BIT | SELL_BIT)) !== 0
    this.#tradeMet = !isSided ? BOTH : (code & BUY_BIT) !== 0 ? 1 : 0
    const { bidMax, askMin } = this.own.resting
    if (this.#tradeMet !== 0 && tick >= askMin) this.trades.push(time, 1, tick, lots, isSided)
    if (this.#tradeMet !== 1 && tick <= bidMax) this.trades.push(time, 0, tick, lots, isSided)
  }

  /** A real order appears, last at its price. */
  orderAdded(time: number, code: number, ref: number, tick: number, lots: number): void {
    if ((code & (BUY_BIT | SELL_BIT)) === 0) return
    const side = ((code & SELL_BIT) >> SELL_SHIFT) as 0 | 1
    if (this.#queues.add(ref, side, tick, lots) !== OrderOutcome.Applied) return
    noteOrders(this.#state)
    const { resting } = this.own
    if (this.own.mayRestAt(tick)) this.own.places.realArrives(ref)
    if (side === 0 ? tick >= resting.askMin : tick <= resting.bidMax) this.cross(time)
  }

  /** A real order was filled; a row of its own will change the book. `paid` is the price. */
  orderFilled(time: number, code: number, ref: number, paid: number, lots: number): void {
    const queues = this.#queues
    const isLive = queues.levelOf(ref) !== 0
    if (!isLive && (code & (BUY_BIT | SELL_BIT)) === 0) return
    const side = isLive ? queues.sideOf(ref) : (((code & SELL_BIT) >> SELL_SHIFT) as 0 | 1)
    const isOfTrade = this.#tradeTime === time
    // An aggressor that had rested before is told as filled too, on its own side.
    if (isOfTrade && this.#tradeMet !== BOTH && this.#tradeMet !== side) return
    if (isLive) this.told.note(time, ref, lots)
    if (!this.#mayMeet(side, paid)) return
    this.trades.fill(time, {
      side,
      paid,
      tick: isLive ? queues.tickOf(ref) : paid,
      // Where the place is not known, it was ahead of us.
      arrival: isLive ? this.own.places.realArrivalOf(ref) : -1,
      lots,
      hadLots: isLive ? Math.min(lots, this.taken.leftOf(ref)) : lots,
    })
  }

  /** A real order loses lots by execution, and the trade is part of it. */
  orderExecuted(time: number, code: number, ref: number, paid: number, lots: number): void {
    const queues = this.#queues
    if (queues.levelOf(ref) === 0) {
      // An order that the book never had explains its trade like one that it knows.
      this.orderFilled(time, code, ref, paid, lots)
      return
    }
    const side = queues.sideOf(ref)
    const held = Math.min(lots, queues.lotsOf(ref))
    const size = held - this.#matchTelling(side, held, time)
    if (size > 0 && this.isMarketCrossed) {
      this.#unmatched[side]! += size
      this.#unmatchedTime = time
    } else if (size > 0) {
      if (this.#mayMeet(side, paid)) {
        this.trades.noteExecution(this.#tradeTime === time && this.#tradeTick === paid)
        this.trades.fill(time, {
          side,
          paid,
          tick: queues.tickOf(ref),
          arrival: this.own.places.realArrivalOf(ref),
          lots: size,
          hadLots: Math.min(size, this.taken.leftOf(ref)),
        })
      }
    }
    this.orderReduced(time, ref, lots)
  }

  /** A real order loses lots. */
  orderReduced(time: number, ref: number, lots: number): void {
    const queues = this.#queues
    if (queues.levelOf(ref) === 0) return
    const side = queues.sideOf(ref)
    const tick = queues.tickOf(ref)
    const before = this.taken.leftOf(ref)
    queues.reduce(ref, lots)
    this.told.done(time, ref, lots)
    this.#noteChange(ref, side, tick, before)
    if (this.isCrossed) this.cross(time)
  }

  /** A real order gets another price or size. */
  orderModified(time: number, code: number, ref: number, tick: number, lots: number): void {
    const queues = this.#queues
    if (queues.levelOf(ref) === 0 || !keepsSide(queues, code, ref)) return
    const side = queues.sideOf(ref)
    const tickBefore = queues.tickOf(ref)
    const before = this.taken.leftOf(ref)
    // What a fill has told already is gone: an iceberg that shows its next part has grown from 0.
    const held = queues.lotsOf(ref)
    const hasGrown = lots > held - this.told.of(time, ref)
    const keepsPlace =
      tick === tickBefore &&
      (this.#priority === 'keep' || (this.#priority === 'decrease-keeps' && !hasGrown))
    if (queues.modify(ref, tick, lots) !== OrderOutcome.Applied) return
    if (!keepsPlace && lots > 0 && queues.nextOf(ref) >= 0) {
      queues.remove(ref)
      queues.add(ref, side, tick, lots)
    }
    this.told.done(time, ref, hasGrown ? Number.POSITIVE_INFINITY : held - lots)
    if (!keepsPlace || hasGrown) this.taken.drop(ref)
    if (keepsPlace || lots === 0) {
      this.#noteChange(ref, side, tickBefore, before)
    } else {
      const { places } = this.own
      places.moveUp(side, tickBefore, places.realArrivalOf(ref), before)
      if (this.own.mayRestAt(tick)) places.realArrives(ref)
    }
    const { bidMax, askMin } = this.own.resting
    if (this.isCrossed || (side === 0 ? tick >= askMin : tick <= bidMax)) this.cross(time)
  }

  /** The moment is over: lets our orders have what of its trades reached them. */
  settleTrades(): void {
    const { trades, own } = this
    const { time } = trades
    trades.settle(own, (row, lots, ahead) => this.#fill(row, lots, time, ahead))
  }

  /** Lets orders of ours meet what has come to their price on the other side, and notes which do. */
  cross(time: number): void {
    const { sides } = this.#state.ladder
    const { resting } = this.own
    if (time - this.#unmatchedTime > TELLINGS_APART_NS) this.#unmatched.fill(0)
    if (sides[1].best >= ~resting.bidMax) this.#crossSide(0, time)
    if (sides[0].best >= resting.askMin) this.#crossSide(1, time)
    this.noteCrossed()
  }

  /** Notes whether an order of ours stands at or beyond the best price of the other side. */
  noteCrossed(): void {
    const { sides } = this.#state.ladder
    const { resting } = this.own
    this.isCrossed = sides[1].best >= ~resting.bidMax || sides[0].best >= resting.askMin
  }

  /**
   * Lots of real orders on `side` from its best to `limit` (a key of that side, see `LadderSide`) at
   * `time`, without what is taken or told to be; counted up to `max`.
   */
  within(side: 0 | 1, limit: number, max: number, time: number): number {
    const levels = this.#state.ladder.sides[side]
    let lots = 0
    for (let key = levels.best; key !== NO_BID && key >= limit; key = levels.nextBelow(key)) {
      const tick = key ^ -side
      lots += Math.max(0, this.leftAt(side, tick) - this.told.at(time, side, tick))
      if (lots >= max) return max
    }
    return lots
  }

  /** Lots that a taker on the other side finds up to `limit`, ours among them; up to `max`. */
  takeable(side: 0 | 1, limit: number, max: number, time: number): number {
    const own = this.own.lotsWithin(sideOfIndex(side), limit ^ -side)
    return Math.min(max, own + this.within(side, limit, max, time))
  }

  /**
   * Takes lots of `side` up to a limit, of real orders and of ours in price-time priority, and tells
   * `take` of each price.
   */
  take(
    side: 0 | 1,
    { limit, lots, time }: Taking,
    take: (priceTicks: number, sizeLots: number) => void,
  ): void {
    const { own } = this
    const levels = this.#state.ladder.sides[side]
    const ownSide = sideOfIndex(side)
    let left = lots
    let row = own.nextInPriority(ownSide, limit ^ -side, NO_ROW)
    let shown = levels.best
    while (left > 0) {
      const ownKey = row === NO_ROW ? NO_BID : own.resting.tick[row]! ^ -side
      const key = Math.max(shown, ownKey)
      if (key === NO_BID || key < limit) return
      const tick = key ^ -side
      let ref = key === shown ? this.#queues.firstAt(side, tick) : -1
      let size = 0
      while (size < left) {
        const isOwn = row !== NO_ROW && own.resting.tick[row] === tick
        if (isOwn && (ref < 0 || !own.isBehind(row, tick, own.places.realArrivalOf(ref)))) {
          const next = own.nextInPriority(ownSide, limit ^ -side, row)
          size += this.#fill(row, left - size, time, size)
          row = next
        } else if (ref >= 0) {
          size += this.#takeReal(ref, left - size, time)
          ref = this.#queues.nextOf(ref)
        } else break
      }
      if (size > 0) take(tick, size)
      left -= size
      if (key === shown) shown = levels.nextBelow(key)
    }
  }

  /** Takes lots of the real orders on `side` up to a limit. */
  #takeRealOnes(side: 0 | 1, { limit, lots, time }: Taking): void {
    const queues = this.#queues
    const levels = this.#state.ladder.sides[side]
    let left = lots
    for (let key = levels.best; left > 0 && key >= limit; key = levels.nextBelow(key)) {
      let ref = queues.firstAt(side, key ^ -side)
      for (; left > 0 && ref >= 0; ref = queues.nextOf(ref)) {
        left -= this.#takeReal(ref, left, time)
      }
    }
  }

  #takeReal(ref: number, lots: number, time: number): number {
    const size = Math.min(lots, this.taken.leftOf(ref) - this.told.of(time, ref))
    if (size <= 0) return 0
    const side = this.#queues.sideOf(ref)
    const tick = this.#queues.tickOf(ref)
    this.taken.add(ref, size)
    const { places } = this.own
    if (this.own.mayRestAt(tick)) places.moveUp(side, tick, places.realArrivalOf(ref), size)
    return size
  }

  #crossSide(side: 0 | 1, time: number): void {
    const { sides } = this.#state.ladder
    const other = (1 - side) as 0 | 1
    while (true) {
      const row = this.own.nextInPriority(sideOfIndex(side), this.#worst(side), NO_ROW)
      if (row === NO_ROW || this.own.places.aheadOf(row) > 0) return
      const key = this.own.resting.tick[row]! ^ -side
      // Real orders of a better price come first; where the market itself is crossed, it waits.
      if (sides[side].best > key && this.within(side, key + 1, 1, time) > 0) return
      const there =
        this.within(other, ~key, Number.POSITIVE_INFINITY, time) - this.#unmatched[side]!
      const size = Math.min(there, this.own.resting.lots[row]!)
      if (!(size > 0)) return
      this.#takeRealOnes(other, { limit: ~key, lots: size, time })
      this.#fill(row, size, time)
    }
  }

  /** The price of ours on a side that is furthest from the other side. */
  #worst(side: 0 | 1): number {
    return side === 0 ? this.own.resting.bidMin : this.own.resting.askMax
  }

  /**
   * Fills an order of ours with up to `lots` and returns what it took; `ahead` of it stood real orders
   * that this moment has taken away.
   */
  #fill(row: number, lots: number, time: number, ahead = 0): number {
    const { resting } = this.own
    const sizeLots = Math.min(lots, resting.lots[row]!)
    const index = resting.order[row]!
    const priceTicks = resting.tick[row]!
    const queueAheadLots = this.own.aheadOf(row) + ahead
    this.own.fill(row, sizeLots)
    this.hasReported = true
    this.#reports.filled(index, time, { priceTicks, sizeLots, isMaker: true, queueAheadLots })
    return sizeLots
  }

  /** The book has been replaced, in whole or by a side. */
  noteAnew(): void {
    this.taken.markAnew()
  }

  /** A real order has other lots than `before`, or is gone; it kept its place. */
  #noteChange(ref: number, side: 0 | 1, tick: number, before: number): void {
    const { own, taken } = this
    if (this.#queues.levelOf(ref) === 0) taken.drop(ref)
    const change = before - taken.leftOf(ref)
    if (change === 0 || !own.mayRestAt(tick)) return
    own.places.moveUp(side, tick, own.places.realArrivalOf(ref), change)
  }

  /** True when an aggressor who paid `paid` may meet an order of ours on `side`. */
  #mayMeet(side: 0 | 1, paid: number): boolean {
    const { bidMax, askMin } = this.own.resting
    return side === 0 ? paid <= bidMax : paid >= askMin
  }

  /** Returns how much of an execution is the second telling of one on the other side. */
  #matchTelling(side: 0 | 1, lots: number, time: number): number {
    const unmatched = this.#unmatched
    if (time - this.#unmatchedTime > TELLINGS_APART_NS) unmatched.fill(0)
    const matched = Math.min(lots, unmatched[1 - side]!)
    unmatched[1 - side]! -= matched
    return matched
  }
}
