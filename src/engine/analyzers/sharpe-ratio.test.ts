import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { handRun } from '../../../test/run-record-fixture.ts'
import { SharpeRatio } from './sharpe-ratio.ts'
import { SortinoRatio } from './sortino-ratio.ts'

const S = 1e9
const equityOf = (
  values: readonly number[],
  intervalNs = S,
): readonly (readonly [number, number])[] =>
  values.map((value, i) => [i * intervalNs, value] as const)
const naive = (changes: readonly number[], spread: number): number =>
  (changes.reduce((a, b) => a + b, 0) / changes.length / spread) * Math.sqrt(365 * 86_400)

describe('SharpeRatio', () => {
  test('is mean over standard deviation of changes a second, annualised over 365 days', () => {
    const run = handRun({ equity: equityOf([0, 1, 3, 2]) })
    // Changes 1, 2, -1: mean 2/3, sample variance 7/3.
    const result = new SharpeRatio().analyze(run)
    expect(result.value).toBeCloseTo((2 / 3 / Math.sqrt(7 / 3)) * Math.sqrt(31_536_000), 9)
    expect(result).toMatchObject({ count: 3, everyNs: S })
    expect(result.annualisation).toBeCloseTo(Math.sqrt(31_536_000), 9)
  })

  test('a longer step uses the sample at the end of each whole step', () => {
    const run = handRun({ equity: equityOf([0, 9, 2, 9, 6, 9, 4, 9]), toTime: 7 * S })
    const result = new SharpeRatio({ every: '2s' }).analyze(run)
    expect(result.count).toBe(3)
    expect(result.mean).toBeCloseTo((2 + 4 - 2) / 3, 12)
    expect(result.annualisation).toBeCloseTo(Math.sqrt(31_536_000 / 2), 9)
  })

  test('a last sample that comes early is not a step', () => {
    const equity = [...equityOf([0, 1, 3]), [2.5 * S, 100] as const]
    expect(new SharpeRatio().analyze(handRun({ equity })).mean).toBe(1.5)
  })

  test('a step of bars is a bar, whatever the calendar says', () => {
    const day = 86_400 * S
    const run = handRun({
      source: 'bars',
      intervalNs: day,
      // A weekend lies between the second and the third.
      equity: [
        [0, 100],
        [day, 101],
        [4 * day, 99],
      ],
    })
    const result = new SharpeRatio().analyze(run)
    expect(result).toMatchObject({ count: 2, everyNs: day, mean: -0.5 })
    expect(result.annualisation).toBeCloseTo(Math.sqrt(365), 12)
  })

  test.each([
    ['no samples', []],
    ['one sample', [5]],
    ['one step', [5, 6]],
    ['no change', [5, 5, 5, 5]],
    ['changes equal up to float noise', [1e6, 1e6 + 0.1, 1e6 + 0.2, 1e6 + 0.3, 1e6 + 0.4]],
  ])('%s gives null', (_, values) => {
    expect(new SharpeRatio().analyze(handRun({ equity: equityOf(values) })).value).toBeNull()
  })

  test('equals the textbook formula on any equity', () => {
    const curve = fc.array(fc.integer({ min: -1000, max: 1000 }), {
      minLength: 3,
      maxLength: 60,
      size: 'max',
    })
    fc.assert(
      fc.property(curve, (values) => {
        const changes = values.slice(1).map((value, i) => value - values[i]!)
        const average = changes.reduce((a, b) => a + b, 0) / changes.length
        const sum = (of: (change: number) => number): number =>
          changes.reduce((total, change) => total + of(change), 0)
        const deviation = Math.sqrt(sum((x) => (x - average) ** 2) / (changes.length - 1))
        const downside = Math.sqrt(sum((x) => Math.min(x, 0) ** 2) / changes.length)
        const run = handRun({ equity: equityOf(values) })
        const sharpe = new SharpeRatio().analyze(run).value
        const sortino = new SortinoRatio().analyze(run).value
        if (deviation === 0) expect(sharpe).toBeNull()
        else expect(sharpe).toBeCloseTo(naive(changes, deviation), 6)
        if (downside === 0) expect(sortino).toBeNull()
        else expect(sortino).toBeCloseTo(naive(changes, downside), 6)
      }),
    )
  })

  test('asks the engine for its sampling, and refuses none', () => {
    expect(new SharpeRatio({ every: '100ms' }).sampleEveryNs).toBe(1e8)
    expect(() => new SharpeRatio({ every: 0 })).toThrow(/BAD_ARGUMENT.*longer than 0/)
  })
})

describe('SortinoRatio', () => {
  test('divides by the root mean square of losses over all steps', () => {
    const run = handRun({ equity: equityOf([0, 3, 2, 4, 2]) })
    // Changes 3, -1, 2, -2: mean 0.5, downside sqrt((1 + 4) / 4).
    const { value, deviation } = new SortinoRatio().analyze(run)
    expect(deviation).toBeCloseTo(Math.sqrt(5 / 4), 12)
    expect(value).toBeCloseTo((0.5 / Math.sqrt(5 / 4)) * Math.sqrt(31_536_000), 9)
  })

  test('a run without a loss has none', () => {
    expect(new SortinoRatio().analyze(handRun({ equity: equityOf([0, 1, 3]) })).value).toBeNull()
  })
})
