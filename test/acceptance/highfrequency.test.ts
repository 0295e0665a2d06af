/**
 * Alignment of trades and quotes, trade direction, and bars of ticks against the R package
 * highfrequency 1.0.1 (run in R 4.2.2), row by row.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import {
  LobFeed,
  TickFeed,
  businessTimeBars,
  leeReady,
  matchTradesQuotes,
  resampleBars,
} from '../../src/feed/index.ts'
import {
  EventKind,
  EventWriter,
  Instrument,
  eventCode,
  type QuoteColumns,
  type TradeColumns,
} from '../../src/market/index.ts'
import { describeWithData, sharedPath } from '../shared-data.ts'

type Row = Readonly<Record<string, string>>

/** 2018-01-02, UTC. New York trades from 14:30 to 21:00. */
const EPOCH_S = 1_514_851_200
const epochNs = BigInt(EPOCH_S) * 1_000_000_000n
const DAY = 86_400e9

function read(name: string): Row[] {
  const path = sharedPath(`acceptance/r_highfrequency/${name}.csv.gz`)
  const [head = '', ...lines] = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n')
  const names = head.split(',')
  return lines.map((line) => {
    const fields = line.split(',')
    return Object.fromEntries(names.map((key, i) => [key, fields[i]!]))
  })
}

/** ns since the epoch; the files have microseconds. */
function timeOf(row: Row): number {
  const [seconds = '', fraction = ''] = row['DT']!.split('.')
  return (Number(seconds) - EPOCH_S) * 1e9 + Number(fraction.padEnd(6, '0')) * 1e3
}

const numbers = (rows: readonly Row[], name: string): Float64Array =>
  Float64Array.from(rows, (row) => Number(row[name]))

function tradesIn(rows: readonly Row[]): TradeColumns {
  return {
    length: rows.length,
    epochNs,
    time: Float64Array.from(rows, timeOf),
    price: numbers(rows, 'PRICE'),
    size: numbers(rows, 'SIZE'),
    side: new Int8Array(rows.length),
  }
}

function quotesIn(rows: readonly Row[]): QuoteColumns {
  return {
    length: rows.length,
    epochNs,
    time: Float64Array.from(rows, timeOf),
    bidPrice: numbers(rows, 'BID'),
    askPrice: numbers(rows, 'OFR'),
    bidVolume: numbers(rows, 'BIDSIZ'),
    askVolume: numbers(rows, 'OFRSIZ'),
  }
}

const onDay = (rows: readonly Row[], day: number): Row[] =>
  rows.filter((row) => Math.floor(timeOf(row) / DAY) === day)

/** Rows of lag 0 whose midpoint in the file is not the double that R had. */
const OTHER_ROWS = [151, 2386, 4867, 5447, 6899]

