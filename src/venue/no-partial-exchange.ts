/**
 * The exchange that never fills in part: hftbacktest's default rules, for comparison with it.
 *
 * A resting order fills whole, at its own price, when a trade at its price exhausts the queue ahead
 * of it, when a trade prints through its price, or when the opposite best reaches its price. A
 * taker fills whole at the best price whatever stands there. The book is never changed by us.
 */
import { NO_ASK, NO_BID, Ladder } from '../book/index.ts'
import {
  BUY_BIT,
  EventKind,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  SELL_BIT,
  type EventColumns,
  type Side,
} from '../market/index.ts'
import type { ExchangeModel, ExchangeOrder, ExchangeReports } from './exchange.ts'
import type { QueueModel } from './queue-model.ts'
import { RestingOrders } from './resting-orders.ts'
import { SnapshotBuffer } from './snapshot-buffer.ts'

type Phase = 'open' | 'stale' | 'halted'

/** @see module comment */
export class NoPartialExchange implements ExchangeModel {
  readonly name = 'no-partial'
  readonly ladder = new Ladder()
  readonly #events: EventColumns
  readonly #queue: QueueModel
  readonly #reports: ExchangeReports
  readonly #resting = new RestingOrders()
  readonly #snapshot = new SnapshotBuffer()
  #row = 0
  #phase: Phase = 'open'

  constructor(events: EventColumns, queue: QueueModel, reports: ExchangeReports) {
    this.#events = events
    this.#queue = queue
    this.#reports = reports
  }

  get restingCount(): number {
    return this.#resting.count
  }

  advance(until: number): boolean {
    return this.#resting.count === 0 ? this.#advanceIdle(until) : this.#advanceResting(until)
  }

