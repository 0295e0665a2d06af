import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventKind, EventWriter, KIND_MASK } from '../../../market/index.ts'
import {
  BinanceFuturesGate,
  BinanceSpotGate,
  type SequenceGate,
} from '../../sequence/sequence-gate.ts'
import { BookBuilder } from './book-builder.ts'
import { DiffBuffer } from './diff-buffer.ts'
import { BinanceMessage, MessageKind } from './message.ts'
import { TickerCheck } from './ticker-check.ts'

type Book = Map<number, number>

/** One thing that a collector receives: an update with the levels that it sets, or a snapshot. */
interface Sent {
  readonly kind: 'depth' | 'snapshot'
  readonly first: number
  readonly last: number
  readonly previous: number
  readonly bids: readonly (readonly [number, number])[]
  /** The venue's bids after it. */
  readonly truth: Book
}

const change = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(3))

/** What a venue sends, in order, bids only; snapshots show the venue's book of a while ago. */
const session = (futures: boolean): fc.Arbitrary<Sent[]> =>
  fc
    .array(
      fc.record({
        changes: fc.array(change, { minLength: 1, maxLength: 4 }),
        skip: fc.nat(futures ? 3 : 0),
        snapshotLag: fc.option(fc.nat(4), { freq: 4 }),
      }),
      { minLength: 5, maxLength: 60, size: 'max' },
    )
    .map((steps) => {
      const sent: Sent[] = []
      const depths: Sent[] = []
      const book: Book = new Map()
      let last = 100
      for (const { changes, skip, snapshotLag } of steps) {
        const previous = last
        const first = previous + 1 + skip
        last = first + changes.length - 1
        for (const [tick, lots] of changes) {
          if (lots === 0) book.delete(tick)
          else book.set(tick, lots)
        }
        const depth: Sent = {
          kind: 'depth',
          first,
          last,
          previous: futures ? previous : -1,
          bids: changes,
          truth: new Map(book),
        }
        sent.push(depth)
        depths.push(depth)
        const shown = snapshotLag === null ? undefined : depths.at(-1 - snapshotLag)
        if (shown !== undefined) sent.push({ ...shown, kind: 'snapshot' })
      }
      return sent
    })

function deliver(builder: BookBuilder, message: BinanceMessage, sent: Sent, time: number): void {
  message.clear()
  message.firstId = sent.first
  message.lastId = sent.last
  message.previousId = sent.previous
  const levels = sent.kind === 'depth' ? sent.bids : [...sent.truth].toSorted((a, b) => b[0] - a[0])
  for (const [tick, lots] of levels) message.bids.push(tick, lots)
  message.kind = sent.kind === 'depth' ? MessageKind.Depth : MessageKind.Snapshot
  if (sent.kind === 'depth') builder.depth(message, time, time)
  else builder.snapshot(message, time, time)
}

const bidsOf = (builder: BookBuilder): Book => {
  const book: Book = new Map()
  for (let tick = builder.ladder.bestBidTick; builder.ladder.bidLotsAt(tick) > 0;) {
    book.set(tick, builder.ladder.bidLotsAt(tick))
    tick = builder.ladder.nextBidBelow(tick)
  }
  return book
}

const sorted = (book: Book): [number, number][] => [...book].toSorted((a, b) => a[0] - b[0])

const VENUES = [
  { name: 'spot', futures: false, gate: (): SequenceGate => new BinanceSpotGate() },
  { name: 'futures', futures: true, gate: (): SequenceGate => new BinanceFuturesGate() },
]

