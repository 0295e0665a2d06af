import { describe, expect, it } from 'vitest'
import { Tape } from '../../../test/tape.ts'
import { runVenue, type Step, type VenueSettings } from '../../../test/venue-script.ts'
import { EXCHANGE_NAMES, type ExchangeName } from '../exchange-models.ts'

/** Exchanges over levels: the tape of one over single orders is another. */
const EXCHANGES = EXCHANGE_NAMES.filter((name) => name !== 'l3')

/** A tape that begins with one level a side. */
const touch = (bid: readonly [number, number], ask: readonly [number, number]): Tape =>
  new Tape().snapshot(0, [[...bid]], [[...ask]])

describe.each(EXCHANGES)('orders that wait, at the exchange %s', (exchange) => {
  /** What differs where a model fills whole whatever stands in the book. */
  const byModel = <T>(noPartial: T, others: T): T =>
    exchange === 'no-partial' ? noPartial : others
  const run = (
    tape: Tape,
    steps: readonly Step[],
    settings: Omit<VenueSettings, 'exchange'> = {},
  ) => runVenue(tape.events(), steps, { ...settings, exchange: exchange as ExchangeName })

  it('N3 a stop that a trade triggers takes what that trade has left, level by level', () => {
    const tape = new Tape()
      .snapshot(
        0,
        [[999, 10]],
        [
          [1000, 10],
          [1001, 10],
        ],
      )
      .trade(10, 1, 1001, 8)
      .bid(100, 990, 1)
    const lines = run(tape, [{ at: 5, side: 1, size: 5, type: 'stop', triggerTicks: 1001 }])
    expect(lines).toEqual([
      '5 parked 0',
      '10 triggered 0 at 1001',
      ...byModel(
        ['10 filled 0 5@1000 taker'],
        ['10 filled 0 2@1000 taker', '10 filled 0 3@1001 taker'],
      ),
    ])
  })

  it('N18 what was received late but happened before changes neither book nor trigger', () => {
    // Rows stand in order of receipt: those of time 15 reach us behind those of time 20.
    const rows = new Tape(10)
      .snapshot(0, [[100, 10]], [[102, 10]])
      .ask(20, 103, 5)
      .ask(20, 102, 0)
      .row(15, 0x20 | 2, 102, 7, 31)
      .row(15, 0x10 | 1, 102, 3, 31)
      .bid(100, 90, 1)
    const lines = run(rows, [
      { at: 17, side: 1, size: 1, type: 'stop', triggerTicks: 102 },
      { at: 25, side: 1, size: 1, type: 'market' },
    ])
    // The trade at 102 of time 15 comes before the stop; the ask of time 15 is gone by 25.
    expect(lines).toEqual([
      '17 parked 0',
      '17 triggered 0 at 102',
      '17 filled 0 1@102 taker',
      '25 filled 1 1@103 taker',
    ])
  })

  it('N19 post-only that would take is refused; so is a post-only stop-limit triggered as a taker', () => {
    const tape = touch([99, 10], [100, 10]).trade(10, 1, 100, 1).bid(100, 90, 1)
    const lines = run(tape, [
      { at: 5, side: 1, size: 1, price: 100, postOnly: 'reject' },
      {
        at: 5,
        side: 1,
        size: 1,
        type: 'stop-limit',
        price: 101,
        triggerTicks: 100,
        postOnly: 'reject',
      },
    ])
    expect(lines).toEqual([
      '5 rejected 0: a post-only order would have taken',
      '5 parked 1',
      '10 triggered 1 at 100',
      '10 rejected 1: a post-only order would have taken',
    ])
  })

  it('N20 market-to-limit takes at the best price and rests what is left there', () => {
    const tape = touch([1490, 10], [1500, 1]).bid(100, 1490, 1)
    const lines = run(tape, [{ at: 5, side: 1, size: 2, type: 'market-to-limit' }])
    expect(lines[0]).toBe('5 amended 0 to 2@1500')
    expect(lines.slice(1)).toEqual(
      byModel(['5 filled 0 2@1500 taker'], ['5 filled 0 1@1500 taker', '5 accepted 0 behind 0']),
    )
  })

  it('N21 a stop whose trigger is met on arrival goes at once, or is refused where the venue says so', () => {
    const tape = touch([1490, 10], [1500, 10]).bid(100, 1490, 1)
    const stop = {
      at: 5,
      side: 1,
      size: 1,
      type: 'stop-limit',
      price: 1502,
      triggerTicks: 1495,
      triggerBy: 'bid-ask',
    } as const
    expect(run(tape, [stop])).toEqual([
      '5 parked 0',
      '5 triggered 0 at 1495',
      '5 filled 0 1@1500 taker',
    ])
    expect(run(tape, [stop], { rules: { rejectStops: true } })).toEqual([
      '5 rejected 0: its trigger is met already',
    ])
  })

  it('N22 a trailing stop follows the market down and goes when it turns', () => {
    const tape = touch([1479, 10], [1481, 10])
      .trade(1, 1, 1480, 1)
      .trade(10, 1, 1478, 1)
      .trade(20, 1, 1479, 1)
      .trade(30, 1, 1482, 1)
      .trade(40, 1, 1483, 1)
      .bid(100, 1470, 1)
    const trail = { by: 'ticks', ticks: 5 } as const
    const lines = run(tape, [{ at: 5, side: 1, size: 1, type: 'trailing-stop', trail }])
    expect(lines).toEqual([
      '5 parked 0',
      '5 trigger of 0 at 1485',
      '10 trigger of 0 at 1483',
      '40 triggered 0 at 1483',
      '40 filled 0 1@1481 taker',
    ])
  })

  it('N23 at the moment of expiry what fills, fills; the rest of a partial fill expires', () => {
    const atExpiry = touch([100, 10], [102, 10]).trade(50, -1, 99, 9).bid(100, 90, 1)
    const order = { at: 5, side: 1, size: 1, price: 100, tif: 'GTD', expireTime: 50 } as const
    expect(run(atExpiry, [order])).toEqual(['5 accepted 0 behind 10', '50 filled 0 1@100 maker'])
    const later = touch([100, 10], [102, 10]).trade(51, -1, 99, 9).bid(100, 90, 1)
    expect(run(later, [order])).toEqual([
      '5 accepted 0 behind 10',
      '50 expired 0: its time was over',
    ])
    if (exchange === 'no-partial') return
    const partial = touch([100, 10], [102, 10]).trade(40, -1, 100, 12).bid(100, 90, 1)
    expect(run(partial, [{ ...order, size: 4 }])).toEqual([
      '5 accepted 0 behind 10',
      '40 filled 0 2@100 maker',
      '50 expired 0: its time was over',
    ])
  })

  it('N24 reduce-only is cut to the position, over several levels too; a size that has filled cannot be asked for', () => {
    const tape = new Tape()
      .snapshot(
        0,
        [
          [100, 50],
          [99, 50],
        ],
        [[102, 100]],
      )
      .bid(100, 90, 1)
    const lines = run(tape, [
      { at: 5, side: 1, size: 79, type: 'market' },
      { at: 6, side: -1, size: 80, price: 99, reduceOnly: true },
      { at: 7, side: -1, size: 1, price: 99, reduceOnly: true },
    ])
    expect(lines).toEqual([
      '5 filled 0 79@102 taker',
      '6 amended 1 to 79@99',
      ...byModel(
        ['6 filled 1 79@100 taker'],
        ['6 filled 1 50@100 taker', '6 filled 1 29@99 taker'],
      ),
      '7 rejected 2: there is no position for it to reduce',
    ])
    if (exchange === 'no-partial') return
    const partial = touch([100, 10], [102, 10])
      .trade(10, -1, 100, 13)
      .trade(30, -1, 99, 50)
      .bid(100, 90, 1)
    expect(
      run(partial, [
        { at: 5, side: 1, size: 5, price: 100 },
        { at: 20, amend: 0, to: { size: 3 } },
        { at: 21, amend: 0, to: { size: 2 } },
      ]),
    ).toEqual([
      '5 accepted 0 behind 10',
      '10 filled 0 3@100 maker',
      '20 amend rejected 0: as much of it has filled already',
      '21 amend rejected 0: as much of it has filled already',
      '30 filled 0 2@100 maker',
    ])
  })

  it('N25 OCO: any fill cancels the sibling', () => {
    const tape = touch([100, 10], [102, 10])
      .trade(20, 1, 103, 1)
      .trade(30, 1, 90, 1)
      .bid(100, 80, 1)
    const lines = run(tape, [
      { at: 5, side: -1, size: 2, price: 102 },
      { at: 5, side: -1, size: 2, type: 'stop', triggerTicks: 95, oco: { index: 0 } },
    ])
    expect(lines.filter((line) => /(?:parked|filled|cancelled) 1/.test(line))).toEqual([
      '5 parked 1',
      '20 cancelled 1: an order that it was tied to has filled or ended',
    ])
  })

  it('N25 OUO: a fill takes its size from the sibling, the whole ends it', () => {
    if (exchange === 'no-partial') return
    const tape = touch([100, 10], [102, 10])
      .trade(20, 1, 102, 14)
      .trade(30, 1, 102, 6)
      .bid(100, 90, 1)
    const lines = run(tape, [
      { at: 5, side: -1, size: 10, price: 102 },
      { at: 5, side: -1, size: 10, type: 'stop', triggerTicks: 95, ouo: { index: 0 } },
    ])
    expect(lines).toEqual([
      '5 accepted 0 behind 10',
      '5 parked 1',
      '20 filled 0 4@102 maker',
      '20 amended 1 to 6@0',
      '30 filled 0 6@102 maker',
      '30 cancelled 1: an order that it was tied to has filled or ended',
    ])
  })

  it('N25 OTO: children go once, when the parent fills; its cancel cancels them', () => {
    const tape = touch([100, 10], [102, 10])
      .trade(20, -1, 99, 1)
      .trade(60, 1, 106, 1)
      .bid(100, 90, 1)
    const bracket: Step[] = [
      { at: 5, side: 1, size: 2, price: 100 },
      { at: 5, side: -1, size: 2, type: 'stop', triggerTicks: 95, parent: { index: 0 } },
      { at: 5, side: -1, size: 2, price: 105, parent: { index: 0 }, ouo: { index: 1 } },
    ]
    const filled = run(tape, bracket)
    expect(filled.filter((line) => !line.includes('amended'))).toEqual([
      '5 accepted 0 behind 10',
      '5 parked 1',
      '5 parked 2',
      ...byModel(
        ['20 filled 0 2@100 maker'],
        filled.filter((line) => line.includes('filled 0')),
      ),
      '20 accepted 2 behind 0',
      ...filled.filter((line) => line.includes('filled 2')),
      ...filled.filter((line) => line.includes('cancelled 1')),
    ])
    expect(filled.filter((line) => line.includes('accepted 2'))).toHaveLength(1)
    expect(filled.filter((line) => line.includes('parked 1'))).toHaveLength(1)
    const cancelled = run(tape, [...bracket, { at: 10, cancel: 0 }])
    expect(cancelled.slice(3)).toEqual([
      '10 cancelled 0',
      '10 cancelled 1: its parent has ended',
      '10 cancelled 2: its parent has ended',
    ])
  })

  it('H24 an amendment down keeps the place; up or to another price it is a new arrival', () => {
    const tape = (): Tape =>
      touch([100, 10], [102, 10]).bid(10, 100, 30).trade(20, -1, 100, 11).bid(100, 90, 1)
    const order = { at: 5, side: 1, size: 2, price: 100, tif: 'DAY' } as const
    const fills = (to: { price?: number; size?: number }): string[] =>
      run(tape(), [order, { at: 15, amend: 0, to }]).filter((line) => line.includes('filled'))
    expect(fills({ size: 1 })).toEqual(['20 filled 0 1@100 maker'])
    expect(fills({ size: 3 })).toEqual([])
    expect(fills({ price: 99 })).toEqual([])
    const late = run(tape(), [order, { at: 25, amend: 0, to: { size: 1 } }])
    if (late.some((line) => line.startsWith('20 filled 0 2@'))) {
      expect(late.at(-1)).toBe('25 amend rejected 0: the order no longer rests')
    }
  })

  it('H25 a cancel that loses the race to a fill is refused, and the position is right', () => {
    const tape = touch([100, 10], [102, 10]).trade(10, -1, 99, 50).bid(100, 90, 1)
    const lines = run(tape, [
      { at: 5, side: 1, size: 2, price: 100, tif: 'DAY' },
      { at: 11, cancel: 0 },
      { at: 12, side: -1, size: 9, type: 'market', reduceOnly: true },
    ])
    expect(lines.slice(0, 4)).toEqual([
      '5 accepted 0 behind 10',
      '10 filled 0 2@100 maker',
      '11 cancel rejected 0',
      '12 amended 1 to 2@0',
    ])
  })
})
