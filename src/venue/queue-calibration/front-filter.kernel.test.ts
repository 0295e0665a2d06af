import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { queueShare, type QueueShare } from '../queue-model.ts'
import {
  filterDecrease,
  filterMass,
  filterTrade,
  frontFilter,
  startFilter,
  type FrontFilter,
} from './front-filter.kernel.ts'

type Step = { readonly trade: number } | { readonly leaves: number }

/** Every way that whole orders may have left, one after the other: the obvious twin. */
function unfilled(share: QueueShare, front: number, level: number, steps: readonly Step[]): number {
  const [step, ...rest] = steps
  if (step === undefined) return 1
  if ('trade' in step) {
    if (step.trade > front) return 0
    return unfilled(share, front - step.trade, level - step.trade, rest)
  }
  const gone = Math.min(step.leaves, level)
  const back = level - front
  const after = level - gone
  const behind = back === 0 ? 0 : front === 0 ? 1 : share.behind(front, back)
  return (
    (behind === 0 ? 0 : behind * unfilled(share, Math.min(front, after), after, rest)) +
    (behind === 1 ? 0 : (1 - behind) * unfilled(share, Math.max(0, front - gone), after, rest))
  )
}

/** The same by the filter. */
function survival(
  filter: FrontFilter,
  { behind }: QueueShare,
  [front, back]: readonly [number, number],
  steps: readonly Step[],
): number {
  startFilter(filter, front)
  let level = front + back
  for (const step of steps) {
    if ('trade' in step) {
      filterTrade(filter, step.trade)
      level -= step.trade
      if (filter.count === 0) return 0
    } else {
      const after = Math.max(0, level - step.leaves)
      filterDecrease(filter, behind, true, 1, level, 0, after)
      level = after
    }
  }
  return filterMass(filter)
}

const lots = fc.integer({ min: 0, max: 12 })
const step = fc.oneof(
  fc.record({ trade: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ leaves: fc.integer({ min: 1, max: 6 }) }),
)
const name = fc.constantFrom(
  'fair-power-prob:3',
  'fair-power-prob2:0.5',
  'fair-power-prob3:2',
  'fair-log-prob',
)

describe('the distribution of a place in the queue', () => {
  it('gives the probability that all ways to leave together give', () => {
    const filter = frontFilter(32)
    fc.assert(
      fc.property(
        name,
        lots,
        lots,
        fc.array(step, { maxLength: 9 }),
        (model, front, back, steps) => {
          const share = queueShare(model)
          expect(survival(filter, share, [front, back], steps)).toBeCloseTo(
            unfilled(share, front, front + back, steps),
            12,
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  it('is as exact where lots are small', () => {
    const scale = 100_000_000
    const filter = frontFilter(32)
    fc.assert(
      fc.property(lots, lots, fc.array(step, { maxLength: 9 }), (front, back, steps) => {
        const share = queueShare('fair-power-prob:2')
        const scaled = steps.map((one) =>
          'trade' in one ? { trade: one.trade * scale } : { leaves: one.leaves * scale },
        )
        expect(survival(filter, share, [front * scale, back * scale], scaled)).toBeCloseTo(
          unfilled(share, front, front + back, steps),
          9,
        )
      }),
    )
  })

  it('keeps the mean of its places where it must join them', () => {
    const share = queueShare('fair-power-prob:1')
    const [few, many] = [frontFilter(8), frontFilter(512)]
    for (const filter of [few, many]) {
      startFilter(filter, 1000)
      let level = 2000
      for (let gone = 3; gone < 40; gone++) {
        filterDecrease(filter, share.behind, true, 0.5, level, 0, level - gone)
        level -= gone
        expect(filter.count).toBeLessThanOrEqual(filter.capacity)
        expect(filterMass(filter)).toBeCloseTo(1, 12)
      }
    }
    const mean = ({ place, mass, count }: FrontFilter): number =>
      place.subarray(0, count).reduce((sum, at, i) => sum + at * mass[i]!, 0)
    expect(mean(few)).toBeCloseTo(mean(many), 1)
    // A share in proportion leaves the expected place in proportion.
    expect(mean(many) / 1000).toBeCloseTo((2000 - 777) / 2000, 2)
  })

  it('is the place of the model itself where no decrease is one order', () => {
    const filter = frontFilter(4)
    const { behind, isFair } = queueShare('power-prob:3')
    startFilter(filter, 10)
    filterTrade(filter, 4)
    filterDecrease(filter, behind, isFair, 0, 20, 4, 14)
    expect(filter.count).toBe(1)
    expect(filter.place[0]).toBeCloseTo(5.854054, 6)
  })
})
