/**
 * The 1,674 scripted orders over a real capture through the partial exchange. The peer's own
 * partial-fill exchange stops with an error in the first minute of this data, so that there is no
 * reference: what must hold is checked, and every report compared with the slow obvious twin.
 */
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Cerebro, type RunResult } from '../../src/engine/index.ts'
import { LobFeed } from '../../src/feed/index.ts'
import { KIND_MASK, LOCAL_ONLY_BIT, codeSide, type EventKind } from '../../src/market/index.ts'
import type { Order } from '../../src/order/index.ts'
import {
  constantLatency,
  parseExchange,
  parseQueueModel,
  type ExchangeOrder,
} from '../../src/venue/index.ts'
import { ExchangeLog } from '../exchange-log.ts'
import { ObviousPartialExchange } from '../obvious-partial-exchange.ts'
import { importScripted, replayer, scripted } from '../scripted-orders.ts'
import { describeWithData } from '../shared-data.ts'

const LATENCY_NS = 5_000_000

describeWithData('1,674 scripted orders, partial fills', () => {
  let store = ''
  beforeAll(async () => {
    store = await importScripted()
  }, 60_000)
  afterAll(() => rmSync(store, { recursive: true, force: true }))

  it.each([
    'risk-averse',
    'log-prob',
    'log-prob2',
    'power-prob:3',
    'power-prob2:3',
    'power-prob3:3',
    'fair-power-prob:3',
  ])('runs to the end and accounts for every lot (%s)', async (queue) => {
    const sent = new Map<number, Order>()
    const cerebro = new Cerebro()
    cerebro.addData(await LobFeed.open(store, { symbol: 'BTCUSDT' }), {
      latency: constantLatency({ entry: '5ms', response: '5ms' }),
      exchange: 'partial',
      queue: parseQueueModel(queue),
      fees: { makerBps: -0.5, takerBps: 7 },
    })
    const script = scripted()
    cerebro.addStrategy(replayer(script, sent))
    const [result] = (await cerebro.run()) as [RunResult]
    const { fills, totals } = result.record
    expect(sent.size).toBe(1674)
    const lotsOf = new Map<number, number>()
    let positionLots = 0
    let fees = 0
    for (let i = 0; i < fills.length; i++) {
      const id = fills.orderId[i]!
      const lots = Math.round(fills.size[i]! * 1000)
      lotsOf.set(id, (lotsOf.get(id) ?? 0) + lots)
      positionLots += fills.side[i]! * lots
      const bps = fills.maker[i] === 1 ? -0.5 : 7
      fees += (fills.price[i]! * fills.size[i]! * bps) / 10_000
    }
    expect(Math.round(totals.position * 1000)).toBe(positionLots)
    expect(totals.fees).toBeCloseTo(fees, 6)
    let partial = 0
    for (const { id, side, tick, lots, tif, isMarket } of script) {
      const order = sent.get(id)!
      const filled = lotsOf.get(order.id) ?? 0
      expect(order.filledLots).toBe(filled)
      expect(filled).toBeLessThanOrEqual(lots)
      if (order.status === 'filled') expect(filled).toBe(lots)
      else expect(filled).toBeLessThan(lots)
      if (tif === 'FOK') expect([0, lots]).toContain(filled)
      if (!isMarket) expect(side * (order.filledTickLots - tick * filled)).toBeLessThanOrEqual(0)
      if (filled > 0 && filled < lots) partial++
    }
    expect(partial).toBeGreaterThan(0)
  })

  it('reports what the obvious twin reports', async () => {
    const feed = await LobFeed.open(store, { symbol: 'BTCUSDT' })
    const { tape, instrument } = feed
    const queue = parseQueueModel('fair-power-prob:3')
    const log = new ExchangeLog()
    const fast = parseExchange('partial').make({
      instrument,
      windows: tape.exchange(),
      queue,
      reports: log,
    })
    const twin = new ObviousPartialExchange(queue.forLotSize(instrument.lotSize))
    const requests = scripted().flatMap(
      ({ id, time, side, tick, lots, tif, isMarket, cancelTime }) => {
        const order: ExchangeOrder = {
          index: id,
          side: side > 0 ? 1 : -1,
          type: isMarket ? 'market' : 'limit',
          timeInForce: tif,
          priceTicks: tick,
          sizeLots: lots,
          owner: 0,
        }
        const arrival = (at: bigint): number => Number(at - tape.epochNs) + LATENCY_NS
        const submit = { time: arrival(time), order, isCancel: false }
        return cancelTime > 0n
          ? [submit, { time: arrival(cancelTime), order, isCancel: true }]
          : [submit]
      },
    )
    requests.sort((a, b) => a.time - b.time)
    const windows = tape.exchange()
    let next = 0
    for (let events = windows.next(); events !== undefined;) {
      const { exchTime, exchOrder, code, tick, lots, length } = events
      for (let position = 0; position < length; position++) {
        const i = exchOrder === undefined ? position : exchOrder[position]!
        for (; next < requests.length && requests[next]!.time < exchTime[i]!; next++) {
          const { time, order, isCancel } = requests[next]!
          while (fast.advance(time));
          for (const each of [fast, twin]) {
            if (isCancel) each.cancel(order.index, time)
            else each.submit(order, time)
          }
        }
        twin.row(exchTime[i]!, {
          kind: (code[i]! & KIND_MASK) as EventKind,
          side: codeSide(code[i]!),
          tick: tick[i]!,
          lots: lots[i]!,
          isLocalOnly: (code[i]! & LOCAL_ONLY_BIT) !== 0,
        })
      }
      events = windows.isLast ? undefined : windows.next()
    }
    while (fast.advance(Number.POSITIVE_INFINITY));
    expect(log.lines.length).toBeGreaterThan(3000)
    expect(log.lines.filter((line) => line.includes('filled')).length).toBeGreaterThan(500)
    expect(twin.log.lines).toEqual(log.lines)
  }, 180_000)
})
