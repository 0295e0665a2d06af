import { describe, expect, it } from 'vitest'
import { book, orders, run, script, statuses, type Action } from '../../test/scripted-run.ts'
import { Tape, unitInstrument } from '../../test/tape.ts'
import { LobFeed } from '../feed/index.ts'
import { EXCH_ONLY_BIT, EventKind, LOCAL_ONLY_BIT, eventCode } from '../market/index.ts'
import type { Order } from '../order/index.ts'
import { powerProbQueue, recordedLatency } from '../venue/index.ts'
import { Cerebro } from './cerebro.ts'
import type { RunResult } from './run-result.ts'
import { Strategy, type MarketTrade, type StrategyClass } from './strategy.ts'

describe('the life of a request', () => {
  it('H10 reaches the exchange after the entry latency and is answered after the response', async () => {
    const events = book().bid(5000, 90, 1).events()
    const result = await run(events, script({ 1000: { side: 1, price: 99, size: 1 } }), {
      entry: 50,
      response: 50,
    })
    const [order] = orders(result)
    expect([order!.submitLocal, order!.acceptExch, order!.acceptLocal]).toEqual([1000, 1050, 1100])
    expect(order!.status).toBe('accepted')
  })

  it('H11 travels as long as recorded round trips say, both ways', async () => {
    const latency = recordedLatency([
      { requestTime: 0, exchTime: 100, responseTime: 300 },
      { requestTime: 1000, exchTime: 1300, responseTime: 1700 },
    ])
    const cerebro = new Cerebro()
    const events = book().bid(5000, 90, 1).events()
    cerebro.addData(LobFeed.fromEvents(unitInstrument, events), { latency })
    cerebro.addStrategy(script({ 500: { side: 1, price: 99, size: 1 } }))
    const [result] = await cerebro.run()
    const [order] = orders(result!)
    expect([order!.acceptExch, order!.acceptLocal]).toEqual([700, 1000])
  })

  it('H12 is refused before the exchange where a recorded neighbour was, and we hear of it', async () => {
    const latency = recordedLatency([
      { requestTime: 0, exchTime: 100, responseTime: 300 },
      { requestTime: 1000, exchTime: 0, responseTime: 1700 },
    ])
    const cerebro = new Cerebro()
    const events = book().bid(5000, 90, 1).trade(6000, -1, 99, 50).events()
    cerebro.addData(LobFeed.fromEvents(unitInstrument, events), { latency })
    cerebro.addStrategy(script({ 500: { side: 1, price: 99, size: 1 } }))
    const [result] = await cerebro.run()
    const [order] = orders(result!)
    expect([order!.status, order!.doneLocal, order!.filledLots]).toEqual(['expired', 1000, 0])
    expect(order!.doneExch).toBeNaN()
    expect(result!.record.fills.length).toBe(0)
  })

  it('H13 never lets a later message overtake', async () => {
    let calls = 0
    const latency = {
      name: 'jumpy',
      entryNs: () => (calls++ === 0 ? 100 : 20),
      responseNs: () => 0,
    }
    const cerebro = new Cerebro()
    cerebro.addData(LobFeed.fromEvents(unitInstrument, book().bid(5000, 90, 1).events()), {
      latency,
    })
    cerebro.addStrategy(
      script({ 1000: { side: 1, price: 99, size: 1 }, 1010: { side: 1, price: 98, size: 1 } }),
    )
    const [result] = await cerebro.run()
    expect(orders(result!).map((order) => order.acceptExch)).toEqual([1100, 1100])
  })

  it('runs its stages in the documented order at one instant', async () => {
    const log: string[] = []
    class Watch extends Strategy {
      override start(): void {
        this.after(100 - this.now, () => {
          log.push('timer')
          this.buy({ price: 100, size: 1 })
        })
      }
      override onBook(): void {
        if (this.now === 100) log.push(`feed sees ask ${this.book.bestAsk}`)
      }
      override notifyOrder(order: Order): void {
        log.push(`${order.status} at ${this.now}, bid ${this.book.bestBid}`)
      }
    }
    await run(book().ask(100, 102, 0).bid(200, 90, 1).events(), Watch)
    expect(log).toEqual(['feed sees ask 103', 'timer', 'accepted at 100, bid 100'])
  })
})

