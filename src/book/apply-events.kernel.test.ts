import { describe, expect, it } from 'vitest'
import { campaignLength, tellCampaign } from '../../test/campaign.ts'
import { Prng } from '../core/index.ts'
import {
  EXCH_ONLY_BIT,
  EventKind,
  EventWriter,
  LOCAL_ONLY_BIT,
  codeSide,
  eventCode,
  type EventColumns,
  type Side,
} from '../market/index.ts'
import { applyEvents, applyExchangeEvents } from './apply-events.kernel.ts'
import { BookState } from './book-state.ts'
import { NO_ASK, NO_BID, type Ladder } from './ladder.ts'
import { LevelMemory } from './level-memory.ts'

type Row = readonly [
  kind: EventKind,
  side: Side | 0,
  tick: number,
  lots: number,
  visibility?: number,
]

/** One row a nanosecond, received 100 ns later; sequence number is 10 times the row. */
function columnsOf(rows: readonly Row[]): EventColumns {
  const writer = new EventWriter(0n)
  rows.forEach(([kind, side, tick, lots, visibility = 0], i) => {
    writer.push(i + 100, i, eventCode(kind, side, visibility), tick, lots, -1, i * 10)
  })
  return writer.finish()
}

function bidsOf(ladder: Ladder): [number, number][] {
  const out: [number, number][] = []
  for (let t = ladder.bestBidTick; t !== NO_BID; t = ladder.nextBidBelow(t)) {
    out.push([t, ladder.bidLotsAt(t)])
  }
  return out
}

function asksOf(ladder: Ladder): [number, number][] {
  const out: [number, number][] = []
  for (let t = ladder.bestAskTick; t !== NO_ASK; t = ladder.nextAskAbove(t)) {
    out.push([t, ladder.askLotsAt(t)])
  }
  return out
}

function applied(rows: readonly Row[]): BookState {
  const state = new BookState()
  applyEvents(state, columnsOf(rows), 0, rows.length)
  return state
}

const { Bbo, DepthClear, DepthSet, Gap, SnapshotBegin, SnapshotEnd, SnapshotLevel, Status, Trade } =
  EventKind
const snapshot = (...levels: readonly (readonly [Side, number, number])[]): Row[] => [
  [SnapshotBegin, 0, 0, 0],
  ...levels.map(([side, tick, lots]): Row => [SnapshotLevel, side, tick, lots]),
  [SnapshotEnd, 0, 0, 0],
]

describe('rows in one call or in many', () => {
  const rows: readonly Row[] = [
    [DepthSet, 1, 100, 5],
    [DepthSet, 1, 100, 0],
    [SnapshotBegin, 0, 0, 0],
  ]
  it.each([
    ['local', applyEvents],
    ['exchange', applyExchangeEvents],
  ])('leave the same %s book: a level has been heard of before the snapshot begins', (_, apply) => {
    const events = columnsOf(rows)
    const [whole, parts] = [new BookState(), new BookState()]
    apply(whole, events, 0, 3)
    for (let row = 0; row < 3; row++) apply(parts, events, row, row + 1)
    expect([whole.status, whole.phase]).toEqual([parts.status, parts.phase])
    expect(whole.status).toBe('empty')
  })
})

