/** Random tapes and random orders over them, dense enough that everything meets everything. */
import fc from 'fast-check'
import {
  EventKind,
  EventWriter,
  LOCAL_ONLY_BIT,
  eventCode,
  type EventColumns,
  type EventWindows,
  type Side,
} from '../src/market/index.ts'
import type { ExchangeModel, ExchangeOrder } from '../src/venue/index.ts'
import type { TwinRow } from './obvious-partial-exchange.ts'

/** What an order may ask for. */
export type Terms = Omit<ExchangeOrder, 'index'>

/**
 * A request of ours. Cancels and amendments name the order that was sent `back` orders before the
 * last one, or one that never was; an amendment may leave the price as it is.
 */
export type Request =
  | { readonly kind: 'submit'; readonly terms: Terms }
  | { readonly kind: 'cancel'; readonly back: number }
  | {
      readonly kind: 'amend'
      readonly back: number
      readonly priceTicks: number | undefined
      readonly sizeLots: number
    }

/** Rows at one time, and the requests that arrive right behind them. */
export interface Step {
  readonly rows: readonly TwinRow[]
  readonly requests: readonly Request[]
}

const row = (kind: EventKind, side: Side | 0, tick: number, lots: number): TwinRow => ({
  kind,
  side,
  tick,
  lots,
  isLocalOnly: false,
})

const side = fc.constantFrom<Side>(1, -1)
const anySide = fc.constantFrom<Side | 0>(1, -1, 1, -1, 0)
const distance = fc.oneof(
  { weight: 20, arbitrary: fc.constant(1) },
  { weight: 8, arbitrary: fc.integer({ min: 2, max: 4 }) },
  { weight: 2, arbitrary: fc.constant(0) },
)
// Distance 0 on both sides is one price: the book is sometimes locked for a while.
const level = fc
  .tuple(side, distance, fc.integer({ min: 0, max: 9 }))
  .map(([own, away, lots]) => ({ own, tick: 100 - own * away, lots }))
const depth = level.map(({ own, tick, lots }) => row(EventKind.DepthSet, own, tick, lots))
const trade = fc
  .tuple(
    anySide,
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(99, 101) },
      { weight: 3, arbitrary: fc.integer({ min: 96, max: 104 }) },
    ),
    fc.integer({ min: 1, max: 7 }),
  )
  .map(([own, tick, lots]) => row(EventKind.Trade, own, tick, lots))

/** A trade, and often the level as it leaves it. */
const tradeAndLevel = fc
  .tuple(trade, fc.integer({ min: 0, max: 6 }), fc.boolean())
  .map(([print, left, isShown]): TwinRow[] => {
    if (!isShown || print.side === 0) return [print]
    return [print, row(EventKind.DepthSet, print.side > 0 ? -1 : 1, print.tick, left)]
  })
const snapshot = fc
  .tuple(fc.array(level, { maxLength: 6 }), fc.constantFrom(0, 0, 0, 1, 2))
  .map(([levels, broken]) => [
    ...(broken === 1 ? [] : [row(EventKind.SnapshotBegin, 0, 0, 0)]),
    ...levels.map(({ own, tick, lots }) => row(EventKind.SnapshotLevel, own, tick, lots + 1)),
    ...(broken === 2 ? [] : [row(EventKind.SnapshotEnd, 0, 0, 0)]),
  ])
const rows: fc.Arbitrary<TwinRow[]> = fc.oneof(
  { weight: 16, arbitrary: depth.map((each): TwinRow[] => [each]) },
  { weight: 8, arbitrary: tradeAndLevel },
  {
    weight: 1,
    arbitrary: fc.oneof(depth, trade).map((each): TwinRow[] => [{ ...each, isLocalOnly: true }]),
  },
  { weight: 1, arbitrary: snapshot },
  {
    weight: 1,
    arbitrary: fc.oneof<fc.Arbitrary<TwinRow[]>[]>(
      fc.constantFrom<Side | 0>(1, -1, 0).map((of) => [row(EventKind.DepthClear, of, 0, 0)]),
      fc.constantFrom(0, 1, 1).map((isOpen) => [row(EventKind.Status, 0, 0, isOpen)]),
      fc.constant([row(EventKind.Bbo, 1, 100, 5)]),
      // A gap is soon healed, or nothing would be taken on any more.
      snapshot.map((healing) => [row(EventKind.Gap, 0, 0, 0), ...healing]),
    ),
  },
)

