import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Tape, unitInstrument } from '../../../test/tape.ts'
import { OrderBook } from '../../book/index.ts'
import type { QuoteColumns, TradeColumns } from '../../market/index.ts'
import { LobFeed } from '../lob-feed.ts'
import { simulateMarket } from '../simulated-market/simulated-market.ts'
import { TickFeed } from '../tick-feed.ts'
import { matchTradesQuotes, type MatchOptions } from './match-trades-quotes.ts'
import { leeReady, tickRule, tradeSides } from './trade-direction.ts'

function trades(times: readonly number[], prices: readonly number[] = times): TradeColumns {
  return {
    length: times.length,
    epochNs: 0n,
    time: Float64Array.from(times),
    price: Float64Array.from(prices),
    size: new Float64Array(times.length).fill(1),
    side: new Int8Array(times.length),
  }
}

/** Quotes whose bid is their number and whose ask is 2 above. */
function quotes(times: readonly number[]): QuoteColumns {
  const bids = times.map((_, i) => i)
  return {
    length: times.length,
    epochNs: 0n,
    time: Float64Array.from(times),
    bidPrice: Float64Array.from(bids),
    askPrice: Float64Array.from(bids, (bid) => bid + 2),
    bidVolume: Float64Array.from(bids, (bid) => bid * 10),
    askVolume: Float64Array.from(bids, (bid) => bid * 20),
  }
}

const rows = (
  of: readonly number[],
  among: readonly number[],
  options?: MatchOptions,
): number[] => [...matchTradesQuotes(trades(of), quotes(among), options).quoteRow]

describe('a trade matched with its quote', () => {
  it.each<[string, MatchOptions, number[]]>([
    ['gets the last one at or before it', {}, [-1, 0, 0, 3, 3]],
    ['gets one that is as old as the lag', { lag: 2 }, [-1, -1, 0, 0, 3]],
    ['gets none of its own moment where that is asked for', { strict: true }, [-1, -1, 0, 0, 3]],
    [
      'gets the first one at the start where that is asked for',
      { lag: 2, atStart: 'first' },
      [0, 0, 0, 0, 3],
    ],
  ])('%s', (_, options, expected) => {
    expect(rows([1, 2, 4, 5, 7], [2, 5, 5, 5], options)).toEqual(expected)
  })

  it('carries what the quote says, NaN where there is none', () => {
    const { bidPrice, askPrice, bidVolume, askVolume, midPrice } = matchTradesQuotes(
      trades([1, 9]),
      quotes([2, 5]),
    )
    const columns = [bidPrice, askPrice, bidVolume, askVolume, midPrice]
    expect(columns.map((column) => column[0])).toEqual(Array(5).fill(Number.NaN))
    expect(columns.map((column) => column[1])).toEqual([1, 3, 10, 20, 2])
  })

  it('equals a plain search', () => {
    const times = fc
      .array(fc.integer({ min: 0, max: 3 }), { maxLength: 40, size: 'max' })
      .map((steps) => steps.map((_, i) => steps.slice(0, i + 1).reduce((a, b) => a + b, 0)))
    fc.assert(
      fc.property(times, times, fc.nat(4), fc.boolean(), (of, among, lag, strict) => {
        const plain = of.map((time) =>
          among.findLastIndex((quote) => (strict ? quote < time - lag : quote <= time - lag)),
        )
        expect(rows(of, among, { lag, strict })).toEqual(plain)
      }),
    )
  })

  it('needs one epoch', () => {
    const other = { ...quotes([1]), epochNs: 5n }
    expect(() => matchTradesQuotes(trades([1]), other)).toThrow(
      /BAD_ARGUMENT.*from 0, quotes from 5/,
    )
  })
})