describe('applyEvents', () => {
  it('sets and removes levels of either side, down to negative ticks', () => {
    const { ladder, version } = applied([
      [DepthSet, 1, -5, 3],
      [DepthSet, 1, -6, 4],
      [DepthSet, -1, 2, 5],
      [DepthSet, 1, -5, 0],
    ])
    expect(bidsOf(ladder)).toEqual([[-6, 4]])
    expect(asksOf(ladder)).toEqual([[2, 5]])
    expect(version).toBe(4)
  })

  it('keeps the old book readable until a snapshot ends, then swaps it at once', () => {
    const rows: Row[] = [
      ...snapshot([1, 10, 1], [-1, 12, 2]),
      ...snapshot([1, 20, 5], [1, 19, 6], [-1, 22, 7]),
    ]
    const events = columnsOf(rows)
    const state = new BookState()
    applyEvents(state, events, 0, 4)
    for (let row = 4; row < rows.length - 1; row++) {
      applyEvents(state, events, row, row + 1)
      expect(bidsOf(state.ladder)).toEqual([[10, 1]])
      expect(asksOf(state.ladder)).toEqual([[12, 2]])
      expect(state.status).toBe('live')
    }
    const before = state.version
    applyEvents(state, events, rows.length - 1, rows.length)
    expect(bidsOf(state.ladder)).toEqual([
      [20, 5],
      [19, 6],
    ])
    expect(asksOf(state.ladder)).toEqual([[22, 7]])
    expect(state.version).toBe(before + 1)
  })

  it('takes the later of two snapshot levels at one tick, and forgets a snapshot begun anew', () => {
    const { ladder } = applied([
      [SnapshotBegin, 0, 0, 0],
      [SnapshotLevel, 1, 5, 1],
      ...snapshot([1, 6, 1], [1, 6, 2], [-1, 9, 3], [-1, 9, 0]),
    ])
    expect(bidsOf(ladder)).toEqual([[6, 2]])
    expect(asksOf(ladder)).toEqual([])
  })

  it('ignores the rest of a snapshot whose beginning it has not seen', () => {
    const state = applied([
      [DepthSet, 1, 10, 1],
      [SnapshotLevel, 1, 20, 5],
      [SnapshotEnd, 0, 0, 0],
    ])
    expect(bidsOf(state.ladder)).toEqual([[10, 1]])
  })

  it('drops a snapshot in which something is missing, and waits for the next', () => {
    const state = applied([
      ...snapshot([1, 10, 1], [-1, 12, 2]),
      [SnapshotBegin, 0, 0, 0],
      [SnapshotLevel, 1, 20, 5],
      [Gap, 0, 0, 0],
      [SnapshotLevel, 1, 19, 5],
      [SnapshotEnd, 0, 0, 0],
    ])
    expect(bidsOf(state.ladder)).toEqual([[10, 1]])
    expect(state.status).toBe('stale')
  })

  it.each([
    ['bids', 1 as const, [], [[12, 2]]],
    ['asks', -1 as const, [[10, 1]], []],
    ['both sides', 0 as const, [], []],
  ])('clears %s', (_what, side, bids, asks) => {
    const { ladder } = applied([...snapshot([1, 10, 1], [-1, 12, 2]), [DepthClear, side, 0, 0]])
    expect(bidsOf(ladder)).toEqual(bids)
    expect(asksOf(ladder)).toEqual(asks)
  })

  it('moves no level for a trade, a funding or an L3 row', () => {
    const state = applied([
      ...snapshot([1, 10, 1], [-1, 12, 2]),
      [Trade, 1, 12, 2],
      [EventKind.Funding, 0, 11, -5],
      [EventKind.OrderAdd, 1, 11, 4],
      [EventKind.OrderExecute, 1, 10, 1],
      [EventKind.OrderFill, 1, 10, 1],
    ])
    expect(bidsOf(state.ladder)).toEqual([[10, 1]])
    expect(asksOf(state.ladder)).toEqual([[12, 2]])
    expect(state.version).toBe(1)
    expect(state.time).toBe(108)
  })

  it('keeps ticker rows beside the book', () => {
    const state = applied([...snapshot([1, 10, 1], [-1, 12, 2]), [Bbo, 1, 11, 7], [Bbo, -1, 13, 8]])
    expect(bidsOf(state.ladder)).toEqual([[10, 1]])
    expect([state.bboBidTick, state.bboBidLots]).toEqual([11, 7])
    expect([state.bboAskTick, state.bboAskLots]).toEqual([13, 8])
    applyEvents(
      state,
      columnsOf([
        [Bbo, 1, 11, 0],
        [Bbo, -1, 13, 0],
      ]),
      0,
      2,
    )
    expect([state.bboBidTick, state.bboBidLots]).toEqual([NO_BID, 0])
    expect([state.bboAskTick, state.bboAskLots]).toEqual([NO_ASK, 0])
  })

  it('shows each side its own rows only', () => {
    const rows: Row[] = [
      [DepthSet, 1, 10, 1, EXCH_ONLY_BIT],
      [DepthSet, 1, 11, 2, LOCAL_ONLY_BIT],
      [DepthSet, -1, 20, 3],
      [Gap, 0, 0, 0, LOCAL_ONLY_BIT],
      [Status, 0, 0, 0, EXCH_ONLY_BIT],
      [Bbo, 1, 9, 9],
      [DepthClear, -1, 0, 0, EXCH_ONLY_BIT],
    ]
    const local = applied(rows)
    expect(bidsOf(local.ladder)).toEqual([[11, 2]])
    expect(asksOf(local.ladder)).toEqual([[20, 3]])
    expect([local.status, local.time, local.version]).toEqual(['stale', 105, 2])
    expect(local.bboBidTick).toBe(9)
    const exchange = new BookState()
    applyExchangeEvents(exchange, columnsOf(rows), 0, rows.length)
    expect(bidsOf(exchange.ladder)).toEqual([[10, 1]])
    expect(asksOf(exchange.ladder)).toEqual([])
    expect([exchange.status, exchange.time, exchange.version]).toEqual(['halted', 6, 3])
    expect(exchange.bboBidTick).toBe(NO_BID)
  })

  it('reads rows in venue order for the exchange and in receive order for us', () => {
    const writer = new EventWriter(0n)
    writer.push(100, 50, eventCode(DepthSet, 1), 10, 1)
    writer.push(101, 40, eventCode(DepthSet, 1), 10, 2)
    const events = writer.finish()
    const local = new BookState()
    applyEvents(local, events, 0, 2)
    expect([local.ladder.bidLotsAt(10), local.time]).toEqual([2, 101])
    const exchange = new BookState()
    applyExchangeEvents(exchange, events, 0, 1)
    expect([exchange.ladder.bidLotsAt(10), exchange.time]).toEqual([2, 40])
    applyExchangeEvents(exchange, events, 1, 2)
    expect([exchange.ladder.bidLotsAt(10), exchange.time]).toEqual([1, 50])
  })

  it('notes the sequence number of the last book row, not of a trade', () => {
    const state = applied([
      [Status, 0, 0, 1],
      [DepthSet, 1, 10, 1],
      [Trade, 1, 12, 2],
    ])
    expect(state.seqNum).toBe(10)
    applyEvents(state, columnsOf([[DepthSet, 1, 10, 2]]), 0, 1)
    expect(state.seqNum).toBe(10)
  })

  it('does nothing for no rows, and refuses rows that are not there', () => {
    const state = new BookState()
    applyEvents(state, columnsOf([]), 0, 0)
    expect([state.status, state.version, state.time]).toEqual(['empty', 0, Number.NaN])
    expect(() => applyEvents(state, columnsOf([[DepthSet, 1, 1, 1]]), 0, 2)).toThrow('rows')
    expect(() => applyExchangeEvents(state, columnsOf([]), 1, 0)).toThrow('rows')
  })
})

