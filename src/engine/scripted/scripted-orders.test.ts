import { describe, expect, it } from 'vitest'
import { book } from '../../../test/scripted-run.ts'
import { unitInstrument } from '../../../test/tape.ts'
import { LobFeed } from '../../feed/index.ts'
import type { EventColumns } from '../../market/index.ts'
import { parseExchange, parseLatency, parseRateLimit, riskAverseQueue } from '../../venue/index.ts'
import { Cerebro, type BookDataOptions } from '../cerebro.ts'
import { orderOutcomes, type OrderOutcome } from './order-outcomes.ts'
import { scriptedOrders, type ScriptedOrder } from './scripted-orders.ts'

const plain = {
  side: 1,
  priceTicks: 99,
  sizeLots: 3,
  timeInForce: 'GTC',
  type: 'limit',
  cancelNs: undefined,
} as const

async function outcomes(
  events: EventColumns,
  orders: readonly ScriptedOrder[],
  options: BookDataOptions = {},
): Promise<readonly OrderOutcome[]> {
  const cerebro = new Cerebro()
  cerebro.addData(LobFeed.fromEvents(unitInstrument, events), {
    queue: riskAverseQueue(),
    ...options,
  })
  cerebro.addStrategy(scriptedOrders(orders))
  const [result] = await cerebro.run({ heatmap: false })
  return orderOutcomes(result!, orders)
}

const told = (all: readonly OrderOutcome[]): unknown[] =>
  all.map((each) => [
    each.id,
    each.status,
    each.execPriceTicks,
    each.lastExecLots,
    each.leavesLots,
    each.isMaker,
    Number(each.exchNs),
    Number(each.localNs),
  ])

const latency = parseLatency('10ns,5ns')

describe('a list of orders', () => {
  it('is told in the words of hftbacktest, whatever becomes of each', async () => {
    const tape = book().trade(300, -1, 99, 50).bid(5000, 90, 1).events()
    const all = await outcomes(
      tape,
      [
        { ...plain, id: 1, timeNs: 100n },
        { ...plain, id: 2, timeNs: 100n, priceTicks: 98, cancelNs: 200n },
        { ...plain, id: 3, timeNs: 400n, side: -1, type: 'market' },
        { ...plain, id: 4, timeNs: 400n, priceTicks: 102, timeInForce: 'GTX' },
        { ...plain, id: 5, timeNs: 400n, priceTicks: 95 },
      ],
      { latency, exchange: 'no-partial' },
    )
    expect(told(all)).toEqual([
      [1, 'Filled', 99, 3, 0, true, 300, 100],
      [2, 'Canceled', 0, 0, 3, false, 210, 200],
      [3, 'Filled', 100, 3, 0, false, 410, 400],
      [4, 'Expired', 0, 0, 3, false, 410, 400],
      [5, 'New', 0, 0, 3, false, 410, 400],
    ])
    expect(all.map(({ distanceTicks }) => distanceTicks)).toEqual([1, 2, -Infinity, -Infinity, 5])
    expect(all[0]!.fillNs).toBe(300n)
    expect(all[3]!.reason).toBe('a post-only order would have taken')
  })

  it('sends what comes at one moment by id, cancels last, whatever the order of the list', async () => {
    const tape = book().bid(5000, 90, 1).events()
    const all = await outcomes(tape, [
      { ...plain, id: 9, timeNs: 100n },
      { ...plain, id: 2, timeNs: 100n, cancelNs: 100n },
      { ...plain, id: 4, timeNs: 50n, cancelNs: 100n },
    ])
    // Without latency an order is known as open only behind the moment at which it was sent.
    expect(all.map(({ id, status }) => `${id} ${status}`)).toEqual(['9 New', '2 New', '4 Canceled'])
  })

  it('sends no cancel of an order of which nothing has been heard yet, nor of one that is done', async () => {
    const tape = book().trade(300, -1, 99, 50).bid(5000, 90, 1).events()
    const all = await outcomes(
      tape,
      [
        { ...plain, id: 1, timeNs: 100n, priceTicks: 98, cancelNs: 114n },
        { ...plain, id: 2, timeNs: 100n, cancelNs: 400n },
        { ...plain, id: 3, timeNs: 299n, priceTicks: 97, cancelNs: 314n },
      ],
      { latency },
    )
    expect(told(all)).toEqual([
      [1, 'New', 0, 0, 3, false, 110, 100],
      [2, 'Filled', 99, 3, 0, true, 300, 100],
      [3, 'Canceled', 0, 0, 3, false, 324, 314],
    ])
  })

  it('keeps the cancel that lost its race as the last request', async () => {
    const tape = book().trade(305, -1, 99, 50).bid(5000, 90, 1).events()
    const all = await outcomes(tape, [{ ...plain, id: 1, timeNs: 100n, cancelNs: 300n }], {
      latency,
    })
    expect(told(all)).toEqual([[1, 'Filled', 99, 3, 0, true, 305, 300]])
  })

  it('has parts that filled, under an exchange that fills in part', async () => {
    const tape = book().trade(300, -1, 99, 7).trade(400, -1, 99, 1).bid(5000, 90, 1).events()
    const all = await outcomes(
      tape,
      [
        { ...plain, id: 1, timeNs: 100n, sizeLots: 5 },
        { ...plain, id: 2, timeNs: 500n, priceTicks: 102, sizeLots: 12, cancelNs: 900n },
      ],
      { exchange: parseExchange('partial') },
    )
    expect(told(all)).toEqual([
      [1, 'PartiallyFilled', 99, 1, 2, true, 400, 100],
      [2, 'Canceled', 102, 10, 2, false, 900, 900],
    ])
    expect(all[0]!.averageTicks).toBe(99)
    expect(all.map(({ filledLots }) => filledLots)).toEqual([3, 10])
  })

  it('has orders that were refused, and requests that the end of the data cut off', async () => {
    const tape = book().bid(1000, 90, 1).events()
    const refused = await outcomes(
      tape,
      [1, 2, 3].map((id) => ({ ...plain, id, timeNs: 100n })),
      { rateLimits: [parseRateLimit('2/s')] },
    )
    expect(refused.map(({ status, reason }) => `${status} ${reason}`)).toEqual([
      'New ',
      'New ',
      'Rejected rate limit: 2 requests in 1s',
    ])
    const cut = await outcomes(
      tape,
      [
        { ...plain, id: 1, timeNs: 995n },
        { ...plain, id: 2, timeNs: 100n, cancelNs: 999n },
      ],
      { latency },
    )
    expect(told(cut)).toEqual([
      [1, 'New', 0, 0, 3, false, 0, 995],
      [2, 'New', 0, 0, 3, false, 110, 999],
    ])
  })
})
