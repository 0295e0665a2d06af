/** Latency models, rate limits and feed delays as a run lives through them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Monkey, book, orders, randomTape, script, statuses } from '../../test/scripted-run.ts'
import { CutBlocks, anyCuts } from '../../test/cut-blocks.ts'
import { feedOver } from '../../test/feed-over.ts'
import { unitInstrument } from '../../test/tape.ts'
import { LobFeed } from '../feed/index.ts'
import { blockTape, retimedTape, type EventColumns } from '../market/index.ts'
import type { Order } from '../order/index.ts'
import {
  lognormalDelay,
  parseDelay,
  parseLatency,
  rateLimit,
  riskAverseQueue,
} from '../venue/index.ts'
import { Cerebro, type BookDataOptions } from './cerebro.ts'
import type { RunResult } from './run-result.ts'
import { Strategy, type StrategyClass } from './strategy.ts'

async function run(
  feed: LobFeed,
  strategy: StrategyClass,
  options: BookDataOptions,
  seed = 0,
): Promise<RunResult> {
  const cerebro = new Cerebro()
  cerebro.addData(feed, { queue: riskAverseQueue(), ...options })
  cerebro.addStrategy(strategy)
  const [result] = await cerebro.run({ seed, heatmap: false })
  return result!
}

const feedOf = (events: EventColumns): LobFeed => LobFeed.fromEvents(unitInstrument, events)
const quiet = book().bid(50_000, 90, 1).events()

/** Writes down when each of its requests and answers went. */
class Diary extends Monkey {
  readonly heard: { readonly order: Order; readonly exch: number; readonly local: number }[] = []
  override notifyOrder(order: Order): void {
    const exch = Number.isNaN(order.doneExch) ? order.acceptExch : order.doneExch
    this.heard.push({ order, exch, local: this.now })
  }
}

const trips = [
  { requestTime: 0, exchTime: 90, responseTime: 120 },
  { requestTime: 900, exchTime: 910, responseTime: 1020 },
]
const recorded = `recorded:${trips.length}`
const csv = `request_ts_ns,exch_ts_ns,response_ts_ns\n${trips
  .map((trip) => Object.values(trip).join(','))
  .join('\n')}`

