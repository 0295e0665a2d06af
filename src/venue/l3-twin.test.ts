/** The L3 exchange against lists of lists, report by report, and what must hold of any market. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ListExchange } from '../../test/list-exchange.ts'
import {
  ReportLines,
  drive,
  l3Reports,
  ownOrder,
  type OrderRequest,
} from '../../test/order-tape.ts'
import { randomOrders, type Move } from '../../test/random-orders.ts'
import { EventKind, KIND_MASK, memoryTape, type EventColumns } from '../market/index.ts'
import type { ExchangeFill, ExchangeOrder, OwnResting } from './exchange.ts'
import { L3Exchange } from './l3-exchange.ts'

const side = fc.constantFrom(1 as const, -1 as const)
const move: fc.Arbitrary<Move> = fc.record({
  what: fc.oneof(
    { weight: 20, arbitrary: fc.constant('add' as const) },
    { weight: 10, arbitrary: fc.constantFrom('cancel' as const, 'modify' as const) },
    { weight: 6, arbitrary: fc.constantFrom('sweep' as const, 'sweep and rest' as const) },
    {
      weight: 3,
      arbitrary: fc.constantFrom('noise' as const, 'noise' as const, 'snapshot' as const),
    },
    { weight: 1, arbitrary: fc.constant('clear' as const) },
  ),
  side,
  a: fc.nat(60),
  b: fc.nat(60),
})

interface Draw {
  readonly at: number
  readonly kind: 'submit' | 'amend' | 'cancel'
  readonly which: number
  readonly side: 1 | -1
  readonly distance: number
  readonly lots: number
  readonly type: 'limit' | 'market'
  readonly timeInForce: 'GTC' | 'GTX' | 'IOC' | 'FOK'
}

const draw: fc.Arbitrary<Draw> = fc.record({
  at: fc.nat(400),
  kind: fc.constantFrom('submit' as const, 'submit' as const, 'amend' as const, 'cancel' as const),
  which: fc.nat(20),
  side,
  distance: fc.integer({ min: -2, max: 3 }),
  lots: fc.integer({ min: 1, max: 12 }),
  type: fc.constantFrom('limit' as const, 'limit' as const, 'limit' as const, 'market' as const),
  timeInForce: fc.constantFrom(
    'GTC' as const,
    'GTC' as const,
    'GTX' as const,
    'IOC' as const,
    'FOK' as const,
  ),
})

/** Requests in order of time; amendments and cancels name an order that was sent before. */
function requestsOf(draws: readonly Draw[]): { requests: OrderRequest[]; orders: ExchangeOrder[] } {
  const orders: ExchangeOrder[] = []
  const requests: OrderRequest[] = []
  for (const drawn of draws.toSorted((a, b) => a.at - b.at)) {
    const time = drawn.at
    const { lots, type, timeInForce } = drawn
    const index = drawn.which % Math.max(1, orders.length)
    const sent = orders[index]
    if (drawn.kind === 'submit' || sent === undefined) {
      const price = 100 - drawn.side * drawn.distance
      const terms = { type, timeInForce, owner: drawn.which % 2 }
      const order = ownOrder(orders.length, drawn.side, price, lots, terms)
      orders.push(order)
      requests.push({ time, kind: 'submit', order })
    } else if (drawn.kind === 'cancel') {
      requests.push({ time, kind: 'cancel', index })
    } else {
      const priceTicks = drawn.which % 2 === 0 ? sent.priceTicks : 100 - sent.side * drawn.distance
      const order = { ...sent, priceTicks, sizeLots: lots }
      requests.push({ time, kind: 'amend', order })
    }
  }
  return { requests, orders }
}

const market = fc.record({
  moves: fc.array(move, { maxLength: 40, size: 'max' }),
  draws: fc.array(draw, { maxLength: 16, size: 'max' }),
  tellsFills: fc.boolean(),
})

it('says what lists of lists say, report by report', () => {
  fc.assert(
    fc.property(market, ({ moves, draws, tellsFills }) => {
      const events = randomOrders(moves, tellsFills)
      const { requests } = requestsOf(draws)
      const ours = new ReportLines()
      const twins = new ReportLines()
      const exchange = new L3Exchange(memoryTape(events).exchange(), ours)
      const twin = new ListExchange(events, twins)
      for (const request of requests) {
        drive(withoutEnd(exchange), [request])
        drive(withoutEnd(twin), [request])
        expect(placesAt(exchange)).toEqual(placesAt(twin))
      }
      drive(exchange, [])
      drive(twin, [])
      expect(ours.lines).toEqual(twins.lines)
      expect(placesAt(exchange)).toEqual(placesAt(twin))
    }),
    { numRuns: 600, seed: 81 },
  )
})

/** Fills and ends of a run, to be counted. */
class Ledger extends ReportLines {
  readonly fills: { readonly index: number; readonly time: number; readonly fill: ExchangeFill }[] =
    []

  override filled(index: number, time: number, fill: ExchangeFill): void {
    super.filled(index, time, fill)
    this.fills.push({ index, time, fill })
  }
}