describe('a resting order', () => {
  it('H16 fills when a trade at its price exhausts the queue ahead, by the risk-averse rule', async () => {
    const tape = book()
      .trade(200, -1, 100, 4)
      .bid(210, 100, 5)
      .bid(220, 100, 50)
      .trade(230, -1, 100, 5)
      .trade(240, -1, 100, 1)
      .bid(300, 90, 1)
    const result = await run(tape.events(), script({ 100: { side: 1, price: 100, size: 3 } }))
    const { fills } = result.record
    expect([
      fills.length,
      fills.exchTime[0],
      fills.price[0],
      fills.size[0],
      fills.maker[0],
    ]).toEqual([1, 240, 100, 3, 1])
    expect(orders(result)[0]!.queueAheadLots).toBe(10)
  })

  it('H15 is not filled by cancels alone, however few are left ahead', async () => {
    const tape = book().bid(200, 100, 20).bid(210, 100, 1).bid(220, 100, 0).bid(300, 100, 7)
    const strategy = script({ 100: { side: 1, price: 100, size: 3 } })
    const result = await run(tape.events(), strategy, { queue: powerProbQueue(3) })
    expect(statuses(result)).toEqual(['accepted'])
  })

  it('H18 fills whole at its own price when the opposite best reaches it', async () => {
    const tape = book().ask(200, 100, 1).bid(300, 90, 1)
    const result = await run(tape.events(), script({ 100: { side: 1, price: 100, size: 7 } }))
    const { fills } = result.record
    expect([fills.length, fills.price[0], fills.size[0], fills.maker[0]]).toEqual([1, 100, 7, 1])
  })

  it('H19 fills when a trade prints through it, never by the other aggressor', async () => {
    const tape = book().trade(200, 1, 100, 99).trade(210, -1, 99, 1).bid(300, 90, 1)
    const result = await run(tape.events(), script({ 100: { side: 1, price: 100, size: 7 } }))
    expect([result.record.fills.length, result.record.fills.exchTime[0]]).toEqual([1, 210])
  })

  it('mirrors all of that on the sell side', async () => {
    const tape = book().trade(200, 1, 102, 10).trade(210, 1, 102, 1).bid(300, 90, 1)
    const result = await run(tape.events(), script({ 100: { side: -1, price: 102, size: 2 } }))
    expect([result.record.fills.length, result.record.fills.exchTime[0]]).toEqual([1, 210])
    expect(result.record.totals.position).toBe(-2)
  })

  it('waits in the queue of a snapshot too: the new level caps its place', async () => {
    const tape = book()
      .snapshot(200, [[100, 2]], [[102, 10]])
      .trade(210, -1, 100, 3)
      .bid(300, 90, 1)
    const result = await run(tape.events(), script({ 100: { side: 1, price: 100, size: 1 } }))
    expect(result.record.fills.exchTime[0]).toBe(210)
    expect(result.record.fills.queueAhead[0]).toBe(2)
  })
})

