import { describe, expect, it } from 'vitest'
import { Prng } from '../../core/index.ts'
import {
  EventKind,
  EventWriter,
  Instrument,
  eventCode,
  type EventColumns,
  type Side,
} from '../../market/index.ts'
import type { BookOptions, BookStatus } from '../book-state.ts'
import { OrderBook } from '../order-book.ts'
import { Bell } from './bell.ts'
import type { BookStatusChange } from './book-events.ts'
import { OrderBookManager } from './order-book-manager.ts'

const instrument = new Instrument({
  venue: 'test',
  symbol: 'XYZ',
  kind: 'spot',
  base: 'X',
  quote: 'Z',
  tickSize: '1',
  lotSize: '1',
})
const MIDNIGHT = 1_723_075_200_000_000_000n

const { DepthClear, DepthSet, Gap, SnapshotBegin, SnapshotEnd, SnapshotLevel, Status, Trade } =
  EventKind

/** Messages of one to four rows around one price, with gaps, halts and snapshots among them. */
function randomTape(random: Prng, rows: number): EventColumns {
  const writer = new EventWriter(MIDNIGHT)
  let id = 0
  const push = (kind: EventKind, side: Side | 0, tick = 0, lots = 0): void => {
    writer.push(id * 10 + 5, id * 10, eventCode(kind, side), tick, lots, -1, id)
  }
  const level = (kind: EventKind): void => {
    const side = random.nextInt(2) === 0 ? 1 : -1
    push(kind, side, 20 + random.nextInt(8) - side * 3, random.nextInt(3))
  }
  if (random.nextInt(2) === 0) push(SnapshotBegin, 0)
  while (writer.length < rows) {
    id++
    const dice = random.nextInt(40)
    if (dice === 0) push(Gap, 0)
    else if (dice === 1) push(Status, 0, 0, random.nextInt(2))
    else if (dice === 2) push(DepthClear, ([1, -1, 0] as const)[random.nextInt(3)]!)
    else if (dice === 3) push(Trade, 1, 20, 3)
    else if (dice === 4) {
      push(SnapshotBegin, 0)
      if (random.nextInt(4) === 0) id++
      for (let i = random.nextInt(6); i > 0; i--) level(SnapshotLevel)
      if (random.nextInt(4) > 0) push(SnapshotEnd, 0)
    } else {
      for (let i = random.nextInt(4); i >= 0; i--) level(DepthSet)
    }
  }
  return writer.finish()
}

interface Told {
  readonly to: BookStatus
  readonly timeNs: bigint
}

/** The status behind each row that may move it alone, and behind each message. */
function statusesOneByOne(events: EventColumns, options: BookOptions): Told[] {
  const book = new OrderBook(instrument, options)
  const told: Told[] = []
  let before: BookStatus = 'empty'
  const note = (status: BookStatus, row: number): void => {
    if (status === before) return
    before = status
    told.push({ to: status, timeNs: MIDNIGHT + BigInt(events.localTime[row]!) })
  }
  for (let row = 0; row < events.length; row++) {
    book.apply(events, row, row + 1)
    const kind = events.code[row]! & 15
    const isLast = row + 1 === events.length || events.seq[row + 1] !== events.seq[row]
    const isPhase = [Gap, Status, SnapshotBegin, SnapshotEnd].includes(kind as never)
    if (isLast || isPhase) note(book.status, row)
  }
  return told
}

describe('status changes of a managed book', () => {
  it('are told one by one, in order and with their time, however many rows are applied at once', () => {
    const seen = new Set<BookStatus>()
    for (let seed = 0; seed < 40; seed++) {
      const random = new Prng(seed)
      const events = randomTape(random, 500)
      const books = new OrderBookManager()
      books.add(instrument)
      const told: BookStatusChange[] = []
      books.onStatus((change) => told.push(change))
      for (let from = 0; from < events.length;) {
        let to = Math.min(events.length, from + 1 + random.nextInt(300))
        while (to < events.length && events.seq[to] === events.seq[to - 1]) to++
        books.apply('XYZ', events, from, to)
        from = to
      }
      const wanted = statusesOneByOne(events, {})
      expect(told.map(({ to, timeNs }) => ({ to, timeNs }))).toEqual(wanted)
      expect(told.map(({ from }) => from)).toEqual(
        ['empty', ...wanted.map(({ to }) => to)].slice(0, -1),
      )
      for (const { to } of told) seen.add(to)
    }
    expect([...seen].sort()).toEqual(['crossed', 'empty', 'halted', 'live', 'stale', 'syncing'])
  })

  it('do not change what the book becomes, limits of depth and policies for crossings included', () => {
    const all: BookOptions[] = [{}, { depth: 2 }, { crossing: 'trust-newer', depth: 3 }]
    for (const options of [...all, { crossing: 'mark-stale' } as const]) {
      const events = randomTape(new Prng(7), 4000)
      const watched = new OrderBookManager()
      watched.add(instrument, options)
      watched.onStatus(() => {})
      watched.apply('XYZ', events)
      const alone = new OrderBook(instrument, options)
      alone.apply(events, 0, events.length)
      expect(watched.snapshot('XYZ')).toEqual(alone.snapshot())
      expect(watched.get('XYZ').status).toBe(alone.status)
      expect(watched.get('XYZ').version).toBe(alone.version)
    }
  })

  it('begin, for who listens late, with the status of that moment', () => {
    const books = new OrderBookManager()
    books.add(instrument)
    const at = { symbol: 'XYZ', timestampNs: MIDNIGHT + 7n, volume: 1 }
    books.update({ ...at, kind: 'level', side: 1, price: 10 })
    const told: BookStatusChange[] = []
    const end = books.onStatus((change) => told.push(change))
    books.update({ ...at, kind: 'level', side: -1, price: 10 })
    books.update({ kind: 'gap', symbol: 'XYZ', timestampNs: MIDNIGHT + 8n })
    end()
    books.update({ ...books.snapshot('XYZ'), asks: [] })
    const place = { symbol: 'XYZ', venue: 'test' }
    expect(told).toEqual([
      { ...place, from: 'live', to: 'crossed', timeNs: MIDNIGHT + 7n },
      { ...place, from: 'crossed', to: 'stale', timeNs: MIDNIGHT + 8n },
    ])
    expect(books.get('XYZ').status).toBe('live')
  })
})

describe('Bell', () => {
  it('tells what a listener causes after what it was told of, to all alike', () => {
    const bell = new Bell<number>()
    const heard: string[] = []
    bell.listen((n) => {
      heard.push(`a${n}`)
      if (n < 3) bell.ring(n + 1)
    })
    bell.listen((n) => heard.push(`b${n}`))
    bell.ring(1)
    expect(heard).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3'])
  })

  it('throws the error of a listener once all have heard, and works on', () => {
    const bell = new Bell<number>()
    const heard: number[] = []
    const end = bell.listen(() => {
      throw new Error('deaf')
    })
    bell.listen((n) => heard.push(n))
    expect(() => bell.ring(1)).toThrow('deaf')
    end()
    bell.ring(2)
    expect(heard).toEqual([1, 2])
    expect(bell.hasListeners).toBe(true)
  })
})
