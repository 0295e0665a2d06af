import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventKind, EventWriter, eventCode, memoryTape } from '../market/index.ts'
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

  it.each([
    'risk-averse',
    'log-prob',
    'power-prob:1',
    'power-prob:3',
    'power-prob:0.7',
    'power-prob2:2',
    'power-prob3:3',
    'fair-power-prob:3',
    'fair-power-prob2:3',
    'fair-power-prob3:1',
  ])('says the same whether its kernel passes rows or each is looked at (%s)', (text) => {
    const queue = parseQueueModel(text)
    fc.assert(
      fc.property(session(20), (steps) => {
        const events = sessionTape(steps)
        const logs = [new ExchangeLog(), new ExchangeLog()]
        const made = logs.map((log) => {
          return new PartialExchange(memoryTape(events).exchange(), queue, log)
        })
        // While a touch is watched no row passes unseen; prices never come to this one.
        Object.assign(made[1]!.watch, { isSet: true, bidAtLeast: 1e9 })
        const sender = new RequestSender()
        const places = (exchange: PartialExchange): unknown => {
          const found: [number, number][] = []
          exchange.eachResting(({ index, aheadLots }) => found.push([index, aheadLots]))
          return found
        }
        steps.forEach(({ requests }, i) => {
          for (const exchange of made) while (exchange.advance(i * 10));
          for (const request of requests) sender.send(request, i * 10, made)
          expect(places(made[0]!)).toEqual(places(made[1]!))
        })
        expect(logs[0]!.lines).toEqual(logs[1]!.lines)
      }),
      { numRuns: 60 },
    )
  })

  it.each([1, 3, 1500])(
    'keeps many orders apart by price, side and age, at %i prices',
    (prices) => {
      const writer = new EventWriter(0n, 16)
      writer.push(0, 0, eventCode(EventKind.DepthSet, 1), 1000, 5)
      writer.push(0, 0, eventCode(EventKind.DepthSet, -1), 100_000_000, 5)
      for (const [time, lots] of [7, 5, 4].entries()) {
        writer.push(10 + time, 10 + time, eventCode(EventKind.DepthSet, 1), 1001, lots)
      }
      writer.push(20, 20, eventCode(EventKind.Trade, -1), 1001, 104)
      const log = new ExchangeLog()
      const exchange = new PartialExchange(
        memoryTape(writer.finish()).exchange(),
        parseQueueModel('risk-averse'),
        log,
      )
      exchange.advance(5)
      // More orders than the kernel can look after, at one level, at three that share a slot, or each
      // at its own.
      const count = 1500
      const terms = { side: 1, type: 'limit', timeInForce: 'GTC', sizeLots: 1, owner: 0 } as const
      for (let index = 0; index < count; index++) {
        exchange.submit({ index, priceTicks: 1001 + (index % prices) * 4096, ...terms }, 5)
      }
      for (let index = 0; index < count; index += 2) exchange.cancel(index, 6)
      log.lines.length = 0
      while (exchange.advance(30));
      const left = Array.from({ length: count }, (_, i) => i).filter((i) => i % 2 === 1)
      const better = left
        .filter((i) => i % prices > 0)
        .toSorted((a, b) => (b % prices) - (a % prices) || a - b)
      const at = left.filter((i) => i % prices === 0)
      const filled = [...better, ...at].slice(0, 104)
      expect(log.lines.map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual(
        filled.map((i) => `20 filled ${i} 1@${1001 + (i % prices) * 4096}`),
      )
      expect(exchange.restingCount).toBe(count / 2 - 104)
    },
  )
})
