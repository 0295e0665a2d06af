import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Side } from '../../market/index.ts'
import { QueueBook } from './queue-book.ts'

interface PlainOrder {
  readonly slot: number
  readonly side: Side
  readonly tick: number
  lots: number
}

/** The obvious twin: one array of orders in time order. */
class PlainBook {
  orders: PlainOrder[] = []

  queue(side: Side, tick: number): PlainOrder[] {
    return this.orders.filter((order) => order.side === side && order.tick === tick)
  }

  best(side: Side): number | undefined {
    const ticks = this.orders.filter((order) => order.side === side).map((order) => order.tick)
    return ticks.length === 0 ? undefined : side > 0 ? Math.max(...ticks) : Math.min(...ticks)
  }
}

const operation = fc.record({
  isAdd: fc.boolean(),
  isBid: fc.boolean(),
  offset: fc.integer({ min: 0, max: 12 }),
  lots: fc.integer({ min: 1, max: 20 }),
  pick: fc.nat(),
})

function queueOf(book: QueueBook, side: Side, tick: number): number[] {
  const slots: number[] = []
  for (let slot = book.frontOf(side, tick); slot >= 0; slot = book.behind(slot)) slots.push(slot)
  return slots
}

describe('QueueBook', () => {
  it('holds the same queues, sizes and best prices as a plain list of orders', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200, size: 'max' }), (operations) => {
        const book = new QueueBook(99, 100, 15)
        const plain = new PlainBook()
        for (const { isAdd, isBid, offset, lots, pick } of operations) {
          if (isAdd || plain.orders.length === 0) {
            const side: Side = isBid ? 1 : -1
            const tick = isBid ? 99 - offset : 100 + offset
            plain.orders.push({ slot: book.add(side, tick, lots), side, tick, lots })
          } else {
            const order = plain.orders[pick % plain.orders.length]!
            const taken = Math.min(lots, order.lots)
            book.reduce(order.slot, taken)
            order.lots -= taken
            plain.orders = plain.orders.filter((each) => each.lots > 0)
          }
          for (const side of [1, -1] as const) {
            const best = side > 0 ? book.bestBidTick : book.bestAskTick
            if (plain.best(side) !== undefined) expect(best).toBe(plain.best(side))
            for (let tick = 86; tick <= 113; tick++) {
              const queue = plain.queue(side, tick)
              expect(queueOf(book, side, tick)).toEqual(queue.map((order) => order.slot))
              expect(book.lotsAt(side, tick)).toBe(
                queue.reduce((sum, order) => sum + order.lots, 0),
              )
            }
          }
          expect(book.count).toBe(plain.orders.length)
          const live = Array.from({ length: book.count }, (_, index) => book.slotAt(index))
          expect(live.toSorted((a, b) => a - b)).toEqual(
            plain.orders.map((order) => order.slot).toSorted((a, b) => a - b),
          )
        }
      }),
      { numRuns: 60 },
    )
  })

  it('keeps every order when it grows past its first capacity', () => {
    const book = new QueueBook(99, 100, 4095)
    for (let n = 0; n < 5000; n++) book.add(1, 99 - (n % 7), n + 1)
    expect(book.count).toBe(5000)
    const total = [0, 1, 2, 3, 4, 5, 6].reduce((sum, level) => sum + book.lotsAt(1, 99 - level), 0)
    expect(total).toBe((5000 * 5001) / 2)
  })

  it('refuses orders that would share a slot of the ring with another price', () => {
    const book = new QueueBook(99, 100, 15)
    book.add(1, 99, 1)
    expect(() => book.add(1, 99 - 16, 1)).toThrow('span less than the window')
  })
})
