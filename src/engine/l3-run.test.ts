/** Runs over market-by-order tapes. */
import { expect, it } from 'vitest'
import { OrderTape } from '../../test/order-tape.ts'
import { book as levels } from '../../test/scripted-run.ts'
import { unitInstrument } from '../../test/tape.ts'
import { OrderBookL3 } from '../book/index.ts'
import { LobFeed } from '../feed/index.ts'
import type { EventColumns } from '../market/index.ts'
import type { ExchangeName } from '../venue/index.ts'
import { Cerebro, Strategy, type RunResult } from './index.ts'

/** Bids 10 at 100 (order 1), asks 10 at 102 (order 2); 12 lots are sold at 100 and more is bid. */
const events = (): EventColumns =>
  new OrderTape()
    .snapshotBegin(0)
    .add(0, 1, 1, 100, 10)
    .add(0, 2, -1, 102, 10)
    .snapshotEnd(0)
    .add(30, 3, 1, 99, 5)
    .trade(50, -1, 100, 12)
    .execute(50, 1, 100, 10)
    .add(60, 4, 1, 100, 5)
    .add(90, 5, 1, 98, 5)
    .events()

class JoinTheBid extends Strategy.with({}) {
  readonly seen: string[] = []

  override start(): void {
    this.after(10, () => {
      this.buy({ price: this.book.bestBid, size: 5 })
      const book = this.books.getOrders('UNIT')
      this.seen.push(`${this.now}: ${book.bestBidSize} in ${book.openOrders} orders`)
    })
    this.after(70, () => {
      const place = this.books.getOrders('UNIT').getQueuePosition(4)
      this.seen.push(`${this.now}: ${this.book instanceof OrderBookL3}, ${place?.lotsAhead} ahead`)
    })
  }
}

async function run(rows: EventColumns, exchange: ExchangeName): Promise<RunResult> {
  const cerebro = new Cerebro()
  cerebro.addData(LobFeed.fromEvents(unitInstrument, rows), { exchange })
  cerebro.addStrategy(JoinTheBid)
  const [result] = await cerebro.run()
  return result!
}

it('trades between real orders, and the strategy sees orders and levels', async () => {
  const { record, strategy } = await run(events(), 'l3')
  expect((strategy as JoinTheBid).seen).toEqual(['10: 10 in 2 orders', '70: true, 0 ahead'])
  const { fills } = record
  expect([...fills.size]).toEqual([2])
  expect([...fills.exchTime]).toEqual([50])
  expect([...fills.queueAhead]).toEqual([10])
  expect(record.totals.position).toBe(2)
  expect(record.settings['exchange']).toBe('l3')
})

it('keeps the mids and the depth of a tape of orders for the report', async () => {
  const { record } = await run(events(), 'l3')
  expect([...record.mids.mid]).toEqual([101, 100.5, 101])
  expect([...record.mids.time]).toEqual([0, 50, 60])
  expect(record.depth!.size.some((size) => size === 10)).toBe(true)
})

it('refuses an exchange that does not read the rows of the data, and says which does', async () => {
  await expect(run(events(), 'no-partial')).rejects.toThrow(
    'exchange "no-partial" reads price levels, and the data of UNIT are rows of single orders: use exchange "l3"',
  )
  await expect(run(levels().events(), 'l3')).rejects.toThrow(
    'exchange "l3" needs rows of single orders, and the data of UNIT are price levels: use exchange "partial"',
  )
})
