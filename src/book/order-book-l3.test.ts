import { describe, expect, it } from 'vitest'
import { LobtraderError } from '../core/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  EventWriter,
  Instrument,
  eventCode,
  type EventColumns,
  type Side,
} from '../market/index.ts'
import { OrderBookL3, type OrderUpdate } from './order-book-l3.ts'

const instrument = new Instrument({
  venue: 'test',
  symbol: 'XYZ',
  kind: 'spot',
  base: 'X',
  quote: 'Z',
  tickSize: '0.1',
  lotSize: '0.001',
})
const at = { timestampNs: 1_723_075_200_000_000_005n }

function add(orderRef: number, side: Side, price: number, volume: number): OrderUpdate {
  return { ...at, kind: 'add', orderRef, side, price, volume }
}

function modify(orderRef: number, price: number, volume: number): OrderUpdate {
  return { ...at, kind: 'modify', orderRef, price, volume }
}

const cancel = (orderRef: number): OrderUpdate => ({ ...at, kind: 'cancel', orderRef })

function bookOf(updates: readonly OrderUpdate[]): OrderBookL3 {
  const book = new OrderBookL3(instrument)
  for (const update of updates) book.update(update)
  return book
}

const BUYS = [
  add(1, 1, 500.1, 0.001),
  add(2, 1, 500.3, 0.005),
  add(3, 1, 500.1, 0.005),
  add(4, 1, 500.5, 0.005),
]
const SELLS = [
  add(1, -1, 500.1, 0.001),
  add(2, -1, 499.3, 0.005),
  add(3, -1, 500.1, 0.005),
  add(4, -1, 498.5, 0.005),
]

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof LobtraderError) return error.code
    throw error
  }
  return 'no error'
}

describe('OrderBookL3', () => {
  it.each<[string, OrderUpdate[], 'bestBid' | 'bestAsk', number, Side]>([
    ['buys', BUYS, 'bestBid', 500.5, 1],
    ['sells', SELLS, 'bestAsk', 498.5, -1],
  ])('adds and deletes %s order by order (H1)', (_what, orders, best, first, side) => {
    const book = bookOf(orders)
    expect(book[best]).toBe(first)
    expect(book.sizeAt(500.1, side)).toBe(0.006)
    expect(codeOf(() => book.update(orders[0]!))).toBe('BAD_ARGUMENT')
    expect(codeOf(() => book.update(cancel(10)))).toBe('BAD_ARGUMENT')
    expect([book.faults.duplicateAdds, book.faults.unknownCancels]).toEqual([1, 1])
    book.update(cancel(2))
    expect(book[best]).toBe(first)
    book.update(cancel(4))
    expect(book[best]).toBe(500.1)
    book.update(cancel(3))
    book.update(cancel(1))
    expect(book[best]).toBeNaN()
    expect([book.openOrders, book.status]).toEqual([0, 'empty'])
  })

  it('moves and resizes orders by modification (H2)', () => {
    const book = bookOf(BUYS)
    book.update(modify(2, 500.5, 0.001))
    expect(book.sizeAt(500.5)).toBe(0.006)
    book.update(modify(2, 500.7, 0.002))
    expect([book.bestBid, book.sizeAt(500.5)]).toEqual([500.7, 0.005])
    book.update(modify(2, 500.6, 0.002))
    expect(book.bestBid).toBe(500.6)
    book.update(cancel(4))
    book.update(modify(2, 500, 0.002))
    expect(book.bestBid).toBe(500.1)
  })

  it('tells levels with their orders, and each order with its place', () => {
    const book = bookOf(BUYS)
    expect(book.getDepth(2).bids).toEqual([
      { price: 500.5, volume: 0.005, numOrders: 1 },
      { price: 500.3, volume: 0.005, numOrders: 1 },
    ])
    expect(book.snapshot().bids[2]).toEqual({ price: 500.1, volume: 0.006, numOrders: 2 })
    expect(book.getOrdersAt(1, 500.1).map((order) => order.orderRef)).toEqual([1, 3])
    expect(book.getOrder(3)).toEqual({ orderRef: 3, side: 1, price: 500.1, volume: 0.005 })
    expect(book.getOrder(9)).toBeUndefined()
    expect(book.getQueuePosition(9)).toBeUndefined()
    expect(book.getQueuePosition(3)).toEqual({ ordersAhead: 1, lotsAhead: 1, volumeAhead: 0.001 })
    expect(book.getImbalance()).toBe(1)
  })

  it('executes a part, the whole, at any price, and nothing of hidden orders', () => {
    const book = bookOf(BUYS)
    book.update({ ...at, kind: 'execute', orderRef: 3, volume: 0.002, price: 500 })
    expect(book.sizeAt(500.1)).toBe(0.004)
    book.update({ ...at, kind: 'execute', orderRef: 1, volume: 0.001 })
    expect(book.getQueuePosition(3)).toEqual({ ordersAhead: 0, lotsAhead: 0, volumeAhead: 0 })
    const before = book.snapshotOrders()
    book.update({ ...at, kind: 'execute', volume: 7, price: 500.2 })
    expect(book.snapshotOrders()).toEqual(before)
    expect(codeOf(() => book.update({ ...at, kind: 'execute', orderRef: 3, volume: 1 }))).toBe(
      'BAD_ARGUMENT',
    )
    expect(book.snapshotOrders()).toEqual(before)
  })

  it('cancels a part and replaces an order on its own side', () => {
    const book = bookOf(BUYS)
    book.update({ ...at, kind: 'cancel', orderRef: 4, volume: 0.001 })
    expect(book.bestBidSize).toBe(0.004)
    book.update({ ...at, kind: 'replace', orderRef: 4, newRef: 8, price: 500.3, volume: 0.004 })
    expect(book.getOrdersAt(1, 500.3).map((order) => order.orderRef)).toEqual([2, 8])
  })

  it('is the same after its own snapshot, in another book too, and refuses a broken one', () => {
    const book = bookOf([...BUYS, add(5, -1, 501, 0.007), add(6, -1, 501, 0.001)])
    const snapshot = book.snapshotOrders()
    const other = bookOf([add(9, 1, 1, 1)])
    other.restore(snapshot)
    expect(other.snapshotOrders()).toEqual(snapshot)
    expect([other.status, other.openOrders]).toEqual(['live', 6])
    const twice = { ...snapshot, orders: [...snapshot.orders, snapshot.orders[0]!] }
    expect(codeOf(() => other.restore(twice))).toBe('BAD_ARGUMENT')
    expect(codeOf(() => other.restore({ ...snapshot, symbol: 'ABC' }))).toBe('BAD_ARGUMENT')
    expect(other.snapshotOrders()).toEqual(snapshot)
  })

  it('refuses prices and sizes off the grid, and stays as it was', () => {
    const book = bookOf(BUYS)
    const before = book.snapshotOrders()
    expect(codeOf(() => book.update(add(9, 1, 500.15, 1)))).toBe('OFF_GRID')
    expect(codeOf(() => book.update(modify(1, 500.1, -1)))).toBe('NEGATIVE')
    expect(codeOf(() => book.update(add(9, 0 as Side, 500.1, 1)))).toBe('BAD_ARGUMENT')
    expect(book.snapshotOrders()).toEqual(before)
  })
})

