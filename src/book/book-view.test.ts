import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LobtraderError } from '../core/index.ts'
import { Instrument, type OrderBookLevel, type Side } from '../market/index.ts'
import { OrderBook } from './order-book.ts'
import { OrderBookL3 } from './order-book-l3.ts'

const instrument = new Instrument({
  venue: 'test',
  symbol: 'XYZ',
  kind: 'spot',
  base: 'X',
  quote: 'Z',
  tickSize: '0.5',
  lotSize: '0.25',
})

interface Order {
  readonly side: Side
  readonly tick: number
  readonly lots: number
}

const orders = fc.array(
  fc.record({
    side: fc.constantFrom<Side>(1, -1),
    // Far levels too: some lie beyond a window of 256 ticks.
    tick: fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -9000, max: 9000 })),
    lots: fc.integer({ min: 1, max: 50 }),
  }),
  { maxLength: 60, size: 'max' },
)

/** The levels that the orders make, best first. */
function naiveLevels(all: readonly Order[], side: Side): OrderBookLevel[] {
  const levels = new Map<number, { lots: number; count: number }>()
  for (const { side: of, tick, lots } of all) {
    if (of !== side) continue
    const level = levels.get(tick) ?? { lots: 0, count: 0 }
    levels.set(tick, { lots: level.lots + lots, count: level.count + 1 })
  }
  return [...levels]
    .sort((a, b) => side * (b[0] - a[0]))
    .map(([tick, { lots, count }]) => ({
      price: tick / 2,
      volume: lots / 4,
      numOrders: count,
    }))
}

/** A book of orders and a book of levels with the same content. */
function booksOf(all: readonly Order[]): [OrderBookL3, OrderBook] {
  const byOrder = new OrderBookL3(instrument, { windowTicks: 256 })
  const byLevel = new OrderBook(instrument, { windowTicks: 256 })
  all.forEach(({ side, tick, lots }, orderRef) => {
    const change = { timestampNs: 1n, side, price: tick / 2, volume: lots / 4 }
    byOrder.update({ ...change, kind: 'add', orderRef })
    byLevel.update({ ...change, volume: byOrder.sizeAt(tick / 2, side) })
  })
  return [byOrder, byLevel]
}

const bySide = fc.constantFrom<Side>(1, -1)
const aTick = fc.integer({ min: -9500, max: 9500 })

describe('questions about all levels', () => {
  it('are answered as a sorted list answers them, by books of levels and of orders', () => {
    fc.assert(
      fc.property(orders, bySide, aTick, aTick, (all, side, one, two) => {
        const levels = naiveLevels(all, side)
        const prices = [one / 2, two / 2, ...levels.map(({ price }) => price)]
        booksOf(all).forEach((book, i) => {
          const told = i === 0 ? levels : levels.map((level) => ({ ...level, numOrders: 0 }))
          expect([...book.eachLevel(side)]).toEqual(told)
          expect(book.levelCount(side)).toBe(told.length)
          for (const price of prices) {
            expect(book.levelAt(side, price)).toEqual(told.find((level) => level.price === price))
            const until = told.filter((level) => side * (level.price - price) >= 0)
            expect(book.volumeUntil(side, price)).toBe(
              until.reduce((sum, { volume }) => sum + volume, 0),
            )
          }
          for (const price of prices.slice(1, 6)) {
            const low = Math.min(price, one / 2)
            const high = Math.max(price, one / 2)
            expect(book.levelsBetween(side, price, one / 2)).toEqual(
              told.filter((level) => level.price >= low && level.price <= high),
            )
          }
        })
      }),
      { numRuns: 150 },
    )
  })

  it('goes through levels only as far as it is asked', () => {
    const [book] = booksOf([
      { side: 1, tick: 4, lots: 1 },
      { side: 1, tick: 2, lots: 1 },
    ])
    for (const { price } of book.eachLevel(1)) {
      expect(price).toBe(2)
      break
    }
  })

  it('refuses to go on through levels that have changed', () => {
    const [, book] = booksOf([
      { side: 1, tick: 4, lots: 1 },
      { side: 1, tick: 2, lots: 1 },
    ])
    const levels = book.eachLevel(1)
    levels.next()
    book.update({ timestampNs: 2n, side: 1, price: 1, volume: 0 })
    expect(() => levels.next()).toThrow('has changed')
  })

  it.each<[string, (book: OrderBook) => unknown]>([
    ['a price between two ticks', (book) => book.levelAt(1, 0.3)],
    ['a bound between two ticks', (book) => book.levelsBetween(1, 0, 0.3)],
    ['a price that is none', (book) => book.volumeUntil(1, Number.NaN)],
    ['no side', (book) => book.eachLevel(0 as Side).next()],
  ])('refuses %s', (_what, ask) => {
    expect(() => ask(new OrderBook(instrument))).toThrow(LobtraderError)
  })
})
