import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Monkey, randomTape, script } from '../../test/scripted-run.ts'
import { Tape, inverseInstrument, unitInstrument } from '../../test/tape.ts'
import { LobFeed } from '../feed/index.ts'
import { EventKind, Instrument, eventCode, type EventColumns } from '../market/index.ts'
import type { Order } from '../order/index.ts'
import { constantLatency, riskAverseQueue } from '../venue/index.ts'
import { PnLAttribution } from './analyzers/index.ts'
import { Cerebro, type BookDataOptions, type CerebroOptions } from './cerebro.ts'
import type { RunResult } from './run-result.ts'
import { Strategy, type StrategyClass } from './strategy.ts'

const other = new Instrument({ ...unitInstrument.spec, symbol: 'OTHER' })
const future = new Instrument({
  ...unitInstrument.spec,
  kind: 'linear-future',
  expiry: '1970-01-01T00:00:00.000000100Z',
})
const spot = new Instrument({ ...unitInstrument.spec, symbol: 'SPOT', kind: 'spot' })

/** A book of 1,000 on each side that moves as told: [time, bid, ask]. */
function market(...moves: readonly (readonly [number, number, number])[]): Tape {
  const [first, ...later] = moves
  let [, bid, ask] = first!
  const tape = new Tape().snapshot(first![0], [[bid, 1000]], [[ask, 1000]])
  for (const [time, nextBid, nextAsk] of later) {
    if (nextBid !== bid) tape.bid(time, bid, 0)
    if (nextAsk !== ask) tape.ask(time, ask, 0)
    tape.bid(time, nextBid, 1000).ask(time, nextAsk, 1000)
    ;[bid, ask] = [nextBid, nextAsk]
  }
  return tape
}

const funding = (tape: Tape, time: number, rate: number, mark: number): Tape =>
  tape.row(time, eventCode(EventKind.Funding, 0), mark, Math.round(rate * 1e9))

interface Fed extends BookDataOptions {
  readonly instrument?: Instrument
  readonly events: EventColumns
}

async function run(
  feeds: readonly Fed[],
  strategy: StrategyClass,
  options: CerebroOptions = {},
  seed = 0,
): Promise<RunResult> {
  const cerebro = new Cerebro(options)
  for (const { instrument = unitInstrument, events, ...given } of feeds) {
    cerebro.addData(LobFeed.fromEvents(instrument, events), {
      queue: riskAverseQueue(),
      exchange: 'partial',
      latency: constantLatency({ entry: 2, response: 3 }),
      ...given,
    })
  }
  cerebro.addStrategy(strategy)
  cerebro.addAnalyzer(PnLAttribution)
  const [result] = await cerebro.run({ seed })
  return result!
}

describe('funding in a run', () => {
  const tape = funding(market([0, 99, 101]), 20, 0.001, 100)
    .bid(60, 99, 1000)
    .events()
  const buyTen = script({ 5: { side: 1, price: 101, size: 10 } })

  it('reaches totals, samples, attribution and the strategy when the answer has travelled', async () => {
    const heard: number[][] = []
    class Watcher extends Strategy {
      override start(): void {
        this.after(5, () => this.buy({ price: 101, size: 10 }))
        for (const time of [22, 23]) {
          this.after(time, () => heard.push([this.now, this.position.funding, this.broker.cash]))
        }
      }
    }
    const { record } = await run([{ events: tape }], Watcher as StrategyClass)
    expect(heard).toEqual([
      [22, 0, -1010],
      [23, -1, -1011],
    ])
    expect(record.funding).toEqual([
      {
        instrument: 0,
        exchTime: 20,
        localTime: 23,
        rate: 0.001,
        mark: 100,
        position: 10,
        amount: -1,
      },
    ])
    expect(record.totals).toMatchObject({ funding: -1, net: -11 })
    expect(record.samples.equity.at(-1)).toBe(-11)
    expect(record.samples.funding.at(-1)).toBe(-1)
  })

  it('splits the profit with funding as a cause of its own', async () => {
    const result = await run([{ events: tape }], buyTen)
    const attribution = result.analysis(PnLAttribution)
    expect(attribution).toMatchObject({ funding: -1, total: -11, residual: 0 })
  })

  it('is nothing where the data tell of none, and changes no other run', async () => {
    const plain = market([0, 99, 101], [60, 99, 101]).events()
    const on = await run([{ events: plain }], buyTen)
    const off = await run([{ events: plain, funding: 'off' }], buyTen)
    expect(on.record.totals).toEqual(off.record.totals)
    expect(on.record.settings['funding']).toBeUndefined()
    expect(off.record.settings['funding']).toBe('off')
  })

  it('may come from a schedule', async () => {
    const schedule = [{ time: 20n, rate: 0.001, mark: 100 }]
    const plain = market([0, 99, 101], [60, 99, 101]).events()
    const told = await run([{ events: plain, funding: schedule }], buyTen)
    expect(told.record.totals.net).toBe(-11)
    expect(told.record.settings['funding']).toMatch(/^schedule of 1 /)
  })
})

