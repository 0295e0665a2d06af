import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Tape, unitInstrument } from '../../../test/tape.ts'
import { cffexCalendar, type BarColumns } from '../../market/index.ts'
import { formatInstant, instantNs } from '../../time/index.ts'
import { CsvBars } from '../csv-bars.ts'
import { LobFeed } from '../lob-feed.ts'
import { TickFeed } from '../tick-feed.ts'
import { businessTimeBars } from './business-time.ts'
import { resample } from './resample.ts'
import { resampleBars, type ResampleOptions } from './resample-bars.ts'

const epochNs = instantNs('2024-11-04')

/** Bars at these moments; bar i opens at i, closes at i + 0.5, is 1 high, and has volume i + 1. */
function barsAt(moments: readonly string[]): BarColumns {
  const at = (of: (i: number) => number): Float64Array =>
    Float64Array.from(moments, (_, i) => of(i))
  return {
    length: moments.length,
    symbol: 'X',
    epochNs,
    time: Float64Array.from(moments, (text) => Number(instantNs(text) - epochNs)),
    open: at((i) => i),
    high: at((i) => i + 1),
    low: at((i) => i),
    close: at((i) => i + 0.5),
    volume: at((i) => i + 1),
    openInterest: at((i) => i * 10),
  }
}

/** [time, open, close, volume] of each bar. */
function made(moments: readonly string[], options: ResampleOptions): (string | number)[][] {
  const bars = resampleBars(barsAt(moments), options)
  return Array.from(bars.time, (time, i) => [
    formatInstant(epochNs + BigInt(time)).slice(5, 16),
    bars.open[i]!,
    bars.close[i]!,
    bars.volume[i]!,
  ])
}
const minutes = (texts: readonly string[]): string[] => texts.map((text) => `2024-11-04T${text}Z`)

describe('bars of minutes from bars', () => {
  it('take in a bar that is stamped with their end, and stand there', () => {
    const times = minutes(['09:01', '09:04', '09:05', '09:06', '09:10'])
    expect(made(times, { timeframe: 'minutes', compression: 5 })).toEqual([
      ['11-04T09:05', 0, 2.5, 6],
      ['11-04T09:10', 3, 4.5, 9],
    ])
  })

  it('take it into the next where stamps say when bars begin', () => {
    const times = minutes(['09:01', '09:04', '09:05', '09:06'])
    const options = { timeframe: 'minutes', compression: 5, stamped: 'start' } as const
    expect(made(times, options)).toEqual([
      ['11-04T09:05', 0, 1.5, 3],
      ['11-04T09:06', 2, 3.5, 7],
    ])
  })

  it('give out the last one as it is, at its last bar, or drop it', () => {
    const times = minutes(['09:05', '09:07', '09:08'])
    const options = { timeframe: 'minutes', compression: 5 } as const
    expect(made(times, options).at(-1)).toEqual(['11-04T09:08', 1, 2.5, 5])
    expect(made(times, { ...options, last: 'drop' }).length).toBe(1)
  })

  it('begin anew at each midnight of the zone', () => {
    const times = [
      '2024-11-04T15:59Z',
      '2024-11-04T16:00Z',
      '2024-11-04T16:01Z',
      '2024-11-04T16:08Z',
    ]
    const options = { timeframe: 'minutes', compression: 7, timeZone: 'Asia/Shanghai' } as const
    expect(made(times, options)).toEqual([
      ['11-04T16:00', 0, 1.5, 3],
      ['11-04T16:07', 2, 2.5, 3],
      ['11-04T16:08', 3, 3.5, 4],
    ])
  })

  it('in sessions count from the open, end with it, and leave out what is closed', () => {
    const times = minutes(['01:31', '02:30', '02:31', '03:30', '04:00', '05:01', '07:00', '07:01'])
    const options = { timeframe: 'hours', calendar: cffexCalendar() } as const
    expect(made(times, options)).toEqual([
      ['11-04T02:30', 0, 1.5, 3],
      ['11-04T03:30', 2, 3.5, 7],
      ['11-04T06:00', 5, 5.5, 6],
      ['11-04T07:00', 6, 6.5, 7],
    ])
  })

  it('are as high and as low as any bar in them', () => {
    const bars = resampleBars(barsAt(minutes(['09:01', '09:02', '09:03'])), {
      timeframe: 'minutes',
      compression: 3,
    })
    expect([bars.high[0], bars.low[0], bars.openInterest[0]]).toEqual([3, 0, 20])
  })
})

