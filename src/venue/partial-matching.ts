/**
 * Who trades with whom at the partial exchange, in whole lots.
 *
 * The venue's book is history's and never changed by us. Beside it stand our own orders, and for
 * each level from which we took the memory of it: what is left of a level is what the venue shows,
 * less what we took, less what others traded since the venue last sent the level.
 */
import type { Ladder, RestingMemory } from '../book/index.ts'
import { BUY_BIT, SELL_BIT } from '../market/index.ts'
import type { ExchangeOrder } from './exchange.ts'
import { MissingLiquidity, type ImpactKernel } from './impact/impact-kernel.ts'
import { NONE, NO_KEY, OwnLevels, turned } from './own-levels.ts'
import type { QueueModel } from './queue-model.ts'

/** A fill that has happened and is still to be reported. */
export interface PartialFill {
  readonly index: number
  readonly priceTicks: number
  readonly sizeLots: number
  readonly isMaker: boolean
  readonly queueAheadLots: number
}

/** An order that takes. */
export interface Taker {
  readonly index: number
  /** Index of the side that it takes from. */
  readonly from: 0 | 1
  /** The worst key that it accepts. */
  readonly limitKey: number
  /** When it takes, ns since the epoch. */
  readonly time: number
}

/** An order as a taker at `time`; a market order accepts any price. */
export function takerOf({ index, side, type, priceTicks }: ExchangeOrder, time: number): Taker {
  const from = side > 0 ? 1 : 0
  const limitKey = type === 'market' ? NO_KEY + 1 : turned(priceTicks, from)
  return { index, from, limitKey, time }
}

/** @see module comment */
export class PartialMatching {
  readonly levels: OwnLevels
  /** What has filled since it was last emptied, in order. */
  readonly fills: PartialFill[] = []
  /** Number of the tape's row that comes next; kept by the exchange. */
  nextRow = 0
  readonly #sides: Ladder['sides']
  readonly #queue: QueueModel
  /** What we took and is slow to come back; undefined where we have no impact. */
  readonly #missing: MissingLiquidity | undefined
  /** How much of it the meeting under way has not come by yet. */
  #unmet = 0

  /** @param resting as {@link OwnLevels} takes it */
  constructor(
    sides: Ladder['sides'],
    queue: QueueModel,
    parts: {
      readonly impact?: ImpactKernel | undefined
      readonly resting?: RestingMemory | undefined
    } = {},
  ) {
    const { impact, resting } = parts
    this.levels = new OwnLevels(resting, queue.kernelCode)
    this.#sides = sides
    this.#queue = queue
    this.#missing = impact === undefined ? undefined : new MissingLiquidity(impact)
  }

  /** The venue has set a level to `after` lots. */
  levelSet(side: number, key: number, before: number, after: number): void {
    const level = this.levels.levelAt(side, key)
    if (level === NONE) return
    this.moveQueue(level, before, after)
    this.heard(level, after)
  }

  /** Lets a trade meet our orders: all of them share its size. */
  traded(code: number, tick: number, lots: number): void {
    const left = (code & SELL_BIT) === 0 ? this.trade(1, ~tick, lots, lots) : lots
    if ((code & BUY_BIT) === 0) this.trade(0, tick, lots, left)
  }

  /** Lots that the venue shows at a level of ours. */
  shownAt(level: number): number {
    return this.#sides[this.levels.side[level]!]!.lotsAt(this.levels.key[level]!)
  }

  /** Moves our orders at a level in their queue: none of them gets before an older one of ours. */
  moveQueue(level: number, before: number, after: number): void {
    const { front, tradedSince, next, first } = this.levels
    let least = 0
    for (let row = first[level]!; row !== NONE; row = next[row]!) {
      const moved = this.#queue.frontAfterChange(front[row]!, tradedSince[row]!, before, after)
      least = Math.max(least, moved)
      front[row] = least
      tradedSince[row] = 0
    }
  }

  /**
   * The venue has sent a level anew, which ends the memory of what was taken there. Not so when it
   * has shrunk by no more than others traded there: nothing has been added that could be taken.
   */
  heard(level: number, after: number): void {
    const { levels } = this
    if (levels.isMarked[level] === 0) return
    const gone = levels.shown[level]! - after
    if (after > 0 && gone > 0 && gone <= levels.traded[level]!) {
      levels.shown[level] = after
      levels.traded[level]! -= gone
      if (levels.traded[level]! + levels.taken[level]! > 0) return
    }
    levels.unmark(level)
  }

  /** Others traded `lots` at a level: where it is remembered, these are gone too. */
  noteTrade(side: number, key: number, lots: number): void {
    const { levels } = this
    const level = levels.levelAt(side, key)
    if (level !== NONE && levels.isMarked[level] === 1) levels.traded[level]! += lots
  }

