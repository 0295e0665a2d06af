/**
 * Order records of one instrument on their way to the tape.
 *
 * Source: "MBO (L3)" and "Market by order" of Databento's documentation (read 2026-11), and
 * what the files show: a trade (T) is the aggressor's, fills (F) are those of resting orders, and
 * neither changes the book; the cancellation or modification behind them does. A snapshot is a run
 * of flagged additions, with venue times and sequences of long ago. An event of the venue ends with
 * the flag F_LAST, and only there is the book whole.
 */
import { DataError } from '../../../core/index.ts'
import type { Side } from '../../../market/index.ts'
import { finalBook } from '../final-book.ts'
import type { ImportJob } from '../import-job.ts'
import type { SymbolResult } from '../import-result.ts'
import { OrdersTape } from '../orders-tape.ts'
import type { RowSink } from '../../../store/index.ts'
import type { DbnBlock } from './dbn-reader.ts'
import { DbnGrid } from './dbn-grid.ts'
import { RecordFlag, RecordType } from './layout.ts'
import type { InstrumentRows, RowsOptions, Tally } from './instrument-rows.ts'

const ADD = 65
const CANCEL = 67
const FILL = 70
const MODIFY = 77
const NONE = 78
const CLEAR = 82
const TRADE = 84

const AGGREGATED = RecordFlag.TopOfBook | RecordFlag.PriceLevel

/** The L3 rows of one instrument. */
export class MboRows implements InstrumentRows {
  readonly recordType = RecordType.Mbo
  messages = 0
  undefinedPrices = 0
  emptySizes = 0
  aggregated = 0
  readonly tape: OrdersTape
  readonly #sink: RowSink
  readonly #grid: DbnGrid
  readonly #refuse: ImportJob['refuse']
  #isInSnapshot = false
  #hasGap = false

  constructor(sink: RowSink, { epochNs, isSmall, refuse }: RowsOptions) {
    this.#sink = sink
    this.#grid = new DbnGrid(sink.instrument)
    this.#refuse = refuse
    this.tape = new OrdersTape(sink, epochNs, { isSmall })
  }

  get events(): number {
    return this.tape.events
  }

  record(block: DbnBlock, row: number, localTime: number, exchTime: number): void {
    this.messages++
    const { columns } = block
    const flags = columns.flags[row]!
    if ((flags & AGGREGATED) !== 0) {
      this.aggregated++
      return
    }
    const { tape } = this
    const isSnapshot = (flags & RecordFlag.Snapshot) !== 0
    const action = columns.action[row]!
    if (this.#isInSnapshot && (!isSnapshot || action === CLEAR)) this.#endSnapshot()
    tape.at(localTime, exchTime, columns.sequence[row]!)
    if (isSnapshot && !this.#isInSnapshot) {
      tape.beginSnapshot()
      this.#isInSnapshot = true
      this.#hasGap = false
    }
    if ((flags & RecordFlag.MaybeBadBook) !== 0 && !this.#hasGap && !isSnapshot) {
      tape.gap()
      this.#hasGap = true
    }
    this.#apply(block, row, action)
    if ((flags & RecordFlag.Last) !== 0 && !isSnapshot) tape.countCrossed()
  }

  status(localTime: number, exchTime: number, isOpen: boolean): void {
    this.tape.at(localTime, exchTime)
    this.tape.status(isOpen)
  }

  #apply(block: DbnBlock, row: number, action: number): void {
    const { columns } = block
    if (action === NONE) return
    if (action === CLEAR) {
      if (this.#isInSnapshot) return
      this.tape.clear()
      this.#hasGap = false
      return
    }
    const lots = this.#grid.lotsOf(columns.size[row]!)
    if (Number.isNaN(lots)) throw this.#grid.finerSize(columns.size[row]!, block.placeOf(row))
    const high = columns.orderHigh[row]!
    const low = columns.orderLow[row]!
    if (lots === 0 && action !== MODIFY) {
      this.emptySizes++
      return
    }
    if (action === CANCEL) {
      this.tape.cancel(high, low, lots)
      return
    }
    const price = columns.price[row]!
    if (Number.isNaN(price)) {
      this.undefinedPrices++
      return
    }
    const tick = this.#grid.tickOf(price)
    if (Number.isNaN(tick)) {
      this.#refuse(this.#grid.badPrice(price, block.placeOf(row)))
      return
    }
    const side = columns.side[row] as Side | 0
    if (action === TRADE) this.tape.trade(side, tick, lots)
    else if (action === FILL) this.tape.fill(high, low, side, tick, lots)
    else if (action === MODIFY) this.tape.modify(high, low, tick, lots)
    else if (action === ADD && side !== 0) this.tape.add(high, low, side, tick, lots)
    else this.#refuse(badAction(block, row, action))
  }

  beginFile(): void {
    if (this.#isInSnapshot) this.#endSnapshot()
  }

  #endSnapshot(): void {
    this.tape.endSnapshot()
    this.#isInSnapshot = false
  }

  drain(): void {
    this.tape.drain()
  }

  finish(): SymbolResult {
    this.beginFile()
    const { tape } = this
    tape.finish()
    const { instrument } = this.#sink
    return {
      symbol: instrument.symbol,
      messages: this.messages,
      events: tape.events,
      gaps: tape.gaps,
      duplicates: 0,
      reordered: 0,
      crossed: tape.crossed,
      orders: tape.orders,
      final: finalBook(tape.ladder, instrument),
      trades: tape.totals.summary(instrument),
    }
  }

  tallies(): readonly Tally[] {
    const { tape } = this
    return [
      [tape.unknown, 'changes name an order that is not there or add one that is; left out'],
      [tape.unknownFills, 'fills name an order that is not there'],
      [tape.excess, 'cancellations take more than the order had'],
      [tape.crossed, 'events of the venue left the book crossed'],
      [
        tape.gaps,
        'times the file says that messages are lost; the book is stale from there until the next snapshot or reset',
      ],
      [this.undefinedPrices, 'records have no price; left out'],
      [this.emptySizes, 'records have no size; left out'],
      [this.aggregated, 'records stand for whole levels instead of orders; left out'],
    ]
  }
}

function badAction({ columns, placeOf }: DbnBlock, row: number, action: number): DataError {
  const isAdd = action === ADD
  const text = JSON.stringify(String.fromCharCode(action))
  return new DataError(
    'BAD_FIELD',
    isAdd
      ? `an order must have the side "A" or "B", was ${columns.side[row]}`
      : `expected an action of A, C, F, M, N, R or T, was ${text}`,
    { ...placeOf(row), field: isAdd ? 'side' : 'action', value: isAdd ? 'N' : text },
  )
}
