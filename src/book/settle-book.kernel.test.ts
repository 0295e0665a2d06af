import { describe, expect, it } from 'vitest'
import { campaignLength, tellCampaign } from '../../test/campaign.ts'
import { LobtraderError, Prng } from '../core/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  EventWriter,
  Instrument,
  KIND_MASK,
  LOCAL_ONLY_BIT,
  codeSide,
  eventCode,
  type EventColumns,
  type Side,
} from '../market/index.ts'
import { applyEvents, applyExchangeEvents } from './apply-events.kernel.ts'
import { BookState, type BookOptions, type CrossingPolicy } from './book-state.ts'
import { NO_KEY } from './far-levels.ts'
import { OrderBook } from './order-book.ts'

type Row = readonly [kind: EventKind, side: Side | 0, tick: number, lots: number]
type Levels = [tick: number, lots: number][]

const { Bbo, DepthClear, DepthSet, SnapshotBegin, SnapshotEnd, SnapshotLevel, Trade } = EventKind

/** One message a microsecond; its rows share times and sequence number. */
function columnsOf(messages: readonly (readonly Row[])[]): EventColumns {
  const writer = new EventWriter(0n)
  messages.forEach((rows, i) => {
    for (const [kind, side, tick, lots] of rows) {
      writer.push(i * 1000 + 500, i * 1000, eventCode(kind, side), tick, lots, -1, i + 1)
    }
  })
  return writer.finish()
}

function levelsOf(state: BookState): { bids: Levels; asks: Levels } {
  const [bids, asks] = state.ladder.sides.map((side, index) => {
    const levels: Levels = []
    for (let key = side.best; key !== NO_KEY; key = side.nextBelow(key)) {
      levels.push([key ^ -index, side.lotsAt(key)])
    }
    return levels
  })
  return { bids: bids!, asks: asks! }
}

function applied(options: BookOptions, messages: readonly (readonly Row[])[]): BookState {
  const state = new BookState(options)
  const events = columnsOf(messages)
  applyEvents(state, events, 0, events.length)
  return state
}

const bid = (tick: number, lots = 1): Row => [DepthSet, 1, tick, lots]
const ask = (tick: number, lots = 1): Row => [DepthSet, -1, tick, lots]
const BOOK: Row[] = [bid(100), bid(99), bid(98), ask(102), ask(103), ask(105)]

describe('a book of limited depth', () => {
  it('cuts what lies further from the touch than its levels, behind each message', () => {
    const state = applied({ depth: 2 }, [BOOK])
    expect(levelsOf(state)).toEqual({
      bids: [
        [100, 1],
        [99, 1],
      ],
      asks: [
        [102, 1],
        [103, 1],
      ],
    })
  })

  it('lets a message add a level before it takes another away', () => {
    const state = applied({ depth: 2 }, [
      [bid(100), bid(99)],
      [bid(101), bid(101, 0), bid(98)],
    ])
    expect(levelsOf(state).bids.map(([tick]) => tick)).toEqual([100, 99])
    const other = applied({ depth: 2 }, [
      [bid(100), bid(99)],
      [bid(98), bid(100, 0)],
    ])
    expect(levelsOf(other).bids.map(([tick]) => tick)).toEqual([99, 98])
  })

  it('cuts snapshots, far levels and single updates too', () => {
    const rows: Row[] = [[SnapshotBegin, 0, 0, 0]]
    for (let i = 0; i < 50; i++) rows.push([SnapshotLevel, 1, -i * 1_000_000, 5])
    const state = applied({ depth: 10, windowTicks: 256 }, [[...rows, [SnapshotEnd, 0, 0, 0]]])
    expect(levelsOf(state).bids.map(([tick]) => Math.abs(tick / 1_000_000))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ])
    const book = new OrderBook(instrument, { depth: 2 })
    const at = { timestampNs: 1n, side: 1 as const, volume: 1 }
    for (const price of [5, 3, 4, 6]) book.update({ ...at, price })
    expect(book.getDepth(9).bids.map(({ price }) => price)).toEqual([6, 5])
    const level = { volume: 1, numOrders: 0 }
    const bids = [9, 8, 7].map((price) => ({ ...level, price }))
    book.restore({ timestampNs: 2n, symbol: 'XYZ', bids, asks: [], seqNum: 0 })
    expect(book.getDepth(9).bids.map(({ price }) => price)).toEqual([9, 8])
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses a depth of %s', (depth) => {
    expect(() => new BookState({ depth })).toThrow(LobtraderError)
  })
})

