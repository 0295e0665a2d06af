import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Tape, inverseInstrument, unitInstrument } from '../../test/tape.ts'
import { OrderBook } from '../book/index.ts'
import { memoryTape, type BarColumns, type EventColumns, type Side } from '../market/index.ts'
import { LobFeed } from './lob-feed.ts'
import { simulateMarket } from './simulated-market/simulated-market.ts'
import { TickFeed } from './tick-feed.ts'
import type { BarRule } from './bars/bar-rule.ts'
import { tradeBars } from './bars/trade-bars.ts'

const start = (): Tape => new Tape().snapshot(0, [[100, 6]], [[102, 2]])
const window = { fromTime: Number.NEGATIVE_INFINITY, toTime: Number.POSITIVE_INFINITY }
const bars = (events: EventColumns, rule: BarRule): BarColumns =>
  tradeBars({ instrument: unitInstrument, tape: memoryTape(events), ...window }, rule)
const rows = (made: BarColumns): number[][] =>
  [...made.time].map((time, i) => [
    time,
    made.open[i]!,
    made.high[i]!,
    made.low[i]!,
    made.close[i]!,
    made.volume[i]!,
  ])

describe('bars by time', () => {
  const tape = start()
    .trade(5, 1, 102, 3)
    .trade(9, -1, 100, 1)
    .bid(9, 100, 4)
    .bid(10, 101, 8)
    .trade(10, 1, 103, 2)
    .trade(35, 1, 104, 1)
    .trade(41, 1, 105, 1)
  const made = bars(tape.events(), { by: 'time', every: 10 })

  it('cover [start, end), stand at their end, leave out what is empty and what is not complete', () => {
    expect(rows(made)).toEqual([
      [10, 102, 102, 100, 100, 4],
      [20, 103, 103, 103, 103, 2],
      [40, 104, 104, 104, 104, 1],
    ])
  })

  it('carry the touch as of the moment before their end, never a later one', () => {
    const { bidPrice, bidVolume, askPrice, spread, imbalance } = made.quotes!
    expect([bidPrice[0], bidVolume[0], askPrice[0], spread[0]]).toEqual([100, 4, 102, 2])
    expect(imbalance[0]).toBeCloseTo((4 - 2) / 6, 12)
    expect([bidPrice[1], bidVolume[1], spread[1]]).toEqual([101, 8, 1])
  })
})

describe('bars by what has traded', () => {
  const tape = start()
    .trade(1, 1, 102, 2)
    .trade(2, -1, 100, 1)
    .trade(3, 1, 102, 5)
    .trade(3, 1, 103, 1)
    .trade(4, -1, 100, 2)
  it.each([
    [{ by: 'trades', count: 2 }, [2, 3]],
    [{ by: 'volume', size: 3 }, [2, 3]],
    [{ by: 'value', value: 400 }, [3]],
    [{ by: 'imbalance', size: 6 }, [3]],
  ] as const)('%j end at %j: whole trades, those of one moment together', (rule, times) => {
    expect([...bars(tape.events(), rule).time]).toEqual(times)
  })

  it('count value in the settlement currency of an inverse contract', () => {
    const events = start().trade(1, 1, 100, 50).trade(2, 1, 100, 50).trade(3, 1, 100, 1).events()
    const made = tradeBars(
      { instrument: inverseInstrument, tape: memoryTape(events), ...window },
      { by: 'value', value: 1 },
    )
    expect([...made.time]).toEqual([2])
  })

  it.each([
    [{ by: 'trades', count: 0 }, /BAD_ARGUMENT.*positive/],
    [{ by: 'volume', size: Number.NaN }, /BAD_ARGUMENT.*NaN/],
    [{ by: 'time', every: 0 }, /BAD_ARGUMENT.*above 0/],
    [{ by: 'volume', size: 1e9 }, /TOO_FEW_ROWS.*complete no bar by volume/],
  ] as const)('%j is an error', (rule, message) => {
    expect(() => bars(tape.events(), rule)).toThrow(message)
  })
})

interface Moment {
  readonly time: number
  readonly trades: { side: Side | 0; price: number; size: number }[]
}