describe('times in force', () => {
  const at = (action: Action) => run(book().bid(500, 90, 1).events(), script({ 100: action }))

  it.each([
    ['GTX that would take expires', { side: 1, price: 102, size: 1, tif: 'GTX' }, 'expired', 0],
    ['GTX that rests is accepted', { side: 1, price: 101, size: 1, tif: 'GTX' }, 'accepted', 0],
    ['IOC that finds nothing expires', { side: 1, price: 101, size: 1, tif: 'IOC' }, 'expired', 0],
    [
      'IOC that crosses fills at the best',
      { side: 1, price: 103, size: 1, tif: 'IOC' },
      'filled',
      102,
    ],
    [
      'FOK that crosses fills at the best',
      { side: -1, price: 99, size: 1, tif: 'FOK' },
      'filled',
      100,
    ],
    ['FOK that finds nothing expires', { side: -1, price: 101, size: 1, tif: 'FOK' }, 'expired', 0],
    ['GTC that crosses takes', { side: -1, price: 100, size: 1 }, 'filled', 100],
    ['a market order takes', { side: 1, size: 1 }, 'filled', 102],
  ] as const)('%s', async (_name, action, status, price) => {
    const result = await at(action)
    expect(statuses(result)).toEqual([status])
    if (price > 0) {
      expect([result.record.fills.price[0], result.record.fills.maker[0]]).toEqual([price, 0])
    }
  })

  it('H17 a GTX whose market moved during the latency expires', async () => {
    const tape = book().ask(120, 101, 3).bid(500, 90, 1)
    const strategy = script({ 100: { side: 1, price: 101, size: 1, tif: 'GTX' } })
    expect(statuses(await run(tape.events(), strategy, { entry: 50 }))).toEqual(['expired'])
    expect(statuses(await run(tape.events(), strategy, { entry: 10 }))).toEqual(['filled'])
  })
})

describe('a cancel', () => {
  it('ends a resting order', async () => {
    const tape = book().trade(300, -1, 99, 50).bid(500, 90, 1)
    const strategy = script({ 100: { side: 1, price: 99, size: 1, cancelAt: 200 } })
    const result = await run(tape.events(), strategy, { entry: 10, response: 5 })
    const [order] = orders(result)
    expect([order!.status, order!.doneExch, order!.doneLocal]).toEqual(['cancelled', 210, 215])
    expect(result.record.fills.length).toBe(0)
  })

  it('H25 that loses the race to a fill changes nothing', async () => {
    const tape = book().trade(205, -1, 99, 50).bid(500, 90, 1)
    const strategy = script({ 100: { side: 1, price: 100, size: 1, cancelAt: 200 } })
    const result = await run(tape.events(), strategy, { entry: 10, response: 10 })
    expect(statuses(result)).toEqual(['filled'])
    expect(result.record.totals.position).toBe(1)
  })

  it('refused long after the order was over is told of by the order that was sent', async () => {
    const sent: Order[] = []
    const told: [time: number, order: Order][] = []
    class Late extends Strategy {
      override start(): void {
        this.after(100 - this.now, () => sent.push(this.buy({ price: 100, size: 1 })))
        this.after(310 - this.now, () => this.cancel(sent[0]!))
        this.after(340 - this.now, () => sent.push(this.buy({ price: 98, size: 1 })))
      }
      override notifyOrder(order: Order): void {
        told.push([this.now, order])
      }
    }
    const tape = book().trade(305, -1, 99, 50).bid(800, 90, 1)
    const result = await run(tape.events(), Late, { entry: 200, response: 10 })
    const [first, second] = sent
    expect(told.map(([time]) => time)).toEqual([310, 315, 520, 550])
    expect(told.map(([, order]) => order === first)).toEqual([true, true, true, false])
    expect(told[3]![1]).toBe(second)
    // It was over before anybody asked for all orders: another handle, the same order.
    expect(orders(result)[0]!.toJSON()).toEqual(first!.toJSON())
    expect(orders(result)[1]).toBe(second)
  })
})