const instrument = new Instrument({
  venue: 'test',
  symbol: 'XYZ',
  kind: 'spot',
  base: 'X',
  quote: 'Z',
  tickSize: '1',
  lotSize: '1',
})

describe('a book that late updates cross', () => {
  const late = [BOOK, [bid(103, 7)]]

  it('stays crossed, and says so, where crossings are kept', () => {
    const state = applied({}, late)
    expect([state.status, state.ladder.bestBidTick, state.ladder.bestAskTick]).toEqual([
      'crossed',
      103,
      102,
    ])
  })

  it('is stale until its next snapshot where crossings make it so', () => {
    const state = applied({ crossing: 'mark-stale' }, [...late, [bid(103, 0)]])
    expect([state.status, state.crossings]).toEqual(['stale', 1])
    const snapshot: Row[] = [
      [SnapshotBegin, 0, 0, 0],
      [SnapshotLevel, 1, 5, 5],
      [SnapshotLevel, -1, 6, 5],
      [SnapshotEnd, 0, 0, 0],
    ]
    expect(applied({ crossing: 'mark-stale' }, [...late, snapshot]).status).toBe('live')
    expect(applied({ crossing: 'mark-stale' }, [...late, snapshot, [bid(6)]]).status).toBe('stale')
  })

  it.each<[string, Row[], number[], number[]]>([
    ['a later bid takes the asks that it meets', [bid(103, 7)], [103, 100, 99, 98], [105]],
    ['a later ask takes the bids that it meets', [ask(99)], [98], [99, 102, 103, 105]],
    [
      'of two in one message the later row lives',
      [bid(104), ask(103)],
      [100, 99, 98],
      [102, 103, 105],
    ],
    [
      'a level that the message takes away meets none',
      [bid(104), bid(104, 0)],
      [100, 99, 98],
      [102, 103, 105],
    ],
    [
      'a smaller size at an old price is as new',
      [bid(102), ask(102, 5)],
      [100, 99, 98],
      [102, 103, 105],
    ],
  ])('where the newer is trusted, %s', (_what, message, bids, asks) => {
    const state = applied({ crossing: 'trust-newer' }, [BOOK, message])
    const levels = levelsOf(state)
    expect(levels.bids.map(([tick]) => tick)).toEqual(bids)
    expect(levels.asks.map(([tick]) => tick)).toEqual(asks)
    expect(state.status).toBe('live')
  })

  it('trusts the newer of single updates as well', () => {
    const book = new OrderBook(instrument, { crossing: 'trust-newer' })
    const at = { timestampNs: 1n, volume: 1 }
    for (const price of [10, 9, 8]) book.update({ ...at, side: 1, price })
    book.update({ ...at, side: -1, price: 9 })
    expect([book.bestBid, book.bestAsk, book.status]).toEqual([8, 9, 'live'])
    const stale = new OrderBook(instrument, { crossing: 'mark-stale' })
    stale.update({ ...at, side: 1, price: 10 })
    stale.update({ ...at, side: -1, price: 10 })
    expect(stale.status).toBe('stale')
  })

  it('refuses a policy that there is not', () => {
    expect(() => new BookState({ crossing: 'newest' as CrossingPolicy })).toThrow('trust-newer')
  })
})