/** Lots that came to the market in a moment: of aggressors, and of orders that appeared. */
function lotsArriving(events: EventColumns, time: number): number {
  let lots = 0
  for (let i = 0; i < events.length; i++) {
    const kind = events.code[i]! & KIND_MASK
    const arrives =
      kind === EventKind.Trade || kind === EventKind.OrderAdd || kind === EventKind.OrderModify
    if (events.exchTime[i] === time && arrives) lots += events.lots[i]!
  }
  return lots
}

it('fills no order beyond its limit or its size, and all of ours by no more than what came', () => {
  fc.assert(
    fc.property(market, ({ moves, draws, tellsFills }) => {
      const events = randomOrders(moves, tellsFills)
      const { requests, orders } = requestsOf(draws)
      const ledger = new Ledger()
      const exchange = new L3Exchange(memoryTape(events).exchange(), ledger)
      drive(exchange, requests)
      const moments = new Map<number, number>()
      const own = new Set(requests.map(({ time }) => time))
      for (const { index, time, fill } of ledger.fills) {
        const terms = requests.flatMap((request) =>
          request.kind !== 'cancel' && request.order.index === index && request.time <= time
            ? [request.order]
            : [],
        )
        const isWithin = terms.some(
          ({ type, side: of, priceTicks }) =>
            type === 'market' || of * (priceTicks - fill.priceTicks) >= 0,
        )
        expect(isWithin).toBe(true)
        if (fill.isMaker && !own.has(time)) {
          moments.set(time, (moments.get(time) ?? 0) + fill.sizeLots)
        }
      }
      for (const [time, lots] of moments)
        expect(lots).toBeLessThanOrEqual(lotsArriving(events, time))
      const resting = new Map<number, number>()
      exchange.eachResting(({ index, openLots }) => resting.set(index, openLots))
      for (const { index } of orders) {
        const filled = ledger.fills
          .filter((each) => each.index === index)
          .reduce((sum, { fill }) => sum + fill.sizeLots, 0)
        const sizes = [orders[index]!.sizeLots, ...sizesAsked(requests, index)]
        expect(filled + (resting.get(index) ?? 0)).toBeLessThanOrEqual(Math.max(...sizes))
        const ends = ledger.lines.filter((line) =>
          new RegExp(` (cancelled|expired|rejected) ${index}\\b`).test(line),
        )
        // An order is open, or wholly filled, or it has ended once.
        if (resting.has(index)) expect(ends).toEqual([])
        else if (ends.length === 0) expect(sizes).toContain(filled)
        else expect(ends.length).toBe(1)
      }
    }),
    { numRuns: 200, seed: 6 },
  )
})

function sizesAsked(requests: readonly OrderRequest[], index: number): number[] {
  return requests.flatMap((request) =>
    request.kind === 'amend' && request.order.index === index ? [request.order.sizeLots] : [],
  )
}

it('says the same however often it is brought forward', () => {
  fc.assert(
    fc.property(market, ({ moves, draws, tellsFills }) => {
      const events = randomOrders(moves, tellsFills)
      const { requests } = requestsOf(draws)
      const often = new ReportLines()
      const exchange = new L3Exchange(memoryTape(events).exchange(), often)
      let at = 0
      for (const request of requests) {
        for (; at < request.time; at += 7) while (exchange.advance(at));
        drive(withoutEnd(exchange), [request])
      }
      drive(exchange, [])
      expect(often.lines).toEqual(l3Reports(events, requests))
    }),
    { numRuns: 200, seed: 7 },
  )
})

it('says the same whether its kernel passes rows or each is looked at', () => {
  fc.assert(
    fc.property(market, ({ moves, draws, tellsFills }) => {
      const events = randomOrders(moves, tellsFills)
      const { requests } = requestsOf(draws)
      const one = new ReportLines()
      const exchange = new L3Exchange(memoryTape(events).exchange(), one)
      // With a watch no row passes unseen; prices never come to this one.
      exchange.watch.isSet = true
      drive(exchange, requests)
      const many = new ReportLines()
      const passing = new L3Exchange(memoryTape(events).exchange(), many)
      drive(passing, requests)
      expect(many.lines).toEqual(one.lines)
      expect(placesAt(passing)).toEqual(placesAt(exchange))
    }),
    { numRuns: 300, seed: 8 },
  )
})

/** Every order of ours at rest, and what stands before it. */
function placesAt(exchange: Pick<L3Exchange, 'eachResting'>): OwnResting[] {
  const places: OwnResting[] = []
  exchange.eachResting((resting) => places.push(resting))
  return places
}

type Driven = Parameters<typeof drive>[0]

/** An exchange that is not brought to the end of its tape. */
function withoutEnd(exchange: Driven): Driven {
  return {
    advance: (until) => Number.isFinite(until) && exchange.advance(until),
    submit: (order, time) => exchange.submit(order, time),
    amend: (order, time) => exchange.amend(order, time),
    cancel: (index, time) => exchange.cancel(index, time),
  }
}
