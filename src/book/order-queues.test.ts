import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { campaignLength, tellCampaign } from '../../test/campaign.ts'
import { ListBook, type NaiveOrder } from '../../test/list-book.ts'
import { Prng } from '../core/index.ts'
import { Ladder, NO_ASK, NO_BID } from './ladder.ts'
import { OrderOutcome, OrderQueues, type ModifyPriority } from './order-queues.ts'

const { Applied, Duplicate, Excess, Invalid, Unknown } = OrderOutcome

const sum = (orders: readonly NaiveOrder[]): number =>
  orders.reduce((total, order) => total + order.lots, 0)

function queueOf(queues: OrderQueues, side: 0 | 1, tick: number): NaiveOrder[] {
  const orders: NaiveOrder[] = []
  for (let ref = queues.firstAt(side, tick); ref >= 0; ref = queues.nextOf(ref)) {
    orders.push({ ref, lots: queues.lotsOf(ref) })
  }
  return orders
}

/** Compares one level: lots, orders, order of the queue, and positions of those that `asks`. */
function expectSameLevel(
  queues: OrderQueues,
  naive: ListBook,
  [side, tick]: readonly [0 | 1, number],
  asks: (ref: number) => boolean,
): void {
  const orders = naive.level(side, tick)?.orders ?? []
  expect(queueOf(queues, side, tick)).toEqual(orders)
  expect(queues.countAt(side, tick)).toBe(orders.length)
  expect(queues.ladder.sides[side].lotsAt(tick ^ -side)).toBe(sum(orders))
  let lotsAhead = 0
  orders.forEach((order, i) => {
    if (asks(order.ref)) {
      expect([queues.ordersAhead(order.ref), queues.lotsAhead(order.ref)]).toEqual([i, lotsAhead])
    }
    lotsAhead += order.lots
  })
}

function expectSame(queues: OrderQueues, naive: ListBook, asks: (ref: number) => boolean): void {
  const { ladder } = queues
  expect([ladder.bestBidTick, ladder.bestAskTick]).toEqual([naive.best(0), naive.best(1)])
  expect(queues.count).toBe(naive.levels.reduce((total, level) => total + level.orders.length, 0))
  expect(ladder.bidLevels + ladder.askLevels).toBe(naive.levels.length)
  for (const { side, tick } of naive.levels) expectSameLevel(queues, naive, [side, tick], asks)
}

interface Campaign {
  readonly seed: number
  readonly operations: number
  readonly modifyPriority: ModifyPriority
  /** Orders are named by references below this, so that each is used again and again. */
  readonly refs: number
}

/** Runs random operations on both books and compares outcome, touched levels and best prices. */
function checkCampaign({ seed, operations, modifyPriority, refs }: Campaign): void {
  const random = new Prng(seed)
  const queues = new OrderQueues(new Ladder({ windowTicks: 256 }), { modifyPriority })
  const naive = new ListBook(modifyPriority)
  let centre = 0
  const aTick = (): number =>
    random.nextInt(40) === 0 ? random.nextInt(200_000) - 100_000 : centre + random.nextInt(12)
  for (let i = 0; i < operations; i++) {
    if (random.nextInt(2000) === 0) centre = random.nextInt(4000) - 2000
    const ref = random.nextInt(refs)
    const was = naive.find(ref)?.level
    const side = random.nextInt(2) as 0 | 1
    const isSame = was !== undefined && random.nextInt(2) === 0
    const tick = isSame ? was.tick : aTick()
    const lots = 1 + random.nextInt(9)
    const dice = random.nextInt(20_000)
    let outcomes: OrderOutcome[] = []
    let touched: readonly [0 | 1, number] = [was?.side ?? side, tick]
    if (dice < 2) {
      const which = ([0, 1, undefined] as const)[random.nextInt(3)]
      queues.clear(which)
      naive.clear(which)
    } else if (dice < 9000) {
      outcomes = [queues.add(ref, side, tick, lots), naive.add(ref, side, tick, lots)]
      touched = [side, tick]
    } else if (dice < 15_000) {
      outcomes = [queues.reduce(ref, lots), naive.reduce(ref, lots)]
    } else if (dice < 18_000) {
      outcomes = [queues.modify(ref, tick, lots), naive.modify(ref, tick, lots)]
    } else {
      const to = random.nextInt(refs)
      outcomes = [queues.replace(ref, to, tick, lots), naive.replace(ref, to, tick, lots)]
    }
    if (outcomes[0] !== outcomes[1]) expect({ seed, i, outcomes }).toBe('one outcome')
    // Some orders are always asked about, some seldom: queues with sums and without, all agree.
    const isOften = (asked: number): boolean => asked % 3 === 0 || random.nextInt(50) === 0
    checkQuickly(queues, naive, touched, isOften)
    if (was !== undefined) checkQuickly(queues, naive, [was.side, was.tick], isOften)
    if (i % 4999 === 0) expectSame(queues, naive, (asked) => asked % 2 === 0)
  }
  expectSame(queues, naive, () => true)
}

