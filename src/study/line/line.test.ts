import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LobtraderError } from '../../core/index.ts'
import { foldBatch, foldLine, type Fold } from './fold.ts'
import { LineClock, type Line, type SourceLine } from './line.ts'
import { add, delayed, div, eq, ge, gt, le, lt, mul, sub } from './operators.ts'

function failure(work: () => unknown): LobtraderError {
  try {
    work()
  } catch (error) {
    if (error instanceof LobtraderError) return error
    throw error
  }
  throw new Error('expected a LobtraderError')
}

/** Runs two sources through a clock and returns each line's values. */
function play(
  a: readonly number[],
  b: readonly number[],
  make: (a: SourceLine, b: SourceLine) => Line,
): number[] {
  const clock = new LineClock()
  const lines = [clock.source('a'), clock.source('b')] as const
  const made = make(...lines)
  const seen: number[] = []
  for (let i = 0; i < a.length; i++) {
    lines[0].push(a[i]!)
    lines[1].push(b[i]!)
    clock.advance()
    seen.push(made.at(0))
  }
  expect([...made.toArray()]).toEqual(seen)
  return seen
}

const { NaN: nan } = Number

describe('a line', () => {
  it('shows a value only once its bar is reached, and keeps the bars before', () => {
    const clock = new LineClock()
    const close = clock.source('close')
    expect(close.length).toBe(0)
    close.push(10)
    expect(close.length).toBe(0)
    clock.advance()
    close.push(11)
    expect([close.at(0), close.length]).toEqual([10, 1])
    clock.advance()
    expect([close.at(0), close.at(-1), close.length]).toEqual([11, 10, 2])
  })

  it('refuses the future, bars before the first and fractions, never reading the end of the data', () => {
    const clock = new LineClock()
    const close = clock.source('close')
    expect(failure(() => close.at(0)).message).toBe(
      'OUT_OF_RANGE: line close has no value at(0): 0 bars have been delivered',
    )
    for (const value of [1, 2, 3]) {
      close.push(value)
      clock.advance()
    }
    expect(close.at(-2)).toBe(1)
    expect(failure(() => close.at(-3)).message).toContain('3 bars have been delivered')
    expect(failure(() => close.at(1)).message).toContain('in the future')
    expect(failure(() => close.at(-0.5)).code).toBe('OUT_OF_RANGE')
    expect(failure(() => close.at(nan)).code).toBe('OUT_OF_RANGE')
  })

  it('keeps every value however long the series', () => {
    const values = Array.from({ length: 1000 }, (_, i) => i * 1.5)
    expect(play(values, values, (a) => a.plus(0))).toEqual(values)
  })

  it('gives copies of its values, which cannot change it', () => {
    const clock = new LineClock()
    const close = clock.source('close')
    close.push(5)
    clock.advance()
    close.toArray()[0] = 99
    expect(close.at(0)).toBe(5)
  })
})

