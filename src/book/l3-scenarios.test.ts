/** A market-by-order book through the scenarios of hftbacktest's own tests (tick 0.1, lot 0.001). */
import { expect, it } from 'vitest'
import { Instrument, type Side } from '../market/index.ts'
import { OrderBookL3 } from './order-book-l3.ts'

const instrument = new Instrument({
  venue: 'test',
  symbol: 'T',
  kind: 'spot',
  base: 'T',
  quote: 'Q',
  tickSize: '0.1',
  lotSize: '0.001',
})

class Book extends OrderBookL3 {
  #time = 0n

  constructor(side: Side, orders: readonly (readonly [number, number, number])[]) {
    super(instrument)
    for (const [ref, price, volume] of orders) this.addOrder(ref, side, price, volume)
  }

  addOrder(orderRef: number, side: Side, price: number, volume: number): void {
    this.update({ kind: 'add', timestampNs: ++this.#time, orderRef, side, price, volume })
  }

  remove(orderRef: number): void {
    this.update({ kind: 'cancel', timestampNs: ++this.#time, orderRef })
  }

  change(orderRef: number, price: number, volume: number): void {
    this.update({ kind: 'modify', timestampNs: ++this.#time, orderRef, price, volume })
  }
}

const bids = (): Book =>
  new Book(1, [
    [1, 500.1, 0.001],
    [2, 500.3, 0.005],
    [3, 500.1, 0.005],
    [4, 500.5, 0.005],
  ])

const asks = (): Book =>
  new Book(-1, [
    [1, 500.1, 0.001],
    [2, 499.3, 0.005],
    [3, 500.1, 0.005],
    [4, 498.5, 0.005],
  ])

it('H1 L3 add and delete: the best follows, doubles and unknown orders are errors', () => {
  const book = bids()
  expect(book.bestBid).toBe(500.5)
  expect(book.sizeAt(500.1, 1)).toBe(0.006)
  expect(() => book.addOrder(1, 1, 500.2, 0.001)).toThrow('in the book already')
  expect(() => book.remove(10)).toThrow('names no order of the book')
  book.remove(2)
  expect(book.bestBid).toBe(500.5)
  book.remove(4)
  expect(book.bestBid).toBe(500.1)
  book.remove(3)
  book.remove(1)
  expect(book.bestBid).toBeNaN()

  const sells = asks()
  expect(sells.bestAsk).toBe(498.5)
  expect(sells.sizeAt(500.1, -1)).toBe(0.006)
  sells.remove(2)
  expect(sells.bestAsk).toBe(498.5)
  sells.remove(4)
  expect(sells.bestAsk).toBe(500.1)
  sells.remove(3)
  sells.remove(1)
  expect(sells.bestAsk).toBeNaN()
})

it('H2 L3 modify: size, better and worse prices, and the best after deletions', () => {
  const book = bids()
  book.change(2, 500.5, 0.001)
  expect(book.sizeAt(500.5, 1)).toBe(0.006)
  book.change(2, 500.7, 0.002)
  expect(book.bestBid).toBe(500.7)
  expect(book.sizeAt(500.5, 1)).toBe(0.005)
  book.change(2, 500.6, 0.002)
  expect(book.bestBid).toBe(500.6)
  book.remove(4)
  book.change(2, 500, 0.002)
  expect(book.bestBid).toBe(500.1)

  const sells = asks()
  sells.change(2, 498.5, 0.001)
  expect(sells.sizeAt(498.5, -1)).toBe(0.006)
  sells.change(2, 497.7, 0.002)
  expect(sells.bestAsk).toBe(497.7)
  expect(sells.sizeAt(498.5, -1)).toBe(0.005)
  sells.change(2, 498, 0.002)
  expect(sells.bestAsk).toBe(498)
  sells.remove(4)
  sells.change(2, 501, 0.002)
  expect(sells.bestAsk).toBe(500.1)
})