/** As {@link expectSameLevel} and the best prices, without the cost of an expectation each. */
function checkQuickly(
  queues: OrderQueues,
  naive: ListBook,
  [side, tick]: readonly [0 | 1, number],
  asks: (ref: number) => boolean,
): void {
  const orders = naive.level(side, tick)?.orders ?? []
  let isSame = queues.countAt(side, tick) === orders.length
  let ref = queues.firstAt(side, tick)
  let lotsAhead = 0
  orders.forEach((order, i) => {
    isSame &&= order.ref === ref && queues.lotsOf(ref) === order.lots
    if (isSame && asks(ref)) {
      isSame = queues.ordersAhead(ref) === i && queues.lotsAhead(ref) === lotsAhead
    }
    lotsAhead += order.lots
    ref = isSame ? queues.nextOf(ref) : -1
  })
  isSame &&= ref === -1 && queues.ladder.sides[side].lotsAt(tick ^ -side) === lotsAhead
  const { bestBidTick, bestAskTick } = queues.ladder
  isSame &&= bestBidTick === naive.best(0) && bestAskTick === naive.best(1)
  if (!isSame) expectSame(queues, naive, () => true)
  if (!isSame) throw new Error(`books differ on side ${side} at tick ${tick}`)
}

function queuesOf(
  orders: readonly (readonly [ref: number, side: 0 | 1, tick: number, lots: number])[],
  modifyPriority: ModifyPriority = 'decrease-keeps',
): OrderQueues {
  const queues = new OrderQueues(new Ladder(), { modifyPriority })
  for (const order of orders) expect(queues.add(...order)).toBe(Applied)
  return queues
}

const THREE = [
  [1, 0, 100, 5],
  [2, 0, 100, 6],
  [3, 0, 100, 7],
] as const