describe.each(VENUES)('the local book of $name', ({ futures, gate }) => {
  it('equals the venue whenever it is live, whatever was lost, repeated or late', () => {
    let liveMoments = 0
    let gaps = 0
    fc.assert(
      fc.property(
        session(futures),
        fc.array(fc.constantFrom('lost', 'twice', 'once', 'once', 'once', 'once'), {
          minLength: 150,
          maxLength: 150,
          size: 'max',
        }),
        (sent, fates) => {
          const writer = new EventWriter(0n)
          const builder = new BookBuilder(gate, writer, undefined, () => ({ file: 'f', line: 1 }))
          const message = new BinanceMessage()
          let time = 0
          let truth: Book = new Map()
          sent.forEach((item, i) => {
            const fate = fates[i]
            if (item.kind === 'depth') truth = item.truth
            if (fate === 'lost') return
            deliver(builder, message, item, ++time)
            if (fate === 'twice') deliver(builder, message, item, ++time)
            // A loss shows at the next update: until then the book is right about what it has seen.
            const isKnown = item.kind === 'depth'
            if (builder.isLive && isKnown) {
              expect(sorted(bidsOf(builder))).toEqual(sorted(truth))
              liveMoments++
            }
          })
          gaps += builder.gaps
          expect(replayed(writer)).toEqual(sorted(bidsOf(builder)))
          const marked = countKind(writer, EventKind.Gap)
          expect(marked).toBe(builder.gaps)
        },
      ),
      { numRuns: 1500 },
    )
    expect(liveMoments).toBeGreaterThan(2000)
    expect(gaps).toBeGreaterThan(200)
  })

  it('finds one gap for one lost update and none when nothing is lost', () => {
    fc.assert(
      fc.property(session(futures), fc.nat(), (sent, pick) => {
        const depths = sent.filter(({ kind }) => kind === 'depth')
        const lost = 1 + (pick % (depths.length - 2))
        const play = (skip: number): BookBuilder => {
          const builder = new BookBuilder(gate, new EventWriter(0n), undefined, () => ({}))
          const message = new BinanceMessage()
          deliver(builder, message, { ...depths[0]!, kind: 'snapshot' }, 0)
          depths.forEach((depth, i) => {
            if (i !== skip) deliver(builder, message, depth, i + 1)
          })
          return builder
        }
        expect(play(-1)).toMatchObject({ gaps: 0, isLive: true })
        expect(play(lost)).toMatchObject({ gaps: 1, isLive: false })
      }),
      { numRuns: 300 },
    )
  })
})

/** Plays written rows into a book as a reader of the tape would. */
function replayed(writer: EventWriter): [number, number][] {
  const { rows } = writer
  const book: Book = new Map()
  for (let i = 0; i < rows.length; i++) {
    const kind = rows.code[i]! & KIND_MASK
    if (kind === EventKind.SnapshotBegin) book.clear()
    else if (kind === EventKind.SnapshotLevel || kind === EventKind.DepthSet) {
      if (rows.lots[i] === 0) book.delete(rows.tick[i]!)
      else book.set(rows.tick[i]!, rows.lots[i]!)
    }
  }
  return sorted(book)
}

function countKind(writer: EventWriter, kind: EventKind): number {
  return writer.rows.code.filter((code) => (code & KIND_MASK) === kind).length
}

describe('DiffBuffer', () => {
  it('drops the oldest updates when it is full, and keeps its copies', () => {
    const buffer = new DiffBuffer(100)
    const message = new BinanceMessage()
    for (let id = 1; id <= 50; id++) {
      message.clear()
      message.lastId = id
      message.bids.push(id, 1)
      buffer.push(message, id, false)
    }
    // Each weighs 33: three fit.
    expect(buffer.length).toBe(3)
    expect([0, 1, 2].map((i) => buffer.at(i)!.lastId)).toEqual([48, 49, 50])
    expect(buffer.at(0)!.bids.ticks[0]).toBe(48)
    buffer.drop(2)
    expect(buffer.at(0)!.lastId).toBe(50)
    expect(buffer.at(1)).toBeUndefined()
  })

  it('keeps one update however large it is', () => {
    const buffer = new DiffBuffer(10)
    const message = new BinanceMessage()
    for (let i = 0; i < 2000; i++) message.asks.push(i, 1)
    buffer.push(message, 0, false)
    expect(buffer.length).toBe(1)
    expect(buffer.at(0)!.asks.count).toBe(2000)
  })
})

describe('TickerCheck', () => {
  it('compares each ticker once, in either order of arrival', () => {
    const check = new TickerCheck()
    check.ticker(1, 10, 1, 11, 1)
    check.book(1, 10, 1, 11, 1)
    check.book(2, 10, 1, 11, 1)
    check.ticker(2, 10, 1, 11, 2)
    check.ticker(3, 10, 1, 11, 1)
    expect(check.result).toEqual({ compared: 2, equal: 1 })
  })

  it('forgets what is far behind', () => {
    const check = new TickerCheck()
    for (let id = 1; id <= 40_000; id++) check.ticker(id, 1, 1, 2, 1)
    for (let id = 1; id <= 40_000; id++) check.book(id, 1, 1, 2, 1)
    expect(check.result).toEqual({ compared: 1 << 14, equal: 1 << 14 })
  })
})
