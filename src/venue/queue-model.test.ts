import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LobtraderError } from '../core/index.ts'
import {
  parseQueueModel,
  powerProbQueue,
  queueShare,
  riskAverseQueue,
  type QueueModel,
} from './queue-model.ts'

/** One step of a level's story: a trade at our price, or the level's new size. */
type Step = { readonly trade: number } | { readonly level: number }

/** Follows the queue model as the exchange does, starting with everything ahead of us. */
function frontAfter(model: QueueModel, start: number, steps: readonly Step[]): number {
  let front = start
  let level = start
  let traded = 0
  for (const step of steps) {
    if ('trade' in step) {
      front -= step.trade
      traded += step.trade
    } else {
      front = model.frontAfterChange(front, traded, level, step.level)
      level = step.level
      traded = 0
    }
  }
  return front
}

// Sequences A, B and C of the peer comparison: front 10 on a level of 10; the peer's values,
// seen there as the smallest later trade that fills.
const A: Step[] = [{ level: 20 }, { level: 16 }]
const B: Step[] = [{ level: 20 }, { trade: 4 }, { level: 14 }]
const C: Step[] = [{ level: 12 }, { level: 6 }]

describe('queue models give the published values', () => {
  it.each([
    ['risk-averse', A, 10],
    ['risk-averse', B, 6],
    ['risk-averse', C, 6],
    ['power-prob:1', A, 8],
    ['power-prob:1', B, 5.4],
    ['power-prob:1', C, 5],
    ['power-prob:3', A, 8],
    ['power-prob:3', B, 5.854054],
    ['power-prob:3', C, 4.047619],
    ['power-prob2:3', A, 6.5],
    ['power-prob2:3', B, 4.686],
    ['power-prob2:3', C, 4.027778],
    ['power-prob3:3', A, 9.5],
    ['power-prob3:3', B, 5.946],
    ['power-prob3:3', C, 6],
    ['log-prob', A, 8],
    ['log-prob', B, 5.163762],
    ['log-prob', C, 5.885216],
    ['log-prob2', A, 9.150439],
    ['log-prob2', B, 5.778966],
    ['log-prob2', C, 6],
  ] as const)('H14 %s', (name, steps, expected) => {
    expect(frontAfter(parseQueueModel(name), 10, steps)).toBeCloseTo(expected, 6)
  })

  it('counts in base units where a formula has logarithms, and only there', () => {
    const inLots = (name: string, lotSize: number): number =>
      frontAfter(
        parseQueueModel(name).forLotSize(lotSize),
        10_000,
        B.map((step) =>
          'trade' in step ? { trade: step.trade * 1000 } : { level: step.level * 1000 },
        ),
      ) / 1000
    expect(inLots('log-prob', 0.001)).toBeCloseTo(5.163762, 6)
    expect(inLots('log-prob2', 0.001)).toBeCloseTo(5.778966, 6)
    expect(inLots('power-prob:3', 0.001)).toBe(inLots('power-prob:3', 1))
  })

  // B: front 10, back 10, a trade of 4, then 2 more go: 6 ahead and 10 behind, not 14. Each place is
  // 6 - 2 (1 - p), p worked out by hand.
  it.each([
    ['fair-power-prob:1', 5.25], // p = 10 / 16
    ['fair-power-prob:3', 5.644737], // p = 1000 / (1000 + 216)
    ['fair-power-prob2:3', 4.488281], // p = 1000 / 16^3
    ['fair-power-prob3:3', 5.894531], // p = 1 - (6 / 16)^3
    ['fair-log-prob', 5.104053], // p = ln 11 / (ln 11 + ln 7)
    ['fair-log-prob2', 5.692704], // p = ln 11 / ln 17
  ] as const)('%s leaves what trades took out of what stands behind', (name, expected) => {
    expect(frontAfter(parseQueueModel(name), 10, B)).toBeCloseTo(expected, 6)
  })

  it('are the same in their fair form where nothing traded', () => {
    for (const name of [
      'power-prob:2',
      'power-prob2:3',
      'power-prob3:3',
      'log-prob',
      'log-prob2',
    ]) {
      for (const story of [A, C]) {
        expect(frontAfter(parseQueueModel(`fair-${name}`), 10, story)).toBe(
          frontAfter(parseQueueModel(name), 10, story),
        )
      }
    }
  })

  it('H16 lets trades alone move a risk-averse place, capped by the level', () => {
    const model = riskAverseQueue()
    expect(frontAfter(model, 10, [{ trade: 4 }])).toBe(6)
    expect(frontAfter(model, 10, [{ trade: 4 }, { level: 5 }])).toBe(5)
    expect(frontAfter(model, 10, [{ trade: 4 }, { level: 5 }, { level: 50 }])).toBe(5)
  })
})

describe('every queue model', () => {
  const models = [
    riskAverseQueue(),
    powerProbQueue(1),
    powerProbQueue(0.5),
    ...['power-prob:3', 'power-prob2:3', 'power-prob3:3', 'log-prob', 'log-prob2']
      .flatMap((name) => [name, `fair-${name}`])
      .map(parseQueueModel),
  ]
  const lots = fc.integer({ min: 0, max: 10_000 })

  it('never puts more lots ahead of us than the level holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...models), lots, lots, lots, (model, before, after, ahead) => {
        const front = model.frontAfterChange(Math.min(ahead, before), 0, before, after)
        expect(front).toBeLessThanOrEqual(after)
        expect(Number.isNaN(front)).toBe(false)
      }),
    )
  })

  it('never moves us back when the level shrinks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...models), lots, lots, lots, (model, level, cut, ahead) => {
        const after = Math.max(0, level - cut)
        const start = Math.min(ahead, level)
        expect(model.frontAfterChange(start, 0, level, after)).toBeLessThanOrEqual(start + 1e-9)
      }),
    )
  })

  it('takes a decrease from behind an order at the head, from ahead of one at the tail', () => {
    for (const model of [powerProbQueue(1), powerProbQueue(3)]) {
      expect(model.frontAfterChange(0, 0, 10, 4)).toBe(0)
      expect(model.frontAfterChange(10, 0, 10, 4)).toBe(4)
    }
  })
})

describe('the share of a decrease', () => {
  it.each([
    ['risk-averse', 1],
    ['power-prob:3', 27 / 28],
    ['fair-power-prob2:2', 9 / 16],
    ['power-prob3:2', 15 / 16],
    ['log-prob', Math.log(7) / (Math.log(7) + Math.log(3))],
    ['fair-log-prob2', Math.log(7) / Math.log(9)],
  ] as const)('behind 2 lots and before 6 is the formula of %s', (name, expected) => {
    const { behind, isFair } = queueShare(name)
    expect(behind(2, 6)).toBeCloseTo(expected, 14)
    expect(isFair).toBe(name === 'risk-averse' || name.startsWith('fair-'))
  })

  it('counts in base units where a formula has logarithms', () => {
    expect(queueShare('log-prob2', 0.5).behind(2, 6)).toBeCloseTo(Math.log(4) / Math.log(5), 14)
  })
})

describe('reading a queue model', () => {
  it.each([
    'power-prob',
    'power-prob:',
    'power-prob:0',
    'power-prob:-1',
    'power-prob:x',
    'fifo',
    'fair-risk-averse',
    'log-prob:2',
    'power-prob:3:4',
    '',
  ])('refuses %j with the names that exist', (text) => {
    expect(() => parseQueueModel(text)).toThrow(LobtraderError)
  })
})