/** The obvious book: every level knows the row that set it. */
class DatedBook {
  readonly sides = [new Map<number, [lots: number, row: number]>(), new Map()] as const
  readonly #aside = [new Map<number, [lots: number, row: number]>(), new Map()] as const
  readonly #options: BookOptions
  #begun = false
  /** Before the first row of the book, a snapshot that begins is what the book waits for. */
  #isSyncing = false
  #hasRows = false
  isStale = false
  crossings = 0

  constructor(options: BookOptions) {
    this.#options = options
  }

  apply(events: EventColumns, row: number): void {
    const code = events.code[row]!
    const kind = code & KIND_MASK
    const side = codeSide(code)
    const index = side === 1 ? 0 : 1
    const lots = events.lots[row]!
    const tick = events.tick[row]!
    if (kind === DepthSet) this.#hasRows = true
    if (kind === DepthSet || (kind === SnapshotLevel && this.#begun)) {
      const levels = (kind === DepthSet ? this.sides : this.#aside)[index]
      if (lots === 0) levels.delete(tick)
      // Those of a snapshot are of one age, and older than what follows.
      else levels.set(tick, [lots, kind === DepthSet ? row : -1])
    } else if (kind === DepthClear) {
      if (side >= 0) this.sides[0].clear()
      if (side <= 0) this.sides[1].clear()
    } else if (kind === SnapshotBegin) {
      this.#begun = true
      this.#isSyncing ||= !this.#hasRows
      this.#hasRows = true
      for (const levels of this.#aside) levels.clear()
    } else if (kind === SnapshotEnd && this.#begun) {
      this.#begun = false
      this.#isSyncing = false
      this.isStale = false
      for (const i of [0, 1] as const) {
        this.sides[i].clear()
        for (const [at, level] of this.#aside[i]) this.sides[i].set(at, level)
      }
    }
  }

  best(index: 0 | 1): number {
    const ticks = [...this.sides[index].keys()]
    return index === 0 ? Math.max(...ticks) : Math.min(...ticks)
  }

  endMessage(): void {
    const { depth = Number.POSITIVE_INFINITY, crossing = 'keep' } = this.#options
    if (crossing !== 'keep' && this.best(0) >= this.best(1)) {
      this.crossings++
      if (crossing === 'mark-stale') this.isStale ||= !this.#isSyncing
      else while (this.#takeOlder());
    }
    for (const index of [0, 1] as const) {
      const ticks = [...this.sides[index].keys()].sort((a, b) => (index === 0 ? b - a : a - b))
      for (const tick of ticks.slice(depth)) this.sides[index].delete(tick)
    }
  }

  /** The newest level that crosses an older one takes all that it crosses; false without any. */
  #takeOlder(): boolean {
    let newest: { row: number; tick: number; index: 0 | 1 } | undefined
    for (const index of [0, 1] as const) {
      for (const [tick, [, row]] of this.sides[index]) {
        if (row < 0 || row <= (newest?.row ?? -1) || this.#met(index, tick).length === 0) continue
        newest = { row, tick, index }
      }
    }
    if (newest === undefined) return false
    for (const tick of this.#met(newest.index, newest.tick))
      this.sides[1 - newest.index]!.delete(tick)
    return true
  }

  #met(index: 0 | 1, tick: number): number[] {
    return [...this.sides[1 - index]!.keys()].filter((at) =>
      index === 0 ? at <= tick : at >= tick,
    )
  }

  levels(): { bids: Levels; asks: Levels } {
    const of = (index: 0 | 1): Levels =>
      [...this.sides[index]].map(([tick, [lots]]): [number, number] => [tick, lots])
    return {
      bids: of(0).sort((a, b) => b[0] - a[0]),
      asks: of(1).sort((a, b) => a[0] - b[0]),
    }
  }
}

interface Message {
  readonly begin: number
  readonly end: number
}

/** Messages of up to six rows around one price, so that they cross as often as not. */
function randomMessages(
  random: Prng,
  rows: number,
): { readonly events: EventColumns; readonly messages: Message[] } {
  const writer = new EventWriter(0n)
  const messages: Message[] = []
  let isLocked = false
  while (writer.length < rows) {
    const begin = writer.length
    const id = messages.length
    const push = (kind: EventKind, side: Side | 0, tick: number, lots: number): void => {
      const seen = random.nextInt(12)
      const bit = isLocked ? 0 : seen === 0 ? EXCH_ONLY_BIT : seen === 1 ? LOCAL_ONLY_BIT : 0
      writer.push(id * 10 + 5, id * 10, eventCode(kind, side, bit), tick, lots, -1, id % 3)
    }
    const aLevel = (kind: EventKind): void => {
      const side = random.nextInt(2) === 0 ? 1 : -1
      const tick = random.nextInt(40) === 0 ? random.nextInt(4000) - 2000 : random.nextInt(24)
      push(kind, side, tick - side * 9, random.nextInt(3) === 0 ? 0 : 1 + random.nextInt(9))
    }
    const dice = random.nextInt(60)
    if (dice === 0) {
      isLocked = true
      push(SnapshotBegin, 0, 0, 0)
      for (let i = random.nextInt(20); i > 0; i--) aLevel(SnapshotLevel)
      if (random.nextInt(4) > 0) push(SnapshotEnd, 0, 0, 0)
      isLocked = false
    } else if (dice === 1) {
      push(DepthClear, ([1, -1, 0] as const)[random.nextInt(3)]!, 0, 0)
    } else if (dice === 2) {
      push(random.nextInt(2) === 0 ? Trade : Bbo, 1, random.nextInt(24), 1)
    }
    for (let i = 1 + random.nextInt(6); i > 0; i--) aLevel(DepthSet)
    messages.push({ begin, end: writer.length })
  }
  return { events: writer.finish(), messages }
}

describe('books that settle behind each message', () => {
  const rows = campaignLength(40_000)
  const policies: BookOptions[] = [
    { crossing: 'trust-newer' },
    { crossing: 'trust-newer', depth: 5 },
    { crossing: 'mark-stale', depth: 12 },
    { depth: 1 },
  ]
  it.each(policies)(
    'equal books whose levels know their row (%j)',
    (options) => {
      const share = Math.ceil(rows / policies.length)
      let crossings = 0
      for (let done = 0; done < share; done += 5000) {
        const random = new Prng(done + 3)
        const { events, messages } = randomMessages(random, 5000)
        const views = [EXCH_ONLY_BIT, LOCAL_ONLY_BIT].map((hiddenBit, i) => ({
          hiddenBit,
          apply: i === 0 ? applyEvents : applyExchangeEvents,
          state: new BookState({ windowTicks: 256, ...options }),
          naive: new DatedBook(options),
        }))
        let from = 0
        for (const { begin, end } of messages) {
          for (const { naive, hiddenBit } of views) {
            let isBook = false
            for (let row = begin; row < end; row++) {
              if ((events.code[row]! & hiddenBit) !== 0) continue
              naive.apply(events, row)
              const kind = events.code[row]! & KIND_MASK
              isBook ||= kind === DepthSet || kind === DepthClear || kind === SnapshotEnd
            }
            if (isBook) naive.endMessage()
          }
          if (random.nextInt(3) > 0 && end < events.length) continue
          for (const { state, naive, apply } of views) {
            apply(state, events, from, end)
            if (JSON.stringify(levelsOf(state)) !== JSON.stringify(naive.levels())) {
              expect({ end, ...levelsOf(state) }).toEqual({ end, ...naive.levels() })
            }
            expect(state.crossings).toBe(naive.crossings)
            expect(state.status === 'stale').toBe(naive.isStale)
          }
          from = end
        }
        crossings += views[0]!.state.crossings
      }
      if (options.crossing !== undefined) expect(crossings).toBeGreaterThan(share / 200)
      tellCampaign(`books that settle, ${JSON.stringify(options)}`, share)
    },
    3_600_000,
  )
})
