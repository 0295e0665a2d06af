import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY, MIDNIGHT, temporaryFolder } from '../../../test/store-fixture.ts'
import { unitInstrument } from '../../../test/tape.ts'
import { wildOrders, wildTape } from '../../../test/wild-tape.ts'
import {
  BookState,
  OrderBookL3,
  OrderBookState,
  applyEvents,
  applyExchangeEvents,
  applyOrderEvents,
} from '../../book/index.ts'
import { EventWriter, type EventColumns } from '../../market/index.ts'
import { beginImport, openStore } from '../../store/index.ts'
import { LobFeed, type LobFeedOptions } from '../lob-feed.ts'
import { bookCheckpoints } from './book-checkpoints.ts'
import { bookRows, tickerRows } from './book-rows.ts'

const path = temporaryFolder()
const instrument = unitInstrument
const symbol = instrument.symbol

/** The rows of a book as columns. */
function columnsOf(state: BookState): EventColumns {
  const writer = new EventWriter(0n)
  for (const { code, tick, lots, orderRef, seq } of [...bookRows(state), ...tickerRows(state)]) {
    writer.push(0, 0, code, tick, lots, orderRef, seq)
  }
  return writer.rows
}

/** All that a book is, its count of rows apart. */
function imageOf(state: BookState): unknown {
  const { phase, isHalted, isCollecting, seqNum, status } = state
  return {
    phase,
    isHalted,
    isCollecting,
    seqNum,
    status,
    rows: bookRows(state),
    ticker: tickerRows(state),
  }
}

describe('the rows of a book', () => {
  it.each([
    ['levels', wildTape, () => new BookState(), applyEvents],
    ['orders', wildOrders, () => new OrderBookState(), applyOrderEvents],
  ] as const)('make the same book of %s, which goes on the same', (_, tape, empty, apply) => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 300 }), (seed, cut) => {
        const events = tape(seed, 400)
        const whole = empty()
        const made = empty()
        apply(whole as OrderBookState, events, 0, cut)
        const rows = columnsOf(whole)
        apply(made as OrderBookState, rows, 0, rows.length)
        expect(imageOf(made)).toEqual(imageOf(whole))
        for (const state of [whole, made]) apply(state as OrderBookState, events, cut, 400)
        expect(imageOf(made)).toEqual(imageOf(whole))
      }),
      { numRuns: 100 },
    )
  })
})

/** Writes days with a checkpoint before every block but those that begin a book. */
function write(kind: string, ...parts: readonly EventColumns[]): string {
  const dir = path()
  const checkpoints = bookCheckpoints(1)
  const transaction = beginImport(dir, { instrument, checkpoints })
  for (const events of parts) transaction.append(kind, events)
  transaction.commit()
  return dir
}

/** Ours and the venue's book at a moment, as the columns of a feed make them. */
function booksAt(feed: LobFeed, time: number): unknown {
  const ours = new BookState()
  const venues = new BookState()
  const { localTime, exchTime, exchOrder, length } = feed.events
  let row = 0
  while (row < length && localTime[row]! <= time) row++
  applyEvents(ours, feed.events, 0, row)
  let position = 0
  while (position < length && exchTime[exchOrder?.[position] ?? position]! <= time) position++
  applyExchangeEvents(venues, feed.events, 0, position)
  return [imageOf(ours), imageOf(venues)]
}

describe('a feed that begins at a checkpoint', () => {
  // Two days; where the second begins with a row that needs a book, it goes on with the first.
  const start = { epochNs: MIDNIGHT, time: DAY - 70_000 }
  const tapes = [1, 2, 5].map((seed) => wildTape(seed, 200_000, start))

  it.each([0, 1, 2])(
    'has both books of the feed that replays all, whenever it begins (%i)',
    async (n) => {
      const events = tapes[n]!
      const dir = write('l2', events)
      const days = openStore(dir).partitions()
      const spared: number[] = []
      for (const row of [100, 70_000, 96_000, 131_072, 199_999]) {
        const from = MIDNIGHT + BigInt(events.localTime[row]!)
        const options: LobFeedOptions = { symbol, from }
        const whole = await LobFeed.open(dir, { ...options, fromStart: true })
        const sought = await LobFeed.open(dir, options)
        expect([sought.digest, sought.fromTime]).toEqual([whole.digest, whole.fromTime])
        expect(booksAt(sought, whole.fromTime)).toEqual(booksAt(whole, whole.fromTime))
        const streamed = await LobFeed.open(dir, { ...options, memory: '24MB' })
        expect([streamed.digest, streamed.tape.length]).toEqual([sought.digest, sought.tape.length])
        spared.push(whole.tape.length - sought.tape.length)
      }
      expect(days.length).toBe(2)
      expect(spared.at(-1)).toBeGreaterThan(60_000)
    },
  )
})

describe('a checkpoint of orders', () => {
  it('has every order in its place in the queue, under its reference', async () => {
    const events = wildOrders(3, 140_000, { epochNs: MIDNIGHT, time: 1000 })
    const dir = write('l3', events)
    for (const row of [66_000, 139_000]) {
      const options = { symbol, kind: 'l3', from: MIDNIGHT + BigInt(events.localTime[row]!) }
      const feeds = [
        await LobFeed.open(dir, { ...options, fromStart: true }),
        await LobFeed.open(dir, options),
      ]
      const [whole, sought] = feeds.map((feed) => {
        const book = new OrderBookL3(instrument)
        book.apply(feed.events, 0, feed.events.length)
        return book
      })
      expect(feeds[1]!.events.length).toBeLessThan(feeds[0]!.events.length - 60_000)
      expect(sought!.snapshotOrders()).toEqual(whole!.snapshotOrders())
      expect([sought!.status, sought!.openOrders]).toEqual([whole!.status, whole!.openOrders])
    }
  })
})
