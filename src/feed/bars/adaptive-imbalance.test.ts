import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Tape, inverseInstrument, unitInstrument } from '../../../test/tape.ts'
import { EventKind, eventCode, memoryTape, type Side } from '../../market/index.ts'
import type { AdaptiveImbalanceRule } from './bar-rule.ts'
import { tradeBars } from './trade-bars.ts'

type Trade = readonly [side: Side | 0, price: number, size: number]

const window = { fromTime: Number.NEGATIVE_INFINITY, toTime: Number.POSITIVE_INFINITY }

/** Times at which bars end; trade i reaches us at time i + 1. */
function ends(
  trades: readonly Trade[],
  rule: Omit<AdaptiveImbalanceRule, 'by'>,
  instrument = unitInstrument,
): number[] {
  const tape = new Tape().snapshot(0, [[90, 1]], [[110, 1]])
  for (const [i, [side, price, size]] of trades.entries())
    tape.row(i + 1, eventCode(EventKind.Trade, side), price, size)
  const given = { instrument, tape: memoryTape(tape.events()), ...window }
  try {
    return [...tradeBars(given, { by: 'adaptive-imbalance', ...rule }).time]
  } catch (error) {
    if (/TOO_FEW_ROWS/.test(String(error))) return []
    throw error
  }
}

const buys = (count: number, size = 1): Trade[] =>
  Array.from({ length: count }, () => [1, 100, size])
const sells = (count: number, size = 1): Trade[] => buys(count, size).map(([, p, s]) => [-1, p, s])

describe('adaptive imbalance bars', () => {
  // Worked by hand. Spans of 1 make alpha 1: what is expected is the last bar, the last trade.
  it.each<[string, readonly Trade[], Omit<AdaptiveImbalanceRule, 'by'>, number[]]>([
    [
      'end when |theta| reaches E[T] |E[b]|: 4 x 0.5 = 2, then 2 trades x |1| = 2',
      buys(6),
      { of: 'trades', expectedTrades: 4, expectedImbalance: 0.5, barSpan: 1, tradeSpan: 1 },
      [2, 4, 6],
    ],
    [
      'take sells like buys',
      sells(6),
      { of: 'trades', expectedTrades: 4, expectedImbalance: -0.5, barSpan: 1, tradeSpan: 1 },
      [2, 4, 6],
    ],
    [
      'wait while buys and sells cancel, and then expect longer bars: 4 trades x |1| = 4',
      [...buys(1), ...sells(1), ...buys(6)],
      { of: 'trades', expectedTrades: 4, expectedImbalance: 0.5, barSpan: 1, tradeSpan: 1 },
      [4, 8],
    ],
    [
      'average: alpha = 2/3 makes E[T] = 4 + 2/3 (2 - 4) = 8/3, E[b] = 0.5 -> 5/6 -> 17/18, so 2.52',
      buys(5),
      { of: 'trades', expectedTrades: 4, expectedImbalance: 0.5, barSpan: 2, tradeSpan: 2 },
      [2, 5],
    ],
    [
      'add sizes: 2 x 5 = 10, then 1 trade x |12| = 12',
      [
        [1, 100, 12],
        [1, 100, 11],
        [1, 100, 1],
      ],
      { of: 'volume', expectedTrades: 2, expectedImbalance: 5, barSpan: 1, tradeSpan: 1 },
      [1, 3],
    ],
    [
      'add values: 2 x 500 = 1000',
      [
        [1, 100, 9],
        [1, 100, 1],
      ],
      { of: 'value', expectedTrades: 2, expectedImbalance: 500, barSpan: 1, tradeSpan: 1 },
      [2],
    ],
    [
      'learn the first expectation from the first bar: 3 trades, mean 1/3, so |theta| = 1 ends a bar',
      [...buys(2), ...sells(1), ...buys(1), ...sells(1)],
      { of: 'trades', expectedTrades: 3, barSpan: 1, tradeSpan: 1e9 },
      [3, 4, 5],
    ],
    [
      'sign by the tick rule where no side is told: up, up, same, down, same',
      [
        [0, 100, 1],
        [0, 101, 1],
        [0, 102, 1],
        [0, 102, 1],
        [0, 101, 1],
        [0, 101, 1],
      ],
      { of: 'trades', expectedTrades: 6, expectedImbalance: 0.5, barSpan: 1, tradeSpan: 1 },
      [4],
    ],
    [
      'keep E[T] within its bounds: 2 trades are raised to 3, so the second bar is 3 x |1|',
      buys(5),
      {
        of: 'trades',
        expectedTrades: 4,
        expectedImbalance: 0.5,
        barSpan: 1,
        tradeSpan: 1,
        tradesBounds: [3, 5],
      },
      [2, 5],
    ],
  ])('%s', (_, trades, rule, expected) => {
    expect(ends(trades, rule)).toEqual(expected)
  })

  it('count value in the settlement currency of an inverse contract', () => {
    const rule = { of: 'value', expectedTrades: 1, expectedImbalance: 1 } as const
    expect(ends(buys(3, 50), rule, inverseInstrument)[0]).toBe(2)
  })

  it('equal a naive computation', () => {
    const trade = fc.tuple(
      fc.constantFrom<Side | 0>(1, -1, 0),
      fc.integer({ min: 98, max: 102 }),
      fc.integer({ min: 1, max: 9 }),
    )
    const rule = fc.record({
      of: fc.constantFrom('trades', 'volume', 'value'),
      expectedTrades: fc.integer({ min: 1, max: 8 }),
      expectedImbalance: fc.option(fc.constantFrom(-3, -0.5, 0.25, 1, 40), { nil: undefined }),
      barSpan: fc.integer({ min: 1, max: 5 }),
      tradeSpan: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 80, size: 'max' }), rule, (trades, given) => {
        expect(ends(trades, given)).toEqual(naiveEnds(trades, given))
      }),
    )
  })

  it.each<[Partial<AdaptiveImbalanceRule>, RegExp]>([
    [{ expectedTrades: 0 }, /BAD_ARGUMENT.*positive finite expectedTrades, was 0/],
    [{ barSpan: Number.NaN }, /BAD_ARGUMENT.*barSpan, was NaN/],
    [{ tradeSpan: -1 }, /BAD_ARGUMENT.*tradeSpan, was -1/],
    [{ expectedImbalance: 0 }, /BAD_ARGUMENT.*expectedImbalance other than 0/],
    [{ tradesBounds: [6, 9] }, /BAD_ARGUMENT.*were 6, 5, 9/],
  ])('%j is an error', (part, message) => {
    expect(() => ends(buys(1), { of: 'trades', expectedTrades: 5, ...part })).toThrow(message)
  })
})

