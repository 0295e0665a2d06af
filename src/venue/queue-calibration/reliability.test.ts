import { describe, expect, it } from 'vitest'
import { reliability } from './reliability.ts'

describe('the reliability of forecasts', () => {
  const sure = { probability: 1, hasHappened: true }

  it('sorts by tenths, certainty into the last', () => {
    const { bins, count } = reliability([
      { probability: 0, hasHappened: false },
      { probability: 0.1, hasHappened: true },
      { probability: 0.18, hasHappened: false },
      sure,
    ])
    expect(count).toBe(4)
    expect(bins.map((bin) => bin.count)).toEqual([1, 2, 0, 0, 0, 0, 0, 0, 0, 1])
    expect(bins[1]!.foretold).toBeCloseTo(0.14, 12)
    expect(bins[1]!.happened).toBe(0.5)
    expect(bins[2]!.happened).toBeNaN()
  })

  it('scores as Brier did', () => {
    const { brier } = reliability([
      { probability: 0.7, hasHappened: true },
      { probability: 0.7, hasHappened: false },
    ])
    expect(brier).toBeCloseTo((0.09 + 0.49) / 2, 12)
    expect(reliability([sure, sure]).brier).toBe(0)
  })

  it.each([-0.1, 1.1, Number.NaN])('refuses %d as a probability', (probability) => {
    expect(() => reliability([{ probability, hasHappened: true }])).toThrow(
      /^OUT_OF_RANGE: a forecast must be a probability from 0 to 1/,
    )
  })
})
