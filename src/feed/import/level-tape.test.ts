import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BookState, OrderBook, applyExchangeEvents } from '../../book/index.ts'
import { Instrument, type EventColumns } from '../../market/index.ts'
import { StoreImport, openStore } from '../../store/index.ts'
import { TestFolder, loadRows } from '../../../test/import-support.ts'
import { LevelTape } from './level-tape.ts'

const folder = new TestFolder()
const EPOCH = 1_700_006_400_000_000_000n
const DAY = 86_400e9
const PAIR = new Instrument({
  venue: 'v',
  symbol: 'AB',
  kind: 'spot',
  base: 'A',
  quote: 'B',
  tickSize: '1',
  lotSize: '1',
})

const levels = fc.array(
  fc.record({
    side: fc.constantFrom<1 | -1>(1, -1),
    offset: fc.integer({ min: 0, max: 5 }),
    lots: fc.integer({ min: 0, max: 9 }),
  }),
  { maxLength: 6 },
)
const message = fc.record({
  kind: fc.constantFrom('levels', 'levels', 'levels', 'snapshot', 'gap', 'trade'),
  levels,
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: DAY / 2 })),
  lag: fc.integer({ min: 0, max: 5e9 }),
})

type Levels = Readonly<Record<string, number>>

function levelsOf(book: OrderBook): Levels {
  const found: Record<string, number> = {}
  const { bids, asks } = book.getDepth(100)
  for (const { price, volume } of bids) found[`bid ${price}`] = volume
  for (const { price, volume } of asks) found[`ask ${price}`] = volume
  return found
}

function replayed(events: EventColumns): OrderBook {
  const book = new OrderBook(PAIR)
  book.apply(events, 0, events.length)
  return book
}

describe('LevelTape', () => {
  it('writes rows from which every day alone gives the book, whole on the exchange side too', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 40, size: 'max' }), (messages) => {
        const dir = folder.newStore()
        const target = new StoreImport(dir)
        const tape = new LevelTape(target.open(PAIR), EPOCH)
        let book: Levels = {}
        let isLive = false
        const ends = new Map<number, { readonly book: Levels; readonly isWhole: boolean }>()
        let time = 0
        for (const one of messages) {
          const dayBefore = Math.floor(time / DAY)
          time += one.wait
          // A book that is stale at midnight is not written anew, so that day cannot stand alone.
          const day = Math.floor(time / DAY)
          const isWhole = day === dayBefore ? (ends.get(day)?.isWhole ?? true) : isLive
          tape.at(time, time - one.lag, 1)
          if (one.kind === 'snapshot') {
            book = {}
            tape.beginSnapshot()
          }
          if (one.kind === 'gap') {
            tape.gap()
            isLive = false
          }
          if (one.kind === 'trade') tape.trade(1, 100, 2)
          if (one.kind === 'levels' || one.kind === 'snapshot') {
            for (const { side, offset, lots } of one.levels) {
              const tick = side > 0 ? 100 - offset : 101 + offset
              const key = `${side > 0 ? 'bid' : 'ask'} ${tick}`
              const others = Object.entries(book).filter(([name]) => name !== key)
              book = Object.fromEntries(lots === 0 ? others : [...others, [key, lots]])
              if (one.kind === 'levels') tape.level(side, tick, lots)
              else tape.snapshotLevel(side, tick, lots)
            }
            if (one.kind === 'snapshot') tape.endSnapshot()
            if (one.kind === 'snapshot' || one.levels.length > 0) isLive = true
            tape.endLevels()
          }
          ends.set(day, { book: { ...book }, isWhole })
        }
        tape.finish()
        target.commit()
        if (tape.events === 0) return
        const all = loadRows(dir, 'AB')
        expect(levelsOf(replayed(all))).toEqual(book)
        const exchange = new BookState()
        applyExchangeEvents(exchange, all, 0, all.length)
        if (!messages.some(({ kind }) => kind === 'gap')) {
          expect(exchange.ladder.bidLotsTotal).toBe(tape.ladder.bidLotsTotal)
        }
        for (const { info, events } of openStore(dir).read({ symbol: 'AB', kind: 'l2' })) {
          const end = ends.get(Number((info.fromNs - EPOCH) / BigInt(DAY)))
          if (end?.isWhole === true) expect(levelsOf(replayed(events))).toEqual(end.book)
        }
      }),
      { seed: 5, numRuns: 60 },
    )
  })

  it('counts a crossed book once a message, and trades by side', () => {
    const target = new StoreImport(folder.newStore())
    const tape = new LevelTape(target.open(PAIR), EPOCH)
    tape.at(1, 1)
    tape.level(1, 105, 1)
    tape.level(-1, 104, 1)
    tape.endLevels()
    tape.trade(1, 104, 3)
    tape.trade(-1, 100, 1)
    tape.trade(0, 100, 1)
    expect(tape.crossed).toBe(1)
    expect(tape.totals.summary(PAIR)).toEqual({
      count: 3,
      volume: 5,
      buyVolume: 3,
      vwap: (104 * 3 + 200) / 5,
    })
    target.abort()
  })
})
