import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ObviousFusedBook } from '../../../test/obvious-fused-book.ts'
import { unitInstrument } from '../../../test/tape.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  EventWriter,
  eventCode,
  type EventColumns,
  type Side,
} from '../../market/index.ts'
import type { OrderBook } from '../order-book.ts'
import { FusedBook } from './fused-book.ts'

/** What one row says: a level, a best price, a side cleared, a snapshot. */
interface Row {
  readonly kind: 'level' | 'best' | 'clear' | 'snapshot' | 'hidden'
  readonly side: Side
  readonly tick: number
  readonly lots: number
  readonly time: number
}

const TICKS = 24
const side = fc.constantFrom<Side>(1, -1)
const row: fc.Arbitrary<Row> = fc.record({
  kind: fc.oneof(
    { weight: 20, arbitrary: fc.constant('level' as const) },
    { weight: 8, arbitrary: fc.constant('best' as const) },
    { weight: 1, arbitrary: fc.constantFrom('clear', 'snapshot', 'hidden') },
  ),
  side,
  tick: fc.integer({ min: 1, max: TICKS }),
  lots: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 })),
  time: fc.integer({ min: 0, max: 40 }),
})

function write(rows: readonly Row[]): EventColumns {
  const writer = new EventWriter(0n, rows.length + 1)
  const push = (kind: EventKind, { side: own, tick, lots, time }: Row, bits = 0): void =>
    writer.push(0, time, eventCode(kind, own, bits), tick, lots)
  for (const one of rows) {
    if (one.kind === 'level') push(EventKind.DepthSet, one)
    else if (one.kind === 'best') push(EventKind.Bbo, one)
    else if (one.kind === 'clear') push(EventKind.DepthClear, one)
    else if (one.kind === 'hidden') push(EventKind.DepthSet, one, EXCH_ONLY_BIT)
    else {
      push(EventKind.SnapshotBegin, one)
      push(EventKind.SnapshotLevel, { ...one, side: 1, lots: 4 })
      push(EventKind.SnapshotLevel, { ...one, side: -1, tick: one.tick + 1, lots: 4 })
      push(EventKind.SnapshotEnd, one)
    }
  }
  return writer.finish()
}

function tellTwin(twin: ObviousFusedBook, { kind, side: own, tick, lots, time }: Row): void {
  if (kind === 'level') twin.set(own, tick, lots, time)
  else if (kind === 'best') twin.setBest(own, tick, lots, time)
  else if (kind === 'clear') twin.clear(own, time)
  else if (kind === 'snapshot') {
    twin.clear(1, time)
    twin.clear(-1, time)
    twin.set(1, tick, 4, time)
    twin.set(-1, tick + 1, 4, time)
  }
}

function levelsOf(book: OrderBook, own: Side): [number, number][] {
  return [...book.eachLevel(own)].map(({ price, volume }) => [price, volume])
}

describe('rows of any times in any order', () => {
  it('make the book of the obvious twin, row by row, and never cross it', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60, size: 'max' }), (rows) => {
        const twin = new ObviousFusedBook(TICKS + 1)
        const book = new FusedBook(unitInstrument)
        for (const one of rows) {
          tellTwin(twin, one)
          const events = write([one])
          book.apply(events, 0, events.length)
          expect(levelsOf(book, 1)).toEqual(twin.levels(1))
          expect(levelsOf(book, -1)).toEqual(twin.levels(-1))
          const { bestBidTicks, bestAskTicks } = book
          if (twin.levels(1).length * twin.levels(-1).length > 0)
            expect(bestBidTicks).toBeLessThan(bestAskTicks)
        }
      }),
      { numRuns: 300, seed: 6 },
    )
  })

  it('make the same book in one call as in many', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40, size: 'max' }), (rows) => {
        const events = write(rows)
        const whole = new FusedBook(unitInstrument)
        whole.apply(events, 0, events.length)
        const parts = new FusedBook(unitInstrument)
        for (let i = 0; i < events.length; i++) parts.apply(events, i, i + 1)
        expect(parts.snapshot()).toEqual(whole.snapshot())
        expect([parts.version, parts.outdatedRows]).toEqual([whole.version, whole.outdatedRows])
      }),
      { numRuns: 60, seed: 7 },
    )
  })
})

/** A market of which two streams tell: depth in messages of some changes, the ticker at each touch. */
interface Message {
  readonly time: number
  readonly rows: Row[]
}

interface World {
  readonly depth: Message[]
  readonly ticker: Message[]
  /** The true book at each time. */
  readonly truth: Map<number, { bids: [number, number][]; asks: [number, number][] }>
}

type Change = readonly [own: Side, distance: number, lots: number, endsMessage: boolean]

function worldOf(changes: readonly Change[]): World {
  const books = { 1: new Map<number, number>(), [-1]: new Map<number, number>() }
  const sorted = (own: Side): [number, number][] =>
    [...books[own]].toSorted(([a], [b]) => own * (b - a))
  const world: World = { depth: [], ticker: [], truth: new Map() }
  let pending: Row[] = []
  let touch = ''
  changes.forEach(([own, distance, lots, endsMessage], i) => {
    const time = i + 1
    const other = sorted(own === 1 ? -1 : 1)[0]?.[0] ?? 50
    const tick = other - own * distance
    if (lots > 0) books[own].set(tick, lots)
    else books[own].delete(tick)
    pending = pending.filter((one) => one.side !== own || one.tick !== tick)
    pending.push({ kind: 'level', side: own, tick, lots, time })
    const bids = sorted(1)
    const asks = sorted(-1)
    world.truth.set(time, { bids, asks })
    if (endsMessage) {
      world.depth.push({ time, rows: pending.map((one) => ({ ...one, time })) })
      pending = []
    }
    const best = ([bids[0], asks[0]] as const).map((level, k): Row => ({
      kind: 'best',
      side: k === 0 ? 1 : -1,
      tick: level?.[0] ?? 0,
      lots: level?.[1] ?? 0,
      time,
    }))
    const seen = best.map(({ tick: at, lots: there }) => `${at}x${there}`).join()
    if (seen !== touch) world.ticker.push({ time, rows: best })
    touch = seen
  })
  return world
}

const change: fc.Arbitrary<Change> = fc.tuple(
  side,
  fc.integer({ min: 1, max: 6 }),
  fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 })),
  fc.boolean(),
)

describe('two streams of one market, each in order and as late as it likes', () => {
  it('always show the touch of the latest moment told, and the whole book when depth tells it', () => {
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 5, maxLength: 60, size: 'max' }),
        fc.infiniteStream(fc.boolean()),
        (changes, turns) => {
          const { depth, ticker, truth } = worldOf(changes)
          const book = new FusedBook(unitInstrument)
          const told = { depth: 0, ticker: 0 }
          while (depth.length + ticker.length > 0) {
            const isDepth = ticker.length === 0 || (depth.length > 0 && turns.next().value)
            const message = (isDepth ? depth : ticker).shift()!
            const events = write(message.rows)
            book.apply(events, 0, events.length)
            told[isDepth ? 'depth' : 'ticker'] = message.time
            const { bids, asks } = truth.get(Math.max(told.depth, told.ticker))!
            expect([levelsOf(book, 1)[0], levelsOf(book, -1)[0]]).toEqual([bids[0], asks[0]])
            if (told.depth < told.ticker) continue
            expect(levelsOf(book, 1)).toEqual(bids)
            expect(levelsOf(book, -1)).toEqual(asks)
          }
        },
      ),
      { numRuns: 300, seed: 8 },
    )
  })
})
