import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvariantError, LobtraderError } from '../core/index.ts'
import { BarExchange, type BarOrder, type BarPrices } from './bar-exchange.ts'

type Fill = readonly [id: number, price: number, size: number]

function bar(open: number, high: number, low: number, close: number): BarPrices {
  return { open, high, low, close }
}

function meet(exchange: BarExchange, prices: BarPrices): Fill[] {
  const fills: Fill[] = []
  exchange.onBar(prices, (...fill) => fills.push(fill))
  return fills
}

/** The fills of one order on one bar. */
function tried(side: 1 | -1, price: number, prices: BarPrices): Fill[] {
  const exchange = new BarExchange()
  exchange.submit({ id: 7, side, type: 'limit', price, size: 2 })
  const fills = meet(exchange, prices)
  expect(exchange.openCount).toBe(1 - fills.length)
  return fills
}

function failure(work: () => unknown): LobtraderError {
  try {
    work()
  } catch (error) {
    if (error instanceof LobtraderError) return error
    throw error
  }
  throw new Error('expected a LobtraderError')
}

describe('a market order', () => {
  it('fills whole at the open of the next bar, once', () => {
    const exchange = new BarExchange()
    exchange.submit({ id: 1, side: 1, type: 'market', price: Number.NaN, size: 3 })
    expect(exchange.openCount).toBe(1)
    expect(meet(exchange, bar(10, 12, 9, 11))).toEqual([[1, 10, 3]])
    expect(meet(exchange, bar(10, 12, 9, 11))).toEqual([])
    expect(exchange.openCount).toBe(0)
  })
})

describe('a limit order', () => {
  it('to buy fills at the open when the bar opens at or below it', () => {
    expect(tried(1, 10, bar(9, 12, 8, 11))).toEqual([[7, 9, 2]])
    expect(tried(1, 10, bar(10, 12, 10, 11))).toEqual([[7, 10, 2]])
  })

  it('to buy fills at its limit when the low reaches it, else rests', () => {
    expect(tried(1, 10, bar(11, 12, 10, 11))).toEqual([[7, 10, 2]])
    expect(tried(1, 10, bar(11, 12, 9, 11))).toEqual([[7, 10, 2]])
    expect(tried(1, 10, bar(11, 12, 10.01, 11))).toEqual([])
  })

  it('to sell is the mirror image, for any bar and any limit', () => {
    const cents = fc.integer({ min: 1, max: 60 }).map((x) => x / 4)
    fc.assert(
      fc.property(fc.tuple(cents, cents, cents, cents), cents, ([a, b, c, d], limit) => {
        const [low, first, second, high] = [a, b, c, d].sort((x, y) => x - y) as [
          number,
          number,
          number,
          number,
        ]
        const buys = tried(1, limit, bar(second, high, low, first))
        const sells = tried(-1, -limit, bar(-second, -low, -high, -first))
        expect(sells).toEqual(buys.map(([id, price, size]) => [id, -price, size]))
      }),
    )
  })

  it('never fills outside the bar, nor worse than its limit, and always when the bar crosses it', () => {
    const cents = fc.integer({ min: 1, max: 60 }).map((x) => x / 4)
    fc.assert(
      fc.property(
        fc.tuple(cents, cents, cents, cents),
        cents,
        fc.constantFrom(1 as const, -1 as const),
        (points, limit, side) => {
          const [low, first, second, high] = points.toSorted((x, y) => x - y) as typeof points
          const fills = tried(side, limit, bar(first, high, low, second))
          expect(fills.length).toBe((side > 0 ? low <= limit : high >= limit) ? 1 : 0)
          for (const [, price] of fills) {
            expect(price).toBeGreaterThanOrEqual(low)
            expect(price).toBeLessThanOrEqual(high)
            expect(side * (price - limit)).toBeLessThanOrEqual(0)
          }
        },
      ),
    )
  })

  it('waits any number of bars', () => {
    const exchange = new BarExchange()
    exchange.submit({ id: 1, side: -1, type: 'limit', price: 12, size: 1 })
    expect(meet(exchange, bar(10, 11, 9, 10))).toEqual([])
    expect(meet(exchange, bar(11, 11.5, 9, 10))).toEqual([])
    expect(meet(exchange, bar(11, 13, 9, 10))).toEqual([[1, 12, 1]])
  })
})

