import { describe, expect, it } from 'vitest'
import { LobtraderError } from '../core/index.ts'
import {
  EventKind,
  EventWriter,
  Instrument,
  eventCode,
  type EventColumns,
  type OrderBookSnapshot,
  type Side,
} from '../market/index.ts'
import { NO_ASK, NO_BID } from './ladder.ts'
import { OrderBook } from './order-book.ts'

const instrument = new Instrument({
  venue: 'test',
  symbol: 'XYZ',
  kind: 'spot',
  base: 'X',
  quote: 'Z',
  tickSize: '0.01',
  lotSize: '0.001',
})
const MIDNIGHT = 1_723_075_200_000_000_000n

const level = (price: number, volume: number): { price: number; volume: number; numOrders: 0 } => ({
  price,
  volume,
  numOrders: 0,
})

const SNAPSHOT: OrderBookSnapshot = {
  timestampNs: MIDNIGHT + 5n,
  symbol: 'XYZ',
  bids: [level(100.1, 2), level(100, 1), level(99.5, 4)],
  asks: [level(100.3, 6), level(100.31, 1), level(101, 3)],
  seqNum: 77,
}

function restored(snapshot: OrderBookSnapshot = SNAPSHOT): OrderBook {
  const book = new OrderBook(instrument)
  book.restore(snapshot)
  return book
}

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof LobtraderError) return error.code
    throw error
  }
  return 'no error'
}

