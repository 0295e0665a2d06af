import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CutBlocks, anyCuts } from '../../test/cut-blocks.ts'
import { feedOver } from '../../test/feed-over.ts'
import {
  AllBooks,
  OneBook,
  deeds,
  feedOf,
  latencyOf,
  liveTape,
  rowByRow,
  runMany,
  unitOf,
} from '../../test/many-worlds.ts'
import { book } from '../../test/scripted-run.ts'
import { inverseInstrument } from '../../test/tape.ts'
import { wildTape } from '../../test/wild-tape.ts'
import { LobFeed } from '../feed/index.ts'
import { blockTape } from '../market/index.ts'
import type { Order } from '../order/index.ts'
import { Cerebro, type BookDataOptions } from './cerebro.ts'
import type { Data } from './data.ts'
import { Strategy } from './strategy.ts'

const RUNS = Number(process.env['LOBTRADER_CAMPAIGN_MANY'] ?? 8)
const latencies = fc.constantFrom<readonly [number, number]>([0, 0], [3, 7], [90, 40], [0, 11])

function optionsOf([entry, response]: readonly [number, number]): BookDataOptions {
  return { latency: latencyOf(entry, response), fees: { makerBps: -1, takerBps: 2 } }
}

describe('the order of what happens at one time', () => {
  it('does not depend on the order in which data and strategies were added', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), latencies, latencies, async (seed, here, there) => {
        const a = [feedOf('A', wildTape(seed, 200)), optionsOf(here)] as const
        const b = [feedOf('A', wildTape(seed + 1, 250), 'other'), optionsOf(there)] as const
        const c = [feedOf('C', wildTape(seed + 2, 150)), optionsOf(here)] as const
        const s = (cerebro: Cerebro): void => cerebro.addStrategy(AllBooks, {}, 'S')
        const t = (cerebro: Cerebro): void => cerebro.addStrategy(AllBooks, { every: '3ns' }, 'T')
        const u = (cerebro: Cerebro): void => cerebro.addStrategy(AllBooks, {}, 'T')
        const hashes = async (
          feeds: Parameters<typeof runMany>[0],
          strategies: readonly ((cerebro: Cerebro) => void)[],
        ): Promise<Map<unknown, string>> => {
          const results = await runMany(feeds, (to) => strategies.forEach((add) => add(to)), seed)
          return new Map(results.map(({ runHash }, i) => [strategies[i], runHash]))
        }
        const expected = await hashes([a, b, c], [s, t, u])
        expect(new Set(expected.values()).size).toBe(3)
        expect(await hashes([c, a, b], [u, s, t])).toEqual(expected)
      }),
      { numRuns: RUNS },
    )
  })

  it('is that of venue:symbol, stage by stage', async () => {
    const log: string[] = []
    class Watch extends Strategy {
      override start(): void {
        this.after(100 - this.now, () => {
          log.push('timer')
          for (const data of this.datas) this.buy({ data, price: 100, size: 1 })
        })
      }
      override onBook(data: Data): void {
        if (this.now === 100) log.push(`book ${data.name}`)
      }
      override notifyOrder(order: Order): void {
        log.push(`${order.instrument.symbol} ${order.status} ${this.now}`)
      }
    }
    const tape = (): LobFeed['events'] => book().ask(100, 102, 3).bid(200, 90, 1).events()
    await runMany([[feedOf('B', tape())], [feedOf('A', tape())]], (to) => to.addStrategy(Watch))
    expect(log).toEqual(['book A', 'book B', 'timer', 'A accepted 100', 'B accepted 100'])
  })

  it('serves requests of several strategies that arrive together by the names of these', async () => {
    const served: number[][] = []
    class First extends Strategy.with({ size: 1 }) {
      override start(): void {
        this.after(100 - this.now, () => void this.buy({ price: 99, size: this.p.size }))
      }
      override stop(): void {
        served.push(this.orders.map(({ index, owner }) => index * 10 + owner))
      }
    }
    const feed = feedOf('A', book().bid(500, 90, 1).events())
    const add = (to: Cerebro, names: readonly string[]): void =>
      names.forEach((name) => to.addStrategy(First, {}, name))
    await runMany([[feed]], (to) => add(to, ['Z', 'M', 'A']))
    // Indexes are given as orders are sent, owners by name: A is 0, M is 1, Z is 2.
    expect(served).toEqual([[0], [11], [22]])
  })
})