  /**
   * Takes a trade off the levels that would have met it, best first, that the venue still shows as
   * they were before it. `row` is its number on the tape.
   */
  seed(side: number, key: number, lots: number, row: number): void {
    const { levels } = this
    const known = levels.levelAt(side, key)
    if (known !== NONE && levels.isMarked[known] === 1 && levels.since[known]! <= row) return
    const book = this.#sides[side]!
    let rest = lots
    for (let at = book.best; rest > 0 && at !== NO_KEY && at >= key; at = book.nextBelow(at)) {
      const part = Math.min(this.#leftAt(side, at), rest)
      if (part <= 0) continue
      const level = levels.mark(side, at, book.lotsAt(at), this.nextRow)
      levels.traded[level]! += part
      rest -= part
    }
  }

  /**
   * A trade of others meets our orders of `side`: those at better prices than `key` first, then
   * the queue there.
   *
   * @param lots the trade's size
   * @param budget how much of it nobody of ours has had
   * @returns what is left of the budget
   */
  trade(side: number, key: number, lots: number, budget: number): number {
    const { levels } = this
    let left = budget
    for (let level = levels.best[side]!; level !== NONE && levels.key[level]! >= key;) {
      const worse = levels.worse[level]!
      left = levels.key[level]! > key ? this.#passed(level, left) : this.#met(level, lots, left)
      level = worse
    }
    return left
  }

  /** A trade printed beyond a level: nothing of the market stands before us there any more. */
  #passed(level: number, budget: number): number {
    const { levels } = this
    let left = budget
    let ahead = 0
    for (let row = levels.first[level]!; row !== NONE;) {
      const next = levels.next[row]!
      const place = ahead + levels.front[row]!
      ahead += levels.lots[row]!
      levels.front[row] = 0
      const part = Math.min(levels.lots[row]!, left)
      left -= part
      if (part > 0) this.#fillMaker(row, part, place)
      row = next
    }
    return left
  }