describe('OrderBook queries', () => {
  it('tells of nothing when empty: NaN, 0, undefined, sentinels', () => {
    const book = new OrderBook(instrument)
    expect(book.status).toBe('empty')
    expect([book.bestBid, book.bestAsk, book.mid, book.microprice, book.spread]).toEqual(
      Array.from({ length: 5 }, () => Number.NaN),
    )
    expect([book.bestBidTicks, book.bestAskTicks]).toEqual([NO_BID, NO_ASK])
    expect([book.bestBidSize, book.bestAskSize, book.bestBidLots, book.bestAskLots]).toEqual([
      0, 0, 0, 0,
    ])
    expect(book.getBestBid()).toBeUndefined()
    expect(book.getBestAsk()).toBeUndefined()
    expect(book.getMidPrice()).toBeUndefined()
    expect(book.getSpread()).toBeUndefined()
    expect(book.getSpreadBps()).toBeUndefined()
    expect(book.getImbalance(5)).toBe(0)
    expect(book.getDepth(5)).toEqual({ bids: [], asks: [] })
    expect([book.time, book.timeNs, book.epochNs, book.seqNum, book.version]).toEqual([
      Number.NaN,
      0n,
      undefined,
      0,
      0,
    ])
  })

  it('answers in decimals, ticks and lots', () => {
    const book = restored()
    expect(book.status).toBe('live')
    expect([book.bestBid, book.bestAsk]).toEqual([100.1, 100.3])
    expect([book.bestBidTicks, book.bestAskTicks]).toEqual([10_010, 10_030])
    expect([book.bestBidSize, book.bestAskSize]).toEqual([2, 6])
    expect([book.bestBidLots, book.bestAskLots]).toEqual([2000, 6000])
    expect(book.getBestBid()).toEqual(level(100.1, 2))
    expect(book.getBestAsk()).toEqual(level(100.3, 6))
    expect(book.mid).toBeCloseTo(100.2, 12)
    expect(book.getMidPrice()).toBe(book.mid)
    expect(book.spread).toBe(0.2)
    expect(book.getSpread()).toBe(0.2)
    expect(book.getSpreadBps()).toBeCloseTo((0.2 / 100.2) * 10_000, 9)
  })

  it('weights the microprice towards the side with less size', () => {
    const book = restored()
    // (100.1 x 6 + 100.3 x 2) / 8
    expect(book.microprice).toBeCloseTo(100.15, 12)
  })

  it.each([
    [1, (2 - 6) / 8],
    [2, (3 - 7) / 10],
    [3, (7 - 10) / 17],
    [100, (7 - 10) / 17],
    [0, 0],
  ])('weighs %i levels in the imbalance', (levels, imbalance) => {
    expect(restored().getImbalance(levels)).toBeCloseTo(imbalance, 15)
  })

  it.each([
    ['bids only', { ...SNAPSHOT, asks: [] }, 1],
    ['asks only', { ...SNAPSHOT, bids: [] }, -1],
  ])('gives an imbalance but no mid with %s', (_what, snapshot, imbalance) => {
    const book = restored(snapshot)
    expect(book.getImbalance(3)).toBe(imbalance)
    expect([book.mid, book.spread, book.microprice]).toEqual([Number.NaN, Number.NaN, Number.NaN])
    expect([book.getMidPrice(), book.getSpread(), book.getSpreadBps()]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(book.status).toBe('live')
  })

  it('gives depth best first, and no more than there is', () => {
    const book = restored()
    expect(book.getDepth(2)).toEqual({
      bids: SNAPSHOT.bids.slice(0, 2),
      asks: SNAPSHOT.asks.slice(0, 2),
    })
    expect(book.getDepth(9)).toEqual({ bids: SNAPSHOT.bids, asks: SNAPSHOT.asks })
    expect(book.getDepth(0)).toEqual({ bids: [], asks: [] })
  })

  it('writes levels into arrays of the caller', () => {
    const book = restored()
    const ticks = new Int32Array(5)
    const lots = new Float64Array(5)
    expect(book.levels(1, 5, ticks, lots)).toBe(3)
    expect([...ticks]).toEqual([10_010, 10_000, 9950, 0, 0])
    expect([...lots]).toEqual([2000, 1000, 4000, 0, 0])
    expect(book.levels(-1, 2, ticks, lots)).toBe(2)
    expect(Array.from(ticks.subarray(0, 2))).toEqual([10_030, 10_031])
    expect(() => book.levels(1, 6, ticks, lots)).toThrow('room')
  })

  it.each<[number, Side | undefined, number]>([
    [100, undefined, 1],
    [100.3, undefined, 6],
    [100.3, 1, 0],
    [100.3, -1, 6],
    [100.1, -1, 0],
    [100.2, undefined, 0],
  ])('tells the size at %f on side %s', (price, side, size) => {
    expect(restored().sizeAt(price, side)).toBe(size)
  })

  it('refuses to tell the size between two ticks', () => {
    expect(codeOf(() => restored().sizeAt(100.005))).toBe('OFF_GRID')
  })
})

describe('OrderBook updates', () => {
  it('sets, changes and removes single levels', () => {
    const book = new OrderBook(instrument)
    const at = (ns: bigint, side: Side, price: number, volume: number): void =>
      book.update({ timestampNs: MIDNIGHT + ns, side, price, volume, seqNum: Number(ns) })
    at(1n, 1, 10, 1)
    at(2n, -1, 10.02, 2)
    at(3n, 1, 10.01, 3)
    at(4n, 1, 10, 0)
    expect(book.getDepth(9)).toEqual({ bids: [level(10.01, 3)], asks: [level(10.02, 2)] })
    expect([book.status, book.version, book.seqNum, book.timeNs, book.time]).toEqual([
      'live',
      4,
      4,
      MIDNIGHT + 4n,
      4,
    ])
  })

  it('keeps the sequence number when an update has none', () => {
    const book = restored()
    book.update({ timestampNs: MIDNIGHT + 9n, side: 1, price: 100.1, volume: 9 })
    expect([book.seqNum, book.bestBidSize]).toEqual([77, 9])
  })

  it('takes sizes that carry float noise', () => {
    const book = restored()
    book.update({ timestampNs: MIDNIGHT, side: 1, price: 100.1, volume: 0.1 + 0.2 })
    expect(book.bestBidLots).toBe(300)
  })

  const update = { timestampNs: MIDNIGHT + 6n, side: 1 as Side, price: 100.2, volume: 1 }
  it.each([
    ['a NaN price', { ...update, price: Number.NaN }, 'NOT_FINITE'],
    ['an infinite price', { ...update, price: Number.POSITIVE_INFINITY }, 'NOT_FINITE'],
    ['a NaN volume', { ...update, volume: Number.NaN }, 'NOT_FINITE'],
    ['a negative volume', { ...update, volume: -1 }, 'NEGATIVE'],
    ['a price off the grid', { ...update, price: 100.205 }, 'OFF_GRID'],
    ['a volume off the grid', { ...update, volume: 0.0005 }, 'OFF_GRID'],
    ['a price beyond the ticks', { ...update, price: 1e9 }, 'OUT_OF_RANGE'],
    ['a bid at the lowest tick', { ...update, price: -21_474_836.48 }, 'OUT_OF_RANGE'],
    ['an ask at the highest tick', { ...update, side: -1, price: 21_474_836.47 }, 'OUT_OF_RANGE'],
    ['no side', { ...update, side: 0 }, 'BAD_ARGUMENT'],
    ['a snapshot of another symbol', { ...SNAPSHOT, symbol: 'ABC' }, 'BAD_ARGUMENT'],
    [
      'a snapshot with a NaN',
      { ...SNAPSHOT, asks: [level(100.4, 1), level(Number.NaN, 1)] },
      'NOT_FINITE',
    ],
    ['a snapshot off the grid', { ...SNAPSHOT, bids: [level(1, 1), level(2.005, 1)] }, 'OFF_GRID'],
  ])('refuses %s and stays as it was', (_what, event, code) => {
    const book = restored()
    const before = book.snapshot()
    expect(codeOf(() => book.update(event as typeof update))).toBe(code)
    expect(book.snapshot()).toEqual(before)
    expect(book.version).toBe(1)
  })

  it('replaces every level by a snapshot', () => {
    const book = restored()
    const next = { ...SNAPSHOT, bids: [level(50, 1)], asks: [level(51, 1)], seqNum: 80 }
    book.update(next)
    expect(book.snapshot()).toEqual(next)
    expect([book.seqNum, book.status]).toEqual([80, 'live'])
  })

  it('gives back as a snapshot what it was restored from, whole or in part', () => {
    const book = restored()
    expect(book.snapshot()).toEqual(SNAPSHOT)
    expect(restored(book.snapshot()).snapshot()).toEqual(SNAPSHOT)
    expect(book.snapshot(1)).toEqual({
      ...SNAPSHOT,
      bids: SNAPSHOT.bids.slice(0, 1),
      asks: SNAPSHOT.asks.slice(0, 1),
    })
  })

  it('is crossed while bid >= ask, and live again when the crossing goes', () => {
    const book = restored()
    book.update({ timestampNs: MIDNIGHT + 6n, side: 1, price: 100.3, volume: 1 })
    expect([book.status, book.spread, book.getSpreadBps()]).toEqual(['crossed', 0, 0])
    book.update({ timestampNs: MIDNIGHT + 7n, side: 1, price: 100.4, volume: 1 })
    expect([book.status, book.bestBid, book.bestAsk]).toEqual(['crossed', 100.4, 100.3])
    expect(book.spread).toBe(-0.1)
    book.update({ timestampNs: MIDNIGHT + 8n, side: 1, price: 100.4, volume: 0 })
    book.update({ timestampNs: MIDNIGHT + 8n, side: 1, price: 100.3, volume: 0 })
    expect(book.status).toBe('live')
  })
})

describe('OrderBook rows', () => {
  function rows(epochNs: bigint): EventColumns {
    const writer = new EventWriter(epochNs)
    writer.push(20, 10, eventCode(EventKind.DepthSet, 1), 10_020, 500, -1, 78)
    writer.push(30, 15, eventCode(EventKind.Gap, 0), 0, 0)
    writer.push(40, 25, eventCode(EventKind.Bbo, -1), 10_025, 800)
    return writer.finish()
  }

  it('applies a range of rows on top of what was there', () => {
    const book = restored()
    const events = rows(MIDNIGHT)
    book.apply(events, 0, 1)
    expect([book.bestBid, book.bestBidSize, book.status]).toEqual([100.2, 0.5, 'live'])
    expect([book.time, book.timeNs, book.seqNum]).toEqual([20, MIDNIGHT + 20n, 78])
    book.apply(events, 1, 3)
    expect([book.status, book.seqNum, book.time]).toEqual(['stale', 78, 40])
    expect([book.bboBidTicks, book.bboBidLots]).toEqual([NO_BID, 0])
    expect([book.bboAskTicks, book.bboAskLots]).toEqual([10_025, 800])
    book.restore(SNAPSHOT)
    expect(book.status).toBe('live')
  })

  it('counts time from the epoch of the rows', () => {
    const book = restored()
    const nextDay = MIDNIGHT + 86_400_000_000_000n
    book.apply(rows(nextDay), 0, 0)
    expect([book.epochNs, book.timeNs, book.time]).toEqual([
      nextDay,
      MIDNIGHT + 5n,
      5 - 86_400_000_000_000,
    ])
    book.apply(rows(nextDay), 0, 1)
    expect([book.timeNs, book.time]).toEqual([nextDay + 20n, 20])
  })

  it('shows its ladder to engine code', () => {
    const book = restored()
    expect(book.ladder.bidLevels).toBe(3)
    expect(book.ladder.askLotsTotal).toBe(10_000)
  })
})
