/**
 * What other simulators do, or should do, in one situation each: the scenario's number, then what
 * is expected. H are hftbacktest's situations (those in which it is wrong say "not ..."), N those
 * of nautilus_trader. Tick and lot are 1.
 */
import { describe, expect, it } from 'vitest'
import { Scene } from '../../test/exchange-scene.ts'
import { Tape } from '../../test/tape.ts'

/** Bids 99 x 10, asks 101 x 10, and what follows. */
const touch = (): Tape => new Tape().snapshot(0, [[99, 10]], [[101, 10]])
/** Bids 99 x 10, asks 101 x 2, 102 x 2. */
const steps = (): Tape =>
  new Tape().snapshot(
    0,
    [[99, 10]],
    [
      [101, 2],
      [102, 2],
    ],
  )

const both = ['no-partial', 'partial'] as const

describe.each(both)('under %s', (name) => {
  it('H15 front 0 by cancels alone fills nothing until a trade prints', () => {
    const scene = new Scene(name, touch().bid(1, 99, 0).bid(2, 99, 4).trade(3, -1, 99, 1))
    scene.until(0)
    expect(scene.buy(1, 99)).toEqual(['accepted 0 behind 10'])
    expect(scene.until(2)).toEqual([])
    expect(scene.until(3)).toEqual(['filled 0 1@99 maker behind 0'])
  })

  it('H16 risk-averse: 10 ahead, trade 4: 6; level 5: 5; level 50: 5; trade 5: none; trade 1: fill', () => {
    const tape = touch()
      .trade(1, -1, 99, 4)
      .bid(2, 99, 5)
      .bid(3, 99, 50)
      .trade(4, -1, 99, 5)
      .trade(5, -1, 99, 1)
    const scene = new Scene(name, tape)
    scene.until(0)
    scene.buy(1, 99)
    const ahead = (): number => {
      let lots = Number.NaN
      scene.exchange.eachResting((resting) => (lots = resting.aheadLots))
      return lots
    }
    const seen = [1, 2, 3, 4].map((time) => [...scene.until(time), ahead()])
    expect(seen).toEqual([[6], [5], [5], [0]])
    expect(scene.until(5)).toEqual(['filled 0 1@99 maker behind 0'])
  })

  it('H18 the best ask falls to our bid: filled at our own price as maker', () => {
    const scene = new Scene(name, touch().ask(1, 99, 6))
    scene.until(0)
    scene.buy(5, 99)
    expect(scene.until(1)).toEqual(['filled 0 5@99 maker behind 10'])
  })

  it('H19 a sell trade below our bid fills it, a buy trade never does', () => {
    const scene = new Scene(name, touch().trade(1, 1, 98, 9).trade(2, -1, 98, 9))
    scene.until(0)
    scene.buy(5, 99)
    expect(scene.until(1)).toEqual([])
    expect(scene.until(2)).toEqual(['filled 0 5@99 maker behind 10'])
  })

  it('H25 a fill before the cancel: the cancel is refused', () => {
    const scene = new Scene(name, touch().trade(1, -1, 99, 20))
    scene.until(0)
    scene.buy(5, 99)
    expect(scene.until(1)).toEqual(['filled 0 5@99 maker behind 10'])
    expect(scene.cancel(0)).toEqual(['cancel rejected 0'])
  })

  it('H24 less size keeps the queue; more size, or another price, goes to its end', () => {
    const tape = touch().trade(1, -1, 99, 4).trade(2, -1, 99, 7).trade(3, -1, 99, 4)
    const scene = new Scene(name, tape)
    scene.until(0)
    scene.buy(3, 99)
    scene.until(1)
    expect(scene.amend(0, { sizeLots: 1 })).toEqual(['amended 0 to 1@99 behind 6'])
    expect(scene.amend(0, { sizeLots: 2 })).toEqual([
      'amended 0 to 2@99 anew',
      'accepted 0 behind 10',
    ])
    expect(scene.until(2)).toEqual([])
    expect(scene.amend(0, { priceTicks: 98 })).toEqual([
      'amended 0 to 2@98 anew',
      'accepted 0 behind 0',
    ])
    expect(scene.amend(0, { priceTicks: 99 })).toEqual([
      'amended 0 to 2@99 anew',
      'accepted 0 behind 10',
    ])
    expect(scene.until(3)).toEqual([])
  })

  it('H24 the amendment of an order that has filled is refused', () => {
    const scene = new Scene(name, touch())
    scene.until(0)
    expect(scene.buy(2, 101)).toEqual(['filled 0 2@101 taker'])
    expect(scene.amend(0, { sizeLots: 1 })).toEqual(['amend rejected 0'])
  })

  it('N8 the trade of a buyer never moves a buy order', () => {
    const scene = new Scene(name, touch().trade(1, 1, 99, 50).trade(2, -1, 99, 10))
    scene.until(0)
    scene.buy(1, 99)
    expect(scene.until(2)).toEqual([])
  })

  it('N7 a trade of exactly what stands ahead fills nothing', () => {
    const scene = new Scene(name, touch().trade(1, -1, 99, 10).trade(2, -1, 99, 1))
    scene.until(0)
    scene.buy(1, 99)
    expect(scene.until(1)).toEqual([])
    expect(scene.until(2)).toEqual(['filled 0 1@99 maker behind 0'])
  })

  it('N14 the best ask falls from 101 to 98: a bid at 99 is filled', () => {
    const scene = new Scene(name, touch().bid(1, 99, 0).ask(2, 98, 7))
    scene.until(0)
    scene.buy(4, 99)
    expect(scene.until(2)).toEqual(['filled 0 4@99 maker behind 0'])
  })

  it('N14 the best bid falls from 101 to 99, past our bid at 100: nobody is ahead of it', () => {
    const tape = new Tape()
      .snapshot(
        0,
        [
          [101, 10],
          [100, 10],
          [99, 10],
        ],
        [[102, 10]],
      )
      .bid(1, 101, 0)
      .bid(1, 100, 0)
      .trade(2, -1, 100, 4)
    const scene = new Scene(name, tape)
    scene.until(0)
    expect(scene.buy(4, 100)).toEqual(['accepted 0 behind 10'])
    expect(scene.until(1)).toEqual([])
    expect(scene.until(2)).toEqual(['filled 0 4@100 maker behind 0'])
  })

  it('N17 a trade without an aggressor inside the spread fills a resting buy', () => {
    const scene = new Scene(name, touch().trade(1, 1, 100, 3).row(2, 1, 100, 3))
    scene.until(0)
    scene.buy(3, 100)
    expect(scene.until(1)).toEqual([])
    expect(scene.until(2)).toEqual(['filled 0 3@100 maker behind 0'])
  })

  it('N18 a row of an older venue time than those applied moves nothing of its time', () => {
    // Rows stand in the order of venue time: what comes late has its place among its own time.
    const tape = touch().bid(5, 99, 3).row(2, 0x12, 99, 8, 6)
    const scene = new Scene(name, tape)
    scene.until(5)
    expect(scene.exchange.ladder.bidLotsAt(99)).toBe(3)
  })
})

