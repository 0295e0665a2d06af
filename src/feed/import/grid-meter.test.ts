import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDecimal } from '../../core/index.ts'
import { GridMeter, StepMeter } from './grid-meter.ts'

function stepOf(values: readonly string[]): string | undefined {
  const meter = new StepMeter()
  for (const value of values) {
    const { mantissa, scale } = parseDecimal(value)
    meter.note(mantissa, scale)
  }
  return meter.step
}

describe('StepMeter', () => {
  it.each([
    [['4810.00', '4810.25', '4811.50'], '0.25'],
    [['61659.7', '61659.80', '61660'], '0.1'],
    [['100', '300', '250'], '50'],
    [['0.00000001', '1'], '0.00000001'],
    [['3900.2', '3900.4'], '0.2'],
    [['0', '0.0'], undefined],
    [['8531.5'], '0.1'],
    [['8531.5', '8531.50', '0'], '0.1'],
    [['300', '300'], '1'],
    [['300', '600'], '300'],
    [['-10.5', '21'], '10.5'],
  ])('of %j is %s', (values, step) => {
    expect(stepOf(values)).toBe(step)
  })

  it('divides every value and is the greatest that does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 0, max: 8 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { minLength: 2, maxLength: 20 }),
        (step, scale, multiples) => {
          const found = stepOf(multiples.map((n) => ((n * step) / 10 ** scale).toFixed(scale)))
          const divisor = multiples.reduce((a, b) => {
            while (b !== 0) [a, b] = [b, a % b]
            return a
          })
          expect(Number(found)).toBeCloseTo((divisor * step) / 10 ** scale, 12)
        },
      ),
      { seed: 3 },
    )
  })
})

describe('GridMeter', () => {
  it('refuses to guess a tick size without a price', () => {
    expect(() =>
      new GridMeter().instrument({ venue: 'x', symbol: 'Y', kind: 'spot', base: 'A', quote: 'B' }),
    ).toThrow(/^TOO_FEW_ROWS: the input holds no price of Y/)
  })
})