describe('a contract that expires in a run', () => {
  it('is settled, and the strategy hears of it as an order', async () => {
    const heard: string[] = []
    class Holder extends Strategy {
      override start(): void {
        this.after(5, () => this.buy({ price: 101, size: 2 }))
        this.after(6, () => this.buy({ price: 90, size: 1 }))
        this.after(150, () => this.buy({ price: 101, size: 1 }))
      }
      override notifyOrder(order: Order): void {
        heard.push(`${this.now} ${order.side * order.filled} ${order.status} ${order.reason}`)
      }
    }
    const events = market([0, 99, 101], [50, 104, 106], [200, 10, 12]).events()
    const { record } = await run([{ instrument: future, events }], Holder as StrategyClass)
    expect(heard).toEqual([
      '10 2 filled ',
      '11 0 accepted ',
      '103 0 expired the contract has expired',
      '103 -2 filled settlement',
      '155 0 rejected the contract has expired',
    ])
    expect(record.totals).toMatchObject({ position: 0, net: 2 * (105 - 101) })
  })
})

describe('margin in a run', () => {
  const account = { leverage: 10, margin: { UNIT: { maintenance: 0.05 } } }

  it('rejects at the exchange what the account cannot bear; the broker tells what is free', async () => {
    const free: number[] = []
    class Greedy extends Strategy {
      override start(): void {
        this.after(5, () => this.buy({ price: 99, size: 8 }))
        this.after(20, () => free.push(this.broker.free, this.broker.margin, this.broker.leverage))
        this.after(21, () => this.buy({ price: 99, size: 8 }))
      }
    }
    const events = market([0, 99, 101], [60, 99, 101]).events()
    const { strategy } = await run([{ events }], Greedy as StrategyClass, { cash: 100, account })
    expect(strategy.orders.map(({ status, reason }) => [status, reason])).toEqual([
      ['accepted', ''],
      ['rejected', 'insufficient margin: the order needs 79.2 Q, 20.8 Q are free'],
    ])
    expect(free[0]).toBeCloseTo(20.8, 9)
    expect(free[1]).toBeCloseTo(79.2, 9)
    expect(free[2]).toBe(0)
  })

  it('liquidates at the row, tells the strategy by an order, and keeps it in the record', async () => {
    const heard: string[] = []
    class Long extends Strategy {
      override start(): void {
        this.after(5, () => this.buy({ price: 101, size: 9 }))
        this.after(6, () => this.sell({ price: 130, size: 1 }))
      }
      override notifyOrder(order: Order): void {
        heard.push(`${this.now} ${order.side * order.filled} ${order.status} ${order.reason}`)
      }
    }
    const events = market([0, 99, 101], [30, 94, 96], [40, 93, 96], [90, 99, 101]).events()
    const { record } = await run([{ events }], Long as StrategyClass, {
      cash: 100,
      account: { ...account, liquidationFee: 0.01 },
    })
    expect(heard).toEqual([
      '10 9 filled ',
      '11 0 accepted ',
      '43 0 cancelled ',
      '43 -9 filled liquidation',
    ])
    expect(record.liquidations).toHaveLength(1)
    expect(record.liquidations[0]).toMatchObject({ instrument: 0, exchTime: 40, equity: 41.5 })
    expect(record.totals.position).toBe(0)
    expect(record.totals.net).toBeCloseTo(9 * (93 - 101) - 8.37, 9)
    expect(record.account.balances['Q']).toBeCloseTo(100 + record.totals.net, 9)
  })

  it('cancels orders that wait for a price too, and gates them like others when they enter', async () => {
    class Guarded extends Strategy {
      override start(): void {
        this.after(5, () => this.buy({ price: 101, size: 9 }))
        this.after(6, () => this.sell({ type: 'stop', trigger: 60, size: 9 }))
        this.after(7, () =>
          this.buy({ type: 'stop', trigger: 105, triggerBy: 'bid-ask', size: 50 }),
        )
      }
    }
    const up = market([0, 99, 101], [30, 105, 107], [90, 99, 101]).events()
    const gated = await run([{ events: up }], Guarded as StrategyClass, { cash: 100, account })
    expect(gated.strategy.orders[2]!.status).toBe('rejected')
    expect(gated.strategy.orders[2]!.reason).toMatch(/insufficient margin/)
    const down = market([0, 99, 101], [30, 93, 96], [90, 50, 52]).events()
    const { strategy, record } = await run([{ events: down }], Guarded as StrategyClass, {
      cash: 100,
      account,
    })
    expect(record.liquidations).toHaveLength(1)
    expect(strategy.orders.map(({ status, reason }) => [status, reason])).toEqual([
      ['filled', ''],
      ['cancelled', ''],
      ['cancelled', ''],
      ['filled', 'liquidation'],
    ])
    expect(record.totals.position).toBe(0)
  })

  it('of one instrument is eaten by losses of another in the same pool', async () => {
    class Pair extends Strategy {
      override start(): void {
        const [first, second] = this.datas
        this.after(5, () => this.buy({ price: 101, size: 4, data: first! }))
        this.after(5, () => this.sell({ price: 99, size: 4, data: second! }))
      }
    }
    const steady = market([0, 99, 101], [90, 99, 101]).events()
    const rising = market([0, 99, 101], [30, 119, 121], [35, 300, 302], [90, 300, 302]).events()
    const { record } = await run(
      [{ events: steady }, { instrument: other, events: rising }],
      Pair as StrategyClass,
      { cash: 100, account: { leverage: 10 } },
    )
    // Short 4 at 99 and long 4 at 101: at 120 the equity is 100 - 8 - 80, the maintenance 5 % of 880.
    expect(record.liquidations.map(({ instrument, exchTime }) => [instrument, exchTime])).toEqual([
      [0, 30],
      [1, 30],
    ])
    expect(record.account.balances['Q']).toBeGreaterThanOrEqual(0)
  })

  it('keeps cash + value - fees + funding = equity at every event, with liquidations', async () => {
    let events = 0
    class Auditor extends Monkey {
      override onBook(): void {
        this.#audit()
      }
      override notifyOrder(): void {
        this.#audit()
      }
      #audit(): void {
        events++
        const { cash, value, balances, positionValue } = this.broker
        const { position } = this
        const mark = this.book.mid
        expect(value).toBeCloseTo(cash + positionValue, 9)
        const unit = this.instrument.settlement
        expect(value - balances[unit]!).toBeCloseTo(position.unrealized(mark), 6)
        expect(cash).toBeCloseTo(200 + position.cashFlow - position.fees + position.funding, 9)
      }
    }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), async (seed) => {
        const schedule = [1, 2, 3, 4].map((i) => ({
          time: BigInt(i * 400),
          rate: 0.01 * (-1) ** i,
        }))
        for (const instrument of [unitInstrument, inverseInstrument]) {
          const cash = instrument.isInverse ? 0.5 : 200
          const { record } = await run(
            [
              {
                instrument,
                events: randomTape(seed),
                funding: schedule,
                fees: { makerBps: -1, takerBps: 2 },
              },
            ],
            (instrument.isInverse ? Monkey : Auditor) as StrategyClass,
            { cash, account: { leverage: 20, liquidationFee: 0.005 } },
            seed,
          )
          const { fills, totals, samples } = record
          const flow = fills.price.reduce(
            (sum, price, i) => sum - fills.side[i]! * fills.size[i]! * instrument.unitValue(price),
            0,
          )
          const fees = fills.fee.reduce((sum, fee) => sum + fee, 0)
          const paid = record.funding.reduce((sum, { amount }) => sum + amount, 0)
          const value =
            totals.position === 0 ? 0 : totals.position * instrument.unitValue(totals.mark)
          expect(totals.net).toBeCloseTo(flow + value - fees + paid, 9)
          expect(totals.realized + totals.unrealized - totals.fees + totals.funding).toBeCloseTo(
            totals.net,
            9,
          )
          expect(samples.equity.at(-1)).toBeCloseTo(cash + totals.net, 9)
          expect(cash + totals.net).toBeGreaterThan(-1e-9)
        }
      }),
      { numRuns: 15 },
    )
    expect(events).toBeGreaterThan(1000)
  })
})