type Row = readonly [
  kind: EventKind,
  side: Side | 0,
  ref: number,
  tick: number,
  lots: number,
  visibility?: number,
]

/** One row a nanosecond, received 100 ns later; sequence number is 10 times the row. */
function columnsOf(rows: readonly Row[]): EventColumns {
  const writer = new EventWriter(0n)
  rows.forEach(([kind, side, ref, tick, lots, visibility = 0], i) => {
    writer.push(i + 100, i, eventCode(kind, side, visibility), tick, lots, ref, i * 10)
  })
  return writer.finish()
}

function applied(rows: readonly Row[]): OrderBookL3 {
  const book = new OrderBookL3(instrument)
  book.apply(columnsOf(rows), 0, rows.length)
  return book
}

const { OrderAdd, OrderCancel, OrderExecute, OrderModify } = EventKind

describe('OrderBookL3.apply', () => {
  const TWO: Row[] = [
    [OrderAdd, 1, 0, 10, 5],
    [OrderAdd, -1, 1, 12, 6],
  ]

  it('takes rows of orders, and reads the row of an execution without the price paid', () => {
    const book = applied([
      ...TWO,
      [OrderModify, 1, 0, 11, 4],
      [OrderCancel, -1, 1, 12, 1],
      [OrderExecute, -1, 1, 99, 2],
      [OrderExecute, 0, -1, 11, 50],
      [EventKind.Trade, 1, -1, 12, 2],
    ])
    expect([book.bestBidTicks, book.bestBidLots]).toEqual([11, 4])
    expect([book.bestAskTicks, book.bestAskLots]).toEqual([12, 3])
    expect([book.version, book.seqNum, book.time, book.status]).toEqual([5, 40, 106, 'live'])
  })

  it('counts what does not fit, changes nothing for it, and goes on', () => {
    const book = applied([
      ...TWO,
      [OrderAdd, 1, 0, 9, 1],
      [OrderAdd, 1, -1, 9, 1],
      [OrderAdd, 0, 2, 9, 1],
      [OrderCancel, 1, 7, 9, 1],
      [OrderModify, 1, 7, 9, 1],
      [OrderModify, -1, 0, 9, 1],
      [OrderExecute, 1, 7, 9, 1],
      [OrderCancel, -1, 1, 12, 0],
      [EventKind.DepthSet, 1, -1, 9, 1],
    ])
    expect(book.faults).toEqual({
      unknownAdds: 1,
      unknownModifies: 1,
      unknownCancels: 1,
      unknownExecutes: 1,
      duplicateAdds: 1,
      excess: 0,
      invalid: 3,
      levelRows: 1,
    })
    expect(book.unknownOrders).toBe(3)
    expect(book.getDepth(9)).toEqual(applied(TWO).getDepth(9))
    const emptied = applied([...TWO, [OrderCancel, 1, 0, 10, 50]])
    expect([emptied.faults.excess, emptied.openOrders, emptied.version]).toEqual([1, 1, 3])
  })

  it('reads over the fill of a resting order, which another row takes from the book', () => {
    const book = applied([...TWO, [EventKind.OrderFill, -1, 1, 12, 2], [OrderCancel, -1, 1, 12, 2]])
    expect([book.bestAskLots, book.version, book.time]).toEqual([4, 3, 103])
    expect(book.faults).toEqual(applied(TWO).faults)
  })

  it('empties a side or both', () => {
    expect(applied([...TWO, [EventKind.DepthClear, 1, -1, 0, 0]]).openOrders).toBe(1)
    expect(applied([...TWO, [EventKind.DepthClear, 0, -1, 0, 0]]).openOrders).toBe(0)
  })

  const { SnapshotBegin, SnapshotEnd, Gap, Status } = EventKind

  it('keeps the old orders until a snapshot ends, then swaps them at once, references and all', () => {
    const rows: Row[] = [
      ...TWO,
      [Gap, 0, -1, 0, 0],
      [SnapshotBegin, 0, -1, 0, 0],
      [OrderAdd, 1, 1, 20, 7],
      [OrderAdd, -1, 0, 22, 8],
      [OrderCancel, 1, 1, 20, 3],
      [SnapshotEnd, 0, -1, 0, 0],
      [OrderExecute, 1, 1, 20, 1],
      [Status, 0, -1, 0, 0],
    ]
    const books = rows.map((_row, i) => applied(rows.slice(0, i + 1)))
    const stale = Array.from({ length: 5 }, () => 'stale')
    expect(books.map((book) => book.status)).toEqual([
      'live',
      'live',
      ...stale,
      'live',
      'live',
      'halted',
    ])
    const before = applied(TWO).snapshotOrders().orders
    for (const book of books.slice(1, 7)) expect(book.snapshotOrders().orders).toEqual(before)
    expect(books[7]!.snapshotOrders().orders).toEqual([
      { orderRef: 1, side: 1, price: 2, volume: 0.004 },
      { orderRef: 0, side: -1, price: 2.2, volume: 0.008 },
    ])
    expect([books[9]!.sizeAt(2), books[9]!.faults]).toEqual([0.003, applied(TWO).faults])
  })

  it('syncs by its first snapshot, which another replaces when it begins before the end', () => {
    const rows: Row[] = [
      [SnapshotBegin, 0, -1, 0, 0],
      [OrderAdd, 1, 5, 20, 7],
      [SnapshotBegin, 0, -1, 0, 0],
      [OrderAdd, 1, 5, 21, 7],
      [SnapshotEnd, 0, -1, 0, 0],
      [SnapshotEnd, 0, -1, 0, 0],
    ]
    const books = rows.map((_row, i) => applied(rows.slice(0, i + 1)))
    expect(books.map((book) => book.status)).toEqual([
      ...Array.from({ length: 4 }, () => 'syncing'),
      'live',
      'live',
    ])
    expect(books[3]!.getDepth(1)).toEqual({ bids: [], asks: [] })
    expect([books[5]!.bestBidTicks, books[5]!.openOrders]).toEqual([21, 1])
  })

  it('drops a snapshot in which something is missing', () => {
    const book = applied([
      ...TWO,
      [SnapshotBegin, 0, -1, 0, 0],
      [OrderAdd, 1, 1, 20, 7],
      [Gap, 0, -1, 0, 0],
      [SnapshotEnd, 0, -1, 0, 0],
    ])
    expect([book.status, book.openOrders, book.bestBidTicks]).toEqual(['stale', 2, 10])
  })

  it('does not see rows that only the venue sees', () => {
    const book = applied([...TWO, [OrderCancel, 1, 0, 10, 5, EXCH_ONLY_BIT]])
    expect([book.openOrders, book.time]).toEqual([2, 101])
  })
})