  /** A trade at a level eats through its queue, in which our orders stand between others. */
  #met(level: number, lots: number, budget: number): number {
    const { levels } = this
    let left = budget
    let ahead = 0
    for (let row = levels.first[level]!; row !== NONE;) {
      const next = levels.next[row]!
      const front = levels.front[row]!
      const place = ahead + front
      ahead += levels.lots[row]!
      levels.tradedSince[row]! += lots
      levels.front[row] = Math.max(0, front - left)
      // The place is an estimate between whole lots: beyond half a lot counts as passed.
      const part = Math.min(levels.lots[row]!, Math.max(0, Math.round(left - front)))
      left -= part
      if (part > 0) this.#fillMaker(row, part, place)
      row = next
    }
    return left
  }

  /** The opposite side has reached orders of `side`: they trade with what is left of its levels. */
  crossed(side: 0 | 1, time: number): void {
    const { levels } = this
    const other = side === 0 ? 1 : 0
    const book = this.#sides[other]
    this.#beginMeeting(other, time)
    let key = book.best
    let left = key === NO_KEY ? 0 : this.#leftFor(other, key)
    for (let level = levels.best[side]!; level !== NONE;) {
      const worse = levels.worse[level]!
      const reach = ~levels.key[level]!
      let ahead = 0
      for (let row = levels.first[level]!; row !== NONE;) {
        const next = levels.next[row]!
        const place = ahead + levels.front[row]!
        ahead += levels.lots[row]!
        let part = 0
        while (key !== NO_KEY && key >= reach && part < levels.lots[row]!) {
          const taken = Math.min(left, levels.lots[row]! - part)
          if (taken > 0) this.#noteTaken({ from: other, time }, key, taken)
          part += taken
          left -= taken
          if (left > 0) break
          key = book.nextBelow(key)
          left = key === NO_KEY ? 0 : this.#leftFor(other, key)
        }
        if (part > 0) {
          levels.front[row] = 0
          this.#fillMaker(row, part, place)
        }
        row = next
      }
      if (key === NO_KEY || key < reach) return
      level = worse
    }
  }

  /** Lots, at most `wanted`, that a taker would get now, ours among them. */
  takeable(taker: Taker, wanted: number): number {
    let found = 0
    this.#walk(taker, (key, level) => {
      found += this.#leftFor(taker.from, key)
      if (level === NONE) return found < wanted
      const { first, next, lots } = this.levels
      for (let row = first[level]!; row !== NONE; row = next[row]!) found += lots[row]!
      return found < wanted
    })
    return Math.min(found, wanted)
  }

  /** Lets a taker have up to `wanted` lots, best price first; returns what it did not get. */
  take(taker: Taker, wanted: number): number {
    let rest = wanted
    this.#walk(taker, (key, level) => {
      rest -= this.#takeLevel(taker, key, level, rest)
      return rest > 0
    })
    return rest
  }

  /** Visits the prices at which a taker may trade, best first, until `visit` has had enough. */
  #walk(taker: Taker, visit: (key: number, level: number) => boolean): void {
    const { from, limitKey, time } = taker
    this.#beginMeeting(from, time)
    const { levels } = this
    const book = this.#sides[from]
    let shown = book.best
    let own = this.#withOrders(levels.best[from]!)
    while (true) {
      const ownKey = own === NONE ? NO_KEY : levels.key[own]!
      const key = Math.max(shown, ownKey)
      if (key === NO_KEY || key < limitKey) return
      const level = key === ownKey ? own : NONE
      const nextOwn = key === ownKey ? this.#withOrders(levels.worse[own]!) : own
      if (!visit(key, level)) return
      if (key === shown) shown = book.nextBelow(key)
      own = nextOwn
    }
  }

  /** The first level from `level` on, towards worse prices, at which orders of ours rest. */
  #withOrders(level: number): number {
    const { first, worse } = this.levels
    let at = level
    while (at !== NONE && first[at] === NONE) at = worse[at]!
    return at
  }

  /** Takes at one price in order of time: the market's lots and ours as they stand in the queue. */
  #takeLevel(taker: Taker, key: number, level: number, wanted: number): number {
    const { levels } = this
    const { from, index } = taker
    const left = this.#leftFor(taker.from, key)
    let market = 0
    let own = 0
    for (let row = level === NONE ? NONE : levels.first[level]!; row !== NONE;) {
      const next = levels.next[row]!
      const front = Math.min(left, Math.round(levels.front[row]!))
      market += Math.min(Math.max(0, front - market), wanted - market - own)
      const place = own + levels.front[row]!
      levels.front[row] = Math.max(0, levels.front[row]! - market)
      const part = Math.min(levels.lots[row]!, wanted - market - own)
      own += part
      if (part > 0) {
        levels.front[row] = 0
        this.#fillMaker(row, part, place)
      }
      row = next
    }
    market += Math.min(left - market, wanted - market - own)
    if (market > 0) this.#noteTaken(taker, key, market)
    const sizeLots = market + own
    if (sizeLots > 0) {
      const priceTicks = turned(key, from)
      const queueAheadLots = Number.NaN
      this.fills.push({ index, priceTicks, sizeLots, isMaker: false, queueAheadLots })
    }
    return sizeLots
  }

  #noteTaken({ from, time }: Pick<Taker, 'from' | 'time'>, key: number, lots: number): void {
    const { levels } = this
    this.#missing?.add(from, lots, time)
    const level = levels.mark(from, key, this.#sides[from].lotsAt(key), this.nextRow)
    levels.taken[level]! += lots
  }

  #leftAt(side: number, key: number): number {
    const shown = this.#sides[side]!.lotsAt(key)
    const { levels } = this
    if (levels.markedCount === 0) return shown
    const level = levels.levelAt(side, key)
    if (level === NONE || levels.isMarked[level] === 0) return shown
    return Math.max(0, shown - levels.taken[level]! - levels.traded[level]!)
  }

  /** Whoever of ours meets a side now meets what our impact keeps away from it first. */
  #beginMeeting(side: 0 | 1, time: number): void {
    if (this.#missing !== undefined) this.#unmet = Math.round(this.#missing.at(side, time))
  }

  /** Lots that ours find at a level: what is left there, less what our impact keeps away. */
  #leftFor(from: number, key: number): number {
    const left = this.#leftAt(from, key)
    if (this.#unmet <= 0) return left
    // What we took there and the venue has not sent anew is missing already.
    const level = this.levels.levelAt(from, key)
    const isMarked = level !== NONE && this.levels.isMarked[level] === 1
    const counted = isMarked ? Math.min(this.levels.taken[level]!, this.#unmet) : 0
    const more = Math.min(left, this.#unmet - counted)
    this.#unmet -= counted + more
    return left - more
  }

  /** Lots of the market that stand before an order of ours which comes to rest now. */
  frontFor(side: number, key: number): number {
    const shown = this.#sides[side]!.lotsAt(key)
    const { levels } = this
    const level = levels.levelAt(side, key)
    if (level === NONE) return shown
    const taken = levels.isMarked[level] === 1 ? levels.taken[level]! : 0
    const last = levels.lastAt(level)
    return Math.max(shown - taken, last === NONE ? 0 : levels.front[last]!)
  }

  /** Lots before an order: the market's, and ours that came earlier. */
  placeOf(row: number): number {
    const { levels } = this
    let ahead = levels.front[row]!
    for (let at = levels.first[levels.level[row]!]!; at !== row; at = levels.next[at]!) {
      ahead += levels.lots[at]!
    }
    return ahead
  }

  #fillMaker(row: number, sizeLots: number, queueAheadLots: number): void {
    const { levels } = this
    const level = levels.level[row]!
    const priceTicks = turned(levels.key[level]!, levels.side[level]!)
    this.fills.push({
      index: levels.order[row]!,
      priceTicks,
      sizeLots,
      isMaker: true,
      queueAheadLots,
    })
    levels.lots[row]! -= sizeLots
    levels.filled[row]! += sizeLots
    if (levels.lots[row] === 0) levels.remove(row)
  }
}
