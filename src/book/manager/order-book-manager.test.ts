import { describe, expect, it } from 'vitest'
import { Instrument, type Tick } from '../../market/index.ts'
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