describe('BookState.status', () => {
  it.each<[string, Row[]]>([
    ['empty', []],
    ['empty', [[Trade, 1, 5, 5]]],
    [
      'syncing',
      [
        [SnapshotBegin, 0, 0, 0],
        [SnapshotLevel, 1, 5, 5],
      ],
    ],
    ['live', snapshot([1, 10, 1], [-1, 12, 2])],
    ['live', snapshot([1, 10, 1])],
    [
      'live',
      [
        [DepthSet, 1, 10, 1],
        [DepthSet, -1, 12, 1],
      ],
    ],
    [
      'live',
      [
        [DepthSet, 1, 10, 1],
        [SnapshotBegin, 0, 0, 0],
      ],
    ],
    ['empty', [...snapshot([1, 10, 1]), [DepthClear, 0, 0, 0]]],
    ['crossed', snapshot([1, 12, 1], [-1, 12, 2])],
    ['crossed', [...snapshot([1, 10, 1], [-1, 12, 2]), [DepthSet, 1, 15, 1]]],
    ['live', [...snapshot([1, 10, 1], [-1, 12, 2]), [DepthSet, 1, 15, 1], [DepthSet, 1, 15, 0]]],
    ['stale', [...snapshot([1, 10, 1], [-1, 12, 2]), [Gap, 0, 0, 0]]],
    ['stale', [...snapshot([1, 10, 1]), [Gap, 0, 0, 0], [DepthSet, 1, 9, 1]]],
    [
      'stale',
      [
        [Gap, 0, 0, 0],
        [SnapshotBegin, 0, 0, 0],
        [SnapshotLevel, 1, 5, 5],
      ],
    ],
    ['live', [[Gap, 0, 0, 0], ...snapshot([1, 10, 1], [-1, 12, 2])]],
    ['halted', [...snapshot([1, 10, 1], [-1, 12, 2]), [Status, 0, 0, 0]]],
    ['halted', [[Status, 0, 0, 0], ...snapshot([1, 10, 1], [-1, 12, 2])]],
    ['live', [...snapshot([1, 10, 1], [-1, 12, 2]), [Status, 0, 0, 0], [Status, 0, 0, 1]]],
  ])('is %s after %j', (status, rows) => {
    expect(applied(rows).status).toBe(status)
  })
})

/** The obvious book over rows. */
class MapBook {
  bids = new Map<number, number>()
  asks = new Map<number, number>()
  #bidsAside = new Map<number, number>()
  #asksAside = new Map<number, number>()
  #begun = false

