import { afterEach, expect, it, vi } from 'vitest'
import { EventKind, EventWriter, eventCode, type EventColumns } from '../market/index.ts'
import { OrderBookState } from './order-book-state.ts'
import { OrderMemory } from './order-memory.ts'
import { QueuePlaces } from './queue-places.ts'

afterEach(() => vi.restoreAllMocks())

const HOMES = [{ home: 'linear memory' }, { home: 'arrays' }] as const

function placesIn(home: string): { state: OrderBookState; places: QueuePlaces } {
  if (home === 'arrays') vi.spyOn(OrderMemory, 'make').mockReturnValue(undefined)
  const state = new OrderBookState({ rowsAreFinal: true })
  return { state, places: new QueuePlaces(state) }
}

type Row = readonly [kind: EventKind, side: 1 | -1, tick: number, lots: number, ref: number]

function rowsOf(rows: readonly Row[]): EventColumns {
  const writer = new EventWriter(0n, rows.length)
  for (const [i, [kind, side, tick, lots, ref]] of rows.entries()) {
    writer.push(i, i, eventCode(kind, side), tick, lots, ref)
  }
  return writer.finish()
}

it.each(HOMES)('move up by what real orders before them lose, in $home', ({ home }) => {
  const { state, places } = placesIn(home)
  const { queues } = state
  expect(places.canPass).toBe(home === 'linear memory')
  queues.add(0, 0, 100, 5)
  places.join(0, 0, 100, 5)
  queues.add(1, 0, 100, 7)
  places.realArrives(1)
  places.join(1, 0, 100, 12)
  places.join(2, 0, 99, 0)
  places.moveUp(0, 100, places.realArrivalOf(1), 3)
  expect([0, 1, 2].map((row) => places.aheadOf(row))).toEqual([5, 9, 0])
  places.moveUp(0, 100, places.realArrivalOf(0), 2)
  expect([0, 1].map((row) => places.aheadOf(row))).toEqual([3, 7])
  places.leave(0, 0, 100)
  places.moveUp(0, 100, places.realArrivalOf(0), 1)
  expect([0, 1].map((row) => places.aheadOf(row))).toEqual([3, 6])
})

it.each(HOMES)(
  'stand where they stood after many have joined, and levels come, in $home',
  ({ home }) => {
    const { state, places } = placesIn(home)
    for (let row = 0; row < 3000; row++) places.join(row, 1, 1000 + row, row)
    for (let ref = 0; ref < 3000; ref++) state.queues.add(ref, 0, -ref, 1)
    state.queues.clear()
    places.moveUp(1, 2500, 0, 400)
    expect(places.aheadOf(1500)).toBe(1100)
    expect(places.aheadOf(2999)).toBe(2999)
    expect(places.arrivalOf(2999)).toBe(3000)
  },
)

it('are moved by rows that pass, up to one that may meet an order of ours', () => {
  const { state, places } = placesIn('linear memory')
  const { Trade, OrderAdd, OrderCancel, OrderModify, OrderFill, OrderExecute } = EventKind
  const { queues } = state
  for (const [ref, tick] of [20100, 20100, 20099, 20100, 20101].entries())
    queues.add(ref, 0, tick, 10)
  for (const ref of [10, 11]) queues.add(ref, 1, 20105, 10)
  places.join(0, 0, 20100, 30)
  places.join(1, 1, 20105, 20)
  const events = rowsOf([
    [OrderAdd, 1, 20100, 4, 5], // behind us
    [OrderCancel, 1, 20100, 3, 0],
    [OrderModify, 1, 20100, 2, 1],
    [OrderModify, 1, 20099, 2, 3], // leaves from before us
    [OrderCancel, 1, 20100, 4, 5],
    [OrderExecute, 1, 20101, 10, 4],
    [Trade, 1, 20104, 1, -1],
    [OrderModify, 1, 20100, 9, 1], // grows: goes behind us
    [OrderModify, -1, 20105, 4, 11],
    [OrderFill, 1, 20101, 1, 99],
    [Trade, -1, 20100, 1, -1],
  ])
  const pass = (from: number, until: number): number =>
    places.pass({ events, from, to: events.length, until, bidMax: 20100, askMin: 20105 })
  expect(pass(0, 1)).toBe(2)
  expect(places.aheadOf(0)).toBe(27)
  expect(pass(2, Number.POSITIVE_INFINITY)).toBe(10)
  expect([places.aheadOf(0), places.aheadOf(1)]).toEqual([7, 14])
  expect(places.realArrivalOf(1)).toBeGreaterThan(places.arrivalOf(0))
  expect(places.realArrivalOf(0)).toBe(0)
  expect(state.ladder.bidLotsAt(20100)).toBe(16)
})

it('let no row of a marked order pass', () => {
  const { state, places } = placesIn('linear memory')
  state.queues.add(0, 0, 90, 10)
  state.queues.add(1, 0, 90, 10)
  places.mark(1, true)
  expect(places.realArrivalOf(1)).toBe(0)
  const events = rowsOf([
    [EventKind.OrderCancel, 1, 90, 3, 0],
    [EventKind.OrderCancel, 1, 90, 3, 1],
  ])
  const rows = { events, from: 0, to: 2, until: 9, bidMax: 50, askMin: 200 }
  expect(places.pass(rows)).toBe(1)
  places.mark(1, false)
  expect(places.pass({ ...rows, from: 1 })).toBe(2)
})
