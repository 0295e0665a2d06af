import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LINEAR, bookOf, type PlainLevels } from '../../../test/depth-twin.ts'
import { BUY, SELL, type Side } from '../../market/index.ts'
import { BookResiliency, type BookResiliencyOptions } from './book-resiliency.ts'
import { RecoveryTimes } from './recovery-times.ts'

const MS = 1_000_000
const OPTIONS = { levels: 2, shockWindow: '10ms', horizon: '1s', leastShocks: 1 } as const

/** What stands before a shock: spread 2 ticks, near-touch depth of 300 + 100 lots on each side. */
const BIDS: PlainLevels = [
  [199, 300],
  [198, 100],
  [190, 900],
]
const ASKS: PlainLevels = [
  [201, 300],
  [202, 100],
  [210, 900],
]
/** Both near levels bought: 900 at 210 are left; the spread is 9 ticks wider, all 400 lots gone. */
const SWEPT: PlainLevels = [[210, 900]]

/** One moment: a trade, or the asks as they stand (bids in the mirror). */
type Moment =
  | { readonly ms: number; readonly trade: Side }
  | { readonly ms: number; readonly asks: PlainLevels; readonly bids?: PlainLevels }

function watch(
  moments: readonly Moment[],
  { mirror = false, scale = 1, options = {} as BookResiliencyOptions } = {},
): BookResiliency {
  const resiliency = new BookResiliency({ ...OPTIONS, ...options })
  const turn = (side: PlainLevels): PlainLevels => side.map(([tick, lots]) => [400 - tick, lots])
  for (const moment of moments) {
    const time = moment.ms * MS * scale
    if ('trade' in moment) {
      resiliency.trade(time, mirror ? (-moment.trade as Side) : moment.trade)
      continue
    }
    const { asks, bids = BIDS } = moment
    const book = mirror ? bookOf(LINEAR, turn(asks), turn(bids)) : bookOf(LINEAR, bids, asks)
    resiliency.update(time, book)
  }
  return resiliency
}

const shock = (ms: number): Moment[] => [
  { ms, asks: ASKS },
  { ms: ms + 1, trade: BUY },
  { ms: ms + 2, asks: SWEPT },
]

