import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { campaignLength, tellCampaign } from '../../test/campaign.ts'
import { InvariantError, Prng } from '../core/index.ts'
import { Ladder, NO_ASK, NO_BID } from './ladder.ts'

/** The obvious ladder: a map a side, sorted whenever somebody asks. */
class MapLadder {
  readonly bids = new Map<number, number>()
  readonly asks = new Map<number, number>()

  set(levels: Map<number, number>, tick: number, lots: number): number {
    const previous = levels.get(tick) ?? 0
    if (lots === 0) levels.delete(tick)
    else levels.set(tick, lots)
    return previous
  }

  bidTicks(): number[] {
    return [...this.bids.keys()].sort((a, b) => b - a)
  }

  askTicks(): number[] {
    return [...this.asks.keys()].sort((a, b) => a - b)
  }
}

function bidWalk(ladder: Ladder): number[] {
  const ticks: number[] = []
  for (let t = ladder.bestBidTick; t !== NO_BID; t = ladder.nextBidBelow(t)) ticks.push(t)
  return ticks
}

function askWalk(ladder: Ladder): number[] {
  const ticks: number[] = []
  for (let t = ladder.bestAskTick; t !== NO_ASK; t = ladder.nextAskAbove(t)) ticks.push(t)
  return ticks
}

const sum = (levels: Map<number, number>): number => [...levels.values()].reduce((a, b) => a + b, 0)

function expectSame(ladder: Ladder, naive: MapLadder): void {
  const bids = naive.bidTicks()
  const asks = naive.askTicks()
  expect(bidWalk(ladder)).toEqual(bids)
  expect(askWalk(ladder)).toEqual(asks)
  expect(ladder.bestBidTick).toBe(bids[0] ?? NO_BID)
  expect(ladder.bestAskTick).toBe(asks[0] ?? NO_ASK)
  expect(ladder.bestBidLots).toBe(naive.bids.get(bids[0]!) ?? 0)
  expect(ladder.bestAskLots).toBe(naive.asks.get(asks[0]!) ?? 0)
  expect(ladder.bidLevels).toBe(bids.length)
  expect(ladder.askLevels).toBe(asks.length)
  expect(ladder.bidLotsTotal).toBe(sum(naive.bids))
  expect(ladder.askLotsTotal).toBe(sum(naive.asks))
  for (const t of bids) expect(ladder.bidLotsAt(t)).toBe(naive.bids.get(t))
  for (const t of asks) expect(ladder.askLotsAt(t)).toBe(naive.asks.get(t))
}

const EXTREMES = [-2147483647, -2147483646, -2147483000, 2147483646, 2147483645, 2147483000, 0, -1]

/** Picks a tick as adversity has it: near a drifting touch, far, at the ends of the integers. */
function pickTick(random: Prng, centre: number): number {
  const kind = random.nextInt(100)
  if (kind < 80) return centre + Math.round(random.nextNormal() * 40)
  if (kind < 92) return centre + random.nextInt(4096) - 2048
  if (kind < 98) return centre + random.nextInt(400_000) - 200_000
  return EXTREMES[random.nextInt(EXTREMES.length)]!
}

interface Campaign {
  readonly seed: number
  readonly operations: number
  readonly windowTicks: number
}

/** Runs random operations against the map, comparing each answer, and all levels now and then. */
function checkCampaign({ seed, operations, windowTicks }: Campaign): Ladder {
  const random = new Prng(seed)
  const ladder = new Ladder({ windowTicks })
  const naive = new MapLadder()
  let centre = 0
  let removal = 0.5
  for (let i = 0; i < operations; i++) {
    const dice = random.nextInt(100_000)
    if (dice < 4) {
      if (dice === 0) ladder.clear()
      else if (dice === 1) ladder.clearBids()
      else ladder.clearAsks()
      if (dice < 2) naive.bids.clear()
      if (dice !== 1) naive.asks.clear()
    } else if (dice < 40) {
      centre = random.nextInt(2_000_000) - 1_000_000
    } else if (dice < 100) {
      removal = 0.2 + 0.7 * random.next()
    }
    centre += random.nextInt(3) - 1
    const isBid = random.nextInt(2) === 0
    const levels = isBid ? naive.bids : naive.asks
    const best = isBid ? ladder.bestBidTick : ladder.bestAskTick
    const isRemoval = random.next() < removal
    // Taking the best away again and again walks the window through gaps and into the far levels.
    const takesBest = isRemoval && levels.size > 0 && random.nextInt(2) === 0
    const tick = takesBest ? best : pickTick(random, centre)
    const lots = isRemoval ? 0 : 1 + random.nextInt(1000)
    const previous = isBid ? ladder.setBid(tick, lots) : ladder.setAsk(tick, lots)
    const expected = naive.set(levels, tick, lots)
    if (previous !== expected)
      expect({ i, seed, previous }).toEqual({ i, seed, previous: expected })
    if (takesBest || i % 997 === 0) {
      let extreme = isBid ? NO_BID : NO_ASK
      for (const t of levels.keys()) if (isBid ? t > extreme : t < extreme) extreme = t
      const now = isBid ? ladder.bestBidTick : ladder.bestAskTick
      if (now !== extreme) expect({ i, seed, now }).toEqual({ i, seed, now: extreme })
    }
    if (i % 9973 === 0) expectSame(ladder, naive)
  }
  expectSame(ladder, naive)
  return ladder
}