describe('messages', () => {
  it.each([
    '50ns,20ns',
    'lognormal(median=50ns,sigma=1.5,max=400ns),lognormal(median=50ns,sigma=1.5)',
    'gamma(shape=0.5,scale=100ns),gamma(shape=0.5,scale=100ns,min=5ns)',
    'quantiles(p0=1ns,p90=20ns,p100=400ns),quantiles(p0=1ns,p100=90ns)',
    'kinds(submit=200ns,cancel=quantiles(p0=0ns,p100=100ns)),10ns',
    'load(quantiles(p0=1ns,p100=99ns),p50=1,p99=9),load(9ns,per1000=1ns,window=1ms)',
    recorded,
  ])('H13 never overtake one another, by %s', async (text) => {
    for (const seed of [1, 2]) {
      const latency = parseLatency(text, () => csv)
      const result = await run(feedOf(randomTape(seed)), Diary, { latency }, seed)
      const { heard } = result.strategy as Diary
      // Marketable orders and those that rest are answered as they arrive: in order of sending.
      const arrivals = orders(result)
        .map((order) => order.acceptExch)
        .filter((time) => !Number.isNaN(time))
      expect(arrivals.length).toBeGreaterThan(20)
      expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b))
      const answers = heard.map(({ local }) => local)
      expect(answers).toEqual(answers.toSorted((a, b) => a - b))
      for (const order of orders(result)) {
        if (Number.isNaN(order.acceptExch)) continue
        expect(order.acceptExch).toBeGreaterThanOrEqual(order.submitLocal)
        if (order.acceptLocal <= result.record.toTime) {
          expect(order.acceptLocal).toBeGreaterThanOrEqual(order.acceptExch)
        }
      }
    }
  })

  it('travel as the seed of the run says, and the same again', async () => {
    const latency = parseLatency('lognormal(median=50ns,sigma=1),lognormal(median=50ns,sigma=1)')
    const sent = script({ 100: { side: 1, price: 99, size: 1 } })
    const arrival = async (seed: number): Promise<number> =>
      orders(await run(feedOf(quiet), sent, { latency }, seed))[0]!.acceptExch
    const drawn = await Promise.all([1, 2, 3].map(async (seed) => await arrival(seed)))
    expect(new Set(drawn).size).toBe(3)
    expect(await arrival(2)).toBe(drawn[1])
  })

  it('keep their travel time when another one is sent, unless they wait behind it', async () => {
    const latency = parseLatency('lognormal(median=50ns,sigma=1),0ns')
    const far = { side: 1, price: 99, size: 1 } as const
    const alone = await run(feedOf(quiet), script({ 9000: far }), { latency })
    const among = await run(feedOf(quiet), script({ 100: far, 5000: far, 9000: far }), { latency })
    expect(orders(among)[2]!.acceptExch).toBe(orders(alone)[0]!.acceptExch)
  })

  it('of each kind take their own time, a fast cancel still behind a slow order', async () => {
    const latency = parseLatency('kinds(submit=300ns,cancel=10ns),5ns')
    const strategy = script({
      100: { side: 1, price: 99, size: 1, cancelAt: 1000 },
      2000: { side: 1, price: 98, size: 1, cancelAt: 2001 },
    })
    const [plain, hasty] = orders(await run(feedOf(quiet), strategy, { latency }))
    expect([plain!.acceptExch, plain!.doneExch, plain!.doneLocal]).toEqual([400, 1010, 1015])
    expect([hasty!.acceptExch, hasty!.doneExch]).toEqual([2300, 2300])
  })

  it('are slowed by the market: events before the message, none after', async () => {
    const busy = book()
    for (let i = 0; i < 1000; i++) busy.bid(1e9 + i * 1e5, 95, 1 + (i % 3))
    busy.bid(4e9, 95, 1)
    const latency = parseLatency('load(1ms,per1000=1ms,window=1s),0ns')
    const sent = script({
      [0.95e9]: { side: 1, price: 99, size: 1 },
      [1.5e9]: { side: 1, price: 99, size: 1 },
      [3.5e9]: { side: 1, price: 99, size: 1 },
    })
    const ways = orders(await run(feedOf(busy.events()), sent, { latency })).map(
      (order) => order.acceptExch - order.submitLocal,
    )
    // The snapshot's six rows are of the first tenth; the burst has all of its 1,000.
    expect(ways).toEqual([1e6 + 6e3, 2e6, 1e6])
  })
})

describe('rate limits', () => {
  const order = { side: 1, price: 99, size: 1 } as const
  const limits = [rateLimit({ requests: '2/100ns' })]

  it('refuse what comes over the limit after one round trip, with the reason', async () => {
    const latency = parseLatency('30ns,20ns')
    const sent = script({ 110: [order, order, order], 180: order })
    const result = await run(feedOf(quiet), sent, { latency, rateLimits: limits })
    expect(statuses(result)).toEqual(['accepted', 'accepted', 'rejected', 'accepted'])
    const refused = orders(result)[2]!
    expect([refused.reason, refused.doneExch, refused.doneLocal]).toEqual([
      'rate limit: 2 requests in 100ns',
      140,
      160,
    ])
    expect(result.record.settings['rateLimits']).toBe('2/100ns')
  })

  it('leave an order as it was when its cancel or amendment is refused', async () => {
    class Insists extends Strategy {
      readonly log: string[] = []
      override start(): void {
        this.after(100, () => {
          const first = this.buy(order)
          this.buy(order)
          this.after(10, () => this.cancel(first))
          this.after(20, () => this.amend(first, { price: 98 }))
          this.after(150, () => this.cancel(first))
        })
      }
      override notifyOrder({ id, status, price, reason }: Order): void {
        this.log.push(`${this.now} ${id} ${status} ${price} ${reason}`)
      }
    }
    const result = await run(feedOf(quiet), Insists, { rateLimits: limits })
    const text = 'rate limit: 2 requests in 100ns'
    expect((result.strategy as Insists).log).toEqual([
      '100 1 accepted 99 ',
      '100 2 accepted 99 ',
      `110 1 accepted 99 ${text}`,
      `120 1 accepted 99 ${text}`,
      '250 1 cancelled 99 ',
    ])
  })

  it('let a run without limits be the run that it was', async () => {
    const feed = feedOf(randomTape(5))
    const free = await run(feed, Monkey, {})
    expect((await run(feed, Monkey, { rateLimits: [] })).record.runHash).toBe(free.record.runHash)
    const tight = await run(feed, Monkey, { rateLimits: [rateLimit({ requests: '1/1us' })] })
    expect(tight.record.runHash).not.toBe(free.record.runHash)
    expect(statuses(tight).filter((status) => status === 'rejected').length).toBeGreaterThan(10)
  })
})

