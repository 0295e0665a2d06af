import { describe, expect, it } from 'vitest'
import { book, orders, run, script, statuses } from '../../test/scripted-run.ts'
import { unitInstrument, type Tape } from '../../test/tape.ts'
import { LobFeed, TickFeed } from '../feed/index.ts'
import type { Order } from '../order/index.ts'
import { EXCHANGE_NAMES, riskAverseQueue, type VenueRules } from '../venue/index.ts'
import { Cerebro } from './cerebro.ts'
import type { RunResult } from './run-result.ts'
import { Strategy, type StrategyClass } from './strategy.ts'

const EXCHANGES = EXCHANGE_NAMES.filter((name) => name !== 'l3')

/** Runs a strategy at an exchange of a name, under rules. */
async function runAt(
  exchange: (typeof EXCHANGES)[number],
  tape: Tape,
  strategy: StrategyClass,
  rules?: VenueRules,
): Promise<RunResult> {
  const cerebro = new Cerebro()
  cerebro.addData(LobFeed.fromEvents(unitInstrument, tape.events()), {
    exchange,
    queue: riskAverseQueue(),
    ...(rules === undefined ? {} : { rules }),
  })
  cerebro.addStrategy(strategy)
  const [result] = await cerebro.run()
  return result!
}

describe.each(EXCHANGES)('special orders of a strategy at the exchange %s', (exchange) => {
  it('N10 another price restarts the queue; a refused post-only amendment keeps the place', async () => {
    class Amends extends Strategy {
      readonly heard: string[] = []
      override start(): void {
        this.after(10, () => {
          const order = this.buy({ price: 100, size: 1, postOnly: 'reject' })
          this.after(10, () => this.amend(order, { price: 102 }))
        })
      }
      override notifyOrder(order: Order): void {
        this.heard.push(`${this.now} ${order.status} ${order.price} ${order.reason}`.trim())
      }
    }
    const tape = book().trade(50, -1, 100, 11).bid(100, 90, 1)
    const result = await runAt(exchange, tape, Amends)
    expect((result.strategy as Amends).heard).toEqual([
      '10 accepted 100',
      '20 accepted 100 a post-only order would have taken',
      '50 filled 100',
    ])
    const moves = script({ 10: { side: 1, price: 100, size: 1, tif: 'DAY' } })
    class Moves extends (moves as unknown as abstract new () => Strategy) {
      override notifyOrder(order: Order): void {
        if (this.now === 10) this.amend(order, { price: 99 })
      }
    }
    const moved = await runAt(exchange, tape, Moves as unknown as StrategyClass)
    expect(orders(moved)[0]).toMatchObject({ status: 'accepted', price: 99, queueAheadLots: 5 })
  })

  it('N27 a stop sent from the notice of a fill is taken on at that moment; a cascade settles in order', async () => {
    class Cascade extends Strategy {
      readonly heard: string[] = []
      override start(): void {
        this.after(10, () => this.buy({ price: 100, size: 1 }))
      }
      override notifyOrder(order: Order): void {
        const what = order.isParked ? 'waits' : order.status
        this.heard.push(`${this.now} ${order.id} ${what}`)
        if (order.status === 'filled' && this.orders.length < 4) {
          const isLong = this.position.size > 0
          if (isLong) this.sell({ trigger: 99, size: 1 })
          else this.buy({ trigger: 98, size: 1 })
        }
      }
    }
    const tape = book().trade(50, -1, 98, 12).bid(100, 90, 1)
    const result = await runAt(exchange, tape, Cascade)
    // The trade at 98 fills the bid, and lies beyond each trigger that follows.
    expect((result.strategy as Cascade).heard.slice(1)).toEqual([
      '50 1 filled',
      '50 2 waits',
      '50 2 accepted',
      '50 2 filled',
      '50 3 waits',
      '50 3 accepted',
      '50 3 filled',
      '50 4 waits',
      '50 4 accepted',
      '50 4 filled',
    ])
    expect(orders(result).map((order) => [order.submitLocal, order.doneExch])).toEqual([
      [10, 50],
      [50, 50],
      [50, 50],
      [50, 50],
    ])
  })

  it('keeps a bracket: its exits go once, with the entry; one takes its size from the other', async () => {
    class Brackets extends Strategy {
      override start(): void {
        this.after(10, () =>
          this.buyBracket({ price: 100, size: 4, stop: { trigger: 95 }, profit: { price: 105 } }),
        )
      }
    }
    const tape = book().trade(50, -1, 99, 1).trade(60, 1, 106, 9).bid(100, 90, 1)
    const result = await runAt(exchange, tape, Brackets)
    const [entry, stop, profit] = orders(result)
    expect(entry!.filledLots + stop!.filledLots).toBe(entry!.filledLots)
    expect(result.record.totals.position).toBe(entry!.filledLots - profit!.filledLots)
    if (profit!.status === 'filled') expect(stop!.status).toBe('cancelled')
    expect(stop!.special).toMatchObject({ parent: entry })
    const { parent, ouo, trigger } = result.record.orders
    expect([parent, ouo, trigger].map((column) => [...column!])).toEqual([
      [Number.NaN, 1, 1],
      [Number.NaN, Number.NaN, 2],
      [Number.NaN, 95, Number.NaN],
    ])
  })

  it('cancels all of a side in one request, at one moment', async () => {
    class Sweeps extends Strategy {
      override start(): void {
        this.after(10, () => {
          this.buy({ price: 99, size: 1 })
          this.buy({ trigger: 110, size: 1 })
          this.sell({ price: 105, size: 1 })
        })
        this.after(20, () => this.cancelAll({ side: 1 }))
      }
    }
    const result = await runAt(exchange, book().bid(100, 90, 1), Sweeps)
    expect(statuses(result)).toEqual(['cancelled', 'cancelled', 'accepted'])
    expect(orders(result).map(({ doneExch }) => doneExch)).toEqual([20, 20, Number.NaN])
  })
})

