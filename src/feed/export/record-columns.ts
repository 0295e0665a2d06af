/** Rows of a partition as the records of hftbacktest, in local order. */
import {
  EventKind,
  KIND_MASK,
  EXCH_ONLY_BIT,
  LOCAL_ONLY_BIT,
  codeSide,
  type EventColumns,
  type Instrument,
  type Side,
} from '../../market/index.ts'
import { RecordFlag, RecordKind } from '../import/hftbacktest/event-record.ts'

/** Records as columns; `length` of each are valid. */
export interface RecordColumns {
  readonly length: number
  readonly epochNs: bigint
  readonly localTime: Float64Array
  readonly exchTime: Float64Array
  /** Kind and side, without the flags of who sees the record. */
  readonly event: Uint32Array
  /** `RecordFlag.Exchange`, `RecordFlag.Local` or both. */
  readonly seen: Uint32Array
  readonly price: Float64Array
  readonly size: Float64Array
  readonly orderId: Float64Array
  readonly seq: Float64Array
  /** Rows that the format has no record for. */
  readonly leftOut: number
}

const BOTH = RecordFlag.Exchange + RecordFlag.Local

/** An event of a book of orders becomes two records at most: what was filled, and what is left. */
const RECORDS_MAX = 2

/**
 * Returns the records of a partition.
 *
 * Levels and trades become one record each; a snapshot becomes a clear of both sides and its
 * levels. Orders keep their reference as id. hftbacktest deletes an order by its id and takes
 * nothing off by a fill, so a part of an order that goes becomes a modification to what is left,
 * and an execution a fill with one behind it. What names no order that is there is left out, as
 * hftbacktest stops on it, and so are funding, status and gaps.
 */
export function recordColumns(events: EventColumns, instrument: Instrument): RecordColumns {
  const maker = new RecordMaker(events, instrument)
  for (let row = 0; row < events.length; row++) maker.take(row)
  return maker.finish()
}

interface LiveOrder {
  readonly side: Side
  lots: number
  tick: number
}

class RecordMaker {
  readonly #events: EventColumns
  readonly #instrument: Instrument
  readonly #columns: Omit<RecordColumns, 'length' | 'leftOut'>
  /** Live orders by reference. */
  readonly #orders = new Map<number, LiveOrder>()
  #length = 0
  #leftOut = 0

  constructor(events: EventColumns, instrument: Instrument) {
    this.#events = events
    this.#instrument = instrument
    const capacity = events.length * RECORDS_MAX
    this.#columns = {
      epochNs: events.epochNs,
      localTime: new Float64Array(capacity),
      exchTime: new Float64Array(capacity),
      event: new Uint32Array(capacity),
      seen: new Uint32Array(capacity),
      price: new Float64Array(capacity),
      size: new Float64Array(capacity),
      orderId: new Float64Array(capacity),
      seq: new Float64Array(capacity),
    }
  }

  take(row: number): void {
    const { code, tick, lots } = this.#events
    const kind = code[row]! & KIND_MASK
    switch (kind) {
      case EventKind.Trade:
        this.#put(row, RecordKind.Trade, tick[row]!, lots[row]!)
        break
      case EventKind.DepthSet:
        this.#putLevel(row, RecordKind.Depth)
        break
      case EventKind.SnapshotLevel:
        this.#putLevel(row, RecordKind.DepthSnapshot)
        break
      case EventKind.Bbo:
        this.#putLevel(row, RecordKind.DepthBbo)
        break
      case EventKind.DepthClear:
      case EventKind.SnapshotBegin:
        this.#clearOrders(codeSide(code[row]!))
        this.#put(row, RecordKind.DepthClear, Number.NaN, 0)
        break
      case EventKind.SnapshotEnd:
        break
      case EventKind.OrderAdd:
      case EventKind.OrderModify:
      case EventKind.OrderCancel:
      case EventKind.OrderExecute:
      case EventKind.OrderFill:
        this.#takeOrder(row, kind)
        break
      default:
        this.#leftOut++
    }
  }

  finish(): RecordColumns {
    return { ...this.#columns, length: this.#length, leftOut: this.#leftOut }
  }

  #clearOrders(side: Side | 0): void {
    for (const [ref, order] of this.#orders) {
      if (side === 0 || side === order.side) this.#orders.delete(ref)
    }
  }

  /** A level needs a side. */
  #putLevel(row: number, kind: number): void {
    const { code, tick, lots } = this.#events
    if (codeSide(code[row]!) === 0) this.#leftOut++
    else this.#put(row, kind, tick[row]!, lots[row]!)
  }

  #takeOrder(row: number, kind: number): void {
    const { code, tick, lots, orderRef } = this.#events
    const ref = orderRef[row]!
    const order = this.#orders.get(ref)
    if (kind === EventKind.OrderAdd) {
      const side = codeSide(code[row]!)
      if (order !== undefined || side === 0 || ref < 0) {
        this.#leftOut++
        return
      }
      this.#orders.set(ref, { side, lots: lots[row]!, tick: tick[row]! })
      this.#put(row, RecordKind.AddOrder, tick[row]!, lots[row]!)
    } else if (order === undefined) {
      this.#leftOut++
    } else if (kind === EventKind.OrderModify) {
      this.#leave(row, order, tick[row]!, lots[row]!)
    } else {
      if (kind !== EventKind.OrderCancel) this.#put(row, RecordKind.Fill, tick[row]!, lots[row]!)
      if (kind === EventKind.OrderFill) return
      this.#leave(row, order, order.tick, Math.max(0, order.lots - lots[row]!))
    }
  }

  /** Writes what is left of an order. */
  #leave(row: number, order: LiveOrder, tick: number, lots: number): void {
    if (lots === 0) {
      this.#orders.delete(this.#events.orderRef[row]!)
      this.#put(row, RecordKind.CancelOrder, order.tick, order.lots)
    } else {
      order.lots = lots
      order.tick = tick
      this.#put(row, RecordKind.ModifyOrder, tick, lots)
    }
  }

  /** @param tick NaN for no price */
  #put(row: number, kind: number, tick: number, lots: number): void {
    const { code, localTime, exchTime, orderRef, seq } = this.#events
    const columns = this.#columns
    const at = this.#length++
    const side = codeSide(code[row]!)
    columns.localTime[at] = localTime[row]!
    columns.exchTime[at] = exchTime[row]!
    columns.event[at] = kind + (side > 0 ? RecordFlag.Buy : side < 0 ? RecordFlag.Sell : 0)
    columns.seen[at] = seenFlags(code[row]!, kind)
    columns.price[at] = this.#instrument.price(tick)
    columns.size[at] = this.#instrument.size(lots)
    columns.orderId[at] = Math.max(0, orderRef[row]!)
    columns.seq[at] = seq[row]!
  }
}

function seenFlags(code: number, kind: number): number {
  // A ticker informs us; what the venue's book is, its depth says.
  if (kind === RecordKind.DepthBbo || (code & LOCAL_ONLY_BIT) !== 0) return RecordFlag.Local
  return (code & EXCH_ONLY_BIT) !== 0 ? RecordFlag.Exchange : BOTH
}
