import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClearedMarket } from '../../../test/cleared-market.ts'
import { Tape, inverseInstrument, unitInstrument } from '../../../test/tape.ts'
import { EventKind, Instrument, eventCode } from '../../market/index.ts'
import { fundingSchedule } from '../../order/index.ts'

const future = new Instrument({
  ...unitInstrument.spec,
  kind: 'linear-future',
  expiry: '1970-01-01T00:00:00.000000100Z',
})

/** A book of 1,000 each side around a mid that moves as told: [time, bid, ask]. */
function market(...moves: readonly (readonly [number, number, number])[]): Tape {
  const [first, ...later] = moves
  const tape = new Tape().snapshot(first![0], [[first![1], 1000]], [[first![2], 1000]])
  let [, bid, ask] = first!
  for (const [time, nextBid, nextAsk] of later) {
    if (nextBid !== bid) tape.bid(time, bid, 0)
    if (nextAsk !== ask) tape.ask(time, ask, 0)
    tape.bid(time, nextBid, 1000).ask(time, nextAsk, 1000)
    ;[bid, ask] = [nextBid, nextAsk]
  }
  return tape
}

const funding = (tape: Tape, time: number, rate: number, mark: number): Tape =>
  tape.row(time, eventCode(EventKind.Funding, 0), mark, Math.round(rate * 1e9))

describe('funding', () => {
  it('N28 debits longs and credits shorts at its boundary, and all accounts agree after flips', () => {
    const tape = funding(
      funding(market([0, 99, 101], [30, 109, 111]), 20, 0.001, 100),
      40,
      0.001,
      110,
    )
    const run = new ClearedMarket({
      instrument: unitInstrument,
      events: tape.events(),
      funding: 'tape',
      accounts: 2,
    })
    // One account buys 10 at 101 and turns to short 20 at 109; the other is its mirror in the book.
    run.send(10, 1, 101, 10)
    run.send(10, -1, 99, 10, 1)
    run.send(35, -1, 109, 30)
    run.to(50)
    expect(
      run.desks[0]!.payments.map(({ amount, exchTime, position }) => [exchTime, position, amount]),
    ).toEqual([
      [20, 10, -1],
      [40, -20, 2.2],
    ])
    expect(run.desks[1]!.payments.map(({ amount }) => amount)).toEqual([1, 1.1])
    const { position } = run.holding()
    const byHand = -10 * 101 + 30 * 109 - 20 * 110 - 1 + 2.2
    expect(position.equityAt(110)).toBeCloseTo(byHand, 9)
    expect(run.equity()).toBeCloseTo(byHand, 9)
    expect(run.house.accounts[0]!.balance('Q') + position.unrealized(110)).toBeCloseTo(byHand, 9)
  })

  it('is paid on the position of its own moment: what trades in the same message row after it is not', () => {
    const tape = market([0, 99, 101])
    tape.trade(20, -1, 99, 1005)
    funding(tape, 20, 0.01, 100)
    const before = new ClearedMarket({
      instrument: unitInstrument,
      events: tape.events(),
      funding: 'tape',
    })
    before.send(10, 1, 99, 5)
    before.to(30)
    expect(before.log).toEqual(['10 accepted 0', '20 filled 5 @ 99 fee 0', '20 funded -5'])
  })

  it('of a schedule comes at its times, at the mid where no mark is given', () => {
    const points = fundingSchedule([
      { time: 5n, rate: 0.5 },
      { time: 20n, rate: 0.001 },
      { time: 25n, rate: 0.001, mark: 200 },
    ])
    const run = new ClearedMarket({
      instrument: unitInstrument,
      events: market([0, 99, 101]).events(),
      funding: points,
    })
    run.send(10, 1, 101, 10)
    run.to(100)
    expect(run.log.slice(1)).toEqual(['20 funded -1', '25 funded -2'])
  })

  it('at the time of a fill is owed by who bought with the tape, not by who came with a request', () => {
    const tape = market([0, 99, 101]).trade(20, -1, 99, 1001).events()
    const points = fundingSchedule([{ time: 20n, rate: 0.01, mark: 100 }])
    const made = new ClearedMarket({
      instrument: unitInstrument,
      events: tape,
      funding: points,
    })
    made.send(10, 1, 99, 1)
    expect(made.to(30).log.slice(1)).toEqual(['20 filled 1 @ 99 fee 0', '20 funded -1'])
    const took = new ClearedMarket({
      instrument: unitInstrument,
      events: tape,
      funding: points,
    })
    took.send(20, 1, 101, 1)
    expect(took.to(30).log).toEqual(['20 filled 1 @ 101 fee 0'])
  })

  it('of an inverse contract is counted in its base', () => {
    const tape = funding(market([0, 99, 101]), 20, 0.01, 100)
    const run = new ClearedMarket({
      instrument: inverseInstrument,
      events: tape.events(),
      funding: 'tape',
    })
    run.send(10, -1, 99, 50)
    run.to(30)
    expect(run.desks[0]!.payments[0]!.amount).toBeCloseTo(0.005, 15)
  })

  it("is nobody's business without a position, or when it is off", () => {
    const tape = funding(market([0, 99, 101]), 20, 0.01, 100).events()
    const flat = new ClearedMarket({
      instrument: unitInstrument,
      events: tape,
      funding: 'tape',
    }).to(30)
    expect(flat.log).toEqual([])
    expect(flat.core.restingCount).toBe(0)
    const off = new ClearedMarket({ instrument: unitInstrument, events: tape, funding: 'off' })
    off.send(10, 1, 101, 1)
    expect(off.to(30).log).toHaveLength(1)
  })
})