describe('instruments that share a run', () => {
  it('do to a strategy of one of them what they do alone, whatever the others hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), latencies, latencies, async (seed, here, there) => {
        // Both begin and end together, and are live from their first moment.
        const tape = (draw: number): LobFeed['events'] => liveTape(draw, 220)
        const a = [feedOf('A', tape(seed)), optionsOf(here)] as const
        const b = [feedOf('B', tape(seed + 1)), optionsOf(there)] as const
        const [alone] = await runMany([a], (to) => to.addStrategy(OneBook, { draws: seed }))
        const [together, other] = await runMany([b, a], (to) => {
          to.addStrategy(OneBook, { draws: seed })
          to.addStrategy(OneBook, { symbol: 'B', draws: seed + 9 })
        })
        const own = together!.record.byInstrument[0]!
        expect(own.orders).toEqual({ ...alone!.record.orders })
        expect(own.fills).toEqual(alone!.record.fills)
        expect(logOf(together!)).toEqual(logOf(alone!))
        expect(own.totals).toEqual(alone!.record.totals)
        expect(other!.record.byInstrument[0]!.orders.length).toBe(0)
      }),
      { numRuns: RUNS },
    )
  })

  it('run ahead of each other only where nobody can tell', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), latencies, latencies, async (seed, here, there) => {
        const run = async (options: BookDataOptions): Promise<unknown> => {
          const feeds = [0, 1, 2].map(
            (i) =>
              [
                feedOf(`I${i}`, wildTape(seed + i, 300)),
                { ...optionsOf(i === 1 ? there : here), ...options },
              ] as const,
          )
          const results = await runMany(feeds, (to) => {
            to.addStrategy(AllBooks, {}, 'S')
            to.addStrategy(AllBooks, { every: '5ns' }, 'T')
          })
          return results.map(deeds)
        }
        for (const exchange of ['partial', 'no-partial'] as const) {
          const apart = await run({ exchange: rowByRow(exchange) })
          expect(await run({ exchange })).toEqual(apart)
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('go past fills of which no strategy would hear, with equal results', async () => {
    class Deaf extends Strategy.with({ every: '7ns' }) {
      override start(): void {
        this.every(this.p.every)
      }
      override onTimer(): void {
        const { random } = this
        if (random.nextInt(100) === 0) this.stop()
        const data = this.getData(`I${random.nextInt(3)}`)
        const order = { data, price: 95 + random.nextInt(12), size: 1 + random.nextInt(5) }
        if (this.positionOf(data).size < 0 || random.nextInt(2) === 0) this.buy(order)
        else this.sell(order)
      }
    }
    class Hearing extends Deaf {
      override notifyOrder(): void {}
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(), latencies, async (seed, lag) => {
        const feeds = [0, 1, 2].map(
          (i) => [feedOf(`I${i}`, wildTape(seed + i, 300)), optionsOf(lag)] as const,
        )
        const seen = async (strategy: typeof Deaf): Promise<unknown> => {
          const both = (to: Cerebro): void => {
            to.addStrategy(strategy, {}, 'S')
            to.addStrategy(strategy, { every: '5ns' }, 'T')
          }
          return (await runMany(feeds, both, seed)).map((result) => {
            const { samples, byInstrument, account } = result.record
            const trades = byInstrument.map((each) => [each.samples, each.trades])
            return [result.runHash, deeds(result), samples, trades, account]
          })
        }
        expect(await seen(Deaf)).toEqual(await seen(Hearing))
      }),
      { numRuns: RUNS },
    )
  })

  it('may be streamed, with equal results', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        anyCuts(300),
        anyCuts(200),
        latencies,
        async (seed, at, to, lag) => {
          const whole = [feedOf('A', wildTape(seed, 300)), feedOf('B', wildTape(seed + 1, 200))]
          const blocks = whole.map((feed, i) => new CutBlocks(feed.events, i === 0 ? at : to))
          const parts = whole.map((feed, i) => feedOver(feed, blockTape(blocks[i]!)))
          const hash = async (feeds: readonly LobFeed[]): Promise<string> => {
            const given = feeds.map((feed) => [feed, optionsOf(lag)] as const)
            const [result] = await runMany(given, (cerebro) => cerebro.addStrategy(AllBooks))
            return result!.runHash
          }
          expect(await hash(parts)).toBe(await hash(whole))
          expect(blocks.map(({ taken }) => taken)).toEqual([0, 0])
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('may count their times from different days', async () => {
    const DAY_NS = 86_400_000_000_000n
    const late = { epochNs: DAY_NS, time: 100 }
    const early = { epochNs: 0n, time: Number(DAY_NS) + 100 }
    const run = async (start: typeof late): Promise<unknown> => {
      const b = feedOf('B', wildTape(2, 200, start))
      const a = feedOf('A', wildTape(1, 200, early))
      const [result] = await runMany([[a], [b]], (to) => to.addStrategy(AllBooks))
      return deeds(result!)
    }
    expect(await run(late)).toEqual(await run(early))
  })
})

/** What a strategy wrote down. */
function logOf({ strategy }: { readonly strategy: Strategy }): readonly string[] {
  return (strategy as OneBook).log
}

describe('the window of a run', () => {
  it('begins with the latest from and ends with the earliest to, else with all rows', async () => {
    const tape = (): LobFeed['events'] =>
      book().bid(250, 90, 1).bid(600, 90, 2).bid(900, 90, 1).events()
    const feedWith = (symbol: string, window: { from?: bigint; to?: bigint }): LobFeed =>
      LobFeed.fromEvents(unitOf(symbol), tape(), window)
    const late = feedOf('C', book(40).bid(1000, 90, 1).events())
    const windows = [
      [[feedWith('A', { from: 100n, to: 800n }), feedWith('B', { from: 200n })], 200, 800],
      [[feedWith('A', {}), late], 0, 1040],
    ] as const
    for (const [feeds, from, to] of windows) {
      const [result] = await runMany(
        feeds.map((feed) => [feed] as const),
        (cerebro) => cerebro.addStrategy(AllBooks, { every: '300ns' }),
      )
      expect([result!.record.fromTime, result!.record.toTime]).toEqual([from, to])
    }
    const apart = [feedWith('A', { to: 300n }), feedWith('B', { from: 500n })]
    const run = runMany(
      apart.map((feed) => [feed] as const),
      (cerebro) => cerebro.addStrategy(AllBooks),
    )
    await expect(run).rejects.toThrow('the windows of A, B have no moment in common')
  })
})

describe('strategies that share a run', () => {
  it('fare as they do alone where they cannot meet', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), latencies, async (seed, lag) => {
        // Orders that share nothing with others at the exchange.
        const options = { ...optionsOf(lag), exchange: 'no-partial' } as const
        const feed = [feedOf('A', wildTape(seed, 300)), options] as const
        const add = (to: Cerebro, draws: number): void =>
          to.addStrategy(OneBook, { draws }, `draws ${draws}`)
        const together = await runMany([feed], (to) => [3, 1, 2].forEach((n) => add(to, n)))
        for (const [i, draws] of [3, 1, 2].entries()) {
          const [alone] = await runMany([feed], (to) => add(to, draws))
          expect(together[i]!.runHash).toBe(alone!.runHash)
          // What they are told is the same, but for the names of orders at the exchange.
          expect(together[i]!.record.orders).toEqual(alone!.record.orders)
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('go on when one of them stops, which has nothing at the exchange any more', async () => {
    const log: string[] = []
    class Leaver extends Strategy.with({ stopAt: 150 }) {
      override start(): void {
        this.after(100 - this.now, () => void this.buy({ price: 99, size: 1 }))
        this.after(this.p.stopAt - this.now, () => {
          this.buy({ price: 98, size: 1 })
          this.stopRun()
        })
        this.every(50)
      }
      override onTimer(): void {
        log.push(`${this.p.stopAt} timer ${this.now}`)
      }
      override notifyOrder(order: Order): void {
        log.push(`${this.p.stopAt} ${order.id} ${order.status} ${this.now}`)
      }
      override stop(): void {
        log.push(`${this.p.stopAt} stop ${this.now}`)
      }
    }
    const tape = book().trade(240, -1, 98, 50).bid(300, 90, 1).events()
    const results = await runMany([[feedOf('A', tape), { latency: latencyOf(40, 30) }]], (to) => {
      to.addStrategy(Leaver, { stopAt: 150 })
      to.addStrategy(Leaver, { stopAt: 1000 })
    })
    expect(log).toEqual([
      '1000 timer 50',
      '150 timer 50',
      '1000 timer 100',
      '150 timer 100',
      '1000 timer 150',
      '150 timer 150',
      // Its first order was accepted at 140 and is answered at 170; it never hears of the trade.
      '1000 1 accepted 170',
      '150 1 accepted 170',
      '150 stop 170',
      '1000 timer 200',
      '1000 timer 250',
      '1000 1 filled 270',
      '1000 timer 300',
      '1000 stop 300',
    ])
    const [left, stayed] = results.map(({ record }) => record)
    expect([left!.toTime, stayed!.toTime]).toEqual([150, 300])
    expect([left!.totals.position, stayed!.totals.position]).toEqual([0, 1])
  })

  it('have latencies of their own, the most exact name first', async () => {
    class Order1 extends Strategy {
      override start(): void {
        this.after(100 - this.now, () => {
          for (const data of this.datas) this.buy({ data, price: 99, size: 1 })
        })
      }
    }
    const tape = (): LobFeed['events'] =>
      book().bid(250, 90, 1).bid(600, 90, 2).bid(900, 90, 1).events()
    const feeds = [feedOf('A', tape(), 'x'), feedOf('A', tape(), 'y'), feedOf('B', tape(), 'y')]
    const results = await runMany(
      feeds.map((feed) => [feed, { latency: latencyOf(7) }] as const),
      (to) => {
        to.addStrategy(Order1, {}, 'slow')
        const latency = { y: latencyOf(20), A: latencyOf(30), 'x:A': latencyOf(40) }
        to.addStrategy(Order1, {}, { name: 'own', latency })
      },
    )
    const times = results.map(({ strategy }) => strategy.orders.map((order) => order.acceptExch))
    expect(times).toEqual([
      [107, 107, 107],
      [140, 130, 120],
    ])
    expect(Object.keys(results[1]!.record.settings)).toContain('latency x:A')
  })
})

describe('the record of several instruments', () => {
  it('has all of them together, and each apart', async () => {
    class Taker extends Strategy {
      override start(): void {
        this.after(100 - this.now, () => {
          this.buy({ data: this.getData('B'), size: 2 })
          this.sell({ data: this.getData('test:A'), size: 3 })
        })
        this.after(200 - this.now, () => void this.close({ data: this.getData('A'), size: 1 }))
      }
    }
    const tape = (): LobFeed['events'] => book().bid(300, 101, 1).events()
    const fees = { makerBps: 0, takerBps: 100 }
    const [result] = await runMany(
      [
        [feedOf('B', tape()), { fees }],
        [feedOf('A', tape()), { fees }],
      ],
      (to) => to.addStrategy(Taker),
    )
    const { record } = result!
    expect(record.instruments.map(({ symbol }) => symbol)).toEqual(['A', 'B'])
    expect([...record.orders.instrument]).toEqual([1, 0, 0])
    // Both requests arrive at one time: venue:symbol decides.
    expect([...record.fills.instrument]).toEqual([0, 1, 0])
    const [a, b] = record.byInstrument
    expect([a!.totals.position, b!.totals.position, record.totals.position]).toEqual([-2, 2, 0])
    expect([...a!.orders.id]).toEqual([2, 3])
    expect(a!.totals.net + b!.totals.net).toBeCloseTo(record.totals.net, 12)
    const rows = record.samples.length - 1
    expect(record.samples.equity[rows]).toBeCloseTo(record.totals.net, 12)
    expect(a!.mids.length).toBe(2)
    expect(Object.keys(record.settings).filter((name) => name.startsWith('source'))).toEqual([
      'source test:A',
      'source test:B',
    ])
  })
})

describe('what cannot be', () => {
  const feed = (): LobFeed => feedOf('A', book().bid(500, 90, 1).events())

  it.each([
    ['one instrument twice', [feed(), feed()], /test:A was added twice/],
    [
      'two currencies in one account',
      [feed(), LobFeed.fromEvents(inverseInstrument, feed().events)],
      /test:A settles in Q and test:UNIT in U/,
    ],
  ])('%s is refused in one sentence', async (_, feeds, message) => {
    const run = runMany(
      feeds.map((each) => [each]),
      (to) => to.addStrategy(OneBook),
    )
    await expect(run).rejects.toThrow(message)
  })

  it('a latency for nobody is refused, with the nearest name', async () => {
    const run = runMany([[feed()]], (to) =>
      to.addStrategy(OneBook, {}, { latency: { tset: latencyOf(1) } }),
    )
    await expect(run).rejects.toThrow(/names "tset".*did you mean "test"/)
  })

  it('names are taken once, and found by symbol or venue', async () => {
    const cerebro = new Cerebro()
    cerebro.addData(feed(), { name: 'spot' })
    expect(() => cerebro.addData(feed(), { name: 'spot' })).toThrow(/"spot" was added already/)
    cerebro.addData(LobFeed.fromEvents(unitOf('A', 'other'), feed().events))
    const seen: unknown[] = []
    class Look extends Strategy {
      override start(): void {
        seen.push(...this.datas.map(({ name }) => name))
        seen.push(this.getData('spot') === this.data, this.getData('other:A').index)
        expect(() => this.getData('A')).toThrow(/say test:A or other:A/)
        expect(() => this.getData('spit')).toThrow(/did you mean "spot"/)
      }
    }
    cerebro.addStrategy(Look)
    await cerebro.run()
    expect(seen).toEqual(['spot', 'other:A', true, 1])
  })

  it('an order for data that have ended is rejected, others go on', async () => {
    class Late extends Strategy {
      override start(): void {
        this.after(700 - this.now, () => {
          for (const data of this.datas) this.buy({ data, price: 99, size: 1 })
        })
      }
    }
    const long = feedOf('B', book().bid(250, 90, 1).bid(600, 90, 2).bid(900, 90, 1).events())
    const [result] = await runMany([[feed()], [long]], (to) => to.addStrategy(Late))
    expect(result!.strategy.orders.map(({ status, reason }) => [status, reason])).toEqual([
      ['rejected', 'the data of A has ended'],
      ['accepted', ''],
    ])
  })
})
