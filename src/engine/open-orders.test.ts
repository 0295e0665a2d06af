import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Instrument } from '../market/index.ts'
import { OrderTable, type Order } from '../order/index.ts'
import { OpenOrders } from './open-orders.ts'

const instrument = new Instrument({
  venue: 'v',
  symbol: 'S',
  kind: 'spot',
  base: 'B',
  quote: 'Q',
  tickSize: '0.5',
  lotSize: '0.01',
})
const order = (id: number): Order =>
  new OrderTable(instrument).add({
    id,
    side: 1,
    type: 'market',
    timeInForce: 'GTC',
    priceTicks: 0,
    sizeLots: 1,
  })

it('holds what a set holds, in the same order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(90), fc.nat(9)), { maxLength: 200, size: 'max' }),
      (steps) => {
        const open = new OpenOrders()
        const set = new Set<Order>()
        const made: Order[] = []
        for (const [step, look] of steps) {
          const old = made[step]
          if (old === undefined) {
            const each = order(made.length + 1)
            made.push(each)
            open.add(each)
            set.add(each)
          } else {
            open.delete(old)
            set.delete(old)
          }
          expect(open.size).toBe(set.size)
          // Going through them moves them together, which is to happen without it too.
          if (look === 0) expect([...open]).toEqual([...set])
        }
        expect([...open]).toEqual([...set])
      },
    ),
  )
})