describe('expiry', () => {
  const events = market([0, 99, 102], [150, 89, 91]).events()

  it('lets orders expire and settles positions at the mid, once; nothing trades afterwards', () => {
    const run = new ClearedMarket({ instrument: future, events, accounts: 2, feeRate: 0.1 })
    run.send(10, 1, 102, 4)
    run.send(20, 1, 98, 1)
    run.send(20, -1, 99, 2, 1)
    run.to(200)
    run.send(210, 1, 200, 1)
    expect(run.log).toEqual([
      '10 filled 4 @ 102 fee 40.800000000000004',
      '20 accepted 1',
      '100 expired 1: the contract has expired',
      '100 filled -4 @ 100.5 fee 0 (settlement)',
      '210 rejected 5: the contract has expired',
    ])
    expect(run.desks[1]!.log.at(-1)).toBe('100 filled 2 @ 100.5 fee 0 (settlement)')
    expect(run.holding().isOpen).toBe(false)
    expect(run.equity()).toBeCloseTo(4 * (100.5 - 102) - 40.8, 9)
  })

  it('settles at the price that is given', () => {
    const run = new ClearedMarket({ instrument: future, events, settlementPrice: 105.25 })
    run.send(10, 1, 102, 4)
    expect(run.to(100).log.at(-1)).toBe('100 filled -4 @ 105.25 fee 0 (settlement)')
  })
})