describe('BookResiliency', () => {
  it('times spread and depth until half of the shock is made good', () => {
    const moments: Moment[] = [
      ...shock(0),
      // Excess 9 ticks; 5 are more than half, 4 are not. 199 of 400 lots are less than half.
      {
        ms: 42,
        asks: [
          [206, 50],
          [210, 900],
        ],
      },
      {
        ms: 62,
        asks: [
          [205, 50],
          [210, 900],
        ],
      },
      {
        ms: 82,
        asks: [
          [202, 199],
          [210, 900],
        ],
      },
      {
        ms: 102,
        asks: [
          [202, 200],
          [210, 900],
        ],
      },
    ]
    expect(watch(moments).value).toEqual({
      spread: { shocks: 1, recoveredShare: 1, halfLifeNs: 60 * MS },
      depth: { shocks: 1, recoveredShare: 1, halfLifeNs: 100 * MS },
    })
    expect(watch(moments.slice(0, -1)).value.depth).toBeUndefined()
  })

  it('counts from the widest moment of the window, not of later', () => {
    const { spread } = watch([
      { ms: 0, asks: ASKS },
      { ms: 1, trade: BUY },
      {
        ms: 2,
        asks: [
          [202, 100],
          [210, 900],
        ],
      },
      { ms: 9, asks: SWEPT },
      { ms: 50, asks: [[230, 900]] },
      {
        ms: 59,
        asks: [
          [205, 400],
          [210, 900],
        ],
      },
    ]).value
    expect(spread?.halfLifeNs).toBe(50 * MS)
  })

  it('cuts off at the horizon what is not made good', () => {
    const late: Moment = { ms: 1003, asks: ASKS }
    expect(watch([...shock(0), late]).value.spread).toEqual({
      shocks: 1,
      recoveredShare: 0,
      halfLifeNs: undefined,
    })
    const just: Moment = { ms: 1002, asks: ASKS }
    expect(watch([...shock(0), just]).value.spread?.halfLifeNs).toBe(1000 * MS)
  })

  it('takes no trade for a shock unless the best price retreats soon after', () => {
    const none = { spread: undefined, depth: undefined }
    const untouched: Moment = {
      ms: 2,
      asks: [
        [201, 10],
        [202, 100],
      ],
    }
    expect(watch([{ ms: 0, asks: ASKS }, { ms: 1, trade: BUY }, untouched]).value).toEqual(none)
    const after: Moment[] = [
      { ms: 12, asks: SWEPT },
      { ms: 20, asks: ASKS },
      { ms: 2000, asks: ASKS },
    ]
    const before: Moment = { ms: 0, asks: ASKS }
    expect(watch([before, { ms: 1, trade: BUY }, ...after]).value).toEqual(none)
    expect(watch([before, { ms: 2, trade: BUY }, ...after]).value.spread?.shocks).toBe(1)
    expect(watch([before, { ms: 11, trade: SELL }, ...after]).value).toEqual(none)
    expect(watch([before, ...after]).value).toEqual(none)
    expect(watch([{ ms: 1, trade: BUY }, { ms: 2, asks: SWEPT }, ...after]).value).toEqual(none)
  })

  it('counts a burst, and trades during a shock, as one shock', () => {
    const { spread } = watch([
      ...shock(0),
      { ms: 3, trade: BUY },
      { ms: 30, trade: BUY },
      { ms: 40, trade: SELL },
      { ms: 62, asks: ASKS },
    ]).value
    expect(spread).toEqual({ shocks: 1, recoveredShare: 1, halfLifeNs: 60 * MS })
  })

  it('drops a shock when the book is no longer live or loses a side', () => {
    const lost: Moment[] = [
      { ms: 10, asks: [] },
      { ms: 20, asks: ASKS },
      { ms: 2000, asks: ASKS },
    ]
    expect(watch([...shock(0), ...lost]).value.spread).toBeUndefined()
    const crossed: Moment = { ms: 10, asks: [[199, 1]] }
    expect(watch([...shock(0), crossed, ...lost]).value.spread).toBeUndefined()
    expect(
      watch([...shock(0), ...lost, ...shock(3000), { ms: 3032, asks: ASKS }]).value.spread,
    ).toEqual({ shocks: 1, recoveredShare: 1, halfLifeNs: 30 * MS })
  })

  it('compares with the book before the first trade of a burst', () => {
    const { depth } = watch([
      { ms: 0, asks: ASKS },
      { ms: 1, trade: BUY },
      {
        ms: 2,
        asks: [
          [201, 100],
          [202, 100],
        ],
      },
      { ms: 3, trade: BUY },
      { ms: 4, asks: SWEPT },
      // 250 of 400 lots are missing; of the 200 before the second trade it were 50.
      {
        ms: 50,
        asks: [
          [202, 150],
          [210, 900],
        ],
      },
      { ms: 104, asks: ASKS },
    ]).value
    expect(depth?.halfLifeNs).toBe(100 * MS)
  })

  it('looks for the next shock as soon as the horizon has passed', () => {
    const { spread } = watch([
      ...shock(0),
      { ms: 1500, trade: BUY },
      { ms: 1501, asks: [[220, 900]] },
      { ms: 1600, asks: ASKS },
    ]).value
    expect(spread).toEqual({ shocks: 2, recoveredShare: 0.5, halfLifeNs: undefined })
  })

  it('sees no shock of the spread when the other side follows at once', () => {
    const followed: Moment[] = [
      { ms: 0, asks: ASKS },
      { ms: 1, trade: BUY },
      { ms: 2, asks: SWEPT, bids: [[208, 5]] },
      { ms: 50, asks: ASKS },
    ]
    expect(watch(followed).value.spread).toBeUndefined()
    const both = watch([...followed, ...shock(3000), { ms: 3032, asks: ASKS }]).value
    expect([both.spread?.shocks, both.depth?.shocks]).toEqual([1, 2])
  })

  it('compares with no book from before it was lost', () => {
    const { spread } = watch([
      { ms: 0, asks: ASKS },
      { ms: 1, asks: [] },
      { ms: 2, trade: BUY },
      { ms: 3, asks: SWEPT },
      { ms: 20, asks: ASKS },
    ]).value
    expect(spread).toBeUndefined()
  })

  it('says nothing before it has seen enough shocks', () => {
    const moments = [0, 100, 200].flatMap((ms): Moment[] => [
      ...shock(ms),
      { ms: ms + 12 + ms / 10, asks: ASKS },
    ])
    const known = (leastShocks: number): unknown =>
      watch(moments, { options: { leastShocks } }).value.spread
    expect(known(4)).toBeUndefined()
    expect(known(3)).toEqual({ shocks: 3, recoveredShare: 1, halfLifeNs: 20 * MS })
    expect(new BookResiliency().value).toEqual({ spread: undefined, depth: undefined })
  })

  it('recovers the times that were planted, in the mirror and on any scale of time', () => {
    const planted = fc.array(fc.integer({ min: 1, max: 1400 }), {
      minLength: 1,
      maxLength: 30,
      size: 'max',
    })
    fc.assert(
      fc.property(
        planted,
        fc.boolean(),
        fc.integer({ min: 1, max: 50 }),
        (delays, mirror, scale) => {
          const moments = delays.flatMap((delay, i): Moment[] => [
            ...shock(i * 3000),
            { ms: i * 3000 + 2 + delay, asks: ASKS },
          ])
          const options = { shockWindow: `${10 * scale}ms`, horizon: `${scale}s` }
          const { spread, depth } = watch(moments, { mirror, scale, options }).value
          const sorted = delays.toSorted((a, b) => a - b)
          const middle = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!]
          const isKnown = middle.every((delay) => delay <= 1000)
          expect(spread).toEqual({
            shocks: delays.length,
            recoveredShare: delays.filter((delay) => delay <= 1000).length / delays.length,
            halfLifeNs: isKnown ? ((middle[0]! + middle[1]!) / 2) * MS * scale : undefined,
          })
          expect(depth).toEqual(spread)
        },
      ),
    )
  })

  it('refuses options that make no sense', () => {
    const made = (options: BookResiliencyOptions) => () => new BookResiliency(options)
    expect(made({ levels: 0 })).toThrow(/BAD_ARGUMENT/)
    expect(made({ window: 0 })).toThrow(/window/)
    expect(made({ window: 5, leastShocks: 6 })).toThrow(/leastShocks/)
    expect(made({ horizon: '10ms' })).toThrow(/horizon/)
    expect(made({ horizon: 'soon' })).toThrow(/BAD_DURATION/)
  })
})

describe('RecoveryTimes', () => {
  it('forgets what lies before its window', () => {
    const times = new RecoveryTimes(3)
    for (const time of [Number.POSITIVE_INFINITY, 8, 2, 4]) times.add(time)
    expect(times.recovery(3)).toEqual({ shocks: 3, recoveredShare: 1, halfLifeNs: 4 })
    expect(times.recovery(4)).toBeUndefined()
  })
})
