import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Instrument } from '../market/index.ts'
import { ORDER_STATUSES } from './order-types.ts'
import { OrderTable } from './order-table.ts'
import { CODE_OF, OPEN, PENDING, mayBecome } from './order-life.ts'
import type { Order } from './order.ts'

const instrument = new Instrument({
  venue: 'v',
  symbol: 'S',
  kind: 'spot',
  base: 'B',
  quote: 'Q',
  tickSize: '0.5',
  lotSize: '0.01',
})
const order = (table = new OrderTable(instrument)): Order =>
  table.add({
    id: table.length + 1,
    side: 1,
    type: 'limit',
    timeInForce: 'GTC',
    priceTicks: 21,
    sizeLots: 300,
  })

describe('an order', () => {
  it('speaks decimals outside and integers inside', () => {
    const made = order()
    made.fill(21, 100)
    expect([made.price, made.size, made.filled, made.remaining, made.averagePrice]).toEqual([
      10.5, 3, 1, 2, 10.5,
    ])
  })

  it('has codes of its statuses by their places in the vocabulary', () => {
    expect(Object.entries(CODE_OF)).toEqual(ORDER_STATUSES.map((status, code) => [status, code]))
  })

  it('can trade while anything may follow', () => {
    for (const status of ORDER_STATUSES) {
      const follows = ORDER_STATUSES.some((to) => mayBecome(status, to))
      expect((OPEN & (1 << CODE_OF[status])) !== 0).toBe(follows)
      const isAsked = status === 'submitted' || status === 'cancelPending'
      expect((PENDING & (1 << CODE_OF[status])) !== 0).toBe(isAsked)
    }
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

  it('says what it is where it is printed', () => {
    const made = order()
    made.reason = 'so it was'
    const told = { id: 1, symbol: 'S', side: 1, type: 'limit', status: 'submitted', price: 10.5 }
    expect(JSON.parse(JSON.stringify(made))).toMatchObject({
      ...told,
      size: 3,
      reason: 'so it was',
    })
    expect(inspect(made)).toContain("status: 'submitted'")
  })

  it('keeps to its own row of a table that grows', () => {
    const table = new OrderTable(instrument)
    const made = Array.from({ length: 2100 }, () => order(table))
    for (const [i, each] of made.entries()) each.doneExch = i * 10
    made[7]!.become('filled')
    made[9]!.triggerTicks = 5
    expect(made.map(({ id, index, doneExch }) => [id, index, doneExch])).toEqual(
      made.map((_, i) => [i + 1, i, i * 10]),
    )
    expect(made.map(({ isDone }) => isDone).indexOf(true)).toBe(7)
    expect(made.filter(({ acceptExch }) => !Number.isNaN(acceptExch))).toEqual([])
    expect(made.map(({ triggerTicks }) => triggerTicks).filter((t) => t === 5)).toEqual([5])
  })
})
