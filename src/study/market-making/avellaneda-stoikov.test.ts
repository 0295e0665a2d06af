import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Prng } from '../../core/index.ts'
import {
  averageSpread,
  infiniteHorizonDiscount,
  infiniteHorizonReservationAsk,
  infiniteHorizonReservationBid,
  intensityMargin,
  optimalSpread,
  reservationAsk,
  reservationBid,
  reservationPrice,
} from './avellaneda-stoikov.ts'

const SIGMA = 2
const K = 1.5
const A = 140

describe('Avellaneda-Stoikov closed forms', () => {
  it('puts the reservation price of 5 units at 98 when s = 100, gamma = 0.1, sigma = 2, T - t = 1', () => {
    expect(reservationPrice(100, 5, 0.1, 2, 1)).toBe(98)
  })

  it('puts the reservation price half-way between reservation bid and ask', () => {
    const finite = fc.double({ min: 0, max: 10, noNaN: true })
    fc.assert(
      fc.property(
        fc.integer({ min: -20, max: 20 }),
        finite,
        finite,
        finite,
        (q, gamma, sigma, left) => {
          const middle =
            (reservationAsk(100, q, gamma, sigma, left) +
              reservationBid(100, q, gamma, sigma, left)) /
            2
          expect(middle).toBeCloseTo(reservationPrice(100, q, gamma, sigma, left), 6)
        },
      ),
    )
  })

  it.each([
    [0.01, 1.3689085437, 1.3489085437, 1.3289085437],
    [0.1, 1.6907704228, 1.4907704228, 1.2907704228],
    [0.5, 3.1507282898, 2.1507282898, 1.1507282898],
    [1, 5.0216512475, 3.0216512475, 1.0216512475],
  ])(
    'has the spreads of gamma = %d at t = 0, on average, and without risk',
    (gamma, first, mean, last) => {
      expect(optimalSpread(gamma, SIGMA, K, 1)).toBeCloseTo(first, 10)
      expect(averageSpread(gamma, SIGMA, K, 1)).toBeCloseTo(mean, 10)
      expect(optimalSpread(gamma, SIGMA, K, 0)).toBeCloseTo(last, 10)
      expect(2 * intensityMargin(gamma, K)).toBeCloseTo(last, 10)
    },
  )

  it.each([
    [0.01, 1.3490085],
    [0.1, 1.4917704],
    [0.5, 2.1557283],
    [1, 3.0316512],
  ])('averages over the 200 steps of the paper to the spread of gamma = %d', (gamma, mean) => {
    let sum = 0
    for (let step = 0; step < 200; step++) sum += optimalSpread(gamma, SIGMA, K, 1 - step * 0.005)
    expect(sum / 200).toBeCloseTo(mean, 7)
  })

  it('quotes 1 / k from the mid without risk aversion, and tends to it', () => {
    expect(optimalSpread(0, SIGMA, K, 1)).toBe(2 / K)
    expect(optimalSpread(1e-12, SIGMA, K, 1)).toBeCloseTo(2 / K, 10)
  })

  it.each([
    [0, 100.0823049914, 99.9170119719],
    // The ask is 100 + 10 ln(119 / 120).
    [1, 99.9163175033, 99.7468219202],
    [5, 99.0155992719, 98.7830306502],
    [-5, 101.0848064299, 100.8961215869],
  ])('has the infinite-horizon reservation prices of q = %d', (q, ask, bid) => {
    const omega = infiniteHorizonDiscount(0.1, SIGMA, 10)
    expect(omega).toBeCloseTo(2.42, 12)
    expect(infiniteHorizonReservationAsk(100, q, 0.1, SIGMA, omega)).toBeCloseTo(ask, 9)
    expect(infiniteHorizonReservationBid(100, q, 0.1, SIGMA, omega)).toBeCloseTo(bid, 9)
  })

  it('bids at no price when the inventory is at its largest, and still asks at its smallest', () => {
    const positive = fc.double({ min: 1e-3, max: 10, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), positive, positive, (most, gamma, sigma) => {
        const omega = infiniteHorizonDiscount(gamma, sigma, most)
        expect(infiniteHorizonReservationBid(100, most, gamma, sigma, omega)).toBe(
          Number.NEGATIVE_INFINITY,
        )
        const ask = infiniteHorizonReservationAsk(100, -most, gamma, sigma, omega)
        expect(ask).toBeCloseTo(100 + Math.LN2 / gamma, 6)
        for (let q = -most; q < most; q++) {
          const bid = infiniteHorizonReservationBid(100, q, gamma, sigma, omega)
          expect(bid).toBeLessThan(infiniteHorizonReservationAsk(100, q, gamma, sigma, omega))
          expect(bid).toBeGreaterThan(
            infiniteHorizonReservationBid(100, q + 1, gamma, sigma, omega),
          )
        }
      }),
    )
  })

  it('has no infinite-horizon price beyond the inventory that omega allows', () => {
    const omega = infiniteHorizonDiscount(0.1, SIGMA, 10)
    expect(() => infiniteHorizonReservationBid(100, 11, 0.1, SIGMA, omega)).toThrow('omega')
  })
})

type Fill = 'literal' | 'exact'

interface Recipe {
  readonly gamma: number
  /** True: quotes around the reservation price; false: the average spread around the mid. */
  readonly skews: boolean
  /** True: eq. 30; false: only its constant part, as the 2006 preprint has it. */
  readonly full: boolean
  /** Probability of a fill in dt: lambda dt, taken literally as the paper does, or 1 - exp(-lambda dt). */
  readonly fill: Fill
}

