import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OrderBookL3 } from '../../book/index.ts'
import { Instrument, type EventColumns } from '../../market/index.ts'
import { StoreImport, openStore } from '../../store/index.ts'
import { TestFolder } from '../../../test/import-support.ts'
import { OrdersTape } from './orders-tape.ts'

const folder = new TestFolder()
const EPOCH = 1_700_006_400_000_000_000n
const DAY = 86_400e9
const FUTURE = new Instrument({
  venue: 'cme',
  symbol: 'ES',
  kind: 'linear-future',
  base: 'ES',
  quote: 'USD',
  tickSize: '0.25',
  lotSize: '1',
})

interface NaiveOrder {
  readonly id: number
  readonly side: 1 | -1
  tick: number
  lots: number
}

/** The venue's book as a list of orders in order of priority. */
class NaiveBook {
  orders: NaiveOrder[] = []
  unknown = 0
  unknownFills = 0

  find(id: number): NaiveOrder | undefined {
    return this.orders.find((order) => order.id === id)
  }

  add(order: NaiveOrder): void {
    if (this.find(order.id) === undefined) this.orders.push(order)
    else this.unknown++
  }

  modify(id: number, tick: number, lots: number): void {
    const order = this.find(id)
    if (order === undefined) {
      this.unknown++
      return
    }
    const keeps = order.tick === tick && lots <= order.lots
    order.tick = tick
    order.lots = lots
    if (lots === 0 || !keeps) this.orders = this.orders.filter((other) => other !== order)
    if (lots > 0 && !keeps) this.orders.push(order)
  }

  take(id: number, lots: number, isCancel: boolean): void {
    const order = this.find(id)
    if (order === undefined) {
      if (isCancel) this.unknown++
      else this.unknownFills++
      return
    }
    order.lots -= lots
    if (order.lots <= 0) this.orders = this.orders.filter((other) => other !== order)
  }

  /** Queues by side and tick: the lots in order. */
  get queues(): Record<string, number[]> {
    const queues: Record<string, number[]> = {}
    for (const { side, tick, lots } of this.orders) (queues[`${side}@${tick}`] ??= []).push(lots)
    return queues
  }
}

const step = fc.record({
  kind: fc.constantFrom('add', 'add', 'add', 'modify', 'cancel', 'cancelAll', 'execute', 'fill'),
  id: fc.integer({ min: 1, max: 12 }),
  side: fc.constantFrom<1 | -1>(1, -1),
  offset: fc.integer({ min: 0, max: 3 }),
  lots: fc.integer({ min: 1, max: 6 }),
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: DAY / 3 })),
  lag: fc.integer({ min: -1e9, max: 1e9 }),
})

function queuesOf(book: OrderBookL3): Record<string, number[]> {
  const queues: Record<string, number[]> = {}
  for (const { side, price, volume } of book.snapshotOrders().orders) {
    ;(queues[`${side}@${price / 0.25}`] ??= []).push(volume)
  }
  return queues
}

function replayed(events: EventColumns): OrderBookL3 {
  const book = new OrderBookL3(FUTURE)
  book.apply(events, 0, events.length)
  return book
}

describe('OrdersTape', () => {
  it('writes rows from which every day alone gives the book of the venue', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), (steps) => {
        const dir = folder.newStore()
        const target = new StoreImport(dir)
        const tape = new OrdersTape(target.open(FUTURE), EPOCH)
        const naive = new NaiveBook()
        const ends = new Map<number, Record<string, number[]>>()
        let time = 0
        for (const { kind, id, side, offset, lots, wait, lag } of steps) {
          time += wait
          tape.at(time, time + lag, id)
          const tick = side > 0 ? 100 - offset : 101 + offset
          const own = naive.find(id)
          const ownTick = own === undefined || own.side > 0 ? 100 - offset : 101 + offset
          if (kind === 'add') {
            tape.add(7, id, side, tick, lots)
            naive.add({ id, side, tick, lots })
          } else if (kind === 'modify') {
            tape.modify(7, id, ownTick, lots - 1)
            naive.modify(id, ownTick, lots - 1)
          } else if (kind === 'cancel') {
            tape.cancel(7, id, lots)
            naive.take(id, lots, true)
          } else if (kind === 'cancelAll') {
            tape.cancel(7, id)
            naive.take(id, Number.POSITIVE_INFINITY, true)
          } else if (kind === 'execute') {
            tape.execute(7, id, lots)
            naive.take(id, lots, false)
          } else {
            tape.fill(7, id, side, tick, lots)
            if (own === undefined) naive.unknownFills++
          }
          ends.set(Math.floor(time / DAY), naive.queues)
        }
        tape.finish()
        expect(tape.unknown).toBe(naive.unknown)
        expect(tape.unknownFills).toBe(naive.unknownFills)
        expect(tape.orders).toEqual({ open: naive.orders.length, unknown: naive.unknown })
        target.commit()
        if (tape.events === 0) return
        for (const { info, events } of openStore(dir).read({ symbol: 'ES', kind: 'l3' })) {
          const book = replayed(events)
          const day = Number((info.fromNs - EPOCH) / BigInt(DAY))
          expect(queuesOf(book)).toEqual(ends.get(day))
          expect(book.unknownOrders).toBe(0)
          expect(book.faults.invalid).toBe(0)
          // References are used again, so the exchange side reads the rows in this very order.
          expect(events.exchOrder).toBeUndefined()
        }
      }),
      { seed: 11, numRuns: 60 },
    )
  })

  it('counts what is taken beyond an order, and forgets every id at a snapshot', () => {
    const target = new StoreImport(folder.newStore())
    const tape = new OrdersTape(target.open(FUTURE), EPOCH)
    tape.at(1, 1)
    tape.add(0, 1, 1, 100, 5)
    tape.cancel(0, 1, 6)
    expect([tape.excess, tape.orders.open]).toEqual([1, 0])
    tape.add(0, 2, 1, 100, 5)
    tape.beginSnapshot()
    tape.add(0, 3, -1, 101, 2)
    tape.endSnapshot()
    expect([tape.has(0, 2), tape.has(0, 3), tape.lotsOf(0, 3), tape.tickOf(0, 3)]).toEqual([
      false,
      true,
      2,
      101,
    ])
    expect([tape.ladder.bidLevels, tape.ladder.bestAskTick]).toEqual([0, 101])
    target.abort()
  })
})
