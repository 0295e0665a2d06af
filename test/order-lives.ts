/**
 * What became of every order of a market-by-order tape, and the tape without some of them: what an
 * exchange model is told when a real order is replayed as if it were ours.
 */
import {
  EventKind,
  EventWriter,
  KIND_MASK,
  SELL_BIT,
  codeSide,
  type EventColumns,
  type Side,
} from '../src/market/index.ts'

/** An execution or the like: when, on the venue's clock, and how much. */
export interface Piece {
  readonly time: number
  readonly lots: number
}

/** One order from its arrival to its end, or to the end of the tape. */
export interface OrderLife {
  readonly side: Side
  readonly tick: number
  readonly lots: number
  readonly arrival: number
  readonly fills: Piece[]
  /** When it was cancelled, NaN where it was not. */
  cancelledAt: number
  /** False where a row gave it another price or size, or took a part of it away. */
  isPlain: boolean
  /** Filled as an aggressor, or away from its price: it was changed while nothing showed. */
  hasTaken: boolean
  /** Came with a snapshot: the day began with it. */
  readonly isOfSnapshot: boolean
  /** Its rows on the tape. */
  readonly rows: number[]
}

/** Follows every order. Rows must stand in the order of the venue's clock. */
export function orderLives(events: EventColumns): OrderLife[] {
  const { code, tick, lots, orderRef, exchTime } = events
  const lives: OrderLife[] = []
  let live = new Map<number, { life: OrderLife; left: number; told: number }>()
  let restated: typeof live | undefined
  let aggressor = { time: Number.NaN, side: 0 as Side | 0 }
  for (let i = 0; i < events.length; i++) {
    const kind = code[i]! & KIND_MASK
    const time = exchTime[i]!
    if (kind === EventKind.SnapshotBegin) restated = new Map()
    if (kind === EventKind.SnapshotEnd && restated !== undefined) {
      live = restated
      restated = undefined
    }
    if (kind === EventKind.DepthClear) live = new Map()
    if (kind === EventKind.Trade) aggressor = { time, side: codeSide(code[i]!) }
    if (kind === EventKind.OrderAdd) {
      const life: OrderLife = {
        side: (code[i]! & SELL_BIT) === 0 ? 1 : -1,
        tick: tick[i]!,
        lots: lots[i]!,
        arrival: time,
        fills: [],
        cancelledAt: Number.NaN,
        isPlain: true,
        hasTaken: false,
        isOfSnapshot: restated !== undefined,
        rows: [i],
      }
      lives.push(life)
      ;(restated ?? live).set(orderRef[i]!, { life, left: lots[i]!, told: 0 })
      continue
    }
    const order = live.get(orderRef[i]!)
    if (order === undefined) continue
    const { life } = order
    life.rows.push(i)
    if (kind === EventKind.OrderFill) {
      const isOwn = aggressor.time === time && aggressor.side === life.side
      if (isOwn || tick[i] !== life.tick) life.hasTaken = true
      else life.fills.push({ time, lots: lots[i]! })
      order.told += lots[i]!
    } else if (kind === EventKind.OrderExecute) {
      life.fills.push({ time, lots: lots[i]! })
      order.left -= lots[i]!
      if (order.left <= 0) live.delete(orderRef[i]!)
    } else if (kind === EventKind.OrderCancel) {
      const isOfFill = lots[i]! <= order.told
      if (isOfFill) order.told -= lots[i]!
      else if (lots[i]! < order.left) life.isPlain = false
      else life.cancelledAt = time
      order.left -= lots[i]!
      if (order.left <= 0) live.delete(orderRef[i]!)
    } else if (kind === EventKind.OrderModify) {
      const isOfFill = tick[i] === life.tick && order.left - order.told === lots[i]!
      if (isOfFill && order.told > 0) order.told = 0
      else life.isPlain = false
      order.left = lots[i]!
      if (order.left === 0) live.delete(orderRef[i]!)
    }
  }
  return lives
}

/** The tape without the rows of some orders; trades stay as they were. */
export function withoutOrders(events: EventColumns, lives: readonly OrderLife[]): EventColumns {
  const gone = new Set(lives.flatMap(({ rows }) => rows))
  const writer = new EventWriter(events.epochNs, events.length)
  const { localTime, exchTime, code, tick, lots, orderRef, seq } = events
  for (let i = 0; i < events.length; i++) {
    if (gone.has(i)) continue
    writer.push(localTime[i]!, exchTime[i]!, code[i]!, tick[i]!, lots[i]!, orderRef[i]!, seq[i]!)
  }
  return writer.finish()
}
