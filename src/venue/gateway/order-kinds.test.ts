import { describe, expect, it } from 'vitest'
import { OrderTape } from '../../../test/order-tape.ts'
import { Tape } from '../../../test/tape.ts'
import { runVenue, type Step, type VenueSettings } from '../../../test/venue-script.ts'
import { TradingCalendar } from '../../market/index.ts'

const touch = (bid: readonly [number, number], ask: readonly [number, number]): Tape =>
  new Tape().snapshot(0, [[...bid]], [[...ask]])

const run = (
  tape: Pick<Tape, 'events'>,
  steps: readonly Step[],
  settings: VenueSettings = {},
): string[] => runVenue(tape.events(), steps, { exchange: 'partial', ...settings })

describe('an iceberg', () => {
  it('shows a piece at a time, each behind what stands there by then', () => {
    const tape = touch([100, 10], [102, 10])
      .trade(10, -1, 100, 12)
      .bid(11, 100, 5)
      .trade(20, -1, 100, 4)
      .trade(30, -1, 100, 3)
      .bid(100, 90, 1)
    expect(run(tape, [{ at: 5, side: 1, size: 5, price: 100, displayLots: 2 }])).toEqual([
      '5 accepted 0 behind 10',
      '10 filled 0 2@100 maker',
      // The next piece stood behind 10 until the level told of 5: cut to that, 4 traded, 1 is ahead.
      '30 filled 0 2@100 maker',
    ])
  })

  it('takes whole, and hides only what rests', () => {
    const tape = new Tape()
      .snapshot(
        0,
        [[99, 10]],
        [
          [100, 3],
          [101, 3],
        ],
      )
      .bid(100, 90, 1)
    expect(run(tape, [{ at: 5, side: 1, size: 8, price: 101, displayLots: 1 }])).toEqual([
      '5 filled 0 3@100 taker',
      '5 filled 0 3@101 taker',
      '5 accepted 0 behind 0',
    ])
  })

  it('fills piece after piece as a maker where the market comes to its price', () => {
    const tape = touch([99, 10], [102, 10]).ask(10, 100, 5).bid(100, 90, 1)
    const lines = run(tape, [{ at: 5, side: 1, size: 5, price: 100, displayLots: 2 }])
    expect(lines.slice(1)).toEqual([
      '10 filled 0 2@100 maker',
      '10 filled 0 2@100 maker',
      '10 filled 0 1@100 maker',
    ])
  })

  it('loses its place when it grows, keeps it when it shrinks', () => {
    const tape = (): Tape => touch([100, 4], [102, 10]).trade(20, -1, 100, 5).bid(100, 90, 1)
    const order = { at: 5, side: 1, size: 6, price: 100, displayLots: 2 } as const
    const late = touch([100, 4], [102, 10]).bid(8, 100, 50).trade(20, -1, 100, 5).bid(100, 90, 1)
    const fills = (of: Tape, size: number): string[] =>
      run(of, [order, { at: 10, amend: 0, to: { size } }]).filter((line) => line.includes('filled'))
    expect(fills(late, 5)).toEqual(['20 filled 0 1@100 maker'])
    expect(fills(late, 7)).toEqual([])
    expect(fills(tape(), 1)).toEqual(['20 filled 0 1@100 maker'])
  })
})

describe('post-only that slides', () => {
  it('rests one tick behind the touch instead of taking, on the tick of its band', () => {
    const tape = touch([99, 10], [104, 10]).bid(100, 90, 1)
    const order = { at: 5, side: 1, size: 1, price: 106, postOnly: 'slide' } as const
    expect(run(tape, [order])).toEqual(['5 amended 0 to 1@103', '5 accepted 0 behind 0'])
    const rules = {
      tickTable: [
        { from: 0, tick: 1 },
        { from: 100, tick: 2 },
      ],
    }
    expect(run(tape, [order], { rules })).toEqual(['5 amended 0 to 1@102', '5 accepted 0 behind 0'])
    const sell = { at: 5, side: -1, size: 1, price: 97, postOnly: 'slide' } as const
    expect(run(tape, [sell])).toEqual(['5 amended 0 to 1@100', '5 accepted 0 behind 0'])
  })
})

