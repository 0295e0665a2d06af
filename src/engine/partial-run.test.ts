/** Partial fills as a strategy and its account see them: position and fees follow each of them. */
import { describe, expect, it } from 'vitest'
import { Monkey, book, orders, randomTape, run, script } from '../../test/scripted-run.ts'
import type { Tape } from '../../test/tape.ts'
import type { Order, TimeInForce } from '../order/index.ts'
import { partialExchange, powerImpact } from '../venue/index.ts'
import type { RunResult } from './run-result.ts'
import { Strategy, type StrategyClass } from './strategy.ts'

/** Bids 100 x 10, 99 x 5 and asks 102 x 10, 103 x 5; makers get 1 bps, takers pay 2. */
const partial = { exchange: 'partial' } as const

/** Sends one order at time 1 and writes down what is known at each notice about it. */
function diary(
  order: { side: 1 | -1; size: number; price: number; tif: TimeInForce },
  lines: string[],
): StrategyClass {
  return class extends Strategy {
    override start(): void {
      this.after(1, () => (order.side > 0 ? this.buy(order) : this.sell(order)))
    }
    override notifyOrder(order: Order): void {
      const fees = this.position.fees.toFixed(4)
      lines.push(
        `${this.now} ${order.status} ${order.filled} position ${this.position.size} ${fees}`,
      )
    }
  } as unknown as StrategyClass
}

describe('with partial fills', () => {
  it.each([
    ['FOK', ['1 expired 0 position 0 0.0000'], 0],
    [
      'IOC',
      [
        '1 partial 10 position 10 0.2040',
        '1 partial 15 position 15 0.3070',
        '1 expired 15 position 15 0.3070',
      ],
      15,
    ],
    [
      'GTC',
      [
        '1 partial 10 position 10 0.2040',
        '1 partial 15 position 15 0.3070',
        '1 partial 15 position 15 0.3070',
      ],
      15,
    ],
  ] as const)('H20 18 up to 103 against 10 and 5: %s', async (tif, expected, position) => {
    const lines: string[] = []
    const tape = book().bid(9, 90, 1)
    const strategy = diary({ side: 1, size: 18, price: 103, tif }, lines)
    const result = await run(tape.events(), strategy, partial)
    expect(lines).toEqual(expected)
    expect(result.record.totals.position).toBe(position)
  })

  it.each([
    [
      'H21 10 ahead, 10 of ours, trade 13: position 3 and its fee at once',
      (tape: Tape) => tape.trade(5, -1, 100, 13),
      ['1 accepted 0 position 0 0.0000', '5 partial 3 position 3 -0.0300'],
    ],
    [
      'H22 10 ahead, 10 of ours, trade 20: filled once, the next trade does nothing',
      (tape: Tape) => tape.trade(5, -1, 100, 20).trade(6, -1, 100, 20),
      ['1 accepted 0 position 0 0.0000', '5 filled 10 position 10 -0.1000'],
    ],
    [
      'N15b trades of one size each carry a fresh budget',
      (tape: Tape) => tape.trade(5, -1, 100, 12).trade(6, -1, 100, 2).trade(7, -1, 100, 9),
      [
        '1 accepted 0 position 0 0.0000',
        '5 partial 2 position 2 -0.0200',
        '6 partial 4 position 4 -0.0400',
        '7 filled 10 position 10 -0.1000',
      ],
    ],
  ])('%s', async (_, trades, expected) => {
    const lines: string[] = []
    const tape = trades(book()).bid(9, 90, 1)
    const strategy = diary({ side: 1, size: 10, price: 100, tif: 'GTC' }, lines)
    await run(tape.events(), strategy, partial)
    expect(lines).toEqual(expected)
  })

  it('H23 two orders of 5 behind 10: a trade of 11 makes a position of 1', async () => {
    const tape = book().trade(5, -1, 100, 11).bid(9, 90, 1)
    const result = await run(
      tape.events(),
      script({
        1: [
          { side: 1, price: 100, size: 5 },
          { side: 1, price: 100, size: 5 },
        ],
      }),
      partial,
    )
    expect(result.record.totals.position).toBe(1)
    expect(orders(result).map(({ status, filled }) => [status, filled])).toEqual([
      ['partial', 1],
      ['accepted', 0],
    ])
  })

  it('has one hash with impact left out by default or by hand; of strength 0 the same fills', async () => {
    const strengthless = powerImpact({ exponent: 0.5, scale: '1s', strength: 0 })
    const exchanges = [
      'partial',
      partialExchange(),
      partialExchange({ impact: strengthless }),
      partialExchange({ impact: powerImpact({ exponent: 0.5, scale: '1s' }) }),
    ] as const
    const results: RunResult[] = []
    for (const exchange of exchanges) {
      const [settings, seed] = [{ exchange, seed: 7 }, 3]
      results.push(await run(randomTape(seed), Monkey as unknown as StrategyClass, settings))
    }
    const [named, plain, none, some] = results.map(({ record }) => record)
    expect(named!.fills.length).toBeGreaterThan(50)
    expect(plain!.runHash).toBe(named!.runHash)
    expect(none!.fills).toEqual(named!.fills)
    expect(some!.fills).not.toEqual(named!.fills)
    expect(some!.runHash).not.toBe(named!.runHash)
  })

  it('H25 a cancel that loses the race to a part leaves what is left cancelled', async () => {
    const tape = book().trade(5, -1, 100, 13).bid(90, 90, 1)
    const action = { side: 1, price: 100, size: 10, cancelAt: 4 } as const
    const result = await run(tape.events(), script({ 1: action }), { ...partial, entry: 3 })
    const [order] = orders(result)
    expect([order!.status, order!.filled, order!.doneExch]).toEqual(['cancelled', 3, 7])
    expect(result.record.totals.position).toBe(3)
  })
})
