import { describe, expect, it } from 'vitest'
import { Tape, unitInstrument } from '../../../test/tape.ts'
import {
  EventKind,
  EventWriter,
  Instrument,
  eventCode,
  type EventColumns,
  type Side,
} from '../../market/index.ts'
import { FusedBook } from './fused-book.ts'

const TENTHS = new Instrument({ ...unitInstrument.spec, tickSize: '0.1', lotSize: '0.01' })

/** A book that is told prices in decimals, at times in ns. */
class Told {
  readonly book = new FusedBook(TENTHS)

  bid(price: number, volume: number, t: number): this {
    return this.#level(1, price, volume, t)
  }

  ask(price: number, volume: number, t: number): this {
    return this.#level(-1, price, volume, t)
  }

  bestBid(price: number, volume: number, t: number): this {
    this.book.updateBest({ timestampNs: BigInt(t), side: 1, price, volume })
    return this
  }

  bestAsk(price: number, volume: number, t: number): this {
    this.book.updateBest({ timestampNs: BigInt(t), side: -1, price, volume })
    return this
  }

  #level(side: Side, price: number, volume: number, t: number): this {
    this.book.update({ timestampNs: BigInt(t), side, price, volume })
    return this
  }

  get touch(): [bid: number, ask: number] {
    return [this.book.bestBid, this.book.bestAsk]
  }

  levels(side: Side): [price: number, size: number][] {
    return [...this.book.eachLevel(side)].map(({ price, volume }) => [price, volume])
  }
}

/** Bids 10.1 and 10.2, asks 10.3 and 10.4, all told at time 1. */
const twoByTwo = (): Told =>
  new Told().bid(10.1, 0.01, 1).bid(10.2, 0.02, 1).ask(10.3, 0.02, 1).ask(10.4, 0.01, 1)

