import { describe, expect, it } from 'vitest'
import { Instrument } from '../market/index.ts'
import { ORDER_STATUSES } from './order-types.ts'
import { Order, mayBecome } from './order.ts'

const instrument = new Instrument({
  venue: 'v',
  symbol: 'S',
  kind: 'spot',
  base: 'B',
  quote: 'Q',
  tickSize: '0.5',
  lotSize: '0.01',
})
const order = (): Order =>
  new Order(
    {
      id: 1,
      instrument,
      side: 1,
      type: 'limit',
      timeInForce: 'GTC',
      priceTicks: 21,
      sizeLots: 300,
    },
    0,
  )

describe('an order', () => {
  it('speaks decimals outside and integers inside', () => {
    const made = order()
    made.filledLots = 100
    made.filledTickLots = 2100
    expect([made.price, made.size, made.filled, made.remaining, made.averagePrice]).toEqual([
      10.5, 3, 1, 2, 10.5,
    ])
  })

  it('leaves no final state', () => {
    for (const from of ['filled', 'cancelled', 'rejected', 'expired'] as const) {
      for (const to of ORDER_STATUSES) expect(mayBecome(from, to)).toBe(false)
    }
  })

  it('may be filled while its cancel is on the way', () => {
    const made = order()
    made.become('accepted')
    made.become('cancelPending')
    expect([made.isOpen, made.isPending]).toEqual([true, true])
    made.become('filled')
    expect(made.isDone).toBe(true)
  })

  it('refuses an impossible step loudly', () => {
    const made = order()
    made.become('filled')
    expect(() => made.become('accepted')).toThrow(/cannot go from filled to accepted/)
  })
})