  apply(code: number, tick: number, lots: number): void {
    const side = codeSide(code)
    const set = (levels: Map<number, number>): unknown =>
      lots === 0 ? levels.delete(tick) : levels.set(tick, lots)
    switch (code & 0x0f) {
      case DepthSet:
        set(side > 0 ? this.bids : this.asks)
        break
      case DepthClear:
        if (side >= 0) this.bids.clear()
        if (side <= 0) this.asks.clear()
        break
      case SnapshotBegin:
        this.#bidsAside = new Map()
        this.#asksAside = new Map()
        this.#begun = true
        break
      case SnapshotLevel:
        if (this.#begun) set(side > 0 ? this.#bidsAside : this.#asksAside)
        break
      case SnapshotEnd:
        if (this.#begun) {
          this.bids = this.#bidsAside
          this.asks = this.#asksAside
        }
        this.#begun = false
        break
      case Gap:
        this.#begun = false
        break
      default:
    }
  }
}

function randomEvents(random: Prng, length: number): EventColumns {
  const writer = new EventWriter(0n, length)
  const kinds = [Trade, DepthClear, SnapshotBegin, SnapshotEnd, Bbo, Gap, Status] as const
  let middle = 1000
  let snapshotRows = 0
  for (let i = 0; i < length; i++) {
    middle += random.nextInt(1000) === 0 ? random.nextInt(100_000) - 50_000 : random.nextInt(3) - 1
    const visibility = [0, 0, 0, 0, EXCH_ONLY_BIT, LOCAL_ONLY_BIT][random.nextInt(6)]!
    const dice = random.nextInt(1000)
    const kind: EventKind = dice < 14 ? kinds[dice % kinds.length]! : DepthSet
    if (kind === SnapshotBegin) snapshotRows = 60
    const side =
      kind === DepthClear ? ([1, -1, 0] as const)[random.nextInt(3)]! : random.nextInt(2) * 2 - 1
    const tick = middle + Math.round(random.nextNormal() * (random.nextInt(8) === 0 ? 30_000 : 60))
    const isLevel = kind === DepthSet && snapshotRows-- > 0 && random.nextInt(2) === 0
    const lots = random.nextInt(3) === 0 ? 0 : 1 + random.nextInt(1000)
    const code = eventCode(isLevel ? SnapshotLevel : kind, side as Side | 0, visibility)
    writer.push(i + 3000, i - random.nextInt(40), code, tick, lots)
  }
  return writer.finish()
}

describe('both views of a tape', () => {
  const operations = campaignLength(300_000)
  const kinds = [
    ['in JavaScript', { windowTicks: 1024 }],
    ['compiled', undefined],
  ] as const
  it.each(kinds)(
    'equal books kept in maps, through all kinds of rows, %s',
    (_, options) => {
      const random = new Prng(5)
      const rowsPerTape = 30_000
      for (let done = 0; done < operations; done += rowsPerTape) {
        const events = randomEvents(random, rowsPerTape)
        const memory = new LevelMemory()
        const views = [
          new BookState(options ?? { compiled: memory.local }),
          new BookState(options ?? { compiled: memory.exchange }),
        ] as const
        expect(views[0].memory === undefined).toBe(options !== undefined)
        const naive = [new MapBook(), new MapBook()] as const
        for (let from = 0; from < rowsPerTape;) {
          const to = Math.min(rowsPerTape, from + 1 + random.nextInt(2000))
          applyEvents(views[0], events, from, to)
          applyExchangeEvents(views[1], events, from, to)
          for (; from < to; from++) {
            const code = events.code[from]!
            if ((code & EXCH_ONLY_BIT) === 0)
              naive[0].apply(code, events.tick[from]!, events.lots[from]!)
            const row = events.exchOrder![from]!
            if ((events.code[row]! & LOCAL_ONLY_BIT) === 0) {
              naive[1].apply(events.code[row]!, events.tick[row]!, events.lots[row]!)
            }
          }
          for (const view of [0, 1] as const) {
            const { ladder } = views[view]
            expect(bidsOf(ladder)).toEqual([...naive[view].bids].sort((a, b) => b[0] - a[0]))
            expect(asksOf(ladder)).toEqual([...naive[view].asks].sort((a, b) => a[0] - b[0]))
          }
        }
      }
      tellCampaign(
        'rows on both views against maps',
        Math.ceil(operations / rowsPerTape) * rowsPerTape,
      )
    },
    3_600_000,
  )

  it('leave a compiled book as they leave one in JavaScript, cut in whatever way', () => {
    const random = new Prng(6)
    const state = (view: BookState): unknown => {
      const { ladder, phase, isHalted, time, version, bboBidTick, bboAskLots, settles } = view
      const { bestBidTick, bestAskTick, bidLotsTotal, askLotsTotal, bidLevels, askLevels } = ladder
      const levels = { bestBidTick, bestAskTick, bidLotsTotal, askLotsTotal, bidLevels, askLevels }
      return { levels, phase, isHalted, time, version, bboBidTick, bboAskLots, settles }
    }
    for (const apply of [applyEvents, applyExchangeEvents]) {
      const tapes = [randomEvents(random, 20_000), randomEvents(random, 20_000)]
      const compiled = new BookState({ compiled: new LevelMemory().local })
      const plain = new BookState()
      for (const events of tapes) {
        for (let from = 0; from < events.length;) {
          const to = Math.min(events.length, from + 1 + random.nextInt(random.nextInt(3000) + 1))
          apply(compiled, events, from, to)
          apply(plain, events, from, to)
          expect(state(compiled)).toEqual(state(plain))
          from = to
        }
      }
    }
  })
})
