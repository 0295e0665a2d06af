import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts'
import {
  TestFolder,
  exists,
  failureOf,
  loadRows,
  plainRows,
} from '../../../../test/import-support.ts'
import { EventKind, KIND_MASK } from '../../../market/index.ts'
import { openStore } from '../../../store/index.ts'
import { importCapture } from '../import-capture.ts'
import type { ImportResult } from '../import-result.ts'

interface Expected {
  readonly lines: number
  readonly messages: { readonly trade: number; readonly bookTicker: number }
  readonly first_recv_ts: number
  readonly trades_volume: number
  readonly taker_buy_volume: number
  readonly trades_vwap: number
  readonly final_bid_levels: number
  readonly final_ask_levels: number
  readonly final_best_bid: readonly [number, number]
  readonly final_best_ask: readonly [number, number]
  readonly final_bid_qty_sum: number
  readonly final_ask_qty_sum: number
}

const data = (name: string): string => sharedPath(`data/binance/${name}`)
const folder = new TestFolder()

const CAPTURES = [
  {
    key: 'usdm_btcusdt_2024-08-08',
    files: ['usdm_btcusdt_20240808'],
    symbol: 'BTCUSDT',
    verified: 629,
    offsetNs: 1_272_656_851,
    firstNs: 1723161255030314667n,
    lastNs: 1723161599833492584n,
    days: 1,
  },
  {
    key: 'spot_btcusdt_2024-08-08_09',
    files: ['spot_btcusdt_20240808', 'spot_btcusdt_20240809'],
    symbol: 'BTCUSDT',
    verified: 1072,
    offsetNs: 1_276_659_997,
    firstNs: 1723161253937085768n,
    lastNs: 1723161904535092233n,
    days: 2,
  },
  {
    key: 'cm_btcusd_perp_2024-08-08_09',
    files: ['cm_btcusd_perp_20240808', 'cm_btcusd_perp_20240809'],
    symbol: 'BTCUSD_PERP',
    verified: 1885,
    offsetNs: 1_269_524_482,
    firstNs: 1723161256172216566n,
    lastNs: 1723161903531356026n,
    days: 2,
  },
]

for (const capture of CAPTURES) {
  describeWithData(`the Binance capture ${capture.key}`, () => {
    const store = folder.newStore()
    let result: ImportResult
    let expected: Expected
    beforeAll(async () => {
      const replay = JSON.parse(readFileSync(sharedPath('acceptance/replay.json'), 'utf8')) as {
        binance: Record<string, Expected>
      }
      expected = replay.binance[capture.key]!
      result = await importCapture({
        format: 'binance',
        files: capture.files.map((name) => data(`${name}.gz`)),
        instrument: data(`${capture.files[0]}.instrument.json`),
        store,
        verify: true,
      })
    })

    it('has the counts and volumes of an independent replay', () => {
      expect(result.messages).toBe(expected.lines)
      expect(result.trades?.count).toBe(expected.messages.trade)
      expect(result.trades?.volume).toBe(expected.trades_volume)
      expect(result.trades?.buyVolume).toBe(expected.taker_buy_volume)
      expect((result.trades?.vwap ?? 0) / expected.trades_vwap).toBeCloseTo(1, 12)
    })

    it('ends in the book of an independent replay, without gaps and never crossed', () => {
      expect(result.final).toEqual({
        bestBid: expected.final_best_bid,
        bestAsk: expected.final_best_ask,
        bidLevels: expected.final_bid_levels,
        askLevels: expected.final_ask_levels,
        bidSize: expected.final_bid_qty_sum,
        askSize: expected.final_ask_qty_sum,
      })
      expect({ gaps: result.gaps, crossed: result.crossed }).toEqual({ gaps: 0, crossed: 0 })
    })

    it('agrees with the venue about the best prices wherever both name the same update', () => {
      expect(result.verify).toEqual({ compared: capture.verified, equal: capture.verified })
    })

    it('is the same without an instrument: grids, symbol and market are in the messages', async () => {
      const measured = await importCapture({
        format: 'binance',
        files: capture.files.map((name) => data(`${name}.gz`)),
        store: folder.newStore(),
        verify: true,
      })
      expect(measured.verify).toEqual({ compared: capture.verified, equal: capture.verified })
      expect(measured.final).toEqual(result.final)
      expect(measured.trades).toEqual(result.trades)
      expect([measured.venue, measured.symbol]).toEqual([result.venue, result.symbol])
      expect(measured.warnings.slice(0, 2).join()).toMatch(/greatest common divisors.*taken for a/)
    })

    it('notices that its clock is 1.3 s behind, says so and leaves it', () => {
      expect(result.clockOffsetNs).toBe(capture.offsetNs)
      expect(result.clockFixed).toBe(false)
      expect(result.warnings.join('\n')).toContain(
        `import with --fix-clock to add ${capture.offsetNs} ns`,
      )
      expect(result.fromNs).toBe(capture.firstNs)
      expect(result.toNs).toBe(capture.lastNs)
    })

    it('stores every row that it counts, both kinds apart, each day with a book of its own', () => {
      const partitions = openStore(store).partitions()
      expect(partitions.map(({ kind }) => kind).toSorted()).toEqual(
        ['bbo', 'l2'].flatMap((kind) => Array.from({ length: capture.days }, () => kind)),
      )
      expect(partitions.reduce((sum, { events }) => sum + events, 0)).toBe(result.events)
      expect(partitions.some(({ isContinued }) => isContinued)).toBe(false)
      const bbo = loadRows(store, capture.symbol, 'bbo')
      expect(bbo.length).toBe(2 * expected.messages.bookTicker)
    })

    it('replays from the stored rows alone into the same book', () => {
      const rows = plainRows(loadRows(store, capture.symbol))
      const sides = [new Map<number, number>(), new Map<number, number>()] as const
      for (const { code, tick, lots } of rows) {
        const kind = code & KIND_MASK
        const side = sides[(code & 0x10) !== 0 ? 0 : 1]
        if (kind === EventKind.SnapshotBegin) for (const levels of sides) levels.clear()
        if (kind === EventKind.SnapshotLevel || kind === EventKind.DepthSet) {
          if (lots === 0) side.delete(tick)
          else side.set(tick, lots)
        }
      }
      const { instrument } = openStore(store).read({ symbol: capture.symbol }).next().value!
      const [bids, asks] = sides
      expect(instrument.price(Math.max(...bids.keys()))).toBe(expected.final_best_bid[0])
      expect(instrument.price(Math.min(...asks.keys()))).toBe(expected.final_best_ask[0])
      const total = (side: Map<number, number>): number =>
        instrument.size([...side.values()].reduce((sum, lots) => sum + lots, 0))
      expect(total(bids)).toBe(expected.final_bid_qty_sum)
      expect(total(asks)).toBe(expected.final_ask_qty_sum)
    })
  })
}

