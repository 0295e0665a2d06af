import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_ASK, NO_BID } from '../book/index.ts'
import type { Side } from '../market/index.ts'
import { NO_ROW, RestingOrders } from './resting-orders.ts'

interface Own {
  readonly order: number
  readonly side: Side
  readonly tick: number
}

/** Prices near each other, far from each other, and such as share a slot. */
const tick = fc.oneof(
  fc.integer({ min: 1000, max: 1012 }),
  fc.integer({ min: 900, max: 1100 }),
  fc.constantFrom(1004, 1004 + 4096, 1004 + 2 * 4096),
)
const step = fc.record({
  side: fc.constantFrom<Side>(1, -1),
  tick,
  removes: fc.boolean(),
  which: fc.nat(),
  limit: tick,
})

const ticksOf = (orders: readonly Own[], side: Side): number[] =>
  orders.filter((each) => each.side === side).map((each) => each.tick)

describe('resting orders', () => {
  it('know the extremes of their prices, and the only one that a price reaches', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const resting = new RestingOrders()
        let orders: Own[] = []
        for (const [order, { side, tick, removes, which, limit }] of steps.entries()) {
          if (removes && orders.length > 0) {
            const gone = orders[which % orders.length]!
            resting.remove(resting.find(gone.order))
            orders = orders.filter((each) => each !== gone)
          } else {
            resting.add(order, side, tick, { lots: 1, front: 0, owner: 0 })
            orders.push({ order, side, tick })
          }
          const bids = ticksOf(orders, 1)
          const asks = ticksOf(orders, -1)
          const { bidMin, bidMax, askMin, askMax } = resting
          expect([bidMin, bidMax, askMin, askMax]).toEqual([
            Math.min(NO_ASK, ...bids),
            Math.max(NO_BID, ...bids),
            Math.min(NO_ASK, ...asks),
            Math.max(NO_BID, ...asks),
          ])
          const reached = orders.filter(
            (each) => each.side === side && side * (each.tick - limit) >= 0,
          )
          const only = resting.onlyUpTo(side, limit)
          if (only !== NO_ROW)
            expect([resting.order[only]]).toEqual(reached.map((own) => own.order))
          const best = side > 0 ? bidMax : askMin
          if (reached.length === 1 && side * (best - limit) < 16) expect(only).not.toBe(NO_ROW)
        }
      }),
    )
  })
})