const terms: fc.Arbitrary<Terms> = fc.record({
  side,
  type: fc.constantFrom('limit' as const, 'limit' as const, 'limit' as const, 'market' as const),
  timeInForce: fc.constantFrom('GTC', 'GTC', 'GTC', 'GTX', 'GTX', 'IOC', 'FOK'),
  priceTicks: fc.oneof(fc.constantFrom(99, 101), fc.integer({ min: 96, max: 104 })),
  sizeLots: fc.integer({ min: 1, max: 9 }),
  owner: fc.nat(2),
})
const request: fc.Arbitrary<Request> = fc.oneof(
  { weight: 6, arbitrary: terms.map((of): Request => ({ kind: 'submit', terms: of })) },
  { weight: 1, arbitrary: fc.nat(8).map((back): Request => ({ kind: 'cancel', back })) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('amend' as const),
      back: fc.nat(6),
      priceTicks: fc.option(fc.integer({ min: 96, max: 104 }), { nil: undefined, freq: 1 }),
      sizeLots: fc.integer({ min: 1, max: 9 }),
    }),
  },
)

/** A session of up to `maxLength` steps. */
export function session(maxLength: number): fc.Arbitrary<Step[]> {
  return fc.array(
    fc.record({
      rows: fc.array(rows, { maxLength: 5 }).map((each) => each.flat()),
      requests: fc.array(request, { maxLength: 3 }),
    }),
    { maxLength, size: 'max' },
  )
}

/** The rows of a session as a tape: those of step i at time 10 i. */
export function sessionTape(steps: readonly Step[]): EventColumns {
  const writer = new EventWriter(0n, 16)
  steps.forEach(({ rows }, i) => {
    for (const { kind, side, tick, lots, isLocalOnly } of rows) {
      const code = eventCode(kind, side, isLocalOnly ? LOCAL_ONLY_BIT : 0)
      writer.push(i * 10, i * 10, code, tick, lots)
    }
  })
  return writer.finish()
}

/** Windows of `size` rows over a tape in memory whose rows stand in the order of venue time. */
export function cutWindows(events: EventColumns, size: number): EventWindows {
  let from = 0
  return {
    get isLast() {
      return from >= events.length
    },
    next() {
      if (from >= events.length) return undefined
      const to = Math.min(events.length, from + size)
      const window = {
        ...events,
        length: to - from,
        localTime: events.localTime.subarray(from, to),
        exchTime: events.exchTime.subarray(from, to),
        code: events.code.subarray(from, to),
        tick: events.tick.subarray(from, to),
        lots: events.lots.subarray(from, to),
        orderRef: events.orderRef.subarray(from, to),
        seq: events.seq.subarray(from, to),
      }
      from = to
      return window
    },
    close() {},
  }
}

/** The part of an exchange that takes requests. */
export type RequestTaker = Pick<ExchangeModel, 'submit' | 'cancel' | 'amend'>

/** Sends the requests of a session; each order sent has the next index. */
export class RequestSender {
  /** Orders as sent; an order that was amended has the terms last asked for. */
  readonly sent: ExchangeOrder[] = []

  send(request: Request, time: number, to: readonly RequestTaker[]): void {
    if (request.kind === 'submit') {
      const order = { ...request.terms, index: this.sent.length }
      this.sent.push(order)
      for (const each of to) each.submit(order, time)
      return
    }
    const index = this.sent.length - 1 - request.back
    const order = this.sent[index]
    if (request.kind === 'cancel') {
      for (const each of to) each.cancel(index, time)
    } else if (order !== undefined) {
      const { priceTicks = order.priceTicks, sizeLots } = request
      const amended = { ...order, priceTicks, sizeLots }
      this.sent[index] = amended
      for (const each of to) each.amend(amended, time)
    }
  }
}