describe('margin at the venue', () => {
  const margin = { leverage: 10, maintenance: 0.05 }

  it('is looked at when an order arrives, with what is at work', () => {
    const run = new ClearedMarket({
      instrument: unitInstrument,
      events: market([0, 99, 101]).events(),
      margin,
      balance: 100,
    })
    run.send(10, 1, 99, 10)
    run.send(11, 1, 98, 1)
    run.send(12, -1, 102, 10)
    expect(run.log).toEqual([
      '10 accepted 0',
      '11 rejected 1: insufficient margin: the order needs 9.8 Q, 1 Q are free',
      // What the purchases bind does for the sales too, but for what these are worth more.
      '12 rejected 2: insufficient margin: the order needs 3 Q, 1 Q are free',
    ])
    run.core.cancel(0, 13)
    run.send(14, 1, 98, 10)
    expect(run.log.at(-1)).toBe('14 accepted 3')
  })

  it('closes a position where the equity has fallen to the maintenance margin, and no row earlier', () => {
    // Long 9 at 101 with 100: the equity is 5 % of the value at 100 + 9 (m - 101) = 0.45 m, m = 94.6.
    const tape = market([0, 99, 101], [20, 96, 98], [30, 94, 96], [40, 93, 96], [50, 50, 52])
    const run = new ClearedMarket({
      instrument: unitInstrument,
      events: tape.events(),
      margin,
      balance: 100,
      liquidationFee: 0.01,
    })
    run.send(10, 1, 101, 9)
    run.send(11, -1, 120, 1)
    run.to(45)
    expect(run.log.slice(2)).toEqual([
      '40 cancelled 1',
      '40 filled -9 @ 93 fee 8.370000000000001 (liquidation)',
    ])
    const [only, ...more] = run.house.liquidations
    expect(more).toEqual([])
    expect(only).toMatchObject({ owner: 0, lane: 0, exchTime: 40, equity: 41.5 })
    expect(only!.maintenance).toBeCloseTo(42.525, 9)
    expect(run.equity()).toBeCloseTo(100 - 9 * 8 - 8.37, 9)
  })

  it('hands over at the bankruptcy price what the book does not take, and leaves no debt', () => {
    // The market gaps to 60: nothing of the book is within the bankruptcy price, 101 - 100 / 9.
    const run = new ClearedMarket({
      instrument: unitInstrument,
      events: market([0, 99, 101], [20, 59, 61]).events(),
      margin,
      balance: 100,
      feeRate: 0.001,
      liquidationFee: 0.01,
    })
    run.send(10, 1, 101, 9)
    run.to(30)
    expect(run.log.slice(1)).toEqual([
      '20 expired 1: nothing to take within the limit',
      '20 filled -9 @ 90 fee 0.09099999999999997 (liquidation)',
    ])
    expect(run.equity()).toBeCloseTo(0, 9)
  })

  it('mirrors for a short position', () => {
    const tape = market([0, 99, 101], [20, 106, 108])
    const run = new ClearedMarket({
      instrument: unitInstrument,
      events: tape.events(),
      margin,
      balance: 100,
    })
    run.send(10, -1, 99, 9)
    run.to(30)
    expect(run.log.at(-1)).toMatch(/^20 filled 9 @ 108 .*liquidation/)
  })

  it('may be used up by funding alone', () => {
    const tape = funding(market([0, 99, 101]), 20, 0.06, 100)
    const run = new ClearedMarket({
      instrument: unitInstrument,
      events: tape.events(),
      margin,
      balance: 100,
      funding: 'tape',
    })
    run.send(10, 1, 101, 9)
    run.to(30)
    expect(run.log.slice(1)).toEqual(['20 funded -54', '20 filled -9 @ 99 fee 0 (liquidation)'])
  })

  it('of an isolated position is lost alone', () => {
    const tape = market([0, 99, 101], [20, 59, 61])
    const run = new ClearedMarket({
      instrument: unitInstrument,
      events: tape.events(),
      margin,
      balance: 1000,
      mode: 'isolated',
    })
    run.send(10, 1, 101, 10)
    run.to(30)
    expect(run.log.at(-1)).toMatch(/filled -10 @ 91 .*liquidation/)
    expect(run.equity()).toBeCloseTo(900, 9)
  })

  it.each([
    ['partial', 'cross'],
    ['partial', 'isolated'],
    ['no-partial', 'cross'],
  ] as const)(
    'is never below its maintenance without a liquidation at that row, and never in debt (%s, %s)',
    (exchange, mode) => {
      const step = fc.record({
        move: fc.integer({ min: -6, max: 6 }),
        order: fc.option(
          fc.record({
            side: fc.constantFrom<1 | -1>(1, -1),
            offset: fc.integer({ min: -3, max: 3 }),
            lots: fc.integer({ min: 1, max: 30 }),
          }),
        ),
        funding: fc.integer({ min: -4, max: 4 }),
      })
      fc.assert(
        fc.property(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), (steps) => {
          const moves: [number, number, number][] = [[0, 199, 201]]
          let mid = 200
          for (const [i, { move }] of steps.entries()) {
            mid = Math.max(20, mid + move)
            moves.push([(i + 1) * 10, mid - 1, mid + 1])
          }
          const tape = market(...moves)
          const events = tape.events()
          const points = fundingSchedule(
            steps.map((each, i) => ({ time: BigInt(i * 10 + 15), rate: each.funding / 1000 })),
          )
          const run = new ClearedMarket({
            instrument: unitInstrument,
            events,
            margin,
            mode,
            exchange,
            balance: 300,
            feeRate: 0.0001,
            liquidationFee: 0.005,
            funding: points,
          })
          for (const [i, { order }] of steps.entries()) {
            const time = (i + 1) * 10
            run.to(time)
            const pool = run.holding()
            const isolated = mode === 'isolated'
            const equity = isolated ? pool.isolatedMargin + pool.unrealized : run.equity()
            if (pool.isOpen) expect(equity).toBeGreaterThan(pool.maintenance)
            expect(run.equity()).toBeGreaterThanOrEqual(-1e-9)
            if (order !== null) {
              run.send(time + 2, order.side, moves[i + 1]![1] + 1 + order.offset, order.lots)
            }
          }
          // The identity: what is there is what was there, and what fills, fees and funding moved.
          const { position, mark } = run.holding()
          expect(run.equity()).toBeCloseTo(300 + position.equityAt(mark), 6)
        }),
        { numRuns: 60 },
      )
    },
  )
})
