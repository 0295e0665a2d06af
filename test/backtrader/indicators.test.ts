import { beforeAll, expect, it } from 'vitest'
import type { CsvBars } from '../../src/feed/index.ts'
import {
  LineClock,
  add,
  delayed,
  div,
  ema,
  emaBatch,
  gt,
  highest,
  highestBatch,
  lowest,
  mul,
  sma,
  smaBatch,
  sub,
  type Line,
} from '../../src/study/index.ts'
import { describeWithData } from '../shared-data.ts'
import {
  openBars2006,
  readIndicatorCase,
  readIndicatorSeries,
  type IndicatorSeries,
} from './reference.ts'

interface Prices {
  readonly high: Line
  readonly low: Line
  readonly close: Line
}

type Make = (prices: Prices) => readonly Line[]

const envelope = (mid: Line): readonly Line[] => [mid, mid.times(1.025), mid.times(0.975)]

const dema = (line: Line, n: number): Line => {
  const first = ema(line, n)
  return first.times(2).minus(ema(first, n))
}

const tema = (line: Line, n: number): Line => {
  const first = ema(line, n)
  const second = ema(first, n)
  return first.minus(second).times(3).plus(ema(second, n))
}

const awesome = (high: Line, low: Line): Line => {
  const mid = div(add(high, low), 2)
  return sma(mid, 5).minus(sma(mid, 34))
}

const percentageOscillator = (shortEma: Line, longEma: Line, base: Line): readonly Line[] => {
  const ppo = mul(100, shortEma.minus(longEma).dividedBy(base))
  const signal = ema(ppo, 9)
  return [ppo, signal, ppo.minus(signal)]
}

const rateOfChange = (close: Line, n: number): Line =>
  sub(div(close, delayed(close, n)), 1).times(100)

/** Indicators of the acceptance set that are expressions over what exists here, by test. */
const CASES: Readonly<Record<string, Make>> = {
  ind_sma: ({ close }) => [sma(close, 30)],
  ind_smaenvelope: ({ close }) => envelope(sma(close, 30)),
  ind_kamaenvelope: ({ close }) => envelope(sma(close, 30)),
  ind_smaosc: ({ close }) => [sub(close, sma(close, 30))],
  ind_envelope: ({ close }) => envelope(sma(close, 30)),
  ind_oscillator: ({ close }) => [close.minus(sma(close, 30))],
  ind_emaenvelope: ({ close }) => envelope(ema(close, 30)),
  ind_emaosc: ({ close }) => [close.minus(ema(close, 30))],
  ind_demaenvelope: ({ close }) => envelope(dema(close, 30)),
  ind_demaosc: ({ close }) => [close.minus(dema(close, 30))],
  ind_tema: ({ close }) => [tema(close, 30)],
  ind_temaenvelope: ({ close }) => envelope(tema(close, 30)),
  ind_zlema: ({ close }) => [ema(close.times(2).minus(delayed(close, 14)), 30)],
  ind_macdhisto: ({ close }) => {
    const macd = ema(close, 12).minus(ema(close, 26))
    const signal = ema(macd, 9)
    return [macd, signal, macd.minus(signal)]
  },
  ind_ppo: ({ close }) => {
    const long = ema(close, 26)
    return percentageOscillator(ema(close, 12), long, long)
  },
  ind_pposhort: ({ close }) => {
    const short = ema(close, 12)
    return percentageOscillator(short, ema(close, 26), short)
  },
  ind_highest: ({ close }) => [highest(close, 14)],
  ind_sumn: ({ close }) => [sma(close, 14).times(14)],
  ind_awesomeoscillator: ({ high, low }) => [awesome(high, low)],
  ind_accdecosc: ({ high, low }) => {
    const ao = awesome(high, low)
    return [ao.minus(sma(ao, 5))]
  },
  ind_momentumoscillator: ({ close }) => [mul(100, div(close, delayed(close, 12)))],
  ind_roc: ({ close }) => [rateOfChange(close, 12).dividedBy(100)],
  ind_pctchange: ({ close }) => [rateOfChange(close, 30).dividedBy(100)],
  ind_dpo: ({ close }) => [close.minus(delayed(sma(close, 20), 9))],
  ind_kst: ({ close }) => {
    const part = (n: number, smoothing: number, weight: number): Line =>
      sma(rateOfChange(close, n), smoothing).times(weight)
    const kst = part(10, 10, 1)
      .plus(part(15, 10, 2))
      .plus(part(20, 10, 3))
      .plus(part(30, 10, 4))
    return [kst, sma(kst, 9)]
  },
  ind_stochastic: ({ high, low, close }) => {
    const floor = lowest(low, 14)
    const k = mul(100, close.minus(floor).dividedBy(highest(high, 14).minus(floor)))
    const slow = sma(k, 3)
    return [slow, sma(slow, 3)]
  },
  ind_williamsr: ({ high, low, close }) => {
    const top = highest(high, 14)
    return [mul(-100, top.minus(close).dividedBy(top.minus(lowest(low, 14))))]
  },
  ind_trix: ({ close }) => {
    const triple = ema(ema(ema(close, 15), 15), 15)
    return [rateOfChange(triple, 1)]
  },
  ind_tsi: ({ close }) => {
    const change = close.minus(delayed(close, 1))
    const size = change.times(gt(change, 0).times(2).minus(1))
    return [mul(100, div(ema(ema(change, 25), 13), ema(ema(size, 25), 13)))]
  },
}