/** The rule in the most obvious code, over lists of trades by moment. */
function obviousBars(moments: readonly Moment[], rule: BarRule): number[][] {
  const made: number[][] = []
  let held: Moment['trades'] = []
  const give = (time: number): void => {
    const prices = held.map(({ price }) => price)
    const volume = held.reduce((sum, { size }) => sum + size, 0)
    made.push([time, prices[0]!, Math.max(...prices), Math.min(...prices), prices.at(-1)!, volume])
    held = []
  }
  let end = 0
  for (const { time, trades } of moments) {
    if (rule.by === 'time') {
      const every = Number(rule.every)
      if (held.length > 0 && time >= end) give(end)
      end = (Math.floor(time / every) + 1) * every
    }
    held.push(...trades)
    const sum = (of: (trade: Moment['trades'][0]) => number): number =>
      held.reduce((total, trade) => total + of(trade), 0)
    const isFull =
      (rule.by === 'trades' && held.length >= rule.count) ||
      (rule.by === 'volume' && sum(({ size }) => size) >= rule.size) ||
      (rule.by === 'value' && sum(({ size, price }) => size * price) >= rule.value) ||
      (rule.by === 'imbalance' && Math.abs(sum(({ side, size }) => side * size)) >= rule.size)
    if (isFull) give(time)
  }
  return made
}

const rule: fc.Arbitrary<BarRule> = fc.oneof(
  fc.integer({ min: 1, max: 30 }).map((every): BarRule => ({ by: 'time', every })),
  fc.integer({ min: 1, max: 6 }).map((count): BarRule => ({ by: 'trades', count })),
  fc.integer({ min: 1, max: 20 }).map((size): BarRule => ({ by: 'volume', size })),
  fc.integer({ min: 1, max: 2000 }).map((value): BarRule => ({ by: 'value', value })),
  fc.integer({ min: 1, max: 12 }).map((size): BarRule => ({ by: 'imbalance', size })),
)

describe('bars of any kind', () => {
  it('equal the obvious twin', () => {
    const trade = fc.record({
      side: fc.constantFrom<Side>(1, -1),
      price: fc.integer({ min: 95, max: 105 }),
      size: fc.integer({ min: 1, max: 5 }),
    })
    const moment = fc.record({
      wait: fc.integer({ min: 1, max: 15 }),
      trades: fc.array(trade, { maxLength: 3 }),
    })
    fc.assert(
      fc.property(rule, fc.array(moment, { maxLength: 60, size: 'max' }), (given, steps) => {
        const tape = start()
        let time = 0
        const moments = steps.map(({ wait, trades }): Moment => {
          time += wait
          tape.bid(time, 100, 1 + (time % 7))
          for (const { side, price, size } of trades) tape.trade(time, side, price, size)
          return { time, trades }
        })
        const expected = obviousBars(moments, given)
        if (expected.length === 0) expect(() => bars(tape.events(), given)).toThrow(/TOO_FEW_ROWS/)
        else expect(rows(bars(tape.events(), given))).toEqual(expected)
      }),
    )
  })

  it('lose no trade but those of the last, open bar', () => {
    const { instrument, events } = simulateMarket({ seed: 3, durationNs: 60e9 })
    const feed = TickFeed.of(LobFeed.fromEvents(instrument, events))
    const made = feed.bars({ by: 'volume', size: 5 }).bars
    const ticks = [...feed.ticks()]
    const last = made.epochNs + BigInt(made.time[made.length - 1]!)
    const given = ticks.filter(({ timestampNs }) => timestampNs <= last)
    const total = given.reduce((sum, { volume }) => sum + volume, 0)
    expect(made.volume.reduce((sum, volume) => sum + volume, 0)).toBeCloseTo(total, 6)
    expect(ticks.length).toBeGreaterThan(given.length)
    const book = new OrderBook(instrument)
    let row = 0
    while (row < events.length && events.localTime[row]! <= made.time[0]!) row++
    book.apply(events, 0, row)
    expect([made.quotes!.bidPrice[0], made.quotes!.askVolume[0]]).toEqual([
      book.bestBid,
      book.bestAskSize,
    ])
  })
})

