/** Random markets and random scripts of orders of every type, for tests of the gateway. */
import fc from 'fast-check'
import { EventKind, eventCode, type EventColumns, type Side } from '../src/market/index.ts'
import { Tape } from './tape.ts'
import { SELF_TRADE_POLICIES } from '../src/order/index.ts'
import type { AskedVenueOrder, Step } from './venue-script.ts'

/** Rows are 10 ns apart; a few share their time. */
const ROW_NS = 10

type Row = (tape: Tape, time: number) => void

const side = fc.constantFrom<Side>(1, -1)

const row: fc.Arbitrary<Row> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(side, fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 9 }))
      .map(([own, away, lots]): Row => (tape, time) => {
        const tick = 100 - own * away
        if (own > 0) tape.bid(time, tick, lots)
        else tape.ask(time, tick, lots)
      }),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(side, fc.integer({ min: 94, max: 106 }), fc.integer({ min: 1, max: 6 }))
      .map(
        ([own, tick, lots]): Row =>
          (tape, time) =>
            tape.trade(time, own, tick, lots),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 94, max: 106 }).map(
      (tick): Row =>
        (tape, time) =>
          tape.row(time, eventCode(EventKind.Funding, 0), tick, 1),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Row>(
      (tape, time) => tape.gap(time),
      (tape, time) => tape.row(time, eventCode(EventKind.Status, 0), 0, 0),
      (tape, time) => tape.row(time, eventCode(EventKind.Status, 0), 0, 1),
      (tape, time) =>
        tape.snapshot(
          time,
          [
            [99, 5],
            [98, 5],
          ],
          [
            [101, 5],
            [102, 5],
          ],
        ),
      (tape, time) => tape.snapshot(time, [[96, 5]], [[98, 5]]),
    ),
  },
)

/** A market around 100 that moves, halts and loses messages. */
export const wildMarket: fc.Arbitrary<EventColumns> = fc
  .array(fc.tuple(row, fc.boolean()), { minLength: 30, maxLength: 60 })
  .map((rows) => {
    const tape = new Tape().snapshot(
      0,
      [
        [99, 5],
        [98, 5],
      ],
      [
        [101, 5],
        [102, 5],
      ],
    )
    let time = ROW_NS
    for (const [write, isNext] of rows) {
      if (isNext) time += ROW_NS
      write(tape, time)
    }
    return tape.events()
  })

const ticks = fc.integer({ min: 95, max: 105 })
const size = fc.integer({ min: 1, max: 6 })
const triggerBy = fc.constantFrom('last', 'bid-ask', 'mid', 'mark' as const)

const trail = fc.oneof(
  fc.integer({ min: 1, max: 3 }).map((n) => ({ by: 'ticks' as const, ticks: n })),
  fc.constantFrom(0.5, 1, 2.5).map((percent) => ({ by: 'percent' as const, percent })),
)

const base = { side, size }

/** Orders that wait for a price, and plain ones. */
const untilCancelled: fc.Arbitrary<AskedVenueOrder> = fc.oneof(
  fc.record({
    ...base,
    type: fc.constantFrom('stop' as const, 'take-profit' as const),
    triggerTicks: ticks,
    triggerBy,
  }),
  fc.record({
    ...base,
    type: fc.constantFrom('stop-limit' as const, 'take-profit-limit' as const),
    triggerTicks: ticks,
    triggerBy,
    price: ticks,
  }),
  fc.record({ ...base, type: fc.constant('trailing-stop' as const), trail, triggerBy }),
  fc.record(
    {
      ...base,
      type: fc.constant('trailing-stop-limit' as const),
      trail,
      triggerBy,
      limitOffsetTicks: fc.integer({ min: 0, max: 2 }),
      triggerTicks: ticks,
      activationTicks: ticks,
    },
    { requiredKeys: ['side', 'size', 'type', 'trail', 'triggerBy', 'limitOffsetTicks'] },
  ),
  fc.record({ ...base, price: ticks }),
  fc.record({ ...base, type: fc.constant('market' as const) }),
)

/** The same, some until a moment. */
export const triggerOrder: fc.Arbitrary<AskedVenueOrder> = fc
  .tuple(untilCancelled, fc.option(fc.integer({ min: 301, max: 500 }), { nil: undefined }))
  .map(([order, expireTime]): AskedVenueOrder => {
    if (expireTime === undefined || order.type === 'market') return order
    return { ...order, tif: 'GTD', expireTime }
  })

/** Something that most orders do not say. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })

const sibling = fc.nat(6).map((index) => ({ index }))

/** Orders of every kind, tied to others. */
export const anyOrder: fc.Arbitrary<AskedVenueOrder> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: untilCancelled },
      {
        weight: 2,
        arbitrary: fc.record({ ...base, type: fc.constant('market-to-limit' as const) }),
      },
      {
        weight: 4,
        arbitrary: fc.record(
          {
            ...base,
            price: ticks,
            displayLots: fc.constantFrom(1, 2),
            postOnly: fc.constantFrom('reject' as const, 'slide' as const),
          },
          { requiredKeys: ['side', 'size', 'price'] },
        ),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          ...base,
          price: ticks,
          tif: fc.constantFrom('IOC' as const, 'FOK' as const, 'GTX' as const),
        }),
      },
    ),
    fc.record({
      reduceOnly: rarely(fc.constant(true)),
      stp: rarely(fc.constantFrom(...SELF_TRADE_POLICIES)),
      oco: rarely(sibling),
      parent: rarely(sibling),
      parentFill: rarely(fc.constantFrom('partial' as const, 'full' as const)),
      expireTime: rarely(fc.integer({ min: 60, max: 400 })),
    }),
    fc.boolean(),
  )
  .map(([asked, more, isOuo]): AskedVenueOrder => {
    const order: AskedVenueOrder = asked
    const { oco, expireTime, ...rest } = more
    const isResting = order.tif === undefined && order.type !== 'market'
    const said = Object.entries(rest).filter(([, value]) => value !== undefined)
    return {
      ...order,
      ...Object.fromEntries(said),
      ...(oco === undefined ? {} : isOuo ? { ouo: oco } : { oco }),
      ...(expireTime === undefined || !isResting ? {} : { expireTime, tif: 'GTD' as const }),
    }
  })

/** Scripts in order of time; what they name may not exist. */
export function wildScript(order: fc.Arbitrary<AskedVenueOrder>): fc.Arbitrary<Step[]> {
  const at = fc.integer({ min: 0, max: 300 })
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.tuple(at, order).map(([time, asked]): Step => ({ at: time, ...asked })),
    },
    { weight: 1, arbitrary: fc.record({ at, cancel: fc.nat(8) }) },
  )
  return fc
    .array(step, { minLength: 4, maxLength: 20 })
    .map((steps) => steps.toSorted((a, b) => a.at - b.at))
}
