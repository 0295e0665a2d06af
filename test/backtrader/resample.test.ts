/** Resampled bars against backtrader's own files and runs. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Cerebro, Strategy } from '../../src/engine/index.ts'
import { CsvBars, resampleBars, type BarFeed, type Timeframe } from '../../src/feed/index.ts'
import { sma } from '../../src/study/index.ts'
import { utcDay } from '../../src/time/index.ts'
import { describeWithData, sharedPath } from '../shared-data.ts'
import { openBars2006 } from './reference.ts'

const folder = 'acceptance/backtrader/'
const file = (name: string): string => sharedPath(`${folder}data/${name}`)

interface WeekCase {
  readonly id: string
  readonly checkIndices: { readonly index0: readonly number[]; readonly dates: readonly string[] }
  readonly expected: readonly (readonly string[])[]
  readonly measuredByRun: {
    readonly weeklyBars_date_o_h_l_c: readonly (readonly (string | number)[])[]
  }
}

function readWeekCase(): WeekCase {
  const text = readFileSync(sharedPath(`${folder}engine.json`), 'utf8')
  const { cases } = JSON.parse(text) as { cases: readonly WeekCase[] }
  return cases.find(({ id }) => id === 'resample_weeks')!
}

/** Date, open, high, low, close of each bar. */
const rowsOf = ({ bars }: Pick<BarFeed, 'bars'>): (string | number)[][] =>
  Array.from(bars.time, (time, i) => [
    utcDay(bars.epochNs + BigInt(time)),
    bars.open[i]!,
    bars.high[i]!,
    bars.low[i]!,
    bars.close[i]!,
  ])

/** The mean of thirty closes, as the case wants it. */
class MeanClose extends Strategy.with({ period: 30 }) {
  readonly mean = sma(this.data.close, this.p.period)
  firstBar = 0

  override nextstart(): void {
    this.firstBar = this.data.length
  }
}

describeWithData('backtrader, resampled', () => {
  it.each<[Timeframe, string, number]>([
    ['weeks', '2006-week-001.txt', 52],
    ['months', '2006-month-001.txt', 12],
  ])('the days of 2006 to %s: every bar of its file %s', async (timeframe, name, count) => {
    const made = resampleBars((await openBars2006()).bars, { timeframe })
    const expected = await CsvBars.open(file(name))
    expect(made.length).toBe(count)
    expect(rowsOf({ bars: made })).toEqual(rowsOf(expected))
  })

  it('resampleData to weeks: every bar, and the mean of 30 closes as it printed it', async () => {
    const { checkIndices, expected, measuredByRun } = readWeekCase()
    const cerebro = new Cerebro()
    const days = await openBars2006()
    cerebro.resampleData(days, { timeframe: 'weeks' })
    cerebro.addStrategy(MeanClose)
    const [result] = await cerebro.run()
    const { mean, firstBar, data } = result!.strategy as MeanClose
    const values = checkIndices.index0.map((index) => mean.at(index + 1 - data.length).toFixed(6))
    expect([firstBar, values]).toEqual([30, expected[0]])
    const weeks = resampleBars(days.bars, { timeframe: 'weeks' })
    expect(rowsOf({ bars: weeks })).toEqual(measuredByRun.weeklyBars_date_o_h_l_c)
    expect(checkIndices.index0.map((index) => rowsOf({ bars: weeks })[index]![0])).toEqual(
      checkIndices.dates,
    )
  })

  // The day file has volume of another source, and on one day a low that no minute has.
  it('minutes of two months to days: the prices of its day file', async () => {
    const minutes = await CsvBars.open(file('2006-01-02-volume-min-001.txt.gz'))
    const made = rowsOf({ bars: resampleBars(minutes.bars, { timeframe: 'days' }) })
    const days = await CsvBars.open(file('2006-volume-day-001.txt'))
    const expected = rowsOf(days).slice(0, made.length)
    expect(made.map(([day]) => day)).toEqual(expected.map(([day]) => day))
    const other = made.filter((row, i) => row.join() !== expected[i]!.join())
    expect(made.length).toBe(41)
    expect(other).toEqual([['2006-02-06', 3703, 3714, 3681, 3692]])
  })
})