  /** Nothing of ours rests: only the book moves. */
  #advanceIdle(until: number): boolean {
    const { exchTime, code, tick, lots, exchOrder, length } = this.#events
    const ladder = this.ladder
    let row = this.#row
    for (; row < length; row++) {
      const i = exchOrder === undefined ? row : exchOrder[row]!
      if (exchTime[i]! > until) break
      const c = code[i]!
      const kind = c & KIND_MASK
      if (kind === EventKind.DepthSet && (c & LOCAL_ONLY_BIT) === 0) {
        if ((c & BUY_BIT) !== 0) ladder.setBid(tick[i]!, lots[i]!)
        else ladder.setAsk(tick[i]!, lots[i]!)
      } else if (kind !== EventKind.Trade) {
        this.#applyRare(i)
      }
    }
    this.#row = row
    return false
  }

  /** Orders of ours rest: a row costs more only when it touches or passes one of them. */
  #advanceResting(until: number): boolean {
    const { exchTime, code, tick, lots, exchOrder, length } = this.#events
    const ladder = this.ladder
    const resting = this.#resting
    const { bidMin, bidMax, askMin, askMax } = resting
    let row = this.#row
    let hasFilled = false
    for (; row < length && !hasFilled; row++) {
      const i = exchOrder === undefined ? row : exchOrder[row]!
      if (exchTime[i]! > until) break
      const c = code[i]!
      if ((c & LOCAL_ONLY_BIT) !== 0) continue
      const kind = c & KIND_MASK
      const t = tick[i]!
      if (kind === EventKind.DepthSet) {
        if ((c & BUY_BIT) !== 0) {
          const before = ladder.setBid(t, lots[i]!)
          if (t >= bidMin && t <= bidMax && resting.mayRestAt(t)) this.#levelChanged(1, t, before, lots[i]!)
          if (ladder.bestBidTick >= askMin) hasFilled = this.#fillCrossed(-1, exchTime[i]!)
        } else {
          const before = ladder.setAsk(t, lots[i]!)
          if (t >= askMin && t <= askMax && resting.mayRestAt(t)) this.#levelChanged(-1, t, before, lots[i]!)
          if (ladder.bestAskTick <= bidMax) hasFilled = this.#fillCrossed(1, exchTime[i]!)
        }
      } else if (kind === EventKind.Trade) {
        // A trade whose aggressor the venue does not tell may have met either side.
        if ((c & SELL_BIT) === 0 && t >= askMin) hasFilled = this.#traded(-1, i)
        if ((c & BUY_BIT) === 0 && t <= bidMax) hasFilled = this.#traded(1, i) || hasFilled
      } else {
        hasFilled = this.#applyRare(i)
      }
    }
    this.#row = row
    return hasFilled
  }

  submit(order: ExchangeOrder, exchTime: number): void {
    if (this.#phase !== 'open') {
      const why = this.#phase === 'stale' ? 'the book is stale after a gap' : 'trading is halted'
      this.#reports.rejected(order.index, exchTime, why)
      return
    }
    const best = order.side > 0 ? this.ladder.bestAskTick : this.ladder.bestBidTick
    const hasOpposite = order.side > 0 ? best !== NO_ASK : best !== NO_BID
    if (order.type === 'market') {
      if (hasOpposite) this.#take(order, best, exchTime)
      else this.#reports.expired(order.index, exchTime, 'nothing stands on the opposite side')
      return
    }
    const crosses = hasOpposite && order.side * (order.priceTicks - best) >= 0
    if (crosses && order.timeInForce === 'GTX') {
      this.#reports.expired(order.index, exchTime, 'a post-only order would have taken')
    } else if (crosses) {
      this.#take(order, best, exchTime)
    } else if (order.timeInForce === 'IOC' || order.timeInForce === 'FOK') {
      this.#reports.expired(order.index, exchTime, 'nothing to take within the limit')
    } else {
      const { side, priceTicks } = order
      const front = side > 0 ? this.ladder.bidLotsAt(priceTicks) : this.ladder.askLotsAt(priceTicks)
      this.#resting.add(order.index, side, priceTicks, order.sizeLots, front)
      this.#reports.accepted(order.index, exchTime, front)
    }
  }

  cancel(index: number, exchTime: number): void {
    const row = this.#resting.find(index)
    if (row < 0) {
      this.#reports.cancelRejected(index, exchTime, 'the order no longer rests')
      return
    }
    this.#resting.remove(row)
    this.#reports.cancelled(index, exchTime)
  }

  #take(order: ExchangeOrder, priceTicks: number, exchTime: number): void {
    this.#reports.filled(order.index, exchTime, {
      priceTicks,
      sizeLots: order.sizeLots,
      isMaker: false,
      queueAheadLots: Number.NaN,
    })
  }

  #levelChanged(side: Side, tick: number, before: number, after: number): void {
    const resting = this.#resting
    for (let row = 0; row < resting.count; row++) {
      if (resting.tick[row] !== tick || resting.side[row] !== side) continue
      resting.front[row] = this.#queue.frontAfterChange(
        resting.front[row]!,
        resting.traded[row]!,
        before,
        after,
      )
      resting.traded[row] = 0
    }
  }

  /** Fills the orders of `side` that the opposite best has reached. */
  #fillCrossed(side: Side, exchTime: number): boolean {
    const opposite = side > 0 ? this.ladder.bestAskTick : this.ladder.bestBidTick
    const resting = this.#resting
    let filled = false
    for (let row = 0; row < resting.count; ) {
      if (resting.side[row] === side && side * (resting.tick[row]! - opposite) >= 0) {
        this.#fillMaker(row, exchTime, Math.max(0, resting.front[row]!))
        filled = true
      } else {
        row++
      }
    }
    return filled
  }

  /** Lets a trade meet our orders of `side`: through their price, or in their queue. */
  #traded(side: Side, i: number): boolean {
    const { exchTime, tick, lots } = this.#events
    const resting = this.#resting
    let filled = false
    for (let row = 0; row < resting.count; ) {
      const beyond = side * (resting.tick[row]! - tick[i]!)
      if (resting.side[row] !== side || beyond < 0) {
        row++
        continue
      }
      const ahead = Math.max(0, resting.front[row]!)
      if (beyond === 0) {
        resting.front[row]! -= lots[i]!
        resting.traded[row]! += lots[i]!
        // The place is an estimate between whole lots: beyond half a lot counts as passed.
        if (Math.round(-resting.front[row]!) <= 0) {
          row++
          continue
        }
      }
      this.#fillMaker(row, exchTime[i]!, ahead)
      filled = true
    }
    return filled
  }

  #fillMaker(row: number, exchTime: number, queueAheadLots: number): void {
    const resting = this.#resting
    const index = resting.order[row]!
    const priceTicks = resting.tick[row]!
    const sizeLots = resting.lots[row]!
    resting.remove(row)
    this.#reports.filled(index, exchTime, { priceTicks, sizeLots, isMaker: true, queueAheadLots })
  }

  /** Clears, snapshots, gaps and halts. Returns true when one of our orders filled. */
  #applyRare(i: number): boolean {
    const { code, tick, lots, exchTime } = this.#events
    const c = code[i]!
    if ((c & LOCAL_ONLY_BIT) !== 0) return false
    switch (c & KIND_MASK) {
      case EventKind.DepthClear:
        if ((c & SELL_BIT) === 0) this.ladder.clearBids()
        if ((c & BUY_BIT) === 0) this.ladder.clearAsks()
        return false
      case EventKind.SnapshotBegin:
        this.#snapshot.clear()
        return false
      case EventKind.SnapshotLevel:
        this.#snapshot.push((c & BUY_BIT) !== 0 ? 1 : -1, tick[i]!, lots[i]!)
        return false
      case EventKind.SnapshotEnd:
        return this.#restore(exchTime[i]!)
      case EventKind.Gap:
        this.#phase = 'stale'
        return false
      case EventKind.Status:
        this.#phase = lots[i] === 0 ? 'halted' : 'open'
        return false
      default:
        return false
    }
  }

  /** Swaps the book for the snapshot; to our queues it is one change of each of their levels. */
  #restore(exchTime: number): boolean {
    const { ladder } = this
    const resting = this.#resting
    const before = new Float64Array(resting.count)
    for (let row = 0; row < resting.count; row++) {
      const tick = resting.tick[row]!
      before[row] = resting.side[row]! > 0 ? ladder.bidLotsAt(tick) : ladder.askLotsAt(tick)
    }
    this.#snapshot.restoreInto(ladder)
    if (this.#phase === 'stale') this.#phase = 'open'
    for (let row = 0; row < resting.count; row++) {
      const tick = resting.tick[row]!
      const after = resting.side[row]! > 0 ? ladder.bidLotsAt(tick) : ladder.askLotsAt(tick)
      if (after === before[row]) continue
      resting.front[row] = this.#queue.frontAfterChange(
        resting.front[row]!,
        resting.traded[row]!,
        before[row]!,
        after,
      )
      resting.traded[row] = 0
    }
    const filledAsks = ladder.bestBidTick >= resting.askMin && this.#fillCrossed(-1, exchTime)
    const filledBids = ladder.bestAskTick <= resting.bidMax && this.#fillCrossed(1, exchTime)
    return filledAsks || filledBids
  }
}
