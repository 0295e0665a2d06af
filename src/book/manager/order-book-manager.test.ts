import { describe, expect, it } from 'vitest'
import {
  EXCH_ONLY_BIT,
  EventKind,
  EventWriter,
  Instrument,
  eventCode,
  type Tick,
} from '../../market/index.ts'
import type { BookEvent } from './book-events.ts'
import { OrderBookManager } from './order-book-manager.ts'

const instrument = (symbol: string, venue = 'test'): Instrument =>
  new Instrument({
    venue,
    symbol,
    kind: 'spot',
    base: 'A',
    quote: 'B',
    tickSize: '0.5',
    lotSize: '0.1',
  })

const level = (symbol: string, side: 1 | -1, price: number, volume: number): BookEvent => ({
  kind: 'level',
  timestampNs: 1n,
  symbol,
  side,
  price,
  volume,
})

function managed(): OrderBookManager {
  const books = new OrderBookManager()
  books.add(instrument('ONE'))
  books.add(instrument('TWO'))
  for (const [symbol, bid] of [
    ['ONE', 10],
    ['TWO', 20],
  ] as const) {
    books.update(level(symbol, 1, bid, 3))
    books.update(level(symbol, -1, bid + 1, 1))
  }
  return books
}

describe('OrderBookManager', () => {
  it('routes updates to the book of their symbol', () => {
    const books = managed()
    expect(books.symbols).toEqual(['ONE', 'TWO'])
    expect(books.getMidPrice('ONE')).toBe(10.5)
    expect(books.getMidPrice('TWO')).toBe(20.5)
    expect(books.getBestBid('TWO')).toEqual({ price: 20, volume: 3, numOrders: 0 })
    expect(books.getBestAsk('ONE')).toEqual({ price: 11, volume: 1, numOrders: 0 })
    expect(books.getSpread('ONE')).toBe(1)
    expect(books.getSpreadBps('ONE')).toBeCloseTo(10_000 / 10.5, 9)
    expect(books.getImbalance('ONE')).toBe(0.5)
    expect(books.getDepth('TWO', 1).asks).toEqual([{ price: 21, volume: 1, numOrders: 0 }])
    expect(books.get('ONE').bestBid).toBe(10)
    expect([books.has('ONE'), books.has('THREE')]).toEqual([true, false])
  })

  it('replaces one book by a snapshot and leaves the others', () => {
    const books = managed()
    const other = books.snapshot('TWO')
    books.update({ ...other, symbol: 'ONE', seqNum: 5 })
    expect(books.snapshot('ONE')).toEqual({ ...other, symbol: 'ONE', seqNum: 5 })
    expect(books.snapshot('TWO', 1)).toEqual(other)
  })

  it('counts trades beside the book', () => {
    const books = managed()
    const trade: Tick = { timestampNs: 2n, symbol: 'ONE', price: 11, volume: 0.1, side: 1 }
    const before = books.snapshot('ONE')
    expect(books.getTrades('ONE')).toBeUndefined()
    books.update(trade)
    books.update({ ...trade, volume: 0.2 })
    expect(books.getTrades('ONE')).toEqual({
      count: 2,
      volume: 0.3,
      last: { ...trade, volume: 0.2 },
    })
    expect(books.snapshot('ONE')).toEqual(before)
    expect(() => books.update({ ...trade, price: Number.NaN })).toThrow('NOT_FINITE')
    expect(() => books.update({ ...trade, volume: -1 })).toThrow('NEGATIVE')
    expect(books.getTrades('ONE')?.count).toBe(2)
  })

  it('names books by their venue where several have the symbol', () => {
    const books = managed()
    const other = books.add(instrument('ONE', 'other'))
    expect(books.symbols).toEqual(['test:ONE', 'TWO', 'other:ONE'])
    books.update(level('ONE', 1, 7, 1), 'other')
    expect(books.getBestBid('other:ONE')?.price).toBe(7)
    expect(books.getBestBid('test:ONE')?.price).toBe(10)
    expect(books.get('ONE', 'other')).toBe(other.book)
    expect(books.get('test:TWO')).toBe(books.get('TWO'))
    expect(() => books.get('ONE')).toThrow('AMBIGUOUS_SYMBOL')
    expect(() => books.get('ONE')).toThrow('test:ONE or other:ONE')
    expect(() => books.update(level('ONE', 1, 7, 1))).toThrow('AMBIGUOUS_SYMBOL')
    expect(() => books.get('TWO', 'other')).toThrow('ABSENT_SYMBOL')
    expect([books.has('ONE'), books.has('other:TWO')]).toEqual([true, false])
  })

  it('keeps books of orders beside books of levels', () => {
    const books = managed()
    const { book } = books.addL3(instrument('SIX'), { modifyPriority: 'always-lose' })
    const order = {
      timestampNs: 1n,
      kind: 'add',
      orderRef: 4,
      side: 1,
      price: 5,
      volume: 2,
    } as const
    books.update({ kind: 'order', symbol: 'SIX', order })
    expect(books.getDepth('SIX', 2).bids).toEqual([{ price: 5, volume: 2, numOrders: 1 }])
    expect(books.getOrders('SIX')).toBe(book)
    expect(books.getOrders('SIX').getQueuePosition(4)?.lotsAhead).toBe(0)
    books.update({ timestampNs: 2n, symbol: 'SIX', orders: [], seqNum: 3 })
    expect(books.get('SIX').seqNum).toBe(3)
    expect(() => books.getOrders('ONE')).toThrow('UNSUPPORTED')
    expect(() => books.update(level('SIX', 1, 5, 1))).toThrow('kept by orders')
    expect(() => books.update({ kind: 'order', symbol: 'ONE', order })).toThrow('kept by levels')
  })

  it('fuses depth and ticker in books that were added for it', () => {
    const books = managed()
    books.addFused(instrument('FUSED'))
    const best = (symbol: string, price: number): BookEvent => ({
      kind: 'best',
      timestampNs: 3n,
      symbol,
      side: 1,
      price,
      volume: 2,
    })
    const told: string[] = []
    books.onStatus(({ symbol, from, to }) => told.push(`${symbol} ${from} ${to}`))
    books.update(best('FUSED', 10))
    books.update(level('FUSED', -1, 11, 1))
    books.update(level('FUSED', 1, 10.5, 7))
    expect(told).toEqual(['FUSED empty syncing', 'FUSED syncing live'])
    expect(books.getBestBid('FUSED')).toEqual({ price: 10, volume: 2, numOrders: 0 })
    expect(books.getBestAsk('FUSED')).toEqual({ price: 11, volume: 1, numOrders: 0 })
    expect(() => books.update(best('ONE', 10))).toThrow(
      'BAD_ARGUMENT: the book of ONE is kept by depth alone and cannot take an event of kind "best"',
    )
  })

  it('applies rows of a tape by symbol, and counts the trades that reached us', () => {
    const books = managed()
    const midnight = 1_723_075_200_000_000_000n
    const writer = new EventWriter(midnight)
    writer.push(7, 5, eventCode(EventKind.DepthSet, 1), 24, 9)
    writer.push(8, 5, eventCode(EventKind.Trade, 1), 22, 4, -1, 77)
    writer.push(9, 5, eventCode(EventKind.Trade, -1), 21, 3)
    writer.push(9, 5, eventCode(EventKind.Trade, -1, EXCH_ONLY_BIT), 21, 500)
    books.apply('ONE', writer.finish())
    expect(books.getBestBid('ONE')).toEqual({ price: 12, volume: 0.9, numOrders: 0 })
    const last = { timestampNs: midnight + 9n, symbol: 'ONE', price: 10.5, volume: 0.3, side: -1 }
    expect(books.getTrades('ONE')).toEqual({ count: 2, volume: 0.7, last })
    books.update({ timestampNs: 2n, symbol: 'ONE', price: 11, volume: 0.1, side: 0 })
    expect(books.getTrades('ONE')?.volume).toBe(0.8)
    books.add(instrument('UNCOUNTED'), { countsTrades: false })
    expect(() => books.getTrades('UNCOUNTED')).toThrow('UNSUPPORTED')
  })

  it('has a book brought forward before each question about it', () => {
    const books = new OrderBookManager()
    let looks = 0
    const { book } = books.add(instrument('ONE'), {
      beforeLook: () => {
        looks++
        book.update({ timestampNs: 1n, side: 1, price: looks, volume: 1 })
      },
    })
    expect(books.getBestBid('ONE')?.price).toBe(1)
    expect(books.getDepth('ONE', 9).bids).toHaveLength(2)
    expect(looks).toBe(2)
  })

  it.each([
    ['an unknown symbol', (m: OrderBookManager) => m.get('TWOO'), 'did you mean "TWO"?'],
    ['an update of one', (m: OrderBookManager) => m.update(level('X', 1, 1, 1)), 'ABSENT_SYMBOL'],
    ['a book twice', (m: OrderBookManager) => m.add(instrument('ONE')), 'AMBIGUOUS_SYMBOL'],
    [
      'an unknown kind',
      (m: OrderBookManager) => m.update({ ...level('ONE', 1, 1, 1), kind: 'depth' } as never),
      'BAD_ARGUMENT',
    ],
  ])('refuses %s', (_what, action, message) => {
    expect(() => action(managed())).toThrow(message)
  })
})