describeWithData('the R package highfrequency', () => {
  const tradeRows = read('sampleTData')
  const quoteRows = read('sampleQData')
  const days = [0, 1]

  // R rolls the last quote at or before (trade time - lag) forward, a quote of that very moment
  // included, day by day; a trade before the first such quote of its day gets the day's first one.
  it.each([
    ['0s', 'ref_matchTradesQuotes_lag0_LeeReady'],
    ['2s', 'ref_matchTradesQuotes_lag2_LeeReady'],
  ])('matchTradesQuotes, lag %s: every quote of every trade', (lag, file) => {
    const reference = read(file)
    const found = days.flatMap((day) => {
      const trades = tradesIn(onDay(tradeRows, day))
      const quotes = quotesIn(onDay(quoteRows, day))
      const matched = matchTradesQuotes(trades, quotes, { lag, atStart: 'first' })
      return Array.from(matched.quoteRow, (_, i) => [
        trades.time[i],
        matched.bidPrice[i],
        matched.askPrice[i],
        matched.bidVolume[i],
        matched.askVolume[i],
      ])
    })
    const expected = reference.map((row) => [
      timeOf(row),
      Number(row['BID']),
      Number(row['OFR']),
      Number(row['BIDSIZ']),
      Number(row['OFRSIZ']),
    ])
    expect(found.length).toBe(7168)
    expect(found).toEqual(expected)
  })

  /** Directions by our rule on the quotes of a reference file, both days in a row as in R. */
  function directions(reference: readonly Row[], tolerance?: number): Int8Array {
    const bid = numbers(reference, 'BID')
    const ask = numbers(reference, 'OFR')
    const mid = bid.map((price, i) => (price + ask[i]!) / 2)
    return leeReady(numbers(reference, 'PRICE'), mid, { tolerance })
  }

  // R compares the price with (BID + OFR) / 2 in doubles, so most prices at a midpoint that has no
  // exact double count as above or below it. At the midpoint it looks back two trades at most, which
  // is as far as any row of lag 2 needs.
  it('getTradeDirection, lag 2: every row, with the midpoint compared in doubles', () => {
    const reference = read('ref_matchTradesQuotes_lag2_LeeReady')
    expect([...directions(reference, 0)]).toEqual(reference.map((row) => Number(row['direction'])))
  })

  it('getTradeDirection, lag 0: every row but those whose doubles the file has rounded', () => {
    const reference = read('ref_matchTradesQuotes_lag0_LeeReady')
    const found = directions(reference, 0)
    const other = reference.flatMap((row, i) => (Number(row['direction']) === found[i] ? [] : [i]))
    expect(other).toEqual(OTHER_ROWS)
    // In each of these the price is at the midpoint in decimals, and R agrees with the tick rule.
    const exact = directions(reference)
    for (const i of other) {
      const { BID, OFR, PRICE, direction } = reference[i]!
      expect(Number(BID) + Number(OFR)).toBeCloseTo(2 * Number(PRICE), 9)
      expect(exact[i]).toBe(Number(direction))
    }
  })

  it('differs from the exact rule only where a price is at the midpoint in decimals', () => {
    const reference = read('ref_matchTradesQuotes_lag0_LeeReady')
    const exact = directions(reference)
    const other = reference.filter((row, i) => Number(row['direction']) !== exact[i])
    expect(other.length).toBe(204)
    for (const { BID, OFR, PRICE } of other)
      expect(Number(BID) + Number(OFR)).toBeCloseTo(2 * Number(PRICE), 9)
  })

  const grid = new Instrument({
    venue: 'test',
    symbol: 'SAMPLE',
    kind: 'equity',
    base: 'SAMPLE',
    quote: 'USD',
    tickSize: '0.0001',
    lotSize: '1',
  })
  const writer = new EventWriter(epochNs, tradeRows.length)
  for (const row of tradeRows) {
    const time = timeOf(row)
    const ticks = grid.ticksOf(Number(row['PRICE']))
    writer.push(time, time, eventCode(EventKind.Trade, 0), ticks, Number(row['SIZE']))
  }
  const feed = TickFeed.of(LobFeed.fromEvents(grid, writer.finish()))
  const ticks = feed.bars({ by: 'tick' }).bars

  // Bars of R cover [start, end) and stand at their end; the last one, ours too, is not over when the
  // data end and is given out all the same.
  it('makeOHLCV, 5 minutes: every bar', () => {
    const made = feed.bars({ by: 'time', every: '5m' }, { keepLast: true }).bars
    const found = Array.from(made.time, (time, i) => [
      i === made.length - 1 ? DAY + 21 * 3600e9 : time,
      made.open[i],
      made.high[i],
      made.low[i],
      made.close[i],
      made.volume[i],
    ])
    const expected = read('ref_makeOHLCV_5min').map((row) => [
      timeOf(row),
      ...['OPEN', 'HIGH', 'LOW', 'CLOSE', 'VOLUME'].map((name) => Number(row[name])),
    ])
    expect(found.length).toBe(156)
    expect(found).toEqual(expected)
  })

  // The price of R at a time is the last one at or before it; each day begins with a row of its
  // first price at the open.
  it('aggregatePrice, 5 minutes: every price', () => {
    const made = resampleBars(ticks, { timeframe: 'minutes', compression: 5 })
    const open = 14.5 * 3600e9
    const found = days.flatMap((day) => {
      const first = ticks.time.findIndex((time) => time >= day * DAY)
      const opening = [day * DAY + open, ticks.close[first]]
      const rows = Array.from(made.time, (time, i) => [
        // The last bar of all stands at its last tick: nobody has seen the end of its period.
        i === made.length - 1 ? DAY + 21 * 3600e9 : time,
        made.close[i],
      ]).filter(([time]) => Math.floor(time! / DAY) === day)
      return [opening, ...rows]
    })
    const expected = read('ref_aggregatePrice_5min').map((row) => [
      timeOf(row),
      Number(row['PRICE']),
    ])
    expect(found.length).toBe(158)
    expect(found).toEqual(expected)
  })

  // R puts a trade that reaches a border of shares behind it, adds the first share to the second, and
  // so has the very last trade in a share of its own.
  it('businessTimeAggregation, volume, 390 shares: every bar, but for both ends', () => {
    const day = feed.filter({ where: ({ time }) => time < DAY }).bars({ by: 'tick' }).bars
    const made = businessTimeBars(day, { parts: 390 })
    const found = Array.from(made.time, (time, i) => [time, made.close[i], made.volume[i]])
    const expected = read('ref_businessTime_volume390_day1').map((row) => [
      timeOf(row),
      Number(row['PRICE']),
      Number(row['SIZE']),
    ])
    const volume = ([a, b]: readonly [number, number], rows: (number | undefined)[][]): number =>
      rows.slice(a, b).reduce((sum, row) => sum + row[2]!, 0)
    expect(expected.length).toBe(377)
    expect(found.slice(2, -1)).toEqual(expected.slice(1, -2))
    expect(found[1]!.slice(0, 2)).toEqual(expected[0]!.slice(0, 2))
    expect(volume([0, 2], found)).toBe(volume([0, 1], expected))
    expect(found.at(-1)!.slice(0, 2)).toEqual(expected.at(-1)!.slice(0, 2))
    expect(found.at(-1)![2]).toBe(expected.at(-1)![2]! + expected.at(-2)![2]!)
  })
})
