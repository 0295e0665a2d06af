import { describe, expect, it } from 'vitest'
import { unitInstrument } from '../../test/tape.ts'
import { EventKind, EventWriter, eventCode, type EventColumns, type Side } from '../market/index.ts'
import { LobFeed } from './lob-feed.ts'
import { LocalBook } from './local-book.ts'
import { TickFeed } from './tick-feed.ts'

type Row = readonly [kind: EventKind, side: Side | 0, tick?: number, lots?: number, order?: number]

/** Row i reaches us at time i. */
function rows(...given: readonly Row[]): EventColumns {
  const writer = new EventWriter(0n, given.length)
  for (const [i, [kind, side, tick = 0, lots = 0, order = -1]] of given.entries())
    writer.push(i, i, eventCode(kind, side), tick, lots, order, i + 1)
  return writer.finish()
}
const { OrderAdd, OrderCancel, OrderExecute, Trade, DepthSet, Status } = EventKind
const { SnapshotBegin, SnapshotLevel, SnapshotEnd } = EventKind

function top(events: EventColumns, cuts: readonly number[] = []): (number | string)[] {
  const book = new LocalBook()
  const ends = [...cuts, events.length]
  for (const [i, end] of ends.entries()) book.apply(events, ends[i - 1] ?? 0, end)
  const { ladder, status } = book.state
  return [ladder.bestBidTick, ladder.bestBidLots, ladder.bestAskTick, ladder.bestAskLots, status]
}

describe('the local book of a tape', () => {
  it.each([0, 1, 2, 3])('is one of levels where levels come first (cut at %i)', (cut) => {
    const events = rows([Trade, 1, 7, 1], [DepthSet, 1, 5, 4], [DepthSet, -1, 6, 3])
    expect(top(events, [cut])).toEqual([5, 4, 6, 3, 'live'])
  })

  it.each([0, 1, 2, 3, 4, 5, 6])('is one of orders where orders come first (cut at %i)', (cut) => {
    const events = rows(
      [Trade, 1, 7, 1],
      [SnapshotBegin, 0],
      [OrderAdd, 1, 5, 4, 0],
      [OrderAdd, -1, 6, 3, 1],
      [SnapshotEnd, 0],
      [OrderCancel, 1, 5, 1, 0],
    )
    expect(top(events, [cut])).toEqual([5, 3, 6, 3, 'live'])
  })

  it('keeps a halt that came before its first row', () => {
    const events = rows([Status, 0, 0, 0], [OrderAdd, 1, 5, 4, 0])
    expect(top(events, [1]).at(-1)).toBe('halted')
  })

  it('takes a snapshot of levels', () => {
    const events = rows([SnapshotBegin, 0], [SnapshotLevel, 1, 5, 4], [SnapshotEnd, 0])
    expect(top(events, [1]).slice(0, 2)).toEqual([5, 4])
  })
})

describe('ticks of a market by order', () => {
  const events = rows(
    [OrderAdd, 1, 5, 4, 0],
    [OrderAdd, -1, 8, 3, 1],
    [OrderAdd, 1, 6, 2, 2],
    [Trade, -1, 6, 2],
    [OrderExecute, 1, 6, 2, 2],
    [Trade, -1, 5, 1],
    [OrderExecute, 1, 5, 1, 0],
  )
  const ticks = TickFeed.of(LobFeed.fromEvents(unitInstrument, events))

  it('have the six lines of the touch too', () => {
    const { quotes } = ticks.bars({ by: 'tick' }).bars
    expect([...quotes!.bidPrice]).toEqual([6, 5])
    expect([...quotes!.bidVolume]).toEqual([2, 4])
    expect([...quotes!.askPrice, ...quotes!.askVolume]).toEqual([8, 8, 3, 3])
    expect([...quotes!.spread]).toEqual([2, 3])
    expect([...quotes!.imbalance]).toEqual([-1 / 5, 1 / 7])
  })

  it('have quotes', () => {
    const { time, bidPrice, bidVolume } = ticks.quotes()
    expect([...time]).toEqual([0, 1, 2, 4, 6])
    expect([...bidPrice]).toEqual([5, 5, 6, 5, 5])
    expect([...bidVolume]).toEqual([4, 4, 2, 4, 3])
  })
})
