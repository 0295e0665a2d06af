/** Strategies that see a book fused of depth and ticker; the exchange keeps to the depth. */
import { describe, expect, it } from 'vitest'
import { DAY, instrument, makeStore, session, temporaryFolder } from '../../test/store-fixture.ts'
import { Tape, unitInstrument } from '../../test/tape.ts'
import type { BookStatus } from '../book/index.ts'
import { LobFeed, TickFeed, type LocalBookKind } from '../feed/index.ts'
import { EventKind, KIND_MASK, eventCode, sliceEvents, type EventColumns } from '../market/index.ts'
import { constantLatency } from '../venue/index.ts'
import { Cerebro } from './cerebro.ts'
import type { RunResult } from './run-result.ts'
import { Strategy, type StrategyClass } from './strategy.ts'

const BEST_BID = eventCode(EventKind.Bbo, 1)
const BEST_ASK = eventCode(EventKind.Bbo, -1)

/** Depth reaches us after 50, the ticker after 5; both tell of a bid that rises from 99 to 100. */
const events = new Tape(50)
  .snapshot(0, [[99, 10]], [[101, 10]])
  .row(100, BEST_BID, 100, 3, 105)
  .row(100, BEST_ASK, 101, 10, 105)
  .bid(100, 100, 3)
  .row(200, BEST_ASK, 102, 4, 205)
  .ask(200, 101, 0)
  .ask(200, 102, 4)
  .bid(300, 90, 1)
  .events()

/** Writes down the touch and the status at each call. */
class Watcher extends Strategy {
  readonly log: string[] = []
  override onBook(): void {
    this.log.push(`${this.now} ${this.book.bestBidTicks} ${this.book.bestAskTicks}`)
  }
  override onBookStatus(status: BookStatus): void {
    this.log.push(`${this.now} ${status}`)
  }
}

async function run(
  feed: LobFeed,
  strategy: StrategyClass = Watcher,
  exchange: 'partial' | 'l3' = 'partial',
): Promise<RunResult> {
  const cerebro = new Cerebro()
  cerebro.addData(feed, { latency: constantLatency({ entry: 1, response: 1 }), exchange })
  cerebro.addStrategy(strategy)
  const [result] = await cerebro.run()
  return result!
}

const feedOf = (localBook?: LocalBookKind): LobFeed =>
  LobFeed.fromEvents(unitInstrument, events, { localBook })

describe('a run with a fused local book', () => {
  it('shows the strategy what the ticker tells, as soon as it does', async () => {
    const fused = (await run(feedOf('fused'))).strategy as Watcher
    expect(fused.log).toEqual([
      '50 live',
      '50 99 101',
      '105 100 101',
      '150 100 101',
      '205 100 102',
      '250 100 102',
      '350 100 102',
    ])
    const plain = (await run(feedOf())).strategy as Watcher
    expect(plain.log).toEqual([
      '50 live',
      '50 99 101',
      '105 99 101',
      '150 100 101',
      '205 100 101',
      '250 100 102',
      '350 100 102',
    ])
  })

  it('records the mids of that book, says so in its settings, and has another hash', async () => {
    const { record: fused } = await run(feedOf('fused'))
    const { record: plain } = await run(feedOf())
    expect([...fused.mids.time]).toEqual([50, 105, 205])
    expect([...plain.mids.time]).toEqual([50, 150, 250])
    expect(fused.settings).toMatchObject({ localBook: 'fused' })
    expect(plain.settings).not.toHaveProperty('localBook')
    expect(fused.runHash).not.toBe(plain.runHash)
  })

  it('tells the strategy when the ticker alone empties a side', async () => {
    class StatusOnly extends Strategy {
      readonly log: string[] = []
      override onBookStatus(status: BookStatus): void {
        this.log.push(`${this.now} ${status}`)
      }
    }
    const told = new Tape(50)
      .row(0, BEST_BID, 99, 3, 5)
      .bid(10, 99, 3)
      .row(90, BEST_BID, 0, 0, 95)
      .row(200, BEST_BID, 99, 3, 205)
      .events()
    const feed = LobFeed.fromEvents(unitInstrument, told, { localBook: 'fused' })
    expect(((await run(feed, StatusOnly)).strategy as StatusOnly).log).toEqual([
      '5 syncing',
      '60 live',
      '95 empty',
      '205 live',
    ])
  })

  it('fills at the exchange as the depth says, whatever the ticker has told us', async () => {
    class Taker extends Strategy {
      override start(): void {
        this.after(56, () => this.buy({ type: 'market', size: 1 }))
      }
    }
    const prices = async (kind: LocalBookKind): Promise<number[]> => [
      ...(await run(feedOf(kind), Taker)).record.fills.price,
    ]
    expect(await prices('fused')).toEqual([101])
    expect(await prices('depth')).toEqual([101])
  })

  it('gives ticks and bars the touch of that book', () => {
    const touch = (kind: LocalBookKind): unknown[] => {
      const { time, bidPrice } = TickFeed.of(feedOf(kind)).quotes()
      return [...time].map((at, i) => [at, bidPrice[i]])
    }
    expect(touch('fused').slice(0, 2)).toEqual([
      [50, 99],
      [105, 100],
    ])
    expect(touch('depth').slice(0, 2)).toEqual([
      [50, 99],
      [150, 100],
    ])
  })

  it('is refused where the exchange reads single orders', async () => {
    const orders = new Tape().row(1, eventCode(EventKind.OrderAdd, 1), 99, 5).events()
    const feed = LobFeed.fromEvents(unitInstrument, orders, { localBook: 'fused' })
    await expect(run(feed, Watcher, 'l3')).rejects.toThrow(
      /^UNSUPPORTED: exchange "l3" reads single orders, and a fused local book of UNIT/,
    )
  })
})