describe('the rules of a venue', () => {
  const at = (action: Parameters<typeof script>[0][number], rules: VenueRules) =>
    runAt('partial', book().trade(5, 1, 102, 1).bid(100, 90, 1), script({ 10: action }), rules)

  it.each([
    [
      'a price off the tick of its band',
      { side: 1, price: 99, size: 1 },
      {
        tickTable: [
          { from: 0, tick: 1 },
          { from: 50, tick: 5 },
        ],
      },
      'price 99 is not a multiple of 5, the tick there; nearest 95 and 100',
    ],
    [
      'a size above the most',
      { side: 1, price: 100, size: 11 },
      { maxSize: 10 },
      'size 11 is above 10, the most that the venue takes',
    ],
    [
      'a value below the least',
      { side: 1, size: 1 },
      { minNotional: 103 },
      'value 102 is below 103, the least that the venue takes',
    ],
    [
      'a price too far from the last trade',
      { side: 1, price: 90, size: 1 },
      { priceBand: { percent: 10 } },
      'price 90 is more than 10 % from 102, the last price',
    ],
  ] as const)('refuse %s', async (_name, action, rules, reason) => {
    const result = await at(action, rules as VenueRules)
    expect(orders(result).map((order) => [order.status, order.reason])).toEqual([
      ['rejected', reason],
    ])
    expect(result.record.settings['rules']).toBe(JSON.stringify(rules))
  })

  it('take no more open orders than they say', async () => {
    const order = { side: 1, price: 90, size: 1 } as const
    const result = await at([order, order, order], { maxOpenOrders: 2 })
    expect(statuses(result)).toEqual(['accepted', 'accepted', 'rejected'])
  })

  it('refuse what arrives in a halt, or keep it until trading goes on', async () => {
    const halted = (): Tape => book().row(5, 13, 0, 0).row(50, 13, 0, 1).bid(100, 90, 1)
    const order = script({ 10: { side: 1, price: 100, size: 1 } })
    expect(statuses(await runAt('partial', halted(), order))).toEqual(['rejected'])
    const queued = await runAt('partial', halted(), order, { halts: 'queue' })
    expect(orders(queued)[0]).toMatchObject({ status: 'accepted', acceptExch: 10, isParked: false })
  })

  it('let no order of ours meet another where they say so', async () => {
    const rest = { side: -1, price: 101, size: 2 } as const
    const take = { side: 1, price: 103, size: 3 } as const
    const meet = async (stp: VenueRules['stp']): Promise<unknown[]> => {
      const result = await at([rest, take], stp === undefined ? {} : { stp })
      return orders(result).map((order) => [order.status, order.filledLots, order.sizeLots])
    }
    expect(await meet('cancel-newest')).toEqual([
      ['accepted', 0, 2],
      ['cancelled', 0, 3],
    ])
    expect(await meet('cancel-resting')).toEqual([
      ['cancelled', 0, 2],
      ['filled', 3, 3],
    ])
    expect(await meet('cancel-both')).toEqual([
      ['cancelled', 0, 2],
      ['cancelled', 0, 3],
    ])
    expect(await meet('decrement')).toEqual([
      ['cancelled', 0, 2],
      ['filled', 1, 1],
    ])
  })

  it.each([
    [{ maxSize: -1 }, /venue rule maxSize: expected a number above 0/],
    [
      {
        tickTable: [
          { from: 5, tick: 1 },
          { from: 5, tick: 2 },
        ],
      },
      /venue rule tickTable: .*rise/,
    ],
    [{ priceBand: { percent: 1, from: 'close' } }, /venue rule priceBand.from/],
    [{ tickTabel: [] }, /venue rule tickTabel: is no rule; .*did you mean "tickTable"/],
    [{ tickTable: [{ from: 0, tick: 0.3 }] }, /tick 0.3 is not on the price grid of UNIT, 1/],
  ] as const)(
    'are refused with one sentence where they make no sense: %j',
    async (rules, message) => {
      await expect(at({ side: 1, price: 100, size: 1 }, rules as VenueRules)).rejects.toThrow(
        message,
      )
    },
  )
})