describe('what each side sees', () => {
  it('H9 keeps rows for one side from the other', async () => {
    const tape = book()
      .row(200, eventCode(EventKind.DepthSet, 1, LOCAL_ONLY_BIT), 101, 5)
      .row(210, eventCode(EventKind.DepthSet, -1, EXCH_ONLY_BIT), 101, 5)
      .bid(500, 90, 1)
    let seen: number[] = []
    class Look extends Strategy {
      override start(): void {
        this.after(300 - this.now, () => {
          seen = [this.book.bestBid, this.book.bestAsk]
          this.buy({ size: 1 })
        })
      }
    }
    const result = await run(tape.events(), Look)
    expect(seen).toEqual([101, 102])
    expect(result.record.fills.price[0]).toBe(101)
  })

  it('shows nothing of the future: poisoned rows after now change no earlier decision', async () => {
    const strategy = class extends Strategy {
      override onBook(): void {
        if (this.book.bestAsk - this.book.bestBid > 1)
          this.buy({ price: this.book.bestBid, size: 1 })
      }
    } as unknown as StrategyClass
    const head = (): Tape => book(7).trade(50, -1, 100, 3).bid(60, 100, 4).ask(80, 101, 5)
    const calm = await run(head().bid(1000, 98, 1).events(), strategy, { entry: 5, response: 5 })
    const wild = await run(head().ask(1000, 50, 9).trade(1001, -1, 20, 99).events(), strategy, {
      entry: 5,
      response: 5,
    })
    const before = (result: RunResult): unknown[] =>
      orders(result)
        .filter((order) => order.submitLocal < 1000)
        .map((order) => [order.submitLocal, order.priceTicks, order.acceptExch])
    expect(before(wild)).toEqual(before(calm))
    expect(before(calm).length).toBeGreaterThan(1)
  })

  it('gives trades with the side of their aggressor', async () => {
    const seen: MarketTrade[] = []
    class Tape2 extends Strategy {
      override onTrade(trade: MarketTrade): void {
        seen.push(trade)
      }
    }
    await run(book(3).trade(200, -1, 100, 4).trade(210, 1, 102, 2).events(), Tape2)
    expect(seen.map(({ time, price, size, side }) => [time, price, size, side])).toEqual([
      [203, 100, 4, -1],
      [213, 102, 2, 1],
    ])
  })
})

describe('a book that cannot be trusted', () => {
  it('lets no order leave before it is live, and tells why', async () => {
    const tape = new Tape()
      .bid(0, 90, 1)
      .snapshot(100, [[100, 10]], [[102, 10]])
      .bid(500, 90, 2)
    const result = await run(tape.events(), script({ 200: { side: 1, price: 99, size: 1 } }))
    expect(statuses(result)).toEqual(['accepted'])
  })

  it('tells of a gap, refuses what adds risk, and recovers with the next snapshot', async () => {
    const log: string[] = []
    class Careful extends Strategy {
      override start(): void {
        for (const time of [100, 300, 500]) {
          this.after(time - this.now, () => {
            const order = this.buy({ price: 99, size: 1 })
            log.push(`${this.now} ${order.status} ${order.reason}`.trim())
          })
        }
      }
      override onBookStatus(status: string): void {
        log.push(`${this.now} ${status}`)
      }
    }
    const tape = book()
      .gap(200)
      .bid(250, 99, 1)
      .snapshot(400, [[100, 10]], [[102, 10]])
      .bid(600, 90, 1)
    await run(tape.events(), Careful)
    expect(log).toEqual([
      '0 live',
      '100 submitted',
      '200 stale',
      '300 rejected the book is stale; only orders that reduce the position may leave',
      '400 live',
      '500 submitted',
    ])
  })
})

describe('wrong orders', () => {
  it.each([
    [{ side: 1, price: 99.5, size: 1 }, /OFF_GRID.*99 and 100/],
    [{ side: 1, price: Number.NaN, size: 1 }, /NOT_FINITE/],
    [{ side: 1, price: 99, size: 0 }, /size above 0/],
    [{ side: 1, price: 99, size: -1 }, /NEGATIVE/],
    [{ side: 1, price: 99, size: 0.5 }, /OFF_GRID/],
  ] as const)('%j stops the run with one sentence', async (action, message) => {
    await expect(run(book().bid(500, 90, 1).events(), script({ 100: action }))).rejects.toThrow(
      message,
    )
  })
})