/** The rows of a session as if a ticker had told them. */
function tickerOf(rows: EventColumns): EventColumns {
  const code = rows.code.map((c) => ((c & KIND_MASK) === EventKind.DepthSet ? c + 5 : 0))
  return { ...rows, code }
}

/** Rows of a kind alone. */
function only(rows: EventColumns, kind: EventKind): EventColumns {
  const kept = sliceEvents(rows, 0, rows.length)
  let length = 0
  for (let i = 0; i < rows.length; i++) {
    if ((rows.code[i]! & KIND_MASK) !== kind) continue
    for (const name of [
      'localTime',
      'exchTime',
      'code',
      'tick',
      'lots',
      'orderRef',
      'seq',
    ] as const)
      kept[name][length] = rows[name][i]!
    length++
  }
  return sliceEvents(kept, 0, length)
}

/** Quotes now and then, and writes down what it saw. */
class Quoter extends Strategy {
  readonly log: string[] = []
  override start(): void {
    this.every('2s')
  }
  override onTimer(): void {
    const { bestBidTicks, bestAskTicks, version, bestBid } = this.book
    this.log.push(`${this.now} ${bestBidTicks} ${bestAskTicks} ${version}`)
    if (Number.isFinite(bestBid)) this.buy({ price: bestBid, size: 0.001, tif: 'GTX' })
  }
}

describe('a fused feed from a store', () => {
  const path = temporaryFolder()
  // Both pass midnight.
  const book = session(90_000, 3, DAY - 100_000_000_000)
  const ticker = only(tickerOf(session(90_000, 4, DAY - 90_000_000_000)), EventKind.Bbo)
  const dir = path()
  makeStore(dir, { l2: book, bbo: ticker })

  it('runs alike in memory, within a budget of memory, and shared with another thread', async () => {
    const options = { symbol: instrument.symbol, localBook: 'fused' } as const
    const whole = await LobFeed.open(dir, options)
    const streamed = await LobFeed.open(dir, { ...options, memory: '64MB' })
    const shared = LobFeed.fromShared(whole.share())
    const told = async (feed: LobFeed): Promise<unknown> => {
      const { record, strategy } = await run(feed, Quoter)
      const { log } = strategy as Quoter
      expect(log.length).toBeGreaterThan(50)
      return [record.runHash, record.events, record.mids.length, log]
    }
    const expected = await told(whole)
    expect(whole.tape.length).toBe(book.length + ticker.length)
    expect(await told(streamed)).toEqual(expected)
    expect(await told(shared)).toEqual(expected)
    const depth = await run(await LobFeed.open(dir, { symbol: instrument.symbol }), Quoter)
    expect((depth.strategy as Quoter).log).not.toEqual((expected as unknown[])[3])
  })

  it('begins with a ticker that begins on a later day', async () => {
    const late = path()
    const from = ticker.localTime.findIndex((time) => time > DAY)
    makeStore(late, { l2: book, bbo: sliceEvents(ticker, from, ticker.length) })
    const feed = await LobFeed.open(late, { symbol: instrument.symbol, localBook: 'fused' })
    expect(feed.tape.length).toBe(book.length + ticker.length - from)
    const streamed = await LobFeed.open(late, {
      symbol: instrument.symbol,
      localBook: 'fused',
      memory: '64MB',
    })
    expect((await run(streamed, Quoter)).record.runHash).toBe(
      (await run(feed, Quoter)).record.runHash,
    )
  })

  it('says in one sentence what it lacks', async () => {
    const bare = path()
    makeStore(bare, { l2: sliceEvents(book, 0, 100) })
    const open = (at: string, more: object): Promise<LobFeed> =>
      LobFeed.open(at, { symbol: instrument.symbol, localBook: 'fused', ...more })
    await expect(open(bare, {})).rejects.toThrow(
      /^OUT_OF_RANGE: local book "fused" needs the ticker of BTCUSDT, and store .* has no rows of kind bbo/,
    )
    await expect(open(dir, { memory: '30MB' })).rejects.toThrow(
      /^BAD_ARGUMENT: a memory budget of 30MB is too small to stream a book and its ticker; they need 60MB/,
    )
    await expect(open(dir, { kind: 'bbo' })).rejects.toThrow(
      /^BAD_ARGUMENT: local book "fused" is made of price levels .* kind bbo/,
    )
    await expect(open(dir, { localBook: 'fuse' })).rejects.toThrow(
      /^BAD_ARGUMENT: local book "fuse" is none of depth, fused; did you mean "fused"\?/,
    )
  })
})