describe('a trailing stop', () => {
  const market = touch([199, 10], [201, 10])
    .trade(1, 1, 200, 1)
    .trade(10, 1, 220, 1)
    .trade(20, -1, 215, 1)
    .trade(30, -1, 213, 1)
    .bid(100, 90, 1)

  it('stays percent of the price behind, never nearer', () => {
    const trail = { by: 'percent', percent: 3 } as const
    expect(run(market, [{ at: 5, side: -1, size: 1, type: 'trailing-stop', trail }])).toEqual([
      '5 parked 0',
      '5 trigger of 0 at 194',
      // 220 - 3 % = 213.4
      '10 trigger of 0 at 213',
      '30 triggered 0 at 213',
      '30 filled 0 1@199 taker',
    ])
  })

  it('begins to follow once its activation price is reached', () => {
    const order: Step = {
      at: 5,
      side: -1,
      size: 1,
      type: 'trailing-stop',
      trail: { by: 'ticks', ticks: 5 },
      activationTicks: 218,
    }
    expect(run(market, [order])).toEqual([
      '5 parked 0',
      '10 trigger of 0 at 215',
      '20 triggered 0 at 215',
      '20 filled 0 1@199 taker',
    ])
  })

  it('with a limit keeps it as far behind its trigger', () => {
    const order: Step = {
      at: 5,
      side: -1,
      size: 1,
      type: 'trailing-stop-limit',
      trail: { by: 'ticks', ticks: 5 },
      limitOffsetTicks: 2,
      triggerTicks: 190,
    }
    expect(run(market, [order])).toEqual([
      '5 parked 0',
      '5 trigger of 0 at 195',
      '10 trigger of 0 at 215',
      '20 triggered 0 at 215',
      '20 accepted 0 behind 0',
    ])
  })
})

describe('a conditional order', () => {
  it('may get another trigger, and goes at once where that is met', () => {
    const tape = touch([100, 10], [102, 10]).trade(1, 1, 101, 1).bid(100, 90, 1)
    const stop: Step = { at: 5, side: 1, size: 1, type: 'stop', triggerTicks: 110 }
    expect(
      run(tape, [
        stop,
        { at: 10, amend: 0, to: { trigger: 105, size: 2 } },
        { at: 20, amend: 0, to: { trigger: 101 } },
      ]),
    ).toEqual([
      '5 parked 0',
      '10 amended 0 to 2@0',
      '10 trigger of 0 at 105',
      '20 amended 0 to 2@0',
      '20 trigger of 0 at 101',
      '20 triggered 0 at 101',
      '20 filled 0 2@102 taker',
    ])
  })

  it('that takes profit goes where the market has come far enough', () => {
    const tape = touch([100, 10], [102, 10]).bid(10, 101, 5).bid(100, 90, 1)
    const order: Step = {
      at: 5,
      side: -1,
      size: 1,
      type: 'take-profit',
      triggerTicks: 101,
      triggerBy: 'bid-ask',
    }
    expect(run(tape, [order])).toEqual([
      '5 parked 0',
      '10 triggered 0 at 101',
      '10 filled 0 1@101 taker',
    ])
  })

  it('looks at the book once all rows of a moment are in, never in the midst of a message', () => {
    // The best bid goes before the one that takes its place comes: nobody ever saw the bid at 90.
    const tape = new Tape()
      .snapshot(
        0,
        [
          [100, 5],
          [90, 5],
        ],
        [[102, 10]],
      )
      .bid(10, 100, 0)
      .bid(10, 99, 5)
      .bid(20, 99, 0)
      .ask(20, 101, 3)
      .bid(100, 89, 1)
    for (const [triggerBy, triggerTicks] of [
      ['bid-ask', 95],
      ['mid', 97],
    ] as const) {
      const order: Step = { at: 5, side: -1, size: 1, type: 'stop', triggerTicks, triggerBy }
      expect(run(tape, [order])).toEqual([
        '5 parked 0',
        `20 triggered 0 at ${triggerTicks}`,
        '20 filled 0 1@90 taker',
      ])
    }
  })

  it('met while the book is not whole waits until it is', () => {
    const tape = touch([100, 10], [102, 10])
      .gap(10)
      .trade(20, 1, 105, 1)
      .snapshot(30, [[103, 5]], [[104, 5]])
      .bid(100, 90, 1)
    expect(run(tape, [{ at: 5, side: 1, size: 1, type: 'stop', triggerTicks: 105 }])).toEqual([
      '5 parked 0',
      '20 triggered 0 at 105',
      '20 parked 0',
      '30 filled 0 1@104 taker',
    ])
  })
})