describe('arithmetic of lines', () => {
  const number = fc.double({ noDefaultInfinity: true, noNaN: true })
  const pairs = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 30, size: 'max' })

  it('is that of their present values, as function, as method and with a number', () => {
    fc.assert(
      fc.property(pairs, number, (rows, k) => {
        const a = rows.map(([x]) => x)
        const b = rows.map(([, y]) => y)
        const each = (f: (x: number, y: number) => number): number[] => a.map((x, i) => f(x, b[i]!))
        expect(play(a, b, (x, y) => add(x, y))).toEqual(each((x, y) => x + y))
        expect(play(a, b, (x, y) => x.plus(y))).toEqual(each((x, y) => x + y))
        expect(play(a, b, (x, y) => sub(x, y))).toEqual(each((x, y) => x - y))
        expect(play(a, b, (x, y) => x.minus(y))).toEqual(each((x, y) => x - y))
        expect(play(a, b, (x, y) => mul(x, y))).toEqual(each((x, y) => x * y))
        expect(play(a, b, (x) => x.times(k))).toEqual(each((x) => x * k))
        expect(play(a, b, (x, y) => div(x, y))).toEqual(each((x, y) => x / y))
        expect(play(a, b, (x) => x.dividedBy(k))).toEqual(each((x) => x / k))
        expect(play(a, b, (x) => sub(k, x))).toEqual(each((x) => k - x))
      }),
      { numRuns: 30 },
    )
  })

  it('compares to 1 or 0, and to NaN where a side has no value', () => {
    const a = [1, 2, 3, nan]
    const b = [2, 2, 2, 2]
    expect(play(a, b, gt)).toEqual([0, 0, 1, nan])
    expect(play(a, b, ge)).toEqual([0, 1, 1, nan])
    expect(play(a, b, lt)).toEqual([1, 0, 0, nan])
    expect(play(a, b, le)).toEqual([1, 1, 0, nan])
    expect(play(a, b, eq)).toEqual([0, 1, 0, nan])
    expect(play(a, b, (x) => gt(x, 1))).toEqual([0, 1, 1, nan])
  })

  it('needs a line, and lines of one clock', () => {
    const notLines = add as unknown as (a: number, b: number) => Line
    expect(failure(() => notLines(1, 2)).code).toBe('BAD_ARGUMENT')
    const close = new LineClock().source('close')
    const other = new LineClock().source('close')
    expect(failure(() => close.minus(other)).code).toBe('UNSUPPORTED')
  })
})

describe('a delayed line', () => {
  it('is the same series so many bars later', () => {
    const a = [1, 2, 3, 4]
    expect(play(a, a, (x) => delayed(x, 0))).toEqual([1, 2, 3, 4])
    expect(play(a, a, (x) => delayed(x, 2))).toEqual([nan, nan, 1, 2])
    expect(play(a, a, (x) => x.minus(x.delayed(1)))).toEqual([nan, 1, 1, 1])
    expect(failure(() => delayed(new LineClock().source('a'), -1)).code).toBe('BAD_ARGUMENT')
  })
})

describe('a clock', () => {
  it('has the largest warm-up of its lines, and adds those along a chain', () => {
    const clock = new LineClock()
    const close = clock.source('close')
    expect(clock.minPeriod).toBe(1)
    const chain = close.delayed(3).delayed(4)
    expect(chain.minPeriod).toBe(8)
    expect(chain.plus(close).minPeriod).toBe(8)
    expect(close.delayed(2).minPeriod).toBe(3)
    expect(clock.minPeriod).toBe(8)
  })

  it('gives the same source for the same name', () => {
    const clock = new LineClock()
    expect(clock.source('close')).toBe(clock.source('close'))
    expect(clock.source('open')).not.toBe(clock.source('close'))
  })

  it('wants exactly one value for each source on each bar', () => {
    const clock = new LineClock()
    const close = clock.source('close')
    expect(failure(() => clock.advance()).message).toContain('line close was given no value')
    close.push(1)
    expect(failure(() => close.push(2)).message).toContain('two values for one bar')
  })

  it('takes no line on once bars have been delivered', () => {
    const clock = new LineClock()
    const close = clock.source('close')
    close.push(1)
    clock.advance()
    expect(failure(() => close.plus(1)).message).toContain(
      'line (close + 1) was created on bar 1; lines are declared before the first bar',
    )
  })
})

describe("an indicator of one's own", () => {
  class Count implements Fold {
    #seen = 0
    next(): number {
      return ++this.#seen
    }
  }

  it('is fed from the first bar on which its input has a value, and shows after its warm-up', () => {
    const a = [5, 5, 5, 5, 5]
    expect(play(a, a, (x) => foldLine('count', x.delayed(1), 2, new Count()))).toEqual([
      nan,
      nan,
      nan,
      3,
      4,
    ])
  })

  it('runs over a column, in place when asked, into nothing shorter', () => {
    const column = Float64Array.of(7, 7)
    expect(foldBatch(column, new Count(), column)).toBe(column)
    expect([...column]).toEqual([1, 2])
    expect(failure(() => foldBatch(column, new Count(), new Float64Array(1))).code).toBe(
      'BAD_ARGUMENT',
    )
  })
})
