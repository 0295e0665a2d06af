import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CutBlocks, anyCuts } from '../../test/cut-blocks.ts'
import { Prng } from '../core/index.ts'
import { blockTape } from './block-tape.ts'
import { memoryTape, type EventWindows } from './event-tape.ts'
import { EventKind, EventWriter, eventCode, type EventColumns } from './events.ts'

/** Rows numbered by `seq`, with messages of one local time and venue times that go back. */
function disordered(rows: number, seed: number, backMax: number): EventColumns {
  const prng = new Prng(seed)
  const writer = new EventWriter(0n, rows)
  let time = 0
  for (let row = 0; row < rows; row++) {
    if (prng.nextInt(3) === 0) time += prng.nextInt(5)
    const exch = time - (prng.nextInt(4) === 0 ? prng.nextInt(backMax + 1) : 0)
    writer.push(time, exch, eventCode(EventKind.DepthSet, 1), row, 1, -1, row)
  }
  return writer.finish()
}

const anyTape = fc
  .record({
    rows: fc.integer({ min: 1, max: 120 }),
    seed: fc.nat(),
    backMax: fc.constantFrom(0, 3, 20, 400),
  })
  .chain(({ rows, seed, backMax }) =>
    fc.record({
      events: fc.constant(disordered(rows, seed, backMax)),
      cuts: anyCuts(rows),
    }),
  )

/** The `seq` of every position of every window, window by window. */
function positions(windows: EventWindows): number[][] {
  const found: number[][] = []
  for (let events = windows.next(); events !== undefined; events = windows.next()) {
    const { exchOrder, seq } = events
    found.push(
      Array.from(
        { length: events.length },
        (_, i) => seq[exchOrder === undefined ? i : exchOrder[i]!]!,
      ),
    )
  }
  return found
}

describe('a tape of blocks', () => {
  it('gives every row once in local order and never parts rows of one local time', () => {
    fc.assert(
      fc.property(anyTape, ({ events, cuts }) => {
        const blocks = new CutBlocks(events, cuts)
        const windows = blockTape(blocks).local()
        const seen: number[] = []
        let last = Number.NEGATIVE_INFINITY
        while (!windows.isLast) {
          const window = windows.next()!
          expect(window.exchOrder).toBeUndefined()
          expect(window.localTime[0]).toBeGreaterThan(last)
          last = window.localTime[window.length - 1]!
          seen.push(...window.seq.subarray(0, window.length))
        }
        expect(windows.next()).toBeUndefined()
        expect(seen).toEqual([...events.seq])
        expect(blocks.taken).toBe(0)
      }),
      { numRuns: 400 },
    )
  })

  it('gives every row once in the stable order of venue time, wherever it was cut', () => {
    fc.assert(
      fc.property(anyTape, ({ events, cuts }) => {
        const blocks = new CutBlocks(events, cuts)
        const windows = blockTape(blocks).exchange()
        const seen = positions(windows)
        expect(windows.isLast).toBe(true)
        expect(seen.every((window) => window.length > 0)).toBe(true)
        expect(seen.flat()).toEqual(positions(memoryTape(events).exchange()).flat())
        expect(blocks.taken).toBe(0)
      }),
      { numRuns: 400 },
    )
  })

  it('holds one block at a time for each reader, and none once closed', () => {
    const blocks = new CutBlocks(disordered(500, 1, 20), [100, 200, 300, 400])
    const tape = blockTape(blocks)
    const readers = [tape.local(), tape.exchange()]
    for (let i = 0; i < 3; i++) for (const reader of readers) reader.next()
    for (const reader of readers) reader.close()
    expect(readers.map((reader) => reader.next())).toEqual([undefined, undefined])
    expect([blocks.takenMax, blocks.taken]).toEqual([2, 0])
  })

  it('tells its length and its first and last time', () => {
    const events = disordered(50, 2, 3)
    const figures = (tape: { length: number; firstTime: number; lastTime: number }): number[] => [
      tape.length,
      tape.firstTime,
      tape.lastTime,
    ]
    expect(figures(blockTape(new CutBlocks(events, [7, 20])))).toEqual(figures(memoryTape(events)))
    const none = new EventWriter(0n).finish()
    expect(figures(blockTape(new CutBlocks(none, [])))).toEqual(figures(memoryTape(none)))
  })

  it('refuses more rows at a border than the budget holds, and says which', () => {
    const writer = new EventWriter(0n)
    for (let row = 0; row < 100; row++) writer.push(1_000_000_000, 100 - row, 2, row, 1)
    const tape = blockTape(new CutBlocks(writer.finish(), [50], 60))
    expect(() => positions(tape.local())).toThrow(
      /^OUT_OF_RANGE: more than 60 events reached us together at 1970-01-01T00:00:01.000000000Z, /,
    )
    expect(() => positions(blockTape(new CutBlocks(writer.rows, [50], 40)).exchange())).toThrow(
      /^OUT_OF_RANGE: 50 events of venue time 1970-01-01T00:00:00.000000051Z and later wait for /,
    )
  })
})
