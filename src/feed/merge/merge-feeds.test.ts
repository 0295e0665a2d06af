import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CutBlocks } from '../../../test/cut-blocks.ts'
import { Tape, unitInstrument } from '../../../test/tape.ts'
import { OrderBook } from '../../book/index.ts'
import { EventWriter, blockTape, memoryTape, type EventColumns } from '../../market/index.ts'
import type { RowSource } from '../feed-windows.ts'
import { LobFeed } from '../lob-feed.ts'
import { simulateMarket } from '../simulated-market/simulated-market.ts'
import { mergeFeeds, mergeRows, type MergeBatch } from './merge-feeds.ts'

const DAY = 86_400_000_000_000

/** Columns of rows at these local times; `seq` counts the rows from 0. */
function columns(times: readonly number[], epochNs = 0n): EventColumns {
  const writer = new EventWriter(epochNs, Math.max(1, times.length))
  for (const [row, time] of times.entries()) writer.push(time, time, 1, 0, 1, -1, row)
  return writer.finish()
}
const feedOf = (times: readonly number[], epochNs = 0n): LobFeed =>
  LobFeed.fromEvents(unitInstrument, columns(times, epochNs))

/** [time, source, number of the row] of every row, and how many runs there were. */
function flat(batches: Iterable<MergeBatch>, shiftNs: Float64Array): readonly number[][] {
  const rows: number[][] = []
  for (const { length, source, fromRow, toRow, windows } of batches) {
    expect(length).toBeGreaterThan(0)
    for (let run = 0; run < length; run++) {
      const from = source[run]!
      expect(toRow[run]!).toBeGreaterThan(fromRow[run]!)
      const { localTime, seq } = windows[from]!
      for (let row = fromRow[run]!; row < toRow[run]!; row++)
        rows.push([localTime[row]! + shiftNs[from]!, from, seq[row]!])
    }
  }
  return rows
}

/** The rule in one line: by time, then source, then row. */
const naive = (sources: readonly (readonly number[])[], shifts: readonly number[]): number[][] =>
  sources
    .flatMap((times, source) => times.map((time, row) => [time + shifts[source]!, source, row]))
    .toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!)

const anyTimes = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 })), { maxLength: 60, size: 'max' })
  .map((steps) => {
    let time = 0
    return steps.map((step) => (time += step))
  })

describe('merged feeds', () => {
  it('stand by time; at one time the feed that was given first comes first, with all its rows', () => {
    const merged = mergeFeeds([feedOf([1, 5, 5, 9]), feedOf([0, 5, 5, 6])])
    expect(flat(merged.batches(), merged.shiftNs)).toEqual([
      [0, 1, 0],
      [1, 0, 0],
      [5, 0, 1],
      [5, 0, 2],
      [5, 1, 1],
      [5, 1, 2],
      [6, 1, 3],
      [9, 0, 3],
    ])
  })

  it('of one feed are one run', () => {
    const batches = [...mergeFeeds([feedOf([1, 2, 3])]).batches()]
    expect(batches.map(({ length, toRow }) => [length, toRow[0]])).toEqual([[1, 3]])
  })

  it('may have epochs of their own', () => {
    const later = feedOf([0, 10], BigInt(DAY))
    const merged = mergeFeeds([later, feedOf([5, DAY, DAY + 10])])
    expect([merged.epochNs, ...merged.shiftNs]).toEqual([0n, DAY, 0])
    expect(flat(merged.batches(), merged.shiftNs)).toEqual([
      [5, 1, 0],
      [DAY, 0, 0],
      [DAY, 1, 1],
      [DAY + 10, 0, 1],
      [DAY + 10, 1, 2],
    ])
  })

  it('equal a plain sort, whatever the windows, the epochs and the size of a batch', () => {
    const source = fc.record({
      times: anyTimes,
      days: fc.constantFrom(0, 0, 1, 3),
      cuts: fc.array(fc.nat(60), { maxLength: 9 }),
    })
    fc.assert(
      fc.property(
        fc.array(source, { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 1, max: 5 }),
        (given, batchRuns) => {
          const sources = given.map(({ times, days, cuts }): RowSource => {
            const events = columns(times, BigInt(days * DAY))
            const tape = blockTape(new CutBlocks(events, cuts))
            return {
              epochNs: tape.epochNs,
              toTime: Number.POSITIVE_INFINITY,
              windows: () => tape.local(),
            }
          })
          const first = Math.min(...given.map(({ days }) => days))
          const shifts = given.map(({ days }) => (days - first) * DAY)
          const rows = flat(mergeRows(sources, { batchRuns }), Float64Array.from(shifts))
          expect(rows).toEqual(
            naive(
              given.map(({ times }) => times),
              shifts,
            ),
          )
        },
      ),
    )
  })

  it('hold rows up to the end of each window and no more', () => {
    const cut = LobFeed.fromEvents(unitInstrument, columns([1, 2, 3, 4]), { to: 2n })
    const merged = mergeFeeds([cut, feedOf([3])])
    expect(flat(merged.batches(), merged.shiftNs).map(([time]) => time)).toEqual([1, 2, 3])
  })

  it('build the same books as each feed alone', () => {
    const sessions = [1, 2, 3].map((seed) => simulateMarket({ seed, durationNs: 20e9 }))
    const feeds = sessions.map(({ instrument, events }) => LobFeed.fromEvents(instrument, events))
    const books = feeds.map(({ instrument }) => new OrderBook(instrument))
    let last = -1
    const merged = mergeFeeds(feeds)
    for (const { length, source, fromRow, toRow, windows } of merged.batches()) {
      for (let run = 0; run < length; run++) {
        const events = windows[source[run]!]!
        expect(events.localTime[fromRow[run]!]!).toBeGreaterThanOrEqual(last)
        last = events.localTime[toRow[run]! - 1]!
        books[source[run]!]!.apply(events, fromRow[run]!, toRow[run]!)
      }
    }
    for (const [i, { instrument, events }] of sessions.entries()) {
      const alone = new OrderBook(instrument)
      alone.apply(events, 0, events.length)
      expect(books[i]!.getDepth(50)).toEqual(alone.getDepth(50))
    }
  })

  it('let go of their windows when the reader stops early', () => {
    let open = 0
    const events = new Tape().bid(1, 1, 1).bid(2, 1, 2).events()
    const source: RowSource = {
      epochNs: 0n,
      toTime: Number.POSITIVE_INFINITY,
      windows: () => {
        open++
        const inner = memoryTape(events).local()
        return { next: () => inner.next(), close: () => void open-- }
      },
    }
    for (const batch of mergeRows([source, source], { batchRuns: 1 })) {
      expect([batch.length, open]).toEqual([1, 2])
      break
    }
    expect(open).toBe(0)
  })

  it('refuse no feed at all, and spans that a double cannot hold', () => {
    expect(() => mergeFeeds([])).toThrow(/BAD_ARGUMENT.*no feed to merge/)
    const far = mergeFeeds([feedOf([0]), feedOf([0], BigInt(DAY) * 105n)])
    expect(() => [...far.batches()]).toThrow(/OUT_OF_RANGE.*104 days behind 1970-01-01/)
    expect(() => [...mergeFeeds([feedOf([0])], { batchRuns: 0 }).batches()]).toThrow(/batchRuns/)
  })
})