describe('several orders', () => {
  const order = (id: number, over: Partial<BarOrder> = {}): BarOrder => ({
    id,
    side: 1,
    type: 'limit',
    price: 10,
    size: 1,
    ...over,
  })

  it('are tried in order of submission', () => {
    const exchange = new BarExchange()
    for (const id of [5, 3, 9]) exchange.submit(order(id, { price: id === 3 ? 1 : 10 }))
    expect(meet(exchange, bar(10, 10, 9, 9)).map(([id]) => id)).toEqual([5, 9])
    expect(exchange.openCount).toBe(1)
  })

  it('can be cancelled until they fill', () => {
    const exchange = new BarExchange()
    exchange.submit(order(1))
    exchange.submit(order(2))
    expect(exchange.cancel(1)).toBe(true)
    expect(exchange.cancel(1)).toBe(false)
    expect(meet(exchange, bar(10, 10, 9, 9)).map(([id]) => id)).toEqual([2])
    expect(exchange.cancel(2)).toBe(false)
  })

  it('sent by a fill wait for the next bar; one cancelled by a fill does not fill any more', () => {
    const exchange = new BarExchange()
    exchange.submit(order(1))
    exchange.submit(order(2))
    const filled: number[] = []
    exchange.onBar(bar(9, 12, 8, 11), (id) => {
      filled.push(id)
      exchange.cancel(2)
      exchange.submit(order(3, { side: -1, type: 'market' }))
    })
    expect(filled).toEqual([1])
    expect(exchange.openCount).toBe(1)
    expect(meet(exchange, bar(11, 12, 8, 11))).toEqual([[3, 11, 1]])
  })

  it('survive a callback that throws; the next bar can come', () => {
    const exchange = new BarExchange()
    exchange.submit(order(1))
    exchange.submit(order(2))
    expect(() =>
      exchange.onBar(bar(9, 12, 8, 11), () => {
        throw new RangeError('of the strategy')
      }),
    ).toThrow(RangeError)
    expect(meet(exchange, bar(9, 12, 8, 11)).map(([id]) => id)).toEqual([2])
  })

  it('cannot be met by a bar within a bar', () => {
    const exchange = new BarExchange()
    exchange.submit(order(1))
    expect(() =>
      exchange.onBar(bar(9, 12, 8, 11), () => exchange.onBar(bar(9, 12, 8, 11), () => undefined)),
    ).toThrow(InvariantError)
  })
})

describe('what makes no sense', () => {
  it('is refused: sizes, limits and ids', () => {
    const exchange = new BarExchange()
    const limit = { id: 1, side: 1, type: 'limit', price: 10, size: 1 } as const
    for (const size of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(failure(() => exchange.submit({ ...limit, size })).code).toBe('OUT_OF_RANGE')
    }
    expect(failure(() => exchange.submit({ ...limit, price: Number.NaN })).code).toBe('NOT_FINITE')
    exchange.submit(limit)
    expect(failure(() => exchange.submit(limit)).code).toBe('BAD_ARGUMENT')
    expect(exchange.openCount).toBe(1)
  })

  it('is refused: a bar that contradicts itself', () => {
    const exchange = new BarExchange()
    for (const prices of [
      bar(10, 9, 8, 8.5),
      bar(7, 9, 8, 8.5),
      bar(8.5, 9, 8, 9.5),
      bar(8.5, 9, 8, 7),
      bar(Number.NaN, 9, 8, 8.5),
    ]) {
      expect(failure(() => meet(exchange, prices)).code).toBe('OUT_OF_RANGE')
    }
  })
})