describe('a child', () => {
  const tape = (): Tape =>
    touch([100, 10], [102, 10])
      .trade(10, -1, 100, 12)
      .trade(20, 1, 105, 6)
      .trade(30, -1, 100, 2)
      .trade(40, 1, 105, 6)
      .bid(100, 90, 1)

  const bracket = (parentFill: 'partial' | 'full'): Step[] => [
    { at: 5, side: 1, size: 4, price: 100 },
    { at: 5, side: -1, size: 4, price: 104, parent: { index: 0 }, parentFill },
  ]

  it('goes for as much as its parent has filled, and for more when that fills more', () => {
    expect(run(tape(), bracket('partial'))).toEqual([
      '5 accepted 0 behind 10',
      '5 parked 1',
      '10 filled 0 2@100 maker',
      '10 accepted 1 behind 0',
      '20 filled 1 2@104 maker',
      '30 filled 0 2@100 maker',
      '40 filled 1 2@104 maker',
    ])
  })

  it('that waits for the whole goes with the last fill', () => {
    expect(run(tape(), bracket('full'))).toEqual([
      '5 accepted 0 behind 10',
      '5 parked 1',
      '10 filled 0 2@100 maker',
      '30 filled 0 2@100 maker',
      '30 accepted 1 behind 0',
      '40 filled 1 4@104 maker',
    ])
  })

  it('keeps what its parent has filled when that is cancelled', () => {
    expect(run(tape(), [...bracket('partial'), { at: 15, cancel: 0 }])).toEqual([
      '5 accepted 0 behind 10',
      '5 parked 1',
      '10 filled 0 2@100 maker',
      '10 accepted 1 behind 0',
      '15 cancelled 0',
      '15 amended 1 to 2@104',
      '20 filled 1 2@104 maker',
    ])
    expect(run(tape(), [...bracket('full'), { at: 15, cancel: 0 }]).slice(-2)).toEqual([
      '15 cancelled 0',
      '15 cancelled 1: its parent has ended',
    ])
  })

  it('that may only reduce grows with the position that its parent makes', () => {
    const [entry, profit] = bracket('partial')
    const stop: Step = {
      at: 5,
      side: -1,
      size: 4,
      type: 'stop',
      triggerTicks: 90,
      parent: { index: 0 },
      ouo: { index: 1 },
      reduceOnly: true,
    }
    const lines = run(tape(), [entry!, { ...profit!, reduceOnly: true } as Step, stop])
    expect(lines.slice(3)).toEqual([
      '10 filled 0 2@100 maker',
      '10 accepted 1 behind 0',
      '20 filled 1 2@104 maker',
      '20 amended 2 to 2@0',
      '30 filled 0 2@100 maker',
      '40 filled 1 2@104 maker',
      '40 cancelled 2: an order that it was tied to has filled or ended',
    ])
  })

  it('of a parent that is gone, or never came, is cancelled', () => {
    const gone: Step[] = [
      { at: 5, side: 1, size: 4, price: 100 },
      { at: 6, cancel: 0 },
      { at: 7, side: -1, size: 4, price: 104, parent: { index: 0 } },
      { at: 7, side: -1, size: 4, price: 104, parent: { index: 9 } },
    ]
    expect(run(tape(), gone).slice(2)).toEqual([
      '7 cancelled 1: its parent has ended',
      '7 cancelled 2: its parent has ended',
    ])
  })
})

it('an order tied by both rules does to each of the others what its tie says', () => {
  const tape = touch([100, 10], [102, 10]).trade(20, 1, 102, 12).bid(100, 90, 1)
  const lines = run(tape, [
    { at: 5, side: -1, size: 6, price: 102 },
    { at: 5, side: -1, size: 6, type: 'stop', triggerTicks: 90, ouo: { index: 0 } },
    { at: 5, side: -1, size: 6, type: 'stop', triggerTicks: 91, oco: { index: 0 } },
  ])
  expect(lines.slice(3)).toEqual([
    '20 filled 0 2@102 maker',
    '20 cancelled 2: an order that it was tied to has filled or ended',
    '20 amended 1 to 4@0',
  ])
})

it.each(['oco', 'ouo'] as const)(
  'an order goes on after a fill that has ended one tied to it by %s',
  (rule) => {
    const tape = touch([100, 10], [102, 10])
      .trade(20, 1, 102, 12)
      .trade(30, 1, 102, 4)
      .bid(100, 90, 1)
    const lines = run(tape, [
      { at: 5, side: -1, size: 6, price: 102 },
      { at: 5, side: -1, size: 2, type: 'stop', triggerTicks: 90, [rule]: { index: 0 } },
    ])
    expect(lines.slice(2)).toEqual([
      '20 filled 0 2@102 maker',
      '20 cancelled 1: an order that it was tied to has filled or ended',
      '30 filled 0 4@102 maker',
    ])
  },
)

