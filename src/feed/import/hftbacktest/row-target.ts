/** Takes the checked records of an array and makes a tape of them: of levels, or of orders. */
import type { Ladder } from '../../../book/index.ts'
import { EventKind, KIND_MASK, codeSide } from '../../../market/index.ts'
import type { RowSink } from '../../../store/index.ts'
import type { OrderCounts } from '../import-result.ts'
import { OrdersTape } from '../orders-tape.ts'
import type { TradeTotals } from '../trade-totals.ts'
import type { EventRecord } from './event-record.ts'
import { JoinedTape } from './joined-tape.ts'
import { isOrderKind } from './record-values.ts'
import { SideJoin, type TapeRow } from './side-join.ts'

/** Where records go. */
export interface RowTarget {
  readonly events: number
  readonly crossed: number
  readonly hasSnapshot: boolean
  readonly ladder: Ladder
  readonly totals: TradeTotals
  readonly orders?: OrderCounts
  /** Fills of an order that is not there. */
  readonly unknownFills: number
  begin(epochNs: bigint): void
  /** Returns false when the row does not belong into such an array. */
  take(row: TapeRow, record: EventRecord): boolean
  drain(): void
  finish(): void
}

/** A tape of levels; rows that the file holds once for each side are joined. */
export class LevelTarget implements RowTarget {
  readonly unknownFills = 0
  readonly #tape: JoinedTape
  readonly #join: SideJoin

  constructor(sink: RowSink) {
    this.#tape = new JoinedTape(sink)
    this.#join = new SideJoin(this.#tape)
  }

  get events(): number {
    return this.#tape.events
  }

  get crossed(): number {
    return this.#tape.crossed
  }

  get hasSnapshot(): boolean {
    return this.#tape.hasSnapshot
  }

  get ladder(): Ladder {
    return this.#tape.ladder
  }

  get totals(): TradeTotals {
    return this.#tape.totals
  }

  begin(epochNs: bigint): void {
    this.#tape.begin(epochNs)
  }

  take(row: TapeRow, record: EventRecord): boolean {
    if (isOrderKind((row.code & KIND_MASK) as EventKind)) return false
    if (!record.isExchange) this.#join.localRow(row)
    else if (!record.isLocal) this.#join.exchangeRow(row)
    else this.#join.sharedRow(row)
    return true
  }

  drain(): void {
    this.#tape.drain()
  }

  finish(): void {
    this.#join.finish()
    this.#tape.finish()
  }
}

/**
 * A tape of orders, as we see them: rows for the exchange alone are the twins of rows that we see
 * later, and a venue tells of its orders in the order in which they happened.
 */
export class OrderTarget implements RowTarget {
  hasSnapshot = true
  readonly #sink: RowSink
  #tape: OrdersTape | undefined
  #localTime = Number.NEGATIVE_INFINITY
  /** A clear was held back: with additions of its moment behind it, it begins a snapshot. */
  #isCleared = false
  #isInSnapshot = false

  constructor(sink: RowSink) {
    this.#sink = sink
  }

  get events(): number {
    return this.#tape?.events ?? 0
  }

  get crossed(): number {
    return this.#tape?.crossed ?? 0
  }

  get ladder(): Ladder {
    return this.#tape!.ladder
  }

  get totals(): TradeTotals {
    return this.#tape!.totals
  }

  get orders(): OrderCounts {
    return this.#tape!.orders
  }

  get unknownFills(): number {
    return this.#tape!.unknownFills
  }

  begin(epochNs: bigint): void {
    this.#tape = new OrdersTape(this.#sink, epochNs)
  }

  take(row: TapeRow, record: EventRecord): boolean {
    if (!record.isLocal) return true
    const tape = this.#tape!
    const { localTime, code, tick, lots } = row
    const { idHigh, idLow } = record
    const kind = code & KIND_MASK
    const side = codeSide(code)
    const isAdd = kind === EventKind.OrderAdd
    this.#settle(isAdd && localTime === this.#localTime)
    if (localTime > this.#localTime) tape.countCrossed()
    this.#localTime = localTime
    tape.at(localTime, row.exchTime, row.seq)
    if (isAdd && side !== 0) tape.add(idHigh, idLow, side, tick, lots)
    else if (kind === EventKind.OrderModify) tape.modify(idHigh, idLow, tick, lots)
    else if (kind === EventKind.OrderCancel) tape.cancel(idHigh, idLow)
    else if (kind === EventKind.OrderFill) tape.fill(idHigh, idLow, side, tick, lots)
    else if (kind === EventKind.Trade) tape.trade(side, tick, lots)
    else if (kind === EventKind.Bbo && side !== 0) tape.top(side, tick, lots)
    else if (kind === EventKind.DepthClear && side === 0) this.#isCleared = true
    else return false
    return true
  }

  /** @param continues the row at hand is an addition of the moment of the row before */
  #settle(continues: boolean): void {
    if (this.#isInSnapshot && !continues) {
      this.#isInSnapshot = false
      this.#tape!.endSnapshot()
    }
    if (!this.#isCleared) return
    this.#isCleared = false
    if (continues) {
      this.#isInSnapshot = true
      this.#tape!.beginSnapshot()
    } else {
      this.#tape!.clear()
    }
  }

  drain(): void {
    this.#tape?.drain()
  }

  finish(): void {
    this.#settle(false)
    this.#tape?.countCrossed()
    this.#tape?.finish()
  }
}
