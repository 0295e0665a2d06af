import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LobtraderError, exactSum } from '../../core/index.ts'
import { LineClock, type Line } from '../line/line.ts'
import {
  crossDown,
  crossDownBatch,
  crossOver,
  crossOverBatch,
  crossUp,
  crossUpBatch,
} from './cross.ts'
import { highest, highestBatch, lowest, lowestBatch } from './extremes.ts'
import { ema, emaBatch, sma, smaBatch } from './moving-average.ts'

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number

/** The values of a line over a source column, bar by bar. */
function byBar(values: ArrayLike<number>, make: (line: Line) => Line): number[] {
  const clock = new LineClock()
  const source = clock.source('x')
  const line = make(source)
  return Array.from(values, (value) => {
    source.push(value)
    clock.advance()
    return line.at(0)
  })
}

// The slow twins: each reads its whole window anew and keeps no state.
const isWhole = (window: readonly number[], n: number): boolean =>
  window.length === n && window.every((value) => Number.isFinite(value))

function overWindows(
  values: readonly number[],
  n: number,
  f: (window: readonly number[]) => number,
): number[] {
  return values.map((_, i) => {
    const window = values.slice(Math.max(0, i + 1 - n), i + 1)
    return isWhole(window, n) ? f(window) : nan
  })
}

const slowSma = (values: readonly number[], n: number): number[] =>
  overWindows(values, n, (window) => exactSum(window) / n)

function slowEma(values: readonly number[], n: number): number[] {
  return values.map((_, i) => {
    let start = i
    while (start >= 0 && Number.isFinite(values[start]!)) start--
    const run = values.slice(start + 1, i + 1)
    if (run.length < n) return nan
    // Weights written out: the seed decays by (1 - f) a bar, each later value likewise.
    const f = 2 / (n + 1)
    const terms = run
      .slice(n)
      .map((value, j, later) => f * (1 - f) ** (later.length - 1 - j) * value)
    const seed = (exactSum(run.slice(0, n)) / n) * (1 - f) ** (run.length - n)
    return exactSum([seed, ...terms])
  })
}

function slowCross(a: readonly number[], b: readonly number[]): number[] {
  const d = a.map((value, i) => value - b[i]!)
  return d.map((now, i) => {
    if (i === 0 || !Number.isFinite(now) || !Number.isFinite(d[i - 1]!)) return nan
    let j = i - 1
    while (j > 0 && d[j] === 0 && Number.isFinite(d[j - 1]!)) j--
    return d[j]! < 0 && now > 0 ? 1 : d[j]! > 0 && now < 0 ? -1 : 0
  })
}

/** The first row that differs by more than rounding, or none. */
function difference(actual: ArrayLike<number>, expected: readonly number[]): string | undefined {
  const scale = Math.max(1, ...expected.filter((value) => Number.isFinite(value)).map(Math.abs))
  for (let i = 0; i < Math.max(actual.length, expected.length); i++) {
    const [a, e] = [actual[i], expected[i]]
    const same = Object.is(a, e) || Math.abs(a! - e!) <= 1e-13 * scale
    if (!same) return `row ${i}: ${a}, expected ${e}`
  }
  return undefined
}

const price = fc.double({ min: -1e6, max: 1e6, noNaN: true })
const hole = fc.constantFrom(nan, infinity, -infinity)
const series = fc.array(
  fc.oneof({ weight: 30, arbitrary: price }, { weight: 1, arbitrary: hole }),
  {
    minLength: 0,
    maxLength: 80,
    size: 'max',
  },
)
const coarse = fc.array(fc.constantFrom(1, 2, 3, nan), { minLength: 0, maxLength: 60, size: 'max' })
const period = fc.integer({ min: 1, max: 12 })