describe('Ladder', () => {
  it('answers "none" on both sides when empty', () => {
    const ladder = new Ladder()
    expect(ladder.bestBidTick).toBe(NO_BID)
    expect(ladder.bestAskTick).toBe(NO_ASK)
    expect([ladder.bestBidLots, ladder.bestAskLots]).toEqual([0, 0])
    expect(ladder.nextBidBelow(5)).toBe(NO_BID)
    expect(ladder.nextAskAbove(5)).toBe(NO_ASK)
    expect([ladder.bidLevels, ladder.askLevels]).toEqual([0, 0])
    expect(ladder.setBid(7, 0)).toBe(0)
    expect(ladder.setAsk(7, 0)).toBe(0)
    expect(ladder.bestAskTick).toBe(NO_ASK)
  })

  it('keeps each side best first, whatever the order of arrival', () => {
    const ladder = new Ladder()
    for (const tick of [100, 98, 103, 99]) expect(ladder.setBid(tick, tick)).toBe(0)
    for (const tick of [110, 108, 113, 109]) expect(ladder.setAsk(tick, tick)).toBe(0)
    expect(bidWalk(ladder)).toEqual([103, 100, 99, 98])
    expect(askWalk(ladder)).toEqual([108, 109, 110, 113])
    expect(ladder.setBid(103, 0)).toBe(103)
    expect(ladder.setAsk(108, 5)).toBe(108)
    expect([ladder.bestBidTick, ladder.bestBidLots]).toEqual([100, 100])
    expect([ladder.bestAskTick, ladder.bestAskLots]).toEqual([108, 5])
  })

  it('keeps the true best of each side while the book is crossed', () => {
    const ladder = new Ladder()
    ladder.setBid(105, 1)
    ladder.setAsk(100, 2)
    expect([ladder.bestBidTick, ladder.bestAskTick]).toEqual([105, 100])
  })

  it('finds the next level from a tick that is not occupied itself', () => {
    const ladder = new Ladder({ windowTicks: 256 })
    for (const tick of [-500, 10, 12]) ladder.setBid(tick, 1)
    for (const tick of [20, 22, 900]) ladder.setAsk(tick, 1)
    expect([100, 12, 11, 10, -499, -500].map((t) => ladder.nextBidBelow(t))).toEqual([
      12,
      10,
      10,
      -500,
      -500,
      NO_BID,
    ])
    expect([-100, 20, 21, 22, 899, 900].map((t) => ladder.nextAskAbove(t))).toEqual([
      20,
      22,
      22,
      900,
      900,
      NO_ASK,
    ])
  })

  it('holds levels at both ends of the 32-bit integers', () => {
    const ladder = new Ladder()
    const ends = [-2147483647, 2147483646]
    for (const tick of ends) {
      ladder.setBid(tick, 3)
      ladder.setAsk(tick, 4)
    }
    ladder.setBid(NO_ASK, 5)
    ladder.setAsk(NO_BID, 6)
    expect(bidWalk(ladder)).toEqual([2147483647, 2147483646, -2147483647])
    expect(askWalk(ladder)).toEqual([-2147483648, -2147483647, 2147483646])
    expect(ladder.setBid(2147483647, 0)).toBe(5)
    expect(ladder.setBid(2147483646, 0)).toBe(3)
    expect(ladder.bestBidTick).toBe(-2147483647)
    expect(ladder.setAsk(-2147483648, 0)).toBe(6)
    expect(ladder.setAsk(-2147483647, 0)).toBe(4)
    expect(ladder.bestAskTick).toBe(2147483646)
  })

  it.each([
    ['a bid at the tick that means "no bid"', (l: Ladder) => l.setBid(NO_BID, 1)],
    ['an ask at the tick that means "no ask"', (l: Ladder) => l.setAsk(NO_ASK, 1)],
    ['negative lots outside the window', (l: Ladder) => l.setBid(1_000_000, -1)],
    ['NaN lots outside the window', (l: Ladder) => l.setBid(1_000_000, Number.NaN)],
    ['negative lots at a level', (l: Ladder) => l.setBid(10, -1)],
    ['NaN lots at a level', (l: Ladder) => l.setBid(10, Number.NaN)],
    ['negative lots where no level is', (l: Ladder) => l.setBid(11, -1)],
    ['NaN lots where no level is', (l: Ladder) => l.setAsk(11, Number.NaN)],
  ])('refuses %s and stays as it was', (_what, change) => {
    const ladder = new Ladder()
    ladder.setBid(10, 7)
    ladder.setAsk(12, 8)
    expect(() => change(ladder)).toThrow(InvariantError)
    expect(bidWalk(ladder)).toEqual([10])
    expect(askWalk(ladder)).toEqual([12])
    expect([ladder.bestBidLots, ladder.bestAskLots]).toEqual([7, 8])
  })

  it('refuses a reserved tick also where the window reaches it', () => {
    const ladder = new Ladder()
    ladder.setBid(-2147483647, 1)
    expect(() => ladder.setBid(NO_BID, 1)).toThrow(InvariantError)
    expect(bidWalk(ladder)).toEqual([-2147483647])
  })

  it.each([0, 128, 300, 2 ** 25, Number.NaN])('refuses a window of %s ticks', (windowTicks) => {
    expect(() => new Ladder({ windowTicks })).toThrow(InvariantError)
  })

  it('forgets one side or both when cleared, and works on', () => {
    const ladder = new Ladder({ windowTicks: 256 })
    for (let t = 0; t < 500; t += 7) {
      ladder.setBid(t, 1)
      ladder.setAsk(1000 + t, 1)
    }
    ladder.clearBids()
    expect([ladder.bidLevels, ladder.bestBidTick, ladder.bidLotsTotal]).toEqual([0, NO_BID, 0])
    expect(ladder.askLevels).toBe(72)
    ladder.clear()
    expect([ladder.askLevels, ladder.bestAskTick]).toEqual([0, NO_ASK])
    ladder.setBid(3, 9)
    expect(bidWalk(ladder)).toEqual([3])
  })

  it('equals a sorted map after any short sequence of operations', () => {
    const tick = fc.oneof(
      fc.integer({ min: -100, max: 100 }),
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.constantFrom(...EXTREMES),
    )
    const operation = fc.tuple(fc.boolean(), tick, fc.oneof(fc.constant(0), fc.nat(50)))
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120, size: 'max' }), (operations) => {
        const ladder = new Ladder({ windowTicks: 256 })
        const naive = new MapLadder()
        for (const [isBid, at, lots] of operations) {
          const previous = isBid ? ladder.setBid(at, lots) : ladder.setAsk(at, lots)
          expect(previous).toBe(naive.set(isBid ? naive.bids : naive.asks, at, lots))
        }
        expectSame(ladder, naive)
      }),
      { numRuns: 300 },
    )
  })

  const operations = campaignLength(300_000)
  it.each([256, 1024, 4096, 16_384])(
    'equals a sorted map through jumps, far levels and clears (window of %i ticks)',
    (windowTicks) => {
      const share = Math.ceil(operations / 4)
      const ladder = checkCampaign({ seed: windowTicks, operations: share, windowTicks })
      expect(ladder.bidLevels + ladder.askLevels).toBeGreaterThan(0)
      tellCampaign(`ladder against a sorted map, window of ${windowTicks} ticks`, share)
    },
    3_600_000,
  )

  it('moves its window at a cost that does not grow with the length of the jump', () => {
    const ladder = new Ladder()
    for (let t = 0; t < 5000; t++) ladder.setBid(t, 1)
    for (let i = 0; i < 500; i++) {
      ladder.setBid(2_000_000_000 - i, 1)
      expect(ladder.bestBidTick).toBe(2_000_000_000 - i)
      ladder.setBid(2_000_000_000 - i, 0)
      expect(ladder.bestBidTick).toBe(4999)
    }
    expect([ladder.bidLevels, ladder.bidLotsTotal]).toEqual([5000, 5000])
  })
})