describe('under no-partial, as hftbacktest has it', () => {
  it('H17 a post-only buy at or above the ask on arrival expires', () => {
    const scene = new Scene('no-partial', touch())
    scene.until(0)
    expect(scene.buy(1, 101, { timeInForce: 'GTX' })).toEqual(['expired 0'])
    expect(scene.buy(1, 102, { timeInForce: 'GTX' })).toEqual(['expired 1'])
    expect(scene.buy(1, 100, { timeInForce: 'GTX' })).toEqual(['accepted 2 behind 0'])
  })

  it('H20 a taker of any kind fills whole at the best price', () => {
    const scene = new Scene('no-partial', steps())
    scene.until(0)
    for (const timeInForce of ['FOK', 'IOC', 'GTC'] as const) scene.buy(5, 102, { timeInForce })
    expect(scene.buy(5, 102)).toEqual(['filled 3 5@101 taker'])
  })

  it('H21 10 ahead, 10 of ours, trade 13: the whole order fills', () => {
    const scene = new Scene('no-partial', touch().trade(1, -1, 99, 13))
    scene.until(0)
    scene.buy(10, 99)
    expect(scene.until(1)).toEqual(['filled 0 10@99 maker behind 10'])
  })

  it('H22 10 ahead, 10 of ours, trade 20: filled, and the next trade does nothing', () => {
    const scene = new Scene('no-partial', touch().trade(1, -1, 99, 20).trade(2, -1, 99, 20))
    scene.until(0)
    scene.buy(10, 99)
    expect(scene.until(2)).toEqual(['filled 0 10@99 maker behind 10'])
  })

  it('H23 two orders of 5 behind 10: a trade of 11 fills both', () => {
    const scene = new Scene('no-partial', touch().trade(1, -1, 99, 11))
    scene.until(0)
    scene.buy(5, 99)
    scene.buy(5, 99)
    expect(scene.until(1)).toEqual([
      'filled 0 5@99 maker behind 10',
      'filled 1 5@99 maker behind 10',
    ])
  })
})

