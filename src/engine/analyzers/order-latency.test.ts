import { expect, test } from 'vitest'
import { handRun } from '../../../test/run-record-fixture.ts'
import { OrderLatency } from './order-latency.ts'

test('OrderLatency measures each leg over the orders that went it', () => {
  const run = handRun({
    orders: [
      { submitLocal: 0, acceptExch: 10, acceptLocal: 30 },
      { submitLocal: 100, acceptExch: 120, acceptLocal: 130 },
      // Still on its way when the run ended.
      { submitLocal: 200 },
      {
        submitLocal: 300,
        acceptExch: 330,
        acceptLocal: 340,
        cancelLocal: 400,
        doneLocal: 450,
        status: 'cancelled',
      },
      // The cancel came too late.
      {
        submitLocal: 300,
        acceptExch: 340,
        acceptLocal: 350,
        cancelLocal: 400,
        doneLocal: 401,
        status: 'filled',
      },
    ],
  })
  const result = new OrderLatency().analyze(run)
  expect(result.entry).toEqual({
    count: 4,
    mean: 25,
    min: 10,
    p50: 25,
    p90: 37,
    p99: expect.closeTo(39.7, 9),
    max: 40,
  })
  expect(result.response).toMatchObject({ count: 4, mean: 12.5, max: 20 })
  expect(result.roundTrip).toMatchObject({ count: 4, min: 30, p50: 35, max: 50 })
  expect(result.cancel).toMatchObject({ count: 1, p50: 50 })
})

test('OrderLatency without orders is null, not NaN', () => {
  const none = { count: 0, mean: null, min: null, p50: null, p90: null, p99: null, max: null }
  expect(new OrderLatency().analyze(handRun({})).roundTrip).toEqual(none)
})
