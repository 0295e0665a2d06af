/**
 * The exchange for market-by-order tapes as one would write it first: lists of queues, each a list of
 * real orders and ours as they stand, searched from end to end. It knows markets that never cross.
 */
import {
  EventKind,
  KIND_MASK,
  SELL_BIT,
  codeSide,
  type EventColumns,
  type Side,
} from '../src/market/index.ts'
import type {
  ExchangeModel,
  ExchangeOrder,
  ExchangeReports,
  OwnResting,
} from '../src/venue/exchange.ts'
import {
  ListQueues,
  allAhead,
  isOwn,
  leftOf,
  queueAt,
  realAhead,
  sum,
  type Own,
  type Queue,
  type Real,
} from './list-queues.ts'

interface Trade {
  readonly side: Side
  readonly tick: number
  lots: number
  isWhole: boolean
  executed: number
  readonly fills: { readonly lots: number; readonly behind: ReadonlySet<Own> }[]
}

/** @see module comment */
export class ListExchange implements Pick<
  ExchangeModel,
  'advance' | 'submit' | 'cancel' | 'amend' | 'eachResting'
> {
  readonly #events: EventColumns
  readonly #reports: ExchangeReports
  readonly #queues = new ListQueues()
  #incoming: Queue[] | undefined
  #trades: Trade[] = []
  #aggressor: Side | 0 | undefined
  #row = 0
  #isLive = false
  #ages = 0

  constructor(events: EventColumns, reports: ExchangeReports) {
    this.#events = events
    this.#reports = reports
  }

  advance(until: number): boolean {
    const { exchTime, length } = this.#events
    while (this.#row < length && exchTime[this.#row]! <= until) {
      const time = exchTime[this.#row]!
      while (this.#row < length && exchTime[this.#row] === time) this.#apply(this.#row++, time)
      this.#endMoment(time)
    }
    return false
  }

  #apply(i: number, time: number): void {
    const { code, tick, lots, orderRef } = this.#events
    const kind = code[i]! & KIND_MASK
    const ref = orderRef[i]!
    const t = tick[i]!
    const size = lots[i]!
    if (kind === EventKind.SnapshotBegin) this.#incoming = []
    else if (kind === EventKind.SnapshotEnd) {
      this.#queues.restate(this.#incoming!)
      this.#incoming = undefined
      this.#isLive = true
    } else if (kind === EventKind.OrderAdd) {
      const side = (code[i]! & SELL_BIT) === 0 ? 1 : -1
      const queues = this.#incoming ?? this.#queues.all
      queueAt(queues, side, t).entries.push({ ref, lots: size, taken: 0, told: 0 })
      if (this.#incoming === undefined) this.#isLive = true
    } else if (kind === EventKind.DepthClear) this.#clear(i, time)
    else if (kind === EventKind.Trade) this.#trade(codeSide(code[i]!), t, size)
    else if (kind === EventKind.OrderFill) this.#fill(ref, codeSide(code[i]!), t, size, true)
    else if (kind === EventKind.OrderExecute) {
      this.#fill(ref, codeSide(code[i]!), t, size, false)
      this.#queues.reduce(ref, size)
    } else if (kind === EventKind.OrderCancel) this.#queues.reduce(ref, size)
    else if (kind === EventKind.OrderModify) this.#queues.modify(ref, t, size)
    if (this.#incoming === undefined) this.#cross(time)
  }

  #trade(aggressor: Side | 0, tick: number, lots: number): void {
    this.#aggressor = aggressor
    for (const side of [-1, 1] as const) {
      if (aggressor === side) continue
      const isWhole = aggressor !== 0
      this.#trades.push({ side, tick, lots, isWhole, executed: 0, fills: [] })
    }
  }

  #fill(ref: number, told: Side | 0, paid: number, lots: number, isTold: boolean): void {
    const found = this.#queues.find(ref)
    const side = found?.queue.side ?? told
    if (side === 0 || (this.#aggressor !== undefined && this.#aggressor === side)) return
    let trade = this.#trades.findLast((each) => each.side === side && each.tick === paid)
    if (trade === undefined) {
      trade = { side, tick: paid, lots: 0, isWhole: true, executed: 0, fills: [] }
      this.#trades.push(trade)
    }
    const size = isTold ? lots : Math.min(lots, found?.real.lots ?? lots)
    trade.executed += size
    trade.isWhole = true
    const behind = new Set(
      this.#queues
        .ownOrders(side)
        .filter(({ queue, own }) => {
          const better = side * (queue.tick - (found?.queue.tick ?? paid))
          if (better !== 0) return better < 0
          return (
            found === undefined || queue.entries.indexOf(own) > queue.entries.indexOf(found.real)
          )
        })
        .map(({ own }) => own),
    )
    const had = found === undefined ? size : Math.min(size, leftOf(found.real))
    trade.fills.push({ lots: had, behind })
    if (isTold && found !== undefined) found.real.told += lots
  }

  #endMoment(time: number): void {
    for (const trade of this.#trades) this.#settle(trade, time)
    this.#trades = []
    this.#aggressor = undefined
    for (const { entries } of this.#queues.all) {
      for (const entry of entries) if (!isOwn(entry)) entry.told = 0
    }
  }

  #settle({ side, tick, lots, isWhole, executed, fills }: Trade, time: number): void {
    const total = isWhole ? Math.max(lots, executed) : executed
    let taken = 0
    for (const { queue, own } of this.#queues.ownOrders(side)) {
      if (side * (queue.tick - tick) < 0) continue
      const ahead = sum(fills.filter(({ behind }) => behind.has(own)).map((fill) => fill.lots))
      const behind = sum(fills.map((fill) => fill.lots)) - ahead
      const reached = total - ahead - taken
      const size = realAhead(queue, own) > 0 ? Math.min(reached, behind - taken) : reached
      if (size > 0) taken += this.#fillOwn(queue, own, size, { time, ahead })
    }
  }

  /** Lets our orders meet what has come to their prices; the best of them first. */
  #cross(time: number): void {
    for (const side of [1, -1] as const) {
      for (const { queue, own } of this.#queues.ownOrders(side)) {
        const isFirst = this.#queues
          .levels(side)
          .every(
            (other) =>
              side * (other.tick - queue.tick) <= 0 ||
              other.entries.every((entry) => isOwn(entry) || leftOf(entry) - entry.told <= 0),
          )
        if (realAhead(queue, own) > 0 || !isFirst) break
        const reals = this.#queues
          .levels(-side as Side)
          .filter((other) => side * (queue.tick - other.tick) >= 0)
          .flatMap(({ entries }) => entries.filter((entry): entry is Real => !isOwn(entry)))
        const there = sum(reals.map((real) => Math.max(0, leftOf(real) - real.told)))
        const size = Math.min(there, own.lots)
        if (size === 0) break
        let left = size
        for (const real of reals) {
          const part = Math.min(left, Math.max(0, leftOf(real) - real.told))
          real.taken += part
          left -= part
        }
        this.#fillOwn(queue, own, size, { time, ahead: 0 })
      }
    }
  }

  #clear(i: number, time: number): void {
    const { code, exchTime, length } = this.#events
    const isRestated =
      i + 1 < length &&
      exchTime[i + 1] === time &&
      (code[i + 1]! & KIND_MASK) === EventKind.SnapshotBegin
    const side = codeSide(code[i]!)
    const expired = (own: Own): boolean => !isRestated && (side === 0 || own.order.side === side)
    const gone = [1, -1].flatMap((each) =>
      this.#queues.ownOrders(each as Side).map(({ own }) => own),
    )
    for (const { order } of gone.filter(expired).toSorted((a, b) => a.age - b.age)) {
      this.#reports.expired(order.index, time, 'the venue cleared its book')
    }
    for (const queue of this.#queues.all) {
      queue.entries = queue.entries.filter((entry) => !isOwn(entry) || !expired(entry))
      if (side !== 0 && queue.side !== side) continue
      // Where it is said anew at once, ours wait behind as much as before.
      const keeps = isRestated ? queue.entries : []
      queue.entries = keeps.map((entry) => (isOwn(entry) ? entry : { ...entry, ref: -1 }))
    }
  }

  submit(order: ExchangeOrder, time: number): void {
    const refusal = this.#refusal(order)
    if (refusal === undefined) this.#arrive(order, 0, time)
    else this.#reports.rejected(order.index, time, refusal)
  }

  cancel(index: number, time: number): void {
    const found = this.#queues.findOwn(index)
    if (found === undefined) {
      this.#reports.cancelRejected(index, time, 'the order no longer rests')
      return
    }
    this.#queues.remove(found.own)
    this.#reports.cancelled(index, time)
  }

  amend(order: ExchangeOrder, time: number): void {
    const { index, priceTicks, sizeLots } = order
    const found = this.#queues.findOwn(index)
    if (found === undefined) {
      this.#reports.amendRejected(index, time, 'the order no longer rests')
      return
    }
    const { queue, own } = found
    const left = sizeLots - own.filled
    if (left <= 0) {
      this.#reports.amendRejected(index, time, 'the order has filled that much already')
      return
    }
    if (queue.tick === priceTicks && left <= own.lots) {
      own.lots = left
      const queueAheadLots = allAhead(queue, own)
      this.#reports.amended(index, time, { priceTicks, sizeLots, queueAheadLots })
      return
    }
    const refusal = this.#refusal(order)
    if (refusal !== undefined) {
      this.#reports.amendRejected(index, time, refusal)
      return
    }
    this.#queues.remove(own)
    this.#reports.amended(index, time, { priceTicks, sizeLots, queueAheadLots: Number.NaN })
    this.#arrive(order, own.filled, time)
  }

  /** Our open orders, as {@link ExchangeModel.eachResting} tells them. */
  eachResting(visit: (resting: OwnResting) => void): void {
    const open = [...this.#queues.ownOrders(1), ...this.#queues.ownOrders(-1)]
    for (const { queue, own } of open.toSorted((a, b) => a.own.age - b.own.age)) {
      visit({
        index: own.order.index,
        side: queue.side,
        priceTicks: queue.tick,
        openLots: own.lots,
        owner: own.order.owner,
        aheadLots: realAhead(queue, own),
      })
    }
  }

  #refusal(order: ExchangeOrder): string | undefined {
    if (!this.#isLive) return 'the exchange has no book yet, or a gap in it'
    const isPostOnly = order.type === 'limit' && order.timeInForce === 'GTX'
    return isPostOnly && this.#there(order) > 0 ? 'a post-only order would have taken' : undefined
  }

  #within({ type, side, priceTicks }: ExchangeOrder): Queue[] {
    const levels = this.#queues.levels(-side as Side)
    return type === 'market' ? levels : levels.filter(({ tick }) => side * (priceTicks - tick) >= 0)
  }

  #there(order: ExchangeOrder): number {
    return sum(
      this.#within(order).flatMap(({ entries }) =>
        entries.map((entry) => (isOwn(entry) ? entry.lots : leftOf(entry))),
      ),
    )
  }

  #arrive(order: ExchangeOrder, filled: number, time: number): void {
    const { index, type, timeInForce, side, priceTicks } = order
    const lots = order.sizeLots - filled
    if (timeInForce === 'FOK' && this.#there(order) < lots) {
      this.#reports.expired(index, time, 'not all of it can be had within the limit')
      return
    }
    let left = lots
    for (const queue of this.#within(order)) {
      let size = 0
      for (const entry of queue.entries) {
        const part = Math.min(left - size, isOwn(entry) ? entry.lots : leftOf(entry))
        if (part === 0) continue
        if (isOwn(entry)) {
          // What stood ahead of it a moment ago has just been taken.
          const ahead = size
          this.#fillOwn(queue, entry, part, { time, ahead })
        } else entry.taken += part
        size += part
      }
      left -= size
      const fill = { priceTicks: queue.tick, sizeLots: size, isMaker: false }
      if (size > 0) this.#reports.filled(index, time, { ...fill, queueAheadLots: Number.NaN })
    }
    if (left === 0) return
    if (type === 'market' || timeInForce === 'IOC') {
      const what = left < lots ? 'nothing more' : 'nothing'
      const where = type === 'market' ? 'stands on the opposite side' : 'to take within the limit'
      this.#reports.expired(index, time, `${what} ${where}`)
      return
    }
    const own: Own = { order, age: this.#ages++, lots: left, filled: order.sizeLots - left }
    const queue = queueAt(this.#queues.all, side, priceTicks)
    queue.entries.push(own)
    this.#reports.accepted(index, time, allAhead(queue, own))
  }

  #fillOwn(
    queue: Queue,
    own: Own,
    max: number,
    { time, ahead }: { readonly time: number; readonly ahead: number },
  ): number {
    const size = Math.min(max, own.lots)
    const queueAheadLots = allAhead(queue, own) + ahead
    own.lots -= size
    own.filled += size
    if (own.lots === 0) this.#queues.remove(own)
    this.#reports.filled(own.order.index, time, {
      priceTicks: queue.tick,
      sizeLots: size,
      isMaker: true,
      queueAheadLots,
    })
    return size
  }
}