describe('the direction of a trade', () => {
  it('by the tick rule is that of the last change of price', () => {
    expect([...tickRule(Float64Array.of(5, 5, 6, 6, 6, 4, 4, 5))]).toEqual([
      0, 0, 1, 1, 1, -1, -1, 1,
    ])
  })

  it('by Lee and Ready is the side of the midpoint, at it and without a quote the tick rule', () => {
    const prices = Float64Array.of(5, 6, 5, 5, 5, 7)
    const mids = Float64Array.of(4, 7, 5, 5, 6, Number.NaN)
    expect([...leeReady(prices, mids)]).toEqual([1, -1, -1, -1, -1, 1])
  })

  it('forgives what a decimal in a double is off by, unless told not to', () => {
    const prices = Float64Array.of(0.2, 0.3)
    const off = Float64Array.of(0.3, 0.3 * (1 + 4 * Number.EPSILON))
    expect([...leeReady(prices, off)]).toEqual([-1, 1])
    expect([...leeReady(prices, off, { tolerance: 0 })]).toEqual([-1, -1])
  })

  it("is the venue's where it tells", () => {
    const given = { ...trades([1, 2, 3], [5, 6, 5]), side: Int8Array.of(-1, 0, 0) }
    expect([...tradeSides(given, Float64Array.of(4, 4, 6))]).toEqual([-1, 1, -1])
  })

  it('needs a midpoint for each trade', () => {
    expect(() => leeReady(new Float64Array(2), new Float64Array(1))).toThrow(/2 prices and 1 mid/)
  })

  it('agrees with the aggressor in a market where every trade meets the touch', () => {
    const { instrument, events } = simulateMarket({ seed: 8, durationNs: 60e9 })
    const feed = TickFeed.of(LobFeed.fromEvents(instrument, events))
    const all = feed.trades()
    const { midPrice } = matchTradesQuotes(all, feed.quotes(), { strict: true })
    const inferred = leeReady(all.price, midPrice)
    const equal = inferred.filter((side, i) => side === all.side[i]).length
    expect(all.length).toBeGreaterThan(100)
    expect(equal / all.length).toBeGreaterThan(0.95)
  })
})

describe('trades and quotes of a feed', () => {
  const events = new Tape()
    .snapshot(10, [[100, 6]], [[102, 2]])
    .trade(11, 1, 102, 1)
    .ask(12, 102, 1)
    .ask(12, 102, 3)
    .bid(13, 99, 5)
    .ask(14, 102, 0)
    .trade(15, -1, 100, 2)
    .events()
  const feed = LobFeed.fromEvents(unitInstrument, events)

  it('are a row each time that the touch has changed, moments as a whole', () => {
    const { time, bidPrice, askPrice, bidVolume, askVolume } = TickFeed.of(feed).quotes()
    expect([...time]).toEqual([10, 12, 14])
    expect([...bidPrice]).toEqual([100, 100, 100])
    expect([...bidVolume]).toEqual([6, 6, 6])
    expect([...askPrice]).toEqual([102, 102, Number.NaN])
    expect([...askVolume]).toEqual([2, 3, Number.NaN])
  })

  it('hold the trades that pass the filters', () => {
    const { length, time, price, size, side } = TickFeed.of(feed).filter({ side: -1 }).trades()
    expect([length, ...time, ...price, ...size, ...side]).toEqual([1, 15, 100, 2, -1])
  })

  it('begin a window with the touch that it finds', () => {
    const window = LobFeed.fromEvents(unitInstrument, events, { from: 13n, to: 14n })
    const found = TickFeed.of(window).quotes()
    expect([...found.time]).toEqual([13, 14])
    expect([...found.askVolume]).toEqual([3, Number.NaN])
    expect(TickFeed.of(window).trades().length).toBe(0)
  })

  it('hold the touch from the start of a window on, also where no moment falls on it', () => {
    const tape = new Tape().snapshot(10, [[100, 6]], [[102, 2]]).trade(20, 1, 102, 1)
    const window = LobFeed.fromEvents(unitInstrument, tape.events(), { from: 15n })
    const ticks = TickFeed.of(window)
    expect([...ticks.quotes().time, ...ticks.quotes().bidPrice]).toEqual([15, 100])
    expect([...matchTradesQuotes(ticks.trades(), ticks.quotes(), { lag: 4 }).quoteRow]).toEqual([0])
  })

  it('show the touch of the book at every moment', () => {
    const { instrument, events: many } = simulateMarket({ seed: 9, durationNs: 20e9 })
    const found = TickFeed.of(LobFeed.fromEvents(instrument, many)).quotes()
    const book = new OrderBook(instrument)
    let row = 0
    let quote = -1
    while (row < many.length) {
      const time = many.localTime[row]!
      let to = row
      while (to < many.length && many.localTime[to] === time) to++
      book.apply(many, row, to)
      row = to
      while (quote + 1 < found.length && found.time[quote + 1]! <= time) quote++
      if (quote < 0) continue
      expect([found.bidPrice[quote], found.askVolume[quote]]).toEqual([
        book.bestBid,
        book.bestAskSize,
      ])
    }
    expect(found.length).toBeGreaterThan(50)
  })
})
