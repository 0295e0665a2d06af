import { expect, it } from 'vitest'
import { Cerebro } from '../engine/index.ts'
import { LobFeed, simulateMarket } from '../feed/index.ts'
import { ORDER_STATUSES } from '../order/index.ts'
import { AvellanedaStoikov } from './avellaneda-stoikov.ts'

it('quotes only prices of the tick table of its venue', async () => {
  const { instrument, events } = simulateMarket({ seed: 3, durationNs: 20e9 })
  const tick = Number((3 * instrument.tickSize).toFixed(8))
  const cerebro = new Cerebro()
  cerebro.addData(LobFeed.fromEvents(instrument, events), {
    rules: { tickTable: [{ from: 0, tick }] },
  })
  cerebro.addStrategy(AvellanedaStoikov, { maxInventory: 5 })
  const [result] = await cerebro.run()
  const { orders, fills } = result!.record
  expect(fills.length).toBeGreaterThan(5)
  for (const price of orders.price) expect(instrument.ticksOf(price) % 3).toBe(0)
  // One that would have taken when it arrived is refused too; prices make up for none of these.
  const rejected = orders.status.filter((status) => ORDER_STATUSES[status] === 'rejected')
  expect(rejected.length).toBeLessThan(orders.length / 10)
})