describe('under partial', () => {
  it('H17 a post-only buy at or above the ask on arrival is rejected', () => {
    const scene = new Scene('partial', touch().ask(5, 100, 3))
    scene.until(0)
    expect(scene.buy(1, 101, { timeInForce: 'GTX' })).toEqual(['rejected 0'])
    expect(scene.buy(1, 102, { timeInForce: 'GTX' })).toEqual(['rejected 1'])
    scene.until(5)
    expect(scene.buy(1, 100, { timeInForce: 'GTX' })).toEqual(['rejected 2'])
    expect(scene.buy(1, 99, { timeInForce: 'GTX' })).toEqual(['accepted 3 behind 10'])
  })

  it.each([
    ['FOK', ['expired 0']],
    ['IOC', ['filled 0 2@101 taker', 'filled 0 2@102 taker', 'expired 0']],
    ['GTC', ['filled 0 2@101 taker', 'filled 0 2@102 taker', 'accepted 0 behind 0']],
  ] as const)('H20 5 up to 102 against 101 x 2, 102 x 2: %s', (timeInForce, reports) => {
    const scene = new Scene('partial', steps())
    scene.until(0)
    expect(scene.buy(5, 102, { timeInForce })).toEqual(reports)
  })

  it('H20 three takers of 2 against 101 x 2 get 2 in all, not 6', () => {
    const scene = new Scene('partial', steps())
    scene.until(0)
    const ioc = { timeInForce: 'IOC' } as const
    expect([scene.buy(2, 101, ioc), scene.buy(2, 101, ioc), scene.buy(2, 101, ioc)]).toEqual([
      ['filled 0 2@101 taker'],
      ['expired 1'],
      ['expired 2'],
    ])
  })

  it('H21 10 ahead, 10 of ours, trade 13: 3 fill', () => {
    const scene = new Scene('partial', touch().trade(1, -1, 99, 13))
    scene.until(0)
    scene.buy(10, 99)
    expect(scene.until(1)).toEqual(['filled 0 3@99 maker behind 10'])
    expect(scene.exchange.restingCount).toBe(1)
  })

  it('H22 10 ahead, 10 of ours, trade 20: filled, and the next trade does nothing', () => {
    const scene = new Scene('partial', touch().trade(1, -1, 99, 20).trade(2, -1, 99, 20))
    scene.until(0)
    scene.buy(10, 99)
    expect(scene.until(1)).toEqual(['filled 0 10@99 maker behind 10'])
    expect(scene.until(2)).toEqual([])
    expect(scene.exchange.restingCount).toBe(0)
  })

  it('H23 two orders of 5 behind 10: a trade of 11 fills 1 of the first, one of 5 then 4 and 1', () => {
    const scene = new Scene('partial', touch().trade(1, -1, 99, 11).trade(2, -1, 99, 5))
    scene.until(0)
    expect(scene.buy(5, 99)).toEqual(['accepted 0 behind 10'])
    expect(scene.buy(5, 99)).toEqual(['accepted 1 behind 15'])
    expect(scene.until(1)).toEqual(['filled 0 1@99 maker behind 10'])
    expect(scene.until(2)).toEqual(['filled 0 4@99 maker behind 0', 'filled 1 1@99 maker behind 4'])
  })

  it('H24 an order filled in part: its size counts what has filled', () => {
    const scene = new Scene('partial', touch().trade(1, -1, 99, 13).trade(2, -1, 99, 9))
    scene.until(0)
    scene.buy(10, 99)
    scene.until(1)
    expect(scene.amend(0, { sizeLots: 3 })).toEqual(['amend rejected 0'])
    expect(scene.amend(0, { sizeLots: 5 })).toEqual(['amended 0 to 5@99 behind 0'])
    expect(scene.until(2)).toEqual(['filled 0 2@99 maker behind 0'])
  })

  it('H24 an order grown from 1 to 3 fills 3, not 1', () => {
    const scene = new Scene('partial', touch().trade(1, -1, 99, 20))
    scene.until(0)
    scene.buy(1, 99)
    scene.amend(0, { sizeLots: 3 })
    expect(scene.until(1)).toEqual(['filled 0 3@99 maker behind 10'])
  })

  it('N1 market buys of 30, 50, 50 against 100 at one level: 30, 50, 20', () => {
    const scene = new Scene('partial', new Tape().snapshot(0, [[99, 10]], [[101, 100]]))
    scene.until(0)
    expect(scene.buy(30)).toEqual(['filled 0 30@101 taker'])
    expect(scene.buy(50)).toEqual(['filled 1 50@101 taker'])
    expect(scene.buy(50)).toEqual(['filled 2 20@101 taker', 'expired 2'])
  })

  it.each([
    ['an update', (tape: Tape) => tape.ask(2, 101, 8)],
    ['the same size sent again', (tape: Tape) => tape.ask(2, 101, 10)],
    ['delete and return', (tape: Tape) => tape.ask(1, 101, 0).ask(2, 101, 10)],
    ['a snapshot', (tape: Tape) => tape.snapshot(2, [[99, 10]], [[101, 10]])],
  ])('N2 a level that we emptied can be taken again after %s', (_, refresh) => {
    const scene = new Scene('partial', refresh(touch()))
    scene.until(0)
    expect(scene.buy(10, 101)).toEqual(['filled 0 10@101 taker'])
    expect(scene.buy(1, 101, { timeInForce: 'IOC' })).toEqual(['expired 1'])
    expect(scene.buy(1, 101, { timeInForce: 'FOK' })).toEqual(['expired 2'])
    scene.until(2)
    expect(scene.buy(1, 101, { timeInForce: 'FOK' })).toEqual(['filled 3 1@101 taker'])
  })

  it('N2 a GTC order waits at a level that we emptied, and another level frees nothing', () => {
    const scene = new Scene('partial', touch().ask(1, 102, 5).ask(2, 101, 12))
    scene.until(0)
    scene.buy(10, 101)
    expect(scene.buy(1, 101)).toEqual(['accepted 1 behind 0'])
    expect(scene.until(1)).toEqual([])
    expect(scene.buy(1, 101, { timeInForce: 'IOC' })).toEqual(['expired 2'])
    expect(scene.until(2)).toEqual(['filled 1 1@101 maker behind 0'])
  })

  it('N2 a level that shrinks by the trades of others alone has not been refreshed', () => {
    const scene = new Scene('partial', touch().trade(1, 1, 101, 3).ask(2, 101, 7).ask(3, 101, 6))
    scene.until(0)
    scene.buy(6, 101)
    scene.until(2)
    // 10 shown, 6 ours, 3 of others: 1 is left, before and after the venue shows 7.
    expect(scene.buy(5, 101, { timeInForce: 'IOC' })).toEqual(['filled 1 1@101 taker', 'expired 1'])
    scene.until(3)
    expect(scene.buy(5, 101, { timeInForce: 'IOC' })).toEqual(['filled 2 5@101 taker'])
  })

  it('N3 a buy trade of 8 at 1001 leaves 2 at 1000 to the stop that it triggers', () => {
    const tape = new Tape()
      .snapshot(
        0,
        [[999, 10]],
        [
          [1000, 10],
          [1001, 10],
        ],
      )
      .trade(1, 1, 1001, 8)
      .bid(2, 998, 1)
    const triggered = new Scene('partial', tape)
    triggered.exchange.watch.isSet = true
    triggered.exchange.watch.tradeAtLeast = 1001
    expect(triggered.exchange.advance(9)).toBe(true)
    expect(triggered.buy(5)).toEqual(['filled 0 2@1000 taker', 'filled 0 3@1001 taker'])
    const late = new Scene('partial', tape)
    late.until(2)
    expect(late.buy(5)).toEqual(['filled 0 5@1000 taker'])
  })

  it('N6 100 ahead of 50: sell trades of 80, 30, 50 fill 0, 10, 40', () => {
    const tape = new Tape()
      .snapshot(0, [[100, 100]], [[101, 10]])
      .trade(1, -1, 100, 80)
      .trade(2, -1, 100, 30)
      .trade(3, -1, 100, 50)
    const scene = new Scene('partial', tape)
    scene.until(0)
    scene.buy(50, 100)
    expect(scene.until(1)).toEqual([])
    expect(scene.until(2)).toEqual(['filled 0 10@100 maker behind 20'])
    expect(scene.until(3)).toEqual(['filled 0 40@100 maker behind 0'])
  })

  it('N10 a new price restarts the queue; a refused post-only amendment keeps it', () => {
    const scene = new Scene('partial', touch().trade(1, -1, 99, 9).trade(2, -1, 99, 3))
    scene.until(0)
    const postOnly = { timeInForce: 'GTX' } as const
    scene.buy(1, 99, postOnly)
    scene.buy(1, 99, postOnly)
    scene.until(1)
    expect(scene.amend(0, { priceTicks: 101 })).toEqual(['amend rejected 0'])
    expect(scene.until(2)).toEqual(['filled 0 1@99 maker behind 1', 'filled 1 1@99 maker behind 2'])
  })

  it('N11 one trade never fills more than its size over all orders of ours', () => {
    const scene = new Scene('partial', touch().trade(1, -1, 98, 7))
    scene.until(0)
    scene.buy(5, 99)
    scene.buy(5, 100, { owner: 1 })
    scene.buy(5, 99, { owner: 2 })
    expect(scene.until(1)).toEqual([
      'filled 1 5@100 maker behind 0',
      'filled 0 2@99 maker behind 10',
    ])
  })

  it('N15b later trades of the same price and size each carry a fresh budget: fills of 1 and 2', () => {
    const tape = new Tape().snapshot(0, [[99, 1]], [[101, 5]])
    const scene = new Scene('partial', tape.trade(1, -1, 99, 2).trade(2, -1, 99, 2))
    scene.until(0)
    scene.buy(3, 99)
    expect(scene.until(1)).toEqual(['filled 0 1@99 maker behind 1'])
    expect(scene.until(2)).toEqual(['filled 0 2@99 maker behind 0'])
  })

  it('N16 a print below our bid fills it at its own price, no more than the print', () => {
    const scene = new Scene('partial', touch().trade(1, -1, 95, 2))
    scene.until(0)
    scene.buy(5, 100)
    expect(scene.until(1)).toEqual(['filled 0 2@100 maker behind 0'])
  })

  it('N19 a post-only order that would take is rejected; where we emptied the level it rests', () => {
    const scene = new Scene('partial', touch())
    scene.until(0)
    const postOnly = { timeInForce: 'GTX' } as const
    expect(scene.sell(1, 99, postOnly)).toEqual(['rejected 0'])
    scene.sell(10, 99)
    expect(scene.sell(1, 99, postOnly)).toEqual(['accepted 2 behind 0'])
  })

  it('meets orders of ours on the other side in price and time, whoever owns them', () => {
    const scene = new Scene('partial', touch())
    scene.until(0)
    scene.sell(4, 101, { owner: 1 })
    scene.sell(2, 100, { owner: 2 })
    expect(scene.buy(20, 101)).toEqual([
      'filled 1 2@100 maker behind 0',
      'filled 2 2@100 taker',
      'filled 0 4@101 maker behind 10',
      'filled 2 14@101 taker',
      'accepted 2 behind 0',
    ])
  })

  it('shares the lots of a level that reaches orders of ours among them, and no lot twice', () => {
    const scene = new Scene('partial', touch().ask(1, 99, 6).ask(2, 98, 1).ask(3, 99, 8))
    scene.until(0)
    scene.buy(4, 99)
    scene.buy(4, 100)
    scene.buy(4, 99)
    expect(scene.until(1)).toEqual([
      'filled 1 4@100 maker behind 0',
      'filled 0 2@99 maker behind 10',
    ])
    expect(scene.until(2)).toEqual(['filled 0 1@99 maker behind 0'])
    expect(scene.until(3)).toEqual([
      'filled 0 1@99 maker behind 0',
      'filled 2 4@99 maker behind 11',
    ])
  })

  it('takes nothing from a market without size', () => {
    const scene = new Scene('partial', new Tape().bid(0, 99, 0).ask(0, 101, 0).trade(1, -1, 99, 0))
    scene.until(0)
    expect(scene.buy(5)).toEqual(['expired 0'])
    expect(scene.buy(5, 101, { timeInForce: 'FOK' })).toEqual(['expired 1'])
    expect(scene.buy(5, 99)).toEqual(['accepted 2 behind 0'])
    expect(scene.until(1)).toEqual([])
  })
})
