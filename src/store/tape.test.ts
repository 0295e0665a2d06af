import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DAY,
  MIDNIGHT,
  anyEvents,
  instrument,
  plainRows,
  sameEvents,
  session,
  temporaryFolder,
} from '../../test/store-fixture.ts'
import {
  EventKind,
  EventWriter,
  concatEvents,
  eventCode,
  exchangeOrder,
  sliceEvents,
  type EventColumns,
} from '../market/index.ts'
import { eventsDigest } from './events-digest.ts'
import { openStore } from './store.ts'
import { beginImport } from './store-transaction.ts'

const path = temporaryFolder()

/** Writes appends of one kind as one import and reads the partitions back. */
function throughStore(appends: readonly EventColumns[], kind = 'l2'): readonly EventColumns[] {
  const dir = path()
  const transaction = beginImport(dir, { instrument })
  for (const rows of appends) transaction.append(kind, rows)
  const written = transaction.commit()
  const store = openStore(dir)
  expect(store.partitions()).toEqual(written)
  return store.partitions().map((info) => {
    const events = store.load(info)
    expect(events.length).toBe(info.events)
    expect(eventsDigest(events)).toBe(info.digest)
    return events
  })
}

describe('a partition', () => {
  it('gives back every column as it was, whatever the rows', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const [loaded] = throughStore([events])
        expect(sameEvents(loaded!, events)).toBe(true)
        expect(loaded!.exchOrder).toEqual(exchangeOrder(events.exchTime, events.length))
      }),
      { numRuns: 80 },
    )
  })

  it('is the same however the rows were cut into appends', () => {
    const events = session(150_000, 3)
    const cuts = [0, 1, 65_535, 65_536, 65_537, 131_072, 150_000]
    const pieces = cuts.slice(1).map((to, i) => sliceEvents(events, cuts[i]!, to))
    const [whole] = throughStore([events])
    const [pieced] = throughStore(pieces)
    expect(sameEvents(whole!, events)).toBe(true)
    expect(sameEvents(pieced!, events)).toBe(true)
  })

  it('lies in shared memory, so that workers read it without a copy', () => {
    const [loaded] = throughStore([session(10, 1)])
    expect(loaded!.localTime.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(loaded!.code.buffer).toBe(loaded!.localTime.buffer)
  })

  it('keeps the extremes of each column', () => {
    const writer = new EventWriter(MIDNIGHT)
    const most = Number.MAX_SAFE_INTEGER
    writer.push(0, -most, eventCode(EventKind.Trade, 1), 2 ** 31 - 1, most, 2 ** 31 - 1, most)
    writer.push(DAY - 1, most, eventCode(EventKind.Trade, -1), -(2 ** 31), 0, -1, -most)
    writer.push(DAY - 1, 0, eventCode(EventKind.Funding, 0), 0, -most, 0, 0)
    const events = writer.finish()
    const [loaded] = throughStore([events])
    expect(plainRows(loaded!)).toEqual(plainRows(events))
  })

  it('keeps venue times whose lag no double holds', () => {
    const writer = new EventWriter(MIDNIGHT)
    for (let time = 10; time < 500; time += 1 + (time % 3)) {
      writer.push(time, time - 1 - 2 ** 53, eventCode(EventKind.Trade, 1), 1, 1)
    }
    const events = writer.finish()
    const [loaded] = throughStore([events])
    expect(loaded!.exchTime).toEqual(events.exchTime)
  })

  it('reads a negative zero as zero', () => {
    const writer = new EventWriter(MIDNIGHT)
    writer.push(-0, -0, eventCode(EventKind.DepthSet, 1), 5, -0, -1, -0)
    const [loaded] = throughStore([writer.finish()])
    expect(Object.is(loaded!.lots[0], 0)).toBe(true)
    expect(Object.is(loaded!.localTime[0], 0)).toBe(true)
    expect(Object.is(loaded!.seq[0], 0)).toBe(true)
  })

  it('keeps venue times that lag by a constant, and those that do not, exactly', () => {
    const lagged = session(1000, 5)
    const constant = { ...lagged, exchTime: lagged.localTime.map((time) => time - 1_270_000_000) }
    const [loaded] = throughStore([constant])
    expect(loaded!.exchTime).toEqual(constant.exchTime)
    expect(loaded!.exchTime[0]).toBeLessThan(0)
  })
})

describe('an import that passes midnight', () => {
  it('is split by UTC day of local time, each on its own epoch', () => {
    const events = session(3000, 9, DAY - 1_000_000_000)
    const parts = throughStore([events])
    expect(parts.map((part) => part.epochNs)).toEqual([MIDNIGHT, MIDNIGHT + BigInt(DAY)])
    expect(parts.flatMap(plainRows)).toEqual(plainRows(events))
  })

  it('puts the last nanosecond of a day into that day and midnight into the next', () => {
    const writer = new EventWriter(MIDNIGHT - 7n)
    for (const time of [6, 7, DAY + 6, DAY + 7]) {
      writer.push(time, time, eventCode(EventKind.Trade, 1), 1, 1)
    }
    const parts = throughStore([writer.finish()])
    expect(parts.map((part) => [...part.localTime])).toEqual([[DAY - 1], [0, DAY - 1], [0]])
  })

  it('joins again into what it was', () => {
    const events = session(5000, 11, DAY - 2_000_000_000)
    const dir = path()
    const transaction = beginImport(dir, { instrument })
    transaction.append('l2', events)
    transaction.commit()
    const store = openStore(dir)
    const parts = store.partitions().map((info) => store.load(info))
    const joined = store.loadJoined(store.partitions())
    expect(sameEvents(joined, events)).toBe(true)
    expect(sameEvents(joined, concatEvents(parts))).toBe(true)
    expect(joined.exchOrder).toEqual(concatEvents(parts).exchOrder)
  })

  it('marks the day whose book needs the day before, and not one that opens with a snapshot', () => {
    const depth = eventCode(EventKind.DepthSet, 1)
    const write = (second: number): readonly boolean[] => {
      const dir = path()
      const writer = new EventWriter(MIDNIGHT)
      writer.push(DAY - 1, 0, depth, 1, 1)
      writer.push(DAY, DAY, eventCode(EventKind.Trade, 1), 1, 1)
      writer.push(DAY, DAY, second, 1, 1)
      writer.push(DAY, DAY, depth, 1, 1)
      const transaction = beginImport(dir, { instrument })
      transaction.append('l2', writer.finish())
      return transaction.commit().map((info) => info.isContinued)
    }
    expect(write(depth)).toEqual([false, true])
    expect(write(eventCode(EventKind.SnapshotBegin, 0))).toEqual([false, false])
  })
})