describe('a fused book', () => {
  it('H6 an older row changes no level, one of the same time does, and an older delete deletes nothing', () => {
    const told = new Told().bid(10.1, 0.01, 1).bid(10.2, 0.02, 1)
    told.bid(10.2, 0.03, 0)
    expect(told.levels(1)).toEqual([
      [10.2, 0.02],
      [10.1, 0.01],
    ])
    expect(told.bid(10.3, 0.03, 0).book.bestBid).toBe(10.2)
    expect(told.bid(10.3, 0.03, 2).book.bestBid).toBe(10.3)
    expect(told.bid(10.3, 0, 1).book.bestBid).toBe(10.3)
    expect(told.bid(10.3, 0, 2).book.bestBid).toBe(10.2)
    expect(told.book.outdatedRows).toBe(3)
  })

  it('H6 mirrored for asks', () => {
    const told = new Told().ask(10.4, 0.01, 1).ask(10.3, 0.02, 1)
    told.ask(10.3, 0.03, 0).ask(10.2, 0.03, 0)
    expect(told.levels(-1)).toEqual([
      [10.3, 0.02],
      [10.4, 0.01],
    ])
    expect(told.ask(10.2, 0.03, 2).book.bestAsk).toBe(10.2)
    expect(told.ask(10.2, 0, 1).book.bestAsk).toBe(10.2)
    expect(told.ask(10.2, 0, 2).book.bestAsk).toBe(10.3)
  })

  it('H7 of two levels that cross the newer one stays', () => {
    const told = twoByTwo()
    expect(told.ask(10.2, 0.02, 3).touch).toEqual([10.1, 10.2])
    expect(told.bid(10.2, 0.02, 5).touch).toEqual([10.2, 10.3])
    expect(told.ask(10.2, 0.02, 4).touch).toEqual([10.2, 10.3])
    told.ask(10.3, 0.02, 7)
    expect(told.bid(10.3, 0.02, 6).touch).toEqual([10.2, 10.3])
  })

  it('H8 a best price counts when it is newer: it sets its level and deletes what is better or crossed', () => {
    const told = twoByTwo()
    expect(told.bestBid(10.3, 0.01, 0).touch).toEqual([10.2, 10.3])
    told.bestBid(10.2, 0.03, 2)
    expect([told.touch, told.book.bestBidSize]).toEqual([[10.2, 10.3], 0.03])
    expect(told.bestBid(10.3, 0.01, 3).touch).toEqual([10.3, 10.4])
    expect(told.bestBid(10.1, 0.01, 2).touch).toEqual([10.3, 10.4])
    told.bestBid(10.1, 0.01, 6)
    expect(told.touch).toEqual([10.1, 10.4])
    expect(told.levels(1)).toEqual([[10.1, 0.01]])
  })

  it('H8 mirrored for asks', () => {
    const told = twoByTwo()
    expect(told.bestAsk(10.2, 0.01, 0).touch).toEqual([10.2, 10.3])
    expect(told.bestAsk(10.2, 0.01, 3).touch).toEqual([10.1, 10.2])
    expect(told.bestAsk(10.4, 0.01, 2).touch).toEqual([10.1, 10.2])
    expect(told.bestAsk(10.4, 0.03, 6).touch).toEqual([10.1, 10.4])
    expect(told.levels(-1)).toEqual([[10.4, 0.03]])
  })

  it('does not let late depth bring back what a newer best price has deleted', () => {
    const told = twoByTwo().bestBid(10.1, 0.05, 6)
    told.bid(10.2, 0.02, 5).bid(10.1, 0.09, 5)
    expect(told.levels(1)).toEqual([[10.1, 0.05]])
    expect(told.bid(10.2, 0.02, 7).levels(1)).toEqual([
      [10.2, 0.02],
      [10.1, 0.05],
    ])
  })

  it('does not let late rows bring back a level below the best that is gone', () => {
    const told = twoByTwo().bid(10.1, 0, 5).bid(10.1, 0.04, 4)
    expect(told.levels(1)).toEqual([[10.2, 0.02]])
    expect(told.bid(10.1, 0.04, 6).levels(1)).toHaveLength(2)
  })

  it('has an empty side when the ticker says so, until something newer comes', () => {
    const told = twoByTwo().bestAsk(0, 0, 5).ask(10.4, 0.01, 4)
    expect(told.touch).toEqual([10.2, Number.NaN])
    expect(told.ask(10.4, 0.01, 6).touch).toEqual([10.2, 10.4])
  })

  it('keeps what is newer than a snapshot, and takes the rest of it', () => {
    const told = twoByTwo().bestBid(10.1, 0.07, 9)
    told.book.restore({
      timestampNs: 5n,
      symbol: TENTHS.symbol,
      bids: [
        { price: 10.2, volume: 0.02, numOrders: 0 },
        { price: 10.1, volume: 0.01, numOrders: 0 },
        { price: 10, volume: 0.5, numOrders: 0 },
      ],
      asks: [{ price: 10.5, volume: 0.5, numOrders: 0 }],
      seqNum: 3,
    })
    expect(told.levels(1)).toEqual([
      [10.1, 0.07],
      [10, 0.5],
    ])
    expect(told.levels(-1)).toEqual([[10.5, 0.5]])
    expect(told.ask(10.3, 0.01, 4).levels(-1)).toEqual([[10.5, 0.5]])
    expect(told.book.seqNum).toBe(3)
  })

  it('refuses what no order book takes, and is as it was', () => {
    const told = twoByTwo()
    const best = (price: number, volume: number): (() => Told) => {
      return () => told.bestBid(price, volume, 9)
    }
    expect(best(10.25, 1)).toThrow(/OFF_GRID: price 10.25/)
    expect(best(10.2, -1)).toThrow(/NEGATIVE/)
    expect(best(Number.NaN, 1)).toThrow(/NOT_FINITE/)
    expect([told.touch, told.book.version]).toEqual([[10.2, 10.3], 4])
  })

  it('keeps its times when the columns that follow count from another day', () => {
    const day = 86_400_000_000_000
    const rowsOf = (epochNs: bigint, lots: number, time: number): EventColumns => {
      const writer = new EventWriter(epochNs, 1)
      writer.push(time, time, eventCode(EventKind.DepthSet, 1), 100, lots)
      return writer.finish()
    }
    const book = new FusedBook(unitInstrument)
    book.apply(rowsOf(0n, 5, day - 10), 0, 1)
    book.apply(rowsOf(BigInt(day), 6, -11), 0, 1)
    expect(book.bestBidLots).toBe(5)
    book.apply(rowsOf(BigInt(day), 7, -10), 0, 1)
    expect(book.bestBidLots).toBe(7)
  })
})

const BBO_BID = eventCode(EventKind.Bbo, 1)
const BBO_ASK = eventCode(EventKind.Bbo, -1)

describe('the status of a fused book', () => {
  it('is syncing on a ticker alone, live with the first depth, stale behind a gap', () => {
    const tape = new Tape()
      .row(0, BBO_BID, 99, 5)
      .row(0, BBO_ASK, 101, 5)
      .snapshot(1, [[99, 5]], [[101, 5]])
      .gap(3)
      .row(4, BBO_BID, 98, 5)
      .snapshot(5, [[98, 5]], [[101, 5]])
      .row(6, eventCode(EventKind.Status, 0), 0, 0)
      .row(7, eventCode(EventKind.Status, 0), 0, 1)
    const events = tape.events()
    const book = new FusedBook(unitInstrument)
    const told: string[] = []
    book.applyWatched(events, 0, events.length, (status, time) => told.push(`${time} ${status}`))
    expect([...new Set(told)]).toEqual([
      '0 syncing',
      '1 syncing',
      '1 live',
      '3 stale',
      '4 stale',
      '5 stale',
      '5 live',
      '6 halted',
      '7 live',
    ])
    expect([book.bboBidTicks, book.bestBidTicks]).toEqual([98, 98])
  })

  it('is that of depth without snapshots from its first level on', () => {
    const events = new Tape().row(0, BBO_BID, 99, 5).bid(1, 98, 5).events()
    const book = new FusedBook(unitInstrument)
    book.apply(events, 0, 1)
    expect(book.status).toBe('syncing')
    book.apply(events, 1, 2)
    expect(book.status).toBe('live')
  })
})