/** Section 3.3 of the paper: s = 100, T = 1, dt = 0.005; fills first, then the price moves. */
function simulatePaths(
  recipe: Recipe,
  paths: number,
  seed: number,
): { profit: number[]; inventory: number[] } {
  const { gamma, skews, full, fill } = recipe
  const prng = new Prng(seed)
  const dt = 0.005
  const move = SIGMA * Math.sqrt(dt)
  const constant = 2 * intensityMargin(gamma, K)
  const fillChance = (distance: number): number => {
    const rate = A * Math.exp(-K * distance)
    return fill === 'literal' ? rate * dt : 1 - Math.exp(-rate * dt)
  }
  const profit: number[] = []
  const inventory: number[] = []
  for (let path = 0; path < paths; path++) {
    let s = 100
    let cash = 0
    let q = 0
    for (let step = 0; step < 200; step++) {
      const left = 1 - step * dt
      const r = skews ? reservationPrice(s, q, gamma, SIGMA, left) : s
      const spread = !full
        ? constant
        : skews
          ? optimalSpread(gamma, SIGMA, K, left)
          : averageSpread(gamma, SIGMA, K, 1)
      const ask = r + spread / 2
      const bid = r - spread / 2
      const sold = prng.next() < fillChance(ask - s)
      const bought = prng.next() < fillChance(s - bid)
      if (sold) cash += ask
      if (bought) cash -= bid
      q += (bought ? 1 : 0) - (sold ? 1 : 0)
      s += prng.next() < 0.5 ? move : -move
    }
    profit.push(cash + q * s)
    inventory.push(q)
  }
  return { profit, inventory }
}

function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) }
}

interface Target extends Recipe {
  readonly profit: number
  readonly deviation: number
  /** Standard deviation of the final inventory; absent where there is no reference. */
  readonly inventory?: number
}

/** Reference values from 200,000 paths. */
const TARGETS: readonly Target[] = [
  {
    gamma: 0.1,
    skews: true,
    full: true,
    fill: 'literal',
    profit: 64.876,
    deviation: 6.525,
    inventory: 2.925,
  },
  {
    gamma: 0.1,
    skews: false,
    full: true,
    fill: 'literal',
    profit: 68.216,
    deviation: 13.374,
    inventory: 8.38,
  },
  {
    gamma: 0.01,
    skews: true,
    full: true,
    fill: 'literal',
    profit: 68.379,
    deviation: 8.903,
    inventory: 5.197,
  },
  {
    gamma: 0.01,
    skews: false,
    full: true,
    fill: 'literal',
    profit: 68.659,
    deviation: 13.585,
    inventory: 8.691,
  },
  {
    gamma: 0.5,
    skews: true,
    full: true,
    fill: 'literal',
    profit: 48.568,
    deviation: 5.888,
    inventory: 1.952,
  },
  {
    gamma: 0.5,
    skews: false,
    full: true,
    fill: 'literal',
    profit: 59.997,
    deviation: 12.263,
    inventory: 6.917,
  },
  {
    gamma: 1,
    skews: true,
    full: true,
    fill: 'literal',
    profit: 31.45,
    deviation: 4.834,
    inventory: 1.635,
  },
  {
    gamma: 1,
    skews: false,
    full: true,
    fill: 'literal',
    profit: 43.842,
    deviation: 10.705,
    inventory: 5.196,
  },
  {
    gamma: 0.1,
    skews: true,
    full: false,
    fill: 'literal',
    profit: 64.209,
    deviation: 6.019,
    inventory: 2.923,
  },
  {
    gamma: 0.1,
    skews: false,
    full: false,
    fill: 'literal',
    profit: 68.633,
    deviation: 13.675,
    inventory: 8.818,
  },
  {
    gamma: 0.01,
    skews: true,
    full: false,
    fill: 'literal',
    profit: 68.377,
    deviation: 8.869,
    inventory: 5.197,
  },
  {
    gamma: 0.01,
    skews: false,
    full: false,
    fill: 'literal',
    profit: 68.661,
    deviation: 13.617,
    inventory: 8.736,
  },
  {
    gamma: 0.5,
    skews: true,
    full: false,
    fill: 'literal',
    profit: 23.92,
    deviation: 5.067,
    inventory: 1.95,
  },
  {
    gamma: 0.5,
    skews: false,
    full: false,
    fill: 'literal',
    profit: 67.954,
    deviation: 13.884,
    inventory: 9.112,
  },
  {
    gamma: 0.1,
    skews: true,
    full: true,
    fill: 'exact',
    profit: 57.155,
    deviation: 6.342,
    inventory: 2.992,
  },
  {
    gamma: 0.1,
    skews: false,
    full: true,
    fill: 'exact',
    profit: 60.979,
    deviation: 12.852,
    inventory: 8.054,
  },
  { gamma: 1, skews: true, full: true, fill: 'exact', profit: 28.242, deviation: 4.596 },
  { gamma: 1, skews: false, full: true, fill: 'exact', profit: 42.282, deviation: 10.531 },
]

describe('the simulation of the paper, section 3.3', () => {
  const paths = 2000
  const relativeError = 3 / Math.sqrt(2 * paths)

  it.each(TARGETS)(
    'gamma $gamma, skews $skews, full spread $full, $fill fills: profit $profit +- $deviation',
    (target) => {
      const { profit, inventory } = simulatePaths(target, paths, 2008)
      const measured = meanAndDeviation(profit)
      const meanError = (3 * target.deviation) / Math.sqrt(paths)
      expect(Math.abs(measured.mean - target.profit)).toBeLessThan(meanError)
      expect(Math.abs(measured.deviation / target.deviation - 1)).toBeLessThan(relativeError)
      if (target.inventory === undefined) return
      const { deviation } = meanAndDeviation(inventory)
      expect(Math.abs(deviation / target.inventory - 1)).toBeLessThan(relativeError)
    },
  )
})