describe('OrderQueues', () => {
  it.each<[ModifyPriority, number, number, number[]]>([
    ['decrease-keeps', 100, 4, [1, 2, 3]],
    ['decrease-keeps', 100, 5, [1, 2, 3]],
    ['decrease-keeps', 100, 6, [2, 3, 1]],
    ['decrease-keeps', 101, 4, [2, 3]],
    ['always-lose', 100, 4, [2, 3, 1]],
    ['always-lose', 100, 5, [2, 3, 1]],
    ['keep', 100, 60, [1, 2, 3]],
    ['keep', 101, 4, [2, 3]],
  ])(
    'under %s an order of 5 modified to tick %i and %i lots leaves %j',
    (rule, tick, lots, left) => {
      const queues = queuesOf(THREE, rule)
      expect(queues.lotsAhead(3)).toBe(11)
      expect(queues.modify(1, tick, lots)).toBe(Applied)
      expect(queueOf(queues, 0, 100).map((order) => order.ref)).toEqual(left)
      expect(queues.lotsOf(1)).toBe(lots)
      expect(queues.tickOf(1)).toBe(tick)
      expect(queues.lotsAhead(3)).toBe(left[0] === 1 ? 6 + lots : 6)
    },
  )

  it('takes an order away that is modified to nothing', () => {
    const queues = queuesOf(THREE)
    expect(queues.modify(2, 100, 0)).toBe(Applied)
    expect(queueOf(queues, 0, 100).map((order) => order.ref)).toEqual([1, 3])
  })

  it('puts a replacement last, at the old reference or a new one', () => {
    const queues = queuesOf(THREE)
    expect(queues.replace(1, 9, 100, 5)).toBe(Applied)
    expect(queues.replace(2, 2, 100, 6)).toBe(Applied)
    expect(queueOf(queues, 0, 100).map((order) => order.ref)).toEqual([3, 9, 2])
    expect(queues.levelOf(1)).toBe(0)
    expect([queues.lotsAhead(9), queues.ordersAhead(9)]).toEqual([7, 1])
  })

  it('answers positions before and after departures, partial and whole, from any place', () => {
    const queues = queuesOf([...THREE, [4, 0, 100, 8]])
    expect([1, 2, 3, 4].map((ref) => queues.lotsAhead(ref))).toEqual([0, 5, 11, 18])
    queues.reduce(2, 2)
    expect([1, 2, 3, 4].map((ref) => queues.lotsAhead(ref))).toEqual([0, 5, 9, 16])
    queues.remove(3)
    expect([1, 2, 3, 4].map((ref) => queues.ordersAhead(ref))).toEqual([0, 1, -1, 2])
    queues.reduce(1, 5)
    expect([2, 3, 4].map((ref) => queues.lotsAhead(ref))).toEqual([0, -1, 4])
  })

  it('knows nothing of orders that are not live', () => {
    const queues = queuesOf(THREE)
    for (const ref of [0, 4, 5000, -1, 1.5, Number.NaN, 2 ** 40]) {
      expect([queues.reduce(ref, 1), queues.remove(ref), queues.modify(ref, 1, 1)]).toEqual([
        Unknown,
        Unknown,
        Unknown,
      ])
      expect(queues.replace(ref, 8, 1, 1)).toBe(Unknown)
      expect([queues.lotsAhead(ref), queues.ordersAhead(ref), queues.lotsOf(ref)]).toEqual([
        -1, -1, 0,
      ])
    }
    expect(queues.count).toBe(3)
  })

  it.each<[string, (queues: OrderQueues) => OrderOutcome, OrderOutcome]>([
    ['an addition of a live order', (q) => q.add(1, 1, 5, 5), Duplicate],
    ['a replacement by a live order', (q) => q.replace(1, 2, 5, 5), Duplicate],
    ['a negative reference', (q) => q.add(-1, 0, 5, 5), Unknown],
    ['a broken reference', (q) => q.add(0.5, 0, 5, 5), Unknown],
    ['a reference beyond the pool', (q) => q.add(2 ** 30, 0, 5, 5), Unknown],
    ['a replacement beyond the pool', (q) => q.replace(1, 2 ** 30, 5, 5), Invalid],
    ['an addition of nothing', (q) => q.add(7, 0, 5, 0), Invalid],
    ['a part of a lot', (q) => q.add(7, 0, 5, 0.5), Invalid],
    ['no number of lots', (q) => q.reduce(1, Number.NaN), Invalid],
    ['negative lots', (q) => q.modify(1, 5, -5), Invalid],
    ['a bid at the tick that means none', (q) => q.add(7, 0, NO_BID, 5), Invalid],
    ['an ask at the tick that means none', (q) => q.add(7, 1, NO_ASK, 5), Invalid],
  ])('refuses %s and stays as it was', (_what, change, outcome) => {
    const queues = queuesOf(THREE)
    expect(change(queues)).toBe(outcome)
    expect(queueOf(queues, 0, 100)).toEqual(THREE.map(([ref, , , lots]) => ({ ref, lots })))
    expect([queues.count, queues.ladder.bidLotsTotal, queues.ladder.askLevels]).toEqual([3, 18, 0])
  })

  it('takes the whole order, and says so, when more is taken than it has', () => {
    const queues = queuesOf(THREE)
    expect(queues.reduce(2, 100)).toBe(Excess)
    expect(queues.ladder.bidLotsAt(100)).toBe(12)
  })

  it('uses references and levels again without end', () => {
    const queues = new OrderQueues(new Ladder(), { ordersMax: 4 })
    for (let i = 0; i < 50_000; i++) {
      const added = queues.add(i & 3, 1, i * 3, 1 + (i & 7))
      const removed = i < 3 ? Applied : queues.remove((i + 1) & 3)
      if (added !== Applied || removed !== Applied || queues.lotsAhead(i & 3) !== 0) {
        expect({ i, added, removed }).toBe('applied')
      }
    }
    expect([queues.count, queues.ladder.askLevels]).toEqual([3, 3])
    expect(queues.add(4, 1, 0, 1)).toBe(Unknown)
  })

  it('conserves lots: what was added is in the levels, or was taken', () => {
    const operation = fc.record({
      kind: fc.constantFrom('add', 'reduce', 'modify', 'replace'),
      ref: fc.nat(12),
      newRef: fc.nat(12),
      side: fc.constantFrom<0 | 1>(0, 1),
      tick: fc.integer({ min: -3, max: 3 }),
      lots: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 150, size: 'max' }),
        fc.constantFrom<ModifyPriority>('decrease-keeps', 'always-lose', 'keep'),
        (operations, modifyPriority) => {
          const queues = new OrderQueues(new Ladder({ windowTicks: 256 }), { modifyPriority })
          let balance = 0
          for (const { kind, ref, newRef, side, tick, lots } of operations) {
            const held = queues.lotsOf(ref)
            const outcome =
              kind === 'add'
                ? queues.add(ref, side, tick, lots)
                : kind === 'reduce'
                  ? queues.reduce(ref, lots)
                  : kind === 'modify'
                    ? queues.modify(ref, tick, lots)
                    : queues.replace(ref, newRef, tick, lots)
            if (outcome === Applied || outcome === Excess) {
              balance +=
                kind === 'add' ? lots : kind === 'reduce' ? -Math.min(held, lots) : lots - held
            }
            const { ladder } = queues
            expect(ladder.bidLotsTotal + ladder.askLotsTotal).toBe(balance)
          }
          let orders = 0
          for (let ref = 0; ref <= 12; ref++) if (queues.levelOf(ref) !== 0) orders++
          expect(queues.count).toBe(orders)
        },
      ),
      { numRuns: 300 },
    )
  })

  const operations = campaignLength(120_000)
  it.each<[ModifyPriority, number]>([
    ['decrease-keeps', 60],
    ['decrease-keeps', 600],
    ['always-lose', 60],
    ['keep', 60],
  ])(
    'equals lists of lists after every random operation (%s, %i references)',
    (modifyPriority, refs) => {
      const share = Math.ceil(operations / 4)
      checkCampaign({ seed: refs, operations: share, modifyPriority, refs })
      tellCampaign(`queues against lists of lists, ${modifyPriority}, ${refs} references`, share)
    },
    3_600_000,
  )
})