describe('orders that rest', () => {
  it('may only reduce: they shrink and go with the position', () => {
    const tape = touch([100, 50], [102, 50]).bid(100, 90, 1)
    expect(
      run(tape, [
        { at: 5, side: 1, size: 10, type: 'market' },
        { at: 6, side: -1, size: 10, price: 105, reduceOnly: true },
        { at: 7, side: -1, size: 4, type: 'market' },
        { at: 8, side: -1, size: 9, type: 'market' },
      ]),
    ).toEqual([
      '5 filled 0 10@102 taker',
      '6 accepted 1 behind 0',
      '7 filled 2 4@100 taker',
      '7 amended 1 to 6@105',
      '8 filled 3 9@100 taker',
      '8 cancelled 1: there is no position left for it to reduce',
    ])
  })

  it('end with the trading day: at midnight UTC, or as the calendar says', () => {
    const DAY = 86_400_000_000_000
    const day = { at: 5, side: 1, size: 1, price: 99, tif: 'DAY' } as const
    const tape = touch([100, 5], [102, 5]).bid(2 * DAY, 90, 1)
    expect(run(tape, [day]).at(-1)).toBe(`${DAY} expired 0: its time was over`)
    // 1970-01-01 was a Thursday; the session of that day ends at 16:00 in London, which was UTC+1.
    const calendar = new TradingCalendar({
      name: 'test',
      timeZone: 'Europe/London',
      week: { thu: [{ phase: 'continuous', from: '00:30', to: '16:00' }] },
    })
    expect(run(tape, [day], { rules: { calendar } }).at(-1)).toBe(
      `${15 * 3_600_000_000_000} expired 0: its time was over`,
    )
  })
})

describe('orders of one owner that would meet', () => {
  it('take what stands before their own, and apply the policy there', () => {
    const tape = new Tape()
      .snapshot(
        0,
        [[99, 10]],
        [
          [100, 2],
          [101, 3],
        ],
      )
      .bid(100, 90, 1)
    const lines = (stp: 'cancel-newest' | 'cancel-resting' | 'cancel-both' | 'decrement') =>
      run(tape, [
        { at: 5, side: -1, size: 4, price: 101 },
        { at: 6, side: 1, size: 8, price: 101, stp },
      ]).slice(1)
    const before = ['6 filled 1 2@100 taker', '6 filled 1 3@101 taker']
    const met = 'it would have met an order of the same owner'
    expect(lines('cancel-newest')).toEqual([...before, `6 cancelled 1: ${met}`])
    expect(lines('cancel-resting')).toEqual([
      ...before,
      `6 cancelled 0: ${met}`,
      '6 accepted 1 behind 0',
    ])
    expect(lines('cancel-both')).toEqual([
      ...before,
      `6 cancelled 0: ${met}`,
      `6 cancelled 1: ${met}`,
    ])
    expect(lines('decrement')).toEqual([...before, '6 amended 0 to 1@101', `6 cancelled 1: ${met}`])
  })

  it('are let through where another owner stands there', () => {
    const tape = touch([99, 10], [102, 2]).bid(100, 90, 1)
    const lines = run(
      tape,
      [
        { at: 5, side: -1, size: 1, price: 102, owner: 1 },
        { at: 6, side: 1, size: 2, price: 102 },
      ],
      { rules: { stp: 'cancel-both' } },
    )
    expect(lines).toEqual(['5 accepted 0 behind 2', '6 filled 1 2@102 taker'])
  })
})

it('all of that stands before an exchange of single orders too', () => {
  const tape = new OrderTape()
    .snapshotBegin(0)
    .add(0, 1, 1, 100, 10)
    .add(0, 2, -1, 102, 10)
    .snapshotEnd(0)
    .add(5, 3, 1, 99, 5)
    .trade(30, -1, 100, 12)
    .execute(30, 1, 100, 10)
    .add(60, 4, 1, 98, 5)
  const lines = run(
    tape,
    [
      { at: 10, side: 1, size: 2, price: 100, tif: 'GTD', expireTime: 50 },
      { at: 11, side: -1, size: 1, type: 'stop', triggerTicks: 100, parent: { index: 0 } },
      { at: 12, side: 1, size: 3, price: 97, tif: 'GTD', expireTime: 50 },
    ],
    { exchange: 'l3' },
  )
  expect(lines).toEqual([
    '10 accepted 0 behind 10',
    '11 parked 1',
    '12 accepted 2 behind 0',
    '30 filled 0 2@100 maker',
    '30 triggered 1 at 100',
    '30 filled 1 1@99 taker',
    '50 expired 2: its time was over',
  ])
})