describe('several currencies in a run', () => {
  const idle = script({})
  const inverse = new Instrument({
    ...inverseInstrument.spec,
    symbol: 'INV',
    base: 'U',
    quote: 'Q',
  })
  const flat = market([0, 99, 101], [60, 119, 121]).events()

  it('are added up in the base currency at the marks of the run', async () => {
    class Both extends Strategy {
      override start(): void {
        const inv = this.getData('INV')
        this.after(5, () => this.buy({ price: 101, size: 50, data: inv }))
      }
    }
    const { record } = await run(
      [
        { instrument: inverse, events: flat },
        { instrument: spot, events: flat },
      ],
      Both as StrategyClass,
      { cash: 1000, account: { baseCurrency: 'Q', balances: { U: 2 } } },
    )
    // 50 contracts of 1 Q from 101 to 120, in U, at 120 Q for 1 U.
    const profit = 50 * (1 / 101 - 1 / 120)
    expect(record.currency).toBe('Q')
    expect(record.totals.net).toBeCloseTo(profit * 120, 9)
    expect(record.byInstrument[0]!.totals.net).toBeCloseTo(profit, 12)
    expect(record.byInstrument[0]!.currency).toBe('U')
    expect(record.account.value).toBeCloseTo(1000 + (2 + profit) * 120, 9)
    expect(record.account.balances['Q']).toBe(1000)
  })

  it('that nothing converts, or no base is told for, are a sentence', async () => {
    const foreign = new Instrument({ ...other.spec, quote: 'EUR' })
    const feeds = [{ events: flat }, { instrument: foreign, events: flat }]
    await expect(run(feeds, idle)).rejects.toThrow(
      /test:OTHER settles in EUR and test:UNIT in Q: say in which currency .*baseCurrency/,
    )
    await expect(run(feeds, idle, { account: { baseCurrency: 'USD' } })).rejects.toThrow(
      /nothing converts (EUR|Q) to USD: add the data .* or give the rate/,
    )
    const rates = { 'EUR/USD': 1.1, 'Q/USD': 2 }
    const told = await run(feeds, idle, { account: { baseCurrency: 'USD', rates } })
    expect(told.record.totals.net).toBe(0)
  })
})