describe('a tick feed', () => {
  const events = start().trade(5, 1, 102, 3).trade(9, -1, 100, 1).trade(12, 1, 103, 2).events()
  const feed = TickFeed.of(LobFeed.fromEvents(unitInstrument, events))

  it('gives each trade with its moment, side and id', () => {
    expect([...feed.ticks()].map((tick) => [tick.timestampNs, tick.price, tick.side])).toEqual([
      [5n, 102, 1],
      [9n, 100, -1],
      [12n, 103, 1],
    ])
    expect([...feed.ticks()][0]).toMatchObject({ symbol: 'UNIT', volume: 3, tradeId: 5 })
  })

  it('adds filters up', () => {
    const filtered = feed.filter({ side: 1 }).filter({ maxSize: 2 }).filter({ minPrice: 101 })
    expect([...filtered.ticks()].map(({ price }) => price)).toEqual([103])
    expect(filtered.bars({ by: 'trades', count: 1 }).bars.length).toBe(1)
  })

  it('keeps to the window of its feed', () => {
    const later = TickFeed.of(LobFeed.fromEvents(unitInstrument, events, { from: 6n, to: 10n }))
    expect([...later.ticks()].map(({ price }) => price)).toEqual([100])
    expect([...later.bars({ by: 'trades', count: 1 }).bars.time]).toEqual([9])
  })
})

describe('ticks one by one', () => {
  const events = start()
    .trade(5, 1, 102, 3)
    .ask(5, 103, 7)
    .ask(5, 102, 0)
    .trade(5, 1, 103, 1)
    .bid(6, 101, 2)
    .trade(7, -1, 101, 2)
    .events()
  const feed = TickFeed.of(LobFeed.fromEvents(unitInstrument, events))
  const made = feed.bars({ by: 'tick' })

  it('are a bar each, also those that reached us together', () => {
    expect(rows(made.bars)).toEqual([
      [5, 102, 102, 102, 102, 3],
      [5, 103, 103, 103, 103, 1],
      [7, 101, 101, 101, 101, 2],
    ])
  })

  it('carry the touch that they met: of all rows above them and none below', () => {
    const { bidPrice, askPrice, bidVolume, askVolume, spread, imbalance } = made.bars.quotes!
    expect([...askPrice]).toEqual([102, 103, 103])
    expect([...askVolume]).toEqual([2, 7, 7])
    expect([...bidPrice]).toEqual([100, 100, 101])
    expect([...bidVolume]).toEqual([6, 6, 2])
    expect([...spread]).toEqual([2, 3, 2])
    expect([...imbalance]).toEqual([4 / 8, -1 / 13, -5 / 9])
  })

  it('have no quotes before the book has', () => {
    const early = new Tape().trade(1, 1, 100, 1).bid(2, 99, 5).trade(3, 1, 100, 1).events()
    const { quotes } = TickFeed.of(LobFeed.fromEvents(unitInstrument, early)).bars({
      by: 'tick',
    }).bars
    expect([...quotes!.bidPrice]).toEqual([Number.NaN, 99])
    expect([...quotes!.spread, ...quotes!.imbalance]).toEqual(Array(4).fill(Number.NaN))
  })

  it('hold the same trades as the plain list', () => {
    const { instrument, events: many } = simulateMarket({ seed: 4, durationNs: 30e9 })
    const session = TickFeed.of(LobFeed.fromEvents(instrument, many))
    const { bars: all } = session.bars({ by: 'tick' })
    const ticks = [...session.ticks()]
    expect([...all.close]).toEqual(ticks.map(({ price }) => price))
    expect([...all.volume]).toEqual(ticks.map(({ volume }) => volume))
    // 999.2 - 999.1 is 0.1000000000000227 in doubles.
    expect([...all.quotes!.spread]).toEqual(
      [...all.quotes!.spread].map((spread) => Number(spread.toFixed(1))),
    )
    // In this market every trade executes at the touch that it meets, or deeper.
    const { bidPrice, askPrice } = all.quotes!
    const through = ticks.filter(({ side, price }, i) =>
      side > 0 ? price < askPrice[i]! : price > bidPrice[i]!,
    )
    expect(ticks.length).toBeGreaterThan(50)
    expect(through).toEqual([])
  })
})
