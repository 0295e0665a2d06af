import { describe, expect, it } from 'vitest'
import { Prng } from '../../core/index.ts'
import { LogNormalLots, ParetoLots } from './size-law.ts'

const DRAWS = 200_000

function drawn(law: LogNormalLots | ParetoLots): Float64Array {
  const prng = new Prng(4)
  return Float64Array.from({ length: DRAWS }, () => law.draw(prng))
}

describe('size laws', () => {
  it('draw log-normal sizes with the mean and the logarithmic deviation asked for', () => {
    const lots = drawn(new LogNormalLots(5000, 0.8))
    const logs = lots.map((each) => Math.log(each))
    const mean = logs.reduce((sum, each) => sum + each, 0) / DRAWS
    const deviation = Math.sqrt(logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / DRAWS)
    expect(deviation).toBeCloseTo(0.8, 2)
    expect(lots.reduce((sum, each) => sum + each, 0) / DRAWS / 5000).toBeCloseTo(1, 1)
  })

  it('draw power-law sizes with the tail exponent and the mean asked for', () => {
    const lots = drawn(new ParetoLots(5000, 2.5))
    const share = (size: number): number => lots.filter((each) => each > size).length / DRAWS
    // P(size > 10 x least) = 10^-2.5 for a Pareto law whose least size is 3/5 of its mean.
    expect(share(3000 - 1)).toBe(1)
    expect(Math.abs(share(30_000) / 10 ** -2.5 - 1)).toBeLessThan(0.12)
    expect(lots.reduce((sum, each) => sum + each, 0) / DRAWS / 5000).toBeCloseTo(1, 1)
  })

  it('never draw less than one lot', () => {
    for (const law of [
      new LogNormalLots(0, 1),
      new LogNormalLots(0.2, 1),
      new ParetoLots(0.1, 1.4),
    ]) {
      expect(Math.min(...drawn(law).subarray(0, 1000))).toBe(1)
    }
  })
})
