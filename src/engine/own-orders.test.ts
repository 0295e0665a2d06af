import { describe, expect, it } from 'vitest'
import { PagedList } from '../core/index.ts'
import { Instrument } from '../market/index.ts'
import { Order } from '../order/index.ts'
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
function send(list: PagedList<Order>, owner: number, own: OwnOrders): Order {
  const id = own.nextId()
  const order = new Order(
    {
      id,
      owner,
      instrument,
      side: 1,
      type: 'limit',
      timeInForce: 'GTC',
      priceTicks: 1,
      sizeLots: 1,
    },
    list.length,
  )
  list.push(order)
  return order
}

describe('the orders of a strategy', () => {
  it('are its own at all exchanges, in order of submission, whenever they are asked for', () => {
    const lists = [new PagedList<Order>(), new PagedList<Order>()] as const
    const owns = [new OwnOrders(0, lists), new OwnOrders(1, lists)] as const
    const sent: [Order[], Order[]] = [[], []]
    const all = owns[0].all()
    for (let i = 0; i < 50; i++) {
      const owner = i % 3 === 0 ? 1 : 0
      sent[owner].push(send(lists[i % 2 === 0 ? 1 : 0], owner, owns[owner]))
      if (i % 7 !== 0) continue
      expect(owns[0].all()).toEqual(sent[0])
      expect(owns[1].all()).toEqual(sent[1])
    }
    expect(owns[0].all()).toBe(all)
    expect(all.map(({ id }) => id)).toEqual(sent[0].map((_, i) => i + 1))
  })
})
