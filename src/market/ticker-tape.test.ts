import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CutBlocks, anyCuts } from '../../test/cut-blocks.ts'
import { Prng } from '../core/index.ts'
import { blockTape } from './block-tape.ts'
import { memoryTape, type EventWindows } from './event-tape.ts'
import {
  EventKind,
  EventWriter,
  LOCAL_ONLY_BIT,
  eventCode,
  exchangeOrder,
  type EventColumns,
} from './events.ts'
import { tickerTape, withTicker } from './ticker-tape.ts'

/** Rows numbered by `seq` from `first` on, with messages of one local time. */
function rowsOf(kind: EventKind, rows: number, seed: number, first: number): EventColumns {
  const prng = new Prng(seed)
  const writer = new EventWriter(0n, rows + 1)
  let time = 0
  for (let row = 0; row < rows; row++) {
    if (prng.nextInt(3) === 0) time += prng.nextInt(5)
    const exch = time - prng.nextInt(4)
    writer.push(time, exch, eventCode(kind, row % 2 === 0 ? 1 : -1), row, 1, -1, first + row)
  }
  return writer.finish()
}

const anyPair = fc
  .record({
    rows: fc.integer({ min: 1, max: 60 }),
    ticks: fc.integer({ min: 0, max: 60 }),
    seed: fc.nat(),
  })
  .chain(({ rows, ticks, seed }) =>
    fc.record({
      book: fc.constant(rowsOf(EventKind.DepthSet, rows, seed, 0)),
      ticker: fc.constant(rowsOf(EventKind.Bbo, ticks, seed + 1, 1000)),
      cuts: fc.tuple(anyCuts(rows), anyCuts(ticks)),
    }),
  )

interface Given {
  readonly seq: number
  readonly local: number
  readonly exch: number
  readonly code: number
}

/** The rows of successive windows. */
function given(windows: EventWindows): Given[][] {
  const found: Given[][] = []
  expect(windows.isLast).toBe(false)
  for (let events = windows.next(); events !== undefined; events = windows.next()) {
    found.push(all(events))
  }
  expect(windows.isLast).toBe(true)
  return found
}

function all({ length, seq, localTime, exchTime, code }: EventColumns): Given[] {
  return Array.from({ length }, (_, i) => ({
    seq: seq[i]!,
    local: localTime[i]!,
    exch: exchTime[i]!,
    code: code[i]!,
  }))
}

/** Both by local time, rows of the book first; those of the ticker seen by us alone. */
function expected(book: EventColumns, ticker: EventColumns): Given[] {
  const ticks = all(ticker).map((one) => ({ ...one, code: one.code | LOCAL_ONLY_BIT }))
  return [...all(book), ...ticks].toSorted((a, b) => a.local - b.local)
}

describe('a book with its ticker', () => {
  it('has the rows of both in local order, wherever windows part, and never parts one time', () => {
    fc.assert(
      fc.property(anyPair, ({ book, ticker, cuts }) => {
        const tapes = [
          blockTape(new CutBlocks(book, cuts[0])),
          blockTape(new CutBlocks(ticker, cuts[1])),
        ] as const
        const tape = tickerTape(...tapes)
        const windows = given(tape.local())
        expect(windows.flat()).toEqual(expected(book, ticker))
        expect(tape.length).toBe(windows.flat().length)
        expect([tape.firstTime, tape.lastTime]).toEqual([
          windows[0]![0]!.local,
          windows.at(-1)!.at(-1)!.local,
        ])
        for (let i = 1; i < windows.length; i++) {
          expect(windows[i]![0]!.local).toBeGreaterThan(windows[i - 1]!.at(-1)!.local)
        }
      }),
      { numRuns: 100, seed: 3 },
    )
  })

  it('is at the exchange the book alone', () => {
    const book = rowsOf(EventKind.DepthSet, 9, 4, 0)
    const tape = tickerTape(memoryTape(book), memoryTape(rowsOf(EventKind.Bbo, 9, 5, 1000)))
    expect(tape.exchange().next()).toBe(book)
  })

  it('is the same in one piece, with its order at the exchange', () => {
    fc.assert(
      fc.property(anyPair, ({ book, ticker }) => {
        const events = withTicker(book, ticker)
        expect(all(events)).toEqual(expected(book, ticker))
        expect(events.exchOrder).toEqual(exchangeOrder(events.exchTime, events.length))
      }),
      { numRuns: 50, seed: 4 },
    )
  })

  it('lets go of what it holds when it is closed', () => {
    const blocks = [4, 5].map((seed) => new CutBlocks(rowsOf(EventKind.Bbo, 30, seed, 0), [10, 20]))
    const windows = tickerTape(blockTape(blocks[0]!), blockTape(blocks[1]!)).local()
    windows.next()
    expect(blocks.map(({ taken }) => taken)).toEqual([1, 1])
    windows.close()
    expect(blocks.map(({ taken }) => taken)).toEqual([0, 0])
  })
})