describeWithData('a capture with its clock fixed', () => {
  it('has the rows of the reference array, in the order of both sides', async () => {
    const options = { instrument: data('usdm_btcusdt_20240808.instrument.json') }
    const stores = [folder.newStore(), folder.newStore()] as const
    const fixed = await importCapture({
      ...options,
      format: 'binance',
      files: [data('usdm_btcusdt_20240808.gz')],
      store: stores[0],
      fixClock: true,
    })
    const array = await importCapture({
      ...options,
      format: 'hftbacktest',
      files: [sharedPath('acceptance/hftbacktest/usdm_btcusdt_20240808.events.npz')],
      store: stores[1],
    })
    expect(fixed.clockFixed).toBe(true)
    expect(fixed.warnings).toEqual([])
    expect(array.messages).toBe(933_140)
    expect(array.final).toEqual(fixed.final)
    expect(array.clockOffsetNs).toBe(0)
    for (const order of ['local', 'exchange'] as const) {
      const [ours, reference] = stores.map((store) => plainRows(loadRows(store, 'BTCUSDT'), order))
      // The array begins with the snapshot and does not repeat the book at midnight.
      const start = reference![0]!.local
      const midnight = Math.max(...ours!.filter(isSnapshot).map(({ local }) => local))
      const text = (rows: typeof ours): string[] =>
        rows!
          .filter((row) => row.local >= start && !(isSnapshot(row) && row.local === midnight))
          .map(({ local, exch, code, tick, lots }) => `${local} ${exch} ${code} ${tick} ${lots}`)
      const [a, b] = [text(ours), text(reference)]
      expect(a.length).toBe(466_572)
      expect(a.findIndex((row, i) => row !== b[i])).toBe(-1)
      expect(b.length).toBe(a.length)
    }
  })
})

function isSnapshot({ code }: { readonly code: number }): boolean {
  const kind = code & KIND_MASK
  return kind >= EventKind.SnapshotBegin && kind <= EventKind.SnapshotEnd
}

describeWithData('a later file alone', () => {
  it('is refused: it has no snapshot, and no store appears', async () => {
    const store = folder.newStore()
    const error = await failureOf(
      importCapture({
        format: 'binance',
        files: [data('spot_btcusdt_20240809.gz')],
        instrument: data('spot_btcusdt_20240809.instrument.json'),
        store,
      }),
    )
    expect(error.code).toBe('ABSENT_SNAPSHOT')
    expect(error.message).toMatch(
      /no depth snapshot in .*20240809\.gz.*give the file before it first$/,
    )
    expect(exists(store)).toBe(false)
  })

  it('is refused in front of the file before it', async () => {
    const error = await failureOf(
      importCapture({
        format: 'binance',
        files: [data('cm_btcusd_perp_20240809.gz'), data('cm_btcusd_perp_20240808.gz')],
        instrument: data('cm_btcusd_perp_20240808.instrument.json'),
        store: folder.newStore(),
      }),
    )
    expect(error.message).toMatch(
      /^TIME_BACKWARDS: .*20240808\.gz line 1 .*begins at 2024-08-08T23:54:16.172216566Z, before the end of .*give the files in time order/,
    )
  })
})