/** The published definition over whole lists, every expectation computed anew at each bar. */
function naiveEnds(
  trades: readonly Trade[],
  rule: Omit<AdaptiveImbalanceRule, 'by'> & { barSpan: number; tradeSpan: number },
): number[] {
  const signed = trades.map(([side, price, size], t) => {
    let sign: number = side
    for (let i = t; sign === 0 && i > 0; i--) sign = Math.sign(trades[i]![1] - trades[i - 1]![1])
    return sign * (rule.of === 'trades' ? 1 : rule.of === 'volume' ? size : size * price)
  })
  const ewma = (first: number, values: readonly number[], span: number): number =>
    values.reduce((mean, value) => (value * 2) / (span + 1) + mean * (1 - 2 / (span + 1)), first)
  const bars: number[][] = []
  let bar: number[] = []
  const done: number[] = []
  for (const [t, value] of signed.entries()) {
    bar.push(value)
    const theta = bar.reduce((sum, b) => sum + b, 0)
    const lengths = bars.map(({ length }) => length)
    const expectedTrades = ewma(rule.expectedTrades, lengths, rule.barSpan)
    const [learnt = [], ...later] = bars
    const mean = learnt.reduce((sum, b) => sum + b, 0) / learnt.length
    const expectedImbalance =
      rule.expectedImbalance === undefined
        ? ewma(mean, later.flat(), rule.tradeSpan)
        : ewma(rule.expectedImbalance, bars.flat(), rule.tradeSpan)
    const isLearning = rule.expectedImbalance === undefined && bars.length === 0
    const isFull = isLearning
      ? bar.length >= rule.expectedTrades
      : Math.abs(theta) >= expectedTrades * Math.abs(expectedImbalance) * (1 - 1e-9)
    if (!isFull) continue
    done.push(t + 1)
    bars.push(bar)
    bar = []
  }
  return done
}
