import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EventKind,
  EventWriter,
  Instrument,
  eventCode,
  type EventColumns,
  type Side,
} from '../market/index.ts'
import { applyExchangeEvents } from './apply-events.kernel.ts'
import { BookState } from './book-state.ts'
import { LevelMemory } from './level-memory.ts'
import { OrderBook } from './order-book.ts'
import { TouchMark } from './touch-mark.ts'

const instrument = new Instrument({
  venue: 'test',
  symbol: 'XYZ',
  kind: 'spot',
  base: 'X',
  quote: 'Z',
  tickSize: '0.01',
  lotSize: '0.001',
})

/** Levels, trades and tickers mostly; now and then what changes a whole book or its phase. */
const row = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.record({
      kind: fc.constantFrom(EventKind.DepthSet, EventKind.DepthSet, EventKind.Trade, EventKind.Bbo),
      side: fc.constantFrom<Side>(1, -1),
      tick: fc.integer({ min: 995, max: 1005 }),
      lots: fc.integer({ min: 0, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        EventKind.DepthClear,
        EventKind.Gap,
        EventKind.SnapshotBegin,
        EventKind.SnapshotEnd,
      ),
      side: fc.constant<Side>(1),
      tick: fc.constant(0),
      lots: fc.constant(0),
    }),
  },
)

const rows = fc
  .array(row, { minLength: 1, maxLength: 400, size: 'max' })
  .map((all): EventColumns => {
    const writer = new EventWriter(0n, all.length)
    for (const [i, { kind, side, tick, lots }] of all.entries()) {
      writer.push(10 * i + 5, 10 * i, eventCode(kind, side), tick, lots, -1, i + 1)
    }
    return writer.finish()
  })

/** What can be told of a book without its levels. */
function touchOf(book: OrderBook): object {
  return {
    status: book.status,
    isStale: book.isStale,
    time: book.time,
    timeNs: book.timeNs,
    bid: [book.bestBid, book.bestBidTicks, book.bestBidLots, book.bestBidSize],
    ask: [book.bestAsk, book.bestAskTicks, book.bestAskLots, book.bestAskSize],
    between: [book.mid, book.microprice, book.spread, book.getSpreadBps()],
    levels: [book.getBestBid(), book.getBestAsk()],
  }
}

/** All that can be told. */
function all(book: OrderBook): object {
  const tickers = [book.bboBidTicks, book.bboBidLots, book.bboAskTicks, book.bboAskLots]
  const { version, seqNum } = book
  return { ...touchOf(book), tickers, version, seqNum, depth: book.snapshot() }
}

class Pair {
  readonly plain = new OrderBook(instrument)
  readonly late: OrderBook
  readonly mark: TouchMark
  readonly #exchange: BookState
  readonly #events: EventColumns
  #row = 0
  exchangeRow = 0

  constructor(events: EventColumns) {
    const memory = new LevelMemory()
    this.late = new OrderBook(instrument, { compiled: memory.local })
    this.#exchange = new BookState({ compiled: memory.exchange })
    this.mark = new TouchMark(this.#exchange)
    this.#events = events
  }

  get row(): number {
    return this.#row
  }

  /** Brings the exchange to a row, past the one at which the touch is wanted. */
  exchangeTo(wanted: number, row: number): void {
    const events = this.#events
    this.mark.want(events, wanted)
    while (this.exchangeRow < row) {
      const end = Math.min(row, this.mark.pass(events, this.exchangeRow))
      applyExchangeEvents(this.#exchange, events, this.exchangeRow, end)
      this.exchangeRow = end
    }
    this.mark.pass(events, this.exchangeRow)
  }

  lookAt(row: number): void {
    if (row <= this.#row) return
    this.plain.apply(this.#events, this.#row, row)
    if (this.mark.isAt(this.#events, row)) {
      this.late.defer(this.#events, this.#row, row, this.mark)
    } else this.late.apply(this.#events, this.#row, row)
    this.#row = row
  }
}

describe('a book whose rows wait', () => {
  it('tells the touch, and when asked the rest, of a book that applies them at once', () => {
    const step = fc.record({
      rows: fc.integer({ min: 0, max: 60 }),
      ahead: fc.integer({ min: 0, max: 5 }),
      asks: fc.boolean(),
    })
    let deferred = 0
    fc.assert(
      fc.property(rows, fc.array(step, { maxLength: 12 }), (events, steps) => {
        const pair = new Pair(events)
        for (const { rows: count, ahead, asks } of steps) {
          const to = Math.min(events.length, pair.row + count)
          pair.exchangeTo(to, Math.min(events.length, to + ahead))
          if (pair.mark.isAt(events, to)) deferred++
          pair.lookAt(to)
          expect(touchOf(pair.late)).toEqual(touchOf(pair.plain))
          if (asks) expect(all(pair.late)).toEqual(all(pair.plain))
        }
        expect(all(pair.late)).toEqual(all(pair.plain))
      }),
      { numRuns: 300 },
    )
    expect(deferred).toBeGreaterThan(100)
  })

  it('takes the levels of the other book where that has seen the same rows', () => {
    let caught = 0
    fc.assert(
      fc.property(
        rows,
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 8 }),
        fc.integer({ min: 0, max: 20 }),
        (events, steps, ahead) => {
          const pair = new Pair(events)
          for (const count of steps) {
            const to = Math.min(events.length, pair.row + count)
            pair.exchangeTo(to, to)
            pair.lookAt(to)
          }
          const end = Math.min(events.length, pair.exchangeRow + ahead)
          pair.exchangeTo(-1, end)
          if (pair.late.catchUp(pair.mark.ladder, end)) {
            caught++
            if (end > pair.row) pair.plain.apply(events, pair.row, end)
          }
          expect(all(pair.late)).toEqual(all(pair.plain))
        },
      ),
      { numRuns: 300 },
    )
    expect(caught).toBeGreaterThan(30)
  })
})