describeWithData('the indicators of the backtrader acceptance set', () => {
  let feed: CsvBars
  let series: Readonly<Record<string, IndicatorSeries>>
  beforeAll(async () => {
    feed = await openBars2006()
    series = readIndicatorSeries()
  })

  /** Runs the bars through a clock and returns the lines made, with its warm-up. */
  function play(make: Make): { readonly lines: readonly Line[]; readonly minPeriod: number } {
    const clock = new LineClock()
    const names = ['high', 'low', 'close'] as const
    const sources = {
      high: clock.source('high'),
      low: clock.source('low'),
      close: clock.source('close'),
    }
    const lines = make(sources)
    for (let i = 0; i < feed.bars.length; i++) {
      for (const name of names) sources[name].push(feed.bars[name][i]!)
      clock.advance()
    }
    return { lines, minPeriod: clock.minPeriod }
  }

  for (const [test, make] of Object.entries(CASES)) {
    it(`agree with ${test} at its check points, in warm-up, and on every bar to 1e-9`, () => {
      const { lines, minPeriod } = play(make)
      const given = readIndicatorCase(test)
      expect(minPeriod).toBe(given.minPeriod)
      const values = lines.map((line) => line.toArray())
      expect(
        values.map((line) => given.checkIndices.index0.map((i) => line[i]!.toFixed(6))),
      ).toEqual(given.lines)
      const whole = series[test]!
      expect(whole.lines.length).toBe(lines.length)
      for (const [i, line] of values.entries()) {
        for (const [bar, value] of whole.lines[i]!.entries()) {
          if (value === null) expect(line[bar]).toBeNaN()
          else expect(Math.abs(line[bar]! - value)).toBeLessThan(1e-9)
        }
      }
    })
  }

  it('start a strategy that uses several at the largest warm-up (ind_minperiod)', () => {
    const { minPeriod } = play(({ high, low, close }) => [
      sma(close, 30),
      ...CASES['ind_stochastic']!({ high, low, close }),
      ...CASES['ind_macdhisto']!({ high, low, close }),
      highest(close, 14),
    ])
    expect(minPeriod).toBe(readIndicatorCase('ind_minperiod').minPeriod)
  })

  it('agree in their column form', () => {
    const { close } = feed.bars
    const mid = series['ind_emaenvelope']!.lines[0]!
    for (const [column, expected] of [
      [smaBatch(close, 30), series['ind_sma']!.lines[0]!],
      [emaBatch(close, 30), mid],
      [highestBatch(close, 14), series['ind_highest']!.lines[0]!],
    ] as const) {
      for (const [bar, value] of expected.entries()) {
        if (value === null) expect(column[bar]).toBeNaN()
        else expect(Math.abs(column[bar]! - value)).toBeLessThan(1e-9)
      }
    }
  })
})
