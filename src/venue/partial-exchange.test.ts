import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryTape } from '../market/index.ts'
import { ExchangeLog } from '../../test/exchange-log.ts'
import { ObviousPartialExchange } from '../../test/obvious-partial-exchange.ts'
import { RequestSender, cutWindows, session, sessionTape } from '../../test/wild-orders.ts'
import { PartialExchange } from './partial-exchange.ts'
import { parseQueueModel } from './queue-model.ts'

describe('the partial exchange', () => {
  it.each(['risk-averse', 'fair-power-prob:3', 'log-prob2', 'power-prob:0.7'])(
    'reports what the obvious twin reports, in the same order (%s)',
    (text) => {
      const queue = parseQueueModel(text)
      fc.assert(
        fc.property(session(20), fc.integer({ min: 1, max: 40 }), (steps, size) => {
          const log = new ExchangeLog()
          const cutLog = new ExchangeLog()
          const events = sessionTape(steps)
          const fast = new PartialExchange(memoryTape(events).exchange(), queue, log)
          const cut = new PartialExchange(cutWindows(events, size), queue, cutLog)
          const slow = new ObviousPartialExchange(queue)
          const sender = new RequestSender()
          steps.forEach(({ rows, requests }, i) => {
            const time = i * 10
            for (const row of rows) slow.row(time, row)
            while (fast.advance(time));
            while (cut.advance(time));
            for (const request of requests) sender.send(request, time, [fast, cut, slow])
          })
          expect(log.lines).toEqual(slow.log.lines)
          expect(cutLog.lines).toEqual(log.lines)
          const resting: { index: number; lots: number }[] = []
          fast.eachResting(({ index, openLots }) => resting.push({ index, lots: openLots }))
          expect(resting).toEqual(slow.open)
        }),
        { numRuns: 300 },
      )
    },
  )
})
