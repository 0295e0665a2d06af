import { describe, expect, it } from 'vitest'
import { Instrument } from '../market/index.ts'
import { OrderTable, type Order } from '../order/index.ts'
import { OwnOrders } from './own-orders.ts'

const instrument = new Instrument({
  venue: 'test',
  symbol: 'T',
  kind: 'spot',
  base: 'B',
  quote: 'Q',
  tickSize: '1',
  lotSize: '1',
})

/** Sends an order of an owner to an exchange. */
function send(table: OrderTable, owner: number, own: OwnOrders): Order {
  return table.add({
    id: own.nextId(),
    owner,
    side: 1,
    type: 'limit',
    timeInForce: 'GTC',
    priceTicks: 1,
    sizeLots: 1,
  })
}

const end = (order: Order): void => {
  order.become('accepted')
  order.become('cancelled')
}

describe('the orders of a strategy', () => {
  it('are its own at all exchanges, in order of submission, whenever they are asked for', () => {
    const tables = [new OrderTable(instrument), new OrderTable(instrument)] as const
    const owns = [new OwnOrders(0, tables), new OwnOrders(1, tables)] as const
    const sent: [Order[], Order[]] = [[], []]
    const all = owns[0].all()
    for (let i = 0; i < 50; i++) {
      const owner = i % 3 === 0 ? 1 : 0
      sent[owner].push(send(tables[i % 2 === 0 ? 1 : 0], owner, owns[owner]))
      if (i % 7 !== 0) continue
      expect(owns[0].all()).toEqual(sent[0])
      expect(owns[1].all()).toEqual(sent[1])
    }
    expect(owns[0].all()).toBe(all)
    expect(all.map(({ id }) => id)).toEqual(sent[0].map((_, i) => i + 1))
  })

  it('are the very ones that were sent, but for those that were over before anybody asked', () => {
    const table = new OrderTable(instrument)
    const own = new OwnOrders(0, [table])
    const [over, open] = [send(table, 0, own), send(table, 0, own)]
    end(over)
    table.release(over)
    const all = own.all()
    expect(all[1]).toBe(open)
    expect(all[0]).not.toBe(over)
    expect(all[0]?.toJSON()).toEqual(over.toJSON())
    const later = send(table, 0, own)
    for (const each of [open, later]) {
      end(each)
      table.release(each)
    }
    expect(own.all()[1]).toBe(open)
    expect(own.all()[2]).toBe(later)
  })
})