describe('what an order asks for', () => {
  const send = (options: object) =>
    run(
      book().bid(100, 90, 1).events(),
      class extends Strategy {
        override start(): void {
          this.after(10, () => this.buy({ size: 1, ...options } as never))
        }
      } as unknown as StrategyClass,
    )

  it.each([
    [{ type: 'trailing-stop' }, /a trailing-stop order of UNIT needs a trail/],
    [{ type: 'stopp', trigger: 1 }, /type "stopp" of an order is none of .*did you mean "stop"/],
    [{ type: 'stop', trigger: 105, price: 106 }, /a stop order of UNIT has no price/],
    [
      { price: 100, tif: 'IOC', postOnly: 'reject' },
      /postOnly asks an order of UNIT to rest, and IOC never does/,
    ],
    [{ price: 100, tif: 'FOK', displaySize: 1 }, /displaySize asks .* FOK never does/],
    [{ price: 100, tif: 'GTX', postOnly: 'slide' }, /GTX is refused where it would take/],
    [{ price: 100, tif: 'GTD' }, /a GTD order of UNIT needs expire/],
    [{ price: 100, tif: 'DAY', expire: '5m' }, /expire belongs to a GTD order/],
    [{ price: 100, displaySize: 2 }, /displaySize 2 .* is above its size 1/],
    [{ trail: { percent: 120 } }, /trail.percent .* is below 100; was 120/],
    [{ trail: { ticks: 1.5 } }, /trail.ticks .* is a whole number/],
    [{ trail: { price: 1, ticks: 1 } }, /one of price, percent and ticks/],
    [{ trail: { prise: 1 } }, /trail of an order has no prise/],
    [{ trigger: 105.5 }, /order trigger|105.5 of UNIT is not a multiple of 1/],
    [{ trigger: 105, triggerBy: 'bid' }, /triggerBy "bid" of an order is none of/],
    [{ price: 100, parent: 3 }, /parent of an order of UNIT is an order that buy or sell has/],
    [
      { price: 100, expire: '5 minutes' },
      /expire "5 minutes" .* neither a duration such as 5m nor/,
    ],
    [{ tif: 'GTX' }, /a market order of UNIT cannot be GTX/],
    [{ price: 100, parentFill: 'full' }, /parentFill of an order of UNIT needs a parent/],
    [{ price: 100, stp: 'cancel' }, /stp "cancel" of an order is none of/],
  ])('is refused with one sentence where it cannot be: %j', async (options, message) => {
    await expect(send(options)).rejects.toThrow(message)
  })

  it('ends after a duration, or at a moment', async () => {
    class Ends extends Strategy {
      override start(): void {
        this.after(10, () => {
          this.buy({ price: 99, size: 1, expire: '40ns' })
          this.buy({ price: 99, size: 1, tif: 'GTD', expire: '1970-01-01T00:00:00.000000060Z' })
          this.buy({ price: 99, size: 1, expire: 10n })
        })
      }
    }
    const result = await run(book().bid(100, 90, 1).events(), Ends)
    expect(orders(result).map((order) => [order.status, order.doneExch])).toEqual([
      ['expired', 50],
      ['expired', 60],
      ['rejected', 10],
    ])
  })

  it.each([
    [{ trigger: 105 }, /UNSUPPORTED.*a stop order needs an order book/],
    [{ price: 100, tif: 'DAY' }, /UNSUPPORTED.*time in force DAY needs an order book/],
    [{ price: 100, reduceOnly: true }, /UNSUPPORTED.*reduceOnly of an order needs an order book/],
  ])('is refused on bars, which cannot fill it: %j', async (options, message) => {
    class OnBars extends Strategy {
      override next(): void {
        this.buy({ size: 1, ...options } as never)
      }
    }
    const cerebro = new Cerebro()
    const feed = LobFeed.fromEvents(unitInstrument, book().trade(10, 1, 102, 1).events())
    cerebro.addData(TickFeed.of(feed))
    cerebro.addStrategy(OnBars)
    await expect(cerebro.run()).rejects.toThrow(message)
  })
})