describe('bars of days and more from bars', () => {
  it('of bars within the day end with the bar of midnight', () => {
    const times = [
      '2024-11-04T23:59Z',
      '2024-11-05T00:00Z',
      '2024-11-05T00:01Z',
      '2024-11-05T12:00Z',
    ]
    expect(made(times, { timeframe: 'days' })).toEqual([
      ['11-05T00:00', 0, 1.5, 3],
      ['11-05T12:00', 2, 3.5, 7],
    ])
  })

  it('of dates hold the date at which a bar stands', () => {
    const days = [
      '2024-11-04',
      '2024-11-08',
      '2024-11-11',
      '2024-11-29',
      '2024-12-02',
      '2025-01-02',
    ]
    expect(made(days, { timeframe: 'weeks' }).map(([time]) => time)).toEqual([
      '11-08T00:00',
      '11-11T00:00',
      '11-29T00:00',
      '12-02T00:00',
      '01-02T00:00',
    ])
    expect(made(days, { timeframe: 'months' })).toEqual([
      ['11-29T00:00', 0, 3.5, 10],
      ['12-02T00:00', 4, 4.5, 5],
      ['01-02T00:00', 5, 5.5, 6],
    ])
    expect(made(days, { timeframe: 'years' }).length).toBe(2)
  })

  it('of trading days hold an evening before', () => {
    const times = [
      '2024-11-04T00:30Z',
      '2024-11-04T14:00Z',
      '2024-11-04T23:30Z',
      '2024-11-05T20:00Z',
    ]
    const calendar = cffexCalendar().with({
      specialDays: {
        '2024-11-05': [{ phase: 'continuous', from: '-1d 21:00', to: '15:00' }],
        '2024-11-04': [{ phase: 'continuous', from: '08:00', to: '15:00' }],
      },
    })
    expect(made(times, { timeframe: 'days', calendar })).toEqual([
      ['11-04T00:30', 0, 0.5, 1],
      ['11-04T23:30', 1, 2.5, 5],
    ])
  })

  it('count periods that have bars, from the first', () => {
    const days = ['2024-11-04', '2024-11-05', '2024-11-08', '2024-11-11', '2024-11-12']
    expect(made(days, { timeframe: 'days', compression: 2 })).toEqual([
      ['11-05T00:00', 0, 1.5, 3],
      ['11-11T00:00', 2, 3.5, 7],
      ['11-12T00:00', 4, 4.5, 5],
    ])
  })
})

describe('bars of bars by count', () => {
  it('hold that many', () => {
    const times = minutes(['09:01', '09:02', '09:03'])
    expect(made(times, { timeframe: 'ticks', compression: 2 })).toEqual([
      ['11-04T09:02', 0, 1.5, 3],
      ['11-04T09:03', 2, 2.5, 3],
    ])
  })
})

describe('resampled bars of any kind', () => {
  it('hold every bar once and lie within the times of the feed', () => {
    const options = fc.record({
      timeframe: fc.constantFrom('minutes', 'hours', 'days', 'weeks', 'months', 'ticks'),
      compression: fc.integer({ min: 1, max: 9 }),
      stamped: fc.constantFrom('start', 'end'),
    })
    const steps = fc.array(fc.integer({ min: 1, max: 100_000 }), {
      minLength: 1,
      maxLength: 50,
      size: 'max',
    })
    fc.assert(
      fc.property(steps, options, (gaps, given) => {
        let time = 0
        const fed = barsAt(
          gaps.map((gap) => formatInstant(epochNs + BigInt((time += gap)) * 1_000_000_000n)),
        )
        const bars = resampleBars(fed, given)
        const sum = (column: Float64Array): number => column.reduce((a, b) => a + b, 0)
        expect(sum(bars.volume)).toBe(sum(fed.volume))
        expect([bars.open[0], bars.close[bars.length - 1]]).toEqual([fed.open[0], fed.close.at(-1)])
        expect(() => CsvBars.fromBars(bars)).not.toThrow()
      }),
    )
  })

  it.each<[Partial<ResampleOptions>, RegExp]>([
    [
      { timeframe: 'fortnights' as 'weeks' },
      /BAD_ARGUMENT.*"fortnights"; expected ticks, .* or years/,
    ],
    [{ compression: 0 }, /BAD_ARGUMENT.*compression.*was 0/],
    [{ compression: 1.5 }, /BAD_ARGUMENT.*compression.*was 1.5/],
    [{ timeZone: 'Mars' }, /BAD_ARGUMENT.*"Mars"/],
    [{ last: 'drop' }, /TOO_FEW_ROWS.*X complete no bar of 5 minutes/],
  ])('%j is an error', (part, message) => {
    const options = { timeframe: 'minutes', compression: 5, ...part } as const
    expect(() => resampleBars(barsAt(minutes(['09:01'])), options)).toThrow(message)
  })
})

