/** The market-by-order book that one writes first: a Map of orders, a list of orders a level. */
import { BUY_BIT, EventKind, KIND_MASK, type EventColumns } from 'lobtrader/market'
import { HighPrecisionClock } from 'lobtrader/time'
import type { OrderTape } from './order-tapes.ts'

interface Order {
  readonly isBid: boolean
  tick: number
  lots: number
}

interface Level {
  lots: number
  readonly orders: Order[]
}

class ListBook {
  readonly orders = new Map<number, Order>()
  readonly #bids = new Map<number, Level>()
  readonly #asks = new Map<number, Level>()
  bestBid = Number.NEGATIVE_INFINITY
  bestAsk = Number.POSITIVE_INFINITY

  add(ref: number, order: Order): void {
    this.orders.set(ref, order)
    this.#join(order)
  }

  reduce(ref: number, lots: number): void {
    const order = this.orders.get(ref)!
    if (lots >= order.lots) {
      this.orders.delete(ref)
      this.#leave(order)
      return
    }
    order.lots -= lots
    this.#levels(order).get(order.tick)!.lots -= lots
  }

  modify(ref: number, tick: number, lots: number): void {
    const order = this.orders.get(ref)!
    if (tick === order.tick && lots <= order.lots) {
      if (lots < order.lots) this.reduce(ref, order.lots - lots)
      return
    }
    this.#leave(order)
    order.tick = tick
    order.lots = lots
    this.#join(order)
  }

  clear(): void {
    this.orders.clear()
    this.#bids.clear()
    this.#asks.clear()
    this.bestBid = Number.NEGATIVE_INFINITY
    this.bestAsk = Number.POSITIVE_INFINITY
  }

  #levels(order: Order): Map<number, Level> {
    return order.isBid ? this.#bids : this.#asks
  }

  #join(order: Order): void {
    const levels = this.#levels(order)
    const level = levels.get(order.tick)
    if (level === undefined) levels.set(order.tick, { lots: order.lots, orders: [order] })
    else {
      level.lots += order.lots
      level.orders.push(order)
    }
    if (order.isBid) this.bestBid = Math.max(this.bestBid, order.tick)
    else this.bestAsk = Math.min(this.bestAsk, order.tick)
  }

  #leave(order: Order): void {
    const levels = this.#levels(order)
    const level = levels.get(order.tick)!
    level.lots -= order.lots
    level.orders.splice(level.orders.indexOf(order), 1)
    if (level.orders.length > 0) return
    levels.delete(order.tick)
    if (order.tick !== (order.isBid ? this.bestBid : this.bestAsk)) return
    const step = order.isBid ? -1 : 1
    let best = order.tick + step
    if (levels.size === 0) best = step * Number.POSITIVE_INFINITY
    else while (!levels.has(best)) best += step
    if (order.isBid) this.bestBid = best
    else this.bestAsk = best
  }
}

function apply(book: ListBook, events: EventColumns, row: number): void {
  const code = events.code[row]!
  const ref = events.orderRef[row]!
  const tick = events.tick[row]!
  const lots = events.lots[row]!
  switch (code & KIND_MASK) {
    case EventKind.OrderAdd:
      book.add(ref, { isBid: (code & BUY_BIT) !== 0, tick, lots })
      break
    case EventKind.OrderModify:
      book.modify(ref, tick, lots)
      break
    case EventKind.OrderCancel:
    case EventKind.OrderExecute:
      book.reduce(ref, lots)
      break
    case EventKind.DepthClear:
      book.clear()
      break
    default:
  }
}

/** Replays every row and returns messages per second. */
export function replayLists({ events, openOrders, touch }: OrderTape): number {
  const book = new ListBook()
  const begin = HighPrecisionClock.monotonicNs()
  for (let row = 0; row < events.length; row++) apply(book, events, row)
  const seconds = Number(HighPrecisionClock.monotonicNs() - begin) / 1e9
  const isSame = book.bestBid === touch[0] && book.bestAsk === touch[1]
  if (book.orders.size !== openOrders || !isSame) {
    throw new Error(`the book of lists has ${book.orders.size} orders, not ${openOrders}`)
  }
  return events.length / seconds
}