describe('sma and ema', () => {
  it('equal slow twins that keep no state, by bar and by column, around holes too', () => {
    fc.assert(
      fc.property(series, period, (values, n) => {
        const column = Float64Array.from(values)
        const slow = slowSma(values, n)
        expect(
          difference(
            byBar(values, (x) => sma(x, n)),
            slow,
          ),
        ).toBeUndefined()
        expect(difference(smaBatch(column, n), slow)).toBeUndefined()
        const slowExponential = slowEma(values, n)
        expect(
          difference(
            byBar(values, (x) => ema(x, n)),
            slowExponential,
          ),
        ).toBeUndefined()
        expect(difference(emaBatch(column, n), slowExponential)).toBeUndefined()
      }),
    )
  })

  it('agree by bar and by column to the bit, also when one feeds the other', () => {
    fc.assert(
      fc.property(series, period, period, (values, n, m) => {
        const column = Float64Array.from(values)
        expect(byBar(values, (x) => ema(sma(x, n), m))).toEqual([
          ...emaBatch(smaBatch(column, n), m),
        ])
        expect(byBar(values, (x) => sma(ema(x, n), m))).toEqual([
          ...smaBatch(emaBatch(column, n), m),
        ])
      }),
    )
  })

  it('sum a window to the last bit of the exact sum, after a million bars and a huge value', () => {
    const n = 20
    let state = 12345
    const column = Float64Array.from({ length: 1_000_000 }, (_, i) => {
      state = (state * 1103515245 + 12345) % 2147483648
      return i === 1000 ? 1e15 : 4000 + (state % 100_000) / 1000
    })
    const means = smaBatch(column, n)
    for (let i = 1000 + n; i < column.length; i += 997) {
      const exact = exactSum(column.subarray(i + 1 - n, i + 1)) / n
      expect(means[i]).toBe(exact)
    }
  })

  it('give the values of their documentation', () => {
    const column = Float64Array.of(1, 2, 3, 5)
    expect([...smaBatch(column, 2)]).toEqual([nan, 1.5, 2.5, 4])
    expect(difference(emaBatch(column, 2), [nan, 1.5, 2.5, 2.5 + (2 / 3) * 2.5])).toBeUndefined()
    expect(smaBatch(column, 2, column)).toBe(column)
    expect([...column]).toEqual([nan, 1.5, 2.5, 4])
  })

  it('warm up one after the other', () => {
    const close = new LineClock().source('close')
    expect(sma(close, 10).minPeriod).toBe(10)
    expect(ema(sma(close, 10), 5).minPeriod).toBe(14)
    expect(ema(sma(close, 10), 5).name).toBe('ema(sma(close, 10), 5)')
  })

  it('refuse a period that is not a whole number of bars', () => {
    const close = new LineClock().source('close')
    for (const n of [0, -1, 1.5, nan, infinity]) {
      for (const make of [sma, ema, highest, lowest]) {
        expect(() => make(close, n)).toThrow(LobtraderError)
        expect(() => make(close, n)).toThrow(/^BAD_PARAMETER: the period of \w+ cannot be/)
      }
      expect(() => smaBatch(new Float64Array(3), n)).toThrow(/^BAD_PARAMETER/)
      expect(() => highestBatch(new Float64Array(3), n)).toThrow(/^BAD_PARAMETER/)
    }
  })
})

describe('highest and lowest', () => {
  it('equal slow twins, by bar and by column, around holes too', () => {
    fc.assert(
      fc.property(series, period, (values, n) => {
        const column = Float64Array.from(values)
        const high = overWindows(values, n, (window) => Math.max(...window))
        const low = overWindows(values, n, (window) => Math.min(...window))
        expect(
          difference(
            byBar(values, (x) => highest(x, n)),
            high,
          ),
        ).toBeUndefined()
        expect(difference(highestBatch(column, n), high)).toBeUndefined()
        expect(
          difference(
            byBar(values, (x) => lowest(x, n)),
            low,
          ),
        ).toBeUndefined()
        expect(difference(lowestBatch(column, n), low)).toBeUndefined()
      }),
    )
  })
})

describe('crossings', () => {
  it('equal a slow twin that looks back for the last difference, ties and holes included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(1, 2, 3, nan), fc.constantFrom(1, 2, 3)), {
          maxLength: 60,
          size: 'max',
        }),
        (rows) => {
          const a = rows.map(([x]) => x)
          const b = rows.map(([, y]) => y)
          const [columnA, columnB] = [Float64Array.from(a), Float64Array.from(b)]
          const slow = slowCross(a, b)
          const up = slow.map((value) => (Number.isNaN(value) ? value : Number(value === 1)))
          const down = slow.map((value) => (Number.isNaN(value) ? value : Number(value === -1)))
          expect([...crossOverBatch(columnA, columnB)]).toEqual(slow)
          expect([...crossUpBatch(columnA, columnB)]).toEqual(up)
          expect([...crossDownBatch(columnA, columnB)]).toEqual(down)

          const clock = new LineClock()
          const [lineA, lineB] = [clock.source('a'), clock.source('b')]
          const made = [crossOver(lineA, lineB), crossUp(lineA, lineB), crossDown(lineA, lineB)]
          for (let i = 0; i < a.length; i++) {
            lineA.push(a[i]!)
            lineB.push(b[i]!)
            clock.advance()
          }
          expect(made.map((line) => Array.from(line.toArray()))).toEqual([slow, up, down])
        },
      ),
      { numRuns: 300 },
    )
  })

  it('keep the older sign through bars on which both are equal', () => {
    const level = new Float64Array(6).fill(2)
    expect([...crossOverBatch(Float64Array.of(1, 2, 2, 3, 2, 3), level)]).toEqual([
      nan,
      0,
      0,
      1,
      0,
      0,
    ])
    expect([...crossOverBatch(Float64Array.of(2, 3, 2, 1, 1, 1), level)]).toEqual([
      nan,
      0,
      0,
      -1,
      0,
      0,
    ])
  })

  it('take a number for the second series', () => {
    fc.assert(
      fc.property(coarse, (values) => {
        const level = new Float64Array(values.length).fill(2)
        expect(byBar(values, (x) => crossOver(x, 2))).toEqual([
          ...crossOverBatch(Float64Array.from(values), level),
        ])
      }),
    )
  })

  it('need one bar more than their inputs', () => {
    const close = new LineClock().source('close')
    const cross = crossOver(close, sma(close, 15))
    expect(cross.minPeriod).toBe(16)
    expect(cross.name).toBe('crossOver(close, sma(close, 15))')
  })

  it('refuse columns of different lengths', () => {
    expect(() => crossOverBatch(new Float64Array(2), new Float64Array(3))).toThrow(/BAD_ARGUMENT/)
  })
})