describe('the options of an account', () => {
  const events = market([0, 99, 101]).events()
  const idle = script({})

  it.each([
    [{ account: { leverage: 10 } }, /balances must hold something, or cash be given/],
    [
      { cash: 1, account: { mode: 'both' as 'cross' } },
      /mode must be cross or isolated, was "both"/,
    ],
    [
      { cash: 1, account: { leverage: { UNITS: 2 } } },
      /names no instrument of the run: "UNITS"; did you mean "UNIT"/,
    ],
    [
      { cash: 1, account: { leverage: 0 } },
      /margin of UNIT: leverage must lie between 1 and 1000, was 0/,
    ],
    [
      { cash: 1, account: { liquidationFee: -1 } },
      /liquidationFee must be a share from 0 to 1, was -1/,
    ],
    [{ cash: 1, account: { rates: { EUR: 1 } } }, /"EUR" is not a pair of currencies/],
    [{ account: { balances: { Q: Number.NaN } } }, /balance of Q must be a finite number/],
  ])('refuse %j', async (options, message) => {
    await expect(run([{ events }], idle, options)).rejects.toThrow(message)
  })

  it('need order books', async () => {
    const cerebro = new Cerebro({ cash: 1, account: { leverage: 2 } })
    cerebro.resampleData(
      LobFeed.fromEvents(
        unitInstrument,
        market([0, 99, 101]).trade(5, 1, 101, 1).trade(3e9, 1, 101, 1).events(),
      ),
      { timeframe: 'seconds' },
    )
    cerebro.addStrategy(idle)
    await expect(cerebro.run()).rejects.toThrow(
      /UNSUPPORTED: an account with margin needs order books/,
    )
  })

  it('let a spot account buy with its cash and sell what it has, unless it has leverage', async () => {
    const twice = script({
      5: { side: 1, price: 101, size: 5 },
      15: { side: -1, price: 99, size: 6 },
      25: { side: -1, price: 99, size: 5 },
      35: { side: 1, price: 101, size: 50 },
    })
    const long = market([0, 99, 101], [60, 99, 101]).events()
    const paid = await run([{ instrument: spot, events: long }], twice, {
      cash: 1000,
      account: { mode: 'cross' },
    })
    expect(paid.strategy.orders.map(({ status }) => status)).toEqual([
      'filled',
      'rejected',
      'filled',
      'rejected',
    ])
    const lent = await run([{ instrument: spot, events: long }], twice, {
      cash: 1000,
      account: { leverage: { SPOT: 10 } },
    })
    expect(lent.strategy.orders.map(({ status }) => status)).toEqual(Array(4).fill('filled'))
    const trusted = await run([{ instrument: spot, events: long }], twice)
    expect(trusted.strategy.orders.map(({ status }) => status)).toEqual(Array(4).fill('filled'))
  })
})