describe('feeds', () => {
  const minute = 60e9
  const events = new Tape()
    .snapshot(0, [[100, 6]], [[102, 2]])
    .trade(minute / 2, 1, 102, 1)
    .trade(minute, 1, 103, 2)
    .bid(2 * minute - 1, 101, 3)
    .trade(2 * minute, -1, 101, 4)
    .trade(2 * minute + 7, -1, 100, 5)
    .events()
  const feed = LobFeed.fromEvents(unitInstrument, { ...events, epochNs })

  it('of ticks make bars with the touch of the book as lines', () => {
    const { bars, source } = resample(feed, { timeframe: 'minutes' })
    expect([...bars.time]).toEqual([minute, 2 * minute])
    expect([...bars.volume]).toEqual([1, 2])
    expect([...bars.quotes!.bidPrice]).toEqual([100, 101])
    expect([...bars.quotes!.imbalance]).toEqual([4 / 8, 1 / 5])
    expect(source).toContain('bars by time 1m 00s')
  })

  it('of ticks make bars of days out of all their trades', () => {
    const { bars } = resample(TickFeed.of(feed), { timeframe: 'days' })
    expect([...bars.time, ...bars.volume, ...bars.close]).toEqual([2 * minute + 7, 12, 100])
    expect(bars.quotes!.bidVolume[0]).toBe(3)
  })

  it('of ticks make bars by count', () => {
    const { bars } = resample(feed, { timeframe: 'ticks', compression: 2 })
    expect([...bars.volume]).toEqual([3, 9])
  })

  it('of bars keep their lines', () => {
    const fine = TickFeed.of(feed).bars({ by: 'time', every: '1m' })
    const { bars, source, instrument } = resample(fine, { timeframe: 'minutes', compression: 2 })
    expect([bars.length, bars.time[0], bars.volume[0], bars.quotes!.askPrice[0]]).toEqual([
      1,
      2 * minute,
      3,
      102,
    ])
    expect([source.endsWith('resampled to 2 minutes'), instrument]).toEqual([true, unitInstrument])
  })
})

describe('business time', () => {
  it('gives each bar an equal share of the volume', () => {
    // 1 + 2 + 3 + 4 + 5 + 6 = 21: thirds end at 7 and 14, after the bars 3 (6), 4 (10) and 6.
    const bars = businessTimeBars(
      barsAt(minutes(['09:01', '09:02', '09:03', '09:04', '09:05', '09:06'])),
      {
        parts: 3,
      },
    )
    expect([...bars.volume]).toEqual([6, 4, 11])
    expect([...bars.open]).toEqual([0, 3, 4])
  })

  it('gives each bar an equal share of the bars', () => {
    const bars = businessTimeBars(barsAt(minutes(['09:01', '09:02', '09:03', '09:04'])), {
      of: 'bars',
      parts: 2,
    })
    expect([...bars.open]).toEqual([0, 2])
  })

  it('leaves out shares that one large bar has passed over', () => {
    const bars = businessTimeBars(barsAt(minutes(['09:01', '09:02'])), { parts: 30 })
    expect(bars.length).toBe(2)
  })

  it('needs shares', () => {
    expect(() => businessTimeBars(barsAt([]), { parts: 2 })).toThrow(/BAD_ARGUMENT.*no volume/)
    expect(() => businessTimeBars(barsAt([]), { parts: 0 })).toThrow(/BAD_ARGUMENT.*was 0/)
  })
})