describe('a feed delay', () => {
  /** Says when it saw the bid at 101, and sends an order then. */
  class Sees extends Strategy {
    seen = Number.NaN
    override onBook(): void {
      if (this.book.bestBid !== 101 || !Number.isNaN(this.seen)) return
      this.seen = this.now
      this.buy({ price: 101, size: 1 })
    }
  }
  const events = book().bid(1000, 101, 4).bid(90_000, 95, 1).events()
  const seen = async (feedDelay: BookDataOptions['feedDelay'], seed = 0): Promise<number[]> => {
    const result = await run(feedOf(events), Sees, { feedDelay }, seed)
    return [(result.strategy as Sees).seen, orders(result)[0]!.acceptExch]
  }

  it('moves what we see, and leaves the exchange as it is', async () => {
    expect(await seen(undefined)).toEqual([1000, 1000])
    expect(await seen('2us')).toEqual([3000, 3000])
    expect(await seen(2000)).toEqual([3000, 3000])
    expect(await seen('-300ns')).toEqual([700, 700])
    expect(await seen(-300)).toEqual([700, 700])
  })

  it('may be drawn, by the seed', async () => {
    const delay = lognormalDelay({ median: '500ns', sigma: 1 })
    const [first] = await seen(delay, 1)
    expect(await seen(delay, 1)).toEqual([first, first])
    expect((await seen(delay, 2))[0]).not.toBe(first)
    expect(first).toBeGreaterThan(1000)
  })

  it('is part of the identity of a run', async () => {
    const hash = async (feedDelay: BookDataOptions['feedDelay']): Promise<string> =>
      (await run(feedOf(events), Sees, { feedDelay })).record.runHash
    expect(await hash('0ns')).toBe(await hash(undefined))
    expect(await hash('1ns')).not.toBe(await hash(undefined))
  })

  it.each(['2.5', 'abc', '--3ns', '-', 0.5])('refuses %s, which is no duration', async (given) => {
    const made = run(feedOf(events), Sees, { feedDelay: given })
    await expect(made).rejects.toThrow(/BAD_DURATION/)
  })

  it('that leaves no event in the window is refused', async () => {
    const feed = LobFeed.fromEvents(unitInstrument, events, { from: '1970-01-01T00:00:00.00008Z' })
    await expect(run(feed, Sees, { feedDelay: '-1s' })).rejects.toThrow(
      /no event of UNIT is left in the window when all are received 1s earlier/,
    )
  })
})

describe('all of it together', () => {
  it('is the same run over windows, wherever they are cut', async () => {
    const text = 'load(lognormal(median=40ns,sigma=1),p10=1,p90=4),gamma(shape=2,scale=9ns)'
    const options: BookDataOptions = {
      latency: parseLatency(text),
      rateLimits: [rateLimit({ requests: '9/300ns', rule: 'sliding' })],
    }
    const extra = parseDelay('gamma(shape=1,scale=30ns)').begin(
      { seed: 4, stream: 0, epochNs: 0n, eventRate: neverAsked },
      4,
    )
    const events = randomTape(11)
    const whole = feedOf(events).retimed('some', extra)
    const expected = (await run(whole, Monkey, options, 4)).record
    expect(expected.fills.length).toBeGreaterThan(2)
    await fc.assert(
      fc.asyncProperty(anyCuts(400), async (cuts) => {
        const tape = retimedTape(blockTape(new CutBlocks(events, cuts)), extra)
        const { record } = await run(feedOver(whole, tape), Monkey, options, 4)
        expect(record.runHash).toBe(expected.runHash)
      }),
      { seed: 9, numRuns: 10 },
    )
  })
})

function neverAsked(): never {
  throw new Error('no rate is asked for')
}
